"""The rules of a generating unit's part in a programme: apply, decide, baseline, leave."""

from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import PublicKey, format_public_key
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised
from tallystick.core.context import Context

from .commands import Apply, Decide, SetBaseline
from .coverage import obligation_of
from .errors import (
    AccountIsClosed,
    AccountIsNotCompliance,
    AccountNotFound,
    AccountServesUnit,
    AlreadyDecided,
    AmountTooLarge,
    BaselineFixed,
    BaselineNeedsReason,
    BaselineTooFarOff,
    ConditionUnknown,
    DeadlineHasPassed,
    MeterHasNotSigned,
    MeterTaken,
    PeriodBeforeUnit,
    ProgrammeNotFound,
    SignerIsNotDirector,
    SignerIsNotOwner,
    UnitNotAdmitted,
    UnitNotFound,
    UnitTypeUnknown,
)
from .events import ApplicationDecided, BaselineSet, UnitApplied
from .formula import ONE_PPM, Facts, Formula, baseline_formula
from .ids import account_id, baseline_id, meter_id
from .model import Account, AccountKind, Baseline, MeterBinding, Programme, Unit, UnitStatus
from .payments import check_payer, pay
from .stock import check_period, check_zone, terms_of
from .terms import Terms


def apply(context: Context, command: Apply) -> None:
    """
    Apply with a generating unit.

    The meters' keys sign, so that nobody counts another's output as its own, or keeps a meter from
    its unit. The unit names its compliance account, and nobody's name.
    """
    # READ
    programme = context.read(Programme, command.programme)
    of_account = account_id(programme=command.programme, zone=command.zone, key=command.account)
    account = context.read(Account, of_account)
    meters = (*command.emission_keys, *command.production_keys)
    # CHECK
    if programme is None:
        raise ProgrammeNotFound(command.programme)
    terms = programme.terms
    check_zone(terms, command.zone)
    if account is None:
        named = f"of {format_public_key(command.account)} in zone {command.zone!r}"
        raise AccountNotFound("account", named)
    if command.account not in context.signers:
        raise SignerIsNotOwner("account", command.account)
    for n, key in enumerate(meters):
        if key not in context.signers:
            raise MeterHasNotSigned(_meter_field(command, n), key)
    check_payer(context, command.payer, terms.fees.application)
    _check_serves_none(account)
    _check_facts(terms.formula, command.facts)
    for n, key in enumerate(meters):
        bound = context.read(MeterBinding, meter_id(programme=command.programme, key=key))
        if bound is not None or key in meters[:n]:
            raise MeterTaken(_meter_field(command, n), key)
    # COMPUTE
    id = context.derive_id()
    unit = Unit(
        programme=command.programme,
        zone=command.zone,
        facts=command.facts,
        account=command.account,
        emission_keys=command.emission_keys,
        production_keys=command.production_keys,
        status=UnitStatus.APPLIED,
    )
    # WRITE
    pay(context, terms, command.payer, terms.fees.application)
    context.create(id, unit)
    context.write(of_account, replace(account, unit=id))
    for key in meters:
        context.write(meter_id(programme=command.programme, key=key), MeterBinding(id))
    context.emit(UnitApplied(id, command.programme, command.zone, command.account, command.facts))


def decide(context: Context, command: Decide) -> None:
    """Admit a unit from a period on, or refuse it: then its account and its meters are free."""
    # READ
    id, period = command.unit, command.first_period
    unit = context.read(Unit, id)
    # CHECK
    if unit is None:
        raise UnitNotFound(id)
    terms = terms_of(context, unit.programme)
    check_period(terms, period, field="first_period")
    if not authorised(context, Role.DIRECTOR, unit.zone):
        raise SignerIsNotDirector("unit", unit.zone)
    if unit.status is not UnitStatus.APPLIED:
        raise AlreadyDecided(unit.status.value)
    if command.admitted:
        check_deadline_ahead(context, terms, period, field="first_period")
    # COMPUTE
    status = UnitStatus.ADMITTED if command.admitted else UnitStatus.REFUSED
    decided = replace(unit, status=status, first_period=period, next_period=period)
    # WRITE
    context.write(id, decided)
    if not command.admitted:
        free(context, unit)
    context.emit(ApplicationDecided(id, command.admitted, period, command.reason))


