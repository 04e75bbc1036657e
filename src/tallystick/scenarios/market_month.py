"""
A month in the town's market, day by day: two hours of trade each, settled the morning after.

At noon three roofs offer and the factory buys from all of them with one order; a home with a
standing order takes some, too. In the evening the battery offers once and five homes take their
parts of that one order. One evening the line fails; one day the battery gives less than it sold.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.client.ledger import Ledger, TransactionRejected
from tallystick.contracts.asset.commands import Transfer
from tallystick.contracts.asset.errors import NotEnough
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.certificate.commands import Correct, Issue
from tallystick.contracts.device.commands import DeclareOutage, Register, Report
from tallystick.contracts.device.errors import ControllerHasNotSigned
from tallystick.contracts.device.events import DeviceRegistered
from tallystick.contracts.device.model import DeviceKind
from tallystick.contracts.market.commands import (
    Cancel,
    Close,
    Mandate,
    MeterKey,
    Open,
    Pay,
    Place,
    Produce,
    Resettle,
    Settle,
    Take,
)
from tallystick.contracts.market.errors import (
    BatteryTooEmpty,
    FillSettledAlready,
    GateClosed,
    NothingToProduce,
    OrderNotOpen,
    SignerIsNotOwner,
)
from tallystick.contracts.market.events import (
    MandateGiven,
    MarketCorrected,
    MarketEntry,
    MarketFilled,
    MarketOpened,
    MarketSettled,
    OrderPlaced,
)
from tallystick.contracts.market.model import Side, balancing_vault
from tallystick.contracts.market.views import ParticipantView, ShowParticipant
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind as MeterKind
from tallystick.contracts.measurement.model import Quality, measurement_id
from tallystick.core.errors import Rejected
from tallystick.core.holding import vault

from .local_time import from_local
from .market_cast import (
    BATTERY,
    BATTERY_CAPACITY_WH,
    BATTERY_OFFER_WH,
    FACTORY,
    FACTORY_WH,
    HOME_SHARE_WH,
    HOMES,
    HOUR,
    MARKET,
    PEOPLE,
    ROOFS,
    SAVER,
    SAVER_WH,
    SECTOR,
    SELLERS,
    Cast,
    Key,
    battery_wh,
    home_wh,
    roof_wh,
)
from .market_rules import (
    DELAY_SECONDS,
    SCALE,
    define_money,
    grant,
    level_of,
    market_rules,
    product_at,
)
from .market_told import Plan, Told
from .scenario import Advance
from .village_weeks import DayClock

AnyRecord = TypeVar("AnyRecord", bound=Record)
YEAR, MONTH = 2016, 3
NOON, EVENING = 12, 18
FUNDS: int = 1_000 * 10**SCALE
BALANCING_FUNDS: int = 500 * 10**SCALE
BUDGET: int = 2 * 10**SCALE
FILLS_A_SETTLEMENT = 64


class Month:
    """The market, and everything that is done in it."""

    def __init__(self, ledger: Ledger, cast: Cast, clock: DayClock, plan: Plan) -> None:
        self.ledger, self.cast, self.clock, self.plan = ledger, cast, clock, plan
        self.told = Told()
        self.devices: dict[str, RecordId] = {}
        self.money, self.market, self.mandate = (RecordId(bytes(32)) for _ in range(3))

    def found(self) -> None:
        """Make money, open the market, register devices, give the standing order."""
        mint, operator = self.cast.office("mint"), self.cast.office("operator")
        self.money = _one(self._do(define_money(mint), mint), AssetDefined).asset
        grants = [(self.cast.account(name), FUNDS) for name in PEOPLE]
        self._do(
            [grant(self.money, each, amount) for each, amount in grants]
            + [grant(self.money, operator, BALANCING_FUNDS)],
            mint,
        )
        begin, end = midnight(0), midnight(31)
        rules = market_rules(self.money, self.cast, begin=begin, end=end)
        self.market = _one(self._do(Open(MARKET, rules), operator), MarketOpened).market
        till = vault("market", balancing_vault(self.market))
        self._do(Transfer(self.money, operator.public, till, BALANCING_FUNDS), operator)
        for name in SELLERS:
            self._register(name)
        self._give_mandate(begin, end)

    def play(self, advance: Advance) -> None:
        """Play every day, then close the month."""
        for day in range(self.plan.days):
            self._trade(day)
            self._settle(day)
            advance(1)
        self._correct()
        self._close()

    def _trade(self, day: int) -> None:
        """Offer and buy at noon and in the evening, three hours before noon."""
        noon, evening = hour_of(day, NOON), hour_of(day, EVENING)
        self.clock.milliseconds = (noon - 3 * HOUR) * 1_000
        offers = [
            self._place(roof, Side.SELL, noon, roof_wh(roof, day) * 9 // 10, price=100 + 20 * n)
            for n, roof in enumerate(ROOFS)
        ]
        self._place(FACTORY, Side.BUY, noon, FACTORY_WH, price=180)
        if day == 0:
            self._try(
                "cancel of a filled order",
                OrderNotOpen,
                Cancel(offers[0]),
                self.cast.account(ROOFS[0]),
            )
        self._produce(noon)
        battery, home = self.cast.account(BATTERY), HOMES[0]
        self._report(day)
        order = self._place(BATTERY, Side.SELL, evening, BATTERY_OFFER_WH, price=240)
        if day == 0:
            self._try_misuse(evening)
        for each in HOMES:
            self._take(each, order, evening)
        if day == 0:
            self._try(
                "cancel of somebody else's order",
                SignerIsNotOwner,
                Cancel(order),
                self.cast.account(home),
            )
        self._do(Cancel(order), battery)
        if day == self.plan.outage_day:
            failed = DeclareOutage(self.devices[BATTERY], SECTOR, evening, evening + HOUR, False)  # noqa: FBT003
            self.clock.milliseconds = (evening + HOUR // 2) * 1_000
            self._do(failed, self.cast.office("grid"))

    def _settle(self, day: int) -> None:
        """Publish the day's readings with their certificates, and settle its trades."""
        noon, evening = hour_of(day, NOON), hour_of(day, EVENING)
        self.clock.milliseconds = (midnight(day + 1) + 6 * HOUR) * 1_000
        broken = day == self.plan.outage_day
        made = [(roof, noon, roof_wh(roof, day)) for roof in ROOFS]
        given = 0 if broken else battery_wh(day, weak_day=self.plan.weak_day)
        made.append((BATTERY, evening, given))
        used = [(FACTORY, noon, FACTORY_WH), (SAVER, noon, SAVER_WH)]
        used += [(home, evening, home_wh(home, day)) for home in HOMES]
        commands: list[Record] = []
        for name, begin, wh in made:
            commands.append(self._reading(name, begin, wh, MeterKind.PRODUCTION))
            if wh:
                id = measurement_id(self.cast.meter(name, begin).public, begin)
                commands.append(Issue(id, "T010000", "F01040100"))
        commands += [
            self._reading(name, begin, wh, MeterKind.CONSUMPTION) for name, begin, wh in used
        ]
        body = self.cast.office("issuing body")
        self._do(commands, body)
        fills = [each.fill for each in self.told.fills if each.fill not in self.told.settled]
        for n in range(0, len(fills), FILLS_A_SETTLEMENT):
            self._do(Settle(tuple(fills[n : n + FILLS_A_SETTLEMENT])), body)
        if day == 0:
            self._try("settling a trade twice", FillSettledAlready, Settle((fills[0],)), body)

    def _correct(self) -> None:
        """Correct one home's reading, post the difference, and let it pay what it owes."""
        evening = hour_of(self.plan.corrected_day, EVENING)
        home = HOMES[1]
        id = measurement_id(self.cast.meter(home, evening).public, evening)
        less = home_wh(home, self.plan.corrected_day) - 200
        body = self.cast.office("issuing body")
        self._do(Correct(id, less, Quality.MEASURED, ()), body)
        _, book = product_at(self.market, evening)
        account = self.cast.account(home).public
        touched = tuple(
            each.fill
            for each in self.told.fills
            if each.book == book and each.buy and self.told.orders[each.buy].owner == account
        )
        self._do(Resettle(touched), body)
        for name in PEOPLE:
            debtor = self.cast.account(name)
            view = self.ledger.ask(ShowParticipant(self.market, debtor.public))
            if isinstance(view, ParticipantView) and view.due:
                self.told.dues += view.due
                self._do(Pay(self.market, debtor.public, view.due), debtor)

    def _close(self) -> None:
        """Close everybody's statement once the month, and the wait for readings, is over."""
        self.clock.milliseconds = (midnight(31) + DELAY_SECONDS + HOUR) * 1_000
        traders = {self.told.orders[id].owner for each in self.told.fills for id in _sides(each)}
        self._do(Close(self.market, 0, tuple(sorted(traders))), self.cast.office("operator"))

    def _register(self, name: str) -> None:
        """Register what somebody sells from."""
        owner, controller = self.cast.account(name), self.cast.controller(name)
        kind = DeviceKind.BATTERY if name == BATTERY else DeviceKind.ROOF
        capacity = BATTERY_CAPACITY_WH if name == BATTERY else 0
        command = Register(owner.public, controller.public, kind, SECTOR, capacity)
        told = self._do(command, owner, controller)
        self.devices[name] = _one(told, DeviceRegistered).device

    def _give_mandate(self, begin: int, end: int) -> None:
        """Let the saver's agent buy at noon, up to a budget for the month."""
        saver, agent = self.cast.account(SAVER), self.cast.controller(SAVER)
        command = Mandate(
            market=self.market,
            owner=saver.public,
            agent=agent.public,
            side=Side.BUY,
            level=level_of(160),
            keep_wh=0,
            lots_max=SAVER_WH,
            budget=BUDGET,
            funds=BUDGET,
            device=None,
            begin=begin,
            end=end,
        )
        self.mandate = _one(self._do(command, saver), MandateGiven).mandate

    def _produce(self, begin: int) -> None:
        """Let the agent order until the budget is spent; then it is refused."""
        agent, meter = self.cast.controller(SAVER), self.cast.meter(SAVER, begin)
        product, _ = product_at(self.market, begin)
        keys = (MeterKey(meter.public, begin),)
        try:
            self._do(Produce(self.mandate, product, SAVER_WH, keys), agent, meter)
        except TransactionRejected as rejected:
            if (rejected.contract, rejected.code) != ("market", NothingToProduce.code):
                raise
            self.told.beyond_budget += 1

    def _report(self, day: int) -> None:
        """Let the battery's controller say how it is; once, let somebody else say so."""
        state = Report(self.devices[BATTERY], True, True, BATTERY_CAPACITY_WH // 2)  # noqa: FBT003
        if day == 0:
            self._try(
                "a forged battery state", ControllerHasNotSigned, state, self.cast.account(BATTERY)
            )
        self._do(state, self.cast.controller(BATTERY))

    def _place(self, name: str, side: Side, begin: int, lots: int, *, price: int) -> RecordId:
        """Place an order, and return its id."""
        command, *keys = self._order(name, side, begin, lots, price=price)
        return _one(self._do(command, *keys), OrderPlaced).order

    def _order(
        self, name: str, side: Side, begin: int, lots: int, *, price: int
    ) -> tuple[Place, Key, Key]:
        """Return an order with the keys that sign it."""
        account, meter = self.cast.account(name), self.cast.meter(name, begin)
        command = Place(
            market=self.market,
            product=product_at(self.market, begin)[0],
            side=side,
            owner=account.public,
            level=level_of(price),
            lots=lots,
            least=0,
            valid_until=0,
            device=self.devices[name] if side is Side.SELL else None,
            meters=(MeterKey(meter.public, begin),),
            partner=None,
        )
        return command, account, meter

    def _take(self, home: str, order: RecordId, begin: int) -> None:
        """Let a home take its part of the battery's order."""
        account, meter = self.cast.account(home), self.cast.meter(home, begin)
        keys = (MeterKey(meter.public, begin),)
        self._do(Take(order, account.public, HOME_SHARE_WH, None, keys), account, meter)

    def _try_misuse(self, begin: int) -> None:
        """Try what the rules forbid on the first evening."""
        too_much = self._order(BATTERY, Side.SELL, begin, BATTERY_CAPACITY_WH, price=240)
        self._try("selling more than the battery stores", BatteryTooEmpty, *too_much)
        late = self._order(FACTORY, Side.BUY, begin - 10 * HOUR, 5, price=100)
        self._try("an order after the gate has closed", GateClosed, *late)
        account = self.cast.account(BATTERY)
        paid = Transfer(self.money, self.cast.account(FACTORY).public, account.public, FUNDS)
        self._try("spending money that is locked", NotEnough, paid, self.cast.account(FACTORY))

    def _reading(self, name: str, begin: int, wh: int, kind: MeterKind) -> Publish:
        """Return somebody's reading of an hour."""
        key = self.cast.meter(name, begin)
        return Publish(key.public, begin, begin + HOUR, SECTOR, kind, wh, Quality.MEASURED)

    def _try(self, what: str, reason: type[Rejected], command: Record, *keys: Key) -> None:
        """Note whether something is refused for the reason for which it should be."""
        self.told.refused[what] = False
        try:
            self._do(command, *keys)
        except TransactionRejected as rejected:
            refusal = rejected.contract, rejected.code
            self.told.refused[what] = refusal == (reason.contract, reason.code)

    def _do(self, command: Record | Sequence[Record], *keys: Key) -> list[Record]:
        """Send commands, and remember what they brought about."""
        secrets = {key.public: key.secret for key in keys}
        receipt = self.ledger.send(command, [secrets[each] for each in sorted(secrets)])
        events = self.ledger.events(receipt)
        self._note(events)
        return events

    def _note(self, events: Iterable[Record]) -> None:
        """Remember what the story needs to know."""
        for event in events:
            match event:
                case OrderPlaced():
                    self.told.orders[event.order] = event
                case MarketFilled():
                    self.told.fills.append(event)
                case MarketSettled():
                    self.told.settled[event.fill] = event
                case MarketCorrected():
                    self.told.corrected[event.fill] = event
                case MarketEntry():
                    self.told.entries.append(event)


def midnight(day: int) -> int:
    """Return when a local day of the month begins, counted from 0. [s since the epoch, UTC]"""
    month, number = (MONTH, day + 1) if day < 31 else (MONTH + 1, day - 30)  # noqa: PLR2004
    return from_local(datetime(YEAR, month, number))[0]  # noqa: DTZ001 - a local time.


def hour_of(day: int, hour: int) -> int:
    """Return when a local hour of a day begins. [s since the epoch, UTC]"""
    return from_local(datetime(YEAR, MONTH, day + 1, hour))[0]  # noqa: DTZ001 - a local time.


def _one(events: Sequence[Record], kind: type[AnyRecord]) -> AnyRecord:
    """Return the event of a kind that a command reported."""
    return next(each for each in events if isinstance(each, kind))


def _sides(fill: MarketFilled) -> list[RecordId]:
    """Return the orders that a trade names."""
    return [id for id in (fill.buy, fill.sell) if id is not None]
