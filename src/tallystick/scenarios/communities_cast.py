"""
Who plays in the story of two communities: Oakfield's eight households, and Millbrook.

Everybody's keys derive from one seed. What roofs make and homes want is a stated model, so that
anybody can compute it again.
"""

import os
from dataclasses import dataclass

from tallystick.base.encoding import Record
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import PublicKey
from tallystick.base.signatures import public_key
from tallystick.client.genesis import usual_genesis
from tallystick.contracts.asset.model import AssetParameters
from tallystick.contracts.ballot.model import BallotParameters, Fraction
from tallystick.contracts.device.model import DeviceParameters
from tallystick.contracts.exchange.model import ExchangeParameters
from tallystick.contracts.governance.model import GovernanceParameters
from tallystick.contracts.identity.model import Founder, Role
from tallystick.contracts.market.model import Basis, Charge, MarketParameters
from tallystick.core.genesis import Genesis

OAKFIELD, MILLBROOK = "oakfield", "millbrook"
GARDENERS = "gardeners"
"""A club in Oakfield that holds ballots of its own."""

MONEY, ENERGY = "euro", "sunshine"
MARKET = "oakfield-day"
LEVY = "community"
ONE_PPM = 1_000_000
FEE_PPM, NEW_FEE_PPM, REFUSED_FEE_PPM = 10_000, 25_000, 100_000
"""What the community levies on each trade: at first, later, and what nobody wanted."""

NOTICE_BLOCKS_MIN = 10
TAG_KEY = b"tallystick/scenarios/communities/key/1"

ROOFS = ("Ash", "Birch", "Cedar")
HOMES = ("Elm", "Fir", "Hazel", "Linden", "Maple")
MEMBERS = (*ROOFS, *HOMES)
SUN_HOURS = range(8, 18)


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
    """Everybody's keys, drawn afresh, and the ledgers that they found."""

    def __init__(self, *, time: int) -> None:
        self._seed = os.urandom(32)
        levies = levies_of(FEE_PPM, self.office(OAKFIELD, "treasury").public)
        governed = GovernanceParameters(
            body=OAKFIELD,
            notice_blocks_min=NOTICE_BLOCKS_MIN,
            notice_blocks_max=10_000,
            turnout=Fraction(1, 2),
            majority=Fraction(1, 2),
        )
        founders = [
            Founder(self.office(OAKFIELD, "clerk").public, Role.BALLOT_ADMINISTRATOR, OAKFIELD),
            Founder(self.office(OAKFIELD, "gardener").public, Role.BALLOT_ADMINISTRATOR, GARDENERS),
            Founder(self.office(OAKFIELD, "operator").public, Role.MARKET_OPERATOR, MARKET),
            Founder(self.office(OAKFIELD, "mint").public, Role.ASSET_ISSUER, ENERGY),
        ]
        more: dict[str, Record] = {
            "device": DeviceParameters(),
            "market": MarketParameters(levies),
            "ballot": BallotParameters(),
            "governance": governed,
        }
        self.oakfield = self._genesis(OAKFIELD, time, founders, more)
        self.millbrook = self._genesis(MILLBROOK, time, [], {})

    def office(self, community: str, name: str) -> Key:
        """Return the key of somebody who holds a role in a community, or its treasury."""
        return self._key(community, name)

    def member(self, name: str) -> Key:
        """Return the key of one of Oakfield's households."""
        return self._key("member", name)

    def _genesis(
        self, name: str, time: int, founders: list[Founder], more: dict[str, Record]
    ) -> Genesis:
        """Return the genesis of a community's ledger, where its mint makes money."""
        office = self.office(name, "office").public
        mint = Founder(self.office(name, "mint").public, Role.ASSET_ISSUER, MONEY)
        return usual_genesis(
            name,
            time=time,
            salt=os.urandom(32),
            registrar=office,
            issuing_body=office,
            publisher=office,
            sectors=(name,),
            founders=[mint, *founders],
            more={"asset": AssetParameters(), "exchange": ExchangeParameters(), **more},
        )

    def _key(self, *path: str) -> Key:
        """Derive a key."""
        secret = tagged_hash(TAG_KEY, self._seed, *(each.encode() for each in path))
        return Key(secret, public_key(secret))


def levies_of(rate_ppm: int, treasury: PublicKey) -> tuple[Charge, ...]:
    """Return what the community levies on each trade, for its treasury."""
    return (Charge(LEVY, Basis.VALUE, rate_ppm, treasury),)


def roof_wh(roof: str, day: int, hour: int) -> int:
    """Return what a roof makes in an hour of a day, counted from 0. [Wh]"""
    noon = 13 - abs(13 - hour)
    return (noon - 6) * (120 + 30 * ROOFS.index(roof)) + 10 * (day % 4)


def home_wh(home: str, day: int) -> int:
    """Return what a home wants to buy on a day. [Wh]"""
    return 2_600 + 170 * HOMES.index(home) + 90 * (day % 3)
