"""
A trading house to try markets in: money, people with accounts and meters, devices, markets.

    house = open_house()
    market = open_market(house, energy_rules(house, trading=Trading.CALL))
    offer = place(house, sell(house, market, ANNA, lots=10, level=20))
    bid = place(house, buy(house, market, BEN, lots=4, level=30))

`buy` and `sell` return a command that its rule accepts; a test names only what it wants different.
`do`, `place`, `take` and `cancel` insist on being accepted and return what came to be; `attempt`
returns the verdict, as the tables of rules need it. The time is the trial's.

Everybody is a number, from which `keys.key` makes a key. The owner keys of people's meters are
keys of their own: `meter_of(ANNA, Side.SELL)` owns her production, with `Side.BUY` her consumption.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.client.genesis import usual_genesis
from tallystick.contracts import asset, certificate, device, identity, market, measurement
from tallystick.contracts.asset.commands import Define, Mint
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import AssetParameters, Balance, Burners
from tallystick.contracts.asset.model import Kind as AssetKind
from tallystick.contracts.certificate.commands import Issue
from tallystick.contracts.device.commands import Register, Report
from tallystick.contracts.device.events import DeviceRegistered
from tallystick.contracts.device.model import DeviceKind, DeviceParameters
from tallystick.contracts.identity.model import Founder, Role
from tallystick.contracts.market.book import Book
from tallystick.contracts.market.commands import Cancel, Mandate, MeterKey, Open, Place, Take
from tallystick.contracts.market.events import MarketOpened, OrderPlaced
from tallystick.contracts.market.events_mandates import MandateGiven
from tallystick.contracts.market.funding import required
from tallystick.contracts.market.model import (
    Counterparty,
    Fill,
    MarketParameters,
    MarketRules,
    Order,
    Position,
    Product,
    Side,
    Subject,
    Tie,
    Trading,
    book_id,
    fill_id,
    position_id,
)
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality, measurement_id
from tallystick.core.contract import Contract
from tallystick.core.holding import holding_id
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted

AnyRecord = TypeVar("AnyRecord", bound=Record)

REGISTRAR, ISSUING_BODY, PUBLISHER, OPERATOR, MINT, GRID_OPERATOR, STRANGER = range(1, 8)
"""Numbers of the keys of those who hold roles, and of one who holds none."""

ANNA, BEN, CARL, DORA, EMIL, FAYE = range(101, 107)
"""Numbers of the keys of people, each with an account of money and one of goods."""

PEOPLE: Final = (ANNA, BEN, CARL, DORA, EMIL, FAYE)
SECTOR: Final = "village"
OTHER_SECTOR: Final = "valley"
MARKET_NAME: Final = "village-market"
MONEY_NAME: Final = "euro"
GOODS_NAME: Final = "token"
QUARTER: Final = 900
HOUR: Final = 3_600
DAY: Final = 86_400

MIDNIGHT: Final = 1_467_331_200
"""The begin of 2016-07-01, when the ledger is founded. [s since the epoch, UTC]"""

BEGIN: Final = MIDNIGHT + DAY // 2
"""The begin of the standard delivery, the noon after. [s since the epoch, UTC]"""

MONTH_END: Final = MIDNIGHT + 31 * DAY
"""The end of the first billing period, a month. [s since the epoch, UTC]"""

MONEY: Final = 10_000_000
"""What everybody has at first. [minor units of money]"""

GOODS: Final = 1_000_000
"""What everybody has at first. [units of the holding]"""

CONTRACTS: Final[tuple[Contract, ...]] = (
    identity.CONTRACT,
    measurement.CONTRACT,
    certificate.CONTRACT,
    asset.CONTRACT,
    device.CONTRACT,
    market.CONTRACT,
)

METER_NUMBERS: Final = {Side.SELL: 2_000, Side.BUY: 3_000}
"""By how much the number of a meter's owner key is above that of its person."""

CONTROLLER_NUMBERS: Final = 4_000
"""By how much the number of a controller's key is above that of its person."""


@dataclass(frozen=True)
class House:
    """A ledger to try markets on, and the ids that tests need again and again."""

    trial: Trial
    money: RecordId
    """The class of money."""
    goods: RecordId
    """A class of tokens that are traded as holdings."""
    devices: dict[tuple[int, DeviceKind], RecordId] = field(default_factory=dict)
    """Devices that were registered so far, by owner and kind."""


