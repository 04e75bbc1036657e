"""
Where allowances are: what rules read and write of holdings, vintages and retirements.

Each vintage's numbers go one way: issued, then between holdings and locks, then into a retirement.
Nothing here refuses, apart from what is named `check_`; what may be done is for the rules to say.
"""

from typing import NamedTuple

from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import LockId, PublicKey, RecordId, format_public_key
from tallystick.core.context import Context
from tallystick.core.contract import Reader
from tallystick.core.holding import VAULT_HEAD, holding_id

from .blocks import Numbers, take, unite
from .errors import (
    AccountIsClosed,
    AccountNotFound,
    AmountTooLarge,
    PeriodUnknown,
    TooManyBlocks,
    VintageEnded,
    ZoneUnknown,
)
from .events import AllowancesRetired, HoldingCarriedOver
from .formula import ONE_PPM
from .holdings import Block, End, Holding, LockedBlocks, Retirement, Vintage, amount_of
from .ids import account_id, retirement_id, vintage_id
from .model import Account, Programme
from .terms import Terms, current_period

NONE: Numbers = ()


class Place(NamedTuple):
    """A vintage, by what its id is computed from."""

    programme: RecordId
    """The programme."""

    zone: str
    """The zone."""

    period: int
    """The period."""

    @property
    def id(self) -> RecordId:
        """The vintage's id."""
        return vintage_id(programme=self.programme, zone=self.zone, period=self.period)


class Ending(NamedTuple):
    """Why allowances end."""

    end: End
    """How."""

    unit: RecordId | None
    """For which unit, if for one."""

    covers: int
    """In which period."""


def terms_of(reader: Reader | Context, programme: RecordId) -> Terms:
    """Return the terms of a programme that something on the ledger names."""
    found = reader.read(Programme, programme)
    if found is None:
        raise AssertionError(f"programme {programme.hex()} is named and not there")
    return found.terms


def check_zone(terms: Terms, zone: str) -> None:
    """Refuse a zone that the programme does not govern."""
    if zone not in terms.zones:
        raise ZoneUnknown(zone, terms.zones)


def check_period(terms: Terms, period: int, *, field: str = "period") -> None:
    """Refuse a period that the programme does not have."""
    if period >= len(terms.periods):
        raise PeriodUnknown(field, period, len(terms.periods))


def place_of(held: Holding | LockedBlocks) -> Place:
    """Return the vintage that is held."""
    return Place(held.programme, held.zone, held.period)


def holding_at(reader: Reader | Context, place: Place, owner: PublicKey) -> Holding | None:
    """Return what an owner holds of a vintage, if anything."""
    return reader.read(Holding, holding_id(place.id, owner))


def spendable(reader: Reader | Context, place: Place, owner: PublicKey, *, carried_to: int) -> int:
    """Return how much an owner holds that is good at least until a period's deadline."""
    holding = holding_at(reader, place, owner)
    if holding is None or holding.carried_to < carried_to:
        return 0
    return amount_of(holding.blocks)


def is_vault(owner: PublicKey) -> bool:
    """Tell whether an owner is a contract's vault, which needs no account."""
    return owner[:1] == VAULT_HEAD


def check_account(context: Context, place: Place, key: PublicKey) -> None:
    """Refuse a target without an open account in the zone; a vault needs none."""
    if is_vault(key):
        return
    id = account_id(programme=place.programme, zone=place.zone, key=key)
    account = context.read(Account, id)
    if account is None:
        named = f"of {format_public_key(key)} in zone {place.zone!r}"
        raise AccountNotFound("target", named)
    if account.closed_at:
        raise AccountIsClosed("target", account.closed_at)


def check_current(context: Context, place: Place, owner: PublicKey) -> None:
    """
    Refuse to add to a holding over which a deadline has passed, unless it is a vault's.

    A unit's account waits for its period to be closed; for a vault nobody waits, and whoever moves
    something there could not help it. `put` carries over what it finds.
    """
    if is_vault(owner):
        return
    holding = holding_at(context, place, owner)
    if holding is not None and has_ended(context, holding):
        raise VintageEnded("target", holding_id(place.id, owner), holding.carried_to)


def check_room(
    context: Context,
    place: Place,
    owner: PublicKey,
    blocks: Numbers,
    *,
    blocks_max: int,
    field: str,
) -> None:
    """Refuse blocks with which a holding would be too scattered."""
    holding = holding_at(context, place, owner)
    count = len(unite(NONE if holding is None else holding.blocks, blocks))
    if count > blocks_max:
        raise TooManyBlocks(field, count, blocks_max)


def next_block(context: Context, place: Place, amount: int) -> Numbers:
    """Return the numbers that come next in a vintage, or refuse if there are not so many."""
    vintage = context.read(Vintage, place.id)
    issued = 0 if vintage is None else vintage.issued
    if issued + amount > AMOUNT_MAX:
        raise AmountTooLarge("period", issued + amount)
    return (Block(issued + 1, issued + amount),) if amount else NONE


def has_ended(context: Context, held: Holding | LockedBlocks) -> bool:
    """Tell whether a deadline has passed over what is held."""
    terms = terms_of(context, held.programme)
    return held.carried_to < current_period(terms, time=context.time)


