"""What a contract may do with a title that was locked for it, and nobody else."""

import pytest

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts.title.commands import Retire, Transfer
from tallystick.contracts.title.errors import (
    AmountIsNotOne,
    CallerIsNoContract,
    LockHasLapsed,
    LockNotFound,
    OwnerHasNotSigned,
    TargetIsNoKey,
    TitleIsLocked,
    TitleIsRetired,
    TitleNotFound,
    UntilHasPassed,
)
from tallystick.core.holding import Lock, LockedFor, Move, Release, vault
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.title.cases import (
    ALICE,
    BAD_KEY,
    BOB,
    CLERK,
    FIRST,
    LOCK,
    NOW,
    OTHER_LOCK,
    SECOND,
    STRANGER,
    UNKNOWN,
    WRECK,
    cast,
    do,
    locked,
    title_of,
)

Row = tuple[Record, list[int], str, Verdict]
"""A command, who signs, the calling contract if any, the verdict. The market holds SECOND."""

LAPSE = NOW + 100
BOBS = key(BOB)
VAULT = vault("market", OTHER_LOCK)


def locking(id: RecordId = FIRST, *, until: int = 0, amount: int = 0) -> Lock:
    """Return a lock as a contract would call it."""
    return Lock("title", id, LOCK, until, amount)


def releasing(id: RecordId = SECOND, lock_id: LockId = LOCK, *, amount: int = 0) -> Release:
    """Return a release as a contract would call it."""
    return Release("title", id, lock_id, amount)


def moving(
    id: RecordId = SECOND,
    lock_id: LockId = LOCK,
    *,
    amount: int = 1,
    target: PublicKey = BOBS,
) -> Move:
    """Return a move as a contract would call it."""
    return Move("title", id, lock_id, amount, target)


LOCKING: list[Row] = [
    (locking(), [ALICE], "market", accepted),
    (locking(amount=1), [ALICE], "exchange", accepted),
    (locking(until=NOW + 1), [ALICE], "market", accepted),
    (locking(UNKNOWN), [ALICE], "market", TitleNotFound),
    (locking(), [BOB], "market", OwnerHasNotSigned),
    (locking(), [CLERK], "market", OwnerHasNotSigned),
    (locking(), [ALICE], "", CallerIsNoContract),
    (locking(amount=2), [ALICE], "market", AmountIsNotOne),
    (locking(WRECK), [ALICE], "market", TitleIsRetired),
    (locking(SECOND), [ALICE], "market", TitleIsLocked),
    (locking(SECOND), [ALICE], "exchange", TitleIsLocked),
    (locking(until=NOW), [ALICE], "market", UntilHasPassed),
]

RELEASE: list[Row] = [
    (releasing(), [STRANGER], "market", accepted),
    (releasing(amount=1), [STRANGER], "market", accepted),
    (releasing(UNKNOWN), [ALICE], "market", TitleNotFound),
    (releasing(amount=2), [ALICE], "market", AmountIsNotOne),
    (releasing(), [ALICE], "", LockNotFound),
    (releasing(), [ALICE], "exchange", LockNotFound),
    (releasing(lock_id=OTHER_LOCK), [ALICE], "market", LockNotFound),
    (releasing(FIRST), [ALICE], "market", LockNotFound),
]

MOVING: list[Row] = [
    (moving(), [STRANGER], "market", accepted),
    (moving(amount=0), [STRANGER], "market", accepted),
    (moving(target=VAULT), [STRANGER], "market", accepted),
    (moving(UNKNOWN), [STRANGER], "market", TitleNotFound),
    (moving(target=BAD_KEY), [STRANGER], "market", TargetIsNoKey),
    (moving(amount=2), [STRANGER], "market", AmountIsNotOne),
    (moving(), [ALICE], "", LockNotFound),
    (moving(), [ALICE], "exchange", LockNotFound),
    (moving(lock_id=OTHER_LOCK), [ALICE], "market", LockNotFound),
    (moving(FIRST), [ALICE], "market", LockNotFound),
]

TABLES = (LOCKING, RELEASE, MOVING)


@pytest.mark.parametrize(
    ("command", "signers", "caller", "verdict"), [row for table in TABLES for row in table]
)
def test_lock_release_and_move(
    command: Record, signers: list[int], caller: str, verdict: Verdict
) -> None:
    """Each is accepted from the contract that it should be, and refused for its own reason."""
    trial = cast()
    locked(trial, SECOND)
    assert verdict == trial.execute(command, signers=signers, caller=caller)


def test_a_lock_says_whom_it_obeys() -> None:
    """It is written as it was asked for; a move takes it away with the owner."""
    trial = cast()
    locked(trial, until=LAPSE)
    assert LockedFor("market", LOCK, LAPSE) == title_of(trial, FIRST).lock
    assert accepted == trial.execute(moving(FIRST), signers=[STRANGER], caller="market")
    assert (key(BOB), None, 3) == (
        title_of(trial, FIRST).owner,
        title_of(trial, FIRST).lock,
        title_of(trial, FIRST).revision,
    )
    do(trial, Transfer(FIRST, key(ALICE)), BOB)


def test_a_lock_lapses_at_its_moment() -> None:
    """A moment before, the holder moves; at it, it may only let go, and another may lock."""
    trial = cast()
    locked(trial, until=LAPSE)
    locked(trial, SECOND, until=LAPSE)
    moves, last = moving(FIRST), [moving(SECOND), releasing(SECOND)]
    assert accepted == trial.execute(moves, signers=[STRANGER], caller="market", time=LAPSE - 1)
    trial.move_to(LAPSE)
    verdicts = [trial.execute(each, signers=[STRANGER], caller="market") for each in last]
    assert [LockHasLapsed, accepted] == verdicts
    assert key(ALICE) == title_of(trial, SECOND).owner


def test_what_lapsed_can_be_locked_for_another() -> None:
    """And the first holder has nothing any more."""
    trial = cast()
    locked(trial, until=LAPSE)
    trial.move_to(LAPSE)
    fresh = Lock("title", FIRST, OTHER_LOCK, 0)
    assert accepted == trial.execute(fresh, signers=[ALICE], caller="exchange")
    assert LockNotFound == trial.execute(releasing(FIRST), signers=[ALICE], caller="market")


def test_a_vault_obeys_its_contract_and_affair_alone() -> None:
    """Anybody puts a title in; out of it moves only the contract whose it is, by the same id."""
    trial = cast()
    do(trial, Transfer(FIRST, VAULT), ALICE)
    for caller, lock_id, verdict in (
        ("", OTHER_LOCK, LockNotFound),
        ("exchange", OTHER_LOCK, LockNotFound),
        ("market", LOCK, LockNotFound),
        ("market", OTHER_LOCK, accepted),
    ):
        assert verdict == trial.execute(moving(FIRST, lock_id), signers=[ALICE], caller=caller)
    assert OwnerHasNotSigned == trial.execute(Retire(FIRST), signers=[ALICE])
    do(trial, Retire(FIRST), BOB)
