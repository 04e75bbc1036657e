"""
Why a command on certificates is rejected, in order of precedence.

When several apply, the one with the lowest code is given. Codes are never reused. Up to 321 they
are in `errors_certificates`. Every message begins with the field that it is about.
"""

from collections.abc import Sequence

from tallystick.base.identifiers import RecordId, format_record_id
from tallystick.base.intervals import format_time
from tallystick.base.plain import format_milliseconds
from tallystick.contracts.measurement.model import Kind, Quality

from .errors_certificates import (
    CallerIsNoContract,
    CertificateNotActive,
    CertificateNotFound,
    CertificateNotWithdrawable,
    CertificateRejected,
    LockedForAnother,
    LockNotInForce,
    MeasurementNotFound,
    PledgeNotFound,
    SignerIsNotConsumer,
    SignerIsNotIssuingBody,
    SignerIsNotOwner,
    WrongLockId,
)
from .model import Status

__all__ = [
    "REJECTIONS",
    "AlreadyIssued",
    "AlreadyLocked",
    "CallerIsNoContract",
    "CertificateNotActive",
    "CertificateNotFound",
    "CertificateNotWithdrawable",
    "CertificateRejected",
    "ClaimExceedsConsumption",
    "CodesNotPermitted",
    "IntervalsDiffer",
    "LeafNamedTwice",
    "LeafNotFound",
    "LeafOfAnotherMeasurement",
    "LeavesDoNotSumToMeasurement",
    "LeavesNotExpected",
    "LockNotInForce",
    "LockedForAnother",
    "LockedInPart",
    "MeasurementNotFound",
    "NotALeaf",
    "NotConsumption",
    "NotElectricity",
    "NotIssued",
    "NotProduction",
    "NothingToIssue",
    "PartBelowOneWattHour",
    "PartNotFound",
    "PartNotWithdrawn",
    "PartsDoNotSumToWhole",
    "PledgeInForce",
    "PledgeNotFound",
    "QualityNotAllowed",
    "SectorsDiffer",
    "SettlementFull",
    "SignerIsNotConsumer",
    "SignerIsNotIssuingBody",
    "SignerIsNotOwner",
    "TooManyLeaves",
    "TooManyParts",
    "UntilHasPassed",
    "WrongLockId",
]


class NotProduction(CertificateRejected):
    """Certificates are issued for production only."""

    code = 330

    def __init__(self, kind: Kind) -> None:
        super().__init__(f"measurement: it is of {kind.value}, not of production")


class NotConsumption(CertificateRejected):
    """Certificates are claimed for consumption only."""

    code = 331

    def __init__(self, kind: Kind) -> None:
        super().__init__(f"consumption: it is of {kind.value}, not of consumption")


class NotElectricity(CertificateRejected):
    """Only production and consumption are corrected here; the rest has nothing to do with us."""

    code = 332

    def __init__(self, kind: Kind) -> None:
        super().__init__(
            f"measurement: no certificate hangs on one of {kind.value}; send measurement.correct"
        )


class AlreadyIssued(CertificateRejected):
    """A measurement has one certificate, issued once."""

    code = 333

    def __init__(self, measurement: RecordId, *, field: str = "measurement") -> None:
        super().__init__(
            f"{field}: measurement {format_record_id(measurement)} has its certificate already; "
            "certificate.show tells where it stands"
        )


class NotIssued(CertificateRejected):
    """Production without a certificate is corrected by the measurement contract alone."""

    code = 334

    def __init__(self, measurement: RecordId) -> None:
        super().__init__(
            f"measurement: {format_record_id(measurement)} has no certificate; "
            "send measurement.correct"
        )


class QualityNotAllowed(CertificateRejected):
    """Certificates stand only for energy measured well enough."""

    code = 335

    def __init__(self, quality: Quality, allowed: Sequence[Quality], *, field: str) -> None:
        named = ", ".join(each.value for each in allowed)
        super().__init__(f"{field}: certificates are issued for {named}, not for {quality.value}")


class NothingToIssue(CertificateRejected):
    """A certificate stands for at least one watt-hour."""

    code = 336

    def __init__(self, measurement: RecordId) -> None:
        super().__init__(
            f"measurement: {format_record_id(measurement)} is 0 Wh, at least 1 is needed"
        )


class CodesNotPermitted(CertificateRejected):
    """Technology and fuel must be AIB codes that occur together."""

    code = 337

    def __init__(self, problem: str, *, field: str) -> None:
        super().__init__(f"{field}: {problem}")


class TooManyParts(CertificateRejected):
    """A split makes at most as many parts as the ledger's parameters say."""

    code = 340

    def __init__(self, count: int, parts_max: int) -> None:
        super().__init__(
            f"parts: there are {count}, at most {parts_max} are allowed; split one of them again"
        )


class PartBelowOneWattHour(CertificateRejected):
    """The smallest part is one watt-hour."""

    code = 341

    def __init__(self, n: int, amount_wh: int) -> None:
        super().__init__(f"parts[{n}].amount_wh: {amount_wh}, at least 1 is needed")


class PartsDoNotSumToWhole(CertificateRejected):
    """The parts must add up to exactly the certificate they replace."""

    code = 342

    def __init__(self, whole_wh: int, total_wh: int) -> None:
        super().__init__(f"parts: they sum to {total_wh} Wh, the certificate holds {whole_wh} Wh")