def open_house(
    *,
    people: Iterable[int] = PEOPLE,
    more: Sequence[tuple[Contract, Record]] = (),
    founders: Sequence[Founder] = (),
) -> House:
    """Return a ledger on which people have money, goods, meters and no market yet."""
    genesis = usual_genesis(
        "house",
        time=MIDNIGHT * 1000,
        salt=bytes(32),
        registrar=key(REGISTRAR),
        issuing_body=key(ISSUING_BODY),
        publisher=key(PUBLISHER),
        sectors=(SECTOR, OTHER_SECTOR),
        founders=(
            Founder(key=key(OPERATOR), role=Role.MARKET_OPERATOR, scope="*"),
            Founder(key=key(MINT), role=Role.ASSET_ISSUER, scope="*"),
            Founder(key=key(GRID_OPERATOR), role=Role.GRID_OPERATOR, scope="*"),
            *founders,
        ),
        more={
            "asset": AssetParameters(),
            "device": DeviceParameters(),
            "market": MarketParameters(),
            **{contract.name: parameters for contract, parameters in more},
        },
    )
    trial = Trial((*CONTRACTS, *(contract for contract, _ in more)), genesis)
    money, goods = define(trial, MONEY_NAME), define(trial, GOODS_NAME)
    house = House(trial, money, goods)
    for person in people:
        mint(house, money, person, MONEY)
        mint(house, goods, person, GOODS)
    return house


def define(trial: Trial, name: str, **changes: Any) -> RecordId:
    """Define a class of assets that the mint issues; return its id."""
    command = replace(
        Define(
            name=name,
            unit="unit",
            scale=2,
            kind=AssetKind.FUNGIBLE,
            issuers=(key(MINT),),
            supply_cap=0,
            last_mint_at=0,
            transferable=True,
            burners=Burners.ISSUER,
        ),
        **changes,
    )
    assert trial.execute(command, signers=[MINT]) == accepted, trial.message
    return next(each.asset for each in reversed(trial.events) if isinstance(each, AssetDefined))


def mint(house: House, unit: RecordId, owner: int | PublicKey, amount: int) -> None:
    """Give an account units of a class."""
    command = Mint(
        asset=unit,
        owner=key(owner) if isinstance(owner, int) else owner,
        amount=amount,
        evidence="",
        project="",
        nonce=0,
        claim=None,
    )
    do(house, command, MINT)


def energy_rules(house: House, **changes: Any) -> MarketRules:
    """Return the rules of an energy market in quarter hours and hours, with some changed."""
    rules = MarketRules(
        subject=Subject.ENERGY,
        sector=SECTOR,
        goods="",
        money=house.money,
        trading=Trading.CONTINUOUS,
        tie=Tie.TIME,
        counterparty=Counterparty.NAMED,
        quantum=100,
        price_min=0,
        tick=1,
        levels=1_000,
        feed_in_floor=0,
        lengths=(QUARTER, HOUR),
        gate_closure=HOUR,
        settlement_delay=DAY,
        shortfall_price=100,
        excess_price=0,
        collateral=0,
        claims=True,
        members_only=False,
        charges=(),
        periods=(MIDNIGHT, MONTH_END, MONTH_END + 31 * DAY),
    )
    return replace(rules, **changes)


def holding_rules(house: House, **changes: Any) -> MarketRules:
    """Return the rules of a market in tokens, delivered within a day, with some changed."""
    usual = {
        "subject": Subject.HOLDING,
        "sector": "",
        "goods": "asset",
        "quantum": 10,
        "lengths": (DAY,),
        "gate_closure": 0,
        "claims": False,
    }
    return energy_rules(house, **{**usual, **changes})


def open_market(house: House, rules: MarketRules, *, name: str = MARKET_NAME) -> RecordId:
    """Open a market; return its id."""
    do(house, Open(name=name, rules=rules), OPERATOR)
    return last(house, MarketOpened).market


def rules_of(house: House, market_id: RecordId) -> MarketRules:
    """Return the rules of a market that is there."""
    found = house.trial.read(market.model.Market, market_id)
    assert found is not None
    return found.rules


def product_of(
    house: House, market_id: RecordId, *, begin: int | None = None, length: int | None = None
) -> Product:
    """Return a product of a market: its first length, at noon, or for holdings tomorrow."""
    rules = rules_of(house, market_id)
    length = rules.lengths[0] if length is None else length
    if rules.subject is Subject.ENERGY:
        begin = BEGIN if begin is None else begin
        return Product(unit=market_id, begin=begin, end=begin + length)
    begin = MIDNIGHT + DAY if begin is None else begin
    return Product(unit=house.goods, begin=begin, end=begin + length)


def buy(
    house: House,
    market_id: RecordId,
    owner: int,
    *,
    lots: int,
    level: int,
    product: Product | None = None,
    meter_length: int = QUARTER,
    **changes: Any,
) -> Place:
    """Return an order to buy that its rule accepts, with some fields changed."""
    product = product_of(house, market_id) if product is None else product
    order = Place(
        market=market_id,
        product=product,
        side=Side.BUY,
        owner=key(owner),
        level=level,
        lots=lots,
        least=0,
        valid_until=0,
        device=None,
        meters=meters_of(house, market_id, owner, Side.BUY, product, length=meter_length),
        partner=None,
    )
    return replace(order, **changes)


