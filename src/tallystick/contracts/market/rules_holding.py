"""
How fills of holdings are settled: goods against money, or a default that pays the difference.

1.  Goods that were deposited with the order change owner at once: a spot trade. If they are not
    there any more, because whoever keeps them has let them end, it is undone: the buyer gets its
    money back, and the seller what is left.
2.  A future was sold against a deposit of money. While its delivery lasts, the seller hands over
    the goods under its signature, and its deposit is free again.
3.  When the delivery has ended, anybody may settle what was not handed over. The buyer keeps its
    money, and gets from the deposit what the goods cost elsewhere: the shortfall price less the
    agreed one, for each lot, as far as the deposit reaches.
4.  Where the clearing account is everybody's counterparty, each side settles with it alone. Sellers
    deliver, or default, in any order. When the last has done either, buyers are served from the
    beginning of the volume on, in the order in which the auction wrote their fills; what was never
    delivered falls upon the last of them.
5.  That a buyer cannot receive is nobody's default: the seller is paid, and the goods wait to be
    fetched. So each of these fills can be settled, whoever stands on the other side.
6.  With the clearing account goods lie in their book's vault until their buyers are served. If a
    deadline passes over them there, that is the loss of the buyers of that book who have not been
    served: what it leaves goes to whoever of them comes first, to each no more than it has bought.
"""

from msgspec.structs import replace

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.context import Context

from .deals import Deal, book_of, order_of
from .errors_settlement import DeliveriesOutstanding, DeliveryNotBegun, SellerHasNotSigned
from .events_settlement import Cut, LineKind, MarketSettled
from .funding import release_goods
from .model import Order, Settled
from .payments import goods_of, pay_in, pay_out, sell_goods, serve_goods, unbind
from .settlement import lots_left
from .statements import Line, open_for, settle_on_statement


def check_holding(context: Context, deal: Deal) -> None:
    """Refuse to settle a fill of a future before its time, or without its seller in time."""
    if not deal.rules.collateral:
        return
    begins_at, ends_at = deal.product.begin * 1_000, deal.product.end * 1_000
    if context.time < begins_at:
        raise DeliveryNotBegun(deal.id, begins_at, place=deal.place)
    if deal.fill.sell is None:
        _check_all_delivered(context, deal)
        return
    _, sell = order_of(context, deal.fill.sell)
    if context.time < ends_at and sell.owner not in context.signers:
        raise SellerHasNotSigned(sell.owner, ends_at, place=deal.place)


def settle_holding(context: Context, deal: Deal) -> None:
    """Settle a fill of holdings that `check_holding` has judged."""
    if deal.fill.sell is None:
        _serve_buyer(context, deal)
        return
    in_default = deal.rules.collateral and context.time >= deal.product.end * 1_000
    if deal.fill.buy is None:
        if in_default:
            _default_to_clearing(context, deal)
        else:
            _deliver_to_clearing(context, deal)
    elif in_default or not _deliver_to_buyer(context, deal):
        _default_to_buyer(context, deal)


def default_at_clearing(context: Context, deal: Deal) -> None:
    """
    Settle a fill of a spot auction whose seller's goods are not there any more.

    What is left of them goes back. The caller counts what buyers have to go without.
    """
    _default_to_clearing(context, deal)


def compensation(deal: Deal, lots: int) -> int:
    """Return what a default on so many lots costs the seller and brings the buyer."""
    rules = deal.rules
    return lots * min(rules.collateral, max(0, rules.shortfall_price - deal.price))


def _check_all_delivered(context: Context, deal: Deal) -> None:
    """Refuse to serve a buyer of a cleared future while a seller may still deliver or default."""
    book = book_of(context, deal.fill.book)
    done = book.delivered_lots + book.defaulted_lots
    if done < book.volume:
        raise DeliveriesOutstanding(done, book.volume, place=deal.place)


