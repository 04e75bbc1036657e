"""
A village that trades: two hundred accounts, and orders for several intervals from each of them.

Half of the accounts buy and half sell. In each book, which is one delivery, each of them has the
same number of orders, a step of a curve each; prices are random around a middle that both sides
share but for a spread, so that most orders meet. Ten accounts' orders come in one transaction,
signed by all of them. Readings are a bit more or less than what was traded.
"""

import os
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from bench.workload import (
    BEGIN,
    COMMANDS_A_TRANSACTION,
    ISSUER_SECRET,
    QUARTER,
    SECTOR,
    bench_folder,
)
from tallystick.base.encoding import Record, encode
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.base.signatures import public_key
from tallystick.client.genesis import usual_genesis
from tallystick.client.ledger import Ledger
from tallystick.compose import open_ledger
from tallystick.contracts.asset.commands import Define, Mint
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import AssetParameters, Burners, Kind
from tallystick.contracts.certificate.commands import Issue
from tallystick.contracts.device.commands import Register
from tallystick.contracts.device.events import DeviceRegistered
from tallystick.contracts.device.model import DeviceKind, DeviceParameters
from tallystick.contracts.identity.model import Founder, Role
from tallystick.contracts.market.commands import FILLS_MAX, Clear, MeterKey, Open, Place
from tallystick.contracts.market.events import MarketOpened
from tallystick.contracts.market.model import (
    Basis,
    Charge,
    Counterparty,
    MarketParameters,
    MarketRules,
    Product,
    Side,
    Subject,
    Tie,
    Trading,
)
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind as Measured
from tallystick.contracts.measurement.model import Quality, measurement_id
from tallystick.core.receipt import Receipt
from tallystick.core.transaction import NONCE_BYTES, seal_transaction

DAY = 86_400
LEVELS = 1_000
QUANTUM_WH = 100
LOTS_MAX = 50
ACCOUNTS = 200
ORDERS_A_BOOK = 10
BOOKS = 5
ORDERS = ACCOUNTS * ORDERS_A_BOOK * BOOKS
ACCOUNTS_A_TRANSACTION = COMMANDS_A_TRANSACTION // (ORDERS_A_BOOK * BOOKS) // 2
MONEY = 10**12
GOODS = 10**10

WORKLOAD = (
    f"{ACCOUNTS} accounts, {BOOKS} books, {ORDERS_A_BOOK} orders of each account in each book"
)


class Person:
    """Somebody's account, and the key that owns what the meter at home measures."""

    def __init__(self, n: int) -> None:
        self.side = Side.BUY if n % 2 else Side.SELL
        self.secret = tagged_hash(b"bench", b"person", n.to_bytes(8, "big"))
        self.key: PublicKey = public_key(self.secret)
        self.meter_secret = tagged_hash(b"bench", b"meter", n.to_bytes(8, "big"))
        self.meter: PublicKey = public_key(self.meter_secret)
        self.device: RecordId | None = None

    @property
    def secrets(self) -> dict[PublicKey, bytes]:
        """Return what signs an order for energy."""
        return {self.key: self.secret, self.meter: self.meter_secret}


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.milliseconds = 1_000 * (BEGIN + 1)

    def __call__(self) -> int:
        """Return the time. [ms since the epoch, UTC]"""
        return self.milliseconds

    def set(self, seconds: int) -> None:
        """Let it be a time. [s since the epoch, UTC]"""
        self.milliseconds = max(self.milliseconds + 1, seconds * 1_000)


class Village(NamedTuple):
    """A ledger with people who have money, goods and devices."""

    ledger: Ledger
    clock: Clock
    people: list[Person]
    money: RecordId
    goods: RecordId


OPERATOR = public_key(ISSUER_SECRET)


@contextmanager
def village() -> Iterator[Village]:
    """Open a durable ledger with people who have money, goods and devices."""
    clock = Clock()
    genesis = usual_genesis(
        "bench",
        time=1_000 * BEGIN,
        salt=os.urandom(32),
        registrar=OPERATOR,
        issuing_body=OPERATOR,
        publisher=OPERATOR,
        sectors=(SECTOR,),
        interval_seconds=(QUARTER,),
        founders=[Founder(OPERATOR, role, "*") for role in (Role.MARKET_OPERATOR, Role.ASSET_ISSUER)],
        more={
            "asset": AssetParameters(),
            "device": DeviceParameters(),
            "market": MarketParameters(),
        },
    )
    with bench_folder() as folder, open_ledger(folder, genesis=genesis, clock=clock) as ledger:
        money, goods = (define(ledger, name) for name in ("euro", "token"))
        people = [Person(n) for n in range(ACCOUNTS)]
        mints: list[Record] = []
        for person in people:
            mints.append(Mint(money, person.key, MONEY, "", "", 0, None))
            mints.append(Mint(goods, person.key, GOODS, "", "", 0, None))
        ledger.submit_all(signed(ledger, mints))
        _register_devices(ledger, people)
        yield Village(ledger, clock, people, money, goods)


def define(ledger: Ledger, name: str, *, kind: Kind = Kind.FUNGIBLE) -> RecordId:
    """Define a class of assets; return its id."""
    command = Define(name, "unit", 2, kind, (OPERATOR,), 0, 0, True, Burners.ISSUER)
    return event_of(ledger, command, AssetDefined).asset


def event_of[AnyEvent: Record](ledger: Ledger, command: Record, kind: type[AnyEvent]) -> AnyEvent:
    """Send a command as the operator; return its event of a kind."""
    receipt = ledger.send(command, [ISSUER_SECRET])
    return next(each for each in ledger.events(receipt) if isinstance(each, kind))