def sell(
    house: House,
    market_id: RecordId,
    owner: int,
    *,
    lots: int,
    level: int,
    product: Product | None = None,
    meter_length: int = QUARTER,
    kind: DeviceKind = DeviceKind.ROOF,
    **changes: Any,
) -> Place:
    """
    Return an order to sell that its rule accepts, with some fields changed.

    Who sells energy gets a device of the kind if he has none; a battery reports by `report`.
    """
    product = product_of(house, market_id) if product is None else product
    energy = rules_of(house, market_id).subject is Subject.ENERGY
    order = Place(
        market=market_id,
        product=product,
        side=Side.SELL,
        owner=key(owner),
        level=level,
        lots=lots,
        least=0,
        valid_until=0,
        device=device_of(house, owner, kind) if energy else None,
        meters=meters_of(house, market_id, owner, Side.SELL, product, length=meter_length),
        partner=None,
    )
    return replace(order, **changes)


def meter_of(owner: int, side: Side) -> int:
    """Return the number of the key that owns what a person's meter measures."""
    return METER_NUMBERS[side] + owner


def meters_of(
    house: House,
    market_id: RecordId,
    owner: int,
    side: Side,
    product: Product,
    *,
    length: int = QUARTER,
) -> tuple[MeterKey, ...]:
    """Return a person's measurements of a delivery; none for holdings."""
    if rules_of(house, market_id).subject is Subject.HOLDING:
        return ()
    owner_key = key(meter_of(owner, side))
    begins = range(product.begin, product.end, length)
    return tuple(MeterKey(owner=owner_key, begin=begin) for begin in begins)


def measurement_of(owner: int, side: Side, begin: int = BEGIN) -> RecordId:
    """Return the id of what a person's meter measures in an interval."""
    return measurement_id(key(meter_of(owner, side)), begin)


def signers_of(owner: int) -> tuple[int, ...]:
    """Return the numbers of a person's own key and those of the meters."""
    return (owner, meter_of(owner, Side.SELL), meter_of(owner, Side.BUY))


def device_of(house: House, owner: int, kind: DeviceKind = DeviceKind.ROOF) -> RecordId:
    """Return a person's device of a kind, registered if need be."""
    known = house.devices.get((owner, kind))
    if known is not None:
        return known
    controller = CONTROLLER_NUMBERS + owner
    command = Register(
        owner=key(owner),
        controller=key(controller),
        kind=kind,
        sector=SECTOR,
        capacity_wh=10_000,
    )
    do(house, command, owner, controller)
    id = last(house, DeviceRegistered).device
    house.devices[owner, kind] = id
    return id


def report(
    house: House,
    owner: int,
    *,
    stored_wh: int,
    on: bool = True,
    connected: bool = True,
) -> None:
    """Let the controller of a person's battery say how it is."""
    id = device_of(house, owner, DeviceKind.BATTERY)
    command = Report(device=id, on=on, connected=connected, stored_wh=stored_wh)
    do(house, command, CONTROLLER_NUMBERS + owner)


def attempt(house: House, commands: Record | list[Record], *signers: int) -> Verdict:
    """Try a transaction; return what became of it. Its message is `house.trial.message`."""
    return house.trial.execute(commands, signers=signers)


def do(house: House, commands: Record | list[Record], *signers: int) -> None:
    """Execute a transaction that must be accepted."""
    verdict = house.trial.execute(commands, signers=signers)
    assert verdict == accepted, f"{verdict}: {house.trial.message}"


def number_of(owner: PublicKey, numbers: Iterable[int] = PEOPLE) -> int:
    """Return the number of a person's key."""
    return next(number for number in numbers if key(number) == owner)


def place(house: House, command: Place, owner: int | None = None) -> RecordId:
    """Place an order with all keys that it needs; return its id."""
    owner = number_of(command.owner) if owner is None else owner
    do(house, command, *signers_of(owner))
    return last(house, OrderPlaced).order


def take(house: House, order_id: RecordId, owner: int, *, lots: int) -> RecordId:
    """Take lots of an order, as its opposite would be placed; return the id of the taker's."""
    do(house, take_of(house, order_id, owner, lots=lots), *signers_of(owner))
    return last(house, OrderPlaced).order


