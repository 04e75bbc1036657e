"""Allocations, true-ups and withdrawals."""

import pytest
from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.allowance.commands import (
    Allocate,
    ClosePeriod,
    Decide,
    SetBaseline,
    WithdrawUnit,
)
from tallystick.contracts.allowance.errors import (
    AmountTooLarge,
    BaselineNotSet,
    DeadlineHasPassed,
    NothingToAllocate,
    PeriodBeforeUnit,
    PeriodNotClosed,
    PeriodUnknown,
    SignerIsNotDirector,
    SignerIsNotOwner,
    TooManyBlocks,
    UnitNotAdmitted,
    UnitNotFound,
    UnitOwesAllowances,
    UnitOwesMoney,
)
from tallystick.contracts.allowance.formula import TypeRate
from tallystick.contracts.allowance.holdings import BLOCKS_HELD_MAX
from tallystick.contracts.allowance.model import (
    Block,
    End,
    Holding,
    Retirement,
    UnitStatus,
    Vintage,
    amount_of,
    retirement_id,
    vintage_id,
)
from tallystick.testing.factories import STRANGER
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.allowance.cases import (
    DIRECTOR,
    FORMULA,
    METER,
    MWH,
    NORTH,
    OPERATOR,
    OTHER_GENERATOR,
    OTHER_METER,
    OTHER_PLANT,
    PLANT,
    SOUTHERN_DIRECTOR,
    TRADER,
    UNIT,
    UNKNOWN,
    account,
    account_of,
    admitted,
    allocate,
    applied,
    audit,
    blocks,
    close,
    do,
    emit,
    end,
    held,
    market,
    obligation,
    opened,
    pass_deadline,
    place,
    produce,
    surrender,
    terms,
    transfer,
    unit_of,
    vintage,
)

ALLOCATIONS: list[tuple[Record, list[int], Verdict]] = [
    (Allocate(UNIT, 1), [DIRECTOR], accepted),
    (Allocate(UNKNOWN, 1), [DIRECTOR], UnitNotFound),
    (Allocate(UNIT, 3), [DIRECTOR], PeriodUnknown),
    (Allocate(UNIT, 2), [DIRECTOR], BaselineNotSet),
    (Allocate(UNIT, 1), [STRANGER], SignerIsNotDirector),
    (Allocate(UNIT, 1), [PLANT], SignerIsNotDirector),
    (Allocate(UNIT, 1), [OPERATOR], SignerIsNotDirector),
    (Allocate(UNIT, 1), [SOUTHERN_DIRECTOR], SignerIsNotDirector),
    (Allocate(UNIT, 0), [DIRECTOR], NothingToAllocate),
]

WITHDRAWALS: list[tuple[Record, list[int], Verdict]] = [
    (WithdrawUnit(UNIT), [DIRECTOR, PLANT], accepted),
    (WithdrawUnit(UNKNOWN), [DIRECTOR, PLANT], UnitNotFound),
    (WithdrawUnit(UNIT), [PLANT], SignerIsNotDirector),
    (WithdrawUnit(UNIT), [STRANGER], SignerIsNotDirector),
    (WithdrawUnit(UNIT), [PLANT, SOUTHERN_DIRECTOR], SignerIsNotDirector),
    (WithdrawUnit(UNIT), [DIRECTOR], SignerIsNotOwner),
    (WithdrawUnit(UNIT), [DIRECTOR, TRADER], SignerIsNotOwner),
]


@pytest.mark.parametrize(("command", "signers", "verdict"), ALLOCATIONS)
def test_allocate(command: Record, signers: list[int], verdict: Verdict) -> None:
    """The Director allocates by a baseline, once."""
    trial, _, unit = market()
    do(trial, SetBaseline(unit, 1, 2_000, 100, ""), DIRECTOR)
    assert verdict == trial.execute(command, signers=signers)


@pytest.mark.parametrize(("command", "signers", "verdict"), WITHDRAWALS)
def test_withdraw_unit(command: Record, signers: list[int], verdict: Verdict) -> None:
    """The unit asks to leave, and the Director agrees."""
    trial, _, _ = market()
    assert verdict == trial.execute(command, signers=signers)


