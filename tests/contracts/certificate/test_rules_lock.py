"""Lock, release and pledge, each as a table, tried with a contract that exists only here."""

import pytest

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.certificate.commands import Pledge, Withdraw
from tallystick.contracts.certificate.errors import (
    AlreadyIssued,
    AlreadyLocked,
    CallerIsNoContract,
    CertificateNotActive,
    CertificateNotFound,
    LockedForAnother,
    LockedInPart,
    LockNotInForce,
    PledgeInForce,
    SignerIsNotOwner,
    UntilHasPassed,
    WrongLockId,
)
from tallystick.contracts.certificate.model import Pledge as StandingPledge
from tallystick.contracts.certificate.model import Status
from tallystick.core.errors import UnknownCommand
from tallystick.core.holding import Lock, LockedFor, Release
from tallystick.testing.factories import BEGIN, ISSUING_BODY, QUARTER, STRANGER, measurement_of
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.certificate import locker
from tests.contracts.certificate.cases import (
    ACTIVE,
    ACTIVE_OWNER,
    CLAIMED,
    CLAIMED_OWNER,
    CUT_OWNER,
    FREE_CONSUMER,
    LAPSED,
    LAPSED_CONSUMER,
    LAPSED_OWNER,
    LATER,
    LOCK,
    LOCKED,
    LOCKED_OWNER,
    MOVED,
    MOVED_OWNER,
    NOW,
    OTHER_LOCK,
    PLEDGED_CONSUMER,
    PLEDGED_CONSUMPTION,
    PLEDGED_OWNER,
    UNISSUED,
    UNISSUED_OWNER,
    UNKNOWN,
    WITHDRAWN,
    WITHDRAWN_OWNER,
    audit,
    cast,
    certificate,
    do,
    status,
    transfer,
)
from tests.contracts.certificate.locker import Free, Keep, Use

Row = tuple[Record, list[int], str, Verdict]
"""A command, the numbers of the keys that sign, the calling contract if any, and the verdict."""

FUTURE = BEGIN + 96 * QUARTER


def locking(id: RecordId, *, until: int = 0) -> Lock:
    """Return a lock as a contract would call it."""
    return Lock("certificate", id, LOCK, until)


def pledging(owner: int, *, begin: int = BEGIN, until: int = LATER) -> Pledge:
    """Return a pledge to the locker."""
    return Pledge(key(owner), begin, locker.NAME, LOCK, until)


LOCKING: list[Row] = [
    (Keep(ACTIVE, LOCK, 0), [ACTIVE_OWNER], "", accepted),
    (Keep(ACTIVE, LOCK, NOW + 1), [ACTIVE_OWNER], "", accepted),
    (Keep(LAPSED, OTHER_LOCK, 0), [LAPSED_OWNER], "", accepted),
    (locking(ACTIVE), [ACTIVE_OWNER], "market", accepted),
    (Keep(UNKNOWN, LOCK, 0), [ACTIVE_OWNER], "", CertificateNotFound),
    (Keep(UNISSUED, LOCK, 0), [UNISSUED_OWNER], "", CertificateNotFound),
    (locking(ACTIVE), [ACTIVE_OWNER], "", CallerIsNoContract),
    (Keep(ACTIVE, LOCK, 0), [STRANGER], "", SignerIsNotOwner),
    (Keep(LOCKED, LOCK, 0), [STRANGER], "", SignerIsNotOwner),
    (Keep(MOVED, LOCK, 0), [MOVED_OWNER], "", CertificateNotActive),
    (Keep(CLAIMED, LOCK, 0), [CLAIMED_OWNER], "", CertificateNotActive),
    (Keep(WITHDRAWN, LOCK, 0), [WITHDRAWN_OWNER], "", CertificateNotActive),
    (Keep(ACTIVE, LOCK, NOW), [ACTIVE_OWNER], "", UntilHasPassed),
    (Keep(ACTIVE, LOCK, 1), [ACTIVE_OWNER], "", UntilHasPassed),
    (Keep(LOCKED, OTHER_LOCK, 0), [LOCKED_OWNER], "", AlreadyLocked),
    (locking(LOCKED), [LOCKED_OWNER], "market", AlreadyLocked),
    (Lock("certificate", ACTIVE, LOCK, 0, 1), [ACTIVE_OWNER], "market", LockedInPart),
    (Lock("measurement", ACTIVE, LOCK, 0), [ACTIVE_OWNER], "", UnknownCommand),
    (Lock("nowhere", ACTIVE, LOCK, 0), [ACTIVE_OWNER], "", UnknownCommand),
]

