"""The rules of standing orders: mandate, produce, end-mandate."""

from msgspec.structs import replace

from tallystick.base.identifiers import Hash, LockId, RecordId
from tallystick.base.intervals import format_time
from tallystick.core.context import Context
from tallystick.core.holding import Release, holding_id

from . import commands
from .commands import EndMandate, Place, Produce
from .entry import enter_order
from .errors_mandates import (
    MandateDoesNotFit,
    MandateHasEnded,
    MandateIsNotTheirs,
    MandateNotFound,
    NothingToProduce,
    OutsideMandate,
    PeriodIsBehind,
    SignerIsNotAgent,
)
from .errors_orders import (
    BelowFeedInFloor,
    LevelOutside,
    MarketNotFound,
    SignerIsNotOwner,
)
from .errors_sources import DeviceNotExpected, DeviceNotNamed
from .events_mandates import MandateEnded, MandateGiven, OrderProduced
from .funding import MONEY, lock_money, required
from .mandates import lots_of, room_of, spent_in
from .model import Mandate, Market, MarketRules, Side, Subject, price_of
from .statements import period_within


def mandate(context: Context, command: commands.Mandate) -> None:
    """
    Let an agent produce orders within bounds, funded once and for all of them.

    A home wants to sell whatever its roof has over, and to buy for so much a month, without signing
    every quarter of an hour. The bounds are the owner's; within them the agent decides nothing but
    what it expects, and the lots follow from that.
    """
    # READ
    market = context.read(Market, command.market)
    # CHECK
    if market is None:
        raise MarketNotFound(command.market)
    if command.owner not in context.signers:
        raise SignerIsNotOwner(command.owner)
    _check_fit(market.rules, command)
    # COMPUTE
    id = context.derive_id()
    record = Mandate(
        market=command.market,
        owner=command.owner,
        agent=command.agent,
        side=command.side,
        level=command.level,
        keep_wh=command.keep_wh,
        lots_max=command.lots_max,
        budget=command.budget,
        device=command.device,
        funded=command.funds,
        period=0,
        spent=0,
        begin=command.begin,
        end=command.end,
        ended=False,
    )
    # WRITE
    lock_money(context, market.rules, command.owner, lock_id=LockId(Hash(id)), amount=command.funds)
    context.create(id, record)
    context.emit(
        MandateGiven(
            mandate=id,
            market=command.market,
            owner=command.owner,
            agent=command.agent,
            side=command.side,
            level=command.level,
            lots_max=command.lots_max,
            budget=command.budget,
            funds=command.funds,
            begin=command.begin,
            end=command.end,
        )
    )


def produce(context: Context, command: Produce) -> None:
    """
    Produce one delivery's order under a mandate.

    The agent and the meters' keys sign, the owner does not. An order that one of its meters' other
    orders forbids, or that comes after the gate, is refused as if the owner had placed it.
    """
    # READ
    given = context.read(Mandate, command.mandate)
    # CHECK
    if given is None:
        raise MandateNotFound(command.mandate)
    if given.ended:
        raise MandateHasEnded(command.mandate)
    if given.agent not in context.signers:
        raise SignerIsNotAgent(given)
    product = command.product
    if not given.begin <= product.begin < given.end or product.end > given.end:
        raise OutsideMandate(product, begin=given.begin, end=given.end)
    rules = _market(context, given.market).rules
    period = period_within(rules, product)
    if period < given.period:
        raise PeriodIsBehind(period, given.period)
    # COMPUTE
    spent = spent_in(given, period)
    lots = lots_of(
        given,
        expected_wh=command.expected_wh,
        quantum=rules.quantum,
        spent=spent,
        binds=lambda lots: required(rules, given.side, level=given.level, lots=lots),
    )
    if not lots:
        raise NothingToProduce(expected_wh=command.expected_wh, room=room_of(given, spent=spent))
    bound = required(rules, given.side, level=given.level, lots=lots)
    # WRITE
    left = replace(given, funded=given.funded - bound, period=period, spent=spent + bound)
    context.write(command.mandate, left)
    order = enter_order(context, _order(given, command, lots), mandate=command.mandate)
    context.emit(
        OrderProduced(
            mandate=command.mandate,
            order=order,
            expected_wh=command.expected_wh,
            lots=lots,
            bound=bound,
        )
    )


def end_mandate(context: Context, command: EndMandate) -> None:
    """
    End a mandate and give back what no order has bound.

    Orders that it produced stand: their owner cancels them like any other, and what they give back
    then goes straight to the owner.
    """
    # READ
    given = context.read(Mandate, command.mandate)
    # CHECK
    if given is None:
        raise MandateNotFound(command.mandate)
    if given.ended:
        raise MandateHasEnded(command.mandate)
    if given.owner not in context.signers:
        raise MandateIsNotTheirs(given.owner)
    # COMPUTE
    account = holding_id(_market(context, given.market).rules.money, given.owner)
    # WRITE
    if given.funded:
        context.call(Release(MONEY, account, LockId(Hash(command.mandate)), given.funded))
    context.write(command.mandate, replace(given, funded=0, ended=True))
    context.emit(MandateEnded(mandate=command.mandate, returned=given.funded))


def _check_fit(rules: MarketRules, command: commands.Mandate) -> None:
    """Refuse bounds that the market or the side does not have."""
    sells = command.side is Side.SELL
    if command.level >= rules.levels:
        raise LevelOutside(command.level, rules.levels)
    price = price_of(rules, command.level)
    if sells and price < rules.feed_in_floor:
        raise BelowFeedInFloor(price, rules.feed_in_floor, field="level")
    if not sells and command.device is not None:
        raise DeviceNotExpected
    if sells and command.device is None:
        raise DeviceNotNamed
    if rules.subject is not Subject.ENERGY:
        raise MandateDoesNotFit(
            "market", "it trades no energy, which is what agents expect; name another"
        )
    if not rules.periods[0] <= command.begin < command.end <= rules.periods[-1]:
        raise MandateDoesNotFit("end", _misfit(rules, command))
    if sells and command.budget:
        raise MandateDoesNotFit("budget", f"{command.budget} was given, a seller has none; give 0")
    if not sells and not command.budget:
        raise MandateDoesNotFit(
            "budget", "0 was given, a buyer has one; give what a period may cost"
        )
    if not sells and command.keep_wh:
        raise MandateDoesNotFit(
            "keep_wh", f"{command.keep_wh} Wh, a buyer keeps nothing of what it needs; give 0"
        )


def _misfit(rules: MarketRules, command: commands.Mandate) -> str:
    """Say which time a mandate may cover, and which it would."""
    begin, end = format_time(command.begin), format_time(command.end)
    first, last = format_time(rules.periods[0]), format_time(rules.periods[-1])
    return f"{end} and begin {begin} must ascend within the billing periods, {first} to {last}"


def _order(given: Mandate, command: Produce, lots: int) -> Place:
    """Return the order that a mandate comes to."""
    return Place(
        market=given.market,
        product=command.product,
        side=given.side,
        owner=given.owner,
        level=given.level,
        lots=lots,
        least=0,
        valid_until=0,
        device=given.device,
        meters=command.meters,
        partner=None,
    )


def _market(context: Context, id: RecordId) -> Market:
    """Return the market of a mandate."""
    market = context.read(Market, id)
    if market is None:
        raise AssertionError(f"market {id.hex()} vanished")
    return market
