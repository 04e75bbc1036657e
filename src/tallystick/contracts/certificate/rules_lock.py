"""The rules by which an owner hands a holding to a contract: lock, release, pledge."""

from msgspec.structs import replace

from tallystick.base.identifiers import LockId, RecordId
from tallystick.contracts.measurement.model import measurement_id
from tallystick.core.context import Context
from tallystick.core.holding import WHOLE, Lock, LockedFor, Release, in_force

from . import commands
from .errors import (
    AlreadyIssued,
    AlreadyLocked,
    CallerIsNoContract,
    CertificateNotFound,
    LockedForAnother,
    LockedInPart,
    LockNotInForce,
    PledgeInForce,
    SignerIsNotOwner,
    UntilHasPassed,
    WrongLockId,
)
from .events import CertificateLocked, CertificateReleased, IntervalPledged, PledgeReleased
from .model import Certificate, Pledge
from .rules import check_usable


def lock(context: Context, command: Lock) -> None:
    """
    Hand an active certificate to the calling contract.

    Until the lock lapses or is released, only that contract moves the certificate. So a market can
    promise delivery, and nobody can sell twice.
    """
    # READ
    id = command.holding
    certificate = context.read(Certificate, id)
    # CHECK
    if certificate is None:
        raise CertificateNotFound(id, field="holding")
    if not context.caller:
        raise CallerIsNoContract
    if certificate.owner not in context.signers:
        raise SignerIsNotOwner(certificate.owner, field="holding")
    check_usable(context, id, certificate, field="holding")
    if command.until and command.until <= context.time:
        raise UntilHasPassed(command.until, context.time)
    present = certificate.lock
    if present is not None and in_force(present, time=context.time):
        raise AlreadyLocked(id, present.holder)
    if command.amount not in (WHOLE, certificate.amount_wh):
        raise LockedInPart(command.amount)
    # COMPUTE
    fresh = LockedFor(context.caller, command.lock_id, command.until)
    # WRITE
    context.write(id, replace(certificate, lock=fresh))
    context.emit(CertificateLocked(certificate=id, lock=fresh))


def release(context: Context, command: Release) -> None:
    """
    Hand a locked certificate, or a pledge not yet drawn on, back to its owner.

    It does not matter whether the lock has lapsed or the certificate was withdrawn meanwhile: the
    holder can always close its own affair.
    """
    # READ
    id = command.holding
    certificate = context.read(Certificate, id)
    pledge = context.read(Pledge, id)
    # CHECK
    if certificate is None and pledge is None:
        raise CertificateNotFound(id, field="holding")
    held = pledge if certificate is None else certificate.lock
    if held is None:
        raise LockNotInForce(id)
    _check_holder(context, id, command.lock_id, held)
    whole = 0 if certificate is None else certificate.amount_wh
    if command.amount not in (WHOLE, whole):
        raise LockedInPart(command.amount)
    # WRITE
    if certificate is None:
        context.delete(Pledge, id)
        context.emit(PledgeReleased(measurement=id))
    else:
        context.write(id, replace(certificate, lock=None))
        context.emit(CertificateReleased(certificate=id))


def pledge(context: Context, command: commands.Pledge) -> None:
    """
    Hand a contract, in advance, what an interval's measurement will bring.

    Production's certificate will be born locked, consumption is open to the contract's claims. It
    lets people sell and buy forward without being asked again when the reading arrives.
    """
    # READ
    id = measurement_id(command.owner, command.begin)
    present = context.read(Pledge, id)
    issued = context.read(Certificate, id)
    # CHECK
    if command.owner not in context.signers:
        raise SignerIsNotOwner(command.owner, field="owner")
    if issued is not None:
        raise AlreadyIssued(id, field="begin")
    if command.until <= context.time:
        raise UntilHasPassed(command.until, context.time)
    if present is not None and context.time < present.until:
        raise PledgeInForce(present.holder, present.until)
    # WRITE
    context.write(id, Pledge(command.holder, command.lock_id, command.until))
    context.emit(
        IntervalPledged(
            owner=command.owner,
            begin=command.begin,
            holder=command.holder,
            lock_id=command.lock_id,
            until=command.until,
        )
    )


def _check_holder(
    context: Context, id: RecordId, lock_id: LockId, held: LockedFor | Pledge
) -> None:
    """Refuse anybody but the contract that holds, and any other of its affairs."""
    if context.caller != held.holder:
        raise LockedForAnother(id, held.holder, field="holding")
    if lock_id != held.lock_id:
        raise WrongLockId(id, lock_id)