RELEASE: list[Row] = [
    (Free(LOCKED, LOCK), [STRANGER], "", accepted),
    (Free(LAPSED, LOCK), [STRANGER], "", accepted),
    (Free(PLEDGED_CONSUMPTION, LOCK), [STRANGER], "", accepted),
    (Free(UNKNOWN, LOCK), [STRANGER], "", CertificateNotFound),
    (Free(UNISSUED, LOCK), [STRANGER], "", CertificateNotFound),
    (Release("certificate", LOCKED, LOCK, 1), [STRANGER], locker.NAME, LockedInPart),
    (Release("certificate", LOCKED, LOCK), [LOCKED_OWNER], "", LockedForAnother),
    (Release("certificate", LOCKED, LOCK), [LOCKED_OWNER], "market", LockedForAnother),
    (
        Release("certificate", PLEDGED_CONSUMPTION, LOCK),
        [PLEDGED_CONSUMER],
        "",
        LockedForAnother,
    ),
    (Free(LOCKED, OTHER_LOCK), [LOCKED_OWNER], "", WrongLockId),
    (Free(PLEDGED_CONSUMPTION, OTHER_LOCK), [PLEDGED_CONSUMER], "", WrongLockId),
    (Free(ACTIVE, LOCK), [ACTIVE_OWNER], "", LockNotInForce),
]

PLEDGE: list[Row] = [
    (pledging(FREE_CONSUMER), [FREE_CONSUMER], "", accepted),
    (pledging(UNISSUED_OWNER), [UNISSUED_OWNER], "", accepted),
    (pledging(STRANGER, begin=FUTURE), [STRANGER], "", accepted),
    (pledging(LAPSED_CONSUMER), [LAPSED_CONSUMER], "", accepted),
    (pledging(FREE_CONSUMER, until=NOW + 1), [FREE_CONSUMER], "", accepted),
    (pledging(FREE_CONSUMER), [STRANGER], "", SignerIsNotOwner),
    (pledging(FREE_CONSUMER), [ISSUING_BODY], "", SignerIsNotOwner),
    (pledging(STRANGER, begin=FUTURE), [FREE_CONSUMER], "", SignerIsNotOwner),
    (pledging(ACTIVE_OWNER), [ACTIVE_OWNER], "", AlreadyIssued),
    (pledging(MOVED_OWNER), [MOVED_OWNER], "", AlreadyIssued),
    (pledging(FREE_CONSUMER, until=NOW), [FREE_CONSUMER], "", UntilHasPassed),
    (pledging(FREE_CONSUMER, until=0), [FREE_CONSUMER], "", UntilHasPassed),
    (pledging(PLEDGED_CONSUMER), [PLEDGED_CONSUMER], "", PledgeInForce),
    (pledging(PLEDGED_OWNER), [PLEDGED_OWNER], "", PledgeInForce),
    (
        Pledge(key(FREE_CONSUMER), BEGIN, "No Contract", LOCK, LATER),
        [FREE_CONSUMER],
        "",
        UnknownCommand,
    ),
]

LADDERS: list[list[Row]] = [
    [
        (locking(UNKNOWN, until=1), [STRANGER], "", CertificateNotFound),
        (locking(MOVED, until=1), [STRANGER], "", CallerIsNoContract),
        (locking(MOVED, until=1), [STRANGER], "market", SignerIsNotOwner),
        (locking(MOVED, until=1), [MOVED_OWNER], "market", CertificateNotActive),
        (locking(LOCKED, until=1), [LOCKED_OWNER], "market", UntilHasPassed),
        (locking(LOCKED), [LOCKED_OWNER], "market", AlreadyLocked),
    ],
    [
        (pledging(ACTIVE_OWNER, until=1), [STRANGER], "", SignerIsNotOwner),
        (pledging(ACTIVE_OWNER, until=1), [ACTIVE_OWNER], "", AlreadyIssued),
        (pledging(PLEDGED_OWNER, until=1), [PLEDGED_OWNER], "", UntilHasPassed),
        (pledging(PLEDGED_OWNER), [PLEDGED_OWNER], "", PledgeInForce),
    ],
    [
        (Release("certificate", LOCKED, OTHER_LOCK), [STRANGER], "", LockedForAnother),
        (Release("certificate", LOCKED, OTHER_LOCK), [STRANGER], "locker", WrongLockId),
    ],
]


