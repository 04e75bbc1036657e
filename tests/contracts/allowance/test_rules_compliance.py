"""Surrender, the close of a period, and penalties."""

import pytest

from tallystick.base.encoding import Record
from tallystick.contracts.allowance.commands import CarryOver, ClosePeriod, PayPenalty, Surrender
from tallystick.contracts.allowance.errors import (
    AmountIsZero,
    DeadlineHasPassed,
    DeadlineNotPassed,
    NothingToPay,
    PayerHasNotSigned,
    PeriodBeforeUnit,
    PeriodNotBegun,
    PeriodNotNext,
    PeriodUnknown,
    SignerIsNotOwner,
    SurrenderExceedsHolding,
    UnitNotAdmitted,
    UnitNotFound,
    VintageFromTheFuture,
)
from tallystick.contracts.allowance.events import AllowancesRetired, PeriodClosed
from tallystick.contracts.allowance.model import (
    Block,
    End,
    Retirement,
    retirement_id,
    vintage_id,
)
from tallystick.testing.factories import STRANGER
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.allowance import bank, locker
from tests.contracts.allowance.cases import (
    COLLECTOR,
    DIRECTOR,
    LOCK,
    NORTH,
    OPERATOR,
    PAYER,
    PLANT,
    TRADER,
    UNIT,
    UNKNOWN,
    admitted,
    allocate,
    applied,
    audit,
    begin,
    blocks,
    close,
    do,
    emit,
    held,
    latest,
    locked,
    market,
    money,
    obligation,
    opened,
    pass_deadline,
    place,
    surrender,
    terms,
    transfer,
    unit_of,
    vintage,
)

SURRENDERS: list[tuple[Record, list[int], Verdict]] = [
    (Surrender(UNIT, 0, 200), [PLANT], accepted),
    (Surrender(UNIT, 0, 1), [PLANT], accepted),
    (Surrender(UNKNOWN, 0, 1), [PLANT], UnitNotFound),
    (Surrender(UNIT, 3, 1), [PLANT], PeriodUnknown),
    (Surrender(UNIT, 0, 1), [STRANGER], SignerIsNotOwner),
    (Surrender(UNIT, 0, 1), [DIRECTOR], SignerIsNotOwner),
    (Surrender(UNIT, 0, 1), [OPERATOR], SignerIsNotOwner),
    (Surrender(UNIT, 1, 1), [PLANT], PeriodNotBegun),
    (Surrender(UNIT, 0, 0), [PLANT], AmountIsZero),
    (Surrender(UNIT, 0, 201), [PLANT], VintageFromTheFuture),
]
"""The unit has 200 allowances of the first vintage, and of the second 20."""

CLOSES: list[tuple[Record, int, Verdict]] = [
    (ClosePeriod(UNIT, 0), STRANGER, accepted),
    (ClosePeriod(UNIT, 0), DIRECTOR, accepted),
    (ClosePeriod(UNKNOWN, 0), STRANGER, UnitNotFound),
    (ClosePeriod(UNIT, 3), STRANGER, PeriodUnknown),
    (ClosePeriod(UNIT, 1), STRANGER, DeadlineNotPassed),
]


@pytest.mark.parametrize(("command", "signers", "verdict"), SURRENDERS)
def test_surrender(command: Record, signers: list[int], verdict: Verdict) -> None:
    """The account's key surrenders what it holds, for a period that has begun."""
    trial, _, unit = market()
    allocate(trial, unit, 1, expected_mwh=10)
    assert verdict == trial.execute(command, signers=signers)


@pytest.mark.parametrize(("command", "signer", "verdict"), CLOSES)
def test_close_period(command: Record, signer: int, verdict: Verdict) -> None:
    """Anybody closes a period when its deadline has passed."""
    trial, _, _ = market()
    pass_deadline(trial, 0)
    assert verdict == trial.execute(command, signers=[signer])


def test_closed_in_order() -> None:
    """Periods are closed one after the other, each once."""
    trial, _, unit = market()
    assert DeadlineNotPassed == trial.execute(ClosePeriod(unit, 0), signers=[STRANGER])
    pass_deadline(trial, 1)
    assert PeriodNotNext == trial.execute(ClosePeriod(unit, 1), signers=[STRANGER])
    do(trial, ClosePeriod(unit, 0), STRANGER)
    assert PeriodNotNext == trial.execute(ClosePeriod(unit, 0), signers=[STRANGER])
    do(trial, ClosePeriod(unit, 1), STRANGER)
    assert 2 == unit_of(trial, unit).next_period


