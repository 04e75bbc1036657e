"""Keys are fresh in every story, and meters count what the model says."""

from tallystick.scenarios.market_cast import (
    BATTERY_OFFER_WH,
    HOME_SHARE_WH,
    HOMES,
    PEOPLE,
    ROOFS,
    Cast,
    battery_wh,
    home_wh,
    roof_wh,
)

DAYS = range(31)


def test_everybody_has_keys_of_their_own() -> None:
    """Account, controller and each hour's meter differ, and another story has others."""
    cast = Cast(time=0)
    keys = {cast.account(name).public for name in PEOPLE}
    keys |= {cast.controller(name).public for name in PEOPLE}
    keys |= {cast.meter(name, hour).public for name in PEOPLE for hour in (0, 3_600)}
    assert 4 * len(PEOPLE) == len(keys)
    assert cast.account("Home 1") == cast.account("Home 1")
    assert Cast(time=0).account("Home 1") != cast.account("Home 1")
    assert cast.account("Home 1").secret.hex() not in repr(cast.account("Home 1"))


def test_the_model_is_what_the_story_needs() -> None:
    """Roofs always make something; homes use now more, now less than they bought."""
    assert all(roof_wh(roof, day) > 0 for roof in ROOFS for day in DAYS)
    used = [home_wh(home, day) for home in HOMES for day in DAYS]
    assert min(used) < HOME_SHARE_WH < max(used)
    assert len(HOMES) * HOME_SHARE_WH < BATTERY_OFFER_WH
    given = [battery_wh(day, weak_day=4) for day in DAYS]
    assert given[4] < len(HOMES) * HOME_SHARE_WH < given[5]
