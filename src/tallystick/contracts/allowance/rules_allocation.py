"""The rules by which a unit gets allowances, and gives back what it did not earn."""

from typing import Final

from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import RecordId
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised
from tallystick.core.context import Context

from .commands import Allocate, WithdrawUnit
from .coverage import check_closed, obligation_of, uncovered
from .debts import owe, take_back
from .errors import (
    AmountTooLarge,
    BaselineNotSet,
    NothingToAllocate,
    SignerIsNotDirector,
    SignerIsNotOwner,
    UnitNotFound,
    UnitOwesAllowances,
    UnitOwesMoney,
)
from .events import AllowancesAllocated, UnitWithdrawn
from .holdings import BLOCKS_HELD_MAX
from .ids import baseline_id, obligation_id
from .model import Baseline, Obligation, Unit, UnitStatus
from .rules_unit import (
    check_admitted,
    check_deadline_ahead,
    check_takes_part,
    free,
)
from .stock import Place, check_period, check_room, issue, next_block, spendable, terms_of
from .terms import Terms, begun_period

WH_PER_MWH: Final = 1_000_000


def allocate(context: Context, command: Allocate) -> None:
    """
    Bring a unit's allocation to what it is entitled to so far.

    That is its baseline times the expected output, and once the period is over times the measured
    output, less what earlier periods cost it; in whole allowances, rounded down. What has to be
    given back and is not there any more is deducted from the next vintage.
    """
    # READ
    id, period = command.unit, command.period
    unit = context.read(Unit, id)
    baseline = context.read(Baseline, baseline_id(unit=id, period=period))
    # CHECK
    if unit is None:
        raise UnitNotFound(id)
    terms = terms_of(context, unit.programme)
    check_period(terms, period)
    if baseline is None:
        raise BaselineNotSet(period)
    if not authorised(context, Role.DIRECTOR, unit.zone):
        raise SignerIsNotDirector("unit", unit.zone)
    check_takes_part(unit, period)
    check_deadline_ahead(context, terms, period)
    obligation = obligation_of(context, id, period)
    entitled = _entitled(context, terms, baseline, obligation)
    target = max(0, entitled - obligation.deduction)
    difference = target - obligation.granted
    place = Place(unit.programme, unit.zone, period)
    blocks = next_block(context, place, max(0, difference))
    if obligation.allocated and not difference:
        raise NothingToAllocate(obligation.granted)
    check_room(context, place, unit.account, blocks, blocks_max=BLOCKS_HELD_MAX, field="unit")
    # COMPUTE
    allocated = replace(obligation, allocated=True, entitled=entitled, granted=target)
    # WRITE
    context.write(obligation_id(unit=id, period=period), allocated)
    if blocks:
        issue(context, place, unit.account, blocks)
        context.emit(AllowancesAllocated(id, *place, unit.account, blocks))
    else:
        taken = take_back(context, id, period, -difference)
        owe(context, id, period + 1, -difference - taken)


def withdraw_unit(context: Context, command: WithdrawUnit) -> None:
    """
    Let a unit leave, with nothing outstanding.

    It has surrendered for what it emitted, paid its penalties, and gives back what it was allotted
    beyond its measured output: all of a period that has not begun. Nothing more is allocated to it.
    """
    # READ
    id = command.unit
    unit = context.read(Unit, id)
    # CHECK
    if unit is None:
        raise UnitNotFound(id)
    if not authorised(context, Role.DIRECTOR, unit.zone):
        raise SignerIsNotDirector("unit", unit.zone)
    if unit.account not in context.signers:
        raise SignerIsNotOwner("unit", unit.account)
    check_admitted(unit)
    terms = terms_of(context, unit.programme)
    begun = begun_period(terms, time=context.time)
    place = Place(unit.programme, unit.zone, begun)
    check_closed(context, place, unit.account, field="unit")
    unearned, owed = _outstanding(context, id, unit, terms)
    if owed:
        raise UnitOwesAllowances(owed)
    if unit.debt:
        raise UnitOwesMoney(unit.debt)
    # COMPUTE
    latest = max(unit.first_period, min(begun, len(terms.periods) - 1))
    # WRITE
    for period, amount in unearned.items():
        take_back(context, id, period, amount)
        obligation = obligation_of(context, id, period)
        settled = replace(obligation, granted=max(0, obligation.granted - amount), deduction=0)
        context.write(obligation_id(unit=id, period=period), settled)
    context.write(id, replace(unit, status=UnitStatus.WITHDRAWN))
    free(context, unit)
    context.emit(UnitWithdrawn(id, latest))


def _entitled(context: Context, terms: Terms, baseline: Baseline, obligation: Obligation) -> int:
    """
    Return what a unit's output is worth in a period, rounded down. [allowances]

    The output is the expected one until the period is over, then the measured one.
    """
    over = context.time >= terms.periods[baseline.period].end * 1000
    output_wh = obligation.produced_wh if over else baseline.expected_mwh * WH_PER_MWH
    amount = baseline.rate_g_per_mwh * output_wh // (WH_PER_MWH * terms.unit_grams)
    if amount > AMOUNT_MAX:
        raise AmountTooLarge("period", amount)
    return amount


def _outstanding(
    context: Context, id: RecordId, unit: Unit, terms: Terms
) -> tuple[dict[int, int], int]:
    """
    Return what a unit that leaves has to give back, by period, and what it lacks for leaving.

    It lacks what its emissions take that is not surrendered, and what it has to give back of a
    vintage and does not hold.
    """
    unearned, owed = {}, 0
    for period in range(unit.next_period, len(terms.periods)):
        obligation = obligation_of(context, id, period)
        owed += uncovered(terms, obligation)
        earned = _earned(context, terms, obligation)
        excess = max(0, obligation.granted + obligation.deduction - earned)
        place = Place(unit.programme, unit.zone, period)
        held = spendable(context, place, unit.account, carried_to=period)
        owed += max(0, excess - held)
        if excess or obligation.deduction:
            unearned[period] = excess
    return unearned, owed


def _earned(context: Context, terms: Terms, obligation: Obligation) -> int:
    """Return what a unit's output measured so far is worth, rounded down. [allowances]"""
    id = baseline_id(unit=obligation.unit, period=obligation.period)
    baseline = context.read(Baseline, id)
    if baseline is None:
        return 0
    grams_wh = baseline.rate_g_per_mwh * obligation.produced_wh
    return grams_wh // (WH_PER_MWH * terms.unit_grams)