@pytest.mark.parametrize(
    ("rate", "expected_mwh", "amount"),
    [(2_000, 100, 200), (1_999, 100, 199), (1_999, 1, 1), (1_801, 1, 1), (2_000, 0, 0)],
)
def test_yearly_allocation(rate: int, expected_mwh: int, amount: int) -> None:
    """It is baseline times expected output, in whole allowances, rounded down."""
    trial, programme, unit = market()
    do(trial, SetBaseline(unit, 1, rate, expected_mwh, "by test"), DIRECTOR)
    do(trial, Allocate(unit, 1), DIRECTOR)
    assert amount == held(trial, programme, PLANT, period=1)
    assert (amount, amount) == (
        obligation(trial, unit, 1).granted,
        obligation(trial, unit, 1).entitled,
    )
    assert NothingToAllocate == trial.execute(Allocate(unit, 1), signers=[DIRECTOR])


def test_numbers_go_on() -> None:
    """Each allocation of a vintage gets the next numbers, whoever receives it."""
    trial, programme, unit = market()
    other = admitted(
        trial, programme, OTHER_PLANT, emission=OTHER_METER, production=OTHER_GENERATOR
    )
    allocate(trial, other, 0, expected_mwh=10)
    allocate(trial, unit, 1, expected_mwh=5)
    assert [(1, 200)] == blocks(trial, programme, PLANT)
    assert [(201, 220)] == blocks(trial, programme, OTHER_PLANT)
    assert [(1, 10)] == blocks(trial, programme, PLANT, period=1)


@pytest.mark.parametrize(
    ("produced_mwh", "amount", "cancelled"),
    [(100, 200, 0), (130, 260, 0), (70, 140, 60), (0, 0, 200)],
)
def test_true_up(produced_mwh: int, amount: int, cancelled: int) -> None:
    """After the period the allocation is brought to measured output, up or down."""
    trial, programme, unit = market()
    produce(trial, unit, produced_mwh)
    assert NothingToAllocate == trial.execute(Allocate(unit, 0), signers=[DIRECTOR])
    end(trial, 0)
    verdict = trial.execute(Allocate(unit, 0), signers=[DIRECTOR])
    assert (NothingToAllocate if amount == 200 else accepted) == verdict
    assert amount == held(trial, programme, PLANT)
    assert (max(200, amount), 0, cancelled, 0) == vintage(trial, programme)
    assert [] == audit(trial)


def test_true_up_takes_lowest_numbers() -> None:
    """What is given back is cancelled from the lowest number on."""
    trial, programme, unit = market()
    produce(trial, unit, 95)
    end(trial, 0)
    do(trial, Allocate(unit, 0), DIRECTOR)
    assert [(11, 200)] == blocks(trial, programme, PLANT)


def test_true_up_follows_corrections() -> None:
    """Until the deadline it is repeated as often as the measured output changes."""
    trial, programme, unit = market()
    end(trial, 0)
    do(trial, Allocate(unit, 0), DIRECTOR)
    assert 0 == held(trial, programme, PLANT)
    produce(trial, unit, 30)
    do(trial, Allocate(unit, 0), DIRECTOR)
    assert 60 == held(trial, programme, PLANT)
    pass_deadline(trial, 0)
    assert DeadlineHasPassed == trial.execute(Allocate(unit, 0), signers=[DIRECTOR])


def test_what_was_sold_is_taken_from_the_next_vintage() -> None:
    """A unit that sold more than its output earned pays with the vintage that follows."""
    trial, programme, unit = market()
    allocate(trial, unit, 1)
    transfer(trial, programme, PLANT, TRADER, 150)
    produce(trial, unit, 60)
    end(trial, 0)
    do(trial, Allocate(unit, 0), DIRECTOR)
    assert 0 == held(trial, programme, PLANT)
    assert 170 == held(trial, programme, PLANT, period=1)
    assert (120, 0) == (obligation(trial, unit).granted, obligation(trial, unit).deduction)
    assert (170, 30) == (
        obligation(trial, unit, 1).granted,
        obligation(trial, unit, 1).deduction,
    )
    assert [] == audit(trial)


