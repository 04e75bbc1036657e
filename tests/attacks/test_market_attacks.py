"""Attacks on markets: the hostile and the mistaken meet one typed rejection, nothing is written."""

import random
from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import fields, replace

from tallystick.base.amounts import AMOUNT_MAX, SECONDS_MAX
from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.contracts.asset import errors as asset_errors
from tallystick.contracts.asset.commands import Burn, Transfer
from tallystick.contracts.certificate import errors as certificate_errors
from tallystick.contracts.certificate.commands import Claim, Pledge, Split, SplitPart
from tallystick.contracts.certificate.commands import Transfer as TransferCertificate
from tallystick.contracts.device import errors as device_errors
from tallystick.contracts.device.commands import Declare, DeclareOutage, Report
from tallystick.contracts.device.model import DeviceKind
from tallystick.contracts.market import commands, errors_orders, errors_settlement, errors_sources
from tallystick.contracts.market.errors_clearing import AlreadyCleared, GateNotClosed
from tallystick.contracts.market.errors_mandates import MandateNotFound, SignerIsNotAgent
from tallystick.contracts.market.model import (
    LEVELS_MAX,
    Basis,
    Charge,
    Counterparty,
    Product,
    Side,
    Trading,
    balancing_vault,
    clearing_vault,
    fill_id,
)
from tallystick.core.errors import Refused, Rejected, UnknownCommand
from tallystick.core.holding import Lock, Move, Release, holding_id, vault
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market import house as houses
from tests.contracts.market.exchange import AUCTION, FUTURE, Exchange, money
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    CARL,
    DAY,
    DORA,
    HOUR,
    OPERATOR,
    QUARTER,
    STRANGER,
    House,
    attempt,
    do,
    signers_of,
)
from tests.contracts.market.registry import ALLOWANCES, DEADLINE
from tests.contracts.market.settling import goods_account

NOWHERE = RecordId(b"\x07" * 32)
LOCK = LockId(Hash(b"\x09" * 32))


class Scene:
    """A market in which Anna has sold lots to Ben; some of hers are left, some money is held."""

    def __init__(self, **changes: Any) -> None:
        self.house = houses.open_house()
        self.market = houses.open_market(self.house, houses.energy_rules(self.house, **changes))
        self.offer = self.sell(ANNA, lots=10, level=20)
        self.bid = self.buy(BEN, lots=4, level=30)
        self.book = houses.book_of(self.house, self.market)
        self.fill = fill_id(self.book, 0)

    def buy(self, owner: int, **terms: Any) -> RecordId:
        """Place an order to buy."""
        return houses.place(self.house, houses.buy(self.house, self.market, owner, **terms))

    def sell(self, owner: int, **terms: Any) -> RecordId:
        """Place an order to sell."""
        return houses.place(self.house, houses.sell(self.house, self.market, owner, **terms))

    def order(self, **changes: Any) -> commands.Place:
        """Return an order of Carl's that would be accepted, with some fields changed."""
        good = houses.buy(self.house, self.market, CARL, lots=5, level=10)
        return replace(good, **changes)

    def holding(self, owner: int | PublicKey) -> RecordId:
        """Return the id of somebody's account of money."""
        owner = key(owner) if isinstance(owner, int) else owner
        return holding_id(self.house.money, owner)


def refused(scene: Scene, command: Record | list[Record], *signers: int) -> Verdict:
    """Return the verdict on an attack, after which everything must stand as it stood."""
    before = snapshot(scene.house)
    verdict = attempt(scene.house, command, *signers)
    assert verdict == accepted or before == snapshot(scene.house)
    return verdict


def snapshot(house: House) -> list[tuple[RecordId, list[bytes]]]:
    """Return every record that the block in the making has changed, and its events."""
    overlay = house.trial.candidate.overlay
    return [(each.id, sorted(map(encode, each.after.values()))) for each in overlay.changes()]


def product(scene: Scene, *, begin: int = BEGIN, length: int = QUARTER) -> Product:
    """Return a product of the market."""
    return houses.product_of(scene.house, scene.market, begin=begin, length=length)


