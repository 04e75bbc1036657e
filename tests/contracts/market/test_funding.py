"""An order binds what it can cost, and its parts never cost more."""

import pytest
from msgspec.structs import replace

from tallystick.base.identifiers import LockId, RecordId
from tallystick.contracts.market.funding import (
    collateral_of,
    goods_lock_id_of,
    lock_id_of,
    required,
    sells_goods,
)
from tallystick.contracts.market.model import (
    Basis,
    Charge,
    MarketRules,
    Side,
    position_id,
    price_of,
)
from tallystick.testing.keys import key
from tests.contracts.market.house import (
    ANNA,
    BEN,
    GOODS,
    MONEY,
    account,
    buy,
    cancel,
    energy_rules,
    holding_rules,
    new_order,
    open_house,
    open_market,
    order,
    place,
    sell,
)

HOUSE = open_house(people=())
CHARGES = (
    Charge(name="platform", basis=Basis.VALUE, rate=30_000, payee=key(1)),
    Charge(name="levy", basis=Basis.VALUE, rate=1, payee=key(1)),
    Charge(name="dso", basis=Basis.ENERGY, rate=7_001, payee=key(2)),
)
PLAIN = energy_rules(HOUSE)
CHARGED = energy_rules(HOUSE, charges=CHARGES)
FUTURES = holding_rules(HOUSE, collateral=25)
SPOT = holding_rules(HOUSE)

REQUIRED = [
    ("a buyer pays the limit price", PLAIN, Side.BUY, 30, 4, 120),
    ("and charges, each rounded up", CHARGED, Side.BUY, 30, 4, 120 + 4 + 1 + 3),
    ("a buyer at no price pays charges", CHARGED, Side.BUY, 0, 4, 3),
    ("a seller deposits what a shortfall costs more", PLAIN, Side.SELL, 30, 4, 280),
    ("and nothing above that price", PLAIN, Side.SELL, 130, 4, 0),
    ("charges are the consumer's", CHARGED, Side.SELL, 30, 4, 280),
    ("who delivers later deposits money", FUTURES, Side.SELL, 30, 4, 100),
    ("who locks the goods does not", SPOT, Side.SELL, 30, 4, 0),
]


@pytest.mark.parametrize(
    ("rules", "side", "level", "lots", "amount"),
    [row[1:] for row in REQUIRED],
    ids=[row[0] for row in REQUIRED],
)
def test_required(rules: MarketRules, side: Side, level: int, lots: int, amount: int) -> None:
    """A new order binds its price and charges, or its collateral."""
    assert amount == required(rules, side, level=level, lots=lots)


def test_money_is_locked_under_the_position_or_the_mandate() -> None:
    """All that an account binds on one side of a book is one lock; goods have one per order."""
    id, mandate = RecordId(b"o" * 32), RecordId(b"n" * 32)
    own = new_order(PLAIN, Side.BUY, lots=1, level=1)
    assert LockId(position_id(own.book, own.side, own.owner)) == lock_id_of(own)
    assert lock_id_of(own) == lock_id_of(new_order(PLAIN, Side.BUY, lots=2, level=3))
    assert lock_id_of(own) != lock_id_of(new_order(PLAIN, Side.SELL, lots=1, level=1))
    assert LockId(mandate) == lock_id_of(replace(own, mandate=mandate))
    assert LockId(id) == goods_lock_id_of(id)


def test_collateral_is_what_a_shortfall_costs_beyond_the_price() -> None:
    """For holdings it is what the market states."""
    assert PLAIN.shortfall_price - price_of(PLAIN, 30) == collateral_of(PLAIN, 30)
    assert 0 == collateral_of(PLAIN, 100)
    assert 25 == collateral_of(FUTURES, 30)


def test_goods_are_sold_by_who_locks_them() -> None:
    """A seller for later and a seller of energy lock none."""
    sellers = [sells_goods(rules, Side.SELL) for rules in (SPOT, FUTURES, PLAIN)]
    assert [True, False, False] == sellers
    assert not sells_goods(SPOT, Side.BUY)


def test_what_an_order_binds_comes_back() -> None:
    """Placing locks money, or goods; cancelling frees all of it."""
    house = open_house()
    market = open_market(house, holding_rules(house, quantum=10))
    bid = place(house, buy(house, market, BEN, lots=4, level=30))
    offer = place(house, sell(house, market, ANNA, lots=5, level=40))
    assert (MONEY - 120, 120) == account(house, house.money, BEN)
    assert (GOODS - 50, 50) == account(house, house.goods, ANNA)
    cancel(house, bid)
    cancel(house, offer)
    assert (MONEY, 0) == account(house, house.money, BEN)
    assert (GOODS, 0) == account(house, house.goods, ANNA)
    assert 0 == order(house, bid).funded


def test_nothing_is_locked_for_nothing() -> None:
    """An order at price 0 binds no money, although a lock of 0 would mean all of it."""
    house = open_house()
    market = open_market(house, holding_rules(house))
    bid = place(house, buy(house, market, BEN, lots=4, level=0))
    assert (MONEY, 0) == account(house, house.money, BEN)
    cancel(house, bid)
    assert (MONEY, 0) == account(house, house.money, BEN)
