"""Clear: when it is refused, what it comes to, and that it does not matter who goes on."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.encoding import encode
from tallystick.base.identifiers import Hash, RecordId
from tallystick.contracts.market import clearing, rules_clear
from tallystick.contracts.market.auction import run_auction, without_indivisible
from tallystick.contracts.market.commands import FILLS_MAX, Cancel, Clear
from tallystick.contracts.market.errors_clearing import (
    AlreadyCleared,
    BookNotFound,
    GateNotClosed,
    TradingIsContinuous,
)
from tallystick.contracts.market.errors_orders import BookNotOpen, MarketNotFound
from tallystick.contracts.market.events import MarketFilled, OrderEnded
from tallystick.contracts.market.events_clearing import ClearingEnded, MarketCleared
from tallystick.contracts.market.model import (
    Order,
    Phase,
    Product,
    Reason,
    Side,
    Status,
    Tie,
    Trading,
    clearing_vault,
    price_of,
)
from tallystick.contracts.market.ration import Tie as TieRule
from tallystick.core.errors import UnknownCommand
from tallystick.core.holding import vault
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market.auctions import (
    Auction,
    auction,
    call_rules,
    central_rules,
    clear,
    close_gate,
    happened,
)
from tests.contracts.market.house import (
    ANNA,
    BEN,
    CARL,
    DORA,
    MONEY,
    OPERATOR,
    PEOPLE,
    QUARTER,
    STRANGER,
    account,
    attempt,
    book_of,
    buy,
    cancel,
    do,
    fills,
    open_house,
    open_market,
    order,
    place,
    sell,
    signers_of,
)
from tests.contracts.market.offers import BOOKS, LEVELS, Offer, reference
from tests.contracts.market.settling import goods_account

BUY, SELL = Side.BUY, Side.SELL

CROSSED = (Offer(BUY, 4, 6, 0, ANNA), Offer(SELL, 2, 4, 0, BEN))
"""Anna wants 6 lots at level 4 or less, Ben sells 4 at level 2 or more."""


def elsewhere(at: Auction, fills_max: int = 256) -> Clear:
    """Return a clearing in a market that isn't there."""
    command = at.command(fills_max)
    return Clear(RecordId(Hash(bytes(32))), command.product, fills_max)


def another_product(at: Auction) -> Clear:
    """Return a clearing of a delivery for which nobody placed an order."""
    product = at.command().product
    later = Product(product.unit, product.begin - QUARTER, product.end - QUARTER)
    return Clear(at.market, later, 1)


def continuous(at: Auction) -> Clear:
    """Return a clearing in a market that trades on arrival."""
    rules = call_rules(at.house, trading=Trading.CONTINUOUS)
    market = open_market(at.house, rules, name="at-once")
    return Clear(market, at.command().product, 1)


def cleared(at: Auction) -> Clear:
    """Return a second clearing of what is cleared."""
    clear(at)
    return at.command()


CLEAR = [
    (Auction.command, [STRANGER], accepted),
    (Auction.command, [ANNA], accepted),
    (Auction.command, [OPERATOR, STRANGER], accepted),
    (lambda at: at.command(1), [STRANGER], accepted),
    (lambda at: at.command(0), [STRANGER], UnknownCommand),
    (lambda at: at.command(FILLS_MAX + 1), [STRANGER], UnknownCommand),
    (elsewhere, [STRANGER], MarketNotFound),
    (continuous, [STRANGER], TradingIsContinuous),
    (another_product, [STRANGER], BookNotFound),
    (cleared, [STRANGER], AlreadyCleared),
]
"""A command, who signs it, and the verdict."""

EARLY = [(0, accepted), (-1, GateNotClosed), (-QUARTER * 1000, GateNotClosed)]
"""How long after the gate has closed [ms], and the verdict."""


@pytest.mark.parametrize(("command", "signers", "verdict"), CLEAR)
def test_clear(command: object, signers: list[int], verdict: Verdict) -> None:
    """Anybody clears a book of a call auction, once."""
    at = auction(CROSSED)
    assert callable(command)
    assert verdict == attempt(at.house, command(at), *signers)


