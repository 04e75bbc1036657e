"""What contracts may do with what was locked for them, and nobody else."""

import pytest

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.base.plain import format_milliseconds
from tallystick.contracts.asset.commands import Burn, Reclaim, Transfer
from tallystick.contracts.asset.errors import (
    AccountNotFound,
    AmountIsZero,
    CallerIsNoContract,
    LockHasLapsed,
    LockInForce,
    LockNotFound,
    NotEnough,
    NotTransferable,
    OwnerIsNoKey,
    SignerIsNotOwner,
    UntilHasPassed,
    UntilMovesForward,
)
from tallystick.contracts.asset.model import LockedAmount, lock_record_id
from tallystick.core.holding import Lock, Move, Release, holding_id, vault
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.asset.cases import (
    ANNA,
    ANNAS_MONEY,
    ANNAS_STAMPS,
    BAD_KEY,
    BEN,
    ISSUER,
    LAPSE,
    LAPSING_LOCK,
    LATER,
    LOCK,
    MONEY,
    NOW,
    OTHER_LOCK,
    STRANGER,
    UNKNOWN,
    balance,
    cast,
    do,
    locking,
)

Row = tuple[Record, list[int], str, Verdict]
"""A command, the numbers of the keys that sign, the calling contract if any, and the verdict."""

BENS = key(BEN)
VAULT = vault("market", OTHER_LOCK)
BENS_MONEY = holding_id(MONEY, key(BEN))


def releasing(lock_id: LockId = LOCK, *, amount: int = 0) -> Release:
    """Return a release as a contract would call it."""
    return Release("asset", ANNAS_MONEY, lock_id, amount)


def moving(
    lock_id: LockId = LOCK,
    *,
    holding: RecordId = ANNAS_MONEY,
    amount: int = 10,
    target: PublicKey = BENS,
) -> Move:
    """Return a move as a contract would call it."""
    return Move("asset", holding, lock_id, amount, target)


def reclaiming(lock_id: LockId = LAPSING_LOCK, *, owner: int = ANNA) -> Reclaim:
    """Return what an owner takes back."""
    return Reclaim(MONEY, key(owner), "market", lock_id)


LOCKING: list[Row] = [
    (locking(), [ANNA], "market", accepted),
    (locking(), [ANNA], "exchange", accepted),
    (locking(lock_id=OTHER_LOCK, until=NOW + 1), [ANNA], "market", accepted),
    (locking(amount=50), [ANNA], "market", accepted),
    (locking(amount=0), [ANNA], "market", AmountIsZero),
    (locking(lock_id=LAPSING_LOCK, until=LATER), [ANNA], "market", accepted),
    (locking(lock_id=LAPSING_LOCK), [ANNA], "market", accepted),
    (locking(UNKNOWN), [ANNA], "market", AccountNotFound),
    (locking(BENS_MONEY), [BEN], "market", AccountNotFound),
    (locking(), [STRANGER], "market", SignerIsNotOwner),
    (locking(), [ISSUER], "market", SignerIsNotOwner),
    (locking(), [ANNA], "", CallerIsNoContract),
    (locking(ANNAS_STAMPS), [ANNA], "market", NotTransferable),
    (locking(lock_id=OTHER_LOCK, until=NOW), [ANNA], "market", UntilHasPassed),
    (locking(until=LATER), [ANNA], "market", UntilMovesForward),
    (locking(lock_id=LAPSING_LOCK, until=LAPSE - 1), [ANNA], "market", UntilMovesForward),
    (locking(amount=51), [ANNA], "market", NotEnough),
]

RELEASE: list[Row] = [
    (releasing(), [STRANGER], "market", accepted),
    (releasing(amount=30), [STRANGER], "market", accepted),
    (releasing(amount=1), [STRANGER], "market", accepted),
    (releasing(LAPSING_LOCK), [STRANGER], "market", accepted),
    (Release("asset", UNKNOWN, LOCK), [ANNA], "market", AccountNotFound),
    (releasing(), [ANNA], "", LockNotFound),
    (releasing(), [ANNA], "exchange", LockNotFound),
    (releasing(OTHER_LOCK), [ANNA], "market", LockNotFound),
    (releasing(amount=31), [STRANGER], "market", NotEnough),
]

MOVING: list[Row] = [
    (moving(), [STRANGER], "market", accepted),
    (moving(amount=30), [STRANGER], "market", accepted),
    (moving(target=key(ANNA)), [STRANGER], "market", accepted),
    (moving(target=VAULT), [STRANGER], "market", accepted),
    (moving(LAPSING_LOCK), [STRANGER], "market", accepted),
    (moving(holding=UNKNOWN), [STRANGER], "market", AccountNotFound),
    (moving(target=BAD_KEY), [STRANGER], "market", OwnerIsNoKey),
    (moving(amount=0), [STRANGER], "market", accepted),
    (moving(), [ANNA], "", LockNotFound),
    (moving(), [ANNA], "exchange", LockNotFound),
    (moving(OTHER_LOCK), [ANNA], "market", LockNotFound),
    (moving(amount=31), [STRANGER], "market", NotEnough),
]

RECLAIM: list[Row] = [
    (reclaiming(), [ANNA], "", accepted),
    (reclaiming(owner=BEN), [BEN], "", AccountNotFound),
    (reclaiming(), [STRANGER], "", SignerIsNotOwner),
    (reclaiming(OTHER_LOCK), [ANNA], "", LockNotFound),
    (reclaiming(LOCK), [ANNA], "", LockInForce),
]


