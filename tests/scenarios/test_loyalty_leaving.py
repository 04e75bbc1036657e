"""Those who leave take down what they offered, and a month nets to zero."""

import random
from pathlib import Path

from tallystick.contracts.benefit.model import BenefitState
from tallystick.scenarios.loyalty import MONTH, MONTH_END
from tallystick.scenarios.loyalty_buying import Buying
from tallystick.scenarios.loyalty_leaving import leave
from tallystick.scenarios.loyalty_life import all_benefits
from tallystick.scenarios.loyalty_rush import market_day
from tests.scenarios.test_loyalty_founding import house_in


def test_leaving(tmp_path: Path) -> None:
    """An employee, then a company; its benefits are good until the date."""
    with house_in(tmp_path, employees=12, benefits=30) as house:
        buying = Buying(house)
        market_day(buying, random.Random(5), each=2)
        before = [each.state for each in all_benefits(house) if each.company == "tidewater"]
        end = int(MONTH_END.timestamp()) * 1_000
        left = leave(buying, month=MONTH, month_end=end)
        assert "tidewater" == left.company
        assert before.count(BenefitState.OFFERED) == left.offers_fallen
        assert 1 == left.events
        assert all((left.listing_fell, left.handed_on, left.nothing_offered, left.netted_once))
        assert all((left.redeemed_in_time, left.refused_later))
        assert 0 == sum(each.net for each in left.positions)
        assert 3 == len(left.positions)
