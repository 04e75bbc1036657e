"""The rules by which allowances change hands: by their owner, or by a contract that locked them."""

from tallystick.base.identifiers import format_public_key, format_record_id
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised
from tallystick.core.context import Context
from tallystick.core.holding import WHOLE, Lock, Move, Release, holding_id, vault

from .blocks import Numbers, take, unite
from .commands import CarryOver, Reclaim, Transfer
from .coverage import check_closed, check_sale
from .errors import (
    AmountIsZero,
    CallerIsNoContract,
    DeadlineNotPassed,
    ExceedsHolding,
    ExceedsLock,
    HoldingNotFound,
    LockInForce,
    LockNotFound,
    LockNotInForce,
    ProgrammeNotFound,
    SignerIsNotOperator,
    SignerIsNotOwner,
    TargetIsVault,
    TooManyBlocks,
    TransferToItself,
    UntilHasPassed,
    VintageEnded,
)
from .events import (
    AllowancesLocked,
    AllowancesMoved,
    AllowancesReleased,
    AllowancesTransferred,
)
from .holdings import BLOCKS_HELD_MAX, BLOCKS_MAX, Holding, LockedBlocks, amount_of
from .ids import locked_id
from .model import Programme
from .payments import check_payer, pay
from .stock import (
    NONE,
    Place,
    carry_holding,
    carry_locked,
    check_account,
    check_current,
    check_period,
    check_room,
    check_zone,
    has_ended,
    is_vault,
    place_of,
    put,
    terms_of,
    write_holding,
    write_locked,
)
from .terms import current_period


def transfer(context: Context, command: Transfer) -> None:
    """
    Hand allowances to another account of the zone, the lowest numbers first.

    The owner's signature moves them and this entry records it; where the terms demand it, the
    registry operator signs beside the owner. Into a vault it moves nothing: a contract relies on
    there being room for what it brings itself.
    """
    # READ
    programme = context.read(Programme, command.programme)
    place = Place(command.programme, command.zone, command.period)
    source, target, amount = command.source, command.target, command.amount
    id = holding_id(place.id, source)
    holding = context.read(Holding, id)
    # CHECK
    if programme is None:
        raise ProgrammeNotFound(command.programme)
    terms = programme.terms
    check_zone(terms, command.zone)
    check_account(context, place, target)
    check_period(terms, command.period)
    if holding is None:
        named = f"by {format_public_key(source)} for period {command.period}"
        raise HoldingNotFound("source", named)
    if terms.cosigned and not authorised(context, Role.REGISTRY_OPERATOR, command.zone):
        raise SignerIsNotOperator("zone", command.zone)
    if source not in context.signers:
        raise SignerIsNotOwner("source", source)
    check_payer(context, command.payer, terms.fees.transfer)
    if is_vault(target):
        raise TargetIsVault(target)
    check_closed(context, place, source, field="source")
    if has_ended(context, holding):
        raise VintageEnded("source", id, holding.carried_to)
    check_current(context, place, target)
    if not amount:
        raise AmountIsZero
    if source == target:
        raise TransferToItself(source)
    if amount > amount_of(holding.blocks):
        raise ExceedsHolding(amount, amount_of(holding.blocks))
    check_sale(context, place, source, amount)
    taken, rest = take(holding.blocks, amount)
    check_room(context, place, target, taken, blocks_max=BLOCKS_MAX, field="target")
    # WRITE
    pay(context, terms, command.payer, terms.fees.transfer)
    write_holding(context, place, source, rest, carried_to=holding.carried_to)
    put(context, place, target, taken, carried_to=holding.carried_to)
    context.emit(AllowancesTransferred(place.id, source, target, taken))


