"""The pictures of the allowances: what was emitted, where allowances were, what they cost."""

from collections.abc import Iterable, Sequence

from .allowances_cast import PLANTS, YEARS
from .allowances_facts import Facts, UnitYear, ZoneFacts
from .allowances_floor import Auction
from .allowances_trace import Whereabouts
from .report_data import COUNT, Areas, Bars, HeatMap, Hue, Series, Tick, Unit, write_amount

EUROS = Unit("EUR", base=100, decimals=0)
MONTHS_A_TICK = 3


def emissions(facts: Facts) -> HeatMap:
    """Show each unit's emissions by month."""
    months = [month for month in facts.months if month.year in YEARS]
    columns = tuple(f"{month:%b %Y}" for month in months)
    rows = []
    for plant in PLANTS:
        amounts = [facts.emitted_g.get((plant.name, month)) for month in months]
        most = max(amount or 0 for amount in amounts)
        rows.append(tuple(None if amount is None else 100 * amount // most for amount in amounts))
    return HeatMap(
        title="Emissions of each unit by month, in percent of its highest month",
        summary="Winters stand out, the peaking unit's most of all; one unit leaves.",
        rows=tuple(plant.name for plant in PLANTS),
        columns=columns,
        ticks=tuple(Tick(n, columns[n]) for n in range(0, len(columns), MONTHS_A_TICK)),
        values=tuple(rows),
        absent="nothing was measured",
    )


def stock(facts: Facts, zone: ZoneFacts) -> Areas:
    """Show where a zone's allowances were after each month."""
    labels = tuple(f"{month:%b %Y}" for month in facts.months)
    layers = (
        _layer("In accounts", Hue.BLUE, (each.held + each.clearing for each in zone.stock)),
        _ended("Surrendered", Hue.GREEN, "surrendered", zone.stock),
        _ended("Cancelled", Hue.ORANGE, "cancelled", zone.stock),
        _ended("Expired", Hue.GREY, "expired", zone.stock),
    )
    sums = tuple(map(sum, zip(*(layer.values for layer in layers), strict=True)))
    return Areas(
        title=f"Where the allowances of the {zone.zone} were",
        summary="A vintage is allocated by January, and ends at its deadline in the next April.",
        unit=COUNT,
        labels=labels,
        ticks=tuple(Tick(n, labels[n]) for n in range(0, len(labels), MONTHS_A_TICK)),
        marks=(),
        layers=layers,
        line=Series("Issued", Hue.VERMILION, sums),
    )


def balance(zone: ZoneFacts) -> Bars:
    """Show what each unit had beyond its needs or lacked, and what it did about it."""
    units = sorted(zone.units, key=lambda each: (each.name, each.period))
    return Bars(
        title=f"What each unit of the {zone.zone} had too much of or lacked, and what it did",
        summary=(
            "Upwards where allowances came from, beyond what its own allocation was needed for; "
            "downwards where they went. Both are equally long."
        ),
        unit=COUNT,
        labels=tuple(f"{each.name} {YEARS[each.period]}" for each in units),
        caption_title="Each way",
        captions=tuple(f"{came_in(each):,}" for each in units),
        above=(
            _layer("Saved", Hue.BLUE, (max(0, each.granted - each.due) for each in units)),
            _layer("Received", Hue.SKY, (each.bought for each in units)),
            _layer("Missing", Hue.VERMILION, (each.missing for each in units)),
        ),
        below=(
            _layer(
                "Emitted beyond its allocation",
                Hue.GREEN,
                (max(0, each.due - each.granted) for each in units),
            ),
            _layer("Handed over", Hue.ORANGE, (each.sold for each in units)),
            _layer("Left over", Hue.GREY, map(left_over, units)),
        ),
    )


def prices(auctions: Sequence[Auction], zone: str) -> Bars:
    """Show what was traded at each auction of a zone, and at which price."""
    chosen = [each for each in auctions if each.zone == zone]
    return Bars(
        title=f"What was traded in the {zone}",
        summary="Futures in July for the next spring; spot in summer, autumn, winter and February.",
        unit=COUNT,
        labels=tuple(f"{each.day:%b %Y}{' future' if each.is_future else ''}" for each in chosen),
        caption_title="Price",
        captions=tuple(write_amount(each.price, EUROS) if each.volume else "-" for each in chosen),
        above=(
            _layer("Spot", Hue.BLUE, (0 if each.is_future else each.volume for each in chosen)),
            _layer("Future", Hue.PURPLE, (each.volume if each.is_future else 0 for each in chosen)),
        ),
    )


def came_in(each: UnitYear) -> int:
    """Return how many a unit had beyond what it needed, got or lacked: as many as went again."""
    return max(0, each.granted - each.due) + each.bought + each.missing


def left_over(each: UnitYear) -> int:
    """Return what a unit still had when everything was done."""
    return max(0, each.granted + each.bought - each.surrendered - each.sold)


def _ended(name: str, hue: Hue, end: str, stock: Iterable[Whereabouts]) -> Series:
    """Return a layer of those that have come to one end."""
    return _layer(name, hue, (each.ended.get(end, 0) for each in stock))


def _layer(name: str, hue: Hue, values: Iterable[int]) -> Series:
    """Return a series."""
    return Series(name, hue, tuple(values))
