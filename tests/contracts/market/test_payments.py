"""Payments: everything passes through the clearing account, and a short account is told."""

import pytest

from tallystick.contracts.asset.errors import NotEnough
from tallystick.contracts.asset.events import AssetMoved
from tallystick.contracts.market.errors_settlement import BalancingAccountShort
from tallystick.contracts.market.model import Order
from tallystick.contracts.market.payments import (
    even_out,
    goods_in,
    goods_out,
    pay_due,
    pay_in,
    pay_out,
    unbind,
    vaults_of,
)
from tallystick.core.holding import holding_id
from tallystick.testing.keys import key
from tests.contracts.market.house import (
    ANNA,
    BEN,
    GOODS,
    MONEY,
    account,
    buy,
    holding_rules,
    mint,
    open_house,
    open_market,
    order,
    place,
    product_of,
    rules_of,
    sell,
)
from tests.contracts.market.settling import (
    FLOAT,
    balancing,
    clearing,
    context_of,
    money_of,
    trading_house,
)


def test_vaults() -> None:
    """Each market has two accounts of a unit, which no key opens."""
    house, market = trading_house()
    vaults = vaults_of(market, house.money)
    assert (clearing(market), balancing(market)) == (vaults.clearing, vaults.balancing)
    assert holding_id(house.money, clearing(market)) == vaults.clearing_holding
    assert holding_id(house.money, balancing(market)) == vaults.balancing_holding
    assert vaults.clearing[0] == vaults.balancing[0] == 0


def test_in_and_out() -> None:
    """What an order pays in can be paid out; what it binds no longer is free."""
    house, market = trading_house()
    id = place(house, buy(house, market, BEN, lots=10, level=20))
    rules, context = rules_of(house, market), context_of(house)
    pay_in(context, market, rules, id, order(house, id), amount=150)
    product = product_of(house, market)
    unbind(context, rules, id, order(house, id), product=product, bound=190, paid=150)
    found = house.trial.read(Order, id)
    assert found is not None
    assert 10 == found.funded
    assert (MONEY - 160, 10) == account(house, house.money, BEN)
    pay_out(context, market, rules, key(ANNA), amount=150)
    assert (MONEY + 150, 0) == account(house, house.money, ANNA)
    assert 0 == money_of(house, clearing(market))


def test_nothing_is_no_payment() -> None:
    """An amount of zero moves nothing and reports nothing."""
    house, market = trading_house()
    id = place(house, buy(house, market, BEN, lots=10, level=20))
    rules, context = rules_of(house, market), context_of(house)
    seen = len(house.trial.events)
    pay_in(context, market, rules, id, order(house, id), amount=0)
    pay_out(context, market, rules, key(ANNA), amount=0)
    even_out(context, market, rules, amount=0)
    goods_out(context, market, rules, key(ANNA), unit=house.goods, lots=0)
    assert [] == house.trial.events[seen:]


def test_evening_out() -> None:
    """What is wanting comes from the balancing account, and what is left goes there."""
    house, market = trading_house()
    rules, context = rules_of(house, market), context_of(house)
    even_out(context, market, rules, amount=-FLOAT)
    assert (FLOAT, 0) == (money_of(house, clearing(market)), money_of(house, balancing(market)))
    with pytest.raises(BalancingAccountShort, match="cannot pay 1"):
        even_out(context, market, rules, amount=-1)
    even_out(context, market, rules, amount=FLOAT)
    assert (0, FLOAT) == (money_of(house, clearing(market)), money_of(house, balancing(market)))


def test_a_short_clearing_account_is_no_small_matter() -> None:
    """More than was paid in is never paid out: the asset contract says so."""
    house, market = trading_house()
    mint(house, house.money, clearing(market), 5)
    with pytest.raises(NotEnough):
        pay_out(context_of(house), market, rules_of(house, market), key(ANNA), amount=6)


def test_a_debt_is_paid_to_the_balancing_account() -> None:
    """Its owner's signature frees the money."""
    house, market = trading_house()
    lock_id = vaults_of(market, house.money).balancing_lock
    rules = rules_of(house, market)
    pay_due(context_of(house, ANNA), market, rules, key(ANNA), lock_id=lock_id, amount=70)
    assert (MONEY - 70, 0) == account(house, house.money, ANNA)
    assert FLOAT + 70 == money_of(house, balancing(market))


@pytest.mark.parametrize(("collateral", "signers"), [(0, []), (30, [ANNA])])
def test_goods(collateral: int, signers: list[int]) -> None:
    """Deposited goods move without a signature, a future's with its seller's."""
    house = open_house()
    market = open_market(house, holding_rules(house, collateral=collateral))
    id = place(house, sell(house, market, ANNA, lots=10, level=20))
    rules, context = rules_of(house, market), context_of(house, *signers)
    goods_in(context, market, rules, id, order(house, id), unit=house.goods, lots=4)
    assert 40 == sum(account(house, house.goods, clearing(market)))
    goods_out(context, market, rules, key(BEN), unit=house.goods, lots=4)
    assert (GOODS + 40, 0) == account(house, house.goods, BEN)
    assert GOODS - 40 == sum(account(house, house.goods, ANNA))
    moves = [each for each in house.trial.events if isinstance(each, AssetMoved)]
    assert [(key(ANNA), clearing(market)), (clearing(market), key(BEN))] == [
        (each.source, each.target) for each in moves
    ]
