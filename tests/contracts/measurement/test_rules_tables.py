"""Measurement's rules, each as a table: who signs what, and what the ledger says."""

import pytest

from tallystick.base.amounts import AMOUNT_MAX, SECONDS_MAX
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey
from tallystick.contracts import measurement
from tallystick.contracts.identity.model import EVERYWHERE
from tallystick.contracts.measurement.commands import Correct, Publish, Rely
from tallystick.contracts.measurement.errors import (
    CallerIsNoContract,
    IntervalLengthNotAllowed,
    IntervalNotAligned,
    IntervalNotOver,
    IntervalsOverlap,
    MeasurementExists,
    MeasurementNotFound,
    NothingToCorrect,
    OwnerIsNoKey,
    ReliedOnAlready,
    RelierMustCorrect,
    SectorUnknown,
    SignerMayNotCorrect,
    SignerMayNotPublish,
    TooManyRevisions,
)
from tallystick.contracts.measurement.model import (
    Kind,
    Quality,
)
from tallystick.core.errors import Rejected, UnknownCommand
from tallystick.testing.factories import (
    BEGIN,
    ISSUING_BODY,
    OTHER_ISSUING_BODY,
    OTHER_PUBLISHER,
    PUBLISHER,
    QUARTER,
    REGISTRAR,
    STRANGER,
    VALLEY,
    measurement_of,
    measurement_parameters,
    publish,
    village,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.measurement.prepared import (
    CONTRACTS,
    DISMISSED,
    DISMISSED_BODY,
    EARLY,
    EARLY_BODY,
    EVERYBODY,
    FREE,
    FRESH,
    HOUR,
    LAPSED,
    LAPSED_BODY,
    LATEST,
    METER,
    RELIED_ON,
    SUPREME_BODY,
    UNKNOWN,
    WORN_OUT,
    correct,
    prepared,
)

PUBLISH: list[tuple[Publish, list[int], Verdict]] = [
    (publish(FRESH), [PUBLISHER], accepted),
    (publish(FRESH), [ISSUING_BODY], accepted),
    (publish(FRESH), [METER], accepted),
    (publish(FRESH), [EVERYBODY], accepted),
    (publish(FRESH), [STRANGER, PUBLISHER], accepted),
    (publish(FRESH, sector=VALLEY), [OTHER_PUBLISHER], accepted),
    (publish(FRESH, amount=0), [PUBLISHER], accepted),
    (publish(FRESH, amount=AMOUNT_MAX), [PUBLISHER], accepted),
    (publish(FRESH, quality=Quality.MISSING), [PUBLISHER], accepted),
    (publish(FRESH, kind=Kind.EMISSION), [PUBLISHER], accepted),
    (publish(FREE, begin=BEGIN + QUARTER), [PUBLISHER], accepted),
    (publish(FREE, begin=BEGIN - QUARTER), [PUBLISHER], accepted),
    (publish(FRESH, begin=LATEST), [PUBLISHER], accepted),
    (publish(FRESH, begin=0), [PUBLISHER], accepted),
    (publish(FRESH, sector="atlantis"), [PUBLISHER], SectorUnknown),
    (publish(FRESH, sector=EVERYWHERE), [EVERYBODY], SectorUnknown),
    (publish(FRESH, sector="Village"), [EVERYBODY], SectorUnknown),
    (publish(FRESH), [STRANGER], SignerMayNotPublish),
    (publish(FRESH), [FRESH], SignerMayNotPublish),
    (publish(FRESH), [REGISTRAR], SignerMayNotPublish),
    (publish(FRESH), [OTHER_PUBLISHER], SignerMayNotPublish),
    (publish(FRESH), [OTHER_ISSUING_BODY], SignerMayNotPublish),
    (publish(FRESH), [DISMISSED], SignerMayNotPublish),
    (publish(FRESH), [LAPSED], SignerMayNotPublish),
    (publish(FRESH), [EARLY], SignerMayNotPublish),
    (publish(FRESH, sector=VALLEY), [PUBLISHER], SignerMayNotPublish),
    (publish(PublicKey(b"\x04" + bytes(32))), [PUBLISHER], OwnerIsNoKey),
    (publish(PublicKey(bytes(33))), [PUBLISHER], OwnerIsNoKey),
    (publish(FRESH, end=BEGIN + HOUR), [PUBLISHER], IntervalLengthNotAllowed),
    (publish(FRESH, end=BEGIN + QUARTER - 1), [PUBLISHER], IntervalLengthNotAllowed),
    (publish(FRESH, end=BEGIN), [PUBLISHER], IntervalLengthNotAllowed),
    (publish(FRESH, end=BEGIN - QUARTER), [PUBLISHER], IntervalLengthNotAllowed),
    (publish(FRESH, begin=0, end=SECONDS_MAX), [PUBLISHER], IntervalLengthNotAllowed),
    (publish(FRESH, begin=BEGIN + 60), [PUBLISHER], IntervalNotAligned),
    (publish(FRESH, begin=BEGIN - 1), [PUBLISHER], IntervalNotAligned),
    (publish(FRESH, begin=LATEST + QUARTER), [PUBLISHER], IntervalNotOver),
    (publish(FRESH, begin=SECONDS_MAX - 899, end=SECONDS_MAX + 1), [PUBLISHER], UnknownCommand),
    (
        publish(FRESH, begin=SECONDS_MAX // QUARTER * QUARTER - QUARTER),
        [PUBLISHER],
        IntervalNotOver,
    ),
    (publish(FREE), [PUBLISHER], MeasurementExists),
    (publish(FREE, kind=Kind.CONSUMPTION, amount=5), [PUBLISHER], MeasurementExists),
    (publish(FREE, sector=VALLEY), [OTHER_PUBLISHER], MeasurementExists),
    (publish(FRESH, amount=-1), [PUBLISHER], UnknownCommand),
    (publish(FRESH, amount=AMOUNT_MAX + 1), [PUBLISHER], UnknownCommand),
    (publish(FRESH, begin=-QUARTER), [PUBLISHER], UnknownCommand),
    (publish(FRESH, sector=""), [PUBLISHER], UnknownCommand),
    (publish(FRESH, sector="x" * 33), [PUBLISHER], UnknownCommand),
    (publish(PublicKey(key(FRESH)[:32])), [PUBLISHER], UnknownCommand),
]

CORRECT: list[tuple[Record, list[int], str, Verdict]] = [
    (correct(FREE), [ISSUING_BODY], "", accepted),
    (correct(FREE), [SUPREME_BODY], "", accepted),
    (correct(FREE), [PUBLISHER, ISSUING_BODY], "", accepted),
    (correct(FREE), [ISSUING_BODY], "certificate", accepted),
    (correct(FREE, 0), [ISSUING_BODY], "", accepted),
    (correct(FREE, 1_000, Quality.ESTIMATED), [ISSUING_BODY], "", accepted),
    (correct(RELIED_ON), [ISSUING_BODY], "certificate", accepted),
    (Correct(UNKNOWN, 1, Quality.MEASURED), [ISSUING_BODY], "", MeasurementNotFound),
    (correct(FREE), [STRANGER], "", SignerMayNotCorrect),
    (correct(FREE), [FREE], "", SignerMayNotCorrect),
    (correct(FREE), [PUBLISHER], "", SignerMayNotCorrect),
    (correct(FREE), [METER], "", SignerMayNotCorrect),
    (correct(FREE), [EVERYBODY], "", SignerMayNotCorrect),
    (correct(FREE), [PUBLISHER, METER, EVERYBODY], "", SignerMayNotCorrect),
    (correct(FREE), [REGISTRAR], "", SignerMayNotCorrect),
    (correct(FREE), [OTHER_ISSUING_BODY], "", SignerMayNotCorrect),
    (correct(FREE), [DISMISSED_BODY], "", SignerMayNotCorrect),
    (correct(FREE), [LAPSED_BODY], "", SignerMayNotCorrect),
    (correct(FREE), [EARLY_BODY], "", SignerMayNotCorrect),
    (correct(RELIED_ON), [STRANGER], "certificate", SignerMayNotCorrect),
    (correct(RELIED_ON), [PUBLISHER], "certificate", SignerMayNotCorrect),
    (correct(RELIED_ON), [ISSUING_BODY], "", RelierMustCorrect),
    (correct(RELIED_ON), [ISSUING_BODY], "market", RelierMustCorrect),
    (correct(FREE, 1_000), [ISSUING_BODY], "", NothingToCorrect),
    (correct(WORN_OUT), [ISSUING_BODY], "", TooManyRevisions),
    (correct(FREE, -1), [ISSUING_BODY], "", UnknownCommand),
    (correct(FREE, AMOUNT_MAX + 1), [ISSUING_BODY], "", UnknownCommand),
]

RELY: list[tuple[Record, list[int], str, Verdict]] = [
    (Rely(measurement_of(FREE)), [STRANGER], "certificate", accepted),
    (Rely(measurement_of(RELIED_ON)), [STRANGER], "certificate", accepted),
    (Rely(UNKNOWN), [PUBLISHER], "certificate", MeasurementNotFound),
    (Rely(measurement_of(FREE)), [STRANGER], "", CallerIsNoContract),
    (Rely(measurement_of(FREE)), [ISSUING_BODY], "", CallerIsNoContract),
    (Rely(measurement_of(RELIED_ON)), [ISSUING_BODY], "", CallerIsNoContract),
    (Rely(measurement_of(RELIED_ON)), [ISSUING_BODY], "market", ReliedOnAlready),
]

LENGTHS = (900, 1_200, HOUR)
OVERLAPS: list[tuple[Publish, Verdict]] = [
    (publish(FREE, end=BEGIN + HOUR), MeasurementExists),
    (publish(FREE, end=BEGIN + 1_200), MeasurementExists),
    (publish(FREE, begin=BEGIN + 900), accepted),
    (publish(FREE, begin=BEGIN + 1_200, end=BEGIN + 2_400), accepted),
    (publish(FREE, begin=BEGIN - HOUR, end=BEGIN), accepted),
    (publish(FREE, begin=BEGIN + HOUR, end=BEGIN + 2 * HOUR), accepted),
    (publish(FREE, begin=BEGIN + 2 * HOUR, end=BEGIN + 3 * HOUR), IntervalsOverlap),
    (publish(FREE, begin=BEGIN + 2 * HOUR + 2_400, end=BEGIN + 3 * HOUR), MeasurementExists),
    (publish(FREE, begin=BEGIN + 2 * HOUR + 1_200, end=BEGIN + 2 * HOUR + 2_400), accepted),
    (publish(FREE, begin=BEGIN + 2 * HOUR + 1_800), IntervalsOverlap),
    (publish(FREE, begin=BEGIN + 4 * HOUR), MeasurementExists),
    (publish(FREE, begin=BEGIN + 4 * HOUR + 900), IntervalsOverlap),
    (publish(FREE, begin=BEGIN + 4 * HOUR + 2_700), IntervalsOverlap),
    (publish(FREE, begin=BEGIN + 4 * HOUR + 2_400, end=BEGIN + 5 * HOUR), IntervalsOverlap),
    (publish(FREE, begin=BEGIN + 5 * HOUR), accepted),
    (publish(FRESH, begin=BEGIN + 4 * HOUR), accepted),
]

CODES: dict[type[Rejected], int] = {
    MeasurementNotFound: 201,
    CallerIsNoContract: 202,
    SectorUnknown: 203,
    SignerMayNotPublish: 204,
    SignerMayNotCorrect: 205,
    RelierMustCorrect: 206,
    ReliedOnAlready: 207,
    OwnerIsNoKey: 208,
    IntervalLengthNotAllowed: 209,
    IntervalNotAligned: 210,
    IntervalNotOver: 211,
    MeasurementExists: 212,
    IntervalsOverlap: 213,
    NothingToCorrect: 214,
    TooManyRevisions: 215,
}


@pytest.mark.parametrize(("command", "signers", "verdict"), PUBLISH)
def test_publish(command: Publish, signers: list[int], verdict: Verdict) -> None:
    """Whoever answers for a sector publishes what is over, aligned, new and possible."""
    assert verdict == prepared().execute(command, signers=signers)


@pytest.mark.parametrize(("command", "signers", "caller", "verdict"), [*CORRECT, *RELY])
def test_correct_and_rely(
    command: Record, signers: list[int], caller: str, verdict: Verdict
) -> None:
    """Corrections come from the issuing body, and through the relier if there is one."""
    assert verdict == prepared().execute(command, signers=signers, caller=caller)


def several_lengths() -> Trial:
    """
    Return a village with three lengths, where one key has measurements of all of them.

    Counted from the begin of the standard interval these are its own quarter hour, the last twenty
    minutes of the third hour, and the whole of the fifth.
    """
    trial = village(measurement_parameters(interval_seconds=LENGTHS), contracts=CONTRACTS)
    for begin, length in ((0, 900), (2 * HOUR + 2_400, 1_200), (4 * HOUR, HOUR)):
        begin_seconds = BEGIN + begin
        command = publish(FREE, begin=begin_seconds, end=begin_seconds + length)
        assert accepted == trial.execute(command, signers=[PUBLISHER])
    return trial


@pytest.mark.parametrize(("command", "verdict"), OVERLAPS)
def test_overlap(command: Publish, verdict: Verdict) -> None:
    """Intervals of one owner key may touch, and never overlap, whatever their lengths."""
    assert verdict == several_lengths().execute(command, signers=[PUBLISHER])


def test_every_rejection_occurs() -> None:
    """The tables meet every rejection that the contract lists, and every code is as published."""
    verdicts: list[Verdict] = [row[-1] for row in PUBLISH]
    verdicts += [row[-1] for row in [*CORRECT, *RELY]]
    verdicts += [row[-1] for row in OVERLAPS]
    assert set(measurement.CONTRACT.rejections) == set(verdicts) - {accepted, UnknownCommand}
    assert list(CODES) == list(measurement.CONTRACT.rejections)
    assert CODES == {kind: kind.code for kind in CODES}


BAD_OWNER = PublicKey(bytes(33))
LONG_AGO_ODD = SECONDS_MAX - 3_000
PUBLISH_LADDER: list[tuple[Publish, list[int], Verdict]] = [
    (publish(BAD_OWNER, begin=LONG_AGO_ODD, sector="x", end=1), [STRANGER], SectorUnknown),
    (publish(BAD_OWNER, begin=LONG_AGO_ODD, end=1), [STRANGER], SignerMayNotPublish),
    (publish(BAD_OWNER, begin=LONG_AGO_ODD, end=1), [PUBLISHER], OwnerIsNoKey),
    (publish(FREE, begin=LONG_AGO_ODD, end=1), [PUBLISHER], IntervalLengthNotAllowed),
    (publish(FREE, begin=LONG_AGO_ODD), [PUBLISHER], IntervalNotAligned),
    (publish(FREE, begin=LATEST + QUARTER), [PUBLISHER], IntervalNotOver),
    (publish(FREE), [PUBLISHER], MeasurementExists),
]

CORRECT_LADDER: list[tuple[Record, list[int], str, Verdict]] = [
    (Correct(UNKNOWN, 1, Quality.MEASURED), [PUBLISHER], "", MeasurementNotFound),
    (correct(RELIED_ON, 1_000), [PUBLISHER], "market", SignerMayNotCorrect),
    (correct(RELIED_ON, 1_000), [ISSUING_BODY], "market", RelierMustCorrect),
    (correct(RELIED_ON, 1_000), [ISSUING_BODY], "certificate", NothingToCorrect),
    (correct(WORN_OUT, 1_000), [ISSUING_BODY], "", NothingToCorrect),
    (correct(WORN_OUT), [ISSUING_BODY], "", TooManyRevisions),
]

RELY_LADDER: list[tuple[Record, list[int], str, Verdict]] = [
    (Rely(UNKNOWN), [STRANGER], "", MeasurementNotFound),
    (Rely(measurement_of(RELIED_ON)), [STRANGER], "", CallerIsNoContract),
    (Rely(measurement_of(RELIED_ON)), [STRANGER], "market", ReliedOnAlready),
]


def test_first_rejection_of_publish_wins() -> None:
    """A publication that breaks several rules is refused by the first in the order of errors.py."""
    trial = prepared()
    codes = []
    for command, signers, verdict in PUBLISH_LADDER:
        assert verdict == trial.execute(command, signers=signers)
        codes.append(getattr(verdict, "code", 0))
    assert sorted(set(codes)) == codes


def test_existence_is_judged_before_overlap() -> None:
    """An interval that begins like one and overlaps another is refused for its begin."""
    trial = village(measurement_parameters(interval_seconds=LENGTHS), contracts=CONTRACTS)
    for begin in (BEGIN, BEGIN + 900):
        assert accepted == trial.execute(publish(FREE, begin=begin), signers=[PUBLISHER])
    command = publish(FREE, end=BEGIN + HOUR)
    assert trial.execute(command, signers=[PUBLISHER]) == MeasurementExists


@pytest.mark.parametrize("ladder", [CORRECT_LADDER, RELY_LADDER])
def test_first_rejection_wins(ladder: list[tuple[Record, list[int], str, Verdict]]) -> None:
    """A command that breaks several rules is refused by the first in the order of errors.py."""
    trial = prepared()
    codes = []
    for command, signers, caller, verdict in ladder:
        assert verdict == trial.execute(command, signers=signers, caller=caller)
        codes.append(getattr(verdict, "code", 0))
    assert sorted(codes) == codes