BAD_ORDERS: list[tuple[str, Callable[[Scene], dict[str, Any]], Verdict]] = [
    ("good", lambda _: {}, accepted),
    ("no lots", lambda _: {"lots": 0}, UnknownCommand),
    ("negative lots", lambda _: {"lots": -1}, UnknownCommand),
    ("lots beyond an amount", lambda _: {"lots": AMOUNT_MAX + 1}, UnknownCommand),
    ("value beyond an amount", lambda _: {"lots": AMOUNT_MAX}, errors_orders.ValueTooLarge),
    ("energy beyond an amount", lambda _: {"lots": 2**50}, errors_orders.ValueTooLarge),
    ("negative price", lambda _: {"level": -1}, UnknownCommand),
    ("price off the scale", lambda _: {"level": LEVELS_MAX}, UnknownCommand),
    ("price above the band", lambda _: {"level": 1_000}, errors_orders.LevelOutside),
    ("negative minimum", lambda _: {"least": -1}, UnknownCommand),
    ("minimum above all", lambda _: {"least": 6}, errors_orders.LeastExceedsLots),
    ("unfunded", lambda _: {"lots": 10**7}, asset_errors.NotEnough),
    (
        "lapsed already",
        lambda s: {"valid_until": s.house.trial.time},
        errors_orders.ValidityTooShort,
    ),
    ("unknown market", lambda _: {"market": NOWHERE}, errors_orders.MarketNotFound),
    (
        "unknown unit",
        lambda s: {"product": replace(product(s), unit=NOWHERE)},
        errors_orders.UnitDiffers,
    ),
    (
        "in the past",
        lambda s: {"product": product(s, begin=BEGIN - DAY)},
        errors_orders.OutsidePeriods,
    ),
    (
        "unaligned",
        lambda s: {"product": product(s, begin=BEGIN + 60)},
        errors_orders.NotAligned,
    ),
    ("no delivery", lambda s: {"product": product(s, length=0)}, errors_orders.LengthNotAllowed),
    (
        "an end before the begin",
        lambda s: {"product": product(s, length=-QUARTER)},
        errors_orders.LengthNotAllowed,
    ),
    ("odd length", lambda s: {"product": product(s, length=901)}, errors_orders.LengthNotAllowed),
    (
        "far beyond all periods",
        lambda s: {"product": product(s, begin=BEGIN + 400 * DAY)},
        errors_orders.OutsidePeriods,
    ),
    (
        "the end of time",
        lambda _: {"product": Product(NOWHERE, SECONDS_MAX, SECONDS_MAX + 1)},
        UnknownCommand,
    ),
    ("another's account", lambda _: {"owner": key(BEN)}, errors_orders.SignerIsNotOwner),
    ("a device of its own accord", lambda _: {"device": NOWHERE}, errors_sources.DeviceNotExpected),
    ("sold from nothing", lambda _: {"side": Side.SELL}, errors_sources.DeviceNotNamed),
    (
        "sold from an unknown device",
        lambda _: {"side": Side.SELL, "device": NOWHERE},
        errors_sources.DeviceNotFound,
    ),
    (
        "sold from another's device",
        lambda s: {"side": Side.SELL, "device": houses.device_of(s.house, ANNA)},
        errors_sources.DeviceOfAnother,
    ),
    ("without meters", lambda _: {"meters": ()}, errors_sources.MetersDoNotCover),
    (
        "by another's meter",
        lambda s: {
            "meters": houses.meters_of(s.house, s.market, BEN, Side.BUY, product(s)),
        },
        errors_sources.MeterHasNotSigned,
    ),
]


@pytest.mark.parametrize(
    ("changes", "verdict"), [row[1:] for row in BAD_ORDERS], ids=[row[0] for row in BAD_ORDERS]
)
def test_bad_orders(changes: Callable[[Scene], dict[str, Any]], verdict: Verdict) -> None:
    """Each meets the rejection of its own sort."""
    scene = Scene()
    assert verdict == refused(scene, scene.order(**changes(scene)), *signers_of(CARL))


def test_orders_come_before_the_gate_closes() -> None:
    """Neither in its last moment nor after the delivery."""
    scene = Scene()
    command = scene.order()
    for moment in (BEGIN - HOUR, BEGIN, BEGIN + QUARTER):
        houses.move_to(scene.house, moment)
        assert errors_orders.GateClosed == refused(scene, command, *signers_of(CARL))


