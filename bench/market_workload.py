"""
A village that trades: two hundred accounts, and orders for several intervals from each of them.

Half of the accounts buy and half sell. In each book, which is one delivery, each of them has the
same number of orders, a step of a curve each. Buyers bid around what they pay elsewhere and sellers
ask around what they get elsewhere, which is much less, so that nearly all orders meet. A thousand
orders of twenty accounts come in one transaction, signed by all of them. Readings are up to ten
percent below, or fifteen above, what was traded. Fills are written 1,024 a command, two commands a
transaction, and settled 64 a command, four commands a transaction, those of one seller together.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple, TypeVar

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
from tallystick.client.events import decode_event
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
from tallystick.contracts.identity.model import EVERYWHERE, Founder, Role
from tallystick.contracts.market.auction import pairs, run_auction
from tallystick.contracts.market.commands import (
    FILLS_MAX,
    SETTLED_MAX,
    Clear,
    MeterKey,
    Open,
    Place,
    Settle,
)
from tallystick.contracts.market.events import MarketFilled, MarketOpened, OrderPlaced
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
from tallystick.contracts.market.payments import vaults_of
from tallystick.contracts.market.ration import Tie as AuctionTie
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
MONEY = 10**12
GOODS = 10**10

WORKLOAD = (
    f"{ACCOUNTS} accounts, {BOOKS} books, {ORDERS_A_BOOK} orders of each account in each book, "
    "nine of ten meet"
)


CLEARS_A_TRANSACTION = 2
SETTLES_A_TRANSACTION = 4

AnyEvent = TypeVar("AnyEvent", bound=Record)


class Person:
    """Somebody's account, and the key that owns what the meter at home measures."""

    def __init__(self, n: int) -> None:
        self.side = Side.BUY if n % 2 else Side.SELL
        self.secret = tagged_hash(b"bench", b"person", n.to_bytes(8, "big"))
        self.key: PublicKey = public_key(self.secret)
        self.meter_secret = tagged_hash(b"bench", b"meter", n.to_bytes(8, "big"))
        self.meter: PublicKey = public_key(self.meter_secret)
        self.device: RecordId | None = None


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
FOUNDING_ROLES = (Role.MARKET_OPERATOR, Role.ASSET_ISSUER)


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
        founders=[Founder(OPERATOR, role, EVERYWHERE) for role in FOUNDING_ROLES],
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
    command = Define(
        name=name,
        unit="unit",
        scale=2,
        kind=kind,
        issuers=(OPERATOR,),
        supply_cap=0,
        last_mint_at=0,
        transferable=True,
        burners=Burners.ISSUER,
    )
    return event_of(ledger, command, AssetDefined).asset


def event_of(ledger: Ledger, command: Record, kind: type[AnyEvent]) -> AnyEvent:
    """Send a command as the operator; return its event of a kind."""
    receipt = ledger.send(command, [ISSUER_SECRET])
    return next(each for each in ledger.events(receipt) if isinstance(each, kind))


def signed(
    ledger: Ledger,
    commands: Sequence[Record],
    *,
    a_transaction: int = COMMANDS_A_TRANSACTION,
    secrets: Mapping[PublicKey, bytes] | None = None,
) -> list[bytes]:
    """Return commands as transactions that the operator signs, or somebody else."""
    secret_by_key: dict[PublicKey, bytes] = dict(secrets or {OPERATOR: ISSUER_SECRET})
    return [
        seal_transaction(
            ledger=ledger.id,
            expiry=ledger.expiry(),
            nonce=os.urandom(NONCE_BYTES),
            commands=[encode(command) for command in commands[n : n + a_transaction]],
            secret_by_key=secret_by_key,
        )
        for n in range(0, len(commands), a_transaction)
    ]


def events_of(ledger: Ledger, receipts: Sequence[Receipt]) -> Iterator[Record]:
    """Yield what transactions brought about, whatever blocks they are in."""
    for height in sorted({receipt.height for receipt in receipts}):
        for _, event in ledger.node.block(height).events:
            yield decode_event(event)


def open_market(place: Village, subject: Subject) -> RecordId:
    """Open a call market; energy has a platform's and a grid's charge, and a funded balance."""
    energy = subject is Subject.ENERGY
    charges = (
        Charge("platform", Basis.VALUE, 10_000, OPERATOR),
        Charge("dso", Basis.ENERGY, 200_000, OPERATOR),
    )
    rules = MarketRules(
        subject=subject,
        sector=SECTOR if energy else "",
        goods="" if energy else "asset",
        money=place.money,
        trading=Trading.CALL,
        tie=Tie.TIME,
        counterparty=Counterparty.NAMED,
        quantum=QUANTUM_WH if energy else 10,
        price_min=0,
        tick=1,
        levels=LEVELS,
        feed_in_floor=0,
        lengths=(QUARTER,),
        gate_closure=3_600 if energy else 0,
        settlement_delay=DAY,
        shortfall_price=600 if energy else 0,
        excess_price=0,
        collateral=0,
        claims=energy,
        members_only=False,
        charges=charges if energy else (),
        periods=(BEGIN, BEGIN + 31 * DAY),
    )
    market = event_of(place.ledger, Open(subject.value, rules), MarketOpened).market
    balancing = vaults_of(market, place.money).balancing
    mint = Mint(place.money, balancing, MONEY, "", "", 0, None)
    place.ledger.submit_all(signed(place.ledger, [mint]))
    return market


