"""What the two years came to, and whether the ledger says the same as its history."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec.structs
import pytest

from tallystick.scenarios.allowances import find_out
from tallystick.scenarios.allowances_cast import NORTH, SHORT, SOUTH
from tallystick.scenarios.allowances_facts import Facts, stock_of, unit_years
from tallystick.scenarios.allowances_model import second_of
from tallystick.scenarios.allowances_years import Years
from tallystick.scenarios.village_weeks import DayClock
from tests.scenarios.small import stage_in
from tests.scenarios.test_allowances_desk import FOUNDED, desk_in

Play = tuple[Years, Facts]


@contextmanager
def both_zones(folder: Path) -> Iterator[Play]:
    """Play both zones and find out everything."""
    clock = DayClock(1_000 * second_of(FOUNDED))
    with desk_in(folder, NORTH, clock) as north, desk_in(folder, SOUTH, clock) as south:
        years = Years([north, south])
        years.play(lambda _steps: None)
        yield years, find_out(stage_in(folder), years, lambda _steps: None)


@pytest.fixture(scope="module")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """Play the whole story once."""
    with both_zones(tmp_path_factory.mktemp("zones")) as play:
        yield play


def test_units_end_with_what_they_had(play: Play) -> None:
    """Allocated and received is what was surrendered and handed over, and what was left over."""
    _, facts = play
    units = [each for zone in facts.zones for each in zone.units]
    assert 16 == len(units)
    for each in units:
        left = each.granted + each.bought - each.surrendered - each.sold
        assert 0 <= left
        assert not (left and each.missing)
    assert [SHORT] == [each.name for each in units if each.missing]
    assert [1] == [each.period for each in units if each.has_left]


def test_the_history_ends_where_the_ledger_says(play: Play) -> None:
    """After every month, and everything has come to its end after the last."""
    years, facts = play
    for desk, zone in zip(years.desks, facts.zones, strict=True):
        looks = [look for look in years.looks if look.zone == desk.zone]
        stock, agrees = stock_of(desk, looks)
        assert agrees
        assert zone.stock == stock
        assert 28 == len(stock)
        assert (0, 0) == (stock[-1].held, stock[-1].clearing)
        assert sum(each.issued for each in zone.vintages) == sum(stock[-1].ended.values())


@pytest.mark.parametrize("wrong", ["issued", "held", "surrendered", "account"])
def test_a_ledger_that_says_otherwise_is_noticed(play: Play, wrong: str) -> None:
    """One allowance more in a total, or in an account, and history and ledger disagree."""
    years, _ = play
    desk = years.desks[0]
    looks = [look for look in years.looks if look.zone == desk.zone]
    look = looks[10]
    if wrong == "account":
        (key, amount), *rest = look.held
        looks[10] = replace(look, held=((key, amount + 1), *rest))
    else:
        more = getattr(look.totals, wrong) + 1
        totals = msgspec.structs.replace(look.totals, **{wrong: more})
        looks[10] = replace(look, totals=totals)
    assert not stock_of(desk, looks)[1]


def test_an_event_that_is_missing_is_noticed(play: Play) -> None:
    """Without one of its movements a history does not come to what the ledger says."""
    years, _ = play
    desk = years.desks[0]
    looks = [look for look in years.looks if look.zone == desk.zone]
    kept = desk.seen.events
    place = next(n for n, (_, event) in enumerate(kept) if "Moved" in type(event).__name__)
    desk.seen.events = [*kept[:place], kept[place + 1], *kept[place + 1 :]]
    try:
        assert not stock_of(desk, looks)[1]
    finally:
        desk.seen.events = kept


def test_accounts_are_those_of_the_model(play: Play) -> None:
    """What a unit made and emitted was added up outside of the ledger."""
    years, facts = play
    for desk, zone in zip(years.desks, facts.zones, strict=True):
        assert unit_years(desk, years) == zone.units
        emitted = sum(each.emitted_g for each in zone.units)
        assert emitted == sum(years.figures[desk.zone].by_month.values())
