"""Payments: everything passes through the clearing account, and a short account is told."""

from functools import partial

import pytest

from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.contracts.asset.errors import NotEnough
from tallystick.contracts.asset.events import AssetMoved
from tallystick.contracts.market.errors_settlement import BalancingAccountShort
from tallystick.contracts.market.events_settlement import GoodsKept
from tallystick.contracts.market.model import (
    Fill,
    Keeper,
    Order,
    Parcel,
    goods_vault,
)
from tallystick.contracts.market.payments import (
    even_out,
    goods_of,
    money_to_clearing,
    pay_due,
    pay_in,
    pay_out,
    sell_goods,
    serve_goods,
    unbind,
    vaults_of,
)
from tallystick.core.holding import holding_id, vault
from tallystick.testing.keys import key
from tests.contracts.market.house import (
    ANNA,
    BEN,
    CARL,
    GOODS,
    MONEY,
    account,
    book_of,
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
    goods_account,
    money_of,
    trading_house,
)


def test_vaults() -> None:
    """Each market has two accounts of money, which no key opens."""
    house, market = trading_house()
    vaults = vaults_of(market, house.money)
    assert (clearing(market), balancing(market)) == (vaults.clearing, vaults.balancing)
    assert holding_id(house.money, clearing(market)) == vaults.clearing_holding
    assert holding_id(house.money, balancing(market)) == vaults.balancing_holding
    assert vaults.clearing[0] == vaults.balancing[0] == 0


def test_the_vaults_of_books() -> None:
    """Each book has one for its goods, which no key opens and no other book has."""
    house, market = trading_house()
    book = book_of(house, market)
    found = goods_of(book, house.goods)
    assert (goods_account(book), goods_vault(book)) == (found.owner, found.lock_id)
    assert holding_id(house.goods, found.owner) == found.holding
    other = goods_of(RecordId(bytes(32)), house.goods)
    owners = {found.owner, other.owner, clearing(market), balancing(market)}
    assert (4, {0}) == (len(owners), {owner[0] for owner in owners})


def test_in_and_out() -> None:
    """What an order pays in can be paid out; what it binds no longer is free."""
    house, market = trading_house()
    id = place(house, buy(house, market, BEN, lots=10, level=20))
    rules, context = rules_of(house, market), context_of(house)
    pay_in(context, market, rules, order(house, id), amount=150)
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
    pay_in(context, market, rules, order(house, id), amount=0)
    pay_out(context, market, rules, key(ANNA), amount=0)
    even_out(context, market, rules, amount=0)
    serve_goods(context, id, rules, key(ANNA), fill=id, unit=house.goods, lots=0)
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
    book = book_of(house, market)
    for lots, target in ((4, goods_account(book)), (3, key(CARL))):
        refused = sell_goods(
            context,
            rules,
            id,
            order(house, id),
            fill=id,
            unit=house.goods,
            lots=lots,
            target=target,
        )
        assert refused is None
    assert 40 == sum(account(house, house.goods, goods_account(book)))
    serve_goods(context, book, rules, key(BEN), fill=id, unit=house.goods, lots=4)
    assert [GOODS - 70, GOODS + 40, GOODS + 30] == [
        sum(account(house, house.goods, owner)) for owner in (ANNA, BEN, CARL)
    ]
    moves = [each for each in house.trial.events if isinstance(each, AssetMoved)]
    assert [
        (key(ANNA), goods_account(book)),
        (key(ANNA), key(CARL)),
        (goods_account(book), key(BEN)),
    ] == [(each.source, each.target) for each in moves]
    assert house.trial.read(Parcel, id) is None


def test_goods_that_nobody_takes_wait_where_they_can() -> None:
    """In the fill's vault, or in the book's if not even that has them."""
    house = open_house()
    market = open_market(house, holding_rules(house))
    id = place(house, sell(house, market, ANNA, lots=10, level=20))
    rules, context = rules_of(house, market), context_of(house)
    no_key = PublicKey(b"\x05" + bytes(32))
    sold = partial(sell_goods, context, rules, id, order(house, id), unit=house.goods)
    assert sold(fill=id, lots=4, target=no_key) is None
    own = vault("market", LockId(Hash(id)))
    assert (40, 0) == account(house, house.goods, own)
    assert Parcel(Keeper.VAULT, 40) == house.trial.read(Parcel, id)
    assert isinstance(sold(fill=id, lots=7, target=key(BEN)), NotEnough)
    assert Parcel(Keeper.VAULT, 40) == house.trial.read(Parcel, id)
    other = RecordId(bytes(32))
    book = book_of(house, market)
    serve_goods(context, book, rules, key(BEN), fill=other, unit=house.goods, lots=2)
    assert Parcel(Keeper.BOOK, 20) == house.trial.read(Parcel, other)
    told = [each for each in house.trial.events if isinstance(each, GoodsKept)]
    assert [GoodsKept(id, Keeper.VAULT, 40), GoodsKept(other, Keeper.BOOK, 20)] == told


def test_money_for_the_clearing_account() -> None:
    """A buyer pays the price and the reserve of a fill."""
    house, market = trading_house()
    id = place(house, buy(house, market, BEN, lots=10, level=20))
    found, context = order(house, id), context_of(house)
    fill = Fill(found.book, 0, id, None, 4, 15, 0, 0, 7, house.trial.time)
    assert 67 == money_to_clearing(context, rules_of(house, market), found, fill=fill)
    assert 67 == money_of(house, clearing(market))
