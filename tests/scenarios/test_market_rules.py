"""Prices have levels, and hours have books."""

from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.model import Product, book_id, price_of
from tallystick.scenarios.market_cast import HOUR, Cast
from tallystick.scenarios.market_rules import level_of, market_rules, product_at

MONEY, MARKET = RecordId(bytes(32)), RecordId(b"\x01" * 32)


def test_a_price_is_that_of_its_level() -> None:
    """For every price that the story uses."""
    rules = market_rules(MONEY, Cast(time=0), begin=0, end=HOUR)
    for price in (100, 120, 140, 160, 180, 240):
        assert price == price_of(rules, level_of(price))
        assert level_of(price) < rules.levels


def test_an_hour_has_one_book() -> None:
    """The one that the contract computes."""
    product, book = product_at(MARKET, 7 * HOUR)
    assert Product(MARKET, 7 * HOUR, 8 * HOUR) == product
    assert book_id(MARKET, product) == book
