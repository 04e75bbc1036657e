"""Two years of one zone: what the ledger shows of them, asked by every part of the story."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from tallystick.contracts.allowance.events import PeriodClosed, UnitWithdrawn
from tallystick.scenarios.allowances_cast import LEAVING, SHORT, SOUTH, TRADER
from tallystick.scenarios.allowances_years import Years
from tests.scenarios.test_allowances_desk import desk_in


@contextmanager
def played(folder: Path, zone: str = SOUTH) -> Iterator[Years]:
    """Play two years of one zone, of few days."""
    with desk_in(folder, zone) as desk:
        years = Years([desk])
        years.play(lambda _steps: None)
        yield years


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Years]:
    """Play the south once for all tests of this file."""
    with played(tmp_path_factory.mktemp("south")) as years:
        yield years


def test_one_unit_falls_short_and_pays(years: Years) -> None:
    """Because futures did not come; it gets as many fewer of the next vintage."""
    desk = years.desks[0]
    missing = {
        (name, period): desk.obligation(name, period).missing
        for name in desk.units
        for period in (0, 1)
    }
    short = missing.pop((SHORT, 0))
    assert 0 < short <= years.undelivered[SOUTH]
    assert {0} == set(missing.values())
    assert short == desk.obligation(SHORT, 1).deduction
    assert 0 == desk.obligation(SHORT, 1).debt


def test_one_unit_leaves(years: Years) -> None:
    """It is closed for the first year only, and has surrendered for all of the second."""
    desk = years.desks[0]
    assert [desk.units[LEAVING]] == [each.unit for each in desk.seen.of(UnitWithdrawn)]
    closed = [
        each.period for each in desk.seen.of(PeriodClosed) if each.unit == desk.units[LEAVING]
    ]
    assert [0] == closed
    owed = desk.obligation(LEAVING, 1)
    assert owed.due == owed.surrendered > 0


def test_nothing_is_left_at_the_end(years: Years) -> None:
    """Both vintages have ended in everybody's account."""
    desk = years.desks[0]
    assert [0, 0] == [desk.totals(period).held for period in (0, 1)]
    assert 0 == desk.held(TRADER, 0)


def test_forecasts_are_asked_twice_a_year(years: Years) -> None:
    """In summer and a week before the deadline; the last names whoever falls short."""
    asked = {each.asked for each in years.foreseen}
    assert {date(2024, 7, 1), date(2025, 3, 25), date(2025, 7, 1), date(2026, 3, 25)} == asked
    last = [each for each in years.foreseen if each.asked.month == 3]
    assert [(SHORT, 0)] == [(each.name, each.period) for each in last if each.shortfall]


def test_every_month_is_looked_at(years: Years) -> None:
    """Of both vintages, from the first to the last."""
    assert 28 == years.months()
    assert 56 == len(years.looks)
    assert [each.code for each in years.desks[0].refusals] == [
        each.wanted for each in years.desks[0].refusals
    ]
