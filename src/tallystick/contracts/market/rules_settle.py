"""The rule that settles fills: see `settlement` for the law of energy, and `rules_holding`."""

from collections.abc import Sequence

from msgspec.structs import replace

from tallystick.core.context import Context

from .claiming import Wanted, claim_all
from .commands import Settle
from .deals import Deal, deals_to_settle, order_of
from .deliveries import Delivery, Outcome, delivery_of, outcome_of, settled_of
from .errors_settlement import DeliveryNotOver, ReadingMissing
from .events_settlement import LineKind, MarketSettled
from .funding import collateral_of
from .model import Settled, Subject
from .netting import Netting, carry_out
from .rules_holding import check_holding, settle_holding
from .settlement import pairs
from .statements import Line, open_for


def settle(context: Context, command: Settle) -> None:
    """
    Settle fills: pay for what was delivered, and claim its certificates, in one command.

    Anybody may settle. Energy waits for its readings, but not for ever; holdings change owner, or
    their seller is in default.
    """
    # READ
    deals = deals_to_settle(context, command.fills)
    energy = [deal for deal in deals if deal.rules.subject is Subject.ENERGY]
    holdings = [deal for deal in deals if deal.rules.subject is Subject.HOLDING]
    # CHECK
    deliveries = [_checked(context, deal) for deal in energy]
    for deal in holdings:
        check_holding(context, deal)
    # COMPUTE
    outcomes = [outcome_of(delivery) for delivery in deliveries]
    # WRITE
    _settle_energy(context, deliveries, outcomes)
    for deal in holdings:
        settle_holding(context, deal)


def _checked(context: Context, deal: Deal) -> Delivery:
    """Return a fill with its readings; refuse it while it is too early, or one is waited for."""
    ends_at = deal.product.end * 1_000
    if context.time < ends_at:
        raise DeliveryNotOver(deal.id, ends_at, place=deal.place)
    delivery = delivery_of(context, deal)
    missing = delivery.buyer.readings.missing or delivery.seller.readings.missing
    counted_at = ends_at + deal.rules.settlement_delay * 1_000
    if delivery.lots and missing is not None and context.time < counted_at:
        raise ReadingMissing(missing, counted_at, place=deal.place)
    return delivery


def _settle_energy(
    context: Context, deliveries: Sequence[Delivery], outcomes: Sequence[Outcome]
) -> None:
    """Claim, pay, and post what deliveries come to."""
    claims = _claimed(context, deliveries, outcomes)
    netting = Netting()
    for delivery, outcome, claimed_wh in zip(deliveries, outcomes, claims, strict=True):
        deal = delivery.deal
        settled = settled_of(delivery, outcome, claimed_wh=claimed_wh)
        context.write(deal.id, replace(deal.fill, settled=settled))
        context.emit(MarketSettled(deal.id, settled, delivery.cut))
        _pay(context, netting, delivery, settled)
        netting.balance(deal, outcome.bill.balance)
        _post(context, netting, delivery, settled)
        netting.count(delivery.buyer.id)
        netting.count(delivery.seller.id)
    carry_out(context, netting)


def _claimed(
    context: Context, deliveries: Sequence[Delivery], outcomes: Sequence[Outcome]
) -> list[int]:
    """Claim what was produced and consumed of each delivery; return how much. [Wh]"""
    wanted = [
        Wanted(
            n,
            delivery.deal.fill.book,
            delivery.seller.position.meters[pair.production],
            delivery.buyer.position.meters[pair.consumption],
            pair.energy_wh,
        )
        for n, (delivery, outcome) in enumerate(zip(deliveries, outcomes, strict=True))
        if delivery.deal.rules.claims
        for pair in pairs(outcome.delivered_wh, outcome.consumed_wh)
    ]
    return claim_all(context, wanted, deliveries=len(deliveries))


def _pay(context: Context, netting: Netting, delivery: Delivery, settled: Settled) -> None:
    """Note what each side pays and gets; what the fill binds beyond that is free again."""
    deal = delivery.deal
    fill = deal.fill
    _, sell = order_of(context, fill.sell)
    paid = settled.buyer_pays + (fill.reserved if delivery.lots else 0)
    deposit = fill.lots * collateral_of(deal.rules, sell.level)
    netting.charge(deal, fill.buy, bound=fill.lots * deal.price + fill.reserved, paid=paid)
    netting.charge(deal, fill.sell, bound=deposit, paid=settled.seller_pays)
    netting.credit(deal, sell.owner, settled.seller_gets)


def _post(context: Context, netting: Netting, delivery: Delivery, settled: Settled) -> None:
    """Note both sides' lines for their statements."""
    deal = delivery.deal
    fill, reserved = deal.id, deal.fill.reserved
    bought = [
        Line(LineKind.PURCHASE, settled.buyer_pays, settled.consumed_wh, fill=fill),
    ]
    sold = [Line(LineKind.SALE, settled.seller_gets, settled.delivered_wh, fill=fill)]
    if reserved and delivery.lots:
        bought.append(Line(LineKind.RESERVE, reserved, fill=fill))
    if settled.seller_pays:
        sold.append(Line(LineKind.SHORTFALL, settled.seller_pays, fill=fill))
    for party, lines in ((delivery.buyer, bought), (delivery.seller, sold)):
        owner = party.position.owner
        found = open_for(context, deal.market, deal.rules, owner, product=deal.product)
        netting.post(found.id, lines)
