"""What becomes of single benefits, and of buyers who do not pay."""

import random
from pathlib import Path

from tallystick.contracts.benefit.commands import Redeem
from tallystick.contracts.benefit.errors import BenefitIsNotOwned, OwnerHasNotSigned
from tallystick.contracts.benefit.model import BenefitState
from tallystick.scenarios.loyalty_buying import Buying
from tallystick.scenarios.loyalty_life import all_benefits, is_refused, live, on_offer, owned
from tallystick.scenarios.loyalty_rush import market_day
from tests.scenarios.test_loyalty_founding import house_in


def test_each_life_ends_as_it_should(tmp_path: Path) -> None:
    """Resold, swapped, used; nothing changed by who had no tokens, vanished or was stopped."""
    with house_in(tmp_path, employees=12, benefits=40) as house:
        buying = Buying(house)
        market_day(buying, random.Random(5), each=2)
        life = live(buying)
        assert life.resale.is_right
        assert life.resale.seller.partition("-")[0] != life.resale.buyer.partition("-")[0]
        assert all((life.swapped, life.redeemed, life.short_is_refused))
        assert all((life.vanished_blocks_nothing, life.interrupted_ends))
        states = [each.state for each in all_benefits(house)]
        assert 40 == len(states)
        assert 1 == states.count(BenefitState.REDEEMED)
        assert 0 == states.count(BenefitState.RESERVED)
        person, benefit = next(owned(house))
        stranger = house.cast.stranger
        assert is_refused(house.shared, Redeem(benefit), stranger, OwnerHasNotSigned)
        assert not is_refused(house.shared, Redeem(benefit), stranger, BenefitIsNotOwned)
        assert not is_refused(house.shared, Redeem(benefit), person.secret, OwnerHasNotSigned)
        offered = on_offer(house)
        assert offered in {
            each.benefit for each in all_benefits(house) if each.state is BenefitState.OFFERED
        }