def test_deduction_is_withheld_from_a_later_allocation() -> None:
    """What the next vintage owes and was not allocated yet is left out of its allocation."""
    trial, programme, unit = market()
    transfer(trial, programme, PLANT, TRADER, 150)
    end(trial, 0)
    do(trial, Allocate(unit, 0), DIRECTOR)
    assert 150 == obligation(trial, unit, 1).deduction
    allocate(trial, unit, 1)
    assert 50 == held(trial, programme, PLANT, period=1)
    produce(trial, unit, 60, at=16)
    end(trial, 1)
    do(trial, Allocate(unit, 1), DIRECTOR)
    assert 0 == held(trial, programme, PLANT, period=1)


def test_deduction_beyond_an_allocation_goes_on() -> None:
    """What a vintage is too small for is owed of the one after."""
    trial, programme, unit = market()
    transfer(trial, programme, PLANT, TRADER, 150)
    end(trial, 0)
    do(trial, Allocate(unit, 0), DIRECTOR)
    allocate(trial, unit, 1, expected_mwh=50)
    assert 0 == held(trial, programme, PLANT, period=1)
    produce(trial, unit, 50, at=16)
    close(trial, unit, 0)
    close(trial, unit, 1)
    assert 50 == obligation(trial, unit, 2).deduction
    assert [] == audit(trial)


def test_after_the_last_period_money_is_owed() -> None:
    """Where no vintage follows, what is lacking costs the penalty's price."""
    trial, programme = opened(terms(periods=terms().periods[:1]))
    unit = admitted(trial, programme)
    allocate(trial, unit)
    account(trial, programme, TRADER)
    transfer(trial, programme, PLANT, TRADER, 150)
    end(trial, 0)
    do(trial, Allocate(unit, 0), DIRECTOR)
    assert 150 * 50 == unit_of(trial, unit).debt


def test_only_who_takes_part() -> None:
    """Nothing is allocated to a unit that is not admitted, or for a time before it was."""
    trial, programme = opened()
    unit = applied(trial, programme)
    early = SetBaseline(unit, 0, 2_000, 1, "")
    assert UnitNotAdmitted == trial.execute(early, signers=[DIRECTOR])
    do(trial, Decide(unit, admitted=True, first_period=1, reason=""), DIRECTOR)
    assert PeriodBeforeUnit == trial.execute(early, signers=[DIRECTOR])


def test_numbers_are_used_up() -> None:
    """A vintage never counts beyond what a ledger counts to."""
    trial, programme, unit = market()
    plant(trial, programme, cancelled=(Block(1, AMOUNT_MAX - 199),))
    do(trial, SetBaseline(unit, 1, 2_000, 100, ""), DIRECTOR)
    assert AmountTooLarge == trial.execute(Allocate(unit, 1), signers=[DIRECTOR])
    do(trial, SetBaseline(unit, 1, 1_990, 100, "almost used up"), DIRECTOR)
    assert accepted == trial.execute(Allocate(unit, 1), signers=[DIRECTOR])
    assert [(AMOUNT_MAX - 198, AMOUNT_MAX)] == blocks(trial, programme, PLANT, period=1)


