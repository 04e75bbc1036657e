"""Issue, transfer and split, each as a table: who signs what, and what the ledger says."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts.certificate.commands import Issue, Split, SplitPart, Transfer, Withdraw
from tallystick.contracts.certificate.errors import (
    AlreadyIssued,
    CertificateNotActive,
    CertificateNotFound,
    CodesNotPermitted,
    LockedForAnother,
    LockNotInForce,
    MeasurementNotFound,
    NothingToIssue,
    NotProduction,
    PartBelowOneWattHour,
    PartsDoNotSumToWhole,
    QualityNotAllowed,
    SignerIsNotIssuingBody,
    SignerIsNotOwner,
    TooManyParts,
    WrongLockId,
)
from tallystick.contracts.certificate.model import (
    Action,
    Certificate,
    CertificateParameters,
    Next,
    Pledge,
    Status,
    child_id,
)
from tallystick.contracts.measurement.commands import Correct as CorrectMeasurement
from tallystick.contracts.measurement.errors import RelierMustCorrect
from tallystick.contracts.measurement.model import Measurement, Quality
from tallystick.core.errors import UnknownCommand
from tallystick.core.holding import LockedFor
from tallystick.testing.factories import (
    BEGIN,
    ISSUING_BODY,
    OTHER_ISSUING_BODY,
    PUBLISHER,
    QUARTER,
    STRANGER,
    VILLAGE,
    publish,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.certificate import locker
from tests.contracts.certificate.cases import (
    ACTIVE,
    ACTIVE_OWNER,
    BROKEN,
    BROKEN_OWNER,
    BUYER,
    CLAIMED,
    CLAIMED_OWNER,
    CUT,
    CUT_OWNER,
    CUT_PARTS,
    EMISSION,
    ESTIMATED,
    FREE_CONSUMPTION,
    HEIR,
    LAPSED,
    LAPSED_OWNER,
    LATER,
    LOCK,
    LOCKED,
    LOCKED_OWNER,
    MOVED,
    MOVED_CHILD,
    MOVED_OWNER,
    NOW,
    OTHER_LOCK,
    PLEDGE_LAPSED,
    PLEDGED,
    PLEDGED_OWNER,
    RECLAIMED,
    RECLAIMED_OWNER,
    SOLAR,
    UNISSUED,
    UNISSUED_OWNER,
    UNKNOWN,
    WITHDRAWN,
    WITHDRAWN_OWNER,
    ZERO,
    amounts,
    audit,
    cast,
    certificate,
    certified,
    do,
    produce,
    split,
    status,
    transfer,
)
from tests.contracts.certificate.locker import Cut, Keep, Move

Row = tuple[Record, list[int], str, Verdict]
"""A command, the numbers of the keys that sign, the calling contract if any, and the verdict."""

IMPOSSIBLE_PAIR = "T020002", "F01040100"


def moving(id: RecordId, *, lock: LockId | None = None) -> Transfer:
    """Return a transfer to an heir."""
    return Transfer(id, key(HEIR), lock)


def cutting(id: RecordId, *amounts_wh: int, lock: LockId | None = None) -> Split:
    """Return a split into amounts for an heir."""
    parts = tuple(SplitPart(amount_wh, key(HEIR)) for amount_wh in amounts_wh)
    return Split(id, parts, lock)


ISSUE: list[Row] = [
    (Issue(UNISSUED, *SOLAR), [ISSUING_BODY], "", accepted),
    (Issue(UNISSUED, *SOLAR), [STRANGER, ISSUING_BODY], "", accepted),
    (Issue(PLEDGED, *SOLAR), [ISSUING_BODY], "", accepted),
    (Issue(PLEDGE_LAPSED, "T070000", "F00000000"), [ISSUING_BODY], "", accepted),
    (Issue(UNKNOWN, *SOLAR), [ISSUING_BODY], "", MeasurementNotFound),
    (Issue(MOVED_CHILD, *SOLAR), [ISSUING_BODY], "", MeasurementNotFound),
    (Issue(UNISSUED, *SOLAR), [STRANGER], "", SignerIsNotIssuingBody),
    (Issue(UNISSUED, *SOLAR), [PUBLISHER], "", SignerIsNotIssuingBody),
    (Issue(UNISSUED, *SOLAR), [OTHER_ISSUING_BODY], "", SignerIsNotIssuingBody),
    (Issue(FREE_CONSUMPTION, *SOLAR), [ISSUING_BODY], "", NotProduction),
    (Issue(EMISSION, *SOLAR), [ISSUING_BODY], "", NotProduction),
    (Issue(ACTIVE, *SOLAR), [ISSUING_BODY], "", AlreadyIssued),
    (Issue(MOVED, *SOLAR), [ISSUING_BODY], "", AlreadyIssued),
    (Issue(CLAIMED, *SOLAR), [ISSUING_BODY], "", AlreadyIssued),
    (Issue(WITHDRAWN, *SOLAR), [ISSUING_BODY], "", AlreadyIssued),
    (Issue(ESTIMATED, *SOLAR), [ISSUING_BODY], "", QualityNotAllowed),
    (Issue(ZERO, *SOLAR), [ISSUING_BODY], "", NothingToIssue),
    (Issue(UNISSUED, *IMPOSSIBLE_PAIR), [ISSUING_BODY], "", CodesNotPermitted),
    (Issue(UNISSUED, "T01000", "F01040100"), [ISSUING_BODY], "", CodesNotPermitted),
    (Issue(UNISSUED, "T010000", "X01040100"), [ISSUING_BODY], "", CodesNotPermitted),
    (Issue(UNISSUED, "T010000", ""), [ISSUING_BODY], "", UnknownCommand),
    (Issue(RecordId(b"short"), *SOLAR), [ISSUING_BODY], "", UnknownCommand),
]

TRANSFER: list[Row] = [
    (moving(ACTIVE), [ACTIVE_OWNER], "", accepted),
    (moving(ACTIVE), [ACTIVE_OWNER, STRANGER], "", accepted),
    (moving(ACTIVE), [ACTIVE_OWNER], "locker", accepted),
    (moving(ACTIVE, lock=LOCK), [ACTIVE_OWNER], "", accepted),
    (moving(MOVED_CHILD), [BUYER], "", accepted),
    (moving(CUT_PARTS[0]), [CUT_OWNER], "", accepted),
    (moving(LAPSED), [LAPSED_OWNER], "", accepted),
    (Move(LOCKED, key(HEIR), LOCK), [STRANGER], "", accepted),
    (Move(ACTIVE, key(HEIR), None), [ACTIVE_OWNER], "", accepted),
    (moving(UNKNOWN), [ACTIVE_OWNER], "", CertificateNotFound),
    (moving(UNISSUED), [ACTIVE_OWNER], "", CertificateNotFound),
    (moving(LOCKED), [LOCKED_OWNER], "", LockedForAnother),
    (moving(LOCKED, lock=LOCK), [LOCKED_OWNER], "", LockedForAnother),
    (moving(LOCKED, lock=LOCK), [STRANGER], "", LockedForAnother),
    (moving(LOCKED, lock=LOCK), [LOCKED_OWNER], "market", LockedForAnother),
    (Move(LOCKED, key(HEIR), None), [LOCKED_OWNER], "", WrongLockId),
    (Move(LOCKED, key(HEIR), OTHER_LOCK), [LOCKED_OWNER], "", WrongLockId),
    (Move(LAPSED, key(HEIR), LOCK), [STRANGER], "", LockNotInForce),
    (Move(ACTIVE, key(HEIR), LOCK), [STRANGER], "", LockNotInForce),
    (moving(ACTIVE), [STRANGER], "", SignerIsNotOwner),
    (moving(ACTIVE), [ISSUING_BODY], "", SignerIsNotOwner),
    (moving(ACTIVE), [HEIR], "", SignerIsNotOwner),
    (moving(ACTIVE), [STRANGER], "locker", SignerIsNotOwner),
    (moving(MOVED_CHILD), [MOVED_OWNER], "", SignerIsNotOwner),
    (moving(LAPSED), [STRANGER], "", SignerIsNotOwner),
    (moving(MOVED), [MOVED_OWNER], "", CertificateNotActive),
    (moving(CUT), [CUT_OWNER], "", CertificateNotActive),
    (moving(CLAIMED), [CLAIMED_OWNER], "", CertificateNotActive),
    (moving(WITHDRAWN), [WITHDRAWN_OWNER], "", CertificateNotActive),
    (moving(RECLAIMED), [RECLAIMED_OWNER], "", CertificateNotActive),
    (moving(BROKEN), [BROKEN_OWNER], "", CertificateNotActive),
    (Transfer(ACTIVE, PublicKey(b"\x02"), None), [ACTIVE_OWNER], "", UnknownCommand),
]

SPLIT: list[Row] = [
    (cutting(ACTIVE, 1_000), [ACTIVE_OWNER], "", accepted),
    (cutting(ACTIVE, 1, 999), [ACTIVE_OWNER], "", accepted),
    (cutting(ACTIVE, *[1] * 255, 745), [ACTIVE_OWNER], "", accepted),
    (cutting(LAPSED, 400, 600), [LAPSED_OWNER], "", accepted),
    (Cut(LOCKED, cutting(LOCKED, 400, 600).parts, LOCK), [STRANGER], "", accepted),
    (cutting(UNKNOWN, 1_000), [ACTIVE_OWNER], "", CertificateNotFound),
    (cutting(LOCKED, 1_000), [LOCKED_OWNER], "", LockedForAnother),
    (Cut(LOCKED, cutting(LOCKED, 1_000).parts, None), [LOCKED_OWNER], "", WrongLockId),
    (Cut(LAPSED, cutting(LAPSED, 1_000).parts, LOCK), [STRANGER], "", LockNotInForce),
    (cutting(ACTIVE, 1_000), [STRANGER], "", SignerIsNotOwner),
    (cutting(MOVED, 1_000), [MOVED_OWNER], "", CertificateNotActive),
    (cutting(CUT, 300, 700), [CUT_OWNER], "", CertificateNotActive),
    (cutting(ACTIVE, 0, 1_000), [ACTIVE_OWNER], "", PartBelowOneWattHour),
    (cutting(ACTIVE, 999, 0, 1), [ACTIVE_OWNER], "", PartBelowOneWattHour),
    (cutting(ACTIVE, 999), [ACTIVE_OWNER], "", PartsDoNotSumToWhole),
    (cutting(ACTIVE, 1_001), [ACTIVE_OWNER], "", PartsDoNotSumToWhole),
    (cutting(ACTIVE, 500, 501), [ACTIVE_OWNER], "", PartsDoNotSumToWhole),
    (cutting(ACTIVE, 2**53 - 1, 2**53 - 1), [ACTIVE_OWNER], "", PartsDoNotSumToWhole),
    (cutting(ACTIVE, -1, 1_001), [ACTIVE_OWNER], "", UnknownCommand),
    (cutting(ACTIVE, 2**53), [ACTIVE_OWNER], "", UnknownCommand),
    (cutting(ACTIVE), [ACTIVE_OWNER], "", UnknownCommand),
    (cutting(ACTIVE, *[1] * 257), [ACTIVE_OWNER], "", UnknownCommand),
]

FEW_PARTS: list[tuple[int, Verdict]] = [(3, accepted), (4, TooManyParts)]

LADDERS: list[list[Row]] = [
    [
        (Issue(UNKNOWN, *IMPOSSIBLE_PAIR), [STRANGER], "", MeasurementNotFound),
        (Issue(EMISSION, *IMPOSSIBLE_PAIR), [STRANGER], "", SignerIsNotIssuingBody),
        (Issue(EMISSION, *IMPOSSIBLE_PAIR), [ISSUING_BODY], "", NotProduction),
        (Issue(ACTIVE, *IMPOSSIBLE_PAIR), [ISSUING_BODY], "", AlreadyIssued),
        (Issue(ESTIMATED, *IMPOSSIBLE_PAIR), [ISSUING_BODY], "", QualityNotAllowed),
        (Issue(ZERO, *IMPOSSIBLE_PAIR), [ISSUING_BODY], "", NothingToIssue),
        (Issue(UNISSUED, *IMPOSSIBLE_PAIR), [ISSUING_BODY], "", CodesNotPermitted),
    ],
    [
        (cutting(UNKNOWN, 0, lock=LOCK), [STRANGER], "", CertificateNotFound),
        (cutting(LOCKED, 0, lock=OTHER_LOCK), [STRANGER], "", LockedForAnother),
        (cutting(LOCKED, 0, lock=OTHER_LOCK), [STRANGER], "locker", WrongLockId),
        (cutting(MOVED, 0, lock=LOCK), [STRANGER], "", LockNotInForce),
        (cutting(MOVED, 0), [STRANGER], "", SignerIsNotOwner),
        (cutting(MOVED, 0), [MOVED_OWNER], "", CertificateNotActive),
        (cutting(ACTIVE, 0), [ACTIVE_OWNER], "", PartBelowOneWattHour),
        (cutting(ACTIVE, 1), [ACTIVE_OWNER], "", PartsDoNotSumToWhole),
    ],
]


@pytest.mark.parametrize(("command", "signers", "caller", "verdict"), [*ISSUE, *TRANSFER, *SPLIT])
def test_issue_transfer_and_split(
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


@pytest.mark.parametrize(("count", "verdict"), FEW_PARTS)
def test_a_ledger_limits_the_parts_of_a_split(count: int, verdict: Verdict) -> None:
    """A split makes at most as many parts as the parameters say."""
    trial = certified(CertificateParameters(split_parts_max=3))
    id = produce(trial, ACTIVE_OWNER, count)
    assert verdict == trial.execute(cutting(id, *[1] * count), signers=[ACTIVE_OWNER])


def test_an_issued_certificate_is_the_measurement_with_its_source() -> None:
    """It stands under the measurement's id, for the whole amount, and belongs to its owner."""
    trial = cast()
    do(trial, Issue(UNISSUED, "T010000", "F01040100"), ISSUING_BODY)
    measurement = trial.read(Measurement, UNISSUED)
    assert measurement is not None
    expected = Certificate(
        origin=UNISSUED,
        measurement=UNISSUED,
        begin=BEGIN,
        end=BEGIN + QUARTER,
        amount_wh=1_000,
        sector=VILLAGE,
        technology="T010000",
        fuel="F01040100",
        owner=measurement.owner,
        created_at=NOW,
    )
    assert expected == certificate(trial, UNISSUED)
    assert "certificate" == measurement.relier


