"""
Who plays in the community: donors with roofs, receivers, a house with six flats, and operators.

Everybody's keys grow from one seed, which only a demonstration holds in one hand: an account of
each participant, a controller of each roof, and a fresh key for each meter and quarter hour.
"""

import os
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from tallystick.base.derivation import (
    child_private_keys,
    child_public_keys,
    derive_path,
    master_from_seed,
    meter_path,
    public_of,
    receive_path,
)
from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import LedgerId, PublicKey
from tallystick.base.signatures import public_key
from tallystick.client.genesis import usual_genesis
from tallystick.contracts.asset.model import AssetParameters
from tallystick.contracts.device.model import DeviceParameters
from tallystick.contracts.identity.model import Founder, Role
from tallystick.contracts.market.model import MarketParameters
from tallystick.contracts.sharing.model import SharingParameters
from tallystick.core.genesis import Genesis, ledger_id
from tallystick.core.transaction import NONCE_BYTES, seal_transaction

from .village_data import INTERVAL_SECONDS, Village

MONEY: Final = "euro"
MARKET: Final = "lane-market"
HOUSE: Final = "linden-house"
SECTOR: Final = "lane"
DAY_SECONDS: Final = 86_400
FOUNDED_BEFORE_SECONDS: Final = 36 * 3_600
"""The ledger is founded so long before the first delivery day, at noon."""


@dataclass(frozen=True, slots=True)
class Member:
    """A participant of the market."""

    name: str
    """What neighbours call them."""
    meter: int
    """The roof of a donor, the home of a receiver, by its number in the village."""
    limit: int
    """The lowest price they sell at, or the highest they buy at. [millionths of a euro per Wh]"""


@dataclass(frozen=True, slots=True)
class House:
    """An apartment house with one roof."""

    name: str
    """What people call it."""
    roof: int
    """Its roof, by its number in the village."""
    flats: tuple[int, ...]
    """Its flats' meters, by their number in the village."""
    shares: tuple[int, ...]
    """Which part of the roof the owner of each flat paid for. [%]"""


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody with a meter."""

    donors: tuple[Member, ...]
    """Who sells."""
    receivers: tuple[Member, ...]
    """Who buys."""
    house: House
    """Who shares a roof."""
    boaster: int
    """The donor who promises more than the roof gives, by its place among the donors."""
    cut_off: int
    """The donor whose line fails one afternoon, by its place among the donors."""
    late: int
    """The receiver whose meter reports late, by its place among the receivers."""

    @property
    def meters(self) -> tuple[int, ...]:
        """Return every meter, in a fixed order."""
        members = (*self.donors, *self.receivers)
        return (*(each.meter for each in members), self.house.roof, *self.house.flats)


CAST: Final = Cast(
    donors=(
        Member("Anna", 165, 100),
        Member("Bruno", 166, 100),
        Member("Clara", 168, 115),
        Member("David", 171, 115),
        Member("Eva", 175, 85),
        Member("Finn", 178, 85),
    ),
    receivers=(
        Member("Greta", 0, 190),
        Member("Hugo", 40, 200),
        Member("Ida", 10, 210),
        Member("Jonas", 12, 220),
        Member("Klara", 125, 230),
        Member("Leo", 15, 240),
        Member("Mira", 17, 250),
        Member("Nils", 22, 260),
        Member("Olga", 119, 270),
        Member("Paul", 7, 280),
        Member("Rosa", 123, 290),
        Member("Sven", 145, 300),
    ),
    house=House("Linden House", 179, (3, 1, 18, 41, 2, 21), (25, 20, 20, 15, 10, 10)),
    boaster=5,
    cut_off=4,
    late=7,
)


class Office(IntEnum):
    """Who holds a role, or is paid, besides those with a meter."""

    REGISTRAR = 0
    ISSUING_BODY = 1
    MARKET_OPERATOR = 2
    GRID_OPERATOR = 3
    MINT = 4
    PLATFORM = 5
    TREASURY = 6
    STRANGER = 7


class Key:
    """A key pair."""

    def __init__(self, secret: bytes, public: PublicKey | None = None) -> None:
        self.secret = secret
        self.public = public_key(secret) if public is None else public


class Company:
    """The whole company: its genesis, and whoever signs."""

    def __init__(self, cast: Cast, village: Village, begins: tuple[int, ...]) -> None:
        self.cast = cast
        self.village = village
        self.offices = [Key(os.urandom(32)) for _ in Office]
        self.genesis = self._genesis(begins[0] - FOUNDED_BEFORE_SECONDS)
        self.ledger: LedgerId = ledger_id(self.genesis)
        master = master_from_seed(os.urandom(32))
        accounts = derive_path(master, receive_path(self.ledger))
        numbers = range(2 * len(cast.meters))
        self._accounts = [Key(secret) for secret in child_private_keys(accounts, numbers)]
        self._place = {meter: place for place, meter in enumerate(cast.meters)}
        minutes = [begin // 60 for begin in begins]
        self._meters: dict[int, list[Key]] = {}
        for meter in cast.meters:
            private = derive_path(master, meter_path(self.ledger, meter))
            secrets = child_private_keys(private, minutes)
            keys = child_public_keys(public_of(private), minutes)
            self._meters[meter] = list(map(Key, secrets, keys))

    def office(self, office: Office) -> Key:
        """Return the key of an office."""
        return self.offices[office]

    def account(self, meter: int) -> Key:
        """Return the account of whoever has this meter."""
        return self._accounts[self._place[meter]]

    def controller(self, meter: int) -> Key:
        """Return the key inside the device behind this meter."""
        return self._accounts[len(self._place) + self._place[meter]]

    def meter(self, meter: int, quarter: int) -> Key:
        """Return the key that owns what a meter measures in a quarter hour."""
        return self._meters[meter][quarter]

    def seal(self, commands: list[Record], keys: list[Key], *, expiry: int) -> bytes:
        """Sign commands as one transaction with fresh randomness."""
        return seal_transaction(
            ledger=self.ledger,
            expiry=expiry,
            nonce=os.urandom(NONCE_BYTES),
            commands=[encode(command) for command in commands],
            secret_by_key={key.public: key.secret for key in keys},
        )

    def _genesis(self, time: int) -> Genesis:
        """Return the genesis that names the offices."""
        issuing_body = self.office(Office.ISSUING_BODY).public
        operator = self.office(Office.MARKET_OPERATOR).public
        return usual_genesis(
            "community",
            time=1_000 * time,
            salt=os.urandom(32),
            registrar=self.office(Office.REGISTRAR).public,
            issuing_body=issuing_body,
            publisher=issuing_body,
            sectors=(SECTOR,),
            interval_seconds=(INTERVAL_SECONDS,),
            founders=(
                Founder(operator, Role.MARKET_OPERATOR, MARKET),
                Founder(operator, Role.MARKET_OPERATOR, HOUSE),
                Founder(self.office(Office.GRID_OPERATOR).public, Role.GRID_OPERATOR, SECTOR),
                Founder(self.office(Office.MINT).public, Role.ASSET_ISSUER, MONEY),
            ),
            more={
                "asset": AssetParameters(),
                "device": DeviceParameters(),
                "market": MarketParameters(),
                "sharing": SharingParameters(),
            },
        )
