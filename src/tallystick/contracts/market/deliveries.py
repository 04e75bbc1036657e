"""Fills of energy with what was measured of them, and what that comes to."""

from typing import NamedTuple

from tallystick.base.identifiers import RecordId
from tallystick.core.context import Context

from .deals import Deal, order_of
from .events_settlement import Cut
from .evidence import Readings, is_forfeited, lots_after_cut, readings_of
from .model import Fill, Position, Settled, Side, position_id
from .settlement import Bill, Terms, attributed, bill


class Party(NamedTuple):
    """One side of a fill."""

    id: RecordId
    """The id of its position."""

    position: Position
    """Its position, as it stood before anything was settled."""

    readings: Readings
    """What its meters measured."""


class Delivery(NamedTuple):
    """A fill of energy with what was measured of it."""

    deal: Deal
    """The fill."""

    lots: int
    """What is left of it after the cut. [lots]"""

    cut: Cut
    """Why it was cut."""

    buyer: Party
    """Who bought."""

    seller: Party
    """Who sold."""


class Outcome(NamedTuple):
    """What a delivery comes to."""

    delivered_wh: list[int]
    """By the seller, in each of its intervals. [Wh]"""

    consumed_wh: list[int]
    """By the buyer, in each of its intervals. [Wh]"""

    bill: Bill
    """Who pays what."""


def delivery_of(context: Context, deal: Deal) -> Delivery:
    """Return a fill after its cut, with what was measured of it so far."""
    buyer, seller = _parties(context, deal)
    lots, cut = lots_after_cut(
        context, deal.rules, seller.position, deal.fill, product=deal.product
    )
    return Delivery(deal, lots, cut, buyer, seller)


def measured_again(context: Context, deal: Deal, settled: Settled) -> Delivery:
    """Return a settled fill with what is measured of it now; what was cut stays cut."""
    buyer, seller = _parties(context, deal)
    lots = deal.fill.lots - settled.cut_lots
    return Delivery(deal, lots, _cut_before(deal.fill, settled), buyer, seller)


def outcome_of(delivery: Delivery) -> Outcome:
    """Return what a delivery comes to, as the law of settlement says."""
    deal, lots = delivery.deal, delivery.lots
    fill, rules = deal.fill, deal.rules
    quantum = rules.quantum
    energy_wh = lots * quantum
    forfeited_lots = fill.lots - lots if is_forfeited(delivery.cut) else 0
    delivered_wh = attributed(
        delivery.seller.readings.amounts_wh,
        offset_wh=fill.sell_offset * quantum,
        energy_wh=energy_wh,
    )
    consumed_wh = attributed(
        delivery.buyer.readings.amounts_wh,
        offset_wh=fill.buy_offset * quantum,
        energy_wh=energy_wh,
    )
    terms = Terms(deal.price, rules.shortfall_price, rules.excess_price, quantum)
    made = bill(
        terms,
        lots=lots,
        forfeited_lots=forfeited_lots,
        delivered_wh=sum(delivered_wh),
        consumed_wh=sum(consumed_wh),
    )
    return Outcome(delivered_wh, consumed_wh, made)


def settled_of(delivery: Delivery, outcome: Outcome, *, claimed_wh: int) -> Settled:
    """Return what is remembered of a settlement."""
    bought, sold, made = delivery.buyer.readings, delivery.seller.readings, outcome.bill
    missing = bought.missing is not None or sold.missing is not None
    return Settled(
        known=bought.known + sold.known,
        missing=missing and delivery.lots > 0,
        cut_lots=delivery.deal.fill.lots - delivery.lots,
        delivered_wh=sum(outcome.delivered_wh),
        consumed_wh=sum(outcome.consumed_wh),
        claimed_wh=claimed_wh,
        buyer_pays=made.buyer_pays,
        seller_gets=made.seller_gets,
        seller_pays=made.seller_pays,
    )


def _cut_before(fill: Fill, settled: Settled) -> Cut:
    """
    Return why a settled fill was cut, as far as that matters to what it comes to.

    An outage takes a whole fill and costs nothing. Where another cut has taken all at no cost, the
    price is so high that it never costs anything.
    """
    if not settled.cut_lots:
        return Cut.NONE
    is_free = settled.cut_lots == fill.lots and not settled.seller_pays
    return Cut.OUTAGE if is_free else Cut.AVAILABILITY


def _parties(context: Context, deal: Deal) -> tuple[Party, Party]:
    """Return buyer and seller of a fill."""
    return (
        _party(context, deal, deal.fill.buy, Side.BUY),
        _party(context, deal, deal.fill.sell, Side.SELL),
    )


def _party(context: Context, deal: Deal, order: RecordId | None, side: Side) -> Party:
    """Return the position of an order's owner in a book, with its readings."""
    _, placed = order_of(context, order)
    id = position_id(deal.fill.book, side, placed.owner)
    position = context.read(Position, id)
    if position is None:
        raise AssertionError(f"position {id.hex()} has traded and vanished")
    readings = readings_of(context, position, sector=deal.rules.sector, product=deal.product)
    return Party(id, position, readings)
