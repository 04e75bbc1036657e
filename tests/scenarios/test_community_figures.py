"""What the charts show adds up to what was traded."""

from tallystick.scenarios.community_figures import QUARTERS_A_DAY, coverage
from tallystick.scenarios.community_rules import PRICE_MAX, PRICE_MIN
from tests.scenarios.lane import SMALL, played


def test_days_add_up() -> None:
    """Sold is delivered, cut or missing, and all days are the whole."""
    figures, came = played().figures, played().found.came
    assert sum(each.lots for each in came) == sum(day.sold_wh for day in figures.days)
    for day in figures.days:
        assert day.sold_wh == day.delivered_wh + day.cut_wh + day.missing_wh


def test_quarters_add_up() -> None:
    """What roofs made is traded and used, or surplus."""
    figures, lane = played().figures, played().week.lane
    quarters = range(lane.days[0].first, lane.days[-1].end)
    made = sum(lane.measured_wh(each.meter, q) for each in SMALL.cast.donors for q in quarters)
    assert made == sum(figures.matched_wh) + sum(figures.surplus_wh)
    assert all(matched <= used for matched, used in zip(figures.matched_wh, figures.used_wh))  # noqa: B905
    assert {0} < set(figures.price) <= {0, *range(PRICE_MIN, PRICE_MAX + 1)}


def test_coverage_has_a_cell_for_every_quarter() -> None:
    """A row for each day, and percentages where something was used."""
    names, values = coverage(played().figures)
    assert SMALL.days == len(names) == len(values)
    assert {QUARTERS_A_DAY} == {len(row) for row in values}
    assert all(cell is None or 0 <= cell <= 100 for row in values for cell in row)


def test_the_boaster_is_cut_when_honest() -> None:
    """On the day of honesty trades are cut, on the other one they are missing; both are fined."""
    silent, honest = played().figures.boast
    assert (False, 0) == (silent.is_honest, silent.cut_wh)
    assert honest.is_honest
    assert honest.cut_wh > 0
    assert silent.missing_wh > honest.missing_wh
    assert min(silent.paid, honest.paid) > 0
