"""What an account's orders can come to: enough for every sum of its bills, and never too much."""

from typing import Any

import pytest

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.commands import Cancel, Clear
from tallystick.contracts.market.errors_orders import ValueTooLarge
from tallystick.contracts.market.model import (
    Side,
    Statement,
    Trading,
    Turnover,
    participant_id,
)
from tallystick.contracts.market.turnover import committed_to, size_of
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market.histories import Play
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    CARL,
    HOUR,
    STRANGER,
    House,
    attempt,
    buy,
    do,
    energy_rules,
    holding_rules,
    move_to,
    open_house,
    open_market,
    place,
    product_of,
    rules_of,
    sell,
    signers_of,
)
from tests.contracts.market.settling import commissions, context_of, trading_house

SUMS = ("bought_wh", "sold_wh", "paid", "received", "imbalance", "compensation", "reserved")


@pytest.mark.parametrize(
    ("changes", "side", "level", "size"),
    [
        ({}, Side.BUY, 500, 500),
        ({}, Side.BUY, 20, 100),
        ({"quantum": 7_000}, Side.BUY, 20, 7_000),
        ({}, Side.SELL, 20, 999),
        ({"shortfall_price": 5_000}, Side.SELL, 20, 5_000),
        # On 500, 25,000 ppm are 12.5; and 100 Wh at 7,000 and at 31,000 a MWh are 0.7 and 3.1.
        ({"charges": commissions()}, Side.BUY, 500, 500 + 13 + 1 + 4),
        ({"charges": commissions()}, Side.SELL, 20, 999),
    ],
)
def test_size(changes: dict[str, Any], side: Side, level: int, size: int) -> None:
    """It is the largest of what a lot can bring to any sum."""
    house, market = trading_house(**changes)
    assert size == size_of(rules_of(house, market), side, level)


def test_size_of_a_future() -> None:
    """Its deposit can become compensation."""
    house = open_house()
    rules = holding_rules(house, collateral=3_000)
    assert [3_000] * 2 == [size_of(rules, side, 20) for side in Side]


def committed(house: House, market: RecordId, owner: int) -> int:
    """Return what an account's orders can come to."""
    return committed_to(context_of(house), participant_id(market, key(owner)))


def test_only_lots_that_find_nobody_are_taken_off() -> None:
    """Whether they are cancelled, or an auction has ended; what was traded counts for good."""
    house, market = trading_house(trading=Trading.CALL)
    assert 0 == committed(house, market, BEN)
    gone = place(house, buy(house, market, BEN, lots=7, level=500))
    assert 3_500 == committed(house, market, BEN)
    do(house, Cancel(gone), BEN)
    assert 0 == committed(house, market, BEN)
    place(house, buy(house, market, BEN, lots=10, level=500))
    place(house, buy(house, market, CARL, lots=10, level=100))
    place(house, sell(house, market, ANNA, lots=4, level=200))
    move_to(house, BEGIN - HOUR)
    do(house, Clear(market, product_of(house, market), 256), STRANGER)
    assert [4 * 999, 4 * 500, 0] == [committed(house, market, who) for who in (ANNA, BEN, CARL)]


@pytest.mark.parametrize(
    ("room", "side", "verdict"),
    [
        (1_000, Side.BUY, accepted),
        (999, Side.BUY, ValueTooLarge),
        (9_990, Side.SELL, accepted),
        (9_989, Side.SELL, ValueTooLarge),
    ],
)
def test_an_order_beyond_an_amount_is_refused(room: int, side: Side, verdict: Verdict) -> None:
    """It is the account's own, and told before anything is bound."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    id = participant_id(market, key(BEN))
    house.trial.plant(id, Turnover(AMOUNT_MAX - room))
    draft = buy if side is Side.BUY else sell
    command = draft(house, market, BEN, lots=10, level=100)
    assert verdict == attempt(house, command, *signers_of(BEN))
    place(house, draft(house, market, CARL, lots=10, level=100))


@pytest.mark.parametrize("seed", range(2))
def test_no_sum_of_a_bill_is_larger(seed: int) -> None:
    """Whatever happens, corrections of corrections included."""
    play = Play(seed)
    for _ in range(300):
        play.step()
    bills = play.all(Statement)
    assert [*bills]
    for _, bill in play.all(Statement):
        found = play.trial.read(Turnover, participant_id(bill.market, bill.owner))
        assert found is not None
        assert max(abs(getattr(bill, name)) for name in SUMS) <= found.committed
