"""Who plays: eight units of two zones, and nobody's key twice."""

from tallystick.base.encoding import decode
from tallystick.contracts.identity.model import IdentityParameters, Role
from tallystick.scenarios.allowances_cast import PLANTS, TRADER, ZONES, Cast


def test_eight_units_in_two_zones() -> None:
    """Four each; one company has a unit in both, under other keys."""
    assert [4, 4] == [sum(plant.zone == zone for plant in PLANTS) for zone in ZONES]
    companies = [{plant.company for plant in PLANTS if plant.zone == zone} for zone in ZONES]
    assert {"Birkmoor Energy"} == companies[0] & companies[1]


def test_every_key_is_a_key_of_its_own() -> None:
    """Of accounts, meters and offices, in both zones together."""
    keys = []
    for cast in map(Cast, ZONES):
        keys += [each.public for each in cast.offices.values()]
        for member in cast.members:
            keys += [each.public for each in (member.account, member.stack, member.generator)]
    assert len(set(keys)) == len(keys) == 2 * (7 + 3 * 5)


def test_the_genesis_names_the_zone_s_officials() -> None:
    """Director and operator hold their roles in this zone only, and are two."""
    cast = Cast("north")
    assert TRADER == cast.member(TRADER).company
    assert 5 == len(cast.names())
    genesis = cast.genesis(time=1_700_000_000)
    parameters = decode(genesis.sections[0].parameters, IdentityParameters)
    roles = {each.role: each for each in parameters.authorities}
    director, operator = roles[Role.DIRECTOR], roles[Role.REGISTRY_OPERATOR]
    assert ("north", "north") == (director.scope, operator.scope)
    assert director.key != operator.key
    contracts = [section.contract for section in genesis.sections]
    assert {"asset", "market", "allowance"} < set(contracts)
