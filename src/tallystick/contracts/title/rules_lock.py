"""The rules by which a title is handed to a contract: lock, release, move."""

from tallystick.base.identifiers import LockId
from tallystick.core.context import Context
from tallystick.core.holding import WHOLE, Lock, LockedFor, Move, Release, in_force, vault

from .errors import (
    AmountIsNotOne,
    CallerIsNoContract,
    LockHasLapsed,
    LockNotFound,
    UntilHasPassed,
)
from .events import TitleLocked, TitleReleased
from .model import Title
from .titles import check_free, check_owner, check_signed, hand_over, revise, title_at

ONE = 1
FIELD = "holding"
"""What names a title in these commands."""


def lock(context: Context, command: Lock) -> None:
    """
    Hand a title to the calling contract.

    Until the lock lapses or is released, only that contract moves it, and nobody amends, rebinds or
    retires it. Whoever comes second is told who holds it, and until when, or who says.
    """
    # READ
    id = command.holding
    title = title_at(context, id, field=FIELD)
    # CHECK
    check_signed(context, title.owner, field=FIELD)
    if not context.caller:
        raise CallerIsNoContract
    _check_amount(command.amount)
    check_free(context, id, title, field=FIELD)
    if command.until and command.until <= context.time:
        raise UntilHasPassed(command.until, context.time)
    # COMPUTE
    fresh = LockedFor(context.caller, command.lock_id, command.until)
    # WRITE
    revised = revise(context, id, title, lock=fresh)
    context.emit(TitleLocked(id, revised.revision, fresh))


def release(context: Context, command: Release) -> None:
    """
    Hand a title back to its owner.

    It does not matter whether the lock has lapsed: the holder can always close its own affair.
    """
    # READ
    id = command.holding
    title = title_at(context, id, field=FIELD)
    # CHECK
    _check_amount(command.amount)
    _held(context, title, command.lock_id)
    # WRITE
    revised = revise(context, id, title, lock=None)
    context.emit(TitleReleased(id, revised.revision))


def move(context: Context, command: Move) -> None:
    """
    Hand a title that the calling contract holds to another owner.

    It is locked for it under the id, or lies in its vault of that id.
    """
    # READ
    id = command.holding
    title = title_at(context, id, field=FIELD)
    # CHECK
    check_owner(command.target)
    _check_amount(command.amount)
    if not _is_in_vault(context, title, command.lock_id):
        held = _held(context, title, command.lock_id)
        if not in_force(held, time=context.time):
            raise LockHasLapsed(held.until)
    # WRITE
    hand_over(context, id, title, command.target, holder=context.caller)


def _check_amount(amount: int) -> None:
    """Refuse more than the one there is."""
    if amount not in (WHOLE, ONE):
        raise AmountIsNotOne(amount)


def _held(context: Context, title: Title, lock_id: LockId) -> LockedFor:
    """Return the lock by which the calling contract holds a title, or reject."""
    held = title.lock
    if held is None or held.holder != context.caller or held.lock_id != lock_id:
        raise LockNotFound(context.caller, lock_id)
    return held


def _is_in_vault(context: Context, title: Title, lock_id: LockId) -> bool:
    """Tell whether a title belongs to the calling contract's vault of an id."""
    return bool(context.caller) and title.owner == vault(context.caller, lock_id)