@pytest.mark.parametrize(("command", "signers", "caller", "verdict"), [*LOCKING, *RELEASE, *PLEDGE])
def test_lock_release_and_pledge(
    command: Record, signers: list[int], caller: str, verdict: Verdict
) -> None:
    """Each command is accepted from whom it should be, and refused for its own reason."""
    assert verdict == cast().execute(command, signers=signers, caller=caller)


@pytest.mark.parametrize(
    ("command", "signers", "caller", "verdict"), [row for rows in LADDERS for row in rows]
)
def test_the_lowest_code_is_given(
    command: Record, signers: list[int], caller: str, verdict: Verdict
) -> None:
    """When several reasons apply, the first of errors.py is given."""
    assert verdict == cast().execute(command, signers=signers, caller=caller)


def test_a_lock_names_the_contract_that_called() -> None:
    """Nobody can lock a certificate for somebody else."""
    trial = cast()
    do(trial, Keep(ACTIVE, LOCK, LATER), ACTIVE_OWNER)
    assert LockedFor(locker.NAME, LOCK, LATER) == certificate(trial, ACTIVE).lock
    assert Status.LOCKED == status(trial, ACTIVE)
    do(trial, Free(ACTIVE, LOCK), STRANGER)
    assert certificate(trial, ACTIVE).lock is None
    transfer(trial, ACTIVE, ACTIVE_OWNER, CUT_OWNER)
    assert [] == audit(trial)


def test_a_lock_lapses_to_the_millisecond() -> None:
    """It binds until the very millisecond before, and not from then on."""
    trial = cast()
    trial.move_to(LATER - 1)
    assert Status.LOCKED == status(trial, LOCKED)
    trial.move_to(LATER)
    assert Status.ACTIVE == status(trial, LOCKED)
    transfer(trial, LOCKED, LOCKED_OWNER, CUT_OWNER)


def test_a_lock_without_an_end_never_lapses() -> None:
    """Until nothing but its holder ends it."""
    trial = cast()
    do(trial, Keep(ACTIVE, LOCK, 0), ACTIVE_OWNER)
    trial.move_to(LATER * 2)
    assert Status.LOCKED == status(trial, ACTIVE)


def test_a_holder_can_close_its_affair_whatever_happened_meanwhile() -> None:
    """Withdrawn or moved after a lapse, a certificate is released without a fuss, once."""
    trial = cast()
    do(trial, Withdraw(LOCKED, "wrong source"), ISSUING_BODY)
    transfer(trial, LAPSED, LAPSED_OWNER, CUT_OWNER)
    for id in (LOCKED, LAPSED):
        before = certificate(trial, id).next
        do(trial, Free(id, LOCK), STRANGER)
        assert before == certificate(trial, id).next
        assert LockNotInForce == trial.execute(Free(id, LOCK), signers=[STRANGER])


def test_a_lapsed_holder_cannot_release_the_next_ones_lock() -> None:
    """A lock that took the place of a lapsed one is another's affair."""
    trial = cast()
    assert accepted == trial.execute(locking(LAPSED), signers=[LAPSED_OWNER], caller="market")
    assert LockedForAnother == trial.execute(Free(LAPSED, LOCK), signers=[STRANGER])


def test_a_pledge_stands_under_the_id_of_the_measurement_to_come() -> None:
    """Its id is made of the owner's key and the begin, so it takes the owner to make it."""
    trial = cast()
    do(trial, pledging(STRANGER, begin=FUTURE), STRANGER)
    expected = StandingPledge(locker.NAME, LOCK, LATER)
    assert expected == trial.read(StandingPledge, measurement_of(STRANGER, begin=FUTURE))


def test_a_released_pledge_is_gone() -> None:
    """The consumption is closed to the holder, and the owner may pledge it again."""
    trial = cast()
    do(trial, Free(PLEDGED_CONSUMPTION, LOCK), STRANGER)
    assert trial.read(StandingPledge, PLEDGED_CONSUMPTION) is None
    used = Use(LOCKED, PLEDGED_CONSUMPTION, LOCK)
    assert accepted != trial.execute(used, signers=[STRANGER])
    do(trial, pledging(PLEDGED_CONSUMER), PLEDGED_CONSUMER)
    assert accepted == trial.execute(used, signers=[STRANGER])
