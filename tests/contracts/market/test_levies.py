"""What a ledger levies in all its markets, as it is when they are opened."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import encode
from tallystick.contracts.market.commands import Open
from tallystick.contracts.market.errors_orders import RulesContradict
from tallystick.contracts.market.model import (
    CHARGES_MAX,
    LEVIES_MAX,
    Basis,
    Charge,
    MarketParameters,
)
from tallystick.core.genesis import parameters_id
from tallystick.core.release import ParametersPlan, Setting
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market.house import (
    MARKET_NAME,
    OPERATOR,
    House,
    attempt,
    energy_rules,
    holding_rules,
    open_house,
    open_market,
    rules_of,
)

OWN = Charge("platform", Basis.VALUE, 10_000, key(1))
FEE = Charge("community", Basis.VALUE, 25_000, key(2))
GRID = Charge("dso", Basis.ENERGY, 3, key(3))


def levied(*levies: Charge) -> House:
    """Return a house in which something is levied from the next block on."""
    house = open_house()
    trial = house.trial
    trial.close_block()
    planned = Setting(trial.candidate.height + 1, "market", encode(MarketParameters(levies)))
    trial.plant(parameters_id("market"), ParametersPlan((planned,)))
    trial.close_block()
    return house


@pytest.mark.parametrize(
    ("levies", "energy", "holdings"),
    [
        ((), (OWN,), (OWN,)),
        ((FEE,), (OWN, FEE), (OWN, FEE)),
        ((GRID, FEE), (OWN, GRID, FEE), (OWN, FEE)),
        ((GRID,), (OWN, GRID), (OWN,)),
    ],
)
def test_levies_follow_a_markets_own_charges(
    levies: tuple[Charge, ...], energy: tuple[Charge, ...], holdings: tuple[Charge, ...]
) -> None:
    """Those by energy only where energy is traded."""
    house = levied(*levies)
    for rules, expected in ((energy_rules, energy), (holding_rules, holdings)):
        id = open_market(house, rules(house, charges=(OWN,)))
        assert expected == rules_of(house, id).charges


def test_a_market_keeps_what_it_was_opened_with() -> None:
    """A later vote makes nobody's order dearer."""
    house = open_house()
    id = open_market(house, energy_rules(house, charges=(OWN,)))
    trial = house.trial
    trial.close_block()
    planned = Setting(trial.candidate.height + 1, "market", encode(MarketParameters((FEE,))))
    trial.plant(parameters_id("market"), ParametersPlan((planned,)))
    trial.close_block()
    assert (OWN,) == rules_of(house, id).charges
    later = open_market(house, energy_rules(house, charges=(OWN,)))
    assert (OWN, FEE) == rules_of(house, later).charges


@pytest.mark.parametrize(
    ("own", "verdict"),
    [(CHARGES_MAX - LEVIES_MAX, accepted), (CHARGES_MAX - LEVIES_MAX + 1, RulesContradict)],
)
def test_charges_are_bounded_with_levies(own: int, verdict: Verdict) -> None:
    """Half of them may be a market's own, whatever is levied."""
    house = levied(*(replace(FEE, name=f"levy {n}") for n in range(LEVIES_MAX)))
    rules = energy_rules(house, charges=(OWN,) * own)
    assert verdict == attempt(house, Open(MARKET_NAME, rules), OPERATOR)
