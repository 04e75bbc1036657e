"""Transfers, locks and moves, with a contract that exists only here."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, format_record_id
from tallystick.contracts.allowance.commands import CarryOver, CloseAccount, Reclaim
from tallystick.contracts.allowance.errors import (
    AccountIsClosed,
    AccountNotFound,
    AmountIsZero,
    CallerIsNoContract,
    DeadlineNotPassed,
    ExceedsHolding,
    ExceedsLock,
    HoldingNotFound,
    LockInForce,
    LockNotFound,
    LockNotInForce,
    PayerHasNotSigned,
    PeriodNotClosed,
    PeriodUnknown,
    ProgrammeNotFound,
    SaleBelowEmissions,
    SignerIsNotOperator,
    SignerIsNotOwner,
    TargetIsVault,
    TooManyBlocks,
    TransferToItself,
    UntilHasPassed,
    VintageEnded,
    ZoneUnknown,
)
from tallystick.contracts.allowance.events import AllowancesMoved
from tallystick.contracts.allowance.holdings import BLOCKS_HELD_MAX, BLOCKS_MAX
from tallystick.contracts.allowance.model import (
    Block,
    End,
    Holding,
    LockedBlocks,
    Retirement,
    Vintage,
    account_id,
    amount_of,
    locked_id,
    retirement_id,
    vintage_id,
)
from tallystick.core.errors import UnknownCommand
from tallystick.core.holding import Lock, Move, Release
from tallystick.testing.factories import STRANGER
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.allowance import locker
from tests.contracts.allowance.cases import (
    BUYER,
    COLLECTOR,
    FEES,
    FRESH,
    LOCK,
    NORTH,
    OPERATOR,
    OTHER_LOCK,
    PERIODS,
    PLANT,
    PROGRAMME,
    SOUTH,
    SOUTHERN_OPERATOR,
    TRADER,
    UNKNOWN,
    VAULT,
    account,
    allocate,
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
    pass_deadline,
    place,
    surrender,
    terms,
    transfer,
    transferring,
    vintage,
)
from tests.contracts.allowance.locker import Free, Hand, Keep

SOLD = 50
CLOSED = 35
LAPSE = PERIODS[0].begin * 1000 + 60_000
PLACE = place(PROGRAMME, TRADER)
EMPTY = place(PROGRAMME, BUYER)
IN_VAULT = place(PROGRAMME, VAULT)


def sending(amount: int = 1, *, source: int = TRADER, target: int = BUYER) -> Record:
    """Return a transfer."""
    return transferring(PROGRAMME, source, target, amount)


def changed(**fields: object) -> Record:
    """Return a transfer with something else in it."""
    return replace(sending(), **fields)


TRANSFERS: list[tuple[Record, list[int], Verdict]] = [
    (sending(), [TRADER], accepted),
    (sending(SOLD), [TRADER], accepted),
    (changed(target=VAULT), [TRADER], TargetIsVault),
    (changed(programme=UNKNOWN), [TRADER], ProgrammeNotFound),
    (changed(zone="east"), [TRADER], ZoneUnknown),
    (sending(target=FRESH), [TRADER], AccountNotFound),
    (changed(zone=SOUTH), [TRADER], AccountNotFound),
    (sending(target=CLOSED), [TRADER], AccountIsClosed),
    (changed(period=3), [TRADER], PeriodUnknown),
    (changed(period=1), [TRADER], HoldingNotFound),
    (sending(source=BUYER, target=TRADER), [BUYER], HoldingNotFound),
    (sending(), [STRANGER], SignerIsNotOwner),
    (sending(), [BUYER], SignerIsNotOwner),
    (sending(), [OPERATOR], SignerIsNotOwner),
    (sending(0), [TRADER], AmountIsZero),
    (sending(target=TRADER), [TRADER], TransferToItself),
    (sending(SOLD + 1), [TRADER], ExceedsHolding),
    (sending(-1), [TRADER], UnknownCommand),
    (sending(2**53), [TRADER], UnknownCommand),
]

LOCKS: list[tuple[Record, list[int], str, Verdict]] = [
    (Keep(PLACE, LOCK, 0, SOLD), [TRADER], "", accepted),
    (Keep(PLACE, LOCK, LAPSE + 1, SOLD), [TRADER], "", accepted),
    (Lock("allowance", PLACE, LOCK, 0, 1), [TRADER], "market", accepted),
    (Keep(EMPTY, LOCK), [BUYER], "", HoldingNotFound),
    (Keep(UNKNOWN, LOCK), [TRADER], "", HoldingNotFound),
    (Keep(PLACE, LOCK), [STRANGER], "", SignerIsNotOwner),
    (Keep(PLACE, LOCK), [OPERATOR], "", SignerIsNotOwner),
    (Lock("allowance", PLACE, LOCK, 0), [TRADER], "", CallerIsNoContract),
    (Keep(PLACE, LOCK, LAPSE), [TRADER], "", UntilHasPassed),
    (Keep(PLACE, LOCK, 1), [TRADER], "", UntilHasPassed),
    (Keep(PLACE, LOCK, 0, SOLD + 1), [TRADER], "", ExceedsHolding),
    (Keep(PLACE, LOCK, 0, 0), [TRADER], "", AmountIsZero),
]

RELEASES: list[tuple[Record, list[int], str, Verdict]] = [
    (Free(PLACE, LOCK), [STRANGER], "", accepted),
    (Free(PLACE, LOCK, 10), [STRANGER], "", accepted),
    (Free(PLACE, OTHER_LOCK), [STRANGER], "", accepted),
    (Free(EMPTY, LOCK), [TRADER], "", LockNotFound),
    (Release("allowance", PLACE, LOCK), [TRADER], "", LockNotFound),
    (Release("allowance", PLACE, LOCK), [TRADER], "market", LockNotFound),
    (Free(PLACE, LOCK, 31), [STRANGER], "", ExceedsLock),
]

RECLAIMS: list[tuple[Record, list[int], Verdict]] = [
    (Reclaim(PLACE, locker.NAME, OTHER_LOCK), [TRADER], accepted),
    (Reclaim(PLACE, "market", OTHER_LOCK), [TRADER], LockNotFound),
    (Reclaim(EMPTY, locker.NAME, OTHER_LOCK), [BUYER], LockNotFound),
    (Reclaim(PLACE, locker.NAME, OTHER_LOCK), [STRANGER], SignerIsNotOwner),
    (Reclaim(PLACE, locker.NAME, OTHER_LOCK), [BUYER], SignerIsNotOwner),
    (Reclaim(PLACE, locker.NAME, LOCK), [TRADER], LockInForce),
]

MOVES: list[tuple[Record, list[int], str, Verdict]] = [
    (Hand(PLACE, LOCK, 30, key(BUYER)), [STRANGER], "", accepted),
    (Hand(PLACE, LOCK, 1, VAULT), [STRANGER], "", accepted),
    (Hand(PLACE, LOCK, 1, key(TRADER)), [STRANGER], "", accepted),
    (Hand(IN_VAULT, LOCK, 5, key(BUYER)), [STRANGER], "", accepted),
    (Hand(EMPTY, LOCK, 1, key(BUYER)), [STRANGER], "", LockNotFound),
    (Hand(IN_VAULT, OTHER_LOCK, 1, key(BUYER)), [STRANGER], "", LockNotFound),
    (Move("allowance", IN_VAULT, LOCK, 1, key(BUYER)), [STRANGER], "", LockNotFound),
    (Move("allowance", IN_VAULT, LOCK, 1, key(BUYER)), [STRANGER], "market", LockNotFound),
    (Move("allowance", PLACE, LOCK, 1, key(BUYER)), [TRADER], "", LockNotFound),
    (Move("allowance", PLACE, LOCK, 1, key(BUYER)), [TRADER], "market", LockNotFound),
    (Hand(PLACE, LOCK, 1, key(FRESH)), [STRANGER], "", AccountNotFound),
    (Hand(PLACE, LOCK, 1, key(CLOSED)), [STRANGER], "", AccountIsClosed),
    (Hand(PLACE, LOCK, 0, key(BUYER)), [STRANGER], "", accepted),
    (Hand(IN_VAULT, LOCK, 0, key(BUYER)), [STRANGER], "", accepted),
    (Hand(PLACE, OTHER_LOCK, 1, key(BUYER)), [STRANGER], "", LockNotInForce),
    (Hand(IN_VAULT, LOCK, 6, key(BUYER)), [STRANGER], "", ExceedsHolding),
    (Hand(PLACE, LOCK, 31, key(BUYER)), [STRANGER], "", ExceedsLock),
]


def trading() -> Trial:
    """Return a market in which the trader has 50, 5 more are in a vault, and one is closed."""
    trial, programme, _ = market()
    account(trial, programme, CLOSED)
    id = account_id(programme=programme, zone=NORTH, key=key(CLOSED))
    do(trial, CloseAccount(id), OPERATOR)
    transfer(trial, programme, PLANT, TRADER, SOLD + 5)
    do(trial, Keep(PLACE, LOCK, 0, 5), TRADER)
    do(trial, Hand(PLACE, LOCK, 5, VAULT), STRANGER)
    trial.move_to(LAPSE)
    return trial


def locking() -> Trial:
    """Return a market in which 30 of the trader's 50 are locked, and 10 in a lapsed lock."""
    trial, programme, _ = market()
    account(trial, programme, CLOSED)
    id = account_id(programme=programme, zone=NORTH, key=key(CLOSED))
    do(trial, CloseAccount(id), OPERATOR)
    transfer(trial, programme, PLANT, TRADER, SOLD + 5)
    do(trial, Keep(PLACE, LOCK, 0, 5), TRADER)
    do(trial, Hand(PLACE, LOCK, 5, VAULT), STRANGER)
    do(trial, Keep(PLACE, LOCK, 0, 30), TRADER)
    do(trial, Keep(PLACE, OTHER_LOCK, LAPSE, 10), TRADER)
    trial.move_to(LAPSE)
    return trial


