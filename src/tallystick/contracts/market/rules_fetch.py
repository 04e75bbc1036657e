"""The rule that brings goods to whoever could not receive them when they were due."""

from msgspec.structs import replace

from tallystick.base.identifiers import Hash, LockId, RecordId
from tallystick.core.context import Context
from tallystick.core.holding import Move, Release, holding_id, vault

from .commands import Fetch
from .deals import book_of, deal_of, market_of, order_of
from .errors_settlement import GoodsNotKept
from .events_settlement import GoodsFetched
from .funding import goods_lock_id_of
from .model import Keeper, Parcel
from .payments import MARKET, goods_of


def fetch(context: Context, command: Fetch) -> None:
    """
    Bring goods that were kept to their buyer, their seller or the vault of their book.

    Nothing about the trade changes: it is settled, and paid for. What the contract that keeps them
    still refuses, it says itself. At a deadline it may have let goods end that were waiting; then
    whoever fetches says how much is left. In a book's vault that is there for whichever of its
    buyers comes first; goods of other books are not there.
    """
    # READ
    id = command.parcel
    kept = context.read(Parcel, id)
    # CHECK
    if kept is None or command.amount > kept.amount:
        raise GoodsNotKept(id, command.amount, 0 if kept is None else kept.amount)
    # COMPUTE
    amount = command.amount or kept.amount
    left = kept.amount - amount
    # WRITE
    if kept.keeper is Keeper.LOCK:
        _give_back(context, id, amount)
    else:
        _hand_on(context, id, kept.keeper, amount)
    if left:
        context.write(id, replace(kept, amount=left))
    else:
        context.delete(Parcel, id)
    context.emit(GoodsFetched(id, amount, left))


def _give_back(context: Context, id: RecordId, amount: int) -> None:
    """Release what an order that ended could not give back."""
    _, order = order_of(context, id)
    rules = market_of(context, order.market).rules
    holding = holding_id(book_of(context, order.book).product.unit, order.owner)
    context.call(Release(rules.goods, holding, goods_lock_id_of(id), amount))


def _hand_on(context: Context, id: RecordId, keeper: Keeper, amount: int) -> None:
    """
    Move what a fill is for to its buyer.

    If the clearing account buys, it goes to the book's vault: the buyers are served from there.
    """
    deal = deal_of(context, id)
    unit = deal.product.unit
    goods = goods_of(deal.fill.book, unit)
    if keeper is Keeper.BOOK:
        source, lock_id = goods.holding, goods.lock_id
    else:
        lock_id = LockId(Hash(id))
        source = holding_id(unit, vault(MARKET, lock_id))
    buy = deal.fill.buy
    target = goods.owner if buy is None else order_of(context, buy)[1].owner
    context.call(Move(deal.rules.goods, source, lock_id, amount, target))
