"""The lane's week in numbers, as charts want them: by quarter hour, by day and by donor."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tallystick.contracts.market.events import MarketCorrected

from .community_bills import Bill, Came
from .community_cast import Member
from .community_log import Log
from .community_orders import Lane
from .community_proofs import Found
from .community_shares import Roof
from .community_week import Week
from .local_time import name_day, to_local
from .village_data import INTERVAL_SECONDS

QUARTERS_A_DAY = 86_400 // INTERVAL_SECONDS
QUARTERS_AN_HOUR = 3_600 // INTERVAL_SECONDS


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A day of trading."""

    label: str
    """Its name."""
    sold_wh: int
    """What was sold the day before. [Wh]"""
    cut_wh: int
    """What was taken out of trades before delivery. [Wh]"""
    missing_wh: int
    """What was neither cut nor delivered. [Wh]"""
    delivered_wh: int
    """What was delivered. [Wh]"""
    value: int
    """What was agreed for it. [millionths of a euro]"""


@dataclass(frozen=True, slots=True)
class BoastFigures:
    """A day of the donor who promises too much."""

    label: str
    """The day's name."""
    is_honest: bool
    """Whether the controller said at dawn what there really would be."""
    offered_wh: int
    """What was offered. [Wh]"""
    sold_wh: int
    """What was sold. [Wh]"""
    cut_wh: int
    """What was cut. [Wh]"""
    delivered_wh: int
    """What was delivered. [Wh]"""
    missing_wh: int
    """What was not. [Wh]"""
    paid: int
    """What the shortfall cost beyond the price. [millionths of a euro]"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that the report shows."""

    begins: tuple[int, ...]
    """The week's quarter hours. [UTC s]"""
    matched_wh: tuple[int, ...]
    """What receivers used of their neighbours' production. [Wh]"""
    surplus_wh: tuple[int, ...]
    """What donors' roofs made besides. [Wh]"""
    used_wh: tuple[int, ...]
    """What receivers used. [Wh]"""
    price: tuple[int, ...]
    """The auctions' prices; 0 where there was none. [millionths of a euro per Wh]"""
    outage: range
    """The quarter hours in which a line was broken."""
    days: tuple[DayFigures, ...]
    """By day."""
    boast: tuple[BoastFigures, ...]
    """By day, of the donor who promises too much."""
    boaster: str
    """Who that is."""
    cut_off: str
    """Whose line broke."""
    outage_trades: int
    """How many trades it ended."""
    outage_wh: int
    """How much they were. [Wh]"""
    late: str
    """Whose meter was late."""
    late_day: str
    """On which day."""
    donors: tuple[Bill, ...]
    """Bills of those who sell."""
    receivers: tuple[Bill, ...]
    """Bills of those who buy."""
    balancing: int
    """What the balancing account has gained. [millionths of a euro]"""
    house: str
    """The apartment house."""
    shares: tuple[int, ...]
    """Which part of its roof each flat's owner paid for. [%]"""
    roof: Roof
    """What it gave."""
    corrections: tuple[MarketCorrected, ...]
    """What a silent meter's trades came to without its readings, and with them."""
    log: Log
    """What was done."""
    proved: Mapping[str, bool]
    """What is proven."""