def test_an_issued_measurement_is_corrected_through_its_certificate() -> None:
    """Whoever published it can no longer change the figure behind the certificate's back."""
    trial = cast()
    correction = CorrectMeasurement(ACTIVE, 999, Quality.MEASURED)
    assert RelierMustCorrect == trial.execute(correction, signers=[ISSUING_BODY])
    correction = CorrectMeasurement(UNISSUED, 999, Quality.MEASURED)
    assert accepted == trial.execute(correction, signers=[ISSUING_BODY])


def test_pledged_production_is_born_locked() -> None:
    """A pledge in force becomes the certificate's lock; either way it has done its work."""
    trial = cast()
    do(trial, [Issue(PLEDGED, *SOLAR), Issue(PLEDGE_LAPSED, *SOLAR)], ISSUING_BODY)
    assert LockedFor(locker.NAME, LOCK, LATER) == certificate(trial, PLEDGED).lock
    assert certificate(trial, PLEDGE_LAPSED).lock is None
    assert [Status.LOCKED, Status.ACTIVE] == [status(trial, id) for id in (PLEDGED, PLEDGE_LAPSED)]
    assert trial.read(Pledge, PLEDGED) is None
    assert trial.read(Pledge, PLEDGE_LAPSED) is None
    assert LockedForAnother == trial.execute(moving(PLEDGED), signers=[PLEDGED_OWNER])
    assert accepted == trial.execute(Move(PLEDGED, key(HEIR), LOCK), signers=[STRANGER])