def take_of(house: House, order_id: RecordId, owner: int, *, lots: int, **changes: Any) -> Take:
    """Return a command to take lots of an order that its rule accepts, with some fields changed."""
    taken = order(house, order_id)
    product = book(house, taken.book).product
    draft = sell if taken.side is Side.BUY else buy
    opposite = draft(house, taken.market, owner, lots=lots, level=taken.level, product=product)
    command = Take(
        order=order_id,
        owner=opposite.owner,
        lots=lots,
        device=opposite.device,
        meters=opposite.meters,
    )
    return replace(command, **changes)


def give_mandate(house: House, market_id: RecordId, *, funds: int) -> RecordId:
    """Let an agent bid for Ben until the month's end, with so much money; return its id."""
    command = Mandate(
        market=market_id,
        owner=key(BEN),
        agent=key(90),
        side=Side.BUY,
        level=30,
        keep_wh=0,
        lots_max=50,
        budget=2_000,
        funds=funds,
        device=None,
        begin=MIDNIGHT,
        end=MONTH_END,
    )
    do(house, command, BEN)
    return last(house, MandateGiven).mandate


def cancel(house: House, order_id: RecordId) -> None:
    """Cancel an order as its owner."""
    do(house, Cancel(order_id), number_of(order(house, order_id).owner))


def move_to(house: House, seconds: int) -> None:
    """Let it be later. [s since the epoch, UTC]"""
    house.trial.move_to(seconds * 1000)


def publish(
    house: House,
    owner: int,
    side: Side,
    amount_wh: int,
    *,
    begin: int = BEGIN,
    length: int = QUARTER,
    quality: Quality = Quality.MEASURED,
) -> RecordId:
    """Publish what a person's meter measured, production for sellers; return the id."""
    kind = Kind.PRODUCTION if side is Side.SELL else Kind.CONSUMPTION
    command = Publish(
        owner=key(meter_of(owner, side)),
        begin=begin,
        end=begin + length,
        sector=SECTOR,
        kind=kind,
        amount=amount_wh,
        quality=quality,
    )
    do(house, command, PUBLISHER)
    return measurement_of(owner, side, begin)


def issue(house: House, id: RecordId) -> RecordId:
    """Issue the certificate of a production measurement; return the id of both."""
    do(house, Issue(id, "T010000", "F01040100"), ISSUING_BODY)
    return id


def produce(house: House, owner: int, amount_wh: int, *, begin: int = BEGIN) -> RecordId:
    """Publish a person's production and issue its certificate; return the id of both."""
    return issue(house, publish(house, owner, Side.SELL, amount_wh, begin=begin))


def consume(house: House, owner: int, amount_wh: int, *, begin: int = BEGIN) -> RecordId:
    """Publish a person's consumption; return the id."""
    return publish(house, owner, Side.BUY, amount_wh, begin=begin)


def new_order(rules: MarketRules, side: Side, *, lots: int, level: int) -> Order:
    """Return an order as it comes in, which stands on no ledger."""
    return Order(
        market=RecordId(b"m" * 32),
        book=RecordId(b"b" * 32),
        side=side,
        owner=key(ANNA),
        level=level,
        lots=lots,
        least=0,
        filled=0,
        value=0,
        funded=required(rules, side, level=level, lots=lots),
        device=None,
        partner=None,
        placed_at=0,
        valid_until=0,
        page=0,
        slot=0,
    )


def order(house: House, id: RecordId) -> Order:
    """Return an order that is there."""
    found = house.trial.read(Order, id)
    assert found is not None
    return found


def book(house: House, id: RecordId) -> Book:
    """Return a book that is there."""
    found = house.trial.read(Book, id)
    assert found is not None
    return found


def book_of(house: House, market_id: RecordId, product: Product | None = None) -> RecordId:
    """Return the id of a product's book."""
    return book_id(market_id, product_of(house, market_id) if product is None else product)


def fill(house: House, id: RecordId, number: int) -> Fill:
    """Return a book's n-th fill, which is there."""
    found = house.trial.read(Fill, fill_id(id, number))
    assert found is not None
    return found


def fills(house: House, id: RecordId) -> list[Fill]:
    """Return all fills of a book."""
    return [fill(house, id, number) for number in range(book(house, id).fills)]


def position(house: House, id: RecordId, side: Side, owner: int) -> Position | None:
    """Return what a person has in a book on one side, or nothing."""
    return house.trial.read(Position, position_id(id, side, key(owner)))


def account(house: House, unit: RecordId, owner: int | PublicKey) -> tuple[int, int]:
    """Return what an owner can spend of a unit, and what is locked."""
    owner = key(owner) if isinstance(owner, int) else owner
    found = house.trial.read(Balance, holding_id(unit, owner))
    return (0, 0) if found is None else (found.spendable, found.locked)


def last(house: House, kind: type[AnyRecord]) -> AnyRecord:
    """Return the latest event of a kind in this block."""
    return next(each for each in reversed(house.trial.events) if isinstance(each, kind))