@pytest.mark.parametrize(("command", "signers", "verdict"), TRANSFERS)
def test_transfer(command: Record, signers: list[int], verdict: Verdict) -> None:
    """The owner's key hands allowances to an open account of the zone, and to no vault."""
    assert verdict == trading().execute(command, signers=signers)


@pytest.mark.parametrize(("command", "signers", "caller", "verdict"), LOCKS)
def test_lock(command: Record, signers: list[int], caller: str, verdict: Verdict) -> None:
    """The owner signs, and a contract calls."""
    assert verdict == trading().execute(command, signers=signers, caller=caller)


@pytest.mark.parametrize(("command", "signers", "caller", "verdict"), RELEASES)
def test_release(command: Record, signers: list[int], caller: str, verdict: Verdict) -> None:
    """The contract that holds gives back, whether the lock has lapsed or not."""
    assert verdict == locking().execute(command, signers=signers, caller=caller)


@pytest.mark.parametrize(("command", "signers", "verdict"), RECLAIMS)
def test_reclaim(command: Record, signers: list[int], verdict: Verdict) -> None:
    """The owner takes back what lapsed."""
    trial = locking()
    assert verdict == trial.execute(command, signers=signers)
    assert (20 if verdict == accepted else 10) == held(trial, PROGRAMME, TRADER)


