"""What can be asked about markets, and what is answered when there is nothing."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.clearing import Stage
from tallystick.contracts.market.commands import Admit, Clear, Close, Settle, Suspend
from tallystick.contracts.market.errors_clearing import BookNotFound
from tallystick.contracts.market.errors_mandates import MandateNotFound, NotCleared
from tallystick.contracts.market.errors_orders import MarketNotFound, OrderNotFound
from tallystick.contracts.market.errors_settlement import FillNotFound, StatementNotFound
from tallystick.contracts.market.match_certificate import curves_digest
from tallystick.contracts.market.model import (
    Basis,
    Charge,
    Phase,
    Reason,
    Status,
    Trading,
    fill_id,
)
from tallystick.contracts.market.views import (
    BookView,
    ClearingView,
    FillView,
    Item,
    MandateView,
    MarketView,
    Offer,
    OrderView,
    ParticipantView,
    ShowBook,
    ShowClearing,
    ShowFill,
    ShowMandate,
    ShowMarket,
    ShowOrder,
    ShowParticipant,
    ShowStatement,
    StatementView,
)
from tallystick.core.errors import Rejected
from tallystick.testing.keys import key
from tests.contracts.market import house as houses
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    CARL,
    DAY,
    HOUR,
    MIDNIGHT,
    MONTH_END,
    OPERATOR,
    QUARTER,
    STRANGER,
    House,
    do,
    energy_rules,
)

NOWHERE = RecordId(bytes(32))
PLATFORM = Charge(name="platform", basis=Basis.VALUE, rate=15_000, payee=key(91))
DSO = Charge(name="dso", basis=Basis.ENERGY, rate=9_000, payee=key(92))

ABSENT: list[tuple[Record, type[Rejected]]] = [
    (ShowMarket(NOWHERE), MarketNotFound),
    (ShowBook(NOWHERE, 5), BookNotFound),
    (ShowOrder(NOWHERE), OrderNotFound),
    (ShowFill(NOWHERE), FillNotFound),
    (ShowStatement(NOWHERE, key(ANNA), 0), StatementNotFound),
    (ShowParticipant(NOWHERE, key(ANNA)), MarketNotFound),
    (ShowMandate(NOWHERE), MandateNotFound),
    (ShowClearing(NOWHERE), BookNotFound),
]


def opened(*, auction: bool = False) -> tuple[House, RecordId]:
    """Return a house with a market of energy that levies charges."""
    house = houses.open_house()
    trading = Trading.CALL if auction else Trading.CONTINUOUS
    rules = energy_rules(house, charges=(PLATFORM, DSO), trading=trading)
    return house, houses.open_market(house, rules)


@pytest.mark.parametrize(("question", "rejection"), ABSENT)
def test_what_is_not_there(question: Record, rejection: type[Rejected]) -> None:
    """Asking for nothing gives a typed answer."""
    house, _ = opened()
    with pytest.raises(rejection):
        house.trial.ask(question)


def test_market() -> None:
    """It says what it states."""
    house, market = opened()
    view = house.trial.ask(ShowMarket(market))
    assert isinstance(view, MarketView)
    assert (houses.MARKET_NAME, 999) == (view.name, view.price_max)
    assert houses.rules_of(house, market) == view.rules


def test_book_shows_the_best_prices_first() -> None:
    """Levels of several pages are walked from the best, as deep as was asked for."""
    house, market = opened()
    for level in (10, 20, 20, 300):
        houses.place(house, houses.buy(house, market, BEN, lots=2, level=level))
    for level in (400, 900, 950):
        houses.place(house, houses.sell(house, market, ANNA, lots=3, level=level))
    view = house.trial.ask(ShowBook(houses.book_of(house, market), 2))
    assert isinstance(view, BookView)
    assert (Offer(300, 300, 2), Offer(20, 20, 4)) == view.bids
    assert (Offer(400, 400, 3), Offer(900, 900, 3)) == view.asks
    assert (8, 9, Phase.OPEN) == (view.bid_lots, view.ask_lots, view.phase)
    nothing = house.trial.ask(ShowBook(view.book, 0))
    assert isinstance(nothing, BookView)
    assert ((), ()) == (nothing.bids, nothing.asks)


def test_order_says_what_is_left_and_when_it_lapses() -> None:
    """What depends on the time of asking is computed."""
    house, market = opened()
    offer = houses.place(house, houses.sell(house, market, ANNA, lots=10, level=20))
    houses.place(house, houses.buy(house, market, BEN, lots=4, level=30))
    view = house.trial.ask(ShowOrder(offer))
    assert isinstance(view, OrderView)
    assert (20, 10, 4, 6, 80) == (view.price, view.lots, view.filled, view.rest, view.value)
    assert (Status.OPEN, Reason.NONE, False) == (view.status, view.reason, view.lapsed)
    houses.move_to(house, BEGIN - HOUR)
    later = house.trial.ask(ShowOrder(offer))
    assert replace_lapsed(view) == later


def replace_lapsed(view: OrderView) -> OrderView:
    """Return the same order once its time has come."""
    return replace(view, lapsed=True)


def traded() -> tuple[House, RecordId, RecordId]:
    """Return a market in which ten lots were traded and settled, one of them not delivered."""
    house, market = opened()
    houses.place(house, houses.sell(house, market, ANNA, lots=10, level=20))
    houses.place(house, houses.buy(house, market, BEN, lots=10, level=30))
    fill = fill_id(houses.book_of(house, market), 0)
    houses.move_to(house, BEGIN + QUARTER)
    houses.produce(house, ANNA, 900)
    houses.consume(house, BEN, 1_000)
    do(house, Settle((fill,)), STRANGER)
    return house, market, fill


def test_fill_says_how_it_was_settled() -> None:
    """Price and value come with what the meters said."""
    house, _, fill = traded()
    view = house.trial.ask(ShowFill(fill))
    assert isinstance(view, FillView)
    assert (10, 20, 200) == (view.lots, view.price, view.value)
    assert view.settled is not None
    assert (900, 1_000, 900) == (
        view.settled.delivered_wh,
        view.settled.consumed_wh,
        view.settled.claimed_wh,
    )
    assert (200, 180, 80) == (
        view.settled.buyer_pays,
        view.settled.seller_gets,
        view.settled.seller_pays,
    )


def bill(house: House, market: RecordId, owner: int) -> StatementView:
    """Return an account's bill of the first period."""
    view = house.trial.ask(ShowStatement(market, key(owner), 0))
    assert isinstance(view, StatementView)
    return view