def lock(context: Context, command: Lock) -> None:
    """
    Hand allowances to an affair of the calling contract.

    Locking counts as selling: what is locked covers no emission. Locking again under the same id
    adds to it, and lasts as long as the longer of both.
    """
    # READ
    id = command.holding
    holding = context.read(Holding, id)
    of_lock = locked_id(holding=id, holder=context.caller, lock_id=command.lock_id)
    locked = context.read(LockedBlocks, of_lock)
    # CHECK
    if holding is None:
        raise HoldingNotFound("holding", f"under {format_record_id(id)}")
    if holding.owner not in context.signers:
        raise SignerIsNotOwner("holding", holding.owner)
    if not context.caller:
        raise CallerIsNoContract
    place = place_of(holding)
    check_closed(context, place, holding.owner, field="holding")
    if has_ended(context, holding):
        raise VintageEnded("holding", id, holding.carried_to)
    if locked is not None and locked.carried_to < holding.carried_to:
        raise VintageEnded("lock_id", of_lock, locked.carried_to)
    _check_until(context, command.until, locked)
    held, amount = amount_of(holding.blocks), command.amount
    if not amount:
        raise AmountIsZero
    if amount > held:
        raise ExceedsHolding(amount, held)
    check_sale(context, place, holding.owner, amount)
    taken, rest = take(holding.blocks, amount)
    blocks = unite(NONE if locked is None else locked.blocks, taken)
    if len(blocks) > BLOCKS_HELD_MAX:
        raise TooManyBlocks("lock_id", len(blocks), BLOCKS_HELD_MAX)
    # COMPUTE
    fresh = LockedBlocks(
        *place,
        holding.owner,
        holding.carried_to,
        blocks,
        context.caller,
        command.lock_id,
        command.until,
    )
    # WRITE
    write_holding(context, place, holding.owner, rest, carried_to=holding.carried_to)
    context.write(of_lock, fresh)
    context.emit(
        AllowancesLocked(
            place.id, holding.owner, context.caller, command.lock_id, command.until, taken
        )
    )


def release(context: Context, command: Release) -> None:
    """
    Hand locked allowances back, whether or not the lock has lapsed.

    The contract can always close its own affair, also after a deadline: then what may be banked
    comes back as soon as the owner's holding is carried over.
    """
    # READ
    of_lock = locked_id(holding=command.holding, holder=context.caller, lock_id=command.lock_id)
    locked = context.read(LockedBlocks, of_lock)
    # CHECK
    if locked is None:
        raise LockNotFound(command.holding, command.lock_id, context.caller)
    taken, rest = _split_lock(context, locked, command.amount)
    # WRITE
    write_locked(context, of_lock, locked, rest)
    _give_back(context, locked, taken)


def reclaim(context: Context, command: Reclaim) -> None:
    """Take back what a contract left locked until the lock lapsed."""
    # READ
    of_lock = locked_id(holding=command.holding, holder=command.holder, lock_id=command.lock_id)
    locked = context.read(LockedBlocks, of_lock)
    # CHECK
    if locked is None:
        raise LockNotFound(command.holding, command.lock_id, command.holder)
    if locked.owner not in context.signers:
        raise SignerIsNotOwner("holding", locked.owner)
    if _binds(context, locked):
        raise LockInForce(locked.holder, locked.until)
    taken, rest = _split_lock(context, locked, WHOLE)
    # WRITE
    write_locked(context, of_lock, locked, rest)
    _give_back(context, locked, taken)


