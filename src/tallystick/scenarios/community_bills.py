"""
Compute every bill a second time, from meter readings, promises and trades alone.

What a trade comes to is written down here as the market's rules say it, in a few lines and for
quarter hours only. The ledger's own figures are then held against it, trade by trade, bill by bill
and account by account, to the last millionth of a euro.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.market.events import MarketFilled

from .community_cast import Member
from .community_orders import Lane
from .community_rules import (
    DSO_PER_MWH,
    EXCESS_PRICE,
    LEVY_PER_MWH,
    OPERATOR_PER_MWH,
    PLATFORM_PPM,
    PRICE_MIN,
    SHORTFALL_PRICE,
    TICK,
    book_at,
)
from .community_seen import Seen

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Came:
    """What a trade came to."""

    quarter: int
    """When it was delivered."""
    seller: str
    """Who sold."""
    buyer: str
    """Who bought."""
    price: int
    """At which price. [millionths of a euro per Wh]"""
    lots: int
    """How much. [Wh]"""
    cut_lots: int
    """What was taken out of it before delivery. [Wh]"""
    delivered_wh: int
    """What the seller delivered. [Wh]"""
    consumed_wh: int
    """What the buyer consumed. [Wh]"""
    claimed_wh: int
    """For which certificates were claimed. [Wh]"""
    buyer_pays: int
    """What the buyer pays. [millionths of a euro]"""
    seller_gets: int
    """What the seller gets. [millionths of a euro]"""
    seller_pays: int
    """What the seller pays for a shortfall, announced or not. [millionths of a euro]"""

    @property
    def figures(self) -> tuple[int, ...]:
        """Return what the ledger says about a trade, too."""
        return (
            self.cut_lots,
            self.delivered_wh,
            self.consumed_wh,
            self.claimed_wh,
            self.buyer_pays,
            self.seller_gets,
            self.seller_pays,
        )


FIGURES = (
    "cut_lots",
    "delivered_wh",
    "consumed_wh",
    "claimed_wh",
    "buyer_pays",
    "seller_gets",
    "seller_pays",
)
"""The read model's names for the figures of a trade."""


@dataclass(slots=True)
class Bill:
    """What a member's week comes to."""

    name: str
    """Whose it is."""
    bought_wh: int = 0
    """Consumed of what was bought. [Wh]"""
    sold_wh: int = 0
    """Delivered of what was sold. [Wh]"""
    paid: int = 0
    """Paid for energy. [millionths of a euro]"""
    received: int = 0
    """Received for energy. [millionths of a euro]"""
    imbalance: int = 0
    """Paid for shortfalls. [millionths of a euro]"""
    charges: tuple[int, ...] = field(default=(0, 0, 0, 0))
    """Platform, market operator, grid and levy. [millionths of a euro]"""

    @property
    def total(self) -> int:
        """Return by how much the member's account has grown. [millionths of a euro]"""
        return self.received - self.paid - self.imbalance - sum(self.charges)


def trades(lane: Lane, seen: Seen) -> dict[RecordId, Came]:
    """Return what every trade should come to."""
    plan = lane.plan
    name = {
        lane.company.account(member.meter).public: member
        for member in (*plan.cast.donors, *plan.cast.receivers)
    }
    day_of = {q: n for n, day in enumerate(lane.days) for q in range(day.first, day.end)}
    place = {book_at(seen.market, lane.begin(quarter)): quarter for quarter in day_of}
    before: Counter[tuple[RecordId, PublicKey]] = Counter()
    found = {}
    for fill in seen.fills:
        if fill.buy is None or fill.sell is None:
            raise AssertionError("in this market each trade names both orders")
        seller, buyer = seen.orders[fill.sell].owner, seen.orders[fill.buy].owner
        quarter = place[fill.book]
        found[fill.fill] = _trade(
            lane,
            fill,
            (name[seller], name[buyer]),
            (before[fill.book, seller], before[fill.book, buyer]),
            quarter=quarter,
            day=day_of[quarter],
        )
        before[fill.book, seller] += fill.lots
        before[fill.book, buyer] += fill.lots
    return found


