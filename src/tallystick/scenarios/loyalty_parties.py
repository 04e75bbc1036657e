"""Who plays in the story of loyalty: three companies, their people, and those who run the place."""

import os
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import PublicKey
from tallystick.base.signatures import public_key
from tallystick.contracts.asset.model import AssetParameters
from tallystick.contracts.benefit.model import BenefitParameters, Rate
from tallystick.contracts.exchange.model import ExchangeParameters
from tallystick.contracts.identity.model import EVERYWHERE, Founder, IdentityParameters, Role
from tallystick.core.genesis import Genesis, Section

SECRET_BYTES = 32
LIFETIME_MILLISECONDS = 120_000
IDS_MAX = 1_000_000
SHARED = "marketplace"
PRICE_UNITS_MIN, PRICE_UNITS_MAX = 20, 120
OFFERS = (
    "theatre for two", "a month of the gym", "a day off", "language course", "massage",
    "train ticket", "book voucher", "cooking class", "child care", "climbing hall",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """An employee."""

    name: str
    """What people call them."""
    company: str
    """Where they work."""
    secret: bytes = field(repr=False)
    """Their secret key, the same on both ledgers."""
    key: PublicKey
    """Its public key."""


@dataclass(frozen=True, slots=True)
class CompanyCast:
    """A company and its people."""

    name: str
    """What it is called, on the marketplace and as its ledger."""
    rate: Rate
    """What its tokens are worth."""
    administrator: bytes = field(repr=False)
    """The secret of whoever acts for it."""
    clearing: bytes = field(repr=False)
    """The secret of the account that receives and pays for it."""
    people: tuple[Person, ...]
    """Its employees."""


class Cast:
    """Everybody's secrets, drawn afresh."""

    def __init__(self, employees: int) -> None:
        self.registrar, self.system, self.stranger = (os.urandom(SECRET_BYTES) for _ in range(3))
        rates = {"northwind": Rate(1, 1), "solaris": Rate(2, 5), "tidewater": Rate(3, 1)}
        self.companies = tuple(
            _company(name, rate, employees // len(rates)) for name, rate in rates.items()
        )
        self.people = tuple(person for each in self.companies for person in each.people)
        self.names = {person.key: person.name for person in self.people}

    def secrets(self) -> list[bytes]:
        """Return the secrets of all who own something."""
        return [each.secret for each in self.people] + [each.clearing for each in self.companies]

    def shared_genesis(self, time: int) -> Genesis:
        """Return how the shared ledger begins: without any contract that keeps tokens."""
        founders = [
            Founder(public_key(self.registrar), Role.REGISTRAR, EVERYWHERE),
            Founder(public_key(self.system), Role.SYSTEM_ADMINISTRATOR, EVERYWHERE),
            *(
                Founder(public_key(each.administrator), Role.COMPANY_ADMINISTRATOR, each.name)
                for each in self.companies
            ),
        ]
        parameters = {
            "identity": IdentityParameters(tuple(founders)),
            "exchange": ExchangeParameters(),
            "benefit": BenefitParameters(),
        }
        return _genesis(SHARED, time, parameters)

    def company_genesis(self, company: CompanyCast, time: int) -> Genesis:
        """Return how a company's own ledger begins."""
        administrator = public_key(company.administrator)
        founders = (
            Founder(administrator, Role.REGISTRAR, EVERYWHERE),
            Founder(administrator, Role.ASSET_ISSUER, EVERYWHERE),
        )
        parameters = {
            "identity": IdentityParameters(founders),
            "asset": AssetParameters(),
            "exchange": ExchangeParameters(),
        }
        return _genesis(company.name, time, parameters)


def prices(count: int, chance: random.Random) -> list[tuple[str, int]]:
    """Return titles and prices of so many benefits. [common units]"""
    return [
        (OFFERS[n % len(OFFERS)], chance.randint(PRICE_UNITS_MIN, PRICE_UNITS_MAX))
        for n in range(count)
    ]


def _company(name: str, rate: Rate, employees: int) -> CompanyCast:
    """Draw the secrets of a company."""
    people = []
    for number in range(1, employees + 1):
        secret = os.urandom(SECRET_BYTES)
        people.append(Person(f"{name}-{number}", name, secret, public_key(secret)))
    administrator, clearing = os.urandom(SECRET_BYTES), os.urandom(SECRET_BYTES)
    return CompanyCast(name, rate, administrator, clearing, tuple(people))


def _genesis(name: str, time: int, parameters: Mapping[str, Record]) -> Genesis:
    """Return a genesis of these contracts and no others."""
    return Genesis(
        name=name,
        time=time,
        lifetime_max=LIFETIME_MILLISECONDS,
        ids_max=IDS_MAX,
        sections=tuple(
            Section(contract=contract, version=1, parameters=encode(each))
            for contract, each in parameters.items()
        ),
        salt=os.urandom(SECRET_BYTES),
    )
