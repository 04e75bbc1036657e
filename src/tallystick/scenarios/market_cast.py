"""
Who trades in the month of March: a battery, three roofs, a factory, five homes and an agent.

Everybody's keys derive from one seed. What meters will count is a stated model, so that anybody
can compute it again: a roof makes most in the middle of the month, a home uses a little more every
other day, the factory uses what it always uses.
"""

import os
from dataclasses import dataclass

from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import PublicKey
from tallystick.base.signatures import public_key
from tallystick.client.genesis import usual_genesis
from tallystick.contracts.asset.model import AssetParameters
from tallystick.contracts.certificate.model import CertificateParameters
from tallystick.contracts.device.model import DeviceParameters
from tallystick.contracts.identity.model import Founder, Role
from tallystick.contracts.market.model import MarketParameters
from tallystick.core.genesis import Genesis

SECTOR = "town"
MARKET = "evening"
MONEY = "euro"
HOUR = 3_600
TAG_KEY = b"tallystick/scenarios/market/key/1"

BATTERY = "Battery"
ROOFS = ("Roof A", "Roof B", "Roof C")
FACTORY = "Factory"
HOMES = ("Home 1", "Home 2", "Home 3", "Home 4", "Home 5")
SAVER = "Saver"
"""A home that trades by a standing order with a budget."""

SELLERS = (BATTERY, *ROOFS)
BUYERS = (FACTORY, *HOMES, SAVER)
PEOPLE = (*SELLERS, *BUYERS)

BATTERY_OFFER_WH = 6_000
BATTERY_CAPACITY_WH = 20_000
HOME_SHARE_WH = 1_100
FACTORY_WH = 4_500
SAVER_WH = 800


@dataclass(frozen=True, slots=True)
class Key:
    """A key pair."""

    secret: bytes
    """Never shown."""
    public: PublicKey
    """Who it is."""

    def __repr__(self) -> str:
        """Show nothing secret."""
        return f"Key({self.public.hex()})"


class Cast:
    """Everybody's keys, drawn afresh, and the ledger that they found."""

    def __init__(self, *, time: int) -> None:
        self._seed = os.urandom(32)
        self.genesis: Genesis = usual_genesis(
            "market",
            time=time,
            salt=os.urandom(32),
            registrar=self.office("registrar").public,
            issuing_body=self.office("issuing body").public,
            publisher=self.office("issuing body").public,
            sectors=(SECTOR,),
            interval_seconds=(HOUR,),
            certificates=CertificateParameters(),
            founders=(
                Founder(self.office("mint").public, Role.ASSET_ISSUER, MONEY),
                Founder(self.office("operator").public, Role.MARKET_OPERATOR, MARKET),
                Founder(self.office("grid").public, Role.GRID_OPERATOR, SECTOR),
            ),
            more={
                "asset": AssetParameters(),
                "device": DeviceParameters(),
                "market": MarketParameters(),
            },
        )

    def office(self, name: str) -> Key:
        """Return the key of somebody who holds a role, or receives a charge."""
        return self._key("office", name)

    def account(self, name: str) -> Key:
        """Return the key of somebody's account."""
        return self._key("account", name)

    def controller(self, name: str) -> Key:
        """Return the key inside somebody's device."""
        return self._key("controller", name)

    def meter(self, name: str, begin: int) -> Key:
        """Return the key of somebody's measurement of the hour that begins then."""
        return self._key("meter", name, str(begin))

    def _key(self, *path: str) -> Key:
        """Derive a key."""
        secret = tagged_hash(TAG_KEY, self._seed, *(each.encode() for each in path))
        return Key(secret, public_key(secret))


def roof_wh(roof: str, day: int) -> int:
    """Return what a roof makes at noon of a day, counted from 0. [Wh]"""
    size = 1_400 + 500 * ROOFS.index(roof)
    return size + 15 * day * (30 - day) // 4 - (400 if day % 7 == 3 else 0)  # noqa: PLR2004 - clouds.


def home_wh(home: str, day: int) -> int:
    """Return what a home uses in the evening hour of a day. [Wh]"""
    return 1_050 + 40 * HOMES.index(home) + 60 * (day % 2)


def battery_wh(day: int, *, weak_day: int) -> int:
    """Return what the battery gives in the evening hour of a day. [Wh]"""
    return BATTERY_OFFER_WH - 700 if day == weak_day else BATTERY_OFFER_WH
