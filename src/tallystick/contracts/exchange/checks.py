"""What both kinds of rules insist on, and how they say that a holding is taken."""

from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.core.context import Context
from tallystick.core.holding import Move, can_own

from .errors import (
    CannotBeMoved,
    DeadlineHasPassed,
    DeadlineIsTooFar,
    HoldingIsReserved,
    TargetIsNoOwner,
)
from .model import ExchangeParameters, Reservation, reservation_id


def check_target(target: PublicKey) -> None:
    """Refuse a receiver that is neither a key nor a vault: it could never be paid."""
    if not can_own(target):
        raise TargetIsNoOwner(target)


def check_movable(context: Context, contract: str) -> None:
    """Refuse what could be held here and never handed on."""
    if not context.understands(contract, Move):
        raise CannotBeMoved(contract)


def check_deadline(context: Context, deadline: int) -> None:
    """Refuse a deadline that has passed, or lies further ahead than the ledger allows."""
    if deadline <= context.time:
        raise DeadlineHasPassed(deadline, context.time)
    latest = context.time + context.parameters(ExchangeParameters).horizon_max
    if deadline > latest:
        raise DeadlineIsTooFar(deadline, latest)


def check_free(context: Context, contract: str, holding: RecordId) -> None:
    """Refuse a holding of which the whole is held already, and say by what and until when."""
    found = context.read(Reservation, reservation_id(contract, holding))
    if found is not None:
        raise HoldingIsReserved(found.lock_id, found.until)


def reserve(
    context: Context, contract: str, holding: RecordId, lock_id: LockId, *, until: int
) -> None:
    """Write who holds the whole of a holding, for whoever comes second."""
    context.write(reservation_id(contract, holding), Reservation(lock_id, until))