@pytest.mark.parametrize(("command", "signers", "caller", "verdict"), MOVES)
def test_move(command: Record, signers: list[int], caller: str, verdict: Verdict) -> None:
    """A contract moves what it has locked, or has in a vault, and nothing else."""
    assert verdict == locking().execute(command, signers=signers, caller=caller)


def test_blocks_are_split_from_the_lowest() -> None:
    """A transfer takes the lowest numbers, and what comes back becomes one block again."""
    trial, programme, _ = market()
    transfer(trial, programme, PLANT, TRADER, 30)
    transfer(trial, programme, PLANT, BUYER, 30)
    transfer(trial, programme, PLANT, TRADER, 10)
    assert [(71, 200)] == blocks(trial, programme, PLANT)
    assert [(1, 30), (61, 70)] == blocks(trial, programme, TRADER)
    transfer(trial, programme, BUYER, TRADER, 30)
    assert [(1, 70)] == blocks(trial, programme, TRADER)
    assert [] == blocks(trial, programme, BUYER)
    assert [] == audit(trial)


def test_locks_add_up() -> None:
    """Locking again under the same id adds, and the later end stands."""
    trial = trading()
    id = locked_id(holding=PLACE, holder=locker.NAME, lock_id=LOCK)
    do(trial, Keep(PLACE, LOCK, LAPSE + 9, 10), TRADER)
    earlier = Keep(PLACE, LOCK, LAPSE + 8, 1)
    assert UntilHasPassed == trial.execute(earlier, signers=[TRADER])
    do(trial, Keep(PLACE, LOCK, LAPSE + 9, 1), TRADER)
    do(trial, Keep(PLACE, LOCK, LAPSE + 10, 1), TRADER)
    do(trial, Keep(PLACE, LOCK, 0, 1), TRADER)
    assert UntilHasPassed == trial.execute(Keep(PLACE, LOCK, LAPSE + 99, 1), signers=[TRADER])
    assert "never lapses, so give 0" in trial.message
    do(trial, Keep(PLACE, OTHER_LOCK, 0, 37), TRADER)
    found = trial.read(LockedBlocks, id)
    assert found is not None
    assert (13, 0) == (amount_of(found.blocks), found.until)
    assert 37 == locked(trial, PROGRAMME, TRADER, lock_id=OTHER_LOCK)
    assert HoldingNotFound == trial.execute(Keep(PLACE, LOCK), signers=[TRADER])
    assert [] == audit(trial)


