"""How a purchase goes, step by step, on real ledgers."""

from pathlib import Path

from tallystick.contracts.benefit.model import BenefitState
from tallystick.contracts.exchange.model import Outcome
from tallystick.scenarios.loyalty_buying import Buying, balance, benefit_view, buy_of, owner_of
from tests.scenarios.test_loyalty_founding import house_in


def test_a_purchase_elsewhere(tmp_path: Path) -> None:
    """The first has it and pays, the second is told; nobody's tokens are left locked."""
    with house_in(tmp_path) as house:
        buying = Buying(house)
        buyer, rival = house.cast.companies[1].people[0], house.cast.companies[2].people[0]
        people = {each.key: each for each in house.cast.people}
        benefit = house.benefits["northwind"][0]
        before = balance(house, buyer), balance(house, rival)
        assert owner_of(people, house.shared, benefit) is None
        won, lost = buying.reserve([(buyer, benefit), (rival, benefit)])
        assert (True, False, True) == (won.is_reserved, lost.is_reserved, lost.is_told_who)
        assert not won.is_told_who
        assert BenefitState.RESERVED is benefit_view(house.shared, benefit).state
        (ended,) = buying.settle([won, lost])
        assert Outcome.COMMITTED is ended.outcome
        assert buyer == owner_of(people, house.shared, benefit)
        assert (before[0][0] - won.price_tokens, 0) == balance(house, buyer)
        assert before[1] == balance(house, rival)


def test_begun_and_settled_by_another(tmp_path: Path) -> None:
    """The tokens are held in between; whoever comes next goes on from there."""
    with house_in(tmp_path) as house:
        buying, buyer = Buying(house), house.cast.companies[0].people[0]
        benefit = house.benefits["northwind"][0]
        (won,) = buying.reserve([(buyer, benefit)])
        buying.begin(won)
        assert won.price_tokens == balance(house, buyer)[1]
        assert won.change.parts[buy_of(won.change, buyer).part].holding == benefit
        (ended,) = Buying(house).settle([won])
        assert (Outcome.COMMITTED, 0) == (ended.outcome, balance(house, buyer)[1])
        assert buying.buy(house.cast.companies[0].people[1], house.benefits["solaris"][0])
