"""Terms that the ledger takes, and the times and prices in them."""

from tallystick.base.encoding import decode
from tallystick.base.identifiers import Hash, RecordId
from tallystick.contracts.market.model import MarketParameters
from tallystick.scenarios.communities_cast import NEW_FEE_PPM, Cast
from tallystick.scenarios.communities_terms import (
    ASK,
    BID,
    DAY_SECONDS,
    ballot_terms,
    fee_change,
    level_of,
    market_rules,
    price_of,
    question,
    resolution,
    second_of,
)

TREASURY = Cast(time=1).member("Ash").public


def test_days_begin_at_local_midnight() -> None:
    """And hours within them."""
    assert DAY_SECONDS == second_of(1) - second_of(0)
    assert 19 * 3_600 == second_of(2, 19) - second_of(2)


def test_prices_are_levels() -> None:
    """What is asked and bid is a price that the market knows."""
    for price in (ASK, BID):
        assert price == price_of(level_of(price))


def test_a_market_bills_the_day_after() -> None:
    """It charges nothing of its own: what is levied is the community's."""
    rules = market_rules(RecordId(bytes(32)), 3)
    assert (second_of(4), second_of(5)) == rules.periods
    assert () == rules.charges


def test_a_resolution_says_what_and_until_when() -> None:
    """A week is enough to vote, to enact and to apply."""
    change = fee_change(NEW_FEE_PPM, TREASURY)
    what = resolution("Fee", (change,), height=7, day=1)
    assert (7, (change,)) == (what.height, what.changes)
    assert second_of(8) * 1_000 == what.expiry
    (levy,) = decode(change.parameters, MarketParameters).levies
    assert (NEW_FEE_PPM, TREASURY) == (levy.rate, levy.payee)


def test_a_question_needs_more_than_half_of_all() -> None:
    """It has one motion, and names what it decides."""
    asked = question("Shall we?", Hash(bytes(32)))
    terms = ballot_terms((asked,), begin=1, end=2)
    assert (1, Hash(bytes(32))) == (asked.motions, asked.document)
    assert (asked,) == terms.questions
