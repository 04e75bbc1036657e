"""A month's readings, from the model to the ledger: published, then counted."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey
from tallystick.contracts.allowance.commands import MEASUREMENTS_MAX, Report
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality, measurement_id

from .allowances_cast import DEMAND_PPM, YEARS, Member, Office, Plant
from .allowances_desk import Desk
from .allowances_model import (
    HOUR_SECONDS,
    Hour,
    days_between,
    hours_of,
    month_after,
    second_of,
    typical_mwh,
)

PUBLISHED_TOGETHER = 512
REPORTS_TOGETHER = 4
Part = TypeVar("Part")


@dataclass
class Figures:
    """What the meters said, added up outside of the ledger."""

    readings: int = 0
    """How many there were."""
    emitted_g: Counter[tuple[str, int]] = field(default_factory=Counter)
    """Emissions by unit and year. [g]"""
    produced_wh: Counter[tuple[str, int]] = field(default_factory=Counter)
    """Output by unit and year. [Wh]"""
    by_month: Counter[tuple[str, date]] = field(default_factory=Counter)
    """Emissions by unit and month. [g]"""


def measure(desk: Desk, month: date, figures: Figures) -> None:
    """Publish a month of every unit that still runs, and count it towards its year."""
    transactions: list[bytes] = []
    for member in desk.cast.units:
        if member.plant is None or member.name in desk.left:
            continue
        hours = list(_month(member.plant, month, apart=desk.plan.days_apart))
        transactions += _published(desk, member, hours)
        _add(figures, member.name, month, hours)
    desk.ledger.submit_all(transactions)


def expected_mwh(plant: Plant, year: int, *, apart: int) -> int:
    """Return what a unit says that it will make in a year. [MWh]"""
    days = days_between(date(year, 1, 1), date(year + 1, 1, 1), apart=apart)
    return typical_mwh(plant.facts.type, plant.facts.size_mw, days)


def _month(plant: Plant, month: date, *, apart: int) -> Iterator[Hour]:
    """
    Yield a unit's hours of a month, and at last an hour in which it stands still.

    No type runs at midnight. That nothing came is said as well, so that a forecast knows how far
    the readings reach.
    """
    wear, demand = plant.runs_in(month.year), DEMAND_PPM[YEARS.index(month.year)]
    facts, end = plant.facts, second_of(month_after(month))
    for day in days_between(month, month_after(month), apart=apart):
        yield from hours_of(facts.type, facts.size_mw, day, wear_ppm=wear, demand_ppm=demand)
    yield Hour(end - HOUR_SECONDS, 0, 0)


def _published(desk: Desk, member: Member, hours: Sequence[Hour]) -> Iterator[bytes]:
    """Yield the transactions that publish hours and count them."""
    administration = desk.office(Office.ADMINISTRATION)
    stack, generator = member.stack.public, member.generator.public
    publishing: list[Record] = []
    for hour in hours:
        publishing.append(_publish(desk, stack, hour, Kind.EMISSION, hour.emission_g))
        publishing.append(_publish(desk, generator, hour, Kind.PRODUCTION, hour.output_wh))
    ids = [measurement_id(key, hour.begin) for hour in hours for key in (stack, generator)]
    unit = desk.units[member.name]
    counting: list[Record] = [
        Report(unit, tuple(chunk)) for chunk in _chunks(ids, MEASUREMENTS_MAX)
    ]
    for commands, together in (
        (publishing, PUBLISHED_TOGETHER),
        (counting, REPORTS_TOGETHER),
    ):
        for chunk in _chunks(commands, together):
            yield desk.ledger.transaction(chunk, [administration.secret])


def _publish(desk: Desk, owner: PublicKey, hour: Hour, kind: Kind, amount: int) -> Publish:
    """Return the publication of one figure."""
    end = hour.begin + HOUR_SECONDS
    return Publish(owner, hour.begin, end, desk.zone, kind, amount, Quality.MEASURED)


def _add(figures: Figures, name: str, month: date, hours: Sequence[Hour]) -> None:
    """Add a unit's month up."""
    emitted_g = sum(hour.emission_g for hour in hours)
    figures.readings += 2 * len(hours)
    figures.by_month[name, month] += emitted_g
    figures.emitted_g[name, month.year] += emitted_g
    figures.produced_wh[name, month.year] += sum(hour.output_wh for hour in hours)


def _chunks(items: Sequence[Part], size: int) -> Iterator[Sequence[Part]]:
    """Yield the items, so many at a time."""
    for first in range(0, len(items), size):
        yield items[first : first + size]