@pytest.mark.parametrize(("command", "signers", "caller", "verdict"), [*LOCKING, *RELEASE, *MOVING])
def test_lock_release_and_move(
    command: Record, signers: list[int], caller: str, verdict: Verdict
) -> None:
    """Each is accepted from the contract that it should be, and refused for its own reason."""
    assert verdict == cast().execute(command, signers=signers, caller=caller)


@pytest.mark.parametrize(("command", "signers", "caller", "verdict"), RECLAIM)
def test_reclaim(command: Record, signers: list[int], caller: str, verdict: Verdict) -> None:
    """Once a lock has lapsed, and only then, its owner takes back what it holds."""
    assert verdict == cast().execute(command, signers=signers, caller=caller, time=LAPSE)


def test_a_lock_lapses_at_its_moment() -> None:
    """A moment before, the holder moves; at it, only the owner takes back."""
    trial = cast()
    assert accepted == trial.execute(
        moving(LAPSING_LOCK, amount=1), signers=[STRANGER], caller="market", time=LAPSE - 1
    )
    assert LockInForce == trial.execute(reclaiming(), signers=[ANNA])
    trial.move_to(LAPSE)
    late = moving(LAPSING_LOCK, amount=1)
    assert LockHasLapsed == trial.execute(late, signers=[STRANGER], caller="market")
    do(trial, reclaiming(), ANNA)
    assert (69, 30) == balance(trial, MONEY, ANNA)


def test_locks_add_up() -> None:
    """Locking again under one id holds more under that id; other ids are not touched."""
    trial = cast()
    do(trial, locking(amount=5), ANNA, caller="market")
    do(trial, locking(amount=7), ANNA, caller="exchange")
    held = {
        (holder, lock_id): trial.read(LockedAmount, lock_record_id(ANNAS_MONEY, holder, lock_id))
        for holder, lock_id in (("market", LOCK), ("exchange", LOCK), ("market", LAPSING_LOCK))
    }
    amounts = {place: each.amount for place, each in held.items() if each}
    assert {("market", LOCK): 35, ("exchange", LOCK): 7, ("market", LAPSING_LOCK): 20} == amounts
    assert (38, 62) == balance(trial, MONEY, ANNA)


@pytest.mark.parametrize("until", [LATER, 0])
def test_adding_to_a_lock_prolongs_the_whole_of_it(until: int) -> None:
    """What it held before stays with its holder for as long as what was added."""
    trial = cast()
    do(trial, locking(lock_id=LAPSING_LOCK, until=until, amount=5), ANNA, caller="market")
    trial.move_to(LATER - 1)
    assert LockInForce == trial.execute(reclaiming(), signers=[ANNA])
    do(trial, moving(LAPSING_LOCK, amount=25), STRANGER, caller="market")
    assert ((45, 30), (25, 0)) == (balance(trial, MONEY, ANNA), balance(trial, MONEY, BEN))


def test_what_is_locked_is_not_its_owners() -> None:
    """Neither transfer nor burning reaches it, by whoever signs."""
    trial = cast()
    for command in (
        Transfer(MONEY, key(ANNA), key(BEN), 51),
        Burn(MONEY, key(ANNA), 51, "all of it"),
    ):
        assert NotEnough == trial.execute(command, signers=[ANNA, ISSUER])


def test_an_empty_lock_is_gone() -> None:
    """Nothing stands for it any more."""
    trial = cast()
    do(trial, moving(amount=20), STRANGER, caller="market")
    do(trial, releasing(amount=10), STRANGER, caller="market")
    assert trial.read(LockedAmount, lock_record_id(ANNAS_MONEY, "market", LOCK)) is None
    assert ((60, 20), (20, 0)) == (balance(trial, MONEY, ANNA), balance(trial, MONEY, BEN))


def test_a_vault_obeys_its_contract_and_affair_alone() -> None:
    """Anybody pays in; out of it moves only the contract whose it is, under the same id."""
    trial = cast()
    do(trial, Transfer(MONEY, key(ANNA), VAULT, 40), ANNA)
    out = moving(OTHER_LOCK, holding=holding_id(MONEY, VAULT))
    for caller, command, verdict in (
        ("", out, LockNotFound),
        ("exchange", out, LockNotFound),
        ("market", moving(LOCK, holding=holding_id(MONEY, VAULT)), LockNotFound),
        ("market", moving(OTHER_LOCK, holding=holding_id(MONEY, VAULT), amount=41), NotEnough),
        ("market", out, accepted),
    ):
        assert verdict == trial.execute(command, signers=[ANNA], caller=caller)
    assert ((30, 0), (10, 0)) == (balance(trial, MONEY, VAULT), balance(trial, MONEY, BEN))


MESSAGES = [
    (locking(BENS_MONEY), "holding: nobody holds this unit there: id_"),
    (
        locking(lock_id=LAPSING_LOCK, until=LAPSE - 1),
        f"until: {format_milliseconds(LAPSE - 1)} is earlier than {format_milliseconds(LAPSE)}",
    ),
    (locking(until=LATER), f"until: {format_milliseconds(LATER)} is earlier than never"),
]


@pytest.mark.parametrize(("command", "expected"), MESSAGES)
def test_refusals_are_in_plain_words(command: Lock, expected: str) -> None:
    """Whoever has none of a unit is told so; times are dates."""
    trial = cast()
    signer = BEN if command.holding == BENS_MONEY else ANNA
    assert accepted != trial.execute(command, signers=[signer], caller="market")
    assert trial.message.startswith(expected)
