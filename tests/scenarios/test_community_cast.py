"""Everybody in the lane has keys of their own, and the meters are what the story says."""

from tallystick.base.signatures import public_key
from tallystick.scenarios.community_cast import CAST, Office
from tallystick.scenarios.village_data import MeterKind, Village
from tests.scenarios.lane import SMALL, company_of


def test_meters_are_roofs_and_homes(village: Village) -> None:
    """Donors and the house have roofs, all others have loads, and nobody is there twice."""
    roofs = [*(each.meter for each in CAST.donors), CAST.house.roof]
    homes = [*(each.meter for each in CAST.receivers), *CAST.house.flats]
    technologies = [village.meters[roof].technology for roof in roofs]
    assert all(technology and technology.is_roof for technology in technologies)
    assert {MeterKind.LOAD} == {village.meters[home].kind for home in homes}
    assert len(set(CAST.meters)) == len(CAST.meters)
    assert 100 == sum(CAST.house.shares)


def test_keys_are_different() -> None:
    """No two accounts, controllers, offices or intervals share a key, and secrets fit."""
    company = company_of(SMALL)
    meters = SMALL.cast.meters
    keys = [company.office(each) for each in Office]
    keys += [company.account(meter) for meter in meters]
    keys += [company.controller(meter) for meter in meters]
    keys += [company.meter(meter, quarter) for meter in meters for quarter in (0, 1)]
    assert len(keys) == len({key.public for key in keys})
    assert [key.public for key in keys] == [public_key(key.secret) for key in keys]


def test_the_genesis_names_the_contracts() -> None:
    """Money, devices, the market and the shared roof's key are in force, whoever founds it."""
    contracts = [section.contract for section in company_of(SMALL).genesis.sections]
    usual = ["identity", "measurement", "certificate"]
    assert [*usual, "asset", "device", "market", "sharing"] == contracts
