"""
What both kinds of rules insist on, and how they say that a holding is taken.

Each check is told under which name the command has the field: whoever is refused looks there.
"""

from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.base.signatures import is_public_key
from tallystick.core.context import Context
from tallystick.core.holding import Move

from .errors import (
    CannotBeMoved,
    DeadlineHasPassed,
    DeadlineIsTooFar,
    HoldingIsReserved,
    TargetIsNoOwner,
)
from .model import ExchangeParameters, Reservation, reservation_id


def check_target(target: PublicKey, *, field: str) -> None:
    """
    Refuse a receiver that is no key which signs.

    It could never do anything with what it gets. A vault could, but nobody puts anything into
    another contract's: what lies there might keep out what that contract brings itself.
    """
    if not is_public_key(target):
        raise TargetIsNoOwner(target, field=field)


def check_movable(context: Context, contract: str, *, field: str) -> None:
    """Refuse what could be held here and never handed on."""
    if not context.understands(contract, Move):
        raise CannotBeMoved(contract, field=field)


def check_deadline(context: Context, deadline: int, *, field: str) -> None:
    """Refuse a deadline that has passed, or lies further ahead than the ledger allows."""
    if deadline <= context.time:
        raise DeadlineHasPassed(deadline, context.time, field=field)
    latest = context.time + context.parameters(ExchangeParameters).horizon_max
    if deadline > latest:
        raise DeadlineIsTooFar(deadline, latest, field=field)


def check_free(context: Context, contract: str, holding: RecordId, *, field: str) -> None:
    """Refuse a holding of which the whole is held already, and say by what and until when."""
    found = context.read(Reservation, reservation_id(contract, holding))
    if found is not None:
        raise HoldingIsReserved(found.lock_id, found.until, field=field)


def reserve(
    context: Context, contract: str, holding: RecordId, lock_id: LockId, *, until: int
) -> None:
    """Write who holds the whole of a holding, for whoever comes second."""
    context.write(reservation_id(contract, holding), Reservation(lock_id, until))