def set_baseline(context: Context, command: SetBaseline) -> None:
    """
    Set a unit's baseline for a period.

    It is the formula's, or departs from it for a reason, and no further than the terms allow.
    """
    # READ
    id, period, rate = command.unit, command.period, command.rate_g_per_mwh
    unit = context.read(Unit, id)
    # CHECK
    if unit is None:
        raise UnitNotFound(id)
    terms = terms_of(context, unit.programme)
    check_period(terms, period)
    if not authorised(context, Role.DIRECTOR, unit.zone):
        raise SignerIsNotDirector("unit", unit.zone)
    check_takes_part(unit, period)
    if obligation_of(context, id, period).allocated:
        raise BaselineFixed(period)
    formula = baseline_formula(terms.formula, unit.facts)
    if rate != formula and not command.reason:
        raise BaselineNeedsReason(rate, formula)
    limit = formula * terms.adjustment_ppm // ONE_PPM
    if abs(rate - formula) > limit:
        raise BaselineTooFarOff(rate, formula, limit)
    check_deadline_ahead(context, terms, period)
    if rate * command.expected_mwh // terms.unit_grams > AMOUNT_MAX:
        raise AmountTooLarge("expected_mwh", rate * command.expected_mwh // terms.unit_grams)
    # COMPUTE
    baseline = Baseline(
        unit=id,
        period=period,
        rate_g_per_mwh=rate,
        formula_g_per_mwh=formula,
        expected_mwh=command.expected_mwh,
        reason=command.reason,
        set_at=context.time,
    )
    # WRITE
    context.write(baseline_id(unit=id, period=period), baseline)
    context.emit(BaselineSet(id, period, rate, formula, command.expected_mwh, command.reason))


def check_admitted(unit: Unit) -> None:
    """Refuse a unit that does not take part."""
    if unit.status is not UnitStatus.ADMITTED:
        raise UnitNotAdmitted(unit.status.value)


def check_takes_part(unit: Unit, period: int) -> None:
    """Refuse a unit that does not take part in a period."""
    check_admitted(unit)
    if period < unit.first_period:
        raise PeriodBeforeUnit(period, unit.first_period)


def check_deadline_ahead(
    context: Context, terms: Terms, period: int, *, field: str = "period"
) -> None:
    """Refuse what comes after a period's deadline."""
    deadline = terms.periods[period].deadline
    if context.time >= deadline * 1000:
        raise DeadlineHasPassed(field, deadline, context.time)


def free(context: Context, unit: Unit) -> None:
    """Let a unit's account and meters serve another."""
    of_account = account_id(programme=unit.programme, zone=unit.zone, key=unit.account)
    account = context.read(Account, of_account)
    if account is not None:
        context.write(of_account, replace(account, unit=None))
    for key in meters_of(unit):
        context.delete(MeterBinding, meter_id(programme=unit.programme, key=key))


def meters_of(unit: Unit) -> tuple[PublicKey, ...]:
    """Return the keys of a unit's meters."""
    return (*unit.emission_keys, *unit.production_keys)


def _meter_field(command: Apply, place: int) -> str:
    """Return where an application names a meter, by its place among all of them."""
    emissions = len(command.emission_keys)
    if place < emissions:
        return f"emission_keys[{place}]"
    return f"production_keys[{place - emissions}]"


def _check_serves_none(account: Account) -> None:
    """Refuse an account that cannot serve a unit, or serves another."""
    if account.closed_at:
        raise AccountIsClosed("account", account.closed_at)
    if account.kind is not AccountKind.COMPLIANCE:
        raise AccountIsNotCompliance
    if account.unit is not None:
        raise AccountServesUnit(account.unit)


def _check_facts(formula: Formula, facts: Facts) -> None:
    """Refuse a type or condition that the formula does not know."""
    if facts.type not in {each.type for each in formula.types}:
        raise UnitTypeUnknown(facts.type)
    known = {each.condition for each in formula.conditions}
    for n, condition in enumerate(facts.conditions):
        if condition not in known or condition in facts.conditions[:n]:
            raise ConditionUnknown(n, condition)