WRONG_SIGNERS: list[tuple[Callable[[Scene], Record], int, Verdict]] = [
    (lambda s: commands.Cancel(s.offer), BEN, errors_orders.SignerIsNotOwner),
    (lambda s: commands.Cancel(s.offer), OPERATOR, errors_orders.SignerIsNotOwner),
    (lambda s: commands.Suspend(s.market, key(ANNA)), BEN, errors_orders.SignerIsNotOperator),
    (lambda s: commands.Admit(s.market, key(BEN)), BEN, errors_orders.SignerIsNotOperator),
    (lambda s: commands.Pay(s.market, key(ANNA), 1), BEN, errors_orders.SignerIsNotOwner),
    (
        lambda s: commands.Open("rival", houses.rules_of(s.house, s.market)),
        ANNA,
        errors_orders.SignerIsNotOperator,
    ),
    (lambda s: s.order(), STRANGER, errors_orders.SignerIsNotOwner),
    (
        lambda s: houses.take_of(s.house, s.offer, CARL, lots=1),
        BEN,
        errors_orders.SignerIsNotOwner,
    ),
]


@pytest.mark.parametrize(("command", "signer", "verdict"), WRONG_SIGNERS)
def test_wrong_signers(command: Callable[[Scene], Record], signer: int, verdict: Verdict) -> None:
    """Nobody acts for somebody else, not even the operator."""
    scene = Scene()
    assert verdict == refused(scene, command(scene), *signers_of(signer))


def test_what_ended_is_not_cancelled_nor_taken() -> None:
    """A filled order is a contract, and a cancelled one is gone."""
    scene = Scene()
    assert errors_orders.OrderNotOpen == refused(scene, commands.Cancel(scene.bid), BEN)
    houses.cancel(scene.house, scene.offer)
    assert errors_orders.OrderNotOpen == refused(scene, commands.Cancel(scene.offer), ANNA)
    take = houses.take_of(scene.house, scene.offer, CARL, lots=1)
    assert errors_orders.OrderNotOpen == refused(scene, take, *signers_of(CARL))


def test_nobody_takes_more_than_there_is() -> None:
    """Nor the same lots twice."""
    scene = Scene()
    take = houses.take_of(scene.house, scene.offer, CARL, lots=6)
    assert errors_orders.LotsNotAvailable == refused(
        scene, replace(take, lots=7), *signers_of(CARL)
    )
    twice: list[Record] = [take, take]
    assert errors_orders.OrderNotOpen == refused(scene, twice, *signers_of(CARL))


def settled() -> Scene:
    """Return the scene after the delivery was settled."""
    scene = Scene()
    houses.move_to(scene.house, BEGIN + QUARTER)
    houses.produce(scene.house, ANNA, 400)
    houses.consume(scene.house, BEN, 400)
    do(scene.house, commands.Settle((scene.fill,)), STRANGER)
    return scene


def test_nothing_is_settled_twice() -> None:
    """Neither in one command nor in two, nor anew without a reason."""
    scene = settled()
    again = errors_settlement.FillSettledAlready
    assert again == refused(scene, commands.Settle((scene.fill,)), STRANGER)
    resettle = commands.Resettle((scene.fill,))
    assert errors_settlement.NothingChanged == refused(scene, resettle, STRANGER)
    fresh = Scene()
    houses.move_to(fresh.house, BEGIN + 2 * DAY)
    assert again == refused(fresh, commands.Settle((fresh.fill, fresh.fill)), STRANGER)


def test_nothing_is_settled_before_it_was_delivered() -> None:
    """Nor a fill that never was, nor before its readings are there."""
    scene = Scene()
    settle = commands.Settle((scene.fill,))
    assert errors_settlement.DeliveryNotOver == refused(scene, settle, ANNA, BEN)
    unknown = commands.Settle((NOWHERE,))
    assert errors_settlement.FillNotFound == refused(scene, unknown, STRANGER)
    houses.move_to(scene.house, BEGIN + QUARTER)
    assert errors_settlement.ReadingMissing == refused(scene, settle, ANNA, BEN)