def test_output_beyond_counting() -> None:
    """An entitlement that no ledger counts to is refused."""
    dirty = replace(FORMULA, types=(TypeRate("coal", 10**9),))
    trial, programme = opened(terms(unit_grams=1, formula=dirty))
    unit = admitted(trial, programme)
    do(trial, SetBaseline(unit, 0, 10**9, 1, ""), DIRECTOR)
    produce(trial, unit, AMOUNT_MAX // MWH)
    end(trial, 0)
    assert AmountTooLarge == trial.execute(Allocate(unit, 0), signers=[DIRECTOR])


def test_too_scattered_for_more() -> None:
    """A holding of too many blocks takes no allocation that adds another."""
    trial, programme, unit = market()
    odd = tuple(Block(2 * n + 1, 2 * n + 1) for n in range(BLOCKS_HELD_MAX))
    even = tuple(Block(each.first + 1, each.first + 1) for each in odd)
    plant(trial, programme, held=odd, cancelled=even)
    do(trial, SetBaseline(unit, 1, 2_000, 100, ""), DIRECTOR)
    assert TooManyBlocks == trial.execute(Allocate(unit, 1), signers=[DIRECTOR])


def plant(
    trial: Trial,
    programme: RecordId,
    *,
    cancelled: tuple[Block, ...],
    held: tuple[Block, ...] = (),
) -> None:
    """Put a second vintage on the ledger that no test could bring about in time."""
    id = vintage_id(programme=programme, zone=NORTH, period=1)
    where = (programme, NORTH, 1)
    last = cancelled[-1].last
    retired = Retirement(*where, End.CANCELLED, cancelled, None, 1, trial.time)
    trial.plant(retirement_id(vintage=id, n=0), retired)
    trial.plant(id, Vintage(*where, last, cancelled=amount_of(cancelled), retirements=1))
    if held:
        trial.plant(place(programme, PLANT, period=1), Holding(*where, key(PLANT), 1, held))


def test_withdrawing_surrenders_first() -> None:
    """A unit that emitted leaves only after it has surrendered for it."""
    trial, programme, unit = market()
    emit(trial, unit, 60)
    produce(trial, unit, 80)
    leave = WithdrawUnit(unit)
    assert UnitOwesAllowances == trial.execute(leave, signers=[DIRECTOR, PLANT])
    assert "owes 60" in trial.message
    surrender(trial, unit, 60)
    do(trial, leave, DIRECTOR, PLANT)
    assert UnitStatus.WITHDRAWN is unit_of(trial, unit).status
    assert account_of(trial, programme, PLANT).unit is None
    assert 100 == held(trial, programme, PLANT)
    assert (200, 60, 40, 0) == vintage(trial, programme)
    assert [] == audit(trial)


def test_withdrawing_gives_back_what_is_to_come() -> None:
    """Vintages of periods that have not begun are cancelled, and nothing more is allocated."""
    trial, programme, unit = market()
    allocate(trial, unit, 1)
    do(trial, SetBaseline(unit, 2, 2_000, 100, ""), DIRECTOR)
    produce(trial, unit, 100)
    do(trial, WithdrawUnit(unit), DIRECTOR, PLANT)
    assert 200 == held(trial, programme, PLANT)
    assert 0 == held(trial, programme, PLANT, period=1)
    assert (200, 0, 200, 0) == vintage(trial, programme, 1)
    assert UnitNotAdmitted == trial.execute(Allocate(unit, 2), signers=[DIRECTOR])
    transfer(trial, programme, PLANT, TRADER, 200)
    again = WithdrawUnit(unit)
    assert UnitNotAdmitted == trial.execute(again, signers=[DIRECTOR, PLANT])


def test_withdrawing_after_selling_too_much() -> None:
    """A unit that sold what it did not earn buys it back before it leaves."""
    trial, programme, unit = market()
    produce(trial, unit, 50)
    transfer(trial, programme, PLANT, TRADER, 120)
    leave = WithdrawUnit(unit)
    assert UnitOwesAllowances == trial.execute(leave, signers=[DIRECTOR, PLANT])
    assert "owes 20" in trial.message
    transfer(trial, programme, TRADER, PLANT, 20)
    do(trial, leave, DIRECTOR, PLANT)
    assert 0 == held(trial, programme, PLANT)


def test_withdrawing_pays_and_closes() -> None:
    """Periods past their deadline are closed, and penalties paid, before a unit leaves."""
    trial, _, unit = market()
    emit(trial, unit, 201)
    pass_deadline(trial, 0)
    leave = WithdrawUnit(unit)
    assert PeriodNotClosed == trial.execute(leave, signers=[DIRECTOR, PLANT])
    do(trial, ClosePeriod(unit, 0), METER)
    assert UnitOwesAllowances == trial.execute(leave, signers=[DIRECTOR, PLANT])
    assert "owes 2 " in trial.message
    allocate(trial, unit, 1)
    produce(trial, unit, 100, at=16)
    assert UnitOwesMoney == trial.execute(leave, signers=[DIRECTOR, PLANT])
    assert "owes 50 " in trial.message
