"""Standing orders: what may be given, what an agent produces under it, and what comes back."""

from typing import Any

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.asset.errors import NotEnough
from tallystick.contracts.device.model import DeviceKind
from tallystick.contracts.market.commands import EndMandate, Mandate, Produce, Suspend
from tallystick.contracts.market.errors_mandates import (
    MandateDoesNotFit,
    MandateHasEnded,
    MandateIsNotTheirs,
    MandateNotFound,
    NothingToProduce,
    OutsideMandate,
    PeriodIsBehind,
    SignerIsNotAgent,
)
from tallystick.contracts.market.errors_orders import (
    AccountSuspended,
    BelowFeedInFloor,
    GateClosed,
    LengthNotAllowed,
    LevelOutside,
    MarketNotFound,
    SignerIsNotOwner,
)
from tallystick.contracts.market.errors_sources import (
    DeviceNotExpected,
    DeviceNotNamed,
    MeterHasNotSigned,
    MetersDoNotCover,
)
from tallystick.contracts.market.events_mandates import (
    MandateEnded,
    MandateGiven,
    OrderProduced,
)
from tallystick.contracts.market.model import Basis, Charge, Side, Status, Trading
from tallystick.contracts.market.model import Mandate as Given
from tallystick.core.errors import UnknownCommand
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market import house as houses
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    DAY,
    MIDNIGHT,
    MONEY,
    MONTH_END,
    OPERATOR,
    QUARTER,
    STRANGER,
    House,
    account,
    attempt,
    do,
    energy_rules,
    last,
    meter_of,
    meters_of,
    product_of,
)

AGENT = 90
PLATFORM = Charge(name="platform", basis=Basis.VALUE, rate=15_000, payee=key(91))
NOWHERE = RecordId(bytes(32))


def opened(**changes: Any) -> tuple[House, RecordId]:
    """Return a house with a market of energy."""
    house = houses.open_house()
    changes = {"charges": (PLATFORM,), "feed_in_floor": 5, **changes}
    return house, houses.open_market(house, energy_rules(house, **changes))


def buying(market: RecordId, **changes: Any) -> Mandate:
    """Return a mandate to buy that the rule accepts, with some fields changed."""
    mandate = Mandate(
        market=market,
        owner=key(BEN),
        agent=key(AGENT),
        side=Side.BUY,
        level=30,
        keep_wh=0,
        lots_max=50,
        budget=2_000,
        funds=3_000,
        device=None,
        begin=MIDNIGHT,
        end=MONTH_END + 2 * DAY,
    )
    return replace(mandate, **changes)


def selling(house: House, market: RecordId, **changes: Any) -> Mandate:
    """Return a mandate to sell that the rule accepts, with some fields changed."""
    usual = {
        "owner": key(ANNA),
        "side": Side.SELL,
        "keep_wh": 200,
        "budget": 0,
        "device": houses.device_of(house, ANNA),
    }
    return buying(market, **{**usual, **changes})


def give(house: House, mandate: Mandate) -> RecordId:
    """Give a mandate; return its id."""
    do(house, mandate, houses.number_of(mandate.owner))
    return last(house, MandateGiven).mandate


def production(
    house: House, mandate: RecordId, *, expected_wh: int = 1_234, begin: int = BEGIN
) -> Produce:
    """Return a command that produces an order under a mandate."""
    given = house.trial.read(Given, mandate)
    assert given is not None
    product = product_of(house, given.market, begin=begin)
    owner = houses.number_of(given.owner)
    meters = meters_of(house, given.market, owner, given.side, product)
    return Produce(mandate, product, expected_wh, meters)


GIVE: list[tuple[dict[str, Any], list[int], Verdict]] = [
    ({}, [BEN], accepted),
    ({"funds": 0}, [BEN], accepted),
    ({"funds": MONEY}, [BEN], accepted),
    ({"level": 999}, [BEN], accepted),
    ({"market": NOWHERE}, [BEN], MarketNotFound),
    ({}, [AGENT], SignerIsNotOwner),
    ({}, [STRANGER], SignerIsNotOwner),
    ({"level": 1_000}, [BEN], LevelOutside),
    ({"device": NOWHERE}, [BEN], DeviceNotExpected),
    ({"keep_wh": 1}, [BEN], MandateDoesNotFit),
    ({"budget": 0}, [BEN], MandateDoesNotFit),
    ({"begin": MIDNIGHT - 1}, [BEN], MandateDoesNotFit),
    ({"end": MIDNIGHT}, [BEN], MandateDoesNotFit),
    ({"end": MONTH_END + 31 * DAY + 1}, [BEN], MandateDoesNotFit),
    ({"funds": MONEY + 1}, [BEN], NotEnough),
]