FORGED: list[tuple[Callable[[Scene], Record], tuple[int, ...], Verdict]] = [
    (
        lambda s: Report(battery(s), on=True, connected=True, stored_wh=9_000),
        (STRANGER,),
        device_errors.ControllerHasNotSigned,
    ),
    (
        lambda s: Report(battery(s), on=True, connected=True, stored_wh=9_000),
        (CARL,),
        device_errors.ControllerHasNotSigned,
    ),
    (
        lambda s: Report(battery(s), on=True, connected=True, stored_wh=10_001),
        (houses.CONTROLLER_NUMBERS + CARL,),
        device_errors.StoredAboveCapacity,
    ),
    (
        lambda s: Declare(battery(s), BEGIN, BEGIN + QUARTER, 0),
        (BEN,),
        device_errors.ControllerHasNotSigned,
    ),
    (
        lambda s: DeclareOutage(battery(s), houses.SECTOR, BEGIN, BEGIN + QUARTER, False),  # noqa: FBT003 - as in the record.
        (BEN,),
        device_errors.SignerIsNotGridOperator,
    ),
]


def battery(scene: Scene) -> RecordId:
    """Return the id of Carl's battery."""
    return houses.device_of(scene.house, CARL, DeviceKind.BATTERY)


@pytest.mark.parametrize(("forged", "signers", "verdict"), FORGED)
def test_forged_states_and_availabilities(
    forged: Callable[[Scene], Record], signers: tuple[int, ...], verdict: Verdict
) -> None:
    """Only the controller speaks for a device, and only of what it can hold."""
    scene = Scene()
    command = forged(scene)
    assert verdict == refused(scene, command, *signers)
    offer = houses.sell(scene.house, scene.market, CARL, lots=5, level=40, kind=DeviceKind.BATTERY)
    assert errors_sources.BatteryNotReady == refused(scene, offer, *signers_of(CARL))


def test_a_battery_sells_what_it_holds_once() -> None:
    """Two orders that each fit are too much together, and an old report is none."""
    scene = Scene()
    houses.report(scene.house, CARL, stored_wh=1_000)
    offer = houses.sell(scene.house, scene.market, CARL, lots=6, level=40, kind=DeviceKind.BATTERY)
    do(scene.house, offer, *signers_of(CARL))
    assert errors_sources.BatteryTooEmpty == refused(scene, offer, *signers_of(CARL))
    houses.move_to(scene.house, BEGIN - 2 * HOUR)
    smaller = replace(offer, lots=1)
    assert errors_sources.BatteryNotReady == refused(scene, smaller, *signers_of(CARL))


def test_an_availability_after_the_begin_cuts_nothing() -> None:
    """Who sees that he cannot deliver has no second thoughts."""
    scene = Scene()
    houses.move_to(scene.house, BEGIN)
    device = houses.device_of(scene.house, ANNA)
    command = Declare(device, BEGIN, BEGIN + QUARTER, 0)
    late = refused(scene, command, houses.CONTROLLER_NUMBERS + ANNA)
    assert device_errors.IntervalHasBegun == late


def thefts(scene: Scene) -> list[Record]:
    """Return commands by which Carl would lay hands on what the market holds."""
    clearing = vault("market", clearing_vault(scene.market))
    balancing = vault("market", balancing_vault(scene.market))
    mine = key(CARL)
    return [
        Release("asset", scene.holding(BEN), LockId(Hash(scene.bid))),
        Move("asset", scene.holding(BEN), LockId(Hash(scene.bid)), 1, mine),
        Move("asset", scene.holding(clearing), clearing_vault(scene.market), 1, mine),
        Move("asset", scene.holding(balancing), balancing_vault(scene.market), 1, mine),
        Lock("asset", scene.holding(BEN), LockId(Hash(scene.bid)), 0, 1),
        Transfer(scene.house.money, clearing, mine, 1),
        Transfer(scene.house.money, balancing, mine, 1),
        Burn(scene.house.money, clearing, 1, "theft"),
        Release("certificate", houses.measurement_of(ANNA, Side.SELL), LockId(Hash(scene.book))),
    ]