def test_surrender_over_the_holding() -> None:
    """More than is held is refused, also if nothing of any other vintage is there."""
    trial, programme, unit = market()
    over = Surrender(unit, 0, 201)
    assert SurrenderExceedsHolding == trial.execute(over, signers=[PLANT])
    transfer(trial, programme, PLANT, TRADER, 200)
    over = Surrender(unit, 0, 1)
    assert SurrenderExceedsHolding == trial.execute(over, signers=[PLANT])


def test_surrender_in_time() -> None:
    """It is possible until the deadline, for units and periods that take part."""
    trial, programme, unit = market()
    pass_deadline(trial, 0)
    late = Surrender(unit, 0, 1)
    assert DeadlineHasPassed == trial.execute(late, signers=[PLANT])
    trial, programme = opened()
    unit = applied(trial, programme)
    assert UnitNotAdmitted == trial.execute(Surrender(unit, 0, 1), signers=[PLANT])
    trial, programme = opened()
    unit = admitted(trial, programme, first_period=1)
    assert PeriodBeforeUnit == trial.execute(Surrender(unit, 0, 1), signers=[PLANT])


def test_order_of_surrender() -> None:
    """The oldest vintage goes first, and of each the lowest number."""
    trial, programme, unit = market(terms(banking_ppm=1_000_000))
    allocate(trial, unit, 1, expected_mwh=10)
    transfer(trial, programme, PLANT, TRADER, 150)
    transfer(trial, programme, TRADER, PLANT, 10)
    assert [(1, 10), (151, 200)] == blocks(trial, programme, PLANT)
    close(trial, unit)
    surrender(trial, unit, 15, period=1)
    assert [(156, 200)] == blocks(trial, programme, PLANT)
    surrender(trial, unit, 50, period=1)
    assert [] == blocks(trial, programme, PLANT)
    assert [(6, 20)] == blocks(trial, programme, PLANT, period=1)
    assert 65 == obligation(trial, unit, 1).surrendered


def test_what_a_retirement_says() -> None:
    """It says which numbers ended, how, and for whom."""
    trial, programme, unit = market()
    surrender(trial, unit, 7)
    id = vintage_id(programme=programme, zone=NORTH, period=0)
    expected = Retirement(
        programme=programme,
        zone=NORTH,
        period=0,
        end=End.SURRENDERED,
        blocks=(Block(1, 7),),
        unit=unit,
        covers=0,
        time=trial.time,
    )
    assert expected == trial.read(Retirement, retirement_id(vintage=id, n=0))
    event = AllowancesRetired(
        id, 0, key(PLANT), End.SURRENDERED, unit, 0, None, None, (Block(1, 7),)
    )
    assert event == latest(trial, AllowancesRetired)


def test_close_deducts_what_is_due() -> None:
    """What was surrendered early counts; what is left over ends."""
    trial, programme, unit = market()
    emit(trial, unit, 60)
    surrender(trial, unit, 25)
    close(trial, unit)
    assert (60, 0) == (obligation(trial, unit).surrendered, obligation(trial, unit).missing)
    assert (200, 60, 0, 140) == vintage(trial, programme)
    assert PeriodClosed(unit, 0, 60, 60, 0, 0, 0) == latest(trial, PeriodClosed)
    assert [] == audit(trial)


def test_missing_allowances() -> None:
    """A shortfall draws the penalty, and costs the next vintage half as much again, rounded up."""
    trial, programme, unit = market()
    emit(trial, unit, 60)
    surrender(trial, unit, 25)
    emit(trial, unit, 151, at=1)
    close(trial, unit)
    assert 11 == obligation(trial, unit).missing
    assert (550, 17) == (unit_of(trial, unit).debt, obligation(trial, unit, 1).deduction)
    assert (200, 200, 0, 0) == vintage(trial, programme)
    allocate(trial, unit, 1)
    assert 183 == held(trial, programme, PLANT, period=1)


def test_deduction_from_what_is_allocated_already() -> None:
    """If the next vintage is there already, the deduction is cancelled at once."""
    trial, programme, unit = market()
    allocate(trial, unit, 1)
    emit(trial, unit, 210)
    close(trial, unit)
    assert [(16, 200)] == blocks(trial, programme, PLANT, period=1)
    assert (200, 0, 15, 0) == vintage(trial, programme, 1)
    assert [] == audit(trial)


def test_later_vintages_cover_nothing() -> None:
    """The next vintage does not cover a shortfall, but for the deduction."""
    trial, programme, unit = market()
    allocate(trial, unit, 1)
    transfer(trial, programme, PLANT, TRADER, 200)
    emit(trial, unit, 10)
    close(trial, unit)
    assert 10 == obligation(trial, unit).missing
    assert 185 == held(trial, programme, PLANT, period=1)


