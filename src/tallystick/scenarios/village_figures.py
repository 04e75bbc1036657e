"""
Fold quarter hours into the days and hours that people think in.

Everything the village's report says about energy is derived here from one `EnergySeries`. Days and
hours are those of a clock in Berlin: the day on which clocks go forward has 92 quarter hours, and
one of its hours is absent from every sum.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from .local_time import to_local
from .matching import Match
from .report_data import Hue
from .village_data import TECHNOLOGIES, Meter, Village

QUARTERS_PER_DAY = 96
HUES = {
    "Biomass": Hue.GREEN,
    "Hydro": Hue.BLUE,
    "Wind": Hue.SKY,
    "Solar parks": Hue.YELLOW,
    "Rooftop solar": Hue.ORANGE,
}


@dataclass(frozen=True, slots=True)
class Source:
    """All plants of one technology."""

    label: str
    """What people call it."""
    hue: Hue
    """Its colour in the report."""
    plants: int
    """How many there are."""
    produced_wh: tuple[int, ...]
    """For each quarter hour. [Wh]"""
    matched_wh: tuple[int, ...]
    """What of it was claimed for the same quarter hour. [Wh]"""


@dataclass(frozen=True, slots=True)
class EnergySeries:
    """What a village made and used, quarter hour by quarter hour."""

    begins: tuple[int, ...]
    """Start of each quarter hour, without gaps. [UTC s]"""
    homes: int
    """How many meters count consumption."""
    consumed_wh: tuple[int, ...]
    """All homes together, for each quarter hour. [Wh]"""
    sources: tuple[Source, ...]
    """In the order in which charts stack them."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What was made and used over some stretch of time."""

    label: str
    """Name of the stretch."""
    quarters: int
    """How many quarter hours it holds."""
    produced_wh: int
    """Of all plants. [Wh]"""
    consumed_wh: int
    """Of all homes. [Wh]"""
    matched_wh: int
    """Made and used in the same quarter hour. [Wh]"""

    @property
    def missing_wh(self) -> int:
        """Energy used that the village did not make in that quarter hour, in Wh."""
        return self.consumed_wh - self.matched_wh

    @property
    def surplus_wh(self) -> int:
        """Energy made that the village did not use in that quarter hour, in Wh."""
        return self.produced_wh - self.matched_wh


def is_home(meter: Meter) -> bool:
    """Tell whether a meter counts consumption."""
    return meter.technology is None


def order_plants(village: Village) -> list[int]:
    """Return the places of all plants among the meters: roofs first, else as in the file."""
    plants = [place for place, meter in enumerate(village.meters) if not is_home(meter)]
    return sorted(plants, key=lambda place: not is_roof(village.meters[place]))


def energy_series(village: Village, matches: Sequence[Sequence[Match]]) -> EnergySeries:
    """
    Add up a village by technology.

    Matches are those of each quarter hour, their plants numbered as `order_plants` has them.
    """
    plants = order_plants(village)
    matched_wh = {plant: [0] * len(village.begins) for plant in plants}
    for quarter, found in enumerate(matches):
        for match in found:
            matched_wh[plants[match.plant]][quarter] += match.amount_wh
    sources = []
    for technology in TECHNOLOGIES:
        mine = [plant for plant in plants if village.meters[plant].technology is technology]
        produced = _add_up([village.energy_wh[plant] for plant in mine], len(village.begins))
        matched = _add_up([matched_wh[plant] for plant in mine], len(village.begins))
        sources.append(
            Source(technology.label, HUES[technology.label], len(mine), produced, matched)
        )
    homes = [place for place, meter in enumerate(village.meters) if is_home(meter)]
    consumed = _add_up([village.energy_wh[home] for home in homes], len(village.begins))
    return EnergySeries(village.begins, len(homes), consumed, tuple(sources))


def total(energy: EnergySeries) -> Balance:
    """Add up everything."""
    return _fold(energy, lambda _: 0, lambda _: "all")[0]


def by_day(energy: EnergySeries, name: Callable[[date], str]) -> tuple[Balance, ...]:
    """Add up each local day, in order."""
    return _fold(energy, lambda local: local.toordinal(), lambda local: name(local.date()))


def by_hour(energy: EnergySeries) -> tuple[Balance, ...]:
    """Add up each hour of the local clock over all days."""
    return _fold(
        energy, lambda local: local.hour, lambda local: f"{local.hour:02d}-{local.hour + 1:02d}"
    )


def coverage(energy: EnergySeries) -> tuple[tuple[int | None, ...], ...]:
    """
    Return how much of its use was covered, in whole percent, for each local day and quarter hour.

    A quarter hour that the clock skips has no value; one that it shows twice has that of both.
    Percentages are rounded down, so that 100 means all.
    """
    cells = _fold(energy, _count_minutes, lambda local: local.isoformat(" ", "minutes"))
    found = {cell.label: cell for cell in cells}
    days = sorted({to_local(begin).date() for begin in energy.begins})
    return tuple(
        tuple(
            _covered(found.get(f"{day.isoformat()} {name_quarter(place)}"))
            for place in range(QUARTERS_PER_DAY)
        )
        for day in days
    )


def name_quarter(place: int) -> str:
    """Name a quarter hour of the day by when it begins."""
    return f"{place // 4:02d}:{place % 4 * 15:02d}"


def _covered(cell: Balance | None) -> int | None:
    """Return the covered part of the use, in whole percent rounded down."""
    if cell is None or cell.consumed_wh == 0:
        return None
    return 100 * cell.matched_wh // cell.consumed_wh


def _count_minutes(local: datetime) -> int:
    """Count the minutes that the local clock has shown since its calendar began."""
    return local.toordinal() * 1440 + local.hour * 60 + local.minute


def _fold(
    energy: EnergySeries, key: Callable[[datetime], int], name: Callable[[datetime], str]
) -> tuple[Balance, ...]:
    """Add up the quarter hours whose local times share a key, ordered by it."""
    produced = _add_up([source.produced_wh for source in energy.sources], len(energy.begins))
    matched = _add_up([source.matched_wh for source in energy.sources], len(energy.begins))
    quarters = sorted(
        (key(local), place, local) for place, local in enumerate(map(to_local, energy.begins))
    )
    balances = []
    for _, group in groupby(quarters, key=lambda quarter: quarter[0]):
        members = list(group)
        places = [place for _, place, _ in members]
        balances.append(
            Balance(
                label=name(members[0][2]),
                quarters=len(places),
                produced_wh=sum(produced[place] for place in places),
                consumed_wh=sum(energy.consumed_wh[place] for place in places),
                matched_wh=sum(matched[place] for place in places),
            )
        )
    return tuple(balances)


def is_roof(meter: Meter) -> bool:
    """Tell whether a plant stands on a roof."""
    return meter.technology is not None and meter.technology.is_roof


def _add_up(rows: Sequence[Sequence[int]], length: int) -> tuple[int, ...]:
    """Add rows of one length place by place; no rows make zeros."""
    return tuple(map(sum, zip(*rows, strict=True))) if rows else (0,) * length