def test_what_was_born_locked_is_free_once_the_pledge_lapses() -> None:
    """The lock lasts as long as the pledge, to the millisecond."""
    trial = cast()
    do(trial, Issue(PLEDGED, *SOLAR), ISSUING_BODY)
    trial.move_to(LATER - 1)
    assert LockedForAnother == trial.execute(moving(PLEDGED), signers=[PLEDGED_OWNER])
    trial.move_to(LATER)
    assert LockNotInForce == trial.execute(Move(PLEDGED, key(HEIR), LOCK), signers=[STRANGER])
    assert accepted == trial.execute(moving(PLEDGED), signers=[PLEDGED_OWNER])


def test_a_transfer_writes_next_and_origin() -> None:
    """The old certificate points to the new one and back; everything else is the same."""
    trial = cast()
    child = transfer(trial, ACTIVE, ACTIVE_OWNER, BUYER)
    old, new = certificate(trial, ACTIVE), certificate(trial, child)
    assert Next(Action.TRANSFER, (child,), NOW) == old.next
    assert (ACTIVE, ACTIVE, key(BUYER), 1_000, NOW) == (
        new.origin,
        new.measurement,
        new.owner,
        new.amount_wh,
        new.created_at,
    )
    assert (old.begin, old.end, old.sector, old.technology, old.fuel) == (
        new.begin,
        new.end,
        new.sector,
        new.technology,
        new.fuel,
    )
    assert new.next is None


