"""The model of emissions is a pure function that people can check by hand."""

from datetime import date

import pytest

from tallystick.scenarios.allowances_model import (
    BEHAVIOURS,
    Hour,
    days_between,
    hours_of,
    month_after,
    second_of,
    typical_mwh,
)

MONDAY = date(2024, 1, 1)
SATURDAY = date(2024, 6, 8)


def test_an_hour_by_hand() -> None:
    """
    A coal unit of 100 MW on a winter Monday.

    1 January 2024 is day 738,886: weather 90 + 738,886 × 8 mod 21 = 108 %. So its first hour
    makes 100 × 0.85 × 1.08 = 91.8 MWh. The rate is 700 × 1.06 = 742, × 1.03 = 764 and at the
    start × 1.25 = 955 g/MWh.
    """
    weather = 90 + MONDAY.toordinal() * 8 % 21
    first, second, *_ = hours_of("coal", 100, MONDAY, wear_ppm=1_000_000, demand_ppm=1_000_000)
    output_wh = 850_000 * weather
    assert Hour(second_of(MONDAY) + 6 * 3_600, output_wh, output_wh * 955 // 1_000_000) == first
    assert output_wh * 764 // 1_000_000 == second.emission_g


@pytest.mark.parametrize(
    ("kind", "day", "hours"),
    [
        ("coal", MONDAY, 14),
        ("coal", SATURDAY, 10),
        ("gas-combined", MONDAY, 12),
        ("gas-combined", SATURDAY, 0),
        ("gas-turbine", MONDAY, 5),
        ("oil", SATURDAY, 0),
        ("waste", SATURDAY, 16),
    ],
)
def test_units_run_in_shifts(kind: str, day: date, hours: int) -> None:
    """Longer in winter, some not at weekends, and never in the last hour of a day."""
    found = list(hours_of(kind, 10, day, wear_ppm=1_000_000, demand_ppm=1_000_000))
    assert hours == len(found)
    assert all(hour.begin < second_of(day) + 23 * 3_600 for hour in found)


@pytest.mark.parametrize("kind", BEHAVIOURS)
def test_wear_and_demand(kind: str) -> None:
    """A worn unit emits more and makes as much; demand raises both."""
    usual = list(hours_of(kind, 50, MONDAY, wear_ppm=1_000_000, demand_ppm=1_000_000))
    worn = list(hours_of(kind, 50, MONDAY, wear_ppm=2_000_000, demand_ppm=1_000_000))
    busy = list(hours_of(kind, 50, MONDAY, wear_ppm=1_000_000, demand_ppm=2_000_000))
    assert [hour.output_wh for hour in usual] == [hour.output_wh for hour in worn]
    assert all(0 <= w.emission_g - 2 * u.emission_g <= 1 for u, w in zip(usual, worn, strict=True))
    assert [2 * hour.output_wh for hour in usual] == [hour.output_wh for hour in busy]


def test_days_and_months() -> None:
    """The same days are left out however a year is cut; months follow each other."""
    whole = list(days_between(date(2024, 1, 1), date(2025, 1, 1), apart=30))
    halves = [
        *days_between(date(2024, 1, 1), date(2024, 7, 1), apart=30),
        *days_between(date(2024, 7, 1), date(2025, 1, 1), apart=30),
    ]
    assert whole == halves
    assert 366 == len(list(days_between(date(2024, 1, 1), date(2025, 1, 1))))
    assert date(2025, 1, 1) == month_after(date(2024, 12, 15))


def test_what_is_typical() -> None:
    """It is size times load over all hours: 100 MW × (14 h × 85 %)."""
    assert 1_190 == typical_mwh("coal", 100, iter([MONDAY]))
