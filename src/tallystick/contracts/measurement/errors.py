"""Why measurement's rules refuse, in order of precedence."""

from collections.abc import Sequence

from tallystick.base.identifiers import (
    PublicKey,
    RecordId,
    format_public_key,
    format_record_id,
)
from tallystick.base.intervals import format_time
from tallystick.base.plain import format_milliseconds
from tallystick.core.errors import Rejected

from .model import REVISION_MAX, Quality


class MeasurementRejected(Rejected):
    """A rule of measurement says no."""

    contract = "measurement"


class MeasurementNotFound(MeasurementRejected):
    """The measurement that is named must have been published."""

    code = 201

    def __init__(self, measurement: RecordId) -> None:
        super().__init__(f"measurement: {format_record_id(measurement)} is not on the ledger")


class CallerIsNoContract(MeasurementRejected):
    """Only a contract relies on a measurement; a signed command of a person cannot."""

    code = 202

    def __init__(self) -> None:
        super().__init__("measurement: only a contract relies on one; leave this to it")


class SectorUnknown(MeasurementRejected):
    """A measurement belongs to one of the ledger's sectors."""

    code = 203

    def __init__(self, sector: str, *, known: Sequence[str]) -> None:
        super().__init__(f"sector: {sector!r} is none of {', '.join(known)}")


class SignerMayNotPublish(MeasurementRejected):
    """Publishers and the issuing body of the sector publish, each in their period."""

    code = 204

    def __init__(self, sector: str) -> None:
        super().__init__(
            f"sector: no signer is publisher or issuing body of {sector!r} now; sign as one"
        )


class SignerMayNotCorrect(MeasurementRejected):
    """Only the issuing body of the sector corrects, whoever published the measurement."""

    code = 205

    def __init__(self, sector: str) -> None:
        super().__init__(f"measurement: no signer is issuing body of {sector!r} at this time")


class RelierMustCorrect(MeasurementRejected):
    """What a contract relies on is corrected through that contract only."""

    code = 206

    def __init__(self, measurement: RecordId, *, relier: str) -> None:
        super().__init__(
            f"measurement: contract {relier} relies on {format_record_id(measurement)} and must "
            "correct it"
        )


class ReliedOnAlready(MeasurementRejected):
    """At most one contract relies on a measurement."""

    code = 207

    def __init__(self, measurement: RecordId, *, relier: str) -> None:
        super().__init__(
            f"measurement: contract {relier} relies on {format_record_id(measurement)} already"
        )


class OwnerIsNoKey(MeasurementRejected):
    """An owner is a compressed key; whether it is on the curve shows when it first signs."""

    code = 208

    def __init__(self, owner: PublicKey) -> None:
        super().__init__(
            f"owner: {format_public_key(owner)} is no compressed key, which begins with 02 or 03"
        )


class IntervalLengthNotAllowed(MeasurementRejected):
    """An interval is as long as the ledger's parameters allow."""

    code = 209

    def __init__(self, *, begin: int, end: int, allowed: Sequence[int]) -> None:
        lengths = ", ".join(str(length) for length in allowed)
        super().__init__(f"end: the interval lasts {end - begin} s, allowed are {lengths} s")


class IntervalNotAligned(MeasurementRejected):
    """An interval begins at a whole multiple of its length."""

    code = 210

    def __init__(self, *, begin: int, length: int) -> None:
        super().__init__(
            f"begin: {format_time(begin)} is not a multiple of the interval's {length} s"
        )


class IntervalNotOver(MeasurementRejected):
    """Nothing can be known of an interval that ends after block time."""

    code = 211

    def __init__(self, *, end: int, time: int) -> None:
        super().__init__(
            f"end: {format_time(end)} lies after block time {format_milliseconds(time)}"
        )


class MeasurementExists(MeasurementRejected):
    """An owner key has one measurement per begin; a better figure is a correction."""

    code = 212

    def __init__(self, measurement: RecordId) -> None:
        super().__init__(
            f"begin: measurement {format_record_id(measurement)} of this owner and begin exists; "
            "correct it instead"
        )


class IntervalsOverlap(MeasurementRejected):
    """The measurements of one owner key do not overlap."""

    code = 213

    def __init__(self, measurement: RecordId, *, begin: int, end: int) -> None:
        super().__init__(
            f"begin: measurement {format_record_id(measurement)} of this owner lasts from "
            f"{format_time(begin)} to {format_time(end)}"
        )


class NothingToCorrect(MeasurementRejected):
    """A correction changes the amount or the quality."""

    code = 214

    def __init__(self, *, amount: int, quality: Quality) -> None:
        super().__init__(
            f"amount: it is {amount} and {quality.value} already; give another, or another quality"
        )


class TooManyRevisions(MeasurementRejected):
    """The number of corrections is bounded."""

    code = 215

    def __init__(self, measurement: RecordId) -> None:
        super().__init__(
            f"measurement: {format_record_id(measurement)} was corrected {REVISION_MAX} times, "
            "which is the most"
        )


REJECTIONS = (
    MeasurementNotFound,
    CallerIsNoContract,
    SectorUnknown,
    SignerMayNotPublish,
    SignerMayNotCorrect,
    RelierMustCorrect,
    ReliedOnAlready,
    OwnerIsNoKey,
    IntervalLengthNotAllowed,
    IntervalNotAligned,
    IntervalNotOver,
    MeasurementExists,
    IntervalsOverlap,
    NothingToCorrect,
    TooManyRevisions,
)
