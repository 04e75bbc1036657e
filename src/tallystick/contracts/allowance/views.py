"""
What can be asked about programmes, units and allowances, by id.

What the regulation calls public and what it calls confidential are asked by different questions:
`CONFIDENTIAL` names those that only the holder, the Director and the registry operator may ask.
"""

from typing import Final

from tallystick.base.encoding import Record
from tallystick.base.identifiers import (
    PublicKey,
    RecordId,
    format_public_key,
    format_record_id,
)
from tallystick.core.contract import Reader
from tallystick.core.holding import holding_id

from .answers import (
    AccountView,
    BaselineView,
    ForecastView,
    HoldingView,
    ObligationView,
    ProgrammeView,
    UnitView,
    VintageView,
)
from .coverage import obligation_of
from .errors import (
    AccountNotFound,
    BaselineNotSet,
    HoldingNotFound,
    ProgrammeNotFound,
    RecordNotFound,
    UnitNotFound,
)
from .history import Step, history_of
from .holdings import Holding, Vintage, amount_of
from .ids import account_id, baseline_id
from .model import (
    Account,
    Baseline,
    CertifiedRecord,
    Programme,
    Unit,
    due,
)
from .stock import Place, check_period, check_zone, spendable, terms_of
from .terms import Period, Zone

__all__ = [
    "CONFIDENTIAL",
    "GRAMS_PER_KG",
    "AccountView",
    "BaselineView",
    "Forecast",
    "ForecastView",
    "HoldingView",
    "ObligationView",
    "ProgrammeView",
    "ShowAccount",
    "ShowBaseline",
    "ShowCertified",
    "ShowHolding",
    "ShowObligation",
    "ShowProgramme",
    "ShowUnit",
    "ShowVintage",
    "Step",
    "UnitView",
    "VintageView",
    "forecast",
    "history_of",
    "kilograms",
    "show_account",
    "show_baseline",
    "show_certified",
    "show_holding",
    "show_obligation",
    "show_programme",
    "show_unit",
    "show_vintage",
]

GRAMS_PER_KG: Final = 1_000


class ShowProgramme(Record, tag="allowance.show-programme"):
    """Show a programme's terms."""

    programme: RecordId
    """Which."""


class ShowUnit(Record, tag="allowance.show-unit"):
    """Show what is public of a unit."""

    unit: RecordId
    """Which."""


class ShowBaseline(Record, tag="allowance.show-baseline"):
    """Show a unit's baseline for a period."""

    unit: RecordId
    """The unit."""

    period: Period
    """The period."""


class ShowVintage(Record, tag="allowance.show-vintage"):
    """Show what was issued of a vintage, and what came of it."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone."""

    period: Period
    """The period."""


class ShowAccount(Record, tag="allowance.show-account"):
    """Show a key's account in a zone."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone."""

    key: PublicKey
    """The key."""


class ShowHolding(Record, tag="allowance.show-holding"):
    """Show what an account or vault may dispose of, of a vintage."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone."""

    period: Period
    """The vintage."""

    owner: PublicKey
    """The account's key, or the vault."""


class ShowObligation(Record, tag="allowance.show-obligation"):
    """Show what a unit was granted, emitted and surrendered in a period."""

    unit: RecordId
    """The unit."""

    period: Period
    """The period."""


class Forecast(Record, tag="allowance.forecast"):
    """Forecast whether a unit will fall short in a period, from what was measured so far."""

    unit: RecordId
    """The unit."""

    period: Period
    """The period."""


class ShowCertified(Record, tag="allowance.show-certified"):
    """Show a certificate of a record."""

    certificate: RecordId
    """The certificate's id."""


CONFIDENTIAL: Final = (ShowAccount, ShowHolding, ShowObligation, Forecast)
"""What only the holder, the Director and the registry operator may ask."""


def show_programme(reader: Reader, question: ShowProgramme) -> ProgrammeView:
    """Return a programme, or raise `ProgrammeNotFound`."""
    found = reader.read(Programme, question.programme)
    if found is None:
        raise ProgrammeNotFound(question.programme)
    return ProgrammeView(question.programme, found.terms, found.opened_at)


def show_unit(reader: Reader, question: ShowUnit) -> UnitView:
    """Return what is public of a unit, or raise `UnitNotFound`."""
    found = _unit(reader, question.unit)
    return UnitView(
        unit=question.unit,
        programme=found.programme,
        zone=found.zone,
        facts=found.facts,
        status=found.status,
        first_period=found.first_period,
    )


def show_baseline(reader: Reader, question: ShowBaseline) -> BaselineView:
    """Return a baseline, or raise `BaselineNotSet`."""
    id = baseline_id(unit=question.unit, period=question.period)
    found = reader.read(Baseline, id)
    if found is None:
        raise BaselineNotSet(question.period)
    return BaselineView(
        unit=found.unit,
        period=found.period,
        rate_g_per_mwh=found.rate_g_per_mwh,
        rate_kg_per_mwh=kilograms(found.rate_g_per_mwh),
        formula_g_per_mwh=found.formula_g_per_mwh,
        expected_mwh=found.expected_mwh,
        reason=found.reason,
    )