def _trade(
    lane: Lane,
    fill: MarketFilled,
    parties: tuple[Member, Member],
    before_wh: tuple[int, int],
    *,
    quarter: int,
    day: int,
) -> Came:
    """Return what one trade should come to, behind what both have traded before in the book."""
    (seller, buyer), (sold_wh, bought_wh) = parties, before_wh
    cast, lots, price = lane.plan.cast, fill.lots, PRICE_MIN + fill.level * TICK
    left = _clamp(lane.available_wh(seller, quarter, day) - sold_wh, lots)
    forfeited = lots - left
    if quarter in lane.outage and seller is cast.donors[cast.cut_off]:
        left = forfeited = 0
    delivered = _clamp(lane.measured_wh(seller.meter, quarter) - sold_wh, left)
    consumed = _clamp(lane.measured_wh(buyer.meter, quarter) - bought_wh, left)
    was_late = day == lane.plan.late_day and buyer is cast.receivers[cast.late]
    lacking = left - delivered
    return Came(
        quarter=quarter,
        seller=seller.name,
        buyer=buyer.name,
        price=price,
        lots=lots,
        cut_lots=lots - left,
        delivered_wh=delivered,
        consumed_wh=consumed,
        claimed_wh=0 if was_late else min(delivered, consumed),
        buyer_pays=left * price - (left - consumed) * EXCESS_PRICE,
        seller_gets=delivered * price,
        seller_pays=(lacking + forfeited) * (max(SHORTFALL_PRICE, price) - price),
    )


def bills(members: Iterable[Member], came: Iterable[Came]) -> dict[str, Bill]:
    """Return what every member's week should come to."""
    found = {member.name: Bill(member.name) for member in members}
    for each in came:
        buyer, seller = found[each.buyer], found[each.seller]
        buyer.bought_wh += each.consumed_wh
        buyer.paid += each.buyer_pays
        seller.sold_wh += each.delivered_wh
        seller.received += each.seller_gets
        seller.imbalance += each.seller_pays
    for bill in found.values():
        per_wh = (OPERATOR_PER_MWH, DSO_PER_MWH, LEVY_PER_MWH)
        measured = (bill.bought_wh * rate // MILLION for rate in per_wh)
        bill.charges = (bill.paid * PLATFORM_PPM // MILLION, *measured)
    return found


def trades_agree(rows: Iterable[Mapping[str, Any]], came: Mapping[RecordId, Came]) -> bool:
    """Tell whether the ledger settled every trade as it should have been."""
    settled = {row["fill"]: tuple(row[name] for name in FIGURES) for row in rows}
    return settled == {id: each.figures for id, each in came.items()}


def statements_agree(
    statements: Iterable[Mapping[str, Any]],
    entries: Iterable[Mapping[str, Any]],
    owners: Mapping[PublicKey, Bill],
) -> bool:
    """Tell whether each statement is the sum of its lines, and the bill that it should be."""
    sums: Counter[tuple[RecordId, str]] = Counter()
    for row in entries:
        sums[row["statement"], row["kind"]] += row["amount"]
    kinds = ("purchase", "sale", "shortfall", "charge")
    traded = {owner for owner, bill in owners.items() if bill.paid or bill.received}
    seen = set()
    for row in statements:
        bill = owners[row["owner"]]
        columns = tuple(row[name] for name in ("paid", "received", "imbalance", "charged"))
        lines = tuple(sums[row["statement"], kind] for kind in kinds)
        expected = (bill.paid, bill.received, bill.imbalance, sum(bill.charges))
        energy = (row["bought_wh"], row["sold_wh"])
        if not columns == lines == expected or energy != (bill.bought_wh, bill.sold_wh):
            return False
        if not row["closed_at"]:
            return False
        seen.add(row["owner"])
    return seen >= traded


def _clamp(amount: int, most: int) -> int:
    """Return an amount between 0 and the most that it may be."""
    return min(max(amount, 0), most)