@pytest.mark.parametrize("number", range(9))
def test_what_the_market_holds_obeys_nobody_else(number: int) -> None:
    """Neither a person nor another contract that knows the lock id moves money or goods."""
    scene = Scene()
    for owner in ("market", "device"):
        houses.mint(scene.house, scene.house.money, vault(owner, clearing_vault(scene.market)), 9)
    houses.mint(scene.house, scene.house.money, vault("market", balancing_vault(scene.market)), 9)
    command = thefts(scene)[number]
    before = snapshot(scene.house)
    for caller in ("", "device", "identity"):
        verdict = scene.house.trial.execute(command, signers=[CARL], caller=caller)
        assert verdict != accepted
        assert before == snapshot(scene.house)


def test_locked_money_is_not_spent() -> None:
    """An order's funds are its owner's no longer."""
    scene = Scene()
    spendable, locked = houses.account(scene.house, scene.house.money, BEN)
    assert locked > 0
    everything = Transfer(scene.house.money, key(BEN), key(CARL), spendable + 1)
    assert asset_errors.NotEnough == refused(scene, everything, BEN)


def test_pledged_measurements_are_not_sold_twice() -> None:
    """Neither in another market nor by another pledge, on neither side."""
    scene = Scene()
    other = houses.open_market(scene.house, houses.energy_rules(scene.house), name="other")
    for draft, owner in ((houses.sell, ANNA), (houses.buy, BEN)):
        command = draft(scene.house, other, owner, lots=1, level=50)
        verdict = refused(scene, command, *signers_of(owner))
        assert certificate_errors.PledgeInForce == verdict
    meter = houses.meter_of(ANNA, Side.SELL)
    pledge = Pledge(key(meter), BEGIN, "market", LOCK, scene.house.trial.time + 1)
    assert certificate_errors.PledgeInForce == refused(scene, pledge, meter)


def test_certificates_born_locked_obey_the_market_only() -> None:
    """Between issue and settlement their owner's signature moves nothing."""
    scene = Scene()
    houses.move_to(scene.house, BEGIN + QUARTER)
    id = houses.produce(scene.house, ANNA, 400)
    consumption = houses.consume(scene.house, CARL, 400)
    meter, carl = houses.meter_of(ANNA, Side.SELL), houses.meter_of(CARL, Side.BUY)
    parts = (SplitPart(1, key(meter)), SplitPart(399, key(meter)))
    tried: list[Record] = [
        TransferCertificate(id, key(CARL), None),
        Split(id, parts, None),
        Claim(id, consumption, None),
        Claim(id, consumption, LockId(Hash(scene.book))),
    ]
    verdicts = {refused(scene, command, meter, carl) for command in tried}
    assert {certificate_errors.LockedForAnother} == verdicts


def test_money_that_is_nothing_buys_nothing() -> None:
    """No market is opened for it."""
    house = houses.open_house()
    rules = houses.energy_rules(house, money=NOWHERE)
    assert errors_orders.RulesContradict == attempt(
        house, commands.Open("nothing", rules), OPERATOR
    )


def test_goods_of_an_unknown_class_or_contract() -> None:
    """What nobody has cannot be sold, wherever it is said to be kept."""
    house = houses.open_house()
    market = houses.open_market(house, houses.holding_rules(house))
    day = houses.product_of(house, market)
    unknown = houses.sell(house, market, ANNA, lots=1, level=1, product=replace(day, unit=NOWHERE))
    verdict = attempt(house, unknown, ANNA)
    assert errors_orders.UnitDiffers == verdict


def test_a_mandate_obeys_its_agent_and_nobody_else() -> None:
    """Not another agent, not the owner under the agent's name, not one that is not there."""
    scene = Scene()
    meters = houses.meters_of(scene.house, scene.market, CARL, Side.BUY, product(scene))
    absent = commands.Produce(NOWHERE, product(scene), 1_000, meters)
    assert MandateNotFound == refused(scene, absent, *signers_of(CARL))
    given = commands.Mandate(
        market=scene.market,
        owner=key(CARL),
        agent=key(STRANGER),
        side=Side.BUY,
        level=10,
        keep_wh=0,
        lots_max=5,
        budget=1_000,
        funds=1_000,
        device=None,
        begin=BEGIN,
        end=BEGIN + DAY,
    )
    assert errors_orders.SignerIsNotOwner == refused(scene, given, STRANGER)
    do(scene.house, given, CARL)
    id = next(
        each.mandate for each in reversed(scene.house.trial.events) if hasattr(each, "mandate")
    )
    command = replace(absent, mandate=id)
    assert SignerIsNotAgent == refused(scene, command, *signers_of(CARL))