@pytest.mark.parametrize(("late", "verdict"), EARLY)
def test_nobody_clears_before_the_gate_has_closed(late: int, verdict: Verdict) -> None:
    """The moment of closure is the first at which a book is cleared."""
    at = auction(CROSSED, late=late)
    assert verdict == attempt(at.house, at.command(), STRANGER)


def test_a_wrong_thing_is_named_in_order_of_precedence() -> None:
    """Before its gate has closed, a book that isn't there isn't there."""
    at = auction(CROSSED, late=-1)
    assert MarketNotFound == attempt(at.house, elsewhere(at), STRANGER)
    assert BookNotFound == attempt(at.house, another_product(at), STRANGER)
    assert TradingIsContinuous == attempt(at.house, continuous(at), STRANGER)


def test_two_orders_meet_at_one_price() -> None:
    """Volume, price and fill are fixed; the buyer's rest is told that it was rationed."""
    at = auction(CROSSED)
    assert 1 == clear(at)
    found = at.clearing
    assert (4, 4, 6, 4) == (found.level, found.volume, found.demand, found.supply)
    assert (1, 1, 0) == (found.fills, found.unmatched, found.rejected)
    [fill] = fills(at.house, at.book)
    assert (at.orders[0], at.orders[1], 4, 4) == (fill.buy, fill.sell, fill.lots, fill.level)
    bid, ask = (order(at.house, id) for id in at.orders)
    assert (4, Status.UNMATCHED, Reason.RATIONED) == (bid.filled, bid.status, bid.reason)
    assert (4, Status.FILLED, Reason.NONE) == (ask.filled, ask.status, ask.reason)


def test_a_clearing_says_what_happened() -> None:
    """First the price, then each fill, who found nobody, and the end."""
    at = auction(CROSSED)
    clear(at)
    told, filled, ended, end = happened(at)
    assert isinstance(told, MarketCleared)
    assert (4, 14, 4, LEVELS) == (told.level, told.price, told.volume, told.levels)
    assert at.clearing.digest == told.digest
    assert isinstance(filled, MarketFilled)
    assert OrderEnded(at.orders[0], Status.UNMATCHED, Reason.RATIONED, 2) == ended
    assert ClearingEnded(at.book, 1, 1) == end


REASONS: list[tuple[list[Offer], list[tuple[int, Reason]]]] = [
    ([Offer(BUY, 4, 6)], [(0, Reason.NOBODY_OPPOSITE)]),
    ([Offer(SELL, 4, 6)], [(0, Reason.NOBODY_OPPOSITE)]),
    (
        [Offer(BUY, 1, 6), Offer(SELL, 2, 4)],
        [(0, Reason.PRICES_DO_NOT_CROSS), (0, Reason.PRICES_DO_NOT_CROSS)],
    ),
    (
        [Offer(BUY, 4, 4), Offer(SELL, 2, 4), Offer(BUY, 0, 1), Offer(SELL, 5, 1)],
        [
            (4, Reason.NONE),
            (4, Reason.NONE),
            (0, Reason.OUTSIDE_PRICE),
            (0, Reason.OUTSIDE_PRICE),
        ],
    ),
    (
        [Offer(BUY, 4, 3), Offer(BUY, 4, 3), Offer(BUY, 4, 3), Offer(SELL, 2, 4)],
        [(3, Reason.NONE), (1, Reason.RATIONED), (0, Reason.RATIONED), (4, Reason.NONE)],
    ),
    (
        [Offer(BUY, 4, 6, 5), Offer(SELL, 2, 4)],
        [(0, Reason.LEAST_NOT_MET), (0, Reason.NOBODY_OPPOSITE)],
    ),
    (
        [Offer(BUY, 4, 6, 5), Offer(BUY, 3, 6, 4), Offer(SELL, 2, 4)],
        [(0, Reason.LEAST_NOT_MET), (4, Reason.RATIONED), (4, Reason.NONE)],
    ),
]
"""Orders, and what each gets and is told."""