def test_moves_through_a_vault() -> None:
    """A clearing account stands between both sides: neither move names seller and buyer."""
    trial = locking()
    do(trial, Hand(PLACE, LOCK, 20, VAULT), STRANGER)
    first = latest(trial, AllowancesMoved)
    do(trial, Hand(IN_VAULT, LOCK, 25, key(BUYER)), STRANGER)
    second = latest(trial, AllowancesMoved)
    assert (key(TRADER), VAULT, True) == (first.source, first.target, first.locked)
    assert (VAULT, key(BUYER), False) == (second.source, second.target, second.locked)
    assert 25 == held(trial, PROGRAMME, BUYER)
    assert 10 == locked(trial, PROGRAMME, TRADER)
    assert [] == audit(trial)


def test_transfer_fee() -> None:
    """The fee of a transfer goes to the collector."""
    trial, programme, _ = market(terms(fees=FEES))
    before = money(trial, COLLECTOR)
    plain = transferring(programme, PLANT, TRADER, 1)
    assert PayerHasNotSigned == trial.execute(plain, signers=[PLANT])
    transfer(trial, programme, PLANT, TRADER, 1)
    assert before + FEES.transfer == money(trial, COLLECTOR)


def test_cosigned_transfers() -> None:
    """Where the terms demand it, the zone's operator signs beside the owner."""
    trial, programme, _ = market(terms(cosigned=True))
    command = transferring(programme, PLANT, TRADER, 1)
    assert SignerIsNotOperator == trial.execute(command, signers=[PLANT])
    wrong = [PLANT, SOUTHERN_OPERATOR]
    assert SignerIsNotOperator == trial.execute(command, signers=wrong)
    assert SignerIsNotOwner == trial.execute(command, signers=[OPERATOR])
    do(trial, command, PLANT, OPERATOR)


