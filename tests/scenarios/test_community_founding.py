"""The lane begins with money for everybody, a funded balancing account and a device per roof."""

from tallystick.scenarios.community_founding import (
    BALANCING_FUNDS,
    FLAT_FUNDS,
    MEMBER_FUNDS,
    devices_by_name,
)
from tests.scenarios.lane import SMALL, played


def test_money_is_minted_once() -> None:
    """The supply is what everybody got, and stays so."""
    cast = SMALL.cast
    members = len(cast.donors) + len(cast.receivers)
    granted = members * MEMBER_FUNDS + len(cast.house.flats) * FLAT_FUNDS
    granted += BALANCING_FUNDS
    assert [(granted, 0)] == [
        (row["minted"], row["burned"]) for row in played().rows["asset_supplies"]
    ]


def test_each_roof_is_a_device() -> None:
    """Every donor has one, and no two are the same."""
    week = played().week
    devices = devices_by_name(week.company, week.seen)
    assert {donor.name for donor in SMALL.cast.donors} == set(devices)
    assert len(devices) == len(set(devices.values()))
