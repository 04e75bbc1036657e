"""
The model of what a generating unit makes and emits, hour by hour.

Measured data of real units are hard to obtain, so this is a stated model: a pure function of a
unit's type and size, of the hour and the season, and of two figures that stand in the cast, how
worn the unit is and what a year's demand is like. All of it is integers, so that everybody comes to
the same figures.

    output of an hour [Wh]  = size × load × demand of the year × weather of the day
    emission of an hour [g] = output [MWh] × rate of the type × part load × season × start × wear

- *load*: each type runs in shifts, other ones in winter (October to March) than in summer; some
  only on weekdays. Outside of its shifts a unit stands still, and nothing is measured.
- *weather*: from 90 to 110 %, by a fixed pattern of 21 days.
- *part load*: 0.4 % more emission per MWh for each percent below full load.
- *season*: 3 % more in winter, when air and fuel are cold.
- *start*: 25 % more in the first hour of a shift.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final

HOUR_SECONDS: Final = 3_600
WH_PER_MWH: Final = 1_000_000
ONE_PPM: Final = 1_000_000
WINTER: Final = frozenset({10, 11, 12, 1, 2, 3})
SATURDAY: Final = 5

PART_LOAD_PPM: Final = 4_000
WINTER_PPM: Final = 1_030_000
START_PPM: Final = 1_250_000
WEATHER_DAYS: Final = 21
WEATHER_STEP: Final = 8
WEATHER_SPREAD: Final = 10


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours of a day in which a unit runs."""

    begin: int
    """First hour, UTC."""
    end: int
    """The hour after the last."""
    load: int
    """Part of its size that it makes. [%]"""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How units of a type run, and what they emit at full load in summer."""

    rate_g_per_mwh: int
    """Emission. [g/MWh]"""
    winter: tuple[Shift, ...]
    """From October to March."""
    summer: tuple[Shift, ...]
    """From April to September."""
    on_weekends: bool
    """Whether it runs then, too."""


@dataclass(frozen=True, slots=True)
class Hour:
    """What a unit made and emitted in an hour."""

    begin: int
    """Its first second. [s since the epoch, UTC]"""
    output_wh: int
    """What it made. [Wh]"""
    emission_g: int
    """What it emitted. [g]"""


BEHAVIOURS: Final = {
    "coal": Behaviour(700, (Shift(6, 20, 85),), (Shift(8, 18, 60),), on_weekends=True),
    "gas-combined": Behaviour(180, (Shift(7, 19, 75),), (Shift(9, 19, 55),), on_weekends=False),
    "gas-turbine": Behaviour(
        420, (Shift(7, 9, 90), Shift(17, 20, 95)), (Shift(18, 20, 90),), on_weekends=True
    ),
    "biomass": Behaviour(320, (Shift(6, 18, 90),), (Shift(8, 14, 70),), on_weekends=True),
    "waste": Behaviour(450, (Shift(6, 22, 88),), (Shift(6, 22, 88),), on_weekends=True),
    "oil": Behaviour(800, (Shift(8, 16, 70),), (Shift(10, 14, 60),), on_weekends=False),
}


def hours_of(
    kind: str, size_mw: int, day: date, *, wear_ppm: int, demand_ppm: int
) -> Iterator[Hour]:
    """Yield the hours of a day in which a unit runs."""
    weather = _weather(day)
    for hour, load, start in _running(kind, day.month, weekend=day.weekday() >= SATURDAY):
        output_wh = size_mw * WH_PER_MWH * load * weather * demand_ppm // (100 * 100 * ONE_PPM)
        emission_g = output_wh * _rate(kind, day.month, load, start=start) * wear_ppm
        yield Hour(
            second_of(day) + hour * HOUR_SECONDS, output_wh, emission_g // (WH_PER_MWH * ONE_PPM)
        )


def typical_mwh(kind: str, size_mw: int, days: Iterator[date]) -> int:
    """Return what a unit is expected to make on some days, before weather and demand. [MWh]"""
    loads = sum(
        load
        for day in days
        for _, load, _ in _running(kind, day.month, weekend=day.weekday() >= SATURDAY)
    )
    return size_mw * loads // 100


def days_between(first: date, end: date, *, apart: int = 1) -> Iterator[date]:
    """Yield days from the first to before the end; with `apart`, only each so many-th of all."""
    for number in range(first.toordinal(), end.toordinal()):
        if number % apart == 0:
            yield date.fromordinal(number)


def month_after(day: date) -> date:
    """Return the first day of the next month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def second_of(day: date) -> int:
    """Return a day's first second. [s since the epoch, UTC]"""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


@cache
def _running(kind: str, month: int, *, weekend: bool) -> tuple[tuple[int, int, bool], ...]:
    """Return each hour in which a type runs, with its load and whether the unit starts then."""
    behaviour = BEHAVIOURS[kind]
    if weekend and not behaviour.on_weekends:
        return ()
    shifts = behaviour.winter if month in WINTER else behaviour.summer
    return tuple(
        (hour, shift.load, hour == shift.begin)
        for shift in shifts
        for hour in range(shift.begin, shift.end)
    )


@cache
def _rate(kind: str, month: int, load: int, *, start: bool) -> int:
    """Return what a type emits, unworn. [g/MWh]"""
    factors = (
        ONE_PPM + PART_LOAD_PPM * (100 - load),
        WINTER_PPM if month in WINTER else ONE_PPM,
        START_PPM if start else ONE_PPM,
    )
    rate = BEHAVIOURS[kind].rate_g_per_mwh
    for factor in factors:
        rate = rate * factor // ONE_PPM
    return rate


def _weather(day: date) -> int:
    """Return how much is wanted on a day. [%]"""
    return 100 + day.toordinal() * WEATHER_STEP % WEATHER_DAYS - WEATHER_SPREAD