def test_no_sale_below_emissions() -> None:
    """What is left after a sale, or a lock for one, covers the emissions measured so far."""
    trial, programme, unit = market()
    emit(trial, unit, 60)
    over = transferring(programme, PLANT, TRADER, 141)
    assert SaleBelowEmissions == trial.execute(over, signers=[PLANT])
    lock = Keep(place(programme, PLANT), LOCK, 0, 141)
    assert SaleBelowEmissions == trial.execute(lock, signers=[PLANT])
    do(trial, replace(lock, amount=100), PLANT)
    transfer(trial, programme, PLANT, TRADER, 40)
    assert SaleBelowEmissions == trial.execute(
        transferring(programme, PLANT, TRADER, 1), signers=[PLANT]
    )
    surrender(trial, unit, 60)
    assert 0 == held(trial, programme, PLANT)


def test_sale_of_what_is_not_needed() -> None:
    """What was surrendered covers emissions too, and a vintage to come is free to be sold."""
    trial, programme, unit = market()
    allocate(trial, unit, 1)
    emit(trial, unit, 150)
    surrender(trial, unit, 100)
    transfer(trial, programme, PLANT, TRADER, 50)
    last = transferring(programme, PLANT, TRADER, 1)
    assert SaleBelowEmissions == trial.execute(last, signers=[PLANT])
    transfer(trial, programme, PLANT, TRADER, 200, period=1)


def test_each_open_period_is_covered() -> None:
    """Between a period's end and its deadline, each period is covered by what may cover it."""
    trial, programme, unit = market()
    allocate(trial, unit, 1)
    emit(trial, unit, 150)
    begin(trial, 1)
    emit(trial, unit, 120, at=16)
    first = transferring(programme, PLANT, TRADER, 51)
    assert SaleBelowEmissions == trial.execute(first, signers=[PLANT])
    second = transferring(programme, PLANT, TRADER, 131, period=1)
    assert SaleBelowEmissions == trial.execute(second, signers=[PLANT])
    transfer(trial, programme, PLANT, TRADER, 130, period=1)
    third = transferring(programme, PLANT, TRADER, 1)
    assert SaleBelowEmissions == trial.execute(third, signers=[PLANT])


def test_nothing_is_sold_past_a_deadline() -> None:
    """A unit's account waits for its period's close; what others hold has ended."""
    trial, programme, unit = market()
    allocate(trial, unit, 1)
    transfer(trial, programme, PLANT, TRADER, 10)
    do(trial, Keep(PLACE, LOCK, 0, 4), TRADER)
    pass_deadline(trial, 0)
    early = transferring(programme, PLANT, TRADER, 1, period=1)
    assert PeriodNotClosed == trial.execute(early, signers=[PLANT])
    lock = Keep(place(programme, PLANT, period=1), LOCK)
    assert PeriodNotClosed == trial.execute(lock, signers=[PLANT])
    ended = transferring(programme, TRADER, BUYER, 1)
    assert VintageEnded == trial.execute(ended, signers=[TRADER])
    assert VintageEnded == trial.execute(Keep(PLACE, OTHER_LOCK), signers=[TRADER])
    handing = Hand(PLACE, LOCK, 1, key(BUYER))
    assert VintageEnded == trial.execute(handing, signers=[TRADER])
    carried = format_record_id(locked_id(holding=PLACE, holder=locker.NAME, lock_id=LOCK))
    assert f"holding: {carried} was good until the deadline of period 0" in trial.message
    close(trial, unit)
    do(trial, early, PLANT)


CARRIED = [(0, 0, 0), (500_000, 3, 2), (1_000_000, 6, 4)]