def test_a_split_gives_exactly_the_parts_asked_for() -> None:
    """There are as many certificates as parts, each with its amount and owner, and no more."""
    trial = cast()
    owners = (ACTIVE_OWNER, BUYER, HEIR)
    ids = split(trial, ACTIVE, ACTIVE_OWNER, [(250, owners[0]), (1, owners[1]), (749, owners[2])])
    assert Next(Action.SPLIT, tuple(ids), NOW) == certificate(trial, ACTIVE).next
    parts = [certificate(trial, id) for id in ids]
    expected = [(250, key(owners[0])), (1, key(owners[1])), (749, key(owners[2]))]
    assert expected == [(part.amount_wh, part.owner) for part in parts]
    assert {(ACTIVE, ACTIVE)} == {(part.origin, part.measurement) for part in parts}
    assert trial.read(Certificate, child_id(ACTIVE, "SPLIT", 3)) is None
    assert [] == audit(trial)


def test_under_a_lock_what_stays_with_the_owner_stays_locked() -> None:
    """A market that sells a part of what it holds still holds the rest."""
    trial = cast()
    parts = (SplitPart(400, key(BUYER)), SplitPart(600, key(LOCKED_OWNER)))
    do(trial, Cut(LOCKED, parts, LOCK), STRANGER)
    sold, rest = (child_id(LOCKED, "SPLIT", n) for n in range(2))
    assert [(400, Status.ACTIVE), (600, Status.LOCKED)] == amounts(trial, sold, rest)
    assert LockedFor(locker.NAME, LOCK, LATER) == certificate(trial, rest).lock
    do(trial, Move(rest, key(LOCKED_OWNER), LOCK), STRANGER)
    moved = child_id(rest, "TRANSFER", 0)
    assert Status.LOCKED == status(trial, moved)
    do(trial, Move(moved, key(BUYER), LOCK), STRANGER)
    assert Status.ACTIVE == status(trial, child_id(moved, "TRANSFER", 0))


