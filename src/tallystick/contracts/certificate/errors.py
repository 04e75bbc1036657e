"""
Why a command on certificates is rejected, in order of precedence.

When several apply, the one with the lowest code is given. Codes are never reused.
"""

from tallystick.base.identifiers import (
    LockId,
    PublicKey,
    RecordId,
    format_lock_id,
    format_public_key,
    format_record_id,
)
from tallystick.base.plain import format_milliseconds
from tallystick.contracts.measurement.model import Kind, Quality
from tallystick.core.errors import Rejected

from .model import Status


class CertificateRejected(Rejected):
    """Base of every reason of this contract."""

    contract = "certificate"


class CertificateNotFound(CertificateRejected):
    """There must be a certificate with this id."""

    code = 301

    def __init__(self, certificate: RecordId) -> None:
        super().__init__(f"there is no certificate {format_record_id(certificate)}")


class MeasurementNotFound(CertificateRejected):
    """There must be a measurement with this id."""

    code = 302

    def __init__(self, measurement: RecordId) -> None:
        super().__init__(f"there is no measurement {format_record_id(measurement)}")


class PledgeNotFound(CertificateRejected):
    """There must be a pledge for what is asked; only the view gives this reason."""

    code = 303

    def __init__(self, measurement: RecordId) -> None:
        super().__init__(f"nothing was pledged under {format_record_id(measurement)}")


class SignerIsNotIssuingBody(CertificateRejected):
    """Only a signer who is the sector's issuing body at block time may do this."""

    code = 310

    def __init__(self, sector: str) -> None:
        super().__init__(f"no signer is an issuing body of sector {sector!r}")


class CallerIsNoContract(CertificateRejected):
    """Only a contract can lock a holding: a lock names who may move it."""

    code = 311

    def __init__(self) -> None:
        super().__init__("a certificate is locked by a contract, not by a person")


class LockedForAnother(CertificateRejected):
    """A locked certificate obeys only the contract named in its lock."""

    code = 312

    def __init__(self, certificate: RecordId, holder: str) -> None:
        super().__init__(f"{format_record_id(certificate)} is locked for contract {holder!r}")


class WrongLockId(CertificateRejected):
    """The contract named in the lock must carry the lock's id."""

    code = 313

    def __init__(self, certificate: RecordId, lock_id: LockId | None) -> None:
        given = "none" if lock_id is None else format_lock_id(lock_id)
        super().__init__(f"{format_record_id(certificate)} has another lock id than {given}")


class LockNotInForce(CertificateRejected):
    """A lock id was given without the owner's signature, but there is no such lock any more."""

    code = 314

    def __init__(self, certificate: RecordId) -> None:
        super().__init__(f"no lock binds {format_record_id(certificate)}")


class SignerIsNotOwner(CertificateRejected):
    """An active certificate, or what is still to come, obeys only its owner."""

    code = 315

    def __init__(self, owner: PublicKey) -> None:
        super().__init__(f"the owner {format_public_key(owner)} has not signed")


class SignerIsNotConsumer(CertificateRejected):
    """The consumption's owner must sign, or have pledged it to the calling contract."""

    code = 316

    def __init__(self, consumption: RecordId) -> None:
        super().__init__(f"the owner of consumption {format_record_id(consumption)} has not signed")


class CertificateNotActive(CertificateRejected):
    """What is passed on, claimed, withdrawn or expired cannot be used again."""

    code = 320

    def __init__(self, certificate: RecordId, status: Status) -> None:
        super().__init__(f"{format_record_id(certificate)} is {status.value}")


class CertificateNotWithdrawable(CertificateRejected):
    """Only a certificate that still stands for its amount, and is not withdrawn yet, can be."""

    code = 321

    def __init__(self, certificate: RecordId, status: Status) -> None:
        super().__init__(
            f"{format_record_id(certificate)} is {status.value} and cannot be withdrawn"
        )


class NotProduction(CertificateRejected):
    """Certificates are issued for production only."""

    code = 330

    def __init__(self, kind: Kind) -> None:
        super().__init__(f"the measurement is of {kind.value}, not of production")


class NotConsumption(CertificateRejected):
    """Certificates are claimed for consumption only."""

    code = 331

    def __init__(self, kind: Kind) -> None:
        super().__init__(f"the measurement is of {kind.value}, not of consumption")


class NotElectricity(CertificateRejected):
    """Only production and consumption are corrected here; the rest has nothing to do with us."""

    code = 332

    def __init__(self, kind: Kind) -> None:
        super().__init__(f"no certificate hangs on a measurement of {kind.value}")


class AlreadyIssued(CertificateRejected):
    """A measurement has one certificate, issued once."""

    code = 333

    def __init__(self, measurement: RecordId) -> None:
        super().__init__(f"{format_record_id(measurement)} has its certificate already")


class NotIssued(CertificateRejected):
    """Production without a certificate is corrected by the measurement contract alone."""

    code = 334

    def __init__(self, measurement: RecordId) -> None:
        super().__init__(f"{format_record_id(measurement)} has no certificate to correct")


class QualityNotAllowed(CertificateRejected):
    """Certificates stand only for energy measured well enough."""

    code = 335

    def __init__(self, quality: Quality) -> None:
        super().__init__(f"no certificate is issued for quality {quality.value!r}")


class NothingToIssue(CertificateRejected):
    """A certificate stands for at least one watt-hour."""

    code = 336

    def __init__(self, measurement: RecordId) -> None:
        super().__init__(f"{format_record_id(measurement)} measured 0 Wh")


class CodesNotPermitted(CertificateRejected):
    """Technology and fuel must be AIB codes that occur together."""

    code = 337

    def __init__(self, problem: str) -> None:
        super().__init__(problem)


