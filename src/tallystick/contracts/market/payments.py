"""
How money and goods move: always through accounts of the market's, which nobody's key opens.

Money passes the market's clearing account, so no payment names two parties. The balancing account
stands beside it: it pays for what is left over, and receives what shortfalls cost. Whoever operates
the market funds it by a transfer.

Goods that the clearing account buys and sells lie in a vault of their book meanwhile: a deadline
may pass over goods, and what one book's buyers lose by it is never made up from another's.

Goods between two named orders go straight from one account to the other. Whoever keeps them may
refuse: the buyer has no account yet, or one that is full. That is never the seller's fault, so they
go into the fill's own vault then, where nobody else's goods are in their way, to be fetched.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from msgspec.structs import replace

from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.core.context import Context
from tallystick.core.errors import Rejected
from tallystick.core.holding import Lock, Move, holding_id, vault

from .errors_settlement import BalancingAccountShort
from .funding import MONEY, NEVER, free_money, goods_lock_id_of, keep, lock_id_of
from .model import (
    Fill,
    Keeper,
    MarketRules,
    Order,
    Product,
    balancing_vault,
    clearing_vault,
    goods_vault,
    price_of,
)

MARKET: Final = "market"


class Vaults(NamedTuple):
    """A market's two accounts of money."""

    clearing: PublicKey
    """Owner of the account through which everything passes."""

    clearing_lock: LockId
    """What opens it to this contract."""

    clearing_holding: RecordId
    """That account."""

    balancing: PublicKey
    """Owner of the account that evens out."""

    balancing_lock: LockId
    """What opens it to this contract."""

    balancing_holding: RecordId
    """That account."""


@lru_cache(maxsize=1_024)
def vaults_of(market: RecordId, money: RecordId) -> Vaults:
    """Return a market's vaults and their accounts of its money."""
    clearing_lock, balancing_lock = clearing_vault(market), balancing_vault(market)
    clearing, balancing = vault(MARKET, clearing_lock), vault(MARKET, balancing_lock)
    return Vaults(
        clearing,
        clearing_lock,
        holding_id(money, clearing),
        balancing,
        balancing_lock,
        holding_id(money, balancing),
    )


class GoodsVault(NamedTuple):
    """Where a book's goods lie between its sellers and its buyers."""

    owner: PublicKey
    """Owner of the account."""

    lock_id: LockId
    """What opens it to this contract."""

    holding: RecordId
    """That account."""


@lru_cache(maxsize=16_384)
def goods_of(book: RecordId, unit: RecordId) -> GoodsVault:
    """Return a book's vault and its account of the unit that is traded there."""
    lock_id = goods_vault(book)
    owner = vault(MARKET, lock_id)
    return GoodsVault(owner, lock_id, holding_id(unit, owner))


def pay_in(
    context: Context, market: RecordId, rules: MarketRules, order: Order, *, amount: int
) -> None:
    """Move money that an order has bound to the clearing account."""
    if amount:
        holding = holding_id(rules.money, order.owner)
        target = vaults_of(market, rules.money).clearing
        context.call(Move(MONEY, holding, lock_id_of(order), amount, target))


def pay_out(
    context: Context, market: RecordId, rules: MarketRules, target: PublicKey, *, amount: int
) -> None:
    """Move money from the clearing account to whom it is due."""
    if amount:
        vaults = vaults_of(market, rules.money)
        context.call(Move(MONEY, vaults.clearing_holding, vaults.clearing_lock, amount, target))


def even_out(
    context: Context, market: RecordId, rules: MarketRules, *, amount: int, field: str = "fills"
) -> None:
    """
    Move what is left in the clearing account to the balancing account, or back if negative.

    Raises BalancingAccountShort, about a command's `field`, if the account has less than is
    wanting.
    """
    vaults = vaults_of(market, rules.money)
    if amount > 0:
        pay_out(context, market, rules, vaults.balancing, amount=amount)
    elif amount < 0:
        wanting = Move(
            MONEY, vaults.balancing_holding, vaults.balancing_lock, -amount, vaults.clearing
        )
        try:
            context.call(wanting)
        except Rejected as refused:
            raise BalancingAccountShort(-amount, vaults.balancing, field=field) from refused


def unbind(
    context: Context,
    rules: MarketRules,
    id: RecordId,
    order: Order,
    *,
    product: Product,
    bound: int,
    paid: int = 0,
) -> None:
    """Let an order bind so much less money: some was paid, and the rest is free again."""
    if bound:
        context.write(id, replace(order, funded=order.funded - bound))
        free_money(context, rules, order, amount=bound - paid, product=product)


def money_to_clearing(context: Context, rules: MarketRules, order: Order, *, fill: Fill) -> int:
    """
    Move what a buyer owes for a fill with the clearing account there; return how much that is.

    What is held for its charges goes there as well, so that whoever settles afterwards depends on
    nobody. The caller writes the order with so much less in `funded`.
    """
    amount = fill.lots * price_of(rules, fill.level) + fill.reserved
    pay_in(context, order.market, rules, order, amount=amount)
    return amount


def pay_due(
    context: Context,
    market: RecordId,
    rules: MarketRules,
    owner: PublicKey,
    *,
    lock_id: LockId,
    amount: int,
) -> None:
    """Move an owner's free money, which it signs for, to the balancing account."""
    holding = holding_id(rules.money, owner)
    context.call(Lock(MONEY, holding, lock_id, NEVER, amount))
    target = vaults_of(market, rules.money).balancing
    context.call(Move(MONEY, holding, lock_id, amount, target))


def sell_goods(
    context: Context,
    rules: MarketRules,
    id: RecordId,
    order: Order,
    *,
    fill: RecordId,
    unit: RecordId,
    lots: int,
    target: PublicKey,
) -> Rejected | None:
    """
    Move what a seller sold to a buyer or to the book's vault, or else to the fill's own vault.

    Return why neither was possible: then what was deposited is no longer there, because nobody but
    this contract puts anything into a vault that could keep it from taking more. The goods of a
    future are the seller's free ones, which it signs for; that they cannot be locked is for the
    seller to hear, and is raised.
    """
    holding, lock_id = holding_id(unit, order.owner), goods_lock_id_of(id)
    amount = lots * rules.quantum
    if rules.collateral:
        context.call(Lock(rules.goods, holding, lock_id, NEVER, amount))
    if context.attempt(Move(rules.goods, holding, lock_id, amount, target)) is None:
        return None
    own = vault(MARKET, LockId(Hash(fill)))
    refused = context.attempt(Move(rules.goods, holding, lock_id, amount, own))
    if refused is None:
        keep(context, fill, Keeper.VAULT, amount)
    return refused


def serve_goods(
    context: Context,
    book: RecordId,
    rules: MarketRules,
    target: PublicKey,
    *,
    fill: RecordId,
    unit: RecordId,
    lots: int,
) -> None:
    """
    Move bought goods from the book's vault to their buyer, or else to the fill's own vault.

    If not even that is possible, because a deadline has passed over the book's vault, say, they
    wait there. What the deadline leaves goes to the book's buyers in the order in which they fetch
    it, to each no more than it has bought.
    """
    amount = lots * rules.quantum
    if not amount:
        return
    goods = goods_of(book, unit)
    source = goods.holding, goods.lock_id
    if context.attempt(Move(rules.goods, *source, amount, target)) is None:
        return
    own = vault(MARKET, LockId(Hash(fill)))
    refused = context.attempt(Move(rules.goods, *source, amount, own))
    keep(context, fill, Keeper.VAULT if refused is None else Keeper.BOOK, amount)
