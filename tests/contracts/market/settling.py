"""Trades that are ready to be settled, and what their settlement left: for the tests of both."""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.certificate.commands import Correct
from tallystick.contracts.certificate.model import BREAK, CORRECT, Certificate, child_id, is_leaf
from tallystick.contracts.device.commands import Declare, DeclareOutage
from tallystick.contracts.device.model import DeviceKind
from tallystick.contracts.market import CONTRACT
from tallystick.contracts.market.book import Book
from tallystick.contracts.market.commands import Close, Resettle, Settle
from tallystick.contracts.market.deals import Deal
from tallystick.contracts.market.events import MarketFilled
from tallystick.contracts.market.events_settlement import MarketEntry
from tallystick.contracts.market.model import (
    Basis,
    Charge,
    Fill,
    Product,
    Settled,
    Statement,
    balancing_vault,
    clearing_vault,
    fill_id,
    goods_vault,
    price_of,
    statement_id,
)
from tallystick.contracts.market.statements import Line, blank, with_lines
from tallystick.contracts.measurement.commands import Correct as CorrectReading
from tallystick.contracts.measurement.model import Measurement, Quality
from tallystick.core.context import Context
from tallystick.core.holding import vault
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    CONTROLLER_NUMBERS,
    GRID_OPERATOR,
    ISSUING_BODY,
    PEOPLE,
    QUARTER,
    SECTOR,
    STRANGER,
    House,
    account,
    attempt,
    buy,
    device_of,
    do,
    energy_rules,
    fills,
    last,
    mint,
    move_to,
    open_house,
    open_market,
    place,
    rules_of,
    sell,
)

PLATFORM, MARKET_OPERATOR, DSO = 301, 302, 303
"""Numbers of the keys of those who receive commissions."""

PAYEES = (PLATFORM, MARKET_OPERATOR, DSO)
FLOAT = 1_000_000
"""What the balancing account has at first. [minor units of money]"""

END = BEGIN + QUARTER


def commissions() -> tuple[Charge, ...]:
    """Return the commissions of the marketplace: on value, and twice on measured energy."""
    return (
        Charge("platform", Basis.VALUE, 25_000, key(PLATFORM)),
        Charge("market operator", Basis.ENERGY, 7_000, key(MARKET_OPERATOR)),
        Charge("dso", Basis.ENERGY, 31_000, key(DSO)),
    )


def trading_house(**changes: Any) -> tuple[House, RecordId]:
    """Return a house with a market of energy whose balancing account has money."""
    house = open_house()
    market = open_market(house, energy_rules(house, **changes))
    mint(house, house.money, balancing(market), FLOAT)
    return house, market


def balancing(market: RecordId) -> PublicKey:
    """Return the owner of a market's balancing account."""
    return vault("market", balancing_vault(market))


def clearing(market: RecordId) -> PublicKey:
    """Return the owner of a market's clearing account."""
    return vault("market", clearing_vault(market))


def goods_account(book: RecordId) -> PublicKey:
    """Return the owner of the account in which a book's goods lie until its buyers are served."""
    return vault("market", goods_vault(book))


def trade(
    house: House,
    market: RecordId,
    *,
    lots: int = 10,
    level: int = 20,
    seller: int = ANNA,
    buyer: int = BEN,
    product: Product | None = None,
    sell_meter: int = QUARTER,
    buy_meter: int = QUARTER,
    kind: DeviceKind = DeviceKind.ROOF,
) -> RecordId:
    """Let two people trade in continuous trading; return the fill's id."""
    offer = sell(
        house,
        market,
        seller,
        lots=lots,
        level=level,
        product=product,
        meter_length=sell_meter,
        kind=kind,
    )
    place(house, offer)
    bid = buy(house, market, buyer, lots=lots, level=level, product=product, meter_length=buy_meter)
    place(house, bid)
    return last(house, MarketFilled).fill


def settle(house: House, *ids: RecordId, signers: Iterable[int] = (STRANGER,)) -> Verdict:
    """Try to settle fills; return the verdict."""
    return attempt(house, Settle(fills=ids), *signers)


def resettle(house: House, *ids: RecordId) -> Verdict:
    """Try to settle fills anew; return the verdict."""
    return attempt(house, Resettle(fills=ids), STRANGER)


def close(house: House, market: RecordId, *owners: int, period: int = 0) -> Verdict:
    """Try to close statements; return the verdict."""
    command = Close(market=market, period=period, owners=tuple(key(owner) for owner in owners))
    return attempt(house, command, STRANGER)


def close_at(house: House, market: RecordId, period: int = 0) -> None:
    """Let it be the moment from which a period is closed."""
    rules = rules_of(house, market)
    move_to(house, rules.periods[period + 1] + rules.settlement_delay)


def settled(house: House, id: RecordId) -> Settled:
    """Return how a fill was settled."""
    found = house.trial.read(Fill, id)
    assert found is not None
    assert found.settled is not None
    return found.settled