class TooManyParts(CertificateRejected):
    """A split makes at most as many parts as the ledger's parameters say."""

    code = 340

    def __init__(self, count: int, parts_max: int) -> None:
        super().__init__(f"{count} parts, at most {parts_max} are allowed")


class PartBelowOneWattHour(CertificateRejected):
    """The smallest part is one watt-hour."""

    code = 341

    def __init__(self, n: int, amount_wh: int) -> None:
        super().__init__(f"parts[{n}].amount_wh is {amount_wh}, at least 1 is needed")


class PartsDoNotSumToWhole(CertificateRejected):
    """The parts must add up to exactly the certificate they replace."""

    code = 342

    def __init__(self, whole_wh: int, total_wh: int) -> None:
        super().__init__(f"parts sum to {total_wh} Wh, certificate holds {whole_wh} Wh")


class SectorsDiffer(CertificateRejected):
    """Production and consumption must lie in the same sector, where the ledger asks for it."""

    code = 350

    def __init__(self, produced: str, consumed: str) -> None:
        super().__init__(f"produced in sector {produced!r}, consumed in {consumed!r}")


class IntervalsDiffer(CertificateRejected):
    """Production and consumption must meet in time, as the ledger's interval rule says."""

    code = 351

    def __init__(self, produced: tuple[int, int], consumed: tuple[int, int], rule: str) -> None:
        super().__init__(
            f"produced in [{produced[0]}, {produced[1]}), "
            f"consumed in [{consumed[0]}, {consumed[1]}), interval rule {rule!r}"
        )


class ClaimExceedsConsumption(CertificateRejected):
    """No more is retired to a measurement than was consumed."""

    code = 352

    def __init__(self, amount_wh: int, rest_wh: int) -> None:
        super().__init__(f"certificate holds {amount_wh} Wh, {rest_wh} Wh are left to settle")


class SettlementFull(CertificateRejected):
    """A settlement has at most as many parts as the ledger's parameters say."""

    code = 353

    def __init__(self, parts_max: int) -> None:
        super().__init__(f"the settlement has its {parts_max} parts already")


class PartNotFound(CertificateRejected):
    """The certificate must stand in the settlement."""

    code = 360

    def __init__(self, certificate: RecordId, consumption: RecordId) -> None:
        super().__init__(
            f"{format_record_id(certificate)} is not in the settlement of "
            f"{format_record_id(consumption)}"
        )


class PartNotWithdrawn(CertificateRejected):
    """Only a part whose certificate was withdrawn can be taken out: a claim is for good."""

    code = 361

    def __init__(self, certificate: RecordId) -> None:
        super().__init__(f"{format_record_id(certificate)} is claimed and was not withdrawn")


class LeavesNotExpected(CertificateRejected):
    """A correction of consumption finds its claims in the settlement and names no leaves."""

    code = 370

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} leaves named for consumption, expected none")


class TooManyLeaves(CertificateRejected):
    """A correction touches at most as many leaves as the ledger's parameters say."""

    code = 371

    def __init__(self, count: int, leaves_max: int) -> None:
        super().__init__(f"{count} leaves named, at most {leaves_max} are allowed")


class LeafNamedTwice(CertificateRejected):
    """The leaves must be distinct."""

    code = 372

    def __init__(self, leaf: RecordId) -> None:
        super().__init__(f"leaf {format_record_id(leaf)} is named twice")


class LeafNotFound(CertificateRejected):
    """Each leaf must be a certificate."""

    code = 373

    def __init__(self, leaf: RecordId) -> None:
        super().__init__(f"leaf {format_record_id(leaf)} is no certificate")


class LeafOfAnotherMeasurement(CertificateRejected):
    """Each leaf must belong to the tree of the measurement that is corrected."""

    code = 374

    def __init__(self, leaf: RecordId) -> None:
        super().__init__(f"leaf {format_record_id(leaf)} stems from another measurement")


class NotALeaf(CertificateRejected):
    """What was transferred, split or broken does not stand for its amount any more."""

    code = 375

    def __init__(self, leaf: RecordId, status: Status) -> None:
        super().__init__(f"{format_record_id(leaf)} is {status.value} and no leaf")


class LeavesDoNotSumToMeasurement(CertificateRejected):
    """The leaves must add up to what was measured so far: all of them are named."""

    code = 376

    def __init__(self, measured_wh: int, total_wh: int) -> None:
        super().__init__(f"leaves sum to {total_wh} Wh, {measured_wh} Wh were measured")


class UntilHasPassed(CertificateRejected):
    """A lock or pledge must end after the block that makes it."""

    code = 380

    def __init__(self, until: int, time: int) -> None:
        super().__init__(
            f"until: {format_milliseconds(until)} has passed, it is {format_milliseconds(time)}"
        )


class AlreadyLocked(CertificateRejected):
    """A certificate has one lock at a time."""

    code = 381

    def __init__(self, certificate: RecordId, holder: str) -> None:
        super().__init__(f"{format_record_id(certificate)} is locked for {holder!r} already")


class PledgeInForce(CertificateRejected):
    """A pledge cannot be replaced before it lapses or its holder releases it."""

    code = 382

    def __init__(self, holder: str, until: int) -> None:
        super().__init__(f"pledged to {holder!r} until {until}")


class LockedInPart(CertificateRejected):
    """A certificate is locked as a whole: whoever needs a part splits it first."""

    code = 383

    def __init__(self, amount: int) -> None:
        super().__init__(f"amount: {amount}; use 0 for the whole certificate")


REJECTIONS: tuple[type[CertificateRejected], ...] = tuple(CertificateRejected.__subclasses__())
"""Every reason above, in the order in which they stand: none can be forgotten."""
