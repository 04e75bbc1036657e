"""Why a certificate is not found, signed for, or free, up to 321; see `errors`."""

from tallystick.base.identifiers import (
    LockId,
    PublicKey,
    RecordId,
    format_lock_id,
    format_public_key,
    format_record_id,
)
from tallystick.core.errors import Rejected

from .model import Status


class CertificateRejected(Rejected):
    """Base of every reason of this contract."""

    contract = "certificate"


class CertificateNotFound(CertificateRejected):
    """There must be a certificate with this id."""

    code = 301

    def __init__(self, certificate: RecordId, *, field: str = "certificate") -> None:
        super().__init__(f"{field}: there is no certificate {format_record_id(certificate)}")


class MeasurementNotFound(CertificateRejected):
    """There must be a measurement with this id."""

    code = 302

    def __init__(self, measurement: RecordId, *, field: str = "measurement") -> None:
        super().__init__(f"{field}: there is no measurement {format_record_id(measurement)}")


class PledgeNotFound(CertificateRejected):
    """There must be a pledge for what is asked; only the view gives this reason."""

    code = 303

    def __init__(self, measurement: RecordId) -> None:
        super().__init__(f"measurement: nothing was pledged under {format_record_id(measurement)}")


class SignerIsNotIssuingBody(CertificateRejected):
    """Only a signer who is the sector's issuing body at block time may do this."""

    code = 310

    def __init__(self, sector: str, *, field: str = "measurement") -> None:
        super().__init__(
            f"{field}: no signer is an issuing body of its sector {sector!r}; sign as one"
        )


class CallerIsNoContract(CertificateRejected):
    """Only a contract can lock a holding: a lock names who may move it."""

    code = 311

    def __init__(self) -> None:
        super().__init__("holding: only a contract locks a certificate, and no signature does")


class LockedForAnother(CertificateRejected):
    """A locked certificate obeys only the contract named in its lock."""

    code = 312

    def __init__(self, certificate: RecordId, holder: str, *, field: str = "certificate") -> None:
        super().__init__(
            f"{field}: {format_record_id(certificate)} is locked for contract {holder!r}, "
            "and obeys it alone"
        )


class WrongLockId(CertificateRejected):
    """The contract named in the lock must carry the lock's id."""

    code = 313

    def __init__(self, certificate: RecordId, lock_id: LockId | None) -> None:
        given = "none" if lock_id is None else format_lock_id(lock_id)
        super().__init__(
            f"lock_id: {given} was given, {format_record_id(certificate)} is locked under another"
        )


class LockNotInForce(CertificateRejected):
    """A lock id was given without the owner's signature, but there is no such lock any more."""

    code = 314

    def __init__(self, certificate: RecordId) -> None:
        super().__init__(
            f"lock_id: no lock binds {format_record_id(certificate)}; its owner moves it"
        )


class SignerIsNotOwner(CertificateRejected):
    """An active certificate, or what is still to come, obeys only its owner."""

    code = 315

    def __init__(self, owner: PublicKey, *, field: str = "certificate") -> None:
        named = f"{'' if field == 'owner' else 'its owner '}{format_public_key(owner)}"
        super().__init__(f"{field}: {named} has not signed; sign with its key")


class SignerIsNotConsumer(CertificateRejected):
    """The consumption's owner must sign, or have pledged it to the calling contract."""

    code = 316

    def __init__(self, consumption: RecordId) -> None:
        super().__init__(
            f"consumption: the owner of {format_record_id(consumption)} has not signed; "
            "sign with its key"
        )


class CertificateNotActive(CertificateRejected):
    """What is passed on, claimed, withdrawn or expired cannot be used again."""

    code = 320

    def __init__(
        self, certificate: RecordId, status: Status, *, field: str = "certificate"
    ) -> None:
        super().__init__(
            f"{field}: {format_record_id(certificate)} is {status.value}; name one that is active"
        )


class CertificateNotWithdrawable(CertificateRejected):
    """Only a certificate that still stands for its amount, and is not withdrawn yet, can be."""

    code = 321

    def __init__(self, certificate: RecordId, status: Status) -> None:
        super().__init__(
            f"certificate: {format_record_id(certificate)} is {status.value} and "
            "cannot be withdrawn"
        )