@pytest.mark.parametrize(("banking_ppm", "kept", "kept_locked"), CARRIED)
def test_carry_over(banking_ppm: int, kept: int, kept_locked: int) -> None:
    """After a deadline anybody ends what may not be banked, of a holding and of a lock."""
    trial, programme, _ = market(terms(banking_ppm=banking_ppm))
    transfer(trial, programme, PLANT, TRADER, 10)
    do(trial, Keep(PLACE, LOCK, 0, 4), TRADER)
    id = locked_id(holding=PLACE, holder=locker.NAME, lock_id=LOCK)
    assert DeadlineNotPassed == trial.execute(CarryOver(PLACE), signers=[STRANGER])
    assert HoldingNotFound == trial.execute(CarryOver(UNKNOWN), signers=[STRANGER])
    pass_deadline(trial, 0)
    do(trial, CarryOver(PLACE), STRANGER)
    do(trial, CarryOver(id), STRANGER)
    assert kept == held(trial, programme, TRADER)
    assert kept_locked == locked(trial, programme, TRADER)
    assert (200, 0, 0, 10 - kept - kept_locked) == vintage(trial, programme)
    if kept:
        assert DeadlineNotPassed == trial.execute(CarryOver(PLACE), signers=[STRANGER])
        transfer(trial, programme, TRADER, BUYER, kept)
        do(trial, Hand(PLACE, LOCK, kept_locked, key(BUYER)), STRANGER)
    assert [] == audit(trial)


def test_carry_over_of_a_units_account() -> None:
    """A unit's account is carried over by the close of its period, its locks afterwards."""
    trial, programme, unit = market(terms(banking_ppm=500_000))
    do(trial, Keep(place(programme, PLANT), LOCK, 0, 100), PLANT)
    pass_deadline(trial, 0)
    carry = CarryOver(place(programme, PLANT))
    assert PeriodNotClosed == trial.execute(carry, signers=[STRANGER])
    id = locked_id(holding=place(programme, PLANT), holder=locker.NAME, lock_id=LOCK)
    assert PeriodNotClosed == trial.execute(CarryOver(id), signers=[STRANGER])
    close(trial, unit)
    assert DeadlineNotPassed == trial.execute(carry, signers=[STRANGER])
    do(trial, CarryOver(id), STRANGER)
    assert (50, 50) == (held(trial, programme, PLANT), locked(trial, programme, PLANT))


def test_two_deadlines_at_once() -> None:
    """Whoever waits for two deadlines keeps the share of the share."""
    trial, programme, _ = market(terms(banking_ppm=500_000))
    transfer(trial, programme, PLANT, TRADER, 11)
    pass_deadline(trial, 1)
    do(trial, CarryOver(PLACE), STRANGER)
    assert [(10, 11)] == blocks(trial, programme, TRADER)


def test_receiving_past_a_deadline() -> None:
    """A holding that is not carried over receives nothing, so nothing hides in it."""
    trial, programme, _ = market(terms(banking_ppm=500_000))
    transfer(trial, programme, PLANT, TRADER, 10)
    transfer(trial, programme, PLANT, BUYER, 10)
    do(trial, Keep(EMPTY, LOCK, 0, 4), BUYER)
    pass_deadline(trial, 0)
    do(trial, CarryOver(EMPTY), STRANGER)
    command = transferring(programme, BUYER, TRADER, 1)
    assert VintageEnded == trial.execute(command, signers=[BUYER])
    locks = Keep(EMPTY, LOCK, 0, 1)
    assert VintageEnded == trial.execute(locks, signers=[BUYER])
    do(trial, CarryOver(PLACE), STRANGER)
    do(trial, command, BUYER)