def test_what_is_locked_covers_nothing() -> None:
    """What was locked for a sale is not held at the deadline."""
    trial, programme, unit = market()
    do(trial, locker.Keep(place(programme, PLANT), LOCK, 0, 150), PLANT)
    emit(trial, unit, 60)
    close(trial, unit)
    assert 10 == obligation(trial, unit).missing
    assert 150 == locked(trial, programme, PLANT)


def test_held_at_the_deadline() -> None:
    """What is banked elsewhere and comes in after the deadline does not cover the period."""
    trial, programme, unit = market(terms(banking_ppm=1_000_000))
    transfer(trial, programme, PLANT, TRADER, 200)
    emit(trial, unit, 10)
    pass_deadline(trial, 0)
    do(trial, CarryOver(place(programme, TRADER)), STRANGER)
    transfer(trial, programme, TRADER, PLANT, 50)
    close(trial, unit)
    assert 10 == obligation(trial, unit).missing
    assert 50 == held(trial, programme, PLANT)
    surrender(trial, unit, 50, period=1)


@pytest.mark.parametrize(
    ("banking_ppm", "left"), [(0, 0), (100_000, 14), (333_333, 46), (1_000_000, 140)]
)
def test_banking(banking_ppm: int, left: int) -> None:
    """The share that may be banked outlives the deadline, rounded down; the highest numbers do."""
    trial, programme, unit = market(terms(banking_ppm=banking_ppm))
    emit(trial, unit, 60)
    close(trial, unit)
    assert left == held(trial, programme, PLANT)
    if left:
        assert [(201 - left, 200)] == blocks(trial, programme, PLANT)
    assert (200, 60, 0, 140 - left) == vintage(trial, programme)


def test_nothing_outlives_the_last_period() -> None:
    """After the last deadline everything ends, whatever may be banked."""
    trial, programme, unit = market(terms(banking_ppm=1_000_000))
    for period in range(3):
        close(trial, unit, period)
    assert (200, 0, 0, 200) == vintage(trial, programme)
    assert [] == audit(trial)


def test_banked_allowances_cover_the_next_period() -> None:
    """What was banked is used before the next vintage."""
    trial, programme, unit = market(terms(banking_ppm=500_000))
    close(trial, unit)
    allocate(trial, unit, 1)
    emit(trial, unit, 130, at=20)
    close(trial, unit, 1)
    assert (200, 100, 0, 100) == vintage(trial, programme)
    assert (200, 30, 0, 85) == vintage(trial, programme, 1)


def test_last_period() -> None:
    """A shortfall of the last period costs money only: the deduction has its price."""
    trial, programme = opened(terms(periods=terms().periods[:1]))
    unit = admitted(trial, programme)
    allocate(trial, unit, expected_mwh=5)
    emit(trial, unit, 12)
    close(trial, unit)
    assert (2 + 3) * 50 == unit_of(trial, unit).debt


def test_pay_penalty() -> None:
    """Anybody who signs pays the whole debt to the collector."""
    trial, _, unit = market()
    assert NothingToPay == trial.execute(PayPenalty(unit, key(PAYER)), signers=[PAYER])
    emit(trial, unit, 202)
    close(trial, unit)
    paying = PayPenalty(unit, key(PAYER))
    assert PayerHasNotSigned == trial.execute(paying, signers=[STRANGER])
    poor = PayPenalty(unit, key(PLANT))
    assert bank.PurseTooSmall == trial.execute(poor, signers=[PLANT])
    assert UnitNotFound == trial.execute(PayPenalty(UNKNOWN, key(PAYER)), signers=[PAYER])
    do(trial, paying, PAYER)
    assert (100, 0) == (money(trial, COLLECTOR), unit_of(trial, unit).debt)


def test_not_admitted() -> None:
    """Nothing is closed for a unit that only applied."""
    trial, programme = opened()
    unit = applied(trial, programme)
    pass_deadline(trial, 0)
    assert UnitNotAdmitted == trial.execute(ClosePeriod(unit, 0), signers=[STRANGER])


def test_a_unit_that_joins_later() -> None:
    """Its first close is that of its first period, and leaves earlier ones alone."""
    trial, programme = opened()
    unit = admitted(trial, programme, first_period=1)
    begin(trial, 1)
    emit(trial, unit, 3, at=16)
    close(trial, unit, 1)
    assert 3 == obligation(trial, unit, 1).missing
