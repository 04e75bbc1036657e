"""Netting: one command's fills make few payments, and the same bills."""

import pytest

from tallystick.base.identifiers import RecordId
from tallystick.contracts.asset.events import AssetMoved, AssetReleased
from tallystick.contracts.market.errors_settlement import BalancingAccountShort
from tallystick.contracts.market.events_settlement import LineKind
from tallystick.contracts.market.model import Side
from tallystick.contracts.market.netting import Netting, carry_out
from tallystick.contracts.market.statements import Line, open_for
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted
from tests.contracts.market.house import (
    ANNA,
    BEN,
    CARL,
    DORA,
    EMIL,
    MONEY,
    PEOPLE,
    House,
    account,
    book_of,
    buy,
    consume,
    move_to,
    order,
    place,
    position,
    produce,
    sell,
)
from tests.contracts.market.settling import (
    END,
    FLOAT,
    all_money,
    balancing,
    commissions,
    context_of,
    deal_of,
    fill_ids,
    money_of,
    settle,
    statement,
    trade,
    trading_house,
)


def sold_to_many() -> tuple[House, RecordId, list[RecordId]]:
    """Return fills of one order of Anna's with four others, measured."""
    house, market = trading_house(charges=commissions())
    place(house, sell(house, market, ANNA, lots=20, level=20))
    for owner in (BEN, CARL, DORA, EMIL):
        place(house, buy(house, market, owner, lots=5, level=21))
    move_to(house, END)
    produce(house, ANNA, 1_990)
    for owner in (BEN, CARL, DORA, EMIL):
        consume(house, owner, 470)
    return house, market, fill_ids(house, book_of(house, market))


def test_payments_are_few() -> None:
    """Anna is paid once, and pays once; each buyer pays once."""
    house, _, fills = sold_to_many()
    seen = len(house.trial.events)
    assert accepted == settle(house, *fills)
    events = house.trial.events[seen:]
    moves = [each for each in events if isinstance(each, AssetMoved)]
    assert 7 == len(moves)
    assert [key(ANNA)] == [each.target for each in moves if each.target == key(ANNA)]
    assert [key(ANNA)] == [each.owner for each in events if isinstance(each, AssetReleased)]


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_it_does_not_matter_how_many_are_settled_together(size: int) -> None:
    """Bills, balances and locks are the same whether fills come in one command or in many."""
    house, market, fills = sold_to_many()
    for begin in range(0, len(fills), size):
        assert accepted == settle(house, *fills[begin : begin + size])
    bills = [statement(house, market, owner) for owner in PEOPLE[:5]]
    assert [(398, 8), *[(100, 0)] * 4] == [
        (each.received + each.paid, each.imbalance) for each in bills
    ]
    assert [(MONEY + 390, 0)] == [account(house, house.money, ANNA)]
    assert 10 * 100 // 100 == money_of(house, balancing(market)) - FLOAT
    assert [0] * 5 == [account(house, house.money, owner)[1] for owner in PEOPLE[:5]]
    assert MONEY * 6 + FLOAT == all_money(house, market)


def test_carrying_out() -> None:
    """Pay in, even out, pay out, post, and count: from sums alone."""
    house, market = trading_house()
    fill = trade(house, market, lots=10, level=20)
    deal, context = deal_of(house, fill), context_of(house)
    netting = Netting()
    netting.charge(deal, deal.fill.buy, bound=150, paid=120)
    netting.charge(deal, deal.fill.buy, bound=50, paid=0)
    netting.balance(deal, -30)
    netting.balance(deal, 10)
    netting.credit(deal, key(CARL), 100)
    netting.credit(deal, key(CARL), 40)
    bill = open_for(context, market, deal.rules, key(BEN), product=deal.product)
    netting.post(bill.id, [Line(LineKind.PURCHASE, 120, fill=fill)])
    found = position(house, deal.fill.book, Side.BUY, BEN)
    assert found is not None
    carry_out(context, netting)
    assert (MONEY - 120, 0) == account(house, house.money, BEN)
    assert (MONEY + 140, 0) == account(house, house.money, CARL)
    assert FLOAT - 20 == money_of(house, balancing(market))
    assert deal.fill.buy is not None
    assert 0 == order(house, deal.fill.buy).funded
    assert (120, 0) == (
        statement(house, market, BEN).paid,
        statement(house, market, BEN).open_fills,
    )


def test_what_is_wanting_must_be_there() -> None:
    """The sum counts, not each fill."""
    house, market = trading_house()
    deal = deal_of(house, trade(house, market))
    netting = Netting()
    netting.balance(deal, -FLOAT - 1)
    netting.balance(deal, 1)
    carry_out(context_of(house), netting)
    assert 0 == money_of(house, balancing(market))
    with pytest.raises(BalancingAccountShort):
        carry_out(context_of(house), netting)


def test_a_side_without_an_order_is_a_bug() -> None:
    """Energy is settled between named orders."""
    house, market = trading_house()
    deal = deal_of(house, trade(house, market))
    with pytest.raises(AssertionError, match="names both orders"):
        Netting().charge(deal, None, bound=1, paid=0)