@pytest.mark.parametrize(("changes", "signers", "verdict"), GIVE)
def test_mandate(changes: dict[str, Any], signers: list[int], verdict: Verdict) -> None:
    """An owner gives a mandate within what the market and the side have."""
    house, market = opened()
    command = replace(buying(market), **changes)
    assert verdict == attempt(house, command, *signers)


GIVE_SELLING: list[tuple[dict[str, Any], Verdict]] = [
    ({}, accepted),
    ({"level": 5}, accepted),
    ({"level": 4}, BelowFeedInFloor),
    ({"device": None}, DeviceNotNamed),
    ({"budget": 1}, MandateDoesNotFit),
]


@pytest.mark.parametrize(("changes", "verdict"), GIVE_SELLING)
def test_selling_mandate(changes: dict[str, Any], verdict: Verdict) -> None:
    """A seller names its device, has no budget, and stays above the floor."""
    house, market = opened()
    assert verdict == attempt(house, selling(house, market, **changes), ANNA)


def test_only_energy_is_ordered_by_expectation() -> None:
    """A market of holdings has no meters that an agent could expect something of."""
    house = houses.open_house()
    market = houses.open_market(house, houses.holding_rules(house))
    assert MandateDoesNotFit == attempt(house, buying(market), BEN)


def test_a_mandate_is_funded_under_its_own_id() -> None:
    """What is given away is locked once, and the record begins with nothing bound."""
    house, market = opened()
    id = give(house, buying(market))
    given = house.trial.read(Given, id)
    assert given is not None
    assert (MONEY - 3_000, 3_000) == account(house, house.money, BEN)
    assert (3_000, 0, 0, False) == (given.funded, given.spent, given.period, given.ended)


BUYERS_METER = meter_of(BEN, Side.BUY)
PRODUCE: list[tuple[dict[str, Any], list[int], Verdict]] = [
    ({}, [AGENT, BUYERS_METER], accepted),
    ({"expected_wh": 100}, [AGENT, BUYERS_METER], accepted),
    ({"mandate": NOWHERE}, [AGENT, BUYERS_METER], MandateNotFound),
    ({}, [BEN, BUYERS_METER], SignerIsNotAgent),
    ({}, [STRANGER, BUYERS_METER], SignerIsNotAgent),
    ({}, [AGENT], MeterHasNotSigned),
    ({"expected_wh": 99}, [AGENT, BUYERS_METER], NothingToProduce),
    ({"expected_wh": 0}, [AGENT, BUYERS_METER], NothingToProduce),
    ({"meters": ()}, [AGENT, BUYERS_METER], UnknownCommand),
]


@pytest.mark.parametrize(("changes", "signers", "verdict"), PRODUCE)
def test_produce(changes: dict[str, Any], signers: list[int], verdict: Verdict) -> None:
    """The agent and the meters' keys sign; the owner does not."""
    house, market = opened()
    command = replace(production(house, give(house, buying(market))), **changes)
    assert verdict == attempt(house, command, *signers)


def product_changes(house: House, market: RecordId, name: str) -> Record:
    """Return a command under a mandate that is wrong in its delivery."""
    id = give(house, buying(market, begin=BEGIN, end=BEGIN + 2 * QUARTER))
    before = production(house, id, begin=BEGIN - QUARTER)
    after = production(house, id, begin=BEGIN + 2 * QUARTER)
    good = production(house, id)
    odd = replace(good, product=replace(good.product, end=good.product.begin + 60))
    fewer = replace(production(house, id, begin=BEGIN + QUARTER), meters=good.meters)
    backwards = replace(good, product=replace(good.product, begin=MONTH_END + 31 * DAY))
    found = {"before": before, "after": after, "odd": odd, "meters": fewer, "backwards": backwards}
    return found[name]


DELIVERIES = [
    ("before", OutsideMandate),
    ("after", OutsideMandate),
    ("odd", LengthNotAllowed),
    ("backwards", OutsideMandate),
    ("meters", MetersDoNotCover),
]


@pytest.mark.parametrize(("name", "verdict"), DELIVERIES)
def test_a_delivery_is_within_the_mandate_and_the_market(name: str, verdict: Verdict) -> None:
    """What the market would refuse of the owner, it refuses of the agent."""
    house, market = opened()
    command = product_changes(house, market, name)
    assert verdict == attempt(house, command, AGENT, BUYERS_METER)


def test_the_gate_closes_for_agents_too() -> None:
    """A mandate gives no more time than others have."""
    house, market = opened()
    command = production(house, give(house, buying(market)))
    houses.move_to(house, BEGIN - houses.HOUR)
    assert GateClosed == attempt(house, command, AGENT, BUYERS_METER)


def test_a_suspended_owner_s_agent_produces_nothing() -> None:
    """Suspension binds who acts for the account as well."""
    house, market = opened()
    command = production(house, give(house, buying(market)))
    do(house, Suspend(market, key(BEN)), OPERATOR)
    assert AccountSuspended == attempt(house, command, AGENT, BUYERS_METER)


