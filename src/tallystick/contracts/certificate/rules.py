"""The rules by which certificates come to be and move: issue, transfer, split."""

from functools import lru_cache

from tallystick.base.codes import check_pair
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised
from tallystick.contracts.measurement.commands import Rely
from tallystick.contracts.measurement.model import Kind, Measurement
from tallystick.core.context import Context
from tallystick.core.holding import LockedFor, in_force

from .commands import Issue, Split, SplitPart, Transfer
from .errors import (
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
from .events import CertificateIssued, CertificateSplit, CertificateTransferred
from .model import (
    SPLIT,
    TRANSFER,
    Action,
    Certificate,
    CertificateParameters,
    Next,
    Pledge,
    child_id,
    status_at,
)


def issue(context: Context, command: Issue) -> None:
    """
    Issue the certificate of a production measurement.

    It stands for the whole amount, under the measurement's own id, so a second one has no place to
    stand. From now on the measurement is corrected through this contract. If the owner had pledged
    the interval, the certificate is born locked and the pledge has done its work.
    """
    # READ
    id = command.measurement
    measurement = context.read(Measurement, id)
    issued = context.read(Certificate, id)
    pledge = context.read(Pledge, id)
    qualities = context.parameters(CertificateParameters).qualities
    # CHECK
    if measurement is None:
        raise MeasurementNotFound(id)
    if not authorised(context, Role.ISSUING_BODY, measurement.sector):
        raise SignerIsNotIssuingBody(measurement.sector)
    if measurement.kind is not Kind.PRODUCTION:
        raise NotProduction(measurement.kind)
    if issued is not None:
        raise AlreadyIssued(id)
    if measurement.quality not in qualities:
        raise QualityNotAllowed(measurement.quality, qualities, field="measurement")
    if not measurement.amount:
        raise NothingToIssue(id)
    technology, fuel = command.technology, command.fuel
    if problem := what_is_wrong_with_codes(technology, fuel):
        raise CodesNotPermitted(problem, field=problem.partition(" ")[0])
    # COMPUTE
    begin, end, sector = measurement.begin, measurement.end, measurement.sector
    amount_wh, owner = measurement.amount, measurement.owner
    lock = None
    if pledge is not None and context.time < pledge.until:
        lock = LockedFor(pledge.holder, pledge.lock_id, pledge.until)
    certificate = Certificate(
        id, id, begin, end, amount_wh, sector, technology, fuel, owner, context.time, lock
    )
    # WRITE
    context.call(Rely(id))
    if pledge is not None:
        context.delete(Pledge, id)
    context.write(id, certificate)
    context.emit(
        CertificateIssued(id, begin, end, sector, technology, fuel, owner, amount_wh, lock)
    )


def transfer(context: Context, command: Transfer) -> None:
    """Replace a certificate by an equal one of another owner."""
    # READ
    id = command.certificate
    whole = context.read(Certificate, id)
    # CHECK
    if whole is None:
        raise CertificateNotFound(id)
    check_obeys(context, id, whole, command.lock_id)
    check_usable(context, id, whole)
    # COMPUTE
    child = child_id(id, TRANSFER, 0)
    owner, amount_wh = command.owner, whole.amount_wh
    lock = lasting_lock(context, whole) if owner == whole.owner else None
    # WRITE
    context.create(
        child,
        descendant(whole, id, amount_wh=amount_wh, owner=owner, time=context.time, lock=lock),
    )
    context.write(id, followed_by(whole, Next(Action.TRANSFER, (child,), context.time)))
    context.emit(
        CertificateTransferred(
            id,
            whole.measurement,
            whole.begin,
            whole.end,
            whole.sector,
            whole.technology,
            whole.fuel,
            owner,
            amount_wh,
            lock,
        )
    )


def split(context: Context, command: Split) -> None:
    """
    Replace a certificate by smaller ones of the same origin and interval.

    Splitting exists so that a claim can match consumption to the watt-hour. Under a lock, what
    stays with the owner stays locked: the rest of a partly filled order is still the market's to
    sell.
    """
    # READ
    id = command.certificate
    whole = context.read(Certificate, id)
    # CHECK
    if whole is None:
        raise CertificateNotFound(id)
    check_obeys(context, id, whole, command.lock_id)
    check_usable(context, id, whole)
    _check_parts(context, whole, command.parts)
    # COMPUTE
    time, keeper = context.time, whole.owner
    lock = lasting_lock(context, whole)
    children = tuple([child_id(id, SPLIT, n) for n in range(len(command.parts))])
    # WRITE
    for child, part in zip(children, command.parts, strict=True):
        owner = part.owner
        kept = lock if owner == keeper else None
        context.create(
            child,
            descendant(whole, id, amount_wh=part.amount_wh, owner=owner, time=time, lock=kept),
        )
    context.write(id, followed_by(whole, Next(Action.SPLIT, children, time)))
    context.emit(
        CertificateSplit(
            id,
            whole.measurement,
            whole.begin,
            whole.end,
            whole.sector,
            whole.technology,
            whole.fuel,
            keeper,
            command.parts,
            lock,
        )
    )


def _check_parts(context: Context, whole: Certificate, parts: tuple[SplitPart, ...]) -> None:
    """Refuse too many parts, empty ones, and a sum other than the whole."""
    parts_max = context.parameters(CertificateParameters).split_parts_max
    if len(parts) > parts_max:
        raise TooManyParts(len(parts), parts_max)
    total_wh = 0
    for n, part in enumerate(parts):
        if part.amount_wh < 1:
            raise PartBelowOneWattHour(n, part.amount_wh)
        total_wh += part.amount_wh
    if total_wh != whole.amount_wh:
        raise PartsDoNotSumToWhole(whole.amount_wh, total_wh)


def check_obeys(
    context: Context, id: RecordId, certificate: Certificate, lock_id: LockId | None
) -> None:
    """
    Refuse whoever may not act on a certificate.

    A locked one obeys only the contract named in its lock, which must carry the lock's id; any
    other obeys its owner. A lock that has lapsed is none.
    """
    lock = certificate.lock
    if lock is not None and certificate.next is None and in_force(lock, time=context.time):
        if context.caller != lock.holder:
            raise LockedForAnother(id, lock.holder)
        if lock_id != lock.lock_id:
            raise WrongLockId(id, lock_id)
    elif certificate.owner not in context.signers:
        if lock_id is not None:
            raise LockNotInForce(id)
        raise SignerIsNotOwner(certificate.owner)


def check_usable(
    context: Context, id: RecordId, certificate: Certificate, *, field: str = "certificate"
) -> None:
    """
    Refuse a certificate that something has happened to already, or that has expired.

    `field` is what names it.
    """
    expiry_seconds = context.parameters(CertificateParameters).expiry_seconds
    expired = expiry_seconds and context.time >= (certificate.end + expiry_seconds) * 1_000
    if certificate.next is not None or expired:
        status = status_at(certificate, time=context.time, expiry_seconds=expiry_seconds)
        raise CertificateNotActive(id, status, field=field)


def lasting_lock(context: Context, certificate: Certificate) -> LockedFor | None:
    """Return the lock that goes over to what stays with the owner, or nothing."""
    lock = certificate.lock
    return lock if lock is not None and in_force(lock, time=context.time) else None


def descendant(
    parent: Certificate,
    origin: RecordId,
    *,
    amount_wh: int,
    owner: PublicKey,
    time: int,
    lock: LockedFor | None = None,
    corrected: int = 0,
) -> Certificate:
    """Return a certificate of the same production that follows another."""
    return Certificate(
        origin,
        parent.measurement,
        parent.begin,
        parent.end,
        amount_wh,
        parent.sector,
        parent.technology,
        parent.fuel,
        owner,
        time,
        lock,
        corrected=corrected,
    )


def followed_by(certificate: Certificate, next: Next) -> Certificate:
    """Return a certificate that something has happened to."""
    return Certificate(
        certificate.origin,
        certificate.measurement,
        certificate.begin,
        certificate.end,
        certificate.amount_wh,
        certificate.sector,
        certificate.technology,
        certificate.fuel,
        certificate.owner,
        certificate.created_at,
        certificate.lock,
        next,
        corrected=certificate.corrected,
    )


@lru_cache(maxsize=1_024)
def what_is_wrong_with_codes(technology: str, fuel: str) -> str:
    """Say why two codes do not go together, in an empty text if they do."""
    try:
        check_pair(technology, fuel)
    except ValueError as error:
        return str(error)
    return ""
