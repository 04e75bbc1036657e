"""What a market states fits together by arithmetic on integers."""

from tallystick.contracts.market.terms import price_of
from tests.contracts.market.house import energy_rules, open_house


def test_a_price_is_so_many_ticks_above_the_lowest() -> None:
    """Prices are whole minor units per lot."""
    rules = energy_rules(open_house(people=()), price_min=50, tick=7)
    assert [50, 57, 750] == [price_of(rules, level) for level in (0, 1, 100)]