class SectorsDiffer(CertificateRejected):
    """Production and consumption must lie in the same sector, where the ledger asks for it."""

    code = 350

    def __init__(self, produced: str, consumed: str) -> None:
        super().__init__(
            f"consumption: it is in sector {consumed!r}, the certificate's energy in {produced!r}"
        )


class IntervalsDiffer(CertificateRejected):
    """Production and consumption must meet in time, as the ledger's interval rule says."""

    code = 351

    def __init__(self, produced: tuple[int, int], consumed: tuple[int, int], rule: str) -> None:
        super().__init__(
            f"consumption: it lasts {_interval(consumed)}, the certificate's production "
            f"{_interval(produced)}; they must meet as the ledger's rule {rule!r} says"
        )


class ClaimExceedsConsumption(CertificateRejected):
    """No more is retired to a measurement than was consumed."""

    code = 352

    def __init__(self, amount_wh: int, rest_wh: int) -> None:
        super().__init__(
            f"certificate: it holds {amount_wh} Wh, {rest_wh} Wh are left to settle; split it first"
        )


class SettlementFull(CertificateRejected):
    """A settlement has at most as many parts as the ledger's parameters say."""

    code = 353

    def __init__(self, parts_max: int) -> None:
        super().__init__(
            f"consumption: its settlement has {parts_max} parts already, which is the most"
        )


class PartNotFound(CertificateRejected):
    """The certificate must stand in the settlement."""

    code = 360

    def __init__(self, certificate: RecordId, consumption: RecordId) -> None:
        super().__init__(
            f"certificate: {format_record_id(certificate)} is not in the settlement of "
            f"{format_record_id(consumption)}"
        )


class PartNotWithdrawn(CertificateRejected):
    """Only a part whose certificate was withdrawn can be taken out: a claim is for good."""

    code = 361

    def __init__(self, certificate: RecordId) -> None:
        super().__init__(
            f"certificate: {format_record_id(certificate)} is claimed and was not withdrawn"
        )


class LeavesNotExpected(CertificateRejected):
    """A correction of consumption finds its claims in the settlement and names no leaves."""

    code = 370

    def __init__(self, count: int) -> None:
        super().__init__(f"leaves: {count} are named, a consumption has none; name none")


class TooManyLeaves(CertificateRejected):
    """A correction touches at most as many leaves as the ledger's parameters say."""

    code = 371

    def __init__(self, count: int, leaves_max: int) -> None:
        super().__init__(f"leaves: {count} are named, at most {leaves_max} are allowed")


class LeafNamedTwice(CertificateRejected):
    """The leaves must be distinct."""

    code = 372

    def __init__(self, leaf: RecordId, *, n: int) -> None:
        super().__init__(
            f"leaves[{n}]: {format_record_id(leaf)} stands there before; name each leaf once"
        )


class LeafNotFound(CertificateRejected):
    """Each leaf must be a certificate."""

    code = 373

    def __init__(self, leaf: RecordId, *, n: int) -> None:
        super().__init__(f"leaves[{n}]: there is no certificate {format_record_id(leaf)}")


class LeafOfAnotherMeasurement(CertificateRejected):
    """Each leaf must belong to the tree of the measurement that is corrected."""

    code = 374

    def __init__(self, leaf: RecordId, *, n: int) -> None:
        super().__init__(
            f"leaves[{n}]: {format_record_id(leaf)} stems from another measurement; leave it out"
        )


class NotALeaf(CertificateRejected):
    """What was transferred, split or broken does not stand for its amount any more."""

    code = 375

    def __init__(self, leaf: RecordId, status: Status, *, n: int) -> None:
        super().__init__(
            f"leaves[{n}]: {format_record_id(leaf)} is {status.value}; name what followed it"
        )


class LeavesDoNotSumToMeasurement(CertificateRejected):
    """The leaves must add up to what was measured so far: all of them are named."""

    code = 376

    def __init__(self, measured_wh: int, total_wh: int) -> None:
        super().__init__(
            f"leaves: they sum to {total_wh} Wh, {measured_wh} Wh were measured; name all of them"
        )


class UntilHasPassed(CertificateRejected):
    """A lock or pledge must end after the block that makes it."""

    code = 380

    def __init__(self, until: int, time: int) -> None:
        super().__init__(
            f"until: {format_milliseconds(until)} has passed, it is {format_milliseconds(time)}; "
            "give a later time"
        )


class AlreadyLocked(CertificateRejected):
    """A certificate has one lock at a time."""

    code = 381

    def __init__(self, certificate: RecordId, holder: str) -> None:
        super().__init__(
            f"holding: {format_record_id(certificate)} is locked for contract {holder!r} already"
        )


class PledgeInForce(CertificateRejected):
    """A pledge cannot be replaced before it lapses or its holder releases it."""

    code = 382

    def __init__(self, holder: str, until: int) -> None:
        super().__init__(
            f"begin: this owner's interval is pledged to contract {holder!r} until "
            f"{format_milliseconds(until)}; wait until then"
        )


class LockedInPart(CertificateRejected):
    """A certificate is locked as a whole: whoever needs a part splits it first."""

    code = 383

    def __init__(self, amount: int) -> None:
        super().__init__(f"amount: {amount}, a certificate is held as a whole; give 0")


def _interval(moments: tuple[int, int]) -> str:
    """Return from when to when an interval lasts."""
    return f"from {format_time(moments[0])} to {format_time(moments[1])}"


REJECTIONS: tuple[type[CertificateRejected], ...] = tuple(CertificateRejected.__subclasses__())
"""Every reason above, in the order in which they stand: none can be forgotten."""
