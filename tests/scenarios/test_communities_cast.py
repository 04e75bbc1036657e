"""Everybody has a key, and both ledgers know who may do what."""

from tallystick.base.encoding import decode
from tallystick.contracts.governance.model import GovernanceParameters, problem_with
from tallystick.contracts.market.model import MarketParameters
from tallystick.scenarios.communities_cast import (
    FEE_PPM,
    HOMES,
    MEMBERS,
    OAKFIELD,
    ROOFS,
    SUN_HOURS,
    Cast,
    home_wh,
    levies_of,
    roof_wh,
)

CAST = Cast(time=1)


def test_everybody_has_a_key_of_his_own() -> None:
    """And no key shows its secret."""
    keys = [CAST.member(name) for name in MEMBERS]
    keys += [CAST.office(OAKFIELD, name) for name in ("clerk", "mint", "treasury")]
    assert len(keys) == len({each.public for each in keys})
    assert all(each.secret.hex() not in repr(each) for each in keys)
    assert Cast(time=1).member("Elm") != CAST.member("Elm")


def test_oakfield_governs_itself_and_millbrook_trades() -> None:
    """The fee is there from the first block on, and can be changed."""
    sections = {each.contract: each.parameters for each in CAST.oakfield.sections}
    treasury = CAST.office(OAKFIELD, "treasury").public
    assert levies_of(FEE_PPM, treasury) == decode(sections["market"], MarketParameters).levies
    governed = decode(sections["governance"], GovernanceParameters)
    assert (OAKFIELD, "") == (governed.body, problem_with(governed))
    assert "exchange" in {each.contract for each in CAST.millbrook.sections}


def test_roofs_make_more_than_homes_want() -> None:
    """So that there is a surplus each day, most of it made at noon."""
    for day in range(8):
        made = sum(roof_wh(roof, day, hour) for roof in ROOFS for hour in SUN_HOURS)
        assert made > sum(home_wh(home, day) for home in HOMES)
        assert roof_wh("Ash", day, 13) == max(roof_wh("Ash", day, hour) for hour in SUN_HOURS)
        assert min(roof_wh("Ash", day, hour) for hour in SUN_HOURS) > 0