def _deliver_to_buyer(context: Context, deal: Deal) -> bool:
    """
    Exchange goods and money between two named parties, in one command.

    Tell whether the goods were there: those of a spot trade may have shrunk since.
    """
    fill, market, rules = deal.fill, deal.market, deal.rules
    buy_id, buy = order_of(context, fill.buy)
    sell_id, sell = order_of(context, fill.sell)
    value = fill.lots * deal.price
    if not _sell_goods(context, deal, sell_id, sell, target=buy.owner):
        return False
    pay_in(context, market, rules, buy, amount=value + fill.reserved)
    pay_out(context, market, rules, sell.owner, amount=value)
    _unbind(context, deal, buy_id, buy, bound=value + fill.reserved, paid=value + fill.reserved)
    _unbind(context, deal, sell_id, sell, bound=fill.lots * rules.collateral)
    _finish(context, deal, _settled(buyer_pays=value, seller_gets=value), Cut.NONE)
    _post(context, deal, buy, [Line(LineKind.PURCHASE, value), *_reserve(deal)])
    _post(context, deal, sell, [Line(LineKind.SALE, value)])
    return True


def _default_to_buyer(context: Context, deal: Deal) -> None:
    """Give the buyer its money back, and the price difference out of the seller's deposit."""
    fill, market, rules = deal.fill, deal.market, deal.rules
    buy_id, buy = order_of(context, fill.buy)
    sell_id, sell = order_of(context, fill.sell)
    difference = compensation(deal, fill.lots)
    pay_in(context, market, rules, sell, amount=difference)
    pay_out(context, market, rules, buy.owner, amount=difference)
    _return_goods(context, deal, sell_id, sell)
    _unbind(context, deal, buy_id, buy, bound=fill.lots * deal.price + fill.reserved)
    _unbind(context, deal, sell_id, sell, bound=fill.lots * rules.collateral, paid=difference)
    _finish(context, deal, _settled(cut_lots=fill.lots, seller_pays=difference), Cut.DEFAULT)
    _post(context, deal, buy, [Line(LineKind.COMPENSATION, difference)])
    _post(context, deal, sell, [Line(LineKind.SHORTFALL, difference)])


def _deliver_to_clearing(context: Context, deal: Deal) -> None:
    """Pay a seller whose goods the book's vault has, or gets now."""
    fill, market, rules = deal.fill, deal.market, deal.rules
    sell_id, sell = order_of(context, fill.sell)
    value = fill.lots * deal.price
    if rules.collateral:
        target = goods_of(fill.book, deal.product.unit).owner
        _sell_goods(context, deal, sell_id, sell, target=target)
        _unbind(context, deal, sell_id, sell, bound=fill.lots * rules.collateral)
    pay_out(context, market, rules, sell.owner, amount=value)
    _count(context, deal, delivered_lots=fill.lots)
    _finish(context, deal, _settled(seller_gets=value), Cut.NONE)
    _post(context, deal, sell, [Line(LineKind.SALE, value)])


def _default_to_clearing(context: Context, deal: Deal) -> None:
    """Keep the price difference out of a seller's deposit, for whichever buyers go empty."""
    fill, market, rules = deal.fill, deal.market, deal.rules
    sell_id, sell = order_of(context, fill.sell)
    difference = compensation(deal, fill.lots)
    pay_in(context, market, rules, sell, amount=difference)
    _return_goods(context, deal, sell_id, sell)
    _unbind(context, deal, sell_id, sell, bound=fill.lots * rules.collateral, paid=difference)
    _count(context, deal, defaulted_lots=fill.lots)
    _finish(context, deal, _settled(cut_lots=fill.lots, seller_pays=difference), Cut.DEFAULT)
    _post(context, deal, sell, [Line(LineKind.SHORTFALL, difference)])


