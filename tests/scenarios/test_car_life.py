"""One car and its insurance do everything that the document asks for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tallystick.base.signatures import public_key
from tallystick.client.ledger import TransactionRejected
from tallystick.compose import open_ledger
from tallystick.contracts.title.commands import Transfer
from tallystick.contracts.title.model import Standing, title_id
from tallystick.scenarios.car_life import (
    listed,
    live,
    owner,
    shown,
    wait_until_free,
    wait_until_owned,
)
from tallystick.scenarios.car_parties import (
    CAR,
    INSURANCE,
    Parties,
    confirm,
    insure,
    rebind,
    register_cars,
)
from tallystick.scenarios.car_street import Street, opened

PARTIES = Parties()
NAMES = [f"C-{n:02}" for n in range(9)]
"""More than go into one joint change with their policies."""


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """Open two ledgers for all tests of this file."""
    folder: Path = tmp_path_factory.mktemp("street")
    with opened(folder, PARTIES, open_ledger) as street:
        yield street


def test_every_action_is_played(street: Street) -> None:
    """Each is told, and what is claimed of them holds."""
    life = live(*street.ledgers, PARTIES)
    assert {True} == set(life.proved.values())
    assert [
        "Create car",
        "Create insurance",
        "Sell or delete a held car",
        "Change owner of both",
        "Confirm",
        "Sell the car alone, confirm",
        "Sell it back, confirm",
        "Change the insured car",
        "Delete cars and insurance",
    ] == [action for action, _, _ in life.actions]
    assert ["unproven", "in-force", "lapsed", "in-force", "in-force"] == [
        said.removeprefix("insurance ") for _, _, said in life.actions[3:8]
    ]


def test_many_are_insured_at_once(street: Street) -> None:
    """Each by a policy of its own name, and all cars are free afterwards."""
    cars, policies = street.ledgers
    register_cars(cars, PARTIES, PARTIES.dealer, NAMES)
    insure(cars, policies, PARTIES, PARTIES.dealer, NAMES)
    wait_until_free(cars, CAR, NAMES)
    assert NAMES == listed(policies, INSURANCE)
    assert set(NAMES) <= set(listed(cars, CAR))
    for name in NAMES:
        policy = shown(policies, INSURANCE, name)
        assert policy.depends_on is not None
        assert (Standing.IN_FORCE, title_id(CAR, name)) == (
            policy.standing,
            policy.depends_on.title,
        )


def test_news_reach_an_insurance(street: Street) -> None:
    """Who insures a car that is not his is refused; whose car left is lapsed."""
    cars, policies = street.ledgers
    register_cars(cars, PARTIES, PARTIES.alice, ["A-1"])
    insure(cars, policies, PARTIES, PARTIES.alice, ["A-1"])
    with pytest.raises(TransactionRejected):
        rebind(cars, policies, PARTIES, PARTIES.bob, policy="A-1", car="A-1")
    wait_until_free(cars, CAR, ["A-1"])
    wait_until_owned(cars, policies, "A-1")
    cars.send(Transfer(title_id(CAR, "A-1"), public_key(PARTIES.bob)), [PARTIES.alice])
    assert public_key(PARTIES.bob) == owner(cars, CAR, "A-1")
    confirm(cars, policies, PARTIES.dealer, [("A-1", "A-1")])
    assert Standing.LAPSED is shown(policies, INSURANCE, "A-1").standing