@pytest.mark.parametrize(("offers", "expected"), REASONS)
def test_an_unmatched_order_is_told_why(
    offers: list[Offer], expected: list[tuple[int, Reason]]
) -> None:
    """What found nobody has the reason, and an event says so."""
    at = auction(offers)
    clear(at)
    found = [order(at.house, id) for id in at.orders]
    assert expected == [(each.filled, each.reason) for each in found]
    told = {each.order: each for each in at.events if isinstance(each, OrderEnded)}
    for id, each in zip(at.orders, found, strict=True):
        if each.reason is not Reason.NONE:
            left = each.lots - each.filled
            assert OrderEnded(id, Status.UNMATCHED, each.reason, left) == told.pop(id)
    assert {} == told


@pytest.mark.parametrize("tie", Tie)
def test_the_tie_rule_is_as_stated(tie: Tie) -> None:
    """Whoever came first is served first, or everybody in proportion by largest remainder."""
    house = open_house()
    offers = [
        Offer(BUY, 4, 3, 0, ANNA),
        Offer(BUY, 4, 5, 0, BEN),
        Offer(BUY, 4, 2, 0, CARL),
        Offer(SELL, 2, 6, 0, DORA),
    ]
    at = auction(offers, call_rules(house, tie=tie), house=house)
    clear(at)
    expected = {Tie.TIME: [3, 3, 0, 6], Tie.PRO_RATA: [2, 3, 1, 6]}
    assert expected[tie] == [order(house, id).filled for id in at.orders]


def test_orders_of_one_person_both_count() -> None:
    """Two equal orders of one account are two orders, and it may trade with itself."""
    at = auction([Offer(BUY, 4, 3, 0, ANNA), Offer(BUY, 4, 3, 0, ANNA), Offer(SELL, 2, 6, 0, ANNA)])
    clear(at)
    assert [3, 3, 6] == [order(at.house, id).filled for id in at.orders]


def test_what_was_cancelled_takes_no_part() -> None:
    """A hole in a queue is passed over; whoever stood behind moves up."""
    house = open_house()
    market = open_market(house, call_rules(house))
    bids = [place(house, buy(house, market, owner, lots=2, level=4)) for owner in PEOPLE]
    offer = place(house, sell(house, market, ANNA, lots=6, level=1))
    for n in (0, 2, 5):
        cancel(house, bids[n])
    close_gate(house, market)
    at = Auction(house, market, book_of(house, market), [*bids, offer])
    clear(at)
    assert [0, 2, 0, 2, 2, 0, 6] == [order(house, id).filled for id in at.orders]


@pytest.mark.parametrize("fills_max", [1, 2, 3])
def test_a_stranger_goes_on_where_somebody_vanished(fills_max: int) -> None:
    """Steps signed by one after the other come to the same fills and events as one command."""
    offers = [
        Offer(side, level, 2 + (level + n) % 4, 0, PEOPLE[(level + 2 * n) % len(PEOPLE)])
        for n, side in enumerate((BUY, SELL, BUY, SELL))
        for level in range(LEVELS)
    ]
    whole, pieces = auction(offers), auction(offers)
    clear(whole)
    steps = 0
    while pieces.phase is not Phase.CLEARED:
        do(pieces.house, pieces.command(fills_max), (STRANGER, *PEOPLE)[steps % 7])
        steps += 1
    assert steps > whole.clearing.fills // fills_max
    assert happened(whole) == happened(pieces)
    assert whole.clearing == pieces.clearing
    for person in PEOPLE:
        money = whole.house.money
        assert account(whole.house, money, person) == account(pieces.house, money, person)


def test_a_clearing_ends_the_same_in_steps_of_any_size() -> None:
    """Also if a step ends behind the last order that is rounded up, and nothing is left to give."""
    offers = [
        Offer(BUY, 4, 1, 0, ANNA),
        Offer(BUY, 3, 1, 0, DORA),
        Offer(SELL, 4, 1, 0, BEN),
        Offer(SELL, 4, 3, 0, CARL),
    ]
    ended = []
    for fills_max in (1, 2, FILLS_MAX):
        house = open_house()
        at = auction(offers, call_rules(house, tie=Tie.PRO_RATA), house=house)
        while at.phase is not Phase.CLEARED:
            do(house, at.command(fills_max), STRANGER)
        ended.append(at.clearing)
    assert ended[0] == ended[1] == ended[2]