def write_holding(
    context: Context, place: Place, owner: PublicKey, blocks: Numbers, *, carried_to: int
) -> None:
    """Say what an owner holds of a vintage; a holding of nothing goes."""
    id = holding_id(place.id, owner)
    if blocks:
        context.write(id, Holding(*place, owner, carried_to, blocks))
    elif context.read(Holding, id) is not None:
        context.delete(Holding, id)


def write_locked(context: Context, id: RecordId, locked: LockedBlocks, blocks: Numbers) -> None:
    """Say what is left of a lock; a lock of nothing goes."""
    if blocks:
        context.write(id, replace(locked, blocks=blocks))
    else:
        context.delete(LockedBlocks, id)


def put(
    context: Context, place: Place, owner: PublicKey, blocks: Numbers, *, carried_to: int
) -> None:
    """
    Add blocks to what an owner holds.

    If one side is good for longer, because it was carried over a deadline and the other was not
    yet, the other is carried over first.
    """
    holding = holding_at(context, place, owner)
    present, present_to = NONE, carried_to
    if holding is not None:
        present, present_to = holding.blocks, holding.carried_to
    latest = max(present_to, carried_to)
    present = carry(context, place, owner, present, source=present_to, target=latest)
    blocks = carry(context, place, owner, blocks, source=carried_to, target=latest)
    write_holding(context, place, owner, unite(present, blocks), carried_to=latest)


def issue(context: Context, place: Place, owner: PublicKey, blocks: Numbers) -> None:
    """Give an owner the next numbers of a vintage; see `next_block`."""
    vintage = context.read(Vintage, place.id) or Vintage(*place)
    context.write(place.id, replace(vintage, issued=blocks[-1].last))
    put(context, place, owner, blocks, carried_to=place.period)


def retire_held(
    context: Context, place: Place, owner: PublicKey, amount: int, ending: Ending
) -> None:
    """End the lowest numbers that an owner holds of a vintage; there are at least so many."""
    holding = holding_at(context, place, owner)
    if not amount or holding is None:
        return
    taken, rest = take(holding.blocks, amount)
    write_holding(context, place, owner, rest, carried_to=holding.carried_to)
    retire(context, place, owner, taken, ending)


def retire(
    context: Context,
    place: Place,
    owner: PublicKey,
    blocks: Numbers,
    ending: Ending,
    *,
    lock: tuple[str, LockId] | None = None,
) -> None:
    """Let allowances that were taken from an owner, or from its lock, come to their end."""
    if not blocks:
        return
    vintage = context.read(Vintage, place.id)
    if vintage is None:
        raise AssertionError(f"vintage {place.id.hex()} has blocks and is not there")
    n = vintage.retirements
    end = ending.end
    total = getattr(vintage, end.value) + amount_of(blocks)
    context.write(place.id, replace(vintage, retirements=n + 1, **{end.value: total}))
    context.create(
        retirement_id(vintage=place.id, n=n),
        Retirement(*place, end, blocks, ending.unit, ending.covers, context.time),
    )
    holder, lock_id = (None, None) if lock is None else lock
    context.emit(
        AllowancesRetired(
            vintage=place.id,
            n=n,
            owner=owner,
            end=end,
            unit=ending.unit,
            covers=ending.covers,
            holder=holder,
            lock_id=lock_id,
            blocks=blocks,
        )
    )


def carry(
    context: Context,
    place: Place,
    owner: PublicKey,
    blocks: Numbers,
    *,
    source: int,
    target: int,
    lock: tuple[str, LockId] | None = None,
) -> Numbers:
    """
    Take blocks over the deadlines of the periods from `source` to before `target`.

    At each, the programme's share is kept, rounded down, and the lowest numbers of the rest expire.
    Nothing outlives the last period. Return what is left.
    """
    terms = terms_of(context, place.programme)
    for period in range(source, target):
        last = period + 1 == len(terms.periods)
        kept = 0 if last else amount_of(blocks) * terms.banking_ppm // ONE_PPM
        ended, blocks = take(blocks, amount_of(blocks) - kept)
        ending = Ending(End.EXPIRED, None, period)
        retire(context, place, owner, ended, ending, lock=lock)
    return blocks


def carry_holding(context: Context, id: RecordId, holding: Holding, *, target: int) -> None:
    """Take a holding over the deadlines before a period."""
    place, owner = place_of(holding), holding.owner
    left = carry(context, place, owner, holding.blocks, source=holding.carried_to, target=target)
    write_holding(context, place, owner, left, carried_to=target)
    context.emit(HoldingCarriedOver(id, target, amount_of(left)))


def carry_locked(context: Context, id: RecordId, locked: LockedBlocks, *, target: int) -> None:
    """Take a lock over the deadlines before a period."""
    place, owner = place_of(locked), locked.owner
    left = carry(
        context,
        place,
        owner,
        locked.blocks,
        source=locked.carried_to,
        target=target,
        lock=(locked.holder, locked.lock_id),
    )
    write_locked(context, id, replace(locked, carried_to=target), left)
    context.emit(HoldingCarriedOver(id, target, amount_of(left)))
