"""The rules by which emissions are counted, covered and, where they are not, paid for."""

from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import RecordId
from tallystick.core.context import Context
from tallystick.core.holding import holding_id

from .commands import ClosePeriod, PayPenalty, Surrender
from .coverage import held_in_time, obligation_of, uncovered, usable
from .debts import charge, owe
from .errors import (
    AmountIsZero,
    AmountTooLarge,
    DeadlineNotPassed,
    NothingToPay,
    PeriodNotBegun,
    PeriodNotNext,
    SignerIsNotOwner,
    SurrenderExceedsHolding,
    UnitNotFound,
    VintageFromTheFuture,
)
from .events import PenaltyPaid, PeriodClosed
from .formula import ONE_PPM
from .holdings import End
from .ids import obligation_id
from .model import Obligation, Unit, due
from .payments import check_payer, pay
from .rules_unit import check_admitted, check_deadline_ahead, check_takes_part
from .stock import Ending, Place, carry_holding, check_period, holding_at, retire_held, terms_of
from .terms import Terms, current_period


def surrender(context: Context, command: Surrender) -> None:
    """
    Surrender allowances for a unit's emissions of a period.

    There is no delay and no cap: whoever wants to cover an emission early, or more than it takes,
    may. Of the vintages up to the period the oldest goes first, and of each the lowest numbers.
    """
    # READ
    id, period, amount = command.unit, command.period, command.amount
    unit = context.read(Unit, id)
    # CHECK
    if unit is None:
        raise UnitNotFound(id)
    terms = terms_of(context, unit.programme)
    check_period(terms, period)
    if unit.account not in context.signers:
        raise SignerIsNotOwner("unit", unit.account)
    check_takes_part(unit, period)
    times = terms.periods[period]
    if context.time < times.begin * 1000:
        raise PeriodNotBegun(times.begin, context.time)
    check_deadline_ahead(context, terms, period)
    if not amount:
        raise AmountIsZero
    obligation = obligation_of(context, id, period)
    surrendered = obligation.surrendered + amount
    if surrendered > AMOUNT_MAX:
        raise AmountTooLarge("amount", surrendered)
    current = current_period(terms, time=context.time)
    usable_by_vintage = usable(context, unit, period, carried_to=current)
    held = sum(usable_by_vintage.values())
    if amount > held:
        everything = usable(context, unit, len(terms.periods) - 1, carried_to=current)
        later = sum(everything.values()) - held
        if later:
            raise VintageFromTheFuture(amount, held, later)
        raise SurrenderExceedsHolding(amount, held)
    # COMPUTE
    covered = replace(obligation, surrendered=surrendered)
    # WRITE
    use_up(context, id, unit, period, usable_by_vintage, amount)
    context.write(obligation_id(unit=id, period=period), covered)


def close_period(context: Context, command: ClosePeriod) -> None:
    """
    Draw up a unit's account of a period.

    What it held at the deadline covers its emissions, oldest vintage and lowest number first. What
    is missing costs the penalty and a deduction from the next vintage. What is left over ends, but
    for the share that may be banked.
    """
    # READ
    id, period = command.unit, command.period
    unit = context.read(Unit, id)
    # CHECK
    if unit is None:
        raise UnitNotFound(id)
    terms = terms_of(context, unit.programme)
    check_period(terms, period)
    check_admitted(unit)
    deadline = terms.periods[period].deadline
    if context.time < deadline * 1000:
        raise DeadlineNotPassed("period", deadline, context.time)
    if period != unit.next_period:
        raise PeriodNotNext(period, unit.next_period)
    # COMPUTE
    held = held_in_time(context, unit, period)
    obligation = obligation_of(context, id, period)
    used = min(uncovered(terms, obligation), sum(held.values()))
    surrendered = obligation.surrendered + used
    closed = replace(obligation, surrendered=surrendered, closed_at=context.time)
    missing = uncovered(terms, closed)
    closed = replace(closed, missing=missing)
    penalty = min(missing * terms.penalty.amount, AMOUNT_MAX)
    deduction = _deduction(terms, closed)
    # WRITE
    use_up(context, id, unit, period, held, used)
    for vintage in held:
        _bank(context, unit, vintage, target=period + 1)
    context.write(id, replace(unit, next_period=period + 1))
    context.write(obligation_id(unit=id, period=period), closed)
    charge(context, id, penalty)
    owe(context, id, period + 1, deduction)
    context.emit(
        PeriodClosed(
            unit=id,
            period=period,
            due=due(closed, terms),
            surrendered=surrendered,
            missing=missing,
            penalty=penalty,
            deduction=deduction,
        )
    )


def pay_penalty(context: Context, command: PayPenalty) -> None:
    """Pay what a unit owes in money, all of it; anybody may pay for it."""
    # READ
    id = command.unit
    unit = context.read(Unit, id)
    # CHECK
    if unit is None:
        raise UnitNotFound(id)
    check_payer(context, command.payer, unit.debt)
    if not unit.debt:
        raise NothingToPay
    # WRITE
    pay(context, terms_of(context, unit.programme), command.payer, unit.debt)
    context.write(id, replace(unit, debt=0))
    context.emit(PenaltyPaid(id, unit.debt))


def use_up(
    context: Context,
    id: RecordId,
    unit: Unit,
    period: int,
    usable_by_vintage: dict[int, int],
    amount: int,
) -> None:
    """Surrender so many of what is usable, oldest vintage first."""
    for vintage, held in usable_by_vintage.items():
        used = min(held, amount)
        place = Place(unit.programme, unit.zone, vintage)
        retire_held(context, place, unit.account, used, Ending(End.SURRENDERED, id, period))
        amount -= used


def _bank(context: Context, unit: Unit, vintage: int, *, target: int) -> None:
    """Take what is left of a vintage in a unit's account over a deadline."""
    place = Place(unit.programme, unit.zone, vintage)
    holding = holding_at(context, place, unit.account)
    if holding is not None:
        carry_holding(context, holding_id(place.id, unit.account), holding, target=target)


def _deduction(terms: Terms, closed: Obligation) -> int:
    """
    Return what a closed period costs a unit of the next vintage.

    That is the deduction for what is missing, rounded up; and what this vintage was to be short of
    by earlier periods, as far as too little was allocated to take it from.
    """
    for_missing = -(-closed.missing * terms.penalty.deduction_ppm // ONE_PPM)
    beyond = max(0, closed.deduction - closed.entitled)
    not_taken = max(0, closed.granted - max(0, closed.entitled - closed.deduction))
    return min(for_missing + beyond + not_taken, AMOUNT_MAX)