def show_vintage(reader: Reader, question: ShowVintage) -> VintageView:
    """Return a vintage of a programme; nothing is issued yet of one that has not begun."""
    programme = reader.read(Programme, question.programme)
    if programme is None:
        raise ProgrammeNotFound(question.programme)
    check_zone(programme.terms, question.zone)
    check_period(programme.terms, question.period)
    place = Place(question.programme, question.zone, question.period)
    found = reader.read(Vintage, place.id) or Vintage(*place)
    ended = found.surrendered + found.cancelled + found.expired
    return VintageView(
        vintage=place.id,
        issued=found.issued,
        held=found.issued - ended,
        surrendered=found.surrendered,
        cancelled=found.cancelled,
        expired=found.expired,
    )


def show_account(reader: Reader, question: ShowAccount) -> AccountView:
    """Return an account, or raise `AccountNotFound`."""
    id = account_id(programme=question.programme, zone=question.zone, key=question.key)
    found = reader.read(Account, id)
    if found is None:
        named = f"of {format_public_key(question.key)} in zone {question.zone!r}"
        raise AccountNotFound("key", named)
    return AccountView(id, found.kind, found.commitment, found.unit, found.closed_at)


def show_holding(reader: Reader, question: ShowHolding) -> HoldingView:
    """Return a holding, or raise `HoldingNotFound`."""
    place = Place(question.programme, question.zone, question.period)
    id = holding_id(place.id, question.owner)
    found = reader.read(Holding, id)
    if found is None:
        named = f"by {format_public_key(question.owner)} for period {question.period}"
        raise HoldingNotFound("owner", named)
    return HoldingView(id, amount_of(found.blocks), found.blocks, found.carried_to)


def show_obligation(reader: Reader, question: ShowObligation) -> ObligationView:
    """Return what a unit owes for a period, or raise `UnitNotFound`."""
    unit = _unit(reader, question.unit)
    terms = terms_of(reader, unit.programme)
    check_period(terms, question.period)
    found = obligation_of(reader, question.unit, question.period)
    return ObligationView(
        unit=question.unit,
        period=question.period,
        emitted_g=found.emitted_g,
        carried_g=found.carried_g,
        produced_wh=found.produced_wh,
        due=due(found, terms),
        granted=found.granted,
        deduction=found.deduction,
        surrendered=found.surrendered,
        missing=found.missing,
        debt=unit.debt,
        closed_at=found.closed_at,
    )


def forecast(reader: Reader, question: Forecast) -> ForecastView:
    """
    Return a straight line through what was measured so far, or raise `UnitNotFound`.

    Emissions grow until the period's end as they grew from its begin to the end of the latest
    counted measurement, rounded up. What is held of vintages up to the period covers them; output
    that would add to the allocation is not foreseen.
    """
    id, period = question.unit, question.period
    unit = _unit(reader, id)
    terms = terms_of(reader, unit.programme)
    if period >= len(terms.periods):
        raise RecordNotFound("period", f"period {period} in the unit's programme")
    times = terms.periods[period]
    found = obligation_of(reader, id, period)
    elapsed = found.measured_until - times.begin
    expected_g = found.emitted_g
    if 0 < elapsed < times.end - times.begin:
        expected_g = -(-found.emitted_g * (times.end - times.begin) // elapsed)
    expected_g = max(0, expected_g + found.carried_g)
    needed = -(-expected_g // terms.unit_grams)
    covered = found.surrendered + sum(
        spendable(reader, Place(unit.programme, unit.zone, each), unit.account, carried_to=period)
        for each in range(period + 1)
    )
    return ForecastView(
        unit=id,
        period=period,
        emitted_g=max(0, found.emitted_g + found.carried_g),
        expected_g=expected_g,
        needed=needed,
        covered=covered,
        shortfall=max(0, needed - covered),
    )


def show_certified(reader: Reader, question: ShowCertified) -> CertifiedRecord:
    """Return a certificate of a record, or raise `RecordNotFound`."""
    found = reader.read(CertifiedRecord, question.certificate)
    if found is None:
        named = f"certified record {format_record_id(question.certificate)} here"
        raise RecordNotFound("certificate", named)
    return found


def kilograms(grams: int) -> str:
    """Return grams as kilograms, exactly and without needless zeros."""
    whole, rest = divmod(grams, GRAMS_PER_KG)
    return f"{whole}.{rest:03}".rstrip("0").rstrip(".")


def _unit(reader: Reader, id: RecordId) -> Unit:
    """Return a unit, or refuse."""
    found = reader.read(Unit, id)
    if found is None:
        raise UnitNotFound(id)
    return found
