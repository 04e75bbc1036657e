"""What a purchase must say, and what prices are in tokens."""

from fractions import Fraction
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.contracts.benefit.model import PRICE_MAX, RATE_MAX, Rate
from tallystick.contracts.benefit.terms import describe, in_order, tokens_for
from tests.contracts.benefit.cases import ANNA, BEN, LISTED, cast, quote

prices = st.integers(1, PRICE_MAX)
rates = st.builds(Rate, st.integers(1, RATE_MAX), st.integers(1, RATE_MAX))


@given(prices, rates)
def test_tokens_are_rounded_up_once(price: int, rate: Rate) -> None:
    """As exact fractions say; never nothing, which would stand for everything."""
    tokens = tokens_for(price, rate)
    assert ceil(price * Fraction(rate.tokens, rate.units)) == tokens
    assert 1 <= tokens <= AMOUNT_MAX


def test_parts_are_in_their_order() -> None:
    """Whatever the order in which they are given."""
    trial = cast()
    parts = quote(trial, LISTED, BEN)
    assert 3 == len(parts)
    assert parts == in_order(parts[::-1])
    assert parts == tuple(
        sorted(parts, key=lambda each: (each.ledger, each.contract, each.holding))
    )


def test_payments_are_told_in_tokens() -> None:
    """So that whoever is refused sees what was expected."""
    parts = [each for each in quote(cast(), LISTED, ANNA) if each.contract == "asset"]
    assert f"60 tokens of holding {parts[0].holding.hex()[:8]}…" == describe(parts)
