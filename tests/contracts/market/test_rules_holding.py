"""Settling holdings: spot trades, futures and their defaults, and parties who stay unknown."""

from collections.abc import Callable
from typing import Any

import pytest

from tallystick.base.encoding import encode
from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.commands import Clear, Settle
from tallystick.contracts.market.errors_settlement import (
    BookNotCleared,
    DeliveriesOutstanding,
    DeliveryNotBegun,
    FillsOfSeveralAccounts,
    SellerHasNotSigned,
)
from tallystick.contracts.market.events_settlement import Cut, MarketSettled
from tallystick.contracts.market.model import (
    Counterparty,
    Fill,
    Order,
    Trading,
    book_id,
    statement_id,
)
from tallystick.core.holding import holding_id
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market.house import (
    ANNA,
    BEN,
    CARL,
    DAY,
    DORA,
    EMIL,
    FAYE,
    GOODS,
    MIDNIGHT,
    MONEY,
    PEOPLE,
    STRANGER,
    House,
    account,
    attempt,
    book_of,
    buy,
    do,
    fills,
    holding_rules,
    last,
    move_to,
    open_house,
    open_market,
    place,
    product_of,
    sell,
)
from tests.contracts.market.settling import (
    all_money,
    clearing,
    commissions,
    entries,
    fill_ids,
    goods_account,
    lines,
    money_of,
    settle,
    settled,
    statement,
    summed,
    trade,
)

DEPOSIT = 30
"""What a seller of a future deposits. [minor units of money per lot]"""

DELIVERY = MIDNIGHT + DAY
"""When the standard delivery of holdings begins; it lasts a day. [s since the epoch, UTC]"""

Prepared = tuple[House, RecordId, RecordId]
"""A house, a market, and a fill."""


def exchange(**changes: Any) -> tuple[House, RecordId]:
    """Return a house with a market of tokens."""
    house = open_house()
    return house, open_market(house, holding_rules(house, **changes))


def spot() -> Prepared:
    """Return a spot trade of 10 lots at 20."""
    house, market = exchange(charges=commissions()[:1])
    return house, market, trade(house, market)


def future() -> Prepared:
    """Return a trade of 10 lots at 20, to be delivered tomorrow, against a deposit."""
    house, market = exchange(collateral=DEPOSIT, shortfall_price=45, charges=commissions()[:1])
    return house, market, trade(house, market)


def goods_of(house: House, owner: int) -> int:
    """Return the tokens that somebody has, locked or not."""
    return sum(account(house, house.goods, owner))


def test_a_spot_trade() -> None:
    """Goods and money change owner in one command, whoever sends it."""
    house, market, fill = spot()
    before = all_money(house, market)
    assert accepted == settle(house, fill)
    assert [(GOODS - 100, 0), (GOODS + 100, 0)] == [
        account(house, house.goods, owner) for owner in (ANNA, BEN)
    ]
    assert [(MONEY + 200, 0), (MONEY - 205, 0)] == [
        account(house, house.money, owner) for owner in (ANNA, BEN)
    ]
    assert 5 == money_of(house, clearing(market))
    assert [("purchase", 200, 0), ("reserve", 5, 0)] == lines(house, market, BEN)
    assert [("sale", 200, 0)] == lines(house, market, ANNA)
    assert before == all_money(house, market)


def test_a_future_that_is_delivered() -> None:
    """The seller hands over the goods under its signature and has its deposit back."""
    house, _market, fill = future()
    assert (MONEY - 300, 300) == account(house, house.money, ANNA)
    assert (GOODS, 0) == account(house, house.goods, ANNA)
    move_to(house, DELIVERY)
    assert accepted == settle(house, fill, signers=[ANNA])
    assert (GOODS - 100, 0) == account(house, house.goods, ANNA)
    assert (GOODS + 100, 0) == account(house, house.goods, BEN)
    assert (MONEY + 200, 0) == account(house, house.money, ANNA)
    assert (MONEY - 205, 0) == account(house, house.money, BEN)
    assert Cut.NONE is last(house, MarketSettled).cut


