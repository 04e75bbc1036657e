"""The house pledges the day before whatever sun there may be, and shares what there was."""

from tallystick.contracts.certificate.commands import Pledge
from tallystick.contracts.sharing.commands import Share
from tallystick.contracts.sharing.model import lock_id_of
from tallystick.scenarios.community_house import (
    DEPOSIT,
    pledges,
    production_at,
    shared_quarters,
    shares,
    sunny_quarters,
)
from tallystick.scenarios.community_rules import SHARING_DELAY_SECONDS
from tests.scenarios.lane import SMALL, played

HOUSE = SMALL.cast.house


def test_everybody_is_member_and_owner() -> None:
    """The flats' fixed shares are those of the income, and the deposits were taken back."""
    here = played()
    flats = [here.week.company.account(flat).public for flat in HOUSE.flats]
    ppm = [10_000 * share for share in HOUSE.shares]
    view = here.agreement
    assert list(zip(flats, ppm, strict=True)) == [
        (each.account, each.share_ppm) for each in view.terms.members
    ]
    assert list(zip(flats, ppm, strict=True)) == [
        (each.account, each.share_ppm) for each in view.terms.incomes
    ]
    assert SHARING_DELAY_SECONDS == view.terms.delay
    assert all(paid < DEPOSIT for paid in here.found.roof.paid)


def test_each_meter_pledges_from_sunrise_to_sunset() -> None:
    """The roof and each flat pledge the same quarter hours, each under its own key."""
    week = played().week
    quarters = sunny_quarters(week.lane, 0)
    found = list(pledges(week.lane, week.seen, 0))
    assert 1 + len(HOUSE.flats) == len(found)
    for meter, (commands, keys) in zip((HOUSE.roof, *HOUSE.flats), found, strict=True):
        pledged = [each for each in commands if isinstance(each, Pledge)]
        assert [week.lane.begin(each) for each in quarters] == [each.begin for each in pledged]
        owners = [week.company.meter(meter, each).public for each in quarters]
        assert owners == [each.owner for each in pledged] == [key.public for key in keys]
        assert {lock_id_of(week.seen.agreement)} == {each.lock_id for each in pledged}


def test_what_was_made_is_shared_once() -> None:
    """There is one act for each quarter hour with production, and each names every flat."""
    week = played().week
    made = shared_quarters(week.lane, 0)
    found = [each for each in shares(week.lane, week.seen, 0) if isinstance(each, Share)]
    assert set(made) <= set(sunny_quarters(week.lane, 0))
    assert [production_at(week.lane, each) for each in made] == [each.production for each in found]
    assert {len(HOUSE.flats)} == {len(set(each.consumptions)) for each in found}
