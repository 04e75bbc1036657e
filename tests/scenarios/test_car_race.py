"""Offices race, die and are followed; and what they were told is what the ledgers said."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tallystick.base.signatures import public_key
from tallystick.compose import open_ledger
from tallystick.scenarios.car_life import owner, wait_until_free
from tallystick.scenarios.car_office import Verdict
from tallystick.scenarios.car_parties import (
    CAR,
    INSURANCE,
    Parties,
    insure,
    register_cars,
)
from tallystick.scenarios.car_race import Plan, Race, Round, Sequel
from tallystick.scenarios.car_street import Street, opened

PARTIES = Parties()
HONEST = 0
FIRST_MESSAGE, AFTER_IT, ON_THE_WAY = 1, 2, 12


class Dice:
    """Throws what it is told to."""

    def __init__(self, sparks: Sequence[int], sequel: Sequel) -> None:
        self._sparks = list(sparks)
        self._sequel = sequel

    def randint(self, low: int, high: int) -> int:
        """Return the next number of sparks."""
        assert low < high
        return self._sparks.pop(0)

    def choice(self, sequels: Sequence[Sequel]) -> Sequel:
        """Return what becomes of whoever was killed."""
        assert set(Sequel) == set(sequels)
        return self._sequel


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """Open two ledgers for all tests of this file."""
    folder: Path = tmp_path_factory.mktemp("street")
    with opened(folder, PARTIES, open_ledger) as street:
        yield street


@pytest.mark.parametrize(
    ("name", "sparks", "sequel", "killed", "is_sold"),
    [
        ("R-1", [HONEST, HONEST], Sequel.GONE, 0, True),
        ("R-2", [FIRST_MESSAGE, HONEST], Sequel.RETURNS, 1, True),
        ("R-3", [HONEST, ON_THE_WAY], Sequel.TWICE, 1, True),
        ("R-4", [FIRST_MESSAGE, AFTER_IT], Sequel.GONE, 2, False),
    ],
)
def test_one_car_and_two_offices(
    street: Street,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    sparks: list[int],
    sequel: Sequel,
    *,
    killed: int,
    is_sold: bool,
) -> None:
    """Car and insurance go to one of the buyers, whoever of the offices dies."""
    monkeypatch.setattr(random, "SystemRandom", lambda: Dice(sparks, sequel))
    cars, policies = street.ledgers
    register_cars(cars, PARTIES, PARTIES.dealer, [name])
    insure(cars, policies, PARTIES, PARTIES.dealer, [name])
    wait_until_free(cars, CAR, [name])
    race = Race(street.context, tmp_path, street.addresses, PARTIES, street.ledgers)
    (told,) = race.run([name], Plan(lasting=5_000), lambda _: None)
    assert Round(name, [sequel] * killed, told.verdicts) == told
    wait_until_free(cars, CAR, [name])
    wait_until_free(policies, INSURANCE, [name])
    owners = {owner(cars, CAR, name), owner(policies, INSURANCE, name)}
    assert 1 == len(owners)
    assert is_sold == (owners <= set(map(public_key, PARTIES.buyers)))
    assert (2 - killed) == len(told.verdicts)
    assert not {Verdict.UNTOLD, Verdict.LATE} & set(told.verdicts)