def test_a_lock_says_nothing_once_its_certificate_is_gone() -> None:
    """The owner of a locked certificate that was withdrawn learns that, not who had held it."""
    trial = cast()
    do(trial, Withdraw(LOCKED, "wrong source"), ISSUING_BODY)
    assert CertificateNotActive == trial.execute(moving(LOCKED), signers=[LOCKED_OWNER])
    assert "withdrawn" in trial.message


def test_a_lapsed_lock_is_not_handed_on() -> None:
    """What an owner moves after a lock has lapsed is free."""
    trial = cast()
    parts = split(trial, LAPSED, LAPSED_OWNER, [(400, LAPSED_OWNER), (600, BUYER)])
    assert [None, None] == [certificate(trial, part).lock for part in parts]


def test_a_certificate_expires_to_the_millisecond() -> None:
    """It can be used until the very millisecond before, by its owner and under a lock alike."""
    expiry = (BEGIN + QUARTER + 100_000) * 1_000
    trial = certified(CertificateParameters(expiry_seconds=100_000))
    ids = [produce(trial, owner) for owner in (301, 302, 303)]
    do(trial, Keep(ids[1], LOCK, 0), 302)
    trial.move_to(expiry - 1)
    assert [Status.ACTIVE, Status.LOCKED] == [status(trial, id) for id in ids[:2]]
    child = transfer(trial, ids[2], 303, BUYER)
    trial.move_to(expiry)
    assert [Status.EXPIRED] * 2 == [status(trial, id) for id in ids[:2]]
    assert CertificateNotActive == trial.execute(moving(ids[0]), signers=[301])
    assert CertificateNotActive == trial.execute(moving(child), signers=[BUYER])
    assert CertificateNotActive == trial.execute(Move(ids[1], key(HEIR), LOCK), signers=[302])
    assert "expired" in trial.message
    assert [] == audit(trial)