def test_statement_has_every_line_and_its_sum() -> None:
    """What is paid is negative, and the sum is what the account gained or lost."""
    house, market, _ = traded()
    bought = bill(house, market, BEN)
    charges = (Item("platform", -3), Item("dso", -9))
    nothing = (Item("imbalance", 0), Item("compensation", 0))
    assert (Item("bought", -200), Item("sold", 0), *nothing, *charges) == bought.items
    assert (-212, 1_000, 0) == (bought.total, bought.bought_wh, bought.sold_wh)
    assert (MIDNIGHT, MONTH_END, 0, 0) == (
        bought.begin,
        bought.end,
        bought.open_fills,
        bought.closed_at,
    )
    sold = bill(house, market, ANNA)
    assert (180 - 80, 900) == (sold.total, sold.sold_wh)


def test_a_closed_statement_is_what_was_paid() -> None:
    """The account has lost exactly its sum, to the last minor unit."""
    house, market, _ = traded()
    houses.move_to(house, MONTH_END + DAY)
    provisional = bill(house, market, BEN)
    do(house, Close(market, 0, (key(BEN), key(ANNA))), STRANGER)
    final = bill(house, market, BEN)
    assert (provisional.items, provisional.total) == (final.items, final.total)
    assert house.trial.time == final.closed_at
    gains = [houses.account(house, house.money, each) for each in (BEN, ANNA)]
    totals = [bill(house, market, each).total for each in (BEN, ANNA)]
    assert [(houses.MONEY + total, 0) for total in totals] == gains


def test_participant_may_order_unless_something_forbids_it() -> None:
    """Whom the market has never heard of may trade in an open one."""
    house, market = opened()
    seen = []
    for command in (None, Suspend(market, key(CARL)), Admit(market, key(CARL))):
        if command is not None:
            do(house, command, OPERATOR)
        view = house.trial.ask(ShowParticipant(market, key(CARL)))
        assert isinstance(view, ParticipantView)
        seen.append((view.admitted, view.suspended, view.may_order))
    assert [(False, False, True), (False, True, False), (True, False, True)] == seen


def test_in_a_closed_community_strangers_may_not_order() -> None:
    """There the operator admits."""
    house = houses.open_house()
    market = houses.open_market(house, energy_rules(house, members_only=True))
    view = house.trial.ask(ShowParticipant(market, key(CARL)))
    assert isinstance(view, ParticipantView)
    assert view.may_order is False


def test_mandate_says_what_it_may_still_bind() -> None:
    """That is the least of its money and of the period's budget."""
    house, market = opened()
    given = houses.give_mandate(house, market, funds=3_000)
    view = house.trial.ask(ShowMandate(given))
    assert isinstance(view, MandateView)
    assert (30, 2_000, 3_000) == (view.price, view.room, view.terms.funded)


def test_clearing_proves_itself() -> None:
    """The curves are in the answer, and their digest is the one that was published."""
    house, market = opened(auction=True)
    houses.place(house, houses.sell(house, market, ANNA, lots=10, level=20))
    houses.place(house, houses.buy(house, market, BEN, lots=4, level=30))
    product = houses.product_of(house, market)
    book = houses.book_of(house, market)
    with pytest.raises(NotCleared):
        house.trial.ask(ShowClearing(book))
    houses.move_to(house, BEGIN - HOUR)
    do(house, Clear(market, product, 256), STRANGER)
    view = house.trial.ask(ShowClearing(book))
    assert isinstance(view, ClearingView)
    assert (Stage.ENDED, 4, 4, 10) == (view.stage, view.volume, view.demand, view.supply)
    assert ({30: 4}, {20: 10}) == (spread(view.bids), spread(view.asks))
    assert curves_digest(view.bids, view.asks) == view.digest
    assert view.level == view.price
    frozen = house.trial.ask(ShowBook(book, 5))
    assert isinstance(frozen, BookView)
    assert (Phase.CLEARED, (Offer(30, 30, 4),)) == (frozen.phase, frozen.bids)


def spread(lots: tuple[int, ...]) -> dict[int, int]:
    """Return the levels at which there is something."""
    return {level: each for level, each in enumerate(lots) if each}
