"""The market's rules fit the story, and guesses are wrong by as much as they may be."""

from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.market.model import price_of
from tallystick.scenarios.community_cast import CAST
from tallystick.scenarios.community_rules import (
    DAY_AHEAD_ERROR,
    FEED_IN_PRICE,
    PRICE_MAX,
    Payees,
    guess,
    level_of,
    market_rules,
)

KEY = PublicKey(bytes(33))
RULES = market_rules(RecordId(bytes(32)), Payees(KEY, KEY, KEY, KEY), begin=0, end=1)


def test_limits_are_levels_of_the_market() -> None:
    """Everybody's limit is a price of the market, and no donor sells below what is paid outside."""
    members = (*CAST.donors, *CAST.receivers)
    assert [each.limit for each in members] == [
        price_of(RULES, level_of(each.limit)) for each in members
    ]
    assert all(donor.limit >= FEED_IN_PRICE for donor in CAST.donors)
    assert PRICE_MAX == price_of(RULES, RULES.levels - 1)


@given(st.integers(0, 10**6), st.integers(0, 200), st.integers(0, 2_000))
def test_guesses_are_bounded(amount_wh: int, meter: int, quarter: int) -> None:
    """A guess is never off by more than is said, and always the same."""
    guessed = guess(amount_wh, meter, quarter, error=DAY_AHEAD_ERROR)
    assert abs(100 * guessed - 100 * amount_wh) <= DAY_AHEAD_ERROR * amount_wh + 100
    assert guessed == guess(amount_wh, meter, quarter, error=DAY_AHEAD_ERROR)