@pytest.mark.parametrize("carry_lock", [False, True])
@pytest.mark.parametrize("carry_holding", [False, True])
def test_release_past_a_deadline(carry_holding: bool, carry_lock: bool) -> None:  # noqa: FBT001
    """A release is never refused: whichever side lags behind is carried over."""
    trial, programme, _ = market(terms(banking_ppm=500_000))
    transfer(trial, programme, PLANT, TRADER, 10)
    do(trial, Keep(PLACE, LOCK, 0, 4), TRADER)
    pass_deadline(trial, 0)
    if carry_holding:
        do(trial, CarryOver(PLACE), STRANGER)
    if carry_lock:
        lock = locked_id(holding=PLACE, holder=locker.NAME, lock_id=LOCK)
        do(trial, CarryOver(lock), STRANGER)
    do(trial, Free(PLACE, LOCK), STRANGER)
    if not carry_holding and not carry_lock:
        do(trial, CarryOver(PLACE), STRANGER)
    assert 5 == held(trial, programme, TRADER)
    assert [] == audit(trial)


def scattered(trial: Trial, owner: PublicKey, count: int, *, beside: int) -> None:
    """Give somebody so many single allowances of the second vintage, and the plant some."""
    where = (PROGRAMME, NORTH, 1)
    id = vintage_id(programme=PROGRAMME, zone=NORTH, period=1)
    odd = tuple(Block(2 * n + 1, 2 * n + 1) for n in range(count))
    even = tuple(Block(2 * n + 2, 2 * n + 2) for n in range(count))
    last = 2 * count + 2 * beside
    mine = tuple(Block(each, each) for each in range(2 * count + 2, last + 1, 2))
    rest = tuple(Block(each - 1, each - 1) for each in range(2 * count + 2, last + 1, 2))
    cancelled = amount_of(even) + amount_of(rest)
    trial.plant(id, Vintage(*where, last, cancelled=cancelled, retirements=2))
    for n, gone in enumerate((even, rest)):
        retired = Retirement(*where, End.CANCELLED, gone, None, 1, trial.time)
        trial.plant(retirement_id(vintage=id, n=n), retired)
    trial.plant(place(PROGRAMME, owner, period=1), Holding(*where, owner, 1, odd))
    if beside:
        trial.plant(place(PROGRAMME, PLANT, period=1), Holding(*where, key(PLANT), 1, mine))


def test_scattered_holdings() -> None:
    """Nobody can fill another's account with scattered numbers beyond a bound."""
    trial, programme, _ = market()
    scattered(trial, key(BUYER), BLOCKS_MAX, beside=2)
    command = transferring(programme, PLANT, BUYER, 1, period=1)
    assert TooManyBlocks == trial.execute(command, signers=[PLANT])
    transfer(trial, programme, BUYER, TRADER, 1, period=1)
    do(trial, command, PLANT)


def test_scattered_moves() -> None:
    """What contracts move, or give back, has a far higher bound."""
    trial, programme, _ = market()
    scattered(trial, key(BUYER), BLOCKS_HELD_MAX, beside=2)
    do(trial, Keep(place(programme, PLANT, period=1), LOCK, 0, 2), PLANT)
    command = Hand(place(programme, PLANT, period=1), LOCK, 1, key(BUYER))
    assert TooManyBlocks == trial.execute(command, signers=[STRANGER])
    transfer(trial, programme, BUYER, TRADER, 1, period=1)
    do(trial, command, STRANGER)


def test_scattered_locks() -> None:
    """A lock, too, keeps so many blocks and no more."""
    trial, programme, _ = market()
    scattered(trial, key(BUYER), BLOCKS_HELD_MAX, beside=1)
    at = place(programme, BUYER, period=1)
    do(trial, Keep(at, LOCK, 0, BLOCKS_HELD_MAX), BUYER)
    transfer(trial, programme, PLANT, BUYER, 1, period=1)
    assert TooManyBlocks == trial.execute(Keep(at, LOCK, 0, 1), signers=[BUYER])
    assert TooManyBlocks == trial.execute(Free(at, LOCK), signers=[STRANGER])
    do(trial, Free(at, LOCK, BLOCKS_HELD_MAX - 1), STRANGER)