def test_an_auction_is_cleared_once_and_not_before() -> None:
    """Anybody may clear it; nobody changes what came out."""
    scene = Scene(trading=Trading.CALL)
    clear = commands.Clear(scene.market, product(scene), 256)
    assert GateNotClosed == refused(scene, clear, OPERATOR)
    assert UnknownCommand == refused(scene, replace(clear, fills_max=0), STRANGER)
    assert UnknownCommand == refused(scene, replace(clear, fills_max=1_025), STRANGER)
    houses.move_to(scene.house, BEGIN - HOUR)
    assert errors_orders.GateClosed == refused(scene, commands.Cancel(scene.offer), ANNA)
    do(scene.house, clear, STRANGER)
    assert AlreadyCleared == refused(scene, clear, OPERATOR)


def test_central_counterparties_need_auctions_of_holdings() -> None:
    """Where fills cannot be anonymous, a market does not say that they are."""
    house = houses.open_house()
    for rules in (
        houses.energy_rules(house, counterparty=Counterparty.CENTRAL, trading=Trading.CALL),
        houses.holding_rules(house, counterparty=Counterparty.CENTRAL),
    ):
        verdict = attempt(house, commands.Open("dark", rules), OPERATOR)
        assert errors_orders.RulesContradict == verdict


def test_a_buyer_who_cannot_receive_takes_no_deposit() -> None:
    """Whoever has no account has bought a future all the same, and its seller has delivered."""
    at = Exchange(ANNA, **FUTURE)
    fill = at.trade()
    houses.move_to(at.house, at.product.begin)
    assert accepted == at.settle(fill, ANNA)
    houses.move_to(at.house, at.product.end)
    assert errors_settlement.FillSettledAlready == at.settle(fill, CARL)
    assert [10_000, -10_000] == money(at, ANNA, CARL)


@pytest.mark.parametrize("spoilt", ["scattered", "stale"])
def test_a_spoilt_vault_takes_no_deposit(spoilt: str) -> None:
    """Nor does whatever lies in a book's vault that could let it refuse."""
    at = Exchange(ANNA, CARL, begin=DEADLINE + DAY, banking_ppm=10**6, **AUCTION, **FUTURE)
    pool = goods_account(at.book)
    if spoilt == "stale":
        at.registry.leave(pool, 1)
    fill_price = at.trade()
    houses.move_to(at.house, at.product.begin)
    for owner in (ANNA, CARL):
        at.registry.carry_over(at.registry.holding(owner))
    if spoilt == "scattered":
        at.registry.scatter(pool)
    at.clear()
    assert accepted == at.settle(at.fill(1), ANNA)
    houses.move_to(at.house, at.product.end)
    assert accepted == at.settle(fill_price, CARL)
    assert [10_000, -10_000] == money(at, ANNA, CARL)


def test_a_buyer_who_cannot_receive_binds_nobodys_goods() -> None:
    """A spot trade is settled, and both bills are closed."""
    at = Exchange(ANNA)
    fill = at.trade()
    assert accepted == at.settle(fill)
    assert [10_000, -10_000] == money(at, ANNA, CARL)
    assert accepted == at.close(ANNA, CARL)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("banking_ppm", [500_000, 0])
