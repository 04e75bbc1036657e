"""
Who plays in the allowances: two zones, four units in each, their companies, and the administration.

Companies and their units are invented. Each account, meter and office has a key of its own; only a
demonstration holds them all in one hand.
"""

import os
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from tallystick.base.identifiers import PublicKey
from tallystick.base.signatures import public_key
from tallystick.client.genesis import usual_genesis
from tallystick.contracts.allowance.model import SALT_BYTES, AllowanceParameters, Facts
from tallystick.contracts.asset.model import AssetParameters
from tallystick.contracts.device.model import DeviceParameters
from tallystick.contracts.identity.model import EVERYWHERE, Founder, Role
from tallystick.contracts.market.model import MarketParameters
from tallystick.core.genesis import Genesis

from .allowances_model import HOUR_SECONDS

NORTH: Final = "north"
SOUTH: Final = "south"
ZONES: Final = (NORTH, SOUTH)
YEARS: Final = (2024, 2025)
DEMAND_PPM: Final = (1_030_000, 980_000)
"""How much of the usual output is wanted in each year. [ppm]"""
TRADER: Final = "Harrow Trading"
"""It has no unit, and an account for trading in each zone."""


class Key:
    """A key pair, drawn afresh."""

    def __init__(self) -> None:
        self.secret = os.urandom(32)
        self.public: PublicKey = public_key(self.secret)


class Office(IntEnum):
    """Who holds a role, or is paid, in a zone."""

    REGISTRAR = 0
    """Enrols keys; this story needs nobody else."""
    ADMINISTRATION = 1
    """Publishes measurements."""
    DIRECTOR = 2
    """Decides applications, sets baselines, allocates."""
    OPERATOR = 3
    """Keeps the registry."""
    TREASURY = 4
    """Where fees and penalties are paid into."""
    BANK = 5
    """Makes the money."""
    EXCHANGE = 6
    """Operates both markets."""


@dataclass(frozen=True, slots=True)
class Plant:
    """A generating unit and whoever runs it."""

    name: str
    """What this report calls it; the ledger knows no name of a unit."""
    company: str
    """Its holder."""
    zone: str
    """Where it stands."""
    facts: Facts
    """What its baseline follows from; public."""
    wear_ppm: tuple[int, ...]
    """What it emits in each year, beside an unworn one of its type. [ppm]"""
    worth: int
    """What emitting one allowance less would cost it: it sells above and buys below. [EUR]"""

    def runs_in(self, year: int) -> int:
        """Return how worn it is in a year. [ppm]"""
        return self.wear_ppm[YEARS.index(year)]


PLANTS: Final = (
    Plant(
        "Alder 1",
        "Aldergrove Power",
        NORTH,
        Facts(350, "coal", "N3 100", ("catalyst",)),
        (850_000, 840_000),
        120,
    ),
    Plant(
        "Birk 1",
        "Birkmoor Energy",
        NORTH,
        Facts(280, "gas-combined", "N1 010"),
        (1_080_000, 1_100_000),
        200,
    ),
    Plant(
        "Corran Mill",
        "Corran Paper",
        NORTH,
        Facts(60, "biomass", "N3 220"),
        (1_350_000, 1_300_000),
        240,
    ),
    Plant(
        "Dun Peak",
        "Dunmore Peaking",
        NORTH,
        Facts(120, "gas-turbine", "N1 400", ("peaking",)),
        (1_360_000, 1_250_000),
        260,
    ),
    Plant(
        "Elm Works",
        "Elmet Waste",
        SOUTH,
        Facts(45, "waste", "S2 700"),
        (860_000, 850_000),
        140,
    ),
    Plant(
        "Fair Coal",
        "Fairlie Coal",
        SOUTH,
        Facts(300, "coal", "S4 110"),
        (1_060_000, 975_000),
        280,
    ),
    Plant(
        "Birk 2",
        "Birkmoor Energy",
        SOUTH,
        Facts(240, "gas-combined", "S4 320"),
        (880_000, 960_000),
        150,
    ),
    Plant(
        "Glen Oil",
        "Glen Chemicals",
        SOUTH,
        Facts(90, "oil", "S2 050"),
        (900_000, 900_000),
        130,
    ),
)
SHORT: Final = "Fair Coal"
"""The unit that trusts a future whose seller does not deliver."""
LEAVING: Final = "Glen Oil"
"""The unit that leaves in its second summer."""


@dataclass
class Member:
    """An account holder's account in a zone: a unit's, or the trader's."""

    name: str
    """The unit's name, or the trader's."""
    company: str
    """Its holder."""
    plant: Plant | None
    """The unit that it serves, if any."""
    account: Key = field(default_factory=Key)
    """The key of its account."""
    stack: Key = field(default_factory=Key)
    """The key of the meter in its stack."""
    generator: Key = field(default_factory=Key)
    """The key of the meter behind its generator."""
    salt: bytes = field(default_factory=lambda: os.urandom(SALT_BYTES))
    """What opens the commitment; told to Director and operator."""


class Cast:
    """Everybody in one zone."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self.offices = {office: Key() for office in Office}
        plants = [plant for plant in PLANTS if plant.zone == zone]
        self.units = [Member(plant.name, plant.company, plant) for plant in plants]
        self.trader = Member(TRADER, TRADER, None)

    @property
    def members(self) -> list[Member]:
        """Return everybody with an account."""
        return [*self.units, self.trader]

    def member(self, name: str) -> Member:
        """Return whoever is called so."""
        return next(each for each in self.members if each.name == name)

    def office(self, office: Office) -> Key:
        """Return the key of an office."""
        return self.offices[office]

    def names(self) -> dict[PublicKey, str]:
        """Return whose account each key is, which only the registry knows."""
        return {each.account.public: each.name for each in self.members}

    def genesis(self, *, time: int) -> Genesis:
        """Return the genesis of the zone's ledger. `time` is its first moment. [s]"""
        key = {office: each.public for office, each in self.offices.items()}
        founders = [
            Founder(key[Office.DIRECTOR], Role.DIRECTOR, self.zone),
            Founder(key[Office.OPERATOR], Role.REGISTRY_OPERATOR, self.zone),
            Founder(key[Office.BANK], Role.ASSET_ISSUER, EVERYWHERE),
            Founder(key[Office.EXCHANGE], Role.MARKET_OPERATOR, EVERYWHERE),
        ]
        return usual_genesis(
            f"allowances-{self.zone}",
            time=1_000 * time,
            salt=os.urandom(32),
            registrar=key[Office.REGISTRAR],
            issuing_body=key[Office.ADMINISTRATION],
            publisher=key[Office.ADMINISTRATION],
            sectors=(self.zone,),
            interval_seconds=(HOUR_SECONDS,),
            founders=founders,
            more={
                "asset": AssetParameters(),
                "device": DeviceParameters(),
                "market": MarketParameters(),
                "allowance": AllowanceParameters(),
            },
        )