def test_nobody_can_occupy_what_a_certificate_will_be() -> None:
    """An id names the owner's key or the parent, so nobody can make something stand there first."""
    trial = cast()
    attempts: list[tuple[Record, list[int]]] = [
        (publish(UNISSUED_OWNER), [PUBLISHER]),
        (Issue(child_id(ACTIVE, "TRANSFER", 0), *SOLAR), [ISSUING_BODY]),
        (moving(child_id(ACTIVE, "TRANSFER", 0)), [ACTIVE_OWNER]),
        (moving(child_id(ACTIVE, "SPLIT", 0)), [ACTIVE_OWNER]),
    ]
    for command, signers in attempts:
        assert accepted != trial.execute(command, signers=signers)
    do(trial, moving(ACTIVE), ACTIVE_OWNER)
    assert CertificateNotActive == trial.execute(moving(ACTIVE), signers=[ACTIVE_OWNER])


@settings(deadline=None)
@given(cuts=st.lists(st.integers(1, 999), max_size=20, unique=True))
def test_any_split_conserves(cuts: list[int]) -> None:
    """Whatever the parts, together they are the whole, and an audit agrees."""
    trial = certified()
    id = produce(trial, ACTIVE_OWNER)
    bounds = [0, *sorted(cuts), 1_000]
    pieces = [after - before for before, after in pairwise(bounds)]
    ids = split(trial, id, ACTIVE_OWNER, [(piece, BUYER) for piece in pieces])
    assert pieces == [certificate(trial, part).amount_wh for part in ids]
    assert [] == audit(trial)


def test_a_message_names_the_values() -> None:
    """What is wrong is said with the figures, so that a person can act on it."""
    trial = cast()
    trial.execute(cutting(ACTIVE, 500, 501), signers=[ACTIVE_OWNER])
    assert "parts: they sum to 1001 Wh, the certificate holds 1000 Wh" == trial.message
    trial.execute(Issue(UNISSUED, "T020002", "F01040100"), signers=[ISSUING_BODY])
    assert "F01040100" in trial.message
