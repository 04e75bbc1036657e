"""The rules of hash-time locks, for things that move in opposite directions."""

from hashlib import sha256

from tallystick.base.identifiers import LockId, RecordId
from tallystick.core.context import Context
from tallystick.core.holding import WHOLE, Lock, Move, Release

from .checks import check_deadline, check_free, check_movable, check_target, reserve
from .commands import LockHash, Redeem, Refund
from .errors import (
    HashLockIsOver,
    HashLockNotFound,
    PreimageIsWrong,
    PreimageLengthIsWrong,
    TooEarlyToRefund,
    TooLateToRedeem,
)
from .events import HashLocked, HashLockRedeemed, HashLockRefunded
from .model import PREIMAGE_BYTES, HashLock, HashLockState, Reservation, reservation_id


def lock_hash(context: Context, command: LockHash) -> None:
    """
    Hold something for whoever shows the preimage of a hash, until a deadline.

    The contract that keeps it insists on its owner's signature. What it holds lapses only here, so
    that paying out and giving back never meet.
    """
    # READ
    id = context.derive_id()
    # CHECK
    check_movable(context, command.contract, field="contract")
    check_target(command.beneficiary, field="beneficiary")
    check_deadline(context, command.until, field="until")
    check_free(context, command.contract, command.holding, field="holding")
    # COMPUTE
    lock_id = LockId(id)
    found = HashLock(
        contract=command.contract,
        holding=command.holding,
        amount=command.amount,
        digest=command.digest,
        beneficiary=command.beneficiary,
        until=command.until,
        state=HashLockState.OPEN,
        preimage=b"",
    )
    # WRITE
    context.call(Lock(command.contract, command.holding, lock_id, until=0, amount=command.amount))
    context.create(id, found)
    if command.amount == WHOLE:
        reserve(context, command.contract, command.holding, lock_id, until=command.until)
    context.emit(
        HashLocked(
            lock=id,
            contract=command.contract,
            holding=command.holding,
            amount=command.amount,
            digest=command.digest,
            beneficiary=command.beneficiary,
            until=command.until,
        )
    )


def redeem(context: Context, command: Redeem) -> None:
    """
    Pay the beneficiary for the preimage, before the deadline.

    Anybody may show it, a watchtower too: only the beneficiary is ever paid.
    """
    # READ
    found = _open_lock(context, command.lock)
    # CHECK
    if len(command.preimage) != PREIMAGE_BYTES:
        raise PreimageLengthIsWrong(len(command.preimage))
    if sha256(command.preimage).digest() != found.digest:
        raise PreimageIsWrong
    if context.time >= found.until:
        raise TooLateToRedeem(found.until)
    # WRITE
    context.call(
        Move(
            found.contract,
            found.holding,
            LockId(command.lock),
            amount=found.amount,
            target=found.beneficiary,
        )
    )
    _end(context, command.lock, found, HashLockState.REDEEMED, preimage=command.preimage)
    context.emit(HashLockRedeemed(command.lock, command.preimage))


def refund(context: Context, command: Refund) -> None:
    """Give back what is held, from the deadline on; anybody may see to it."""
    # READ
    found = _open_lock(context, command.lock)
    # CHECK
    if context.time < found.until:
        raise TooEarlyToRefund(found.until)
    # WRITE
    context.call(Release(found.contract, found.holding, LockId(command.lock)))
    _end(context, command.lock, found, HashLockState.REFUNDED)
    context.emit(HashLockRefunded(command.lock))


def _open_lock(context: Context, id: RecordId) -> HashLock:
    """Return a lock that waits, or refuse."""
    found = context.read(HashLock, id)
    if found is None:
        raise HashLockNotFound(id)
    if found.state is not HashLockState.OPEN:
        raise HashLockIsOver(id, found.state.value)
    return found


def _end(
    context: Context, id: RecordId, found: HashLock, state: HashLockState, *, preimage: bytes = b""
) -> None:
    """Write how a lock ended, and that the holding is free."""
    context.write(
        id,
        HashLock(
            contract=found.contract,
            holding=found.holding,
            amount=found.amount,
            digest=found.digest,
            beneficiary=found.beneficiary,
            until=found.until,
            state=state,
            preimage=preimage,
        ),
    )
    if found.amount == WHOLE:
        context.delete(Reservation, reservation_id(found.contract, found.holding))