def test_one_lock_that_shrinks_stops_no_auction(*, named: bool, banking_ppm: int) -> None:
    """Everybody else trades, and when all bills are closed nobody has anything bound."""
    changes: dict[str, Any] = {"trading": Trading.CALL} if named else AUCTION
    at = Exchange(*(ANNA, BEN, CARL), begin=DEADLINE + DAY, banking_ppm=banking_ppm, **changes)
    attack, offer, bid = at.offer(ANNA, 2, 1), at.offer(BEN, 50, 2), at.bid(CARL, 52, 3)
    houses.move_to(at.house, DEADLINE)
    at.registry.carry_over(at.registry.lock(ANNA, attack))
    houses.move_to(at.house, at.product.begin)
    at.clear()
    for fill in houses.fills(at.house, at.book):
        if fill.settled is None:
            assert accepted == at.settle(at.fill(fill.number))
    assert accepted == at.close(ANNA, BEN, CARL)
    for owner, order in ((ANNA, attack), (BEN, offer), (CARL, bid)):
        assert 0 == houses.order(at.house, order).funded
        assert 0 == at.registry.locked(owner, order)
        assert 0 == houses.account(at.house, at.house.money, owner)[1]


def test_one_lock_that_shrinks_stops_no_arriving_order() -> None:
    """Who meets it takes it out; its owner, or anybody, may as well."""
    for attack in ("meet", "cancel", "end"):
        at = Exchange(*(ANNA, BEN, CARL), begin=DEADLINE + DAY, banking_ppm=500_000)
        draft = houses.sell(at.house, at.market, ANNA, lots=3, level=1, product=at.product)
        lapses_at = DEADLINE * 1_000 + 1
        resting = houses.place(at.house, replace(draft, valid_until=lapses_at))
        houses.move_to(at.house, DEADLINE + 1)
        at.registry.carry_over(at.registry.lock(ANNA, resting))
        for owner in (ANNA, BEN):
            at.registry.carry_over(at.registry.holding(owner))
        at.offer(BEN, 100, 5)
        if attack == "meet":
            at.bid(CARL, 10, 10)
        else:
            signer = ANNA if attack == "cancel" else STRANGER
            do(at.house, commands.Cancel(resting), signer)
        assert 0 == at.registry.locked(ANNA, resting)
        assert (ALLOWANCES - 3) // 2 + 1 == at.registry.held(ANNA)


def test_wash_trades_end_before_a_bill_overflows() -> None:
    """Whoever trades that much is told when he places an order, and stops nobody else."""
    house = houses.open_house()
    houses.mint(house, house.money, CARL, 2**52)
    rules = houses.holding_rules(house, levels=10, tick=10**12, quantum=1)
    market = houses.open_market(house, rules)
    money_back = Transfer(house.money, key(DORA), key(CARL), 9 * 10**12)
    verdict: Verdict = accepted
    for number in range(1_001):
        offer = houses.sell(house, market, DORA, lots=1, level=9)
        verdict = attempt(house, offer, DORA)
        if verdict != accepted:
            break
        houses.place(house, houses.buy(house, market, CARL, lots=1, level=9))
        fill = fill_id(houses.book_of(house, market), number)
        do(house, [commands.Settle((fill,)), money_back], DORA)
    assert errors_orders.ValueTooLarge == verdict
    assert AMOUNT_MAX // (9 * 10**12) == number
    houses.place(house, houses.sell(house, market, ANNA, lots=1, level=0))
    assert errors_orders.ValueTooLarge == attempt(
        house, houses.buy(house, market, CARL, lots=1, level=9), CARL
    )
    houses.place(house, houses.buy(house, market, BEN, lots=1, level=0))
    fill = fill_id(houses.book_of(house, market), number)
    do(house, commands.Settle((fill,)), STRANGER)


def test_a_payee_without_a_key_holds_up_no_bill() -> None:
    """A market that nobody could bill is not opened."""
    house = houses.open_house()
    charge = Charge("fee", Basis.VALUE, 1_000, PublicKey(b"\x05" + bytes(32)))
    rules = houses.energy_rules(house, charges=(charge,))
    assert errors_orders.RulesContradict == attempt(house, commands.Open("x", rules), OPERATOR)


def test_maintenance_in_the_last_second_is_no_way_out() -> None:
    """Who sees during delivery that it fails pays for it."""
    gains = []
    for announced in (False, True):
        scene = Scene(shortfall_price=1_000)
        houses.mint(
            scene.house, scene.house.money, vault("market", balancing_vault(scene.market)), DAY
        )
        houses.move_to(scene.house, BEGIN + QUARTER - 60)
        if announced:
            device, end = houses.device_of(scene.house, ANNA), BEGIN + QUARTER
            command = DeclareOutage(device, houses.SECTOR, end - 1, end, True)  # noqa: FBT003 - as in the record.
            do(scene.house, command, ANNA)
        houses.move_to(scene.house, BEGIN + QUARTER)
        houses.publish(scene.house, ANNA, Side.SELL, 0)
        houses.consume(scene.house, BEN, 400)
        do(scene.house, commands.Settle((scene.fill,)), STRANGER)
        gains.append(sum(houses.account(scene.house, scene.house.money, ANNA)) - houses.MONEY)
    assert [-4 * 980] * 2 == gains