def products(place: Village, market: RecordId, subject: Subject, turn: int) -> list[Product]:
    """Return the deliveries of a turn: quarter hours of one noon."""
    begin = BEGIN + DAY * (turn + 1)
    unit = market if subject is Subject.ENERGY else place.goods
    begins = [begin + n * QUARTER for n in range(BOOKS)]
    return [Product(unit, each, each + QUARTER) for each in begins]


def orders(
    place: Village, market: RecordId, subject: Subject, books: Sequence[Product], turn: int
) -> list[Place]:
    """Return everybody's orders for some deliveries, account by account."""
    seeded = random.Random(turn)
    energy = subject is Subject.ENERGY
    made = []
    for person in place.people:
        buys = person.side is Side.BUY
        for product in books:
            meters = (MeterKey(person.meter, product.begin),) if energy else ()
            for _ in range(ORDERS_A_BOOK):
                level = int(seeded.gauss(LEVELS * (0.65 if buys else 0.4), LEVELS * 0.08))
                made.append(
                    Place(
                        market,
                        product,
                        person.side,
                        person.key,
                        min(max(level, 0), LEVELS - 1),
                        seeded.randint(1, LOTS_MAX),
                        0,
                        0,
                        person.device if energy else None,
                        meters,
                        None,
                    )
                )
    return made


def placings(place: Village, made: Sequence[Place]) -> list[bytes]:
    """Return transactions that place orders, a thousand commands and all their signers each."""
    people = {person.key: person for person in place.people}
    batch = []
    for n in range(0, len(made), COMMANDS_A_TRANSACTION):
        part = made[n : n + COMMANDS_A_TRANSACTION]
        secrets: dict[PublicKey, bytes] = {}
        for order in part:
            person = people[order.owner]
            secrets[person.key] = person.secret
            if order.meters:
                secrets[person.meter] = person.meter_secret
        batch += signed(place.ledger, part, secrets=secrets)
    return batch


def clearings(place: Village, made: Sequence[Place]) -> list[bytes]:
    """Return transactions that clear the books of orders, in as many steps as it takes."""
    commands: list[Record] = []
    for product in dict.fromkeys(order.product for order in made):
        book = [order for order in made if order.product == product]
        sides = bytes(order.side is Side.BUY for order in book)
        levels, lots = [order.level for order in book], [order.lots for order in book]
        found = run_auction(sides, levels, lots, tie=AuctionTie.TIME)
        steps = len(list(pairs(sides, found.fills))) + list(found.fills).count(0)
        clear = Clear(book[0].market, product, FILLS_MAX)
        commands += [clear] * -(-steps // FILLS_MAX)
    return signed(place.ledger, commands, a_transaction=CLEARS_A_TRANSACTION)


def settlings(
    place: Village, fills: Sequence[MarketFilled], placed: Mapping[RecordId, OrderPlaced]
) -> list[bytes]:
    """Return transactions that settle fills; those of one seller in one book stand together."""

    def by_seller(fill: MarketFilled) -> tuple[RecordId, PublicKey, int]:
        return fill.book, seller_of(fill, placed), fill.number

    ids = [fill.fill for fill in sorted(fills, key=by_seller)]
    commands = [Settle(tuple(ids[n : n + SETTLED_MAX])) for n in range(0, len(ids), SETTLED_MAX)]
    return signed(place.ledger, commands, a_transaction=SETTLES_A_TRANSACTION)


def seller_of(fill: MarketFilled, placed: Mapping[RecordId, OrderPlaced]) -> PublicKey:
    """Return whose order was sold in a fill."""
    if fill.sell is None:
        raise AssertionError("a fill between named parties has a seller")
    return placed[fill.sell].owner


def readings(
    place: Village,
    books: Mapping[RecordId, Product],
    fills: Sequence[MarketFilled],
    placed: Mapping[RecordId, OrderPlaced],
) -> list[bytes]:
    """Return transactions that publish what was measured, and issue the production."""
    traded: Counter[tuple[RecordId, PublicKey]] = Counter()
    for fill in fills:
        for order in (fill.buy, fill.sell):
            if order is not None:
                traded[fill.book, placed[order].owner] += fill.lots
    seeded = random.Random(len(fills))
    commands: list[Record] = []
    for person in place.people:
        kind = Measured.PRODUCTION if person.side is Side.SELL else Measured.CONSUMPTION
        for book, product in books.items():
            lots = traded[book, person.key]
            amount_wh = lots * QUANTUM_WH * seeded.randint(90, 115) // 100
            commands.append(
                Publish(
                    person.meter,
                    product.begin,
                    product.end,
                    SECTOR,
                    kind,
                    amount_wh,
                    Quality.MEASURED,
                )
            )
            if amount_wh and kind is Measured.PRODUCTION:
                id = measurement_id(person.meter, product.begin)
                commands.append(Issue(id, "T010000", "F01040100"))
    return signed(place.ledger, commands)


def _register_devices(ledger: Ledger, people: Sequence[Person]) -> None:
    """Give every seller a roof."""
    for person in people:
        if person.side is Side.SELL:
            command = Register(person.key, person.meter, DeviceKind.ROOF, SECTOR, 0)
            receipt = ledger.send(command, [person.secret, person.meter_secret])
            events = ledger.events(receipt)
            person.device = next(e.device for e in events if isinstance(e, DeviceRegistered))
