"""
What always holds about the money of orders: how much they have, and where it is locked.

What needs a market's rules is checked where they are among the changes, so in every audit. That
accounts and locks agree is the invariant of whoever keeps them.
"""

from collections import defaultdict
from collections.abc import Iterator

from tallystick.base.identifiers import LockId, RecordId
from tallystick.contracts.asset.model import LockedAmount
from tallystick.core.invariant import Changes, Invariant

from .book import Book
from .funding import bound_by_rest, collateral_of, goods_lock_id_of, lock_id_of
from .model import (
    Counterparty,
    Fill,
    Mandate,
    Market,
    MarketRules,
    Order,
    Side,
    Status,
    Subject,
    price_of,
)
from .payments import MARKET


def _not_locked(changes: Changes) -> Iterator[str]:
    """
    Compare what orders and mandates have funded with what is locked for them.

    A lock that comes to be is one of theirs, or holds the goods of an order.
    """
    locked: defaultdict[LockId, int] = defaultdict(int)
    born = []
    for _, old, new in changes.of(LockedAmount):
        lock = old if new is None else new
        if lock.holder == MARKET:
            locked[lock.lock_id] += _amount(new) - _amount(old)
            if old is None:
                born.append(lock.lock_id)
    funded = _funded(changes)
    for lock_id, amount in funded.items():
        if amount != locked[lock_id]:
            yield f"{amount} more is funded under {lock_id.hex()}, {locked[lock_id]} more is locked"
    if any(lock_id not in funded for lock_id in born):
        goods = {goods_lock_id_of(id) for id, _, _ in changes.of(Order)}
        for lock_id in born:
            if lock_id not in funded and lock_id not in goods:
                yield f"lock {lock_id.hex()} is for no order"


def _funded(changes: Changes) -> dict[LockId, int]:
    """Return by how much what is funded has grown under each lock id that it concerns."""
    funded: defaultdict[LockId, int] = defaultdict(int)
    for _, old, new in changes.of(Order):
        if old is None or new is None or old.funded != new.funded:
            funded[lock_id_of(old if new is None else new)] += _funds(new) - _funds(old)
    for id, old, new in changes.of(Mandate):
        if old is None or new is None or old.funded != new.funded:
            funded[LockId(id)] += _funds(new) - _funds(old)
    return funded


def _funds(funded: Order | Mandate | None) -> int:
    """Return what an order or a mandate has funded; nothing if there is none."""
    return 0 if funded is None else funded.funded


def _amount(lock: LockedAmount | None) -> int:
    """Return what a lock holds; nothing if there is none."""
    return 0 if lock is None else lock.amount


def _beyond_rules(changes: Changes) -> Iterator[str]:
    rules = {id: market.rules for id, _, market in changes.of(Market) if market is not None}
    if not rules:
        return
    bound: defaultdict[RecordId, int] = defaultdict(int)
    books = {id: book for id, _, book in changes.of(Book) if book is not None}
    orders = {id: order for id, _, order in changes.of(Order) if order is not None}
    for id, _, fill in changes.of(Fill):
        market = books[fill.book].market if fill.book in books else None
        if market not in rules:
            continue
        yield from _beyond_fill(rules[market], id, fill)
        for order in (fill.buy, fill.sell):
            if order in orders:
                bound[order] += _bound_by_fill(rules[market], orders[order], fill)
    for id, order in orders.items():
        if order.market in rules:
            if order.status is Status.OPEN:
                bound[id] += bound_by_rest(rules[order.market], order)
            if order.funded != bound[id]:
                yield f"order {id.hex()} has {order.funded} funded and binds {bound[id]}"


def _bound_by_fill(rules: MarketRules, order: Order, fill: Fill) -> int:
    """Return the money that an order binds for a fill: nothing once it is settled."""
    if fill.settled is not None:
        return 0
    if order.side is Side.SELL:
        return fill.lots * collateral_of(rules, order.level)
    if rules.counterparty is Counterparty.CENTRAL:
        return 0
    return fill.lots * price_of(rules, fill.level) + fill.reserved


def _beyond_fill(rules: MarketRules, id: RecordId, fill: Fill) -> Iterator[str]:
    """Yield what is wrong with a fill by the rules of its market."""
    if not 0 <= fill.level < rules.levels:
        yield f"fill {id.hex()} is priced outside the market's band"
    if fill.settled is None:
        return
    lots = fill.lots - fill.settled.cut_lots
    if fill.settled.buyer_pays > lots * price_of(rules, fill.level):
        yield f"fill {id.hex()} costs its buyer more than was agreed"
    if rules.subject is Subject.ENERGY:
        promised_wh = lots * rules.quantum
        if max(fill.settled.delivered_wh, fill.settled.consumed_wh) > promised_wh:
            yield f"fill {id.hex()} was settled for more than {promised_wh} Wh"


FUNDS = (
    Invariant("what orders and mandates have funded is locked for them", _not_locked),
    Invariant(
        "an order has funded exactly what its open lots and its unsettled fills bind",
        _beyond_rules,
    ),
)
