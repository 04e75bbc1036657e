"""The house enrols the day before for whatever sun there may be, and shares what there was."""

from tallystick.contracts.sharing.commands import Enrol, EnrolProduction, Share
from tallystick.scenarios.community_house import (
    DEPOSIT,
    enrolments,
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


def test_each_meter_is_enrolled_from_sunrise_to_sunset() -> None:
    """By its flat, and the roof by the first of its owners, each interval under its own key."""
    week = played().week
    quarters = sunny_quarters(week.lane, 0)
    found = list(enrolments(week.lane, week.seen, 0))
    assert 1 + len(HOUSE.flats) == len(found)
    meters = (HOUSE.roof, *HOUSE.flats)
    for meter, ((command,), (account, *keys)) in zip(meters, found, strict=True):
        flat = HOUSE.flats[0] if meter == HOUSE.roof else meter
        assert week.company.account(flat).public == account.public
        assert isinstance(command, EnrolProduction if meter == HOUSE.roof else Enrol)
        assert week.seen.agreement == command.key
        owners = [week.company.meter(meter, each).public for each in quarters]
        assert owners == [each.owner for each in command.meters] == [key.public for key in keys]
        assert [week.lane.begin(each) for each in quarters] == [
            each.begin for each in command.meters
        ]


def test_what_was_made_is_shared_once() -> None:
    """There is one act for each quarter hour with production, and nothing in it to choose."""
    week = played().week
    made = shared_quarters(week.lane, 0)
    found = shares(week.lane, week.seen, 0)
    assert set(made) <= set(sunny_quarters(week.lane, 0))
    assert [Share(week.seen.agreement, week.lane.begin(each)) for each in made] == found