@pytest.mark.parametrize(
    ("shortfall_price", "difference"), [(45, 250), (49, 290), (50, 300), (70, 300), (20, 0), (5, 0)]
)
def test_a_default_pays_the_price_difference(shortfall_price: int, difference: int) -> None:
    """For each lot what it costs elsewhere, less the agreed price, as far as the deposit goes."""
    house, market = exchange(
        collateral=DEPOSIT, shortfall_price=shortfall_price, charges=commissions()[:1]
    )
    before = all_money(house, market)
    fill = trade(house, market)
    move_to(house, DELIVERY + DAY)
    assert accepted == settle(house, fill)
    assert [(GOODS, 0)] * 2 == [account(house, house.goods, owner) for owner in (ANNA, BEN)]
    assert (MONEY - difference, 0) == account(house, house.money, ANNA)
    assert (MONEY + difference, 0) == account(house, house.money, BEN)
    assert Cut.DEFAULT is last(house, MarketSettled).cut
    assert [("compensation", difference, 0)] == lines(house, market, BEN)
    assert [("shortfall", difference, 0)] == lines(house, market, ANNA)
    assert before == all_money(house, market)


@pytest.mark.parametrize(
    ("prepare", "time", "signers", "verdict"),
    [
        (spot, 0, [STRANGER], accepted),
        (future, DELIVERY - 1, [ANNA], DeliveryNotBegun),
        (future, DELIVERY, [ANNA], accepted),
        (future, DELIVERY, [BEN], SellerHasNotSigned),
        (future, DELIVERY, [STRANGER], SellerHasNotSigned),
        (future, DELIVERY + DAY - 1, [STRANGER], SellerHasNotSigned),
        (future, DELIVERY + DAY, [STRANGER], accepted),
        (future, DELIVERY + DAY, [ANNA], accepted),
    ],
)
def test_settle(
    prepare: Callable[[], Prepared], time: int, signers: list[int], verdict: Verdict
) -> None:
    """A future is delivered by its seller, from its begin until its end; then it is a default."""
    house, _, fill = prepare()
    if time:
        move_to(house, time)
    assert verdict == settle(house, fill, signers=signers)


def auction(**changes: Any) -> tuple[House, RecordId, list[RecordId]]:
    """
    Return a cleared auction in which the clearing account is everybody's counterparty.

    Anna, Ben and Carl sell 10, 6 and 4 lots; Dora, Emil and Faye buy 7, 8 and 5, all at 20.
    """
    house, market = exchange(
        trading=Trading.CALL,
        counterparty=Counterparty.CENTRAL,
        charges=commissions()[:1],
        **changes,
    )
    for owner, lots in ((ANNA, 10), (BEN, 6), (CARL, 4)):
        place(house, sell(house, market, owner, lots=lots, level=20))
    for owner, lots in ((DORA, 7), (EMIL, 8), (FAYE, 5)):
        place(house, buy(house, market, owner, lots=lots, level=20))
    move_to(house, DELIVERY)
    do(house, Clear(market, product_of(house, market), 256), STRANGER)
    return house, market, fill_ids(house, book_of(house, market))


def owner_of(house: House, fill: RecordId) -> int:
    """Return whose fill it is: where the counterparty is central, it is one person's."""
    found = house.trial.read(Fill, fill)
    assert found is not None
    (order_id,) = (id for id in (found.buy, found.sell) if id is not None)
    order = house.trial.read(Order, order_id)
    assert order is not None
    return next(person for person in PEOPLE if key(person) == order.owner)


def by_owner(house: House, ids: list[RecordId]) -> dict[int, RecordId]:
    """Return each person's fill."""
    return {owner_of(house, id): id for id in ids}


def test_a_spot_auction_with_the_clearing_account() -> None:
    """Each side settles with it alone, in any order."""
    house, market, ids = auction()
    before = all_money(house, market)
    mine = by_owner(house, ids)
    for owner in (DORA, ANNA, FAYE, CARL, EMIL, BEN):
        assert accepted == settle(house, mine[owner])
    sold = [goods_of(house, owner) - GOODS for owner in PEOPLE]
    assert [-100, -60, -40, 70, 80, 50] == sold
    paid = [money_of(house, owner) - MONEY for owner in PEOPLE]
    assert [200, 120, 80, -144, -164, -103] == paid
    assert (0, 0) == account(house, house.goods, goods_account(book_of(house, market)))
    assert before == all_money(house, market)