EXTREMES = (0, 1, -1, 2, 899, 900, 2**31, 2**32, AMOUNT_MAX, AMOUNT_MAX + 1, 2**63 - 1, 2**64 - 1)


def mangled(record: Struct, chance: random.Random) -> Any:
    """Return a record with one of its fields, however deep, made extreme or somebody else's."""
    name = chance.choice([field.name for field in fields(record)])
    value = getattr(record, name)
    return replace(record, **{name: _mangle(value, chance)})


def _mangle(value: Any, chance: random.Random) -> Any:
    """Return another value of the same sort."""
    if isinstance(value, Struct):
        return mangled(value, chance)
    if isinstance(value, tuple):
        if not value or chance.random() < 0.3:
            return chance.choice(((), value * 2, value[:1], value[::-1]))
        n = chance.randrange(len(value))
        return (*value[:n], _mangle(value[n], chance), *value[n + 1 :])
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return chance.choice((*EXTREMES, value + 1, value - 1))
    if isinstance(value, bytes) or value is None:
        return chance.choice((None, bytes(32), b"\x07" * 32, key(ANNA), key(BEN), b""))
    if isinstance(value, str):
        return chance.choice(("", "x" * 40, "*", "village"))
    assert isinstance(value, Enum)
    return chance.choice([*type(value)])


@pytest.mark.parametrize("seed", range(4))
def test_mangled_commands_are_refused_and_nothing_else_is_raised(seed: int) -> None:
    """Whoever signs, a command is accepted, rejected or refused, and the laws hold after it."""
    chance, scene = random.Random(seed), settled()
    good = good_commands(scene)
    everybody = (ANNA, BEN, CARL, OPERATOR, STRANGER)
    signers = [n for owner in everybody[:3] for n in signers_of(owner)]
    for _ in range(400):
        command = mangled(chance.choice(good), chance)
        verdict = refused(scene, command, *signers, OPERATOR, STRANGER)
        assert verdict == accepted or issubclass(verdict, (Refused, Rejected))


def good_commands(scene: Scene) -> list[Record]:
    """Return a command of every sort that could be accepted, for a delivery that is to come."""
    house, market = scene.house, scene.market
    later = product(scene, begin=BEGIN + DAY)
    bid = houses.buy(house, market, CARL, lots=5, level=10, product=later)
    offer = houses.sell(house, market, ANNA, lots=5, level=9, product=later)
    standing = houses.place(house, houses.sell(house, market, BEN, lots=9, level=50, product=later))
    mandate = commands.Mandate(
        market=market,
        owner=key(CARL),
        agent=key(STRANGER),
        side=Side.BUY,
        level=10,
        keep_wh=0,
        lots_max=5,
        budget=1_000,
        funds=100,
        device=None,
        begin=BEGIN,
        end=BEGIN + 2 * DAY,
    )
    do(house, mandate, CARL)
    id = next(each.mandate for each in reversed(house.trial.events) if hasattr(each, "mandate"))
    return [
        bid,
        offer,
        houses.take_of(house, standing, CARL, lots=2),
        commands.Cancel(standing),
        commands.Open("more", houses.rules_of(house, market)),
        commands.Admit(market, key(CARL)),
        commands.Suspend(market, key(STRANGER)),
        mandate,
        commands.Produce(id, later, 900, bid.meters),
        commands.EndMandate(id),
        commands.Clear(market, later, 10),
        commands.Settle((scene.fill,)),
        commands.Fetch(scene.fill, 0),
        commands.Resettle((scene.fill,)),
        commands.Close(market, 0, (key(ANNA), key(BEN))),
        commands.Pay(market, key(ANNA), 1),
    ]
