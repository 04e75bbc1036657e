"""Claim, withdraw and unclaim, each as a table: who signs what, and what the ledger says."""

import pytest

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, RecordId
from tallystick.contracts.certificate.commands import Claim, Transfer, Unclaim, Withdraw
from tallystick.contracts.certificate.errors import (
    CertificateNotActive,
    CertificateNotFound,
    CertificateNotWithdrawable,
    ClaimExceedsConsumption,
    IntervalsDiffer,
    LockedForAnother,
    LockNotInForce,
    MeasurementNotFound,
    NotConsumption,
    PartNotFound,
    PartNotWithdrawn,
    SectorsDiffer,
    SettlementFull,
    SignerIsNotConsumer,
    SignerIsNotIssuingBody,
    SignerIsNotOwner,
    WrongLockId,
)
from tallystick.contracts.certificate.model import (
    Action,
    CertificateParameters,
    IntervalRule,
    Next,
    Part,
    SectorRule,
    Settlement,
    Status,
)
from tallystick.contracts.measurement.commands import Correct as CorrectMeasurement
from tallystick.contracts.measurement.errors import RelierMustCorrect
from tallystick.contracts.measurement.model import Measurement, Quality
from tallystick.core.errors import UnknownCommand
from tallystick.testing.factories import (
    BEGIN,
    ISSUING_BODY,
    OTHER_ISSUING_BODY,
    PUBLISHER,
    QUARTER,
    STRANGER,
    VALLEY,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.certificate.cases import (
    ACTIVE,
    ACTIVE_OWNER,
    BROKEN,
    BROKEN_OWNER,
    BUYER,
    CLAIMED,
    CLAIMED_OWNER,
    COVERED_CONSUMER,
    COVERED_CONSUMPTION,
    CUT,
    CUT_OWNER,
    CUT_PARTS,
    EMISSION,
    FREE_CONSUMER,
    FREE_CONSUMPTION,
    LAPSED,
    LAPSED_CONSUMPTION,
    LAPSED_OWNER,
    LATE_CONSUMER,
    LATE_CONSUMPTION,
    LATER,
    LOCK,
    LOCKED,
    LOCKED_OWNER,
    MOVED,
    MOVED_CHILD,
    MOVED_OWNER,
    NOW,
    OTHER_LOCK,
    PLEDGED_CONSUMER,
    PLEDGED_CONSUMPTION,
    RECLAIMED,
    SMALL_CONSUMER,
    SMALL_CONSUMPTION,
    UNISSUED,
    UNISSUED_OWNER,
    UNKNOWN,
    VALLEY_CERTIFICATE,
    VALLEY_CONSUMER,
    VALLEY_CONSUMPTION,
    VALLEY_OWNER,
    WITHDRAWN,
    WITHDRAWN_OWNER,
    amounts,
    audit,
    cast,
    certificate,
    certified,
    claim,
    consume,
    do,
    produce,
    settlement,
    split,
    status,
    two_lengths,
)
from tests.contracts.certificate.locker import Use

Row = tuple[Record, list[int], str, Verdict]
"""A command, the numbers of the keys that sign, the calling contract if any, and the verdict."""


def claiming(id: RecordId, consumption: RecordId, *, lock: LockId | None = None) -> Claim:
    """Return a claim."""
    return Claim(id, consumption, lock)


CLAIM: list[Row] = [
    (claiming(ACTIVE, FREE_CONSUMPTION), [ACTIVE_OWNER, FREE_CONSUMER], "", accepted),
    (claiming(CUT_PARTS[1], SMALL_CONSUMPTION), [BUYER, SMALL_CONSUMER], "", accepted),
    (claiming(LAPSED, FREE_CONSUMPTION), [LAPSED_OWNER, FREE_CONSUMER], "", accepted),
    (claiming(ACTIVE, PLEDGED_CONSUMPTION), [ACTIVE_OWNER, PLEDGED_CONSUMER], "", accepted),
    (Use(LOCKED, FREE_CONSUMPTION, LOCK), [FREE_CONSUMER], "", accepted),
    (Use(LOCKED, PLEDGED_CONSUMPTION, LOCK), [STRANGER], "", accepted),
    (Use(ACTIVE, PLEDGED_CONSUMPTION, LOCK), [ACTIVE_OWNER], "", accepted),
    (claiming(UNKNOWN, FREE_CONSUMPTION), [FREE_CONSUMER], "", CertificateNotFound),
    (claiming(UNISSUED, FREE_CONSUMPTION), [UNISSUED_OWNER], "", CertificateNotFound),
    (claiming(ACTIVE, UNKNOWN), [ACTIVE_OWNER], "", MeasurementNotFound),
    (claiming(ACTIVE, MOVED_CHILD), [ACTIVE_OWNER], "", MeasurementNotFound),
    (claiming(LOCKED, FREE_CONSUMPTION), [LOCKED_OWNER, FREE_CONSUMER], "", LockedForAnother),
    (
        claiming(LOCKED, PLEDGED_CONSUMPTION, lock=LOCK),
        [STRANGER],
        "market",
        LockedForAnother,
    ),
    (Use(LOCKED, FREE_CONSUMPTION, OTHER_LOCK), [FREE_CONSUMER], "", WrongLockId),
    (Use(LOCKED, FREE_CONSUMPTION, None), [LOCKED_OWNER, FREE_CONSUMER], "", WrongLockId),
    (Use(LAPSED, PLEDGED_CONSUMPTION, LOCK), [STRANGER], "", LockNotInForce),
    (claiming(ACTIVE, FREE_CONSUMPTION), [STRANGER], "", SignerIsNotOwner),
    (claiming(ACTIVE, FREE_CONSUMPTION), [FREE_CONSUMER], "", SignerIsNotOwner),
    (claiming(ACTIVE, FREE_CONSUMPTION), [ACTIVE_OWNER], "", SignerIsNotConsumer),
    (claiming(ACTIVE, FREE_CONSUMPTION), [ACTIVE_OWNER, ISSUING_BODY], "", SignerIsNotConsumer),
    (Use(LOCKED, FREE_CONSUMPTION, LOCK), [STRANGER], "", SignerIsNotConsumer),
    (Use(LOCKED, LAPSED_CONSUMPTION, LOCK), [STRANGER], "", SignerIsNotConsumer),
    (Use(ACTIVE, PLEDGED_CONSUMPTION, OTHER_LOCK), [ACTIVE_OWNER], "", SignerIsNotConsumer),
    (Use(ACTIVE, PLEDGED_CONSUMPTION, None), [ACTIVE_OWNER], "", SignerIsNotConsumer),
    (
        claiming(ACTIVE, PLEDGED_CONSUMPTION, lock=LOCK),
        [ACTIVE_OWNER],
        "market",
        SignerIsNotConsumer,
    ),
    (claiming(MOVED, FREE_CONSUMPTION), [MOVED_OWNER, FREE_CONSUMER], "", CertificateNotActive),
    (
        claiming(CLAIMED, FREE_CONSUMPTION),
        [CLAIMED_OWNER, FREE_CONSUMER],
        "",
        CertificateNotActive,
    ),
    (
        claiming(WITHDRAWN, FREE_CONSUMPTION),
        [WITHDRAWN_OWNER, FREE_CONSUMER],
        "",
        CertificateNotActive,
    ),
    (
        claiming(BROKEN, FREE_CONSUMPTION),
        [BROKEN_OWNER, FREE_CONSUMER],
        "",
        CertificateNotActive,
    ),
    (claiming(ACTIVE, ACTIVE), [ACTIVE_OWNER], "", NotConsumption),
    (claiming(ACTIVE, UNISSUED), [ACTIVE_OWNER, UNISSUED_OWNER], "", NotConsumption),
    (claiming(ACTIVE, VALLEY_CONSUMPTION), [ACTIVE_OWNER, VALLEY_CONSUMER], "", SectorsDiffer),
    (
        claiming(VALLEY_CERTIFICATE, FREE_CONSUMPTION),
        [VALLEY_OWNER, FREE_CONSUMER],
        "",
        SectorsDiffer,
    ),
    (claiming(ACTIVE, LATE_CONSUMPTION), [ACTIVE_OWNER, LATE_CONSUMER], "", IntervalsDiffer),
    (
        claiming(ACTIVE, SMALL_CONSUMPTION),
        [ACTIVE_OWNER, SMALL_CONSUMER],
        "",
        ClaimExceedsConsumption,
    ),
    (
        claiming(ACTIVE, COVERED_CONSUMPTION),
        [ACTIVE_OWNER, COVERED_CONSUMER],
        "",
        ClaimExceedsConsumption,
    ),
]

WITHDRAW: list[Row] = [
    (Withdraw(ACTIVE, "wrong source"), [ISSUING_BODY], "", accepted),
    (Withdraw(LOCKED, "wrong source"), [ISSUING_BODY], "", accepted),
    (Withdraw(CLAIMED, "wrong source"), [ISSUING_BODY], "", accepted),
    (Withdraw(MOVED_CHILD, "x" * 256), [ISSUING_BODY], "", accepted),
    (Withdraw(VALLEY_CERTIFICATE, "wrong source"), [OTHER_ISSUING_BODY], "", accepted),
    (Withdraw(UNKNOWN, "wrong source"), [ISSUING_BODY], "", CertificateNotFound),
    (Withdraw(ACTIVE, "wrong source"), [STRANGER], "", SignerIsNotIssuingBody),
    (Withdraw(ACTIVE, "wrong source"), [ACTIVE_OWNER], "", SignerIsNotIssuingBody),
    (Withdraw(ACTIVE, "wrong source"), [PUBLISHER], "", SignerIsNotIssuingBody),
    (Withdraw(ACTIVE, "wrong source"), [OTHER_ISSUING_BODY], "", SignerIsNotIssuingBody),
    (Withdraw(MOVED, "wrong source"), [ISSUING_BODY], "", CertificateNotWithdrawable),
    (Withdraw(CUT, "wrong source"), [ISSUING_BODY], "", CertificateNotWithdrawable),
    (Withdraw(WITHDRAWN, "wrong source"), [ISSUING_BODY], "", CertificateNotWithdrawable),
    (Withdraw(RECLAIMED, "wrong source"), [ISSUING_BODY], "", CertificateNotWithdrawable),
    (Withdraw(BROKEN, "wrong source"), [ISSUING_BODY], "", CertificateNotWithdrawable),
    (Withdraw(ACTIVE, ""), [ISSUING_BODY], "", UnknownCommand),
    (Withdraw(ACTIVE, "x" * 257), [ISSUING_BODY], "", UnknownCommand),
]

UNCLAIM: list[Row] = [
    (Unclaim(COVERED_CONSUMPTION, RECLAIMED), [COVERED_CONSUMER], "", accepted),
    (Unclaim(UNKNOWN, RECLAIMED), [COVERED_CONSUMER], "", MeasurementNotFound),
    (Unclaim(COVERED_CONSUMPTION, RECLAIMED), [STRANGER], "", SignerIsNotConsumer),
    (Unclaim(COVERED_CONSUMPTION, RECLAIMED), [ISSUING_BODY], "", SignerIsNotConsumer),
    (Unclaim(COVERED_CONSUMPTION, RECLAIMED), [CLAIMED_OWNER], "", SignerIsNotConsumer),
    (Unclaim(FREE_CONSUMPTION, RECLAIMED), [FREE_CONSUMER], "", PartNotFound),
    (Unclaim(COVERED_CONSUMPTION, WITHDRAWN), [COVERED_CONSUMER], "", PartNotFound),
    (Unclaim(COVERED_CONSUMPTION, BROKEN), [COVERED_CONSUMER], "", PartNotFound),
    (Unclaim(COVERED_CONSUMPTION, UNKNOWN), [COVERED_CONSUMER], "", PartNotFound),
    (Unclaim(COVERED_CONSUMPTION, CLAIMED), [COVERED_CONSUMER], "", PartNotWithdrawn),
]

FEW_CLAIMS: list[tuple[int, Verdict]] = [(2, accepted), (3, SettlementFull)]

LADDERS: list[list[Row]] = [
    [
        (claiming(UNKNOWN, UNKNOWN), [STRANGER], "", CertificateNotFound),
        (claiming(LOCKED, UNKNOWN), [STRANGER], "", MeasurementNotFound),
        (claiming(LOCKED, EMISSION), [STRANGER], "", LockedForAnother),
        (claiming(LOCKED, EMISSION), [STRANGER], "locker", WrongLockId),
        (claiming(MOVED, EMISSION, lock=LOCK), [STRANGER], "", LockNotInForce),
        (claiming(MOVED, EMISSION), [STRANGER], "", SignerIsNotOwner),
        (claiming(MOVED, EMISSION), [MOVED_OWNER], "", SignerIsNotConsumer),
        (
            claiming(MOVED, UNISSUED),
            [MOVED_OWNER, UNISSUED_OWNER],
            "",
            CertificateNotActive,
        ),
        (
            claiming(VALLEY_CERTIFICATE, UNISSUED),
            [VALLEY_OWNER, UNISSUED_OWNER],
            "",
            NotConsumption,
        ),
        (
            claiming(VALLEY_CERTIFICATE, LATE_CONSUMPTION),
            [VALLEY_OWNER, LATE_CONSUMER],
            "",
            SectorsDiffer,
        ),
    ],
    [
        (Withdraw(UNKNOWN, "x"), [STRANGER], "", CertificateNotFound),
        (Withdraw(MOVED, "x"), [STRANGER], "", SignerIsNotIssuingBody),
        (Withdraw(MOVED, "x"), [ISSUING_BODY], "", CertificateNotWithdrawable),
    ],
    [
        (Unclaim(UNKNOWN, UNKNOWN), [STRANGER], "", MeasurementNotFound),
        (Unclaim(COVERED_CONSUMPTION, UNKNOWN), [STRANGER], "", SignerIsNotConsumer),
        (Unclaim(COVERED_CONSUMPTION, UNKNOWN), [COVERED_CONSUMER], "", PartNotFound),
    ],
]

HOUR = 4 * QUARTER
FIRST, LAST = BEGIN, BEGIN + 3 * QUARTER
Span = tuple[int, int]
RULES: list[tuple[IntervalRule, Span, Span, Verdict]] = [
    (IntervalRule.SAME, (FIRST, QUARTER), (FIRST, QUARTER), accepted),
    (IntervalRule.SAME, (FIRST, QUARTER), (FIRST, HOUR), IntervalsDiffer),
    (IntervalRule.SAME, (FIRST, HOUR), (FIRST, QUARTER), IntervalsDiffer),
    (IntervalRule.SAME, (FIRST, QUARTER), (LAST, QUARTER), IntervalsDiffer),
    (IntervalRule.WITHIN, (FIRST, HOUR), (FIRST, HOUR), accepted),
    (IntervalRule.WITHIN, (FIRST, QUARTER), (FIRST, HOUR), accepted),
    (IntervalRule.WITHIN, (LAST, QUARTER), (FIRST, HOUR), accepted),
    (IntervalRule.WITHIN, (FIRST, HOUR), (FIRST, QUARTER), IntervalsDiffer),
    (IntervalRule.WITHIN, (FIRST, QUARTER), (LAST, QUARTER), IntervalsDiffer),
    (IntervalRule.WITHIN, (FIRST + HOUR, QUARTER), (FIRST, HOUR), IntervalsDiffer),
    (IntervalRule.WITHIN, (FIRST - QUARTER, QUARTER), (FIRST, HOUR), IntervalsDiffer),
    (IntervalRule.HOUR, (FIRST, QUARTER), (LAST, QUARTER), accepted),
    (IntervalRule.HOUR, (FIRST, HOUR), (LAST, QUARTER), accepted),
    (IntervalRule.HOUR, (LAST, QUARTER), (FIRST, HOUR), accepted),
    (IntervalRule.HOUR, (FIRST + HOUR, QUARTER), (LAST, QUARTER), IntervalsDiffer),
    (IntervalRule.HOUR, (FIRST, HOUR), (FIRST + HOUR, HOUR), IntervalsDiffer),
]


@pytest.mark.parametrize(("command", "signers", "caller", "verdict"), [*CLAIM, *WITHDRAW, *UNCLAIM])
def test_claim_withdraw_and_unclaim(
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


@pytest.mark.parametrize(("rule", "produced", "consumed", "verdict"), RULES)
def test_production_meets_consumption_in_time(
    rule: IntervalRule, produced: Span, consumed: Span, verdict: Verdict
) -> None:
    """The ledger's interval rule says which production covers which consumption."""
    trial = certified(CertificateParameters(interval_rule=rule), two_lengths())
    id = produce(trial, ACTIVE_OWNER, begin=produced[0], end=sum(produced))
    consumption = consume(trial, FREE_CONSUMER, begin=consumed[0], end=sum(consumed))
    signers = [ACTIVE_OWNER, FREE_CONSUMER]
    assert verdict == trial.execute(claiming(id, consumption), signers=signers)


def test_sectors_may_differ_where_a_ledger_says_so() -> None:
    """With the sector rule `any`, production of one sector covers consumption of another."""
    trial = certified(CertificateParameters(sector_rule=SectorRule.ANY))
    id = produce(trial, VALLEY_OWNER, sector=VALLEY)
    consumption = consume(trial, FREE_CONSUMER)
    claim(trial, id, VALLEY_OWNER, consumption, FREE_CONSUMER)
    assert Status.CLAIMED == status(trial, id)


@pytest.mark.parametrize(("count", "verdict"), FEW_CLAIMS)
def test_a_ledger_limits_the_parts_of_a_settlement(count: int, verdict: Verdict) -> None:
    """A settlement has at most as many parts as the parameters say."""
    trial = certified(CertificateParameters(parts_max=2))
    consumption = consume(trial, FREE_CONSUMER)
    ids = [produce(trial, 300 + n, 1) for n in range(count)]
    for n, id in enumerate(ids[:-1]):
        claim(trial, id, 300 + n, consumption, FREE_CONSUMER)
    signers = [300 + count - 1, FREE_CONSUMER]
    assert verdict == trial.execute(claiming(ids[-1], consumption), signers=signers)


def test_a_claim_retires_and_settles_at_once() -> None:
    """The certificate points to the settlement, which lists it and sums up."""
    trial = cast()
    small, large = CUT_PARTS
    claim(trial, small, CUT_OWNER, FREE_CONSUMPTION, FREE_CONSUMER)
    claim(trial, large, BUYER, FREE_CONSUMPTION, FREE_CONSUMER)
    retired = Next(Action.RETIRE, (FREE_CONSUMPTION,), NOW)
    assert [retired, retired] == [certificate(trial, id).next for id in CUT_PARTS]
    parts = (Part(small, 300, withdrawn=False), Part(large, 700, withdrawn=False))
    expected = Settlement(FREE_CONSUMPTION, parts, 1_000)
    assert expected == settlement(trial, FREE_CONSUMPTION)
    assert [] == audit(trial)


def test_a_covered_consumption_is_corrected_through_its_settlement() -> None:
    """From the first part on, nobody lowers it below what is claimed behind the claims' back."""
    trial = cast()
    correction = CorrectMeasurement(FREE_CONSUMPTION, 999, Quality.MEASURED)
    assert accepted == trial.execute(correction, signers=[ISSUING_BODY])
    correction = CorrectMeasurement(COVERED_CONSUMPTION, 1, Quality.MEASURED)
    assert RelierMustCorrect == trial.execute(correction, signers=[ISSUING_BODY])
    measurement = trial.read(Measurement, COVERED_CONSUMPTION)
    assert measurement is not None
    assert "certificate" == measurement.relier


def test_one_signature_serves_if_the_certificate_went_to_the_consumer_first() -> None:
    """Transfer to the consumption's own key, then that key alone claims."""
    trial = cast()
    do(trial, Transfer(ACTIVE, key(FREE_CONSUMER), None), ACTIVE_OWNER)
    child = certificate(trial, ACTIVE).next
    assert child is not None
    command = Claim(child.addresses[0], FREE_CONSUMPTION, None)
    assert accepted == trial.execute(command, signers=[FREE_CONSUMER])


def test_withdrawing_ends_an_active_or_locked_certificate() -> None:
    """It is marked, its next says so, and its amount stays for the record."""
    trial = cast()
    do(trial, [Withdraw(ACTIVE, "wrong source"), Withdraw(LOCKED, "wrong source")], ISSUING_BODY)
    assert [(1_000, Status.WITHDRAWN)] * 2 == amounts(trial, ACTIVE, LOCKED)
    for id in (ACTIVE, LOCKED):
        assert Next(Action.WITHDRAW, (), NOW) == certificate(trial, id).next
        assert certificate(trial, id).withdrawn
    assert [] == audit(trial)


def test_withdrawing_a_claimed_certificate_marks_its_part() -> None:
    """Next stays as it was; the settlement still counts the part, and shows the mark."""
    trial = cast()
    before = certificate(trial, CLAIMED).next
    do(trial, Withdraw(CLAIMED, "wrong source"), ISSUING_BODY)
    assert before == certificate(trial, CLAIMED).next
    assert Status.WITHDRAWN == status(trial, CLAIMED)
    parts = (Part(CLAIMED, 1_000, withdrawn=True), Part(RECLAIMED, 1_000, withdrawn=True))
    expected = Settlement(COVERED_CONSUMPTION, parts, 2_000)
    assert expected == settlement(trial, COVERED_CONSUMPTION)
    assert [] == audit(trial)


def test_unclaiming_makes_room_and_reissues_nothing() -> None:
    """The marked part goes; the certificate stays withdrawn; something else takes its place."""
    trial = cast()
    do(trial, Unclaim(COVERED_CONSUMPTION, RECLAIMED), COVERED_CONSUMER)
    expected = Settlement(COVERED_CONSUMPTION, (Part(CLAIMED, 1_000, withdrawn=False),), 1_000)
    assert expected == settlement(trial, COVERED_CONSUMPTION)
    gone = certificate(trial, RECLAIMED)
    assert (True, True, False) == (gone.withdrawn, gone.unclaimed, gone.broken)
    assert Action.RETIRE == (gone.next.action if gone.next else None)
    unclaim = Unclaim(COVERED_CONSUMPTION, RECLAIMED)
    assert PartNotFound == trial.execute(unclaim, signers=[COVERED_CONSUMER])
    claim(trial, ACTIVE, ACTIVE_OWNER, COVERED_CONSUMPTION, COVERED_CONSUMER)
    assert [] == audit(trial)


def test_a_claim_is_made_before_the_certificate_expires() -> None:
    """It is accepted until the very millisecond before, and never after."""
    expiry = (BEGIN + QUARTER + 90_000) * 1_000
    trial = certified(CertificateParameters(expiry_seconds=90_000))
    id = produce(trial, ACTIVE_OWNER)
    consumption = consume(trial, FREE_CONSUMER)
    early, late = split(trial, id, ACTIVE_OWNER, [(1, ACTIVE_OWNER), (999, ACTIVE_OWNER)])
    signers = [ACTIVE_OWNER, FREE_CONSUMER]
    trial.move_to(expiry - 1)
    assert accepted == trial.execute(claiming(early, consumption), signers=signers)
    trial.move_to(expiry)
    assert CertificateNotActive == trial.execute(claiming(late, consumption), signers=signers)
    assert [Status.CLAIMED, Status.EXPIRED] == [status(trial, each) for each in (early, late)]
    do(trial, Withdraw(late, "never used"), ISSUING_BODY)


def test_a_pledge_lapses_to_the_millisecond() -> None:
    """Its holder may claim for the consumption until then, and not from then on."""
    trial = cast()
    trial.move_to(LATER - 1)
    first, second = split(trial, ACTIVE, ACTIVE_OWNER, [(1, ACTIVE_OWNER), (999, ACTIVE_OWNER)])
    early, late = Use(first, PLEDGED_CONSUMPTION, LOCK), Use(second, PLEDGED_CONSUMPTION, LOCK)
    assert accepted == trial.execute(early, signers=[ACTIVE_OWNER])
    trial.move_to(LATER)
    assert SignerIsNotConsumer == trial.execute(late, signers=[ACTIVE_OWNER])


def test_a_rejected_claim_changes_nothing() -> None:
    """Neither side of it is written, and what came before it in the transaction is undone."""
    trial = cast()
    before = certificate(trial, ACTIVE)
    commands = [claiming(ACTIVE, FREE_CONSUMPTION), claiming(CUT_PARTS[1], FREE_CONSUMPTION)]
    signers = [ACTIVE_OWNER, BUYER, FREE_CONSUMER]
    assert ClaimExceedsConsumption == trial.execute(commands, signers=signers)
    assert "700 Wh, 0 Wh are left" in trial.message
    assert before == certificate(trial, ACTIVE)
    assert trial.read(Settlement, FREE_CONSUMPTION) is None