def test_a_future_auction_in_which_one_defaults() -> None:
    """The last buyers go without, and get back their money and the price difference."""
    house, market, ids = auction(collateral=DEPOSIT, shortfall_price=45)
    before = all_money(house, market)
    mine = by_owner(house, ids)
    assert SellerHasNotSigned == settle(house, mine[ANNA])
    assert accepted == settle(house, mine[CARL], signers=[CARL])
    assert accepted == settle(house, mine[ANNA], signers=[ANNA])
    assert DeliveriesOutstanding == settle(house, mine[DORA])
    move_to(house, DELIVERY + DAY)
    assert DeliveriesOutstanding == settle(house, mine[DORA])
    assert accepted == settle(house, mine[BEN])
    for owner in (EMIL, FAYE, DORA):
        assert accepted == settle(house, mine[owner])
    goods = [goods_of(house, owner) - GOODS for owner in PEOPLE]
    assert [-100, 0, -40, 70, 70, 0] == goods
    money = [money_of(house, owner) - MONEY for owner in PEOPLE]
    assert [200, -150, 80, -144, -144 + 25, 125] == money
    assert [1, 5] == [settled(house, mine[owner]).cut_lots for owner in (EMIL, FAYE)]
    reserved = sum(statement(house, market, owner).reserved for owner in (DORA, EMIL, FAYE))
    assert reserved == money_of(house, clearing(market))
    assert before == all_money(house, market)
    for owner in PEOPLE:
        assert summed(house, market, owner) == statement(house, market, owner)


def test_accounts_settle_one_at_a_time() -> None:
    """Two parties of such a market are not even seen together in one command."""
    house, _, ids = auction()
    mine = by_owner(house, ids)
    assert FillsOfSeveralAccounts == settle(house, mine[ANNA], mine[DORA])
    assert FillsOfSeveralAccounts == settle(house, mine[ANNA], mine[BEN])
    assert accepted == settle(house, mine[ANNA])


def test_nothing_is_settled_before_the_book_is_cleared() -> None:
    """While fills are being written, the clearing account may not have everybody's money yet."""
    house, market = exchange(trading=Trading.CALL, counterparty=Counterparty.CENTRAL)
    for owner in (ANNA, BEN):
        place(house, sell(house, market, owner, lots=2, level=20))
    for owner in (CARL, DORA):
        place(house, buy(house, market, owner, lots=2, level=20))
    move_to(house, DELIVERY)
    product = product_of(house, market)
    do(house, Clear(market, product, 3), STRANGER)
    book = book_id(market, product)
    first = fill_ids(house, book)[0]
    assert BookNotCleared == settle(house, first)
    do(house, Clear(market, product, 256), STRANGER)
    assert accepted == attempt(house, Settle((first,)), STRANGER)
    assert 4 == len(fills(house, book))


@pytest.mark.parametrize("changes", [{}, {"collateral": DEPOSIT, "shortfall_price": 45}])
def test_nothing_links_two_parties(changes: dict[str, int]) -> None:
    """
    No event, payment or statement of a settlement names anybody but the one who settles.

    The names looked for are keys, accounts, orders, fills and statements. Everybody's payments go
    to or come from the clearing account.
    """
    house, market, ids = auction(**changes)
    mine = by_owner(house, ids)
    named = {owner: names_of(house, market, owner, mine[owner]) for owner in PEOPLE}
    for owner in PEOPLE:
        seen = len(house.trial.events)
        assert accepted == settle(house, mine[owner], signers=[owner])
        told = b"".join(encode(event) for event in house.trial.events[seen:])
        assert any(name in told for name in named[owner])
        for other in PEOPLE:
            if other != owner:
                assert not [name.hex() for name in named[other] if name in told]
        assert {mine[owner]} == {each.fill for each in entries(house, market, owner)}


def names_of(house: House, market: RecordId, owner: int, fill: RecordId) -> list[bytes]:
    """Return everything by which somebody can be recognised in a market."""
    found = house.trial.read(Fill, fill)
    assert found is not None
    return [
        key(owner),
        holding_id(house.money, key(owner)),
        holding_id(house.goods, key(owner)),
        statement_id(market, key(owner), 0),
        fill,
        *(id for id in (found.buy, found.sell) if id is not None),
    ]


def test_a_fill_names_one_order() -> None:
    """Where the counterparty is central, no record joins two orders."""
    house, _, ids = auction()
    for id in ids:
        found = house.trial.read(Fill, id)
        assert found is not None
        assert (found.buy is None) != (found.sell is None)