def move(context: Context, command: Move) -> None:
    """
    Hand allowances that the calling contract has locked, or holds in a vault, to another owner.

    The owner agreed when it locked them, so nobody signs. Selling was judged then, too. What a
    deadline has passed over in a vault keeps nothing out: it is carried over first.
    """
    # READ
    of_lock = locked_id(holding=command.holding, holder=context.caller, lock_id=command.lock_id)
    locked = context.read(LockedBlocks, of_lock)
    holding = context.read(Holding, command.holding)
    of_vault = locked is None and _is_own_vault(context, holding, command)
    held = holding if of_vault else locked
    # CHECK
    if held is None:
        raise LockNotFound(command.holding, command.lock_id, context.caller)
    place, owner = place_of(held), held.owner
    check_account(context, place, command.target)
    if has_ended(context, held):
        raise VintageEnded("holding", command.holding if of_vault else of_lock, held.carried_to)
    check_current(context, place, command.target)
    amount = command.amount or amount_of(held.blocks)
    if not amount:
        raise AmountIsZero
    if isinstance(held, LockedBlocks) and not _binds(context, held):
        raise LockNotInForce(held.until)
    if of_vault and amount > amount_of(held.blocks):
        raise ExceedsHolding(amount, amount_of(held.blocks))
    if amount > amount_of(held.blocks):
        raise ExceedsLock(amount, amount_of(held.blocks))
    taken, rest = take(held.blocks, amount)
    check_room(context, place, command.target, taken, blocks_max=BLOCKS_HELD_MAX, field="target")
    # WRITE
    if isinstance(held, LockedBlocks):
        write_locked(context, of_lock, held, rest)
    else:
        write_holding(context, place, owner, rest, carried_to=held.carried_to)
    put(context, place, command.target, taken, carried_to=held.carried_to)
    context.emit(
        AllowancesMoved(
            vintage=place.id,
            source=owner,
            target=command.target,
            amount=amount,
            holder=context.caller,
            lock_id=command.lock_id,
            locked=not of_vault,
            blocks=taken,
        )
    )


def carry_over(context: Context, command: CarryOver) -> None:
    """
    Let what is left of a holding or a lock end after a deadline, but for what may be banked.

    Anybody may, and nobody has to: what a deadline has passed over moves nowhere until then.
    """
    # READ
    id = command.holding
    holding, locked = context.read(Holding, id), context.read(LockedBlocks, id)
    held = locked if holding is None else holding
    # CHECK
    if held is None:
        raise HoldingNotFound("holding", f"under {format_record_id(id)}")
    terms = terms_of(context, held.programme)
    current = current_period(terms, time=context.time)
    if held.carried_to >= current:
        deadline = terms.periods[held.carried_to].deadline
        raise DeadlineNotPassed("holding", deadline, context.time)
    check_closed(context, place_of(held), held.owner, field="holding")
    # WRITE
    if isinstance(held, Holding):
        carry_holding(context, id, held, target=current)
    else:
        carry_locked(context, id, held, target=current)


def _is_own_vault(context: Context, holding: Holding | None, command: Move) -> bool:
    """Tell whether a holding belongs to the caller's vault under the command's id."""
    if holding is None or not context.caller:
        return False
    return holding.owner == vault(context.caller, command.lock_id)


def _check_until(context: Context, until: int, locked: LockedBlocks | None) -> None:
    """Refuse a lock that has lapsed already, or would lapse before the one that it adds to."""
    if not until:
        return
    if until <= context.time:
        raise UntilHasPassed(until, context.time)
    if locked is not None and (not locked.until or until < locked.until):
        raise UntilHasPassed(until, locked.until)


def _binds(context: Context, locked: LockedBlocks) -> bool:
    """Tell whether a lock has not lapsed."""
    return locked.until == 0 or context.time < locked.until


def _split_lock(context: Context, locked: LockedBlocks, amount: int) -> tuple[Numbers, Numbers]:
    """Return the blocks that leave a lock, and those that stay, or refuse."""
    held = amount_of(locked.blocks)
    if amount > held:
        raise ExceedsLock(amount, held)
    taken, rest = take(locked.blocks, held if amount == WHOLE else amount)
    place, owner = place_of(locked), locked.owner
    check_room(context, place, owner, taken, blocks_max=BLOCKS_HELD_MAX, field="holding")
    return taken, rest


def _give_back(context: Context, locked: LockedBlocks, blocks: Numbers) -> None:
    """Add blocks that left a lock to what their owner holds."""
    place = place_of(locked)
    context.emit(AllowancesReleased(place.id, locked.owner, locked.holder, locked.lock_id, blocks))
    put(context, place, locked.owner, blocks, carried_to=locked.carried_to)
