"""Placing and cancelling, each as a table."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.book import open_lots
from tallystick.contracts.market.commands import Cancel, Suspend
from tallystick.contracts.market.errors_orders import (
    BookNotOpen,
    GateClosed,
    MarketNotFound,
    OrderNotFound,
    OrderNotOpen,
    SignerIsNotOwner,
)
from tallystick.contracts.market.events import OrderEnded
from tallystick.contracts.market.model import Phase, Reason, Side, Status, Trading
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    CARL,
    HOUR,
    MIDNIGHT,
    MONEY,
    OPERATOR,
    STRANGER,
    House,
    account,
    attempt,
    book,
    book_of,
    buy,
    cancel,
    do,
    energy_rules,
    last,
    move_to,
    open_house,
    open_market,
    order,
    place,
    sell,
    signers_of,
)

UNKNOWN = RecordId(bytes(32))
LAPSES_AT = (MIDNIGHT + HOUR) * 1000

PLACE: list[tuple[str, dict[str, RecordId], tuple[int, ...], Verdict]] = [
    ("its owner and meter", {}, signers_of(ANNA), accepted),
    ("somebody else", {}, signers_of(BEN), SignerIsNotOwner),
    ("nobody known", {}, (STRANGER,), SignerIsNotOwner),
    ("in no market", {"market": UNKNOWN}, signers_of(ANNA), MarketNotFound),
    ("in no market, by nobody", {"market": UNKNOWN}, (STRANGER,), MarketNotFound),
]


@pytest.mark.parametrize(
    ("changes", "signers", "verdict"), [row[1:] for row in PLACE], ids=[row[0] for row in PLACE]
)
def test_place(changes: dict[str, RecordId], signers: tuple[int, ...], verdict: Verdict) -> None:
    """An order is its account's; what else is checked stands in the tables of `entry`."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    command = replace(sell(house, market, ANNA, lots=1, level=1), **changes)
    assert verdict == attempt(house, command, *signers)


def nothing(house: House, offer: RecordId) -> None:
    """Leave everything as it is."""


def filled(house: House, offer: RecordId) -> None:
    """Let somebody buy all of it."""
    market = order(house, offer).market
    place(house, buy(house, market, BEN, lots=10, level=30))


def filled_in_part(house: House, offer: RecordId) -> None:
    """Let somebody buy some of it."""
    market = order(house, offer).market
    place(house, buy(house, market, BEN, lots=4, level=30))


def lapsed(house: House, offer: RecordId) -> None:
    """Let its time pass."""
    house.trial.move_to(LAPSES_AT)


def suspended(house: House, offer: RecordId) -> None:
    """Let the operator suspend its owner."""
    do(house, Suspend(order(house, offer).market, key(ANNA)), OPERATOR)


def closed(house: House, offer: RecordId) -> None:
    """Let the gate close."""
    move_to(house, BEGIN - HOUR)


def filling(house: House, offer: RecordId) -> None:
    """Let the book be cleared, as far as that its price is fixed."""
    id = order(house, offer).book
    house.trial.plant(id, replace(book(house, id), phase=Phase.FILLING))


CANCEL: list[tuple[str, Trading, Callable[[House, RecordId], None], int, Verdict]] = [
    ("in continuous trading", Trading.CONTINUOUS, nothing, ANNA, accepted),
    ("in an auction", Trading.CALL, nothing, ANNA, accepted),
    ("by another", Trading.CONTINUOUS, nothing, BEN, SignerIsNotOwner),
    ("by another in an auction", Trading.CALL, nothing, BEN, SignerIsNotOwner),
    ("by the operator", Trading.CALL, nothing, OPERATOR, SignerIsNotOwner),
    ("filled", Trading.CONTINUOUS, filled, ANNA, OrderNotOpen),
    ("filled, by another", Trading.CONTINUOUS, filled, STRANGER, SignerIsNotOwner),
    ("filled in part", Trading.CONTINUOUS, filled_in_part, ANNA, accepted),
    ("lapsed", Trading.CONTINUOUS, lapsed, ANNA, accepted),
    ("lapsed, by anybody", Trading.CONTINUOUS, lapsed, STRANGER, accepted),
    ("of a suspended account", Trading.CONTINUOUS, suspended, ANNA, accepted),
    ("of a suspended account, by anybody", Trading.CONTINUOUS, suspended, STRANGER, accepted),
    ("of a suspended account in an auction", Trading.CALL, suspended, ANNA, accepted),
    (
        "of a suspended account in an auction, by anybody",
        Trading.CALL,
        suspended,
        STRANGER,
        SignerIsNotOwner,
    ),
    ("after the gate", Trading.CONTINUOUS, closed, ANNA, accepted),
    ("after the gate of an auction", Trading.CALL, closed, ANNA, GateClosed),
    ("after the gate of an auction, by another", Trading.CALL, closed, BEN, SignerIsNotOwner),
    ("while fills are written", Trading.CALL, filling, ANNA, BookNotOpen),
]


@pytest.mark.parametrize(
    ("trading", "prepare", "signer", "verdict"),
    [row[1:] for row in CANCEL],
    ids=[row[0] for row in CANCEL],
)
def test_cancel(
    trading: Trading,
    prepare: Callable[[House, RecordId], None],
    signer: int,
    verdict: Verdict,
) -> None:
    """What is not filled goes back to its owner, as long as nobody is promised it."""
    house = open_house()
    market = open_market(house, energy_rules(house, trading=trading))
    until = LAPSES_AT if trading is Trading.CONTINUOUS else 0
    offer = place(house, sell(house, market, ANNA, lots=10, level=30, valid_until=until))
    prepare(house, offer)
    before = order(house, offer)
    assert verdict == attempt(house, Cancel(offer), signer)
    if verdict != accepted:
        assert before == order(house, offer)
        return
    rest = before.lots - before.filled
    assert 70 * before.filled == order(house, offer).funded
    assert (MONEY - 70 * before.filled, 70 * before.filled) == account(house, house.money, ANNA)
    assert 0 == open_lots(book(house, book_of(house, market)), Side.SELL)
    ended = last(house, OrderEnded)
    assert (offer, rest) == (ended.order, ended.lots)
    expected = Status.CANCELLED if signer == ANNA else Status.UNMATCHED
    assert expected == ended.status == order(house, offer).status
    assert (ended.reason is Reason.LAPSED) == (signer != ANNA)


def test_an_order_that_is_not_cannot_be_cancelled() -> None:
    """An unknown id is refused, and so is an order that was cancelled before."""
    house = open_house()
    market = open_market(house, energy_rules(house))
    assert OrderNotFound == attempt(house, Cancel(UNKNOWN), ANNA)
    offer = place(house, sell(house, market, ANNA, lots=10, level=30))
    cancel(house, offer)
    assert OrderNotOpen == attempt(house, Cancel(offer), ANNA)


def test_nothing_is_placed_while_fills_are_written() -> None:
    """A book whose price is fixed takes no order, even before its gate would close."""
    house = open_house()
    market = open_market(house, energy_rules(house, trading=Trading.CALL))
    offer = place(house, sell(house, market, ANNA, lots=10, level=30))
    filling(house, offer)
    bid = buy(house, market, CARL, lots=10, level=30)
    assert BookNotOpen == attempt(house, bid, *signers_of(CARL))
