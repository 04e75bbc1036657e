"""A day in Oakfield: readings become tokens, which are sold, charged and handed on."""

from pathlib import Path

from tallystick.scenarios.communities_cast import (
    FEE_PPM,
    HOMES,
    ONE_PPM,
    ROOFS,
    SUN_HOURS,
    home_wh,
    roof_wh,
)
from tallystick.scenarios.communities_terms import ASK
from tests.scenarios.oakfield import communities


def test_a_day_is_traded_charged_and_handed_on(tmp_path: Path) -> None:
    """Homes get what they wanted at the roofs' price, and the treasury the rest and the fee."""
    with communities(tmp_path) as (days, _):
        days.found()
        days.play(0)
        desk, treasury = days.desk, days.desk.office("treasury")
        made = sum(roof_wh(roof, 0, hour) for roof in ROOFS for hour in SUN_HOURS)
        assert made == desk.minted[days.energy]
        (session,) = days.sessions
        wanted = {home: home_wh(home, 0) for home in HOMES}
        got = {home: desk.spendable(days.energy, desk.cast.member(home)) for home in HOMES}
        assert session.traded_wh == sum(got.values())
        assert all(got[home] <= wanted[home] for home in HOMES)
        assert got["Elm"] == wanted["Elm"]
        assert 0 < desk.spendable(days.energy, treasury) <= made - session.traded_wh
        assert 0 == desk.spendable(desk.money, treasury)
        days.close()
        fees = {owner: value * FEE_PPM // ONE_PPM for owner, value in session.value.items()}
        assert fees == session.charged
        assert sum(fees.values()) == desk.spendable(desk.money, treasury)
        assert ASK * session.traded_wh == sum(session.value.values())
        assert FEE_PPM == session.rate_ppm


def test_readings_come_in_until_a_height(tmp_path: Path) -> None:
    """And not one more."""
    with communities(tmp_path) as (days, _):
        days.found()
        height = days.desk.height + 5
        days.wait_for(height, 0)
        assert height == days.desk.height
        days.wait_for(height - 1, 0)
        assert height == days.desk.height