def _serve_buyer(context: Context, deal: Deal) -> None:
    """
    Hand a buyer what was delivered of its fill; money back, and the difference, for the rest.

    What no seller was given any more, because the auction lapsed on the way, nobody has defaulted
    on, so it brings no difference.
    """
    fill, market, rules = deal.fill, deal.market, deal.rules
    _, buy = order_of(context, fill.buy)
    book = book_of(context, fill.book)
    available = book.delivered_lots if rules.collateral else book.volume - book.defaulted_lots
    delivered = lots_left(offset=fill.buy_offset, lots=fill.lots, available_lots=available)
    sold = lots_left(offset=fill.buy_offset, lots=fill.lots, available_lots=book.volume)
    missing = fill.lots - delivered
    value, difference = delivered * deal.price, compensation(deal, sold - delivered)
    back = missing * deal.price + difference + (0 if delivered else fill.reserved)
    serve_goods(
        context, fill.book, rules, buy.owner, fill=deal.id, unit=deal.product.unit, lots=delivered
    )
    pay_out(context, market, rules, buy.owner, amount=back)
    cut = Cut.DEFAULT if missing else Cut.NONE
    _finish(context, deal, _settled(cut_lots=missing, buyer_pays=value), cut)
    lines = [Line(LineKind.PURCHASE, value)]
    if delivered:
        lines += _reserve(deal)
    if missing:
        lines.append(Line(LineKind.COMPENSATION, difference))
    _post(context, deal, buy, lines)


def _sell_goods(
    context: Context, deal: Deal, id: RecordId, order: Order, *, target: PublicKey
) -> bool:
    """
    Move what a fill sold; tell whether it was there.

    Who delivers a future has signed and can mend what is wrong, so it is told instead.
    """
    refused = sell_goods(
        context,
        deal.rules,
        id,
        order,
        fill=deal.id,
        unit=deal.product.unit,
        lots=deal.fill.lots,
        target=target,
    )
    if refused is not None and deal.rules.collateral:
        raise refused
    return refused is None


def _return_goods(context: Context, deal: Deal, id: RecordId, order: Order) -> None:
    """Give back what is left of the goods that a spot trade's seller deposited."""
    rules = deal.rules
    if not rules.collateral:
        amount = deal.fill.lots * rules.quantum
        release_goods(context, rules, id, order, unit=deal.product.unit, amount=amount)


def _settled(
    *, cut_lots: int = 0, buyer_pays: int = 0, seller_gets: int = 0, seller_pays: int = 0
) -> Settled:
    """Return what is remembered of a settlement in which nothing was measured."""
    return Settled(
        known=0,
        missing=False,
        cut_lots=cut_lots,
        delivered_wh=0,
        consumed_wh=0,
        claimed_wh=0,
        buyer_pays=buyer_pays,
        seller_gets=seller_gets,
        seller_pays=seller_pays,
    )


def _unbind(
    context: Context, deal: Deal, id: RecordId, order: Order, *, bound: int, paid: int = 0
) -> None:
    """Let an order of a fill bind so much less money."""
    unbind(context, deal.rules, id, order, product=deal.product, bound=bound, paid=paid)


def _reserve(deal: Deal) -> list[Line]:
    """Return the line of what is held for charges, if anything is."""
    return [Line(LineKind.RESERVE, deal.fill.reserved)] if deal.fill.reserved else []


def _finish(context: Context, deal: Deal, settled: Settled, cut: Cut) -> None:
    """Write what a fill came to, and report it."""
    context.write(deal.id, replace(deal.fill, settled=settled))
    context.emit(MarketSettled(deal.id, settled, cut))


def _post(context: Context, deal: Deal, order: Order, lines: list[Line]) -> None:
    """Post one side's lines to its own statement."""
    found = open_for(context, deal.market, deal.rules, order.owner, product=deal.product)
    settle_on_statement(context, found.id, [line._replace(fill=deal.id) for line in lines])


def _count(
    context: Context, deal: Deal, *, delivered_lots: int = 0, defaulted_lots: int = 0
) -> None:
    """Count what sellers of a cleared future have delivered or defaulted on."""
    if not deal.rules.collateral:
        return
    id = deal.fill.book
    book = book_of(context, id)
    delivered, defaulted = book.delivered_lots, book.defaulted_lots
    context.write(
        id,
        replace(
            book,
            delivered_lots=delivered + delivered_lots,
            defaulted_lots=defaulted + defaulted_lots,
        ),
    )
