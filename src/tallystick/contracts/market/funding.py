"""
What an order binds before it meets anybody, and what goes back.

A buyer's money covers its limit price and the charges that consumers pay besides; a seller of
energy deposits what a shortfall would cost beyond its limit price; a seller of holdings deposits
the goods, or money for goods that it delivers later. Charges are rounded up over the whole of an
order and not fill by fill, so that parts never add up to more than was locked.
"""

from typing import Final

from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.core.context import Context
from tallystick.core.holding import WHOLE, Lock, Release, holding_id

from .events_settlement import GoodsKept
from .mandates import give_back
from .model import (
    ONE_PPM,
    WH_PER_MWH,
    Basis,
    Keeper,
    MarketRules,
    Order,
    Parcel,
    Product,
    Side,
    Subject,
    position_id,
    price_of,
)
from .products import period_of

MONEY: Final = "asset"
"""The contract that keeps the money."""

NEVER: Final = 0
"""Locks of orders do not lapse: while something is open, a rule releases them."""


def lock_id_of(order: Order) -> LockId:
    """
    Return the id under which an order's money is locked: its mandate's, or else its position's.

    So all that an account binds on one side of a book is locked as one amount. How much of it each
    order binds is in `Order.funded`.
    """
    if order.mandate is not None:
        return LockId(order.mandate)
    return LockId(position_id(order.book, order.side, order.owner))


def goods_lock_id_of(id: RecordId) -> LockId:
    """Return the id under which the goods of an order are locked."""
    return LockId(id)


def charges_of(rules: MarketRules, *, value: int, lots: int) -> int:
    """Return what consumers' charges can come to, each rounded up. [minor units of money]"""
    total = 0
    for charge in rules.charges:
        if charge.basis is Basis.VALUE:
            total -= -value * charge.rate // ONE_PPM
        else:
            total -= -lots * rules.quantum * charge.rate // WH_PER_MWH
    return total


def required(rules: MarketRules, side: Side, *, level: int, lots: int) -> int:
    """Return the money that a new order binds. [minor units of money]"""
    if side is Side.BUY:
        value = lots * price_of(rules, level)
        return value + charges_of(rules, value=value, lots=lots)
    return lots * collateral_of(rules, level)


def collateral_of(rules: MarketRules, level: int) -> int:
    """Return the money that a seller deposits with each lot. [minor units of money per lot]"""
    if rules.subject is Subject.HOLDING:
        return rules.collateral
    return max(0, rules.shortfall_price - price_of(rules, level))


def bound_by_rest(rules: MarketRules, order: Order) -> int:
    """
    Return the money that only the unfilled part of an order binds. [minor units of money]

    With the charges of what is filled it makes up the charges of the whole, rounded once.
    """
    rest = order.lots - order.filled
    if order.side is Side.SELL:
        return rest * collateral_of(rules, order.level)
    value = rest * price_of(rules, order.level)
    whole = charges_of(rules, value=order.value + value, lots=order.lots)
    return value + whole - charges_of(rules, value=order.value, lots=order.filled)


def lock_money(
    context: Context, rules: MarketRules, owner: PublicKey, *, lock_id: LockId, amount: int
) -> None:
    """Lock an owner's money for an order or a mandate; nothing is locked for nothing."""
    if amount:
        holding = holding_id(rules.money, owner)
        context.call(Lock(MONEY, holding, lock_id, NEVER, amount))


def free_money(
    context: Context,
    rules: MarketRules,
    order: Order,
    *,
    amount: int,
    product: Product,
) -> None:
    """
    Give back money that an order binds no longer, to its mandate or else to its owner.

    The caller writes the order with so much less in `funded`. Orders of one account and one side of
    a book, or of one mandate, may be served at once.
    """
    if not amount:
        return
    if order.mandate is not None:
        period = period_of(rules, product) or 0
        if give_back(context, order.mandate, amount, period=period):
            return
    holding = holding_id(rules.money, order.owner)
    context.call(Release(MONEY, holding, lock_id_of(order), amount))


def sells_goods(rules: MarketRules, side: Side) -> bool:
    """Tell whether an order locks the goods themselves."""
    return side is Side.SELL and rules.subject is Subject.HOLDING and not rules.collateral


def lock_goods(
    context: Context, rules: MarketRules, id: RecordId, order: Order, *, product: Product
) -> None:
    """Lock the goods that a new order sells."""
    if sells_goods(rules, order.side):
        holding = holding_id(product.unit, order.owner)
        amount = order.lots * rules.quantum
        context.call(Lock(rules.goods, holding, goods_lock_id_of(id), NEVER, amount))


def free_goods(
    context: Context, rules: MarketRules, id: RecordId, order: Order, *, product: Product
) -> None:
    """Give back the goods that an order has not sold."""
    lots = order.lots - order.filled
    if lots and sells_goods(rules, order.side):
        release_goods(context, rules, id, order, unit=product.unit, amount=lots * rules.quantum)


def release_goods(
    context: Context, rules: MarketRules, id: RecordId, order: Order, *, unit: RecordId, amount: int
) -> None:
    """
    Give an order's goods back to its owner, or what is left of them.

    Whoever keeps them may let them shrink while they are locked, such as at an allowance's
    deadline, and may find no room for them. Neither holds up anybody else: what could not be given
    back now is noted, to be fetched.
    """
    holding, lock_id = holding_id(unit, order.owner), goods_lock_id_of(id)
    if context.attempt(Release(rules.goods, holding, lock_id, amount)) is None:
        return
    if context.attempt(Release(rules.goods, holding, lock_id, WHOLE)) is not None:
        keep(context, id, Keeper.LOCK, amount)


def keep(context: Context, id: RecordId, keeper: Keeper, amount: int) -> None:
    """Note goods that wait to be fetched, under the id of their fill or their order."""
    kept = context.read(Parcel, id)
    total = amount if kept is None else kept.amount + amount
    context.write(id, Parcel(keeper, total))
    context.emit(GoodsKept(id, keeper, amount))
