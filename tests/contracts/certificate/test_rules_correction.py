"""Corrections: who may, what must be named, and who bears what, to the watt-hour."""

import pytest
from hypothesis import given, settings

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.certificate.commands import Correct, Unclaim, Withdraw
from tallystick.contracts.certificate.errors import (
    LeafNamedTwice,
    LeafNotFound,
    LeafOfAnotherMeasurement,
    LeavesDoNotSumToMeasurement,
    LeavesNotExpected,
    MeasurementNotFound,
    NotALeaf,
    NotElectricity,
    NotIssued,
    QualityNotAllowed,
    SignerIsNotIssuingBody,
    TooManyLeaves,
)
from tallystick.contracts.certificate.model import (
    LEAVES_MAX,
    Action,
    Certificate,
    CertificateParameters,
    Next,
    Part,
    Status,
    child_id,
    is_leaf,
)
from tallystick.contracts.measurement.errors import NothingToCorrect
from tallystick.contracts.measurement.model import Measurement, Quality
from tallystick.core.errors import UnknownCommand
from tallystick.testing.factories import (
    BEGIN,
    ISSUING_BODY,
    OTHER_ISSUING_BODY,
    PUBLISHER,
    QUARTER,
    STRANGER,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.certificate.cases import (
    ACTIVE,
    ACTIVE_OWNER,
    BUYER,
    CLAIMED,
    CONSUMER,
    COVERED_CONSUMPTION,
    CUT,
    CUT_PARTS,
    EMISSION,
    FREE_CONSUMER,
    FREE_CONSUMPTION,
    HEIR,
    LOCK,
    MOVED,
    MOVED_CHILD,
    UNISSUED,
    UNKNOWN,
    amounts,
    audit,
    cast,
    certificate,
    certified,
    claim,
    consume,
    correct,
    do,
    measured_wh,
    owner_of,
    produce,
    settlement,
    split,
    status,
    transfer,
)
from tests.contracts.certificate.histories import (
    Step,
    certificates,
    everything_measured_wh,
    play,
    settlements,
    steps,
)
from tests.contracts.certificate.locker import Free, Keep

Row = tuple[Record, list[int], str, Verdict]
"""A command, the numbers of the keys that sign, the calling contract if any, and the verdict."""


def correcting(
    id: RecordId,
    amount_wh: int,
    *leaves: RecordId,
    quality: Quality = Quality.MEASURED,
) -> Correct:
    """Return a correction."""
    return Correct(id, amount_wh, quality, leaves)


CORRECT: list[Row] = [
    (correcting(ACTIVE, 900, ACTIVE), [ISSUING_BODY], "", accepted),
    (correcting(ACTIVE, 0, ACTIVE, quality=Quality.MISSING), [ISSUING_BODY], "", accepted),
    (correcting(ACTIVE, 1_100, ACTIVE), [ISSUING_BODY], "", accepted),
    (correcting(ACTIVE, 1_000, ACTIVE, quality=Quality.CALCULATED), [ISSUING_BODY], "", accepted),
    (correcting(MOVED, 999, MOVED_CHILD), [ISSUING_BODY, STRANGER], "", accepted),
    (correcting(CUT, 999, *CUT_PARTS), [ISSUING_BODY], "", accepted),
    (correcting(CUT, 999, *reversed(CUT_PARTS)), [ISSUING_BODY], "", accepted),
    (correcting(FREE_CONSUMPTION, 1), [ISSUING_BODY], "", accepted),
    (correcting(COVERED_CONSUMPTION, 0), [ISSUING_BODY], "", accepted),
    (correcting(UNKNOWN, 1), [ISSUING_BODY], "", MeasurementNotFound),
    (correcting(MOVED_CHILD, 1, MOVED_CHILD), [ISSUING_BODY], "", MeasurementNotFound),
    (correcting(ACTIVE, 900, ACTIVE), [STRANGER], "", SignerIsNotIssuingBody),
    (correcting(ACTIVE, 900, ACTIVE), [ACTIVE_OWNER], "", SignerIsNotIssuingBody),
    (correcting(ACTIVE, 900, ACTIVE), [PUBLISHER], "", SignerIsNotIssuingBody),
    (correcting(ACTIVE, 900, ACTIVE), [OTHER_ISSUING_BODY], "", SignerIsNotIssuingBody),
    (correcting(COVERED_CONSUMPTION, 1), [PUBLISHER], "", SignerIsNotIssuingBody),
    (correcting(EMISSION, 1), [ISSUING_BODY], "", NotElectricity),
    (correcting(UNISSUED, 1), [ISSUING_BODY], "", NotIssued),
    (
        correcting(ACTIVE, 1_001, ACTIVE, quality=Quality.ESTIMATED),
        [ISSUING_BODY],
        "",
        QualityNotAllowed,
    ),
    (correcting(COVERED_CONSUMPTION, 1, CLAIMED), [ISSUING_BODY], "", LeavesNotExpected),
    (correcting(CUT, 9, CUT_PARTS[0], CUT_PARTS[0]), [ISSUING_BODY], "", LeafNamedTwice),
    (correcting(ACTIVE, 900, UNKNOWN), [ISSUING_BODY], "", LeafNotFound),
    (correcting(ACTIVE, 900, ACTIVE, UNISSUED), [ISSUING_BODY], "", LeafNotFound),
    (correcting(ACTIVE, 900, MOVED_CHILD), [ISSUING_BODY], "", LeafOfAnotherMeasurement),
    (correcting(MOVED, 900, MOVED), [ISSUING_BODY], "", NotALeaf),
    (correcting(CUT, 900, CUT), [ISSUING_BODY], "", NotALeaf),
    (correcting(ACTIVE, 900), [ISSUING_BODY], "", LeavesDoNotSumToMeasurement),
    (correcting(CUT, 900, CUT_PARTS[1]), [ISSUING_BODY], "", LeavesDoNotSumToMeasurement),
    (correcting(ACTIVE, 1_000, ACTIVE), [ISSUING_BODY], "", NothingToCorrect),
    (correcting(ACTIVE, -1, ACTIVE), [ISSUING_BODY], "", UnknownCommand),
    (correcting(ACTIVE, 2**53, ACTIVE), [ISSUING_BODY], "", UnknownCommand),
    (correcting(ACTIVE, 1, *[ACTIVE] * 4_097), [ISSUING_BODY], "", UnknownCommand),
]

FEW_LEAVES: list[tuple[int, Verdict]] = [(3, accepted), (4, TooManyLeaves)]

LADDER: list[Row] = [
    (correcting(UNKNOWN, 2_000, ACTIVE, ACTIVE), [STRANGER], "", MeasurementNotFound),
    (correcting(EMISSION, 2_000, ACTIVE, ACTIVE), [STRANGER], "", SignerIsNotIssuingBody),
    (correcting(EMISSION, 2_000, ACTIVE, ACTIVE), [ISSUING_BODY], "", NotElectricity),
    (
        correcting(UNISSUED, 2_000, ACTIVE, ACTIVE, quality=Quality.MISSING),
        [ISSUING_BODY],
        "",
        NotIssued,
    ),
    (
        correcting(CUT, 2_000, ACTIVE, ACTIVE, quality=Quality.MISSING),
        [ISSUING_BODY],
        "",
        QualityNotAllowed,
    ),
    (correcting(CUT, 2_000, CUT, ACTIVE, UNKNOWN, CUT), [ISSUING_BODY], "", LeafNamedTwice),
    (correcting(CUT, 2_000, CUT, ACTIVE, UNKNOWN), [ISSUING_BODY], "", LeafNotFound),
    (correcting(CUT, 2_000, CUT, ACTIVE), [ISSUING_BODY], "", LeafOfAnotherMeasurement),
    (correcting(CUT, 2_000, CUT_PARTS[0], CUT), [ISSUING_BODY], "", NotALeaf),
    (correcting(CUT, 2_000, CUT_PARTS[0]), [ISSUING_BODY], "", LeavesDoNotSumToMeasurement),
]


@pytest.mark.parametrize(("command", "signers", "caller", "verdict"), [*CORRECT, *LADDER])
def test_correct(command: Record, signers: list[int], caller: str, verdict: Verdict) -> None:
    """It is accepted from the issuing body alone, and refused for the lowest code that applies."""
    assert verdict == cast().execute(command, signers=signers, caller=caller)


@pytest.mark.parametrize(("count", "verdict"), FEW_LEAVES)
def test_a_ledger_limits_the_leaves_of_a_correction(count: int, verdict: Verdict) -> None:
    """A correction names at most as many leaves as the parameters say."""
    trial = certified(CertificateParameters(leaves_max=3))
    id = produce(trial, ACTIVE_OWNER, count)
    leaves = split(trial, id, ACTIVE_OWNER, [(1, ACTIVE_OWNER)] * count)
    command = correcting(id, 0, *leaves)
    assert verdict == trial.execute(command, signers=[ISSUING_BODY])


OWN_A, OWN_B, LOCKED_C, HELD_D, CLAIM_E, CLAIM_F, GONE_G = range(7)
PIECES = [(100, 500), (50, 500), (300, BUYER), (150, HEIR), (200, 500), (120, 500), (80, HEIR)]
"""Amounts and owners of the parts into which the tree's root is split; 500 produced it."""


def tree() -> tuple[Trial, RecordId, list[RecordId], RecordId]:
    """
    Return a trial, a production of 1,000 Wh, its seven leaves, and the consumption they cover.

    Two leaves are the producer's own, one is locked, one is held by another, two are claimed, the
    second later than the first, and one is withdrawn.
    """
    trial = certified()
    root = produce(trial, 500)
    consumption = consume(trial, CONSUMER)
    leaves = split(trial, root, 500, PIECES)
    do(trial, Keep(leaves[LOCKED_C], LOCK, 0), BUYER)
    claim(trial, leaves[CLAIM_E], 500, consumption, CONSUMER)
    trial.move_to(trial.time + 1)
    claim(trial, leaves[CLAIM_F], 500, consumption, CONSUMER)
    do(trial, Withdraw(leaves[GONE_G], "wrong source"), ISSUING_BODY)
    return trial, root, leaves, consumption


A, L, C, W, B = Status.ACTIVE, Status.LOCKED, Status.CLAIMED, Status.WITHDRAWN, Status.BROKEN
LeafNow = tuple[int, Status]

DECREASES: list[tuple[int, list[LeafNow], list[int], int]] = [
    (999, [(99, A), (50, A), (300, L), (150, A), (200, C), (120, C), (80, W)], [0, 0], 320),
    (991, [(94, A), (47, A), (300, L), (150, A), (200, C), (120, C), (80, W)], [0, 0], 320),
    (850, [(0, W), (0, W), (300, L), (150, A), (200, C), (120, C), (80, W)], [0, 0], 320),
    (840, [(0, W), (0, W), (293, L), (147, A), (200, C), (120, C), (80, W)], [0, 0], 320),
    (400, [(0, W), (0, W), (0, W), (0, W), (200, C), (120, C), (80, W)], [0, 0], 320),
    (390, [(0, W), (0, W), (0, W), (0, W), (200, C), (120, B), (80, W)], [0, 110], 200),
    (280, [(0, W), (0, W), (0, W), (0, W), (200, C), (120, B), (80, W)], [0, 0], 200),
    (200, [(0, W), (0, W), (0, W), (0, W), (200, B), (120, B), (80, W)], [120, 0], 0),
    (80, [(0, W), (0, W), (0, W), (0, W), (200, B), (120, B), (80, W)], [0, 0], 0),
    (79, [(0, W), (0, W), (0, W), (0, W), (200, B), (120, B), (79, W)], [0, 0], 0),
    (0, [(0, W), (0, W), (0, W), (0, W), (200, B), (120, B), (0, W)], [0, 0], 0),
]
"""The new amount; each leaf afterwards; what the two claims kept; what stays settled."""


@pytest.mark.parametrize(("amount_wh", "expected", "kept_wh", "settled_wh"), DECREASES)
def test_a_decrease_after_split_claim_and_lock(
    amount_wh: int, expected: list[LeafNow], kept_wh: list[int], settled_wh: int
) -> None:
    """Own leaves bear it first, then others', then the latest claims, and withdrawn ones last."""
    trial, root, leaves, consumption = tree()
    correct(trial, root, amount_wh, leaves)
    assert expected == amounts(trial, *leaves)
    reborn = [child_id(leaves[n], "CORRECT", 1) for n in (CLAIM_E, CLAIM_F)]
    assert kept_wh == [_amount_wh(trial, id) for id in reborn]
    assert settled_wh == settlement(trial, consumption).total_wh
    assert amount_wh == measured_wh(trial, root)
    touched = [before[0] != after[0] or after[1] is B for before, after in _pairs(expected)]
    assert touched == [bool(certificate(trial, id).corrected) for id in leaves]
    assert [] == audit(trial)


def _pairs(expected: list[LeafNow]) -> list[tuple[tuple[int, int], LeafNow]]:
    """Return each piece with what became of it."""
    return list(zip(PIECES, expected, strict=True))


def _amount_wh(trial: Trial, id: RecordId) -> int:
    """Return a certificate's amount, zero if there is none."""
    found = trial.read(Certificate, id)
    return 0 if found is None else found.amount_wh


def test_a_leaf_that_is_used_up_is_withdrawn_in_place() -> None:
    """It keeps its id and its owner, holds nothing, and its next says so."""
    trial, root, leaves, _ = tree()
    correct(trial, root, 850, leaves)
    empty = certificate(trial, leaves[OWN_A])
    assert (0, True, 1, key(500)) == (
        empty.amount_wh,
        empty.withdrawn,
        empty.corrected,
        empty.owner,
    )
    assert Next(Action.WITHDRAW, (), trial.time) == empty.next


def test_what_a_broken_claim_keeps_is_reborn_to_its_owner() -> None:
    """The retired certificate keeps its next and is marked; its child is free."""
    trial, root, leaves, consumption = tree()
    before = certificate(trial, leaves[CLAIM_F])
    correct(trial, root, 390, leaves)
    broken = certificate(trial, leaves[CLAIM_F])
    assert (before.next, 120, True, False, 1) == (
        broken.next,
        broken.amount_wh,
        broken.broken,
        broken.withdrawn,
        broken.corrected,
    )
    reborn = certificate(trial, child_id(leaves[CLAIM_F], "CORRECT", 1))
    assert (leaves[CLAIM_F], root, 110, key(500), 1, None) == (
        reborn.origin,
        reborn.measurement,
        reborn.amount_wh,
        reborn.owner,
        reborn.corrected,
        reborn.next,
    )
    assert (BEGIN, BEGIN + QUARTER) == (reborn.begin, reborn.end)
    parts = (Part(leaves[CLAIM_E], 200, withdrawn=False),)
    assert parts == settlement(trial, consumption).parts


def test_claims_of_one_moment_are_broken_by_id() -> None:
    """Of claims made at the same time the one with the lowest id goes first."""
    trial = certified()
    root = produce(trial, 500)
    consumption = consume(trial, CONSUMER)
    leaves = split(trial, root, 500, [(100, 500)] * 10)
    for leaf in leaves:
        claim(trial, leaf, 500, consumption, CONSUMER)
    correct(trial, root, 750, leaves)
    expected = {id: n < 3 for n, id in enumerate(sorted(leaves))}
    assert expected == {id: certificate(trial, id).broken for id in leaves}
    third = sorted(leaves)[2]
    assert 50 == certificate(trial, child_id(third, "CORRECT", 1)).amount_wh


def test_a_lock_survives_a_correction() -> None:
    """What is left of a locked certificate is still the holder's to move."""
    trial, root, leaves, _ = tree()
    before = certificate(trial, leaves[LOCKED_C]).lock
    correct(trial, root, 840, leaves)
    assert before == certificate(trial, leaves[LOCKED_C]).lock
    do(trial, Free(leaves[LOCKED_C], LOCK), STRANGER)
    transfer(trial, leaves[LOCKED_C], BUYER, HEIR)


def test_an_expired_leaf_bears_like_any_other() -> None:
    """Being unusable does not exempt from a correction."""
    trial = certified(CertificateParameters(expiry_seconds=90_000))
    root = produce(trial, 500)
    leaves = split(trial, root, 500, [(600, 500), (400, BUYER)])
    trial.move_to((BEGIN + QUARTER + 90_000) * 1_000)
    correct(trial, root, 300, leaves)
    assert [(0, W), (300, Status.EXPIRED)] == amounts(trial, *leaves)


def test_an_increase_goes_in_place_to_the_owners_first_active_leaf() -> None:
    """The first one that is named, under the measurement's own key, grows."""
    trial, root, leaves, _ = tree()
    named = [leaves[OWN_B], *[each for each in leaves if each != leaves[OWN_B]]]
    correct(trial, root, 1_007, named)
    expected = [(100, A), (57, A), (300, L), (150, A), (200, C), (120, C), (80, W)]
    assert expected == amounts(trial, *leaves)
    assert [0, 1, 0, 0, 0, 0, 0] == [certificate(trial, id).corrected for id in leaves]
    assert trial.read(Certificate, child_id(root, "CORRECT", 1)) is None
    assert [] == audit(trial)


@pytest.mark.parametrize("gone", ["transferred", "locked", "claimed", "withdrawn", "expired"])
def test_an_increase_makes_a_new_certificate_if_the_owner_has_no_active_one(gone: str) -> None:
    """It belongs to the measurement's owner and comes from the issued certificate."""
    trial = certified(CertificateParameters(expiry_seconds=90_000))
    root = leaf = produce(trial, 500)
    consumption = consume(trial, CONSUMER)
    if gone == "transferred":
        leaf = transfer(trial, root, 500, BUYER)
    elif gone == "locked":
        do(trial, Keep(root, LOCK, 0), 500)
    elif gone == "claimed":
        claim(trial, root, 500, consumption, CONSUMER)
    elif gone == "withdrawn":
        do(trial, Withdraw(root, "wrong source"), ISSUING_BODY)
    else:
        trial.move_to((BEGIN + QUARTER + 90_000) * 1_000)
    before = certificate(trial, leaf)
    correct(trial, root, 1_234, [leaf])
    assert before == certificate(trial, leaf)
    added = certificate(trial, child_id(root, "CORRECT", 1))
    assert (root, root, 234, key(500), 1) == (
        added.origin,
        added.measurement,
        added.amount_wh,
        added.owner,
        added.corrected,
    )
    assert [] == audit(trial)


def test_corrected_to_zero_and_back() -> None:
    """An emptied tree can be filled again; its empty leaves may be named or left out."""
    trial = certified()
    root = produce(trial, 500)
    correct(trial, root, 0, [root])
    assert [(0, W)] == amounts(trial, root)
    correct(trial, root, 5, [])
    second = child_id(root, "CORRECT", 2)
    correct(trial, root, 7, [root, second])
    assert [(0, W), (7, A)] == amounts(trial, root, second)
    assert [] == audit(trial)


def test_a_better_quality_alone_changes_no_certificate() -> None:
    """The measurement gets its revision, the leaves stay untouched."""
    trial, root, leaves, _ = tree()
    before = [certificate(trial, id) for id in leaves]
    command = correcting(root, 1_000, *leaves, quality=Quality.CALCULATED)
    do(trial, command, ISSUING_BODY)
    assert before == [certificate(trial, id) for id in leaves]
    measurement = trial.read(Measurement, root)
    assert measurement is not None
    assert (1, Quality.CALCULATED) == (measurement.revision, measurement.quality)


def test_a_withdrawn_claim_bears_last_and_takes_its_part_along() -> None:
    """Nobody has it any more, so its part shrinks with it, and leaves when nothing is left."""
    trial = certified()
    root = produce(trial, 500)
    consumption = consume(trial, CONSUMER)
    leaves = split(trial, root, 500, [(400, 500), (600, 500)])
    claim(trial, leaves[1], 500, consumption, CONSUMER)
    do(trial, Withdraw(leaves[1], "wrong source"), ISSUING_BODY)
    correct(trial, root, 500, leaves)
    assert [(0, W), (500, W)] == amounts(trial, *leaves)
    parts = (Part(leaves[1], 500, withdrawn=True),)
    assert parts == settlement(trial, consumption).parts
    assert [] == audit(trial)
    correct(trial, root, 0, leaves)
    assert () == settlement(trial, consumption).parts
    assert certificate(trial, leaves[1]).unclaimed
    assert [] == audit(trial)


def test_an_unclaimed_certificate_bears_without_a_part() -> None:
    """Once it has left its settlement, only its own amount changes."""
    trial = certified()
    root = produce(trial, 500)
    consumption = consume(trial, CONSUMER)
    claim(trial, root, 500, consumption, CONSUMER)
    do(trial, Withdraw(root, "wrong source"), ISSUING_BODY)
    do(trial, Unclaim(consumption, root), CONSUMER)
    correct(trial, root, 300, [root])
    assert [(300, W)] == amounts(trial, root)
    assert 0 == settlement(trial, consumption).total_wh
    assert [] == audit(trial)


CONSUMED: list[tuple[int, list[bool], int]] = [
    (2_000, [False, False, False], 1_000),
    (1_000, [False, False, False], 1_000),
    (999, [False, False, True], 700),
    (700, [False, False, True], 700),
    (699, [False, True, True], 400),
    (399, [True, True, True], 0),
    (0, [True, True, True], 0),
]
"""The new consumption; which of three claims of 400, 300 and 300 Wh broke; what stays settled."""


@pytest.mark.parametrize(("amount_wh", "broken", "settled_wh"), CONSUMED)
def test_a_lower_consumption_breaks_its_latest_parts(
    amount_wh: int, broken: list[bool], settled_wh: int
) -> None:
    """Whole claims are undone, from the last one backwards, and reborn in full to their owners."""
    trial = certified()
    consumption = consume(trial, CONSUMER, 1_001)
    ids = []
    for owner, part_wh in ((500, 400), (501, 300), (502, 300)):
        ids.append(produce(trial, owner, part_wh))
        claim(trial, ids[-1], owner, consumption, CONSUMER)
    correct(trial, consumption, amount_wh)
    assert broken == [certificate(trial, id).broken for id in ids]
    assert settled_wh == settlement(trial, consumption).total_wh
    for n, id in enumerate(ids):
        reborn = trial.read(Certificate, child_id(id, "BREAK", 1))
        kept = None if reborn is None else (reborn.amount_wh, reborn.owner, reborn.origin)
        expected = ((400, 300, 300)[n], key(500 + n), id) if broken[n] else None
        assert expected == kept
    assert [] == audit(trial)


def test_a_lower_consumption_drops_withdrawn_parts_without_rebirth() -> None:
    """What was withdrawn stays withdrawn: it leaves the settlement as if it had been unclaimed."""
    trial = certified()
    consumption = consume(trial, CONSUMER)
    root = produce(trial, 500)
    claim(trial, root, 500, consumption, CONSUMER)
    do(trial, Withdraw(root, "wrong source"), ISSUING_BODY)
    correct(trial, consumption, 0)
    gone = certificate(trial, root)
    assert (False, True, True, 1) == (gone.broken, gone.withdrawn, gone.unclaimed, gone.corrected)
    assert trial.read(Certificate, child_id(root, "BREAK", 1)) is None
    assert [] == audit(trial)


def test_ids_of_both_kinds_of_correction_never_meet() -> None:
    """A root reborn by its consumption's revision 1 leaves its own revision 1 its place."""
    trial = certified()
    root = produce(trial, 500)
    consumption = consume(trial, CONSUMER)
    claim(trial, root, 500, consumption, CONSUMER)
    correct(trial, consumption, 999)
    reborn = transfer(trial, child_id(root, "BREAK", 1), 500, BUYER)
    correct(trial, root, 1_001, [reborn])
    assert 1 == certificate(trial, child_id(root, "CORRECT", 1)).amount_wh
    assert [] == audit(trial)


def test_a_reborn_certificate_can_be_claimed_again() -> None:
    """Its owner uses it like any other, and a correction may break that claim too."""
    trial = certified()
    root = produce(trial, 500)
    consumption = consume(trial, CONSUMER)
    other = consume(trial, FREE_CONSUMER)
    claim(trial, root, 500, consumption, CONSUMER)
    correct(trial, consumption, 0)
    reborn = child_id(root, "BREAK", 1)
    claim(trial, reborn, 500, other, FREE_CONSUMER)
    correct(trial, root, 400, [reborn])
    kept = child_id(reborn, "CORRECT", 1)
    assert [(1_000, B), (1_000, B), (400, A)] == amounts(trial, root, reborn, kept)
    assert key(500) == owner_of(trial, kept)
    assert [] == audit(trial)


def test_a_rejected_correction_changes_nothing() -> None:
    """If the measurement refuses, the certificates are as they were."""
    trial, root, leaves, consumption = tree()
    before = [certificate(trial, id) for id in leaves]
    commands = [correcting(root, 100, *leaves), correcting(consumption, 1_000)]
    assert NothingToCorrect == trial.execute(commands, signers=[ISSUING_BODY])
    assert before == [certificate(trial, id) for id in leaves]
    assert 1_000 == measured_wh(trial, root)
    assert [L, C] == [status(trial, leaves[n]) for n in (LOCKED_C, CLAIM_E)]


def test_the_largest_tree_is_corrected_in_one_act() -> None:
    """As many leaves as may be named are, and each bears its watt-hour."""
    trial, count = certified(), LEAVES_MAX
    root = produce(trial, 500, 2 * count)
    sixteen = split(trial, root, 500, [(2 * count // 16, 500)] * 16)
    leaves: list[RecordId] = []
    for each in sixteen:
        leaves += split(trial, each, 500, [(2, BUYER)] * 256)
    correct(trial, root, count, leaves)
    assert {1} == {certificate(trial, id).amount_wh for id in leaves}
    assert count == len(leaves)


@settings(max_examples=100, deadline=None)
@given(history=steps)
def test_any_history_conserves(history: list[Step]) -> None:
    """Whatever people try, all that was measured is held, claimed or withdrawn, and no more."""
    trial = certified()
    for _ in play(trial, history):
        assert _unaccounted(trial) == {}
    assert [] == audit(trial)


def _unaccounted(trial: Trial) -> dict[RecordId, int]:
    """Return by how much the leaves of each tree, or its claims, are off; counted from scratch."""
    measured = everything_measured_wh(trial)
    every = certificates(trial)
    off = {each.measurement: -measured[each.measurement] for each in every.values()}
    for leaf in every.values():
        off[leaf.measurement] += leaf.amount_wh if is_leaf(leaf) else 0
    for consumption, settled in settlements(trial).items():
        claims = [
            each.amount_wh
            for each in every.values()
            if each.next is not None
            and each.next.addresses == (consumption,)
            and not (each.broken or each.unclaimed)
        ]
        off[consumption] = settled.total_wh - sum(claims)
        off[consumption] += max(0, settled.total_wh - measured[consumption])
    return {id: difference for id, difference in off.items() if difference}