def figures_of(week: Week, found: Found, proved: Mapping[str, bool]) -> Figures:
    """Add up what the report shows."""
    lane, trades, cast = week.lane, found.came, week.plan.cast
    quarters = range(lane.days[0].first, lane.days[-1].end)
    matched: Counter[int] = Counter()
    price: dict[int, int] = {}
    for each in trades:
        matched[each.quarter] += min(each.delivered_wh, each.consumed_wh)
        price[each.quarter] = each.price
    made = [_sum(lane, cast.donors, quarter) for quarter in quarters]
    boaster, cut_off = cast.donors[cast.boaster], cast.donors[cast.cut_off]
    broken = [
        each for each in trades if each.seller == cut_off.name and each.quarter in lane.outage
    ]
    return Figures(
        begins=tuple(lane.begin(quarter) for quarter in quarters),
        matched_wh=tuple(matched[quarter] for quarter in quarters),
        surplus_wh=tuple(wh - matched[n] for n, wh in zip(quarters, made, strict=True)),
        used_wh=tuple(_sum(lane, cast.receivers, quarter) for quarter in quarters),
        price=tuple(price.get(quarter, 0) for quarter in quarters),
        outage=range(lane.outage.start - quarters.start, lane.outage.stop - quarters.start),
        days=tuple(_day(lane, trades, n) for n in range(len(lane.days))),
        boast=tuple(_boast(lane, trades, boaster, n) for n in range(len(lane.days))),
        boaster=boaster.name,
        cut_off=cut_off.name,
        outage_trades=len(broken),
        outage_wh=sum(each.lots for each in broken),
        late=cast.receivers[cast.late].name,
        late_day=_label(lane, lane.plan.late_day),
        donors=found.bills[: len(cast.donors)],
        receivers=found.bills[len(cast.donors) :],
        balancing=found.balancing,
        house=cast.house.name,
        shares=cast.house.shares,
        roof=found.roof,
        corrections=tuple(week.seen.corrections),
        log=week.log,
        proved=proved,
    )


def coverage(figures: Figures) -> tuple[tuple[str, ...], tuple[tuple[int | None, ...], ...]]:
    """Return the days' names, and per day and quarter hour the part of use that was covered. [%]"""
    rows: dict[str, list[int | None]] = {}
    for begin, matched, used in zip(
        figures.begins, figures.matched_wh, figures.used_wh, strict=True
    ):
        local = to_local(begin)
        row = rows.setdefault(name_day(local.date()), [None] * QUARTERS_A_DAY)
        place = local.hour * QUARTERS_AN_HOUR + local.minute * 60 // INTERVAL_SECONDS
        row[place] = 100 * matched // used if used else None
    return tuple(rows), tuple(tuple(row) for row in rows.values())


def _day(lane: Lane, trades: tuple[Came, ...], day: int) -> DayFigures:
    """Add up a day."""
    mine = _of_day(lane, trades, day)
    sold, cut = sum(each.lots for each in mine), sum(each.cut_lots for each in mine)
    delivered = sum(each.delivered_wh for each in mine)
    return DayFigures(
        label=_label(lane, day),
        sold_wh=sold,
        cut_wh=cut,
        missing_wh=sold - cut - delivered,
        delivered_wh=delivered,
        value=sum(each.lots * each.price for each in mine),
    )


def _boast(lane: Lane, trades: tuple[Came, ...], donor: Member, day: int) -> BoastFigures:
    """Add up a day of a donor who promises too much."""
    mine = [each for each in _of_day(lane, trades, day) if each.seller == donor.name]
    sold, cut = sum(each.lots for each in mine), sum(each.cut_lots for each in mine)
    delivered = sum(each.delivered_wh for each in mine)
    return BoastFigures(
        label=_label(lane, day),
        is_honest=day in lane.plan.honest_days,
        offered_wh=sum(lane.offer_wh(donor, quarter) for quarter in lane.trading_quarters(day)),
        sold_wh=sold,
        cut_wh=cut,
        delivered_wh=delivered,
        missing_wh=sold - cut - delivered,
        paid=sum(each.seller_pays for each in mine),
    )


def _of_day(lane: Lane, trades: tuple[Came, ...], day: int) -> list[Came]:
    """Return the trades of a day."""
    quarters = range(lane.days[day].first, lane.days[day].end)
    return [each for each in trades if each.quarter in quarters]


def _sum(lane: Lane, members: Iterable[Member], quarter: int) -> int:
    """Return what members' meters counted. [Wh]"""
    return sum(lane.measured_wh(member.meter, quarter) for member in members)


def _label(lane: Lane, day: int) -> str:
    """Name a day."""
    return name_day(to_local(lane.begin(lane.days[day].first)).date())
