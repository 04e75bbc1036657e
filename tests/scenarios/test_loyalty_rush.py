"""A day at the market, and rushes on one benefit."""

import random
from pathlib import Path

from tallystick.contracts.benefit.model import BenefitState
from tallystick.scenarios.loyalty_buying import Buying, benefit_view
from tallystick.scenarios.loyalty_rush import market_day, rush_often
from tests.scenarios.test_loyalty_founding import house_in


def test_each_rush_has_one_winner(tmp_path: Path) -> None:
    """Who then lists it again; everybody else is told, and has what they had."""
    with house_in(tmp_path, employees=12) as house:
        buying, benefit = Buying(house), house.benefits["northwind"][0]
        steps: list[float] = []
        rushes = rush_often(buying, benefit, random.Random(3), times=4, advance=steps.append)
        assert 4 == rushes.played == rushes.one_winner == sum(rushes.wins.values()) == sum(steps)
        # The first time all twelve want it, afterwards all but who has it.
        assert 12 + 3 * 11 == rushes.attempts
        assert rushes.losers == rushes.told == rushes.unharmed == rushes.attempts - 4
        assert rushes.across <= 3
        assert BenefitState.LISTED is benefit_view(house.shared, benefit).state


def test_a_day_serves_or_tells_everybody(tmp_path: Path) -> None:
    """Of those who want the same thing one gets it; what the rushes are about is left alone."""
    with house_in(tmp_path, employees=12) as house:
        day = market_day(Buying(house), random.Random(3), each=2)
        assert 24 == day.wanted == day.bought + day.refused
        assert 0 < day.bought <= 9
        first = house.benefits["northwind"][0]
        assert BenefitState.OFFERED is benefit_view(house.shared, first).state