def test_nobody_leaves_or_comes_while_fills_are_written() -> None:
    """Between the steps of a clearing, its orders stand."""
    at = auction([*CROSSED, Offer(SELL, 2, 1, 0, CARL)])
    do(at.house, at.command(1), STRANGER)
    assert Phase.FILLING is at.phase
    assert BookNotOpen == attempt(at.house, Cancel(at.orders[2]), CARL)
    late = buy(at.house, at.market, DORA, lots=1, level=3)
    assert BookNotOpen == attempt(at.house, late, *signers_of(DORA))


@settings(max_examples=40, deadline=None)
@given(offers=BOOKS, tie=st.sampled_from(Tie), steps=st.lists(st.integers(1, 4), max_size=6))
def test_a_ledger_clears_as_the_reference(offers: list[Offer], tie: Tie, steps: list[int]) -> None:
    """For every book and tie rule, in whatever steps, each order gets its part; money is kept."""
    house = open_house()
    at = auction(offers, call_rules(house, tie=tie), house=house)
    for fills_max in steps:
        if at.phase is not Phase.CLEARED:
            do(house, at.command(fills_max), STRANGER)
    clear(at)
    expected = reference(offers, tie=tie)
    found = [order(house, id) for id in at.orders]
    assert expected.parts == [each.filled for each in found]
    assert expected.left == [each.reason is Reason.LEAST_NOT_MET for each in found]
    assert (expected.level, expected.volume) == (at.clearing.level, at.clearing.volume)
    check_fills(at, found)
    check_money(at, found)


@settings(max_examples=25, deadline=None)
@given(offers=BOOKS, tie=st.sampled_from(Tie), fills_max=st.integers(1, 4))
def test_a_ledger_clears_as_the_engine(offers: list[Offer], tie: Tie, fills_max: int) -> None:
    """Who has to leave, the price and everybody's part are the engine's, which has no ledger."""
    house = open_house()
    at = auction(offers, call_rules(house, tie=tie), house=house)
    clear(at, fills_max=fills_max)
    rule = TieRule(tie.value)
    sides = [int(each.side is BUY) for each in offers]
    levels = [each.level for each in offers]
    lots = [each.lots for each in offers]
    least = [each.least for each in offers]
    leaving = without_indivisible(sides, levels, lots, least, level_count=LEVELS, tie=rule)
    stay = [n for n in range(len(offers)) if n not in leaving]
    engine = run_auction(
        [sides[n] for n in stay],
        [levels[n] for n in stay],
        [lots[n] for n in stay],
        level_count=LEVELS,
        tie=rule,
    )
    found, told = [order(house, id) for id in at.orders], at.clearing
    assert engine.fills == [found[n].filled for n in stay]
    assert sorted(leaving) == [n for n, x in enumerate(found) if x.reason is Reason.LEAST_NOT_MET]
    price = (told.level, told.volume, told.demand, told.supply)
    assert price == ((None, 0, 0, 0) if engine.clearing is None else tuple(engine.clearing))


@settings(max_examples=25, deadline=None)
@given(offers=BOOKS, tie=st.sampled_from(Tie), fills_max=st.integers(1, 4))
def test_a_central_clearing_comes_to_the_same(
    offers: list[Offer], tie: Tie, fills_max: int
) -> None:
    """Each order gets its part; the clearing account has the money then, the book the goods."""
    house = open_house()
    at = auction(offers, central_rules(house, tie=tie), house=house)
    clear(at, fills_max=fills_max)
    volume = at.clearing.volume
    found = [order(house, id) for id in at.orders]
    assert reference(offers, tie=tie).parts == [each.filled for each in found]
    price = 0 if at.clearing.level is None else 10 + at.clearing.level
    owner = vault("market", clearing_vault(at.market))
    assert (volume * price, 0) == account(house, house.money, owner)
    assert (volume * 10, 0) == account(house, house.goods, goods_account(at.book))
    everybody = [account(house, house.money, person) for person in PEOPLE]
    assert len(PEOPLE) * MONEY - volume * price == sum(free for free, _ in everybody)
    assert 0 == sum(locked for _, locked in everybody)
    for side in (BUY, SELL):
        check_offsets(at, side)