def declare(house: House, owner: int, available_wh: int, *, begin: int = BEGIN) -> None:
    """Let the controller of a person's roof say what it has available in a quarter hour."""
    device = device_of(house, owner)
    command = Declare(device=device, begin=begin, end=begin + QUARTER, available_wh=available_wh)
    do(house, command, CONTROLLER_NUMBERS + owner)


def maintain(house: House, owner: int) -> None:
    """Let a person declare maintenance of its roof during the delivery."""
    device = device_of(house, owner)
    command = DeclareOutage(device, SECTOR, BEGIN, BEGIN + QUARTER, maintenance=True)
    do(house, command, owner)


def outage(house: House, owner: int | None, *, begin: int = BEGIN) -> None:
    """Let the grid operator declare an outage of a person's roof, or of the sector."""
    device = None if owner is None else device_of(house, owner)
    command = DeclareOutage(
        device=device, sector=SECTOR, begin=begin, end=begin + QUARTER, maintenance=False
    )
    do(house, command, GRID_OPERATOR)


def correct(house: House, id: RecordId, amount_wh: int) -> None:
    """Correct a reading as the issuing body, with the certificates that hang on it if any do."""
    measurement = house.trial.read(Measurement, id)
    assert measurement is not None
    command: Record = CorrectReading(id, amount_wh, Quality.MEASURED)
    if measurement.relier:
        command = Correct(id, amount_wh, Quality.MEASURED, leaves_of(house, id))
    do(house, command, ISSUING_BODY)


def leaves_of(house: House, root: RecordId) -> tuple[RecordId, ...]:
    """Return every leaf of the tree of a production measurement's certificate."""
    measurement = house.trial.read(Measurement, root)
    assert measurement is not None
    revisions = range(1, measurement.revision + 1)
    found, waiting = set(), [root, *(child_id(root, CORRECT, n) for n in revisions)]
    while waiting:
        id = waiting.pop()
        certificate = house.trial.read(Certificate, id)
        if certificate is None:
            continue
        if is_leaf(certificate):
            found.add(id)
        elif certificate.broken:
            revision = certificate.corrected
            waiting += [child_id(id, CORRECT, revision), child_id(id, BREAK, revision)]
        elif certificate.next is not None:
            waiting += certificate.next.addresses
    return tuple(sorted(found))


def statement(house: House, market: RecordId, owner: int, period: int = 0) -> Statement:
    """Return a statement that is there."""
    found = house.trial.read(Statement, statement_id(market, key(owner), period))
    assert found is not None
    return found


def entries(house: House, market: RecordId, owner: int, period: int = 0) -> list[MarketEntry]:
    """Return the lines that were posted to a statement in this block."""
    id = statement_id(market, key(owner), period)
    return [
        each
        for each in house.trial.events
        if isinstance(each, MarketEntry) and each.statement == id
    ]


def lines(
    house: House, market: RecordId, owner: int, period: int = 0
) -> list[tuple[str, int, int]]:
    """Return the lines of a statement: kind, amount and energy."""
    return [
        (each.kind.value, each.amount, each.energy_wh)
        for each in entries(house, market, owner, period)
    ]


def summed(house: House, market: RecordId, owner: int, period: int = 0) -> Statement:
    """Return the statement that the events of its lines add up to, however the ledger stands."""
    stands = statement(house, market, owner, period)
    posted = entries(house, market, owner, period)
    assert list(range(len(posted))) == [each.ordinal for each in posted]
    added = with_lines(
        blank(market, key(owner), period),
        [Line(each.kind, each.amount, each.energy_wh) for each in posted],
    )
    return replace(
        added,
        open_fills=stands.open_fills,
        charges=stands.charges,
        closed_at=stands.closed_at,
    )


def money_of(house: House, owner: int | PublicKey) -> int:
    """Return what an owner has, locked or not."""
    return sum(account(house, house.money, owner))


def all_money(house: House, *markets: RecordId) -> int:
    """Return the money of everybody, the markets' own accounts included."""
    owners = [key(person) for person in (*PEOPLE, *PAYEES)]
    for market in markets:
        owners += [balancing(market), clearing(market)]
    return sum(money_of(house, owner) for owner in owners)


def context_of(house: House, *signers: int) -> Context:
    """Return what a rule of the market would be given now, to try what rules are made of."""
    return Context(
        house.trial.candidate,
        CONTRACT,
        signers=tuple(sorted(key(signer) for signer in signers)),
        nonce=bytes(16),
        ordinal=0,
    )


def deal_of(house: House, fill: RecordId) -> Deal:
    """Return a fill with what is around it."""
    found = house.trial.read(Fill, fill)
    assert found is not None
    book = house.trial.read(Book, found.book)
    assert book is not None
    rules = rules_of(house, book.market)
    price = price_of(rules, found.level)
    return Deal(fill, found, book.market, rules, book.product, price)


def fill_ids(house: House, book: RecordId) -> list[RecordId]:
    """Return the ids of all fills of a book."""
    return [fill_id(book, number) for number in range(len(fills(house, book)))]
