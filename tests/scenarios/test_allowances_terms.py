"""What is stated beforehand fits together."""

from datetime import date

from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.model import Counterparty, Trading, price_of
from tallystick.scenarios.allowances_cast import Key
from tallystick.scenarios.allowances_model import second_of
from tallystick.scenarios.allowances_terms import deadline_of, future_rules, spot_rules, terms

MONEY = RecordId(bytes(32))


def test_periods_end_before_their_deadlines() -> None:
    """Each is a year, with three months to settle, and they follow each other."""
    stated = terms("north", money=MONEY, collector=Key().public)
    first, second = stated.periods
    assert first.end == second.begin == second_of(date(2025, 1, 1))
    assert second_of(deadline_of(0)) == first.deadline == second_of(date(2025, 4, 1))
    assert ("north",) == stated.zones
    assert 0 == stated.banking_ppm


def test_both_markets_know_no_partners() -> None:
    """They are auctions against the clearing account; only futures are sold against a deposit."""
    spot, futures = (rules(MONEY, Key().public) for rules in (spot_rules, future_rules))
    for rules in (spot, futures):
        assert (Trading.CALL, Counterparty.CENTRAL) == (rules.trading, rules.counterparty)
        assert (5_000, 54_900) == (price_of(rules, 0), price_of(rules, rules.levels - 1))
    assert (0, 10_000) == (spot.collateral, futures.collateral)