def test_no_fill_of_a_central_clearing_names_two_orders() -> None:
    """Nothing that is published of it says who traded with whom."""
    house = open_house()
    offers = [*CROSSED, Offer(SELL, 3, 2, 0, CARL), Offer(BUY, 5, 1, 0, DORA)]
    at = auction(offers, central_rules(house), house=house)
    before = len(at.events)
    clear(at)
    for event in at.events[before:]:
        published = encode(event)
        assert sum(published.count(id) > 0 for id in at.orders) <= 1
        assert sum(published.count(key(person)) > 0 for person in PEOPLE) <= 1
    for fill in fills(at.house, at.book):
        assert (fill.buy is None) != (fill.sell is None)


def test_the_search_for_a_price_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where many orders have to leave, a command looks at a bounded number of levels."""
    offers = [*(Offer(BUY, 4, 6, 6, PEOPLE[n % 6]) for n in range(5)), Offer(SELL, 2, 4)]
    whole, pieces = auction(offers), auction(offers)
    clear(whole)
    monkeypatch.setattr(rules_clear, "WORK_MAX", 2 * LEVELS)
    do(pieces.house, pieces.command(), STRANGER)
    assert (Phase.FILLING, clearing.Stage.PRICING) == (pieces.phase, pieces.clearing.stage)
    assert (None, 0, 0) == (pieces.clearing.level, pieces.clearing.volume, pieces.clearing.fills)
    assert BookNotOpen == attempt(pieces.house, Cancel(pieces.orders[-1]), ANNA)
    assert clear(pieces) > 1
    assert whole.clearing == pieces.clearing
    assert happened(whole) == happened(pieces)
    assert 5 == pieces.clearing.rejected


def test_a_book_that_nobody_cleared_in_time_trades_nothing() -> None:
    """When every bill may be closed, orders lapse, and what they bind is free."""
    house = open_house()
    rules = call_rules(house)
    at = auction(CROSSED, rules, house=house)
    house.trial.move_to((rules.periods[-1] + rules.settlement_delay) * 1000)
    clear(at, fills_max=1)
    assert (None, 0, 0, 2) == (
        at.clearing.level,
        at.clearing.volume,
        at.clearing.fills,
        at.clearing.unmatched,
    )
    assert at.clearing.lapsed
    for id in at.orders:
        assert (Reason.LAPSED, 0) == (order(house, id).reason, order(house, id).funded)
    assert [OrderEnded, OrderEnded, ClearingEnded] == [type(each) for each in happened(at)]


def check_fills(at: Auction, found: Sequence[Order]) -> None:
    """Assert that fills pair the parts, at one price, and that numbers have no gap."""
    given = dict.fromkeys(at.orders, 0)
    for number, fill in enumerate(fills(at.house, at.book)):
        assert (number, at.clearing.level) == (fill.number, fill.level)
        for id in (fill.buy, fill.sell):
            assert id is not None
            given[id] += fill.lots
    assert [each.filled for each in found] == list(given.values())


def check_money(at: Auction, found: Sequence[Order]) -> None:
    """Assert that nobody's money is gone, and that just what fills need is still locked."""
    house = at.house
    rules = call_rules(house)
    for person in PEOPLE:
        spendable, locked = account(house, house.money, person)
        assert MONEY == spendable + locked
        assert locked == sum(each.funded for each in found if each.owner == key(person))
    for each in found:
        if each.side is BUY:
            assert each.value == each.funded
        else:
            deposit = max(0, rules.shortfall_price - price_of(rules, each.level))
            assert each.filled * deposit == each.funded


def check_offsets(at: Auction, side: Side) -> None:
    """Assert that one-sided fills follow each other from the beginning of the volume to its end."""
    end = 0
    for fill in fills(at.house, at.book):
        if (fill.buy if side is BUY else fill.sell) is None:
            continue
        assert end == (fill.buy_offset if side is BUY else fill.sell_offset)
        end += fill.lots
    assert at.clearing.volume == end
