"""The rules by which a part of an account is handed to a contract: lock, release, move, reclaim."""

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import LockId, RecordId
from tallystick.core.context import Context
from tallystick.core.holding import (
    WHOLE,
    Lock,
    LockedFor,
    Move,
    Release,
    holding_id,
    in_force,
    vault,
)

from .accounts import (
    account_at,
    add,
    change,
    check_amount,
    check_owner,
    check_spendable,
    check_transferable,
    class_of,
    keep,
)
from .commands import Reclaim
from .errors import (
    CallerIsNoContract,
    LockHasLapsed,
    LockInForce,
    LockNotFound,
    NotEnough,
    SignerIsNotOwner,
    UntilHasPassed,
    UntilMovesForward,
)
from .events import AssetLocked, AssetMoved, AssetReleased
from .model import Balance, LockedAmount, lock_record_id


def lock(context: Context, command: Lock) -> None:
    """
    Hand a part of an account to the calling contract.

    The amount is named: whoever relies on a lock knows how much it holds, and an account changes
    with every transfer. Locking again under the same id adds to what is held, and may prolong it.
    """
    # READ
    holding = command.holding
    balance = account_at(context, holding)
    _, asset = class_of(context, balance.unit)
    id = lock_record_id(holding, context.caller, command.lock_id)
    held = context.read(LockedAmount, id)
    # CHECK
    if balance.owner not in context.signers:
        raise SignerIsNotOwner(balance.owner, field="holding")
    if not context.caller:
        raise CallerIsNoContract
    amount = command.amount
    check_amount(amount)
    check_transferable(asset, field="holding")
    if command.until and command.until <= context.time:
        raise UntilHasPassed(command.until, context.time)
    if held is not None and _shortens(command.until, held.until):
        raise UntilMovesForward(command.until, held.until)
    check_spendable(balance, amount)
    # COMPUTE
    total = amount if held is None else amount + held.amount
    # WRITE
    change(context, holding, balance, spendable=-amount, locked=amount)
    context.write(id, LockedAmount(holding, context.caller, command.lock_id, command.until, total))
    context.emit(
        AssetLocked(
            balance.unit, balance.owner, context.caller, command.lock_id, amount, command.until
        )
    )


def release(context: Context, command: Release) -> None:
    """
    Hand what is locked, or a part of it, back to its owner.

    It does not matter whether the lock has lapsed: the holder can always close its own affair.
    """
    # READ
    holding = command.holding
    balance = account_at(context, holding)
    id = lock_record_id(holding, context.caller, command.lock_id)
    held = context.read(LockedAmount, id)
    # CHECK
    if held is None:
        raise LockNotFound(context.caller, command.lock_id)
    amount = held.amount if command.amount == WHOLE else command.amount
    if amount > held.amount:
        raise NotEnough(amount, held.amount)
    # WRITE
    _give_back(context, id, balance, held, amount)


def move(context: Context, command: Move) -> None:
    """
    Hand an amount that the calling contract holds to another owner.

    What it holds is locked for it under the id, or lies in its vault of that id.
    """
    # READ
    holding = command.holding
    balance = account_at(context, holding)
    _, asset = class_of(context, balance.unit)
    id = lock_record_id(holding, context.caller, command.lock_id)
    held = context.read(LockedAmount, id)
    # CHECK
    check_owner(command.target, field="target")
    check_transferable(asset, field="holding")
    is_vault = bool(context.caller) and balance.owner == vault(context.caller, command.lock_id)
    available = _available(context, balance, held, command.lock_id, is_vault=is_vault)
    amount = command.amount or available
    check_amount(amount)
    if amount > available:
        raise NotEnough(amount, available)
    # WRITE
    if is_vault:
        change(context, holding, balance, spendable=-amount)
    elif held is not None:
        change(context, holding, balance, locked=-amount)
        keep(context, id, held, amount=held.amount - amount)
    add(context, balance.unit, command.target, amount)
    context.emit(
        AssetMoved(
            balance.unit,
            balance.owner,
            command.target,
            amount,
            context.caller,
            from_lock=not is_vault,
        )
    )


def reclaim(context: Context, command: Reclaim) -> None:
    """Take back what a lapsed lock still holds."""
    # READ
    holding = holding_id(command.unit, command.owner)
    balance = account_at(context, holding, field="owner")
    id = lock_record_id(holding, command.holder, command.lock_id)
    held = context.read(LockedAmount, id)
    # CHECK
    if command.owner not in context.signers:
        raise SignerIsNotOwner(command.owner, field="owner")
    if held is None:
        raise LockNotFound(command.holder, command.lock_id)
    if in_force(LockedFor(held.holder, held.lock_id, held.until), time=context.time):
        raise LockInForce(held.holder, held.until)
    # WRITE
    _give_back(context, id, balance, held, held.amount)


def _available(
    context: Context,
    balance: Balance,
    held: LockedAmount | None,
    lock_id: LockId,
    *,
    is_vault: bool,
) -> int:
    """Return how much of an account the calling contract may move under a lock id."""
    if is_vault:
        return balance.spendable
    if held is None:
        raise LockNotFound(context.caller, lock_id)
    if held.until and context.time >= held.until:
        raise LockHasLapsed(held.until)
    return held.amount


def _give_back(
    context: Context, id: RecordId, balance: Balance, held: LockedAmount, amount: int
) -> None:
    """Make a locked amount spendable."""
    change(context, held.holding, balance, spendable=amount, locked=-amount)
    keep(context, id, held, amount=held.amount - amount)
    context.emit(AssetReleased(balance.unit, balance.owner, held.holder, held.lock_id, amount))


def _shortens(until: int, present: int) -> bool:
    """Tell whether a lock would end earlier than it does; 0 is never."""
    return (until or AMOUNT_MAX) < (present or AMOUNT_MAX)