def test_what_an_order_binds_comes_out_of_the_mandate() -> None:
    """Nothing more is locked; the order says whose money it is."""
    house, market = opened()
    id = give(house, buying(market))
    do(house, production(house, id), AGENT, BUYERS_METER)
    produced, given = last(house, OrderProduced), house.trial.read(Given, id)
    assert given is not None
    bound = 12 * 30 + 6
    assert (12, bound) == (produced.lots, produced.bound)
    assert (3_000 - bound, bound) == (given.funded, given.spent)
    order = houses.order(house, produced.order)
    assert (id, bound, key(BEN)) == (order.mandate, order.funded, order.owner)
    assert (MONEY - 3_000, 3_000) == account(house, house.money, BEN)


def test_a_better_price_is_there_for_the_next_order() -> None:
    """What a fill costs less than the limit goes back to the mandate, not to its owner."""
    house, market = opened()
    id = give(house, buying(market))
    houses.place(house, houses.sell(house, market, ANNA, lots=12, level=20))
    do(house, production(house, id), AGENT, BUYERS_METER)
    given = house.trial.read(Given, id)
    cost = 12 * 20 + 4
    assert given is not None
    assert (3_000 - cost, cost) == (given.funded, given.spent)


def test_a_budget_is_for_a_period() -> None:
    """It ends what can be ordered in one, is whole again in the next, and never goes back."""
    house, market = opened(trading=Trading.CALL)
    id = give(house, buying(market, budget=400))
    begins = [BEGIN, BEGIN + QUARTER, MONTH_END + QUARTER, MONTH_END + 2 * QUARTER]
    lots = []
    for begin in begins:
        command = production(house, id, begin=begin, expected_wh=1_000)
        verdict = attempt(house, command, AGENT, BUYERS_METER)
        lots.append(last(house, OrderProduced).lots if verdict == accepted else verdict)
    assert [10, 3, 10, 3] == lots
    late = production(house, id, begin=BEGIN + 2 * QUARTER)
    assert PeriodIsBehind == attempt(house, late, AGENT, BUYERS_METER)


def test_a_seller_offers_what_is_above_what_it_keeps() -> None:
    """The deposit for a shortfall is the mandate's, and bounds it."""
    house, market = opened()
    id = give(house, selling(house, market, funds=500))
    command = production(house, id, expected_wh=1_000)
    do(house, command, AGENT, meter_of(ANNA, Side.SELL))
    produced = last(house, OrderProduced)
    assert (7, 7 * 70) == (produced.lots, produced.bound)


def test_a_mandate_ends_for_good() -> None:
    """Its owner gets back what is not bound; orders stand, and give back to the owner then."""
    house, market = opened()
    id = give(house, buying(market))
    do(house, production(house, id), AGENT, BUYERS_METER)
    order = last(house, OrderProduced).order
    assert MandateIsNotTheirs == attempt(house, EndMandate(id), AGENT)
    do(house, EndMandate(id), BEN)
    bound = 12 * 30 + 6
    assert 3_000 - bound == last(house, MandateEnded).returned
    assert (MONEY - bound, bound) == account(house, house.money, BEN)
    assert MandateHasEnded == attempt(house, EndMandate(id), BEN)
    command = production(house, id, begin=BEGIN + QUARTER)
    assert MandateHasEnded == attempt(house, command, AGENT, BUYERS_METER)
    assert Status.OPEN == houses.order(house, order).status
    houses.cancel(house, order)
    assert (MONEY, 0) == account(house, house.money, BEN)


def test_a_cancelled_order_funds_the_next() -> None:
    """While the mandate stands, its money stays with it, and the period's budget is free again."""
    house, market = opened()
    id = give(house, buying(market))
    do(house, production(house, id), AGENT, BUYERS_METER)
    houses.cancel(house, last(house, OrderProduced).order)
    given = house.trial.read(Given, id)
    assert given is not None
    assert (3_000, 0) == (given.funded, given.spent)


def test_ending_what_is_not_there() -> None:
    """A mandate is named by its id."""
    house, _ = opened()
    assert MandateNotFound == attempt(house, EndMandate(NOWHERE), BEN)


def test_the_device_is_judged_with_each_order() -> None:
    """A battery under a mandate reports like any other."""
    house, market = opened()
    battery = houses.device_of(house, ANNA, DeviceKind.BATTERY)
    id = give(house, selling(house, market, device=battery))
    command, signers = production(house, id), (AGENT, meter_of(ANNA, Side.SELL))
    assert accepted != attempt(house, command, *signers)
    houses.report(house, ANNA, stored_wh=5_000)
    assert accepted == attempt(house, command, *signers)
