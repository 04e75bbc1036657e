"""A shared roof's production and income reach the flats, all of it."""

from tallystick.scenarios.community_rules import FEED_IN_PRICE, SHARED_PRICE
from tests.scenarios.lane import SMALL, played


def test_production_is_divided() -> None:
    """Nobody gets more than they used, and all together no more than was made."""
    shared = played().week.log.shared
    assert 0 < sum(shared.got_wh) <= shared.made_wh
    assert all(got <= used for got, used in zip(shared.got_wh, shared.used_wh, strict=True))


def test_income_is_paid_out() -> None:
    """Everything that flats and the grid operator paid goes to the owners, by their shares."""
    shared = played().week.log.shared
    assert [SHARED_PRICE * got for got in shared.got_wh] == shared.paid
    assert FEED_IN_PRICE * (shared.made_wh - sum(shared.got_wh)) == shared.feed_in
    income = sum(shared.paid) + shared.feed_in
    assert income == sum(shared.income)
    for share, amount in zip(SMALL.cast.house.shares, shared.income, strict=True):
        assert abs(100 * amount - share * income) < 100
