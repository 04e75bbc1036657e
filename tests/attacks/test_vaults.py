"""
Attacks on what contracts hold in vaults: taking another's goods out, or putting something in.

A vault's id can be computed beforehand, and so can what will lie there. Nobody gains by that.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.contracts.allowance.commands import CarryOver, Transfer
from tallystick.contracts.allowance.errors import LockNotFound, TargetIsVault
from tallystick.contracts.allowance.errors_holdings import ExceedsHolding
from tallystick.contracts.allowance.events import AllowancesMoved
from tallystick.contracts.market.events_settlement import Cut, MarketSettled
from tallystick.contracts.market.model import Keeper, Parcel, book_id, fill_id
from tallystick.core.holding import vault
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted
from tests.contracts.market import house as houses
from tests.contracts.market.exchange import AUCTION, FUTURE, HALF, Exchange, money
from tests.contracts.market.house import ANNA, BEN, CARL, DAY, DORA, STRANGER, last, move_to
from tests.contracts.market.registry import ALLOWANCES, DEADLINE, ZONE
from tests.contracts.market.settling import clearing, goods_account


def own_vault(fill: RecordId) -> PublicKey:
    """Return the vault in which a fill's goods wait."""
    return vault("market", LockId(Hash(fill)))


def next_book(at: Exchange, begin: int) -> RecordId:
    """Go on with the book of another delivery of the same vintage; return the one before."""
    before = at.book
    at.product = replace(at.product, begin=begin, end=begin + DAY)
    at.book = book_id(at.market, at.product)
    return before


def two_books() -> tuple[Exchange, RecordId]:
    """
    Return two cleared auctions of a vintage, one before the deadline and one after it.

    Anna sold to Carl in the first, which has lost half; Ben to Dora in the second. Return Carl's
    fill as well.
    """
    at = Exchange(ANNA, BEN, CARL, DORA, begin=DEADLINE - 2 * DAY, banking_ppm=HALF, **AUCTION)
    at.trade()
    move_to(at.house, at.product.begin)
    at.clear()
    move_to(at.house, DEADLINE)
    for owner in (goods_account(at.book), key(BEN), key(CARL), key(DORA)):
        at.registry.carry_over(at.registry.holding(owner))
    first = next_book(at, DEADLINE + 2 * DAY)
    at.offer(BEN)
    at.bid(DORA)
    move_to(at.house, at.product.begin)
    at.clear()
    return at, fill_id(first, 0)


def test_a_dead_parcel_fetches_nothing_of_another_book() -> None:
    """Half of Carl's goods have ended: he fetches the other half, and none of Dora's."""
    at, late = two_books()
    assert accepted == at.settle(late)
    assert Parcel(Keeper.BOOK, 100) == at.kept(late)
    assert ExceedsHolding == at.fetch(late)
    assert accepted == at.fetch(late, 50)
    assert LockNotFound == at.fetch(late, 50)
    assert accepted == at.settle(at.fill(0))
    assert [550, 600] == [at.registry.held(owner) for owner in (CARL, DORA)]
    assert at.kept(at.fill(0)) is None


def test_who_settles_late_is_not_served_from_another_book() -> None:
    """Whichever of both is settled first."""
    for late_first in (True, False):
        at, late = two_books()
        fills = (late, at.fill(0)) if late_first else (at.fill(0), late)
        assert [accepted] * 2 == [at.settle(fill) for fill in fills]
        assert [500, 600] == [at.registry.held(owner) for owner in (CARL, DORA)]
        assert Parcel(Keeper.BOOK, 100) == at.kept(late)


@pytest.mark.parametrize("first", [CARL, DORA])
def test_what_a_deadline_leaves_of_a_book_is_for_who_comes_first(first: int) -> None:
    """Of the 50 that are left, up to what each has bought; all of it, and no more."""
    at = Exchange(ANNA, CARL, DORA, begin=DEADLINE - DAY, banking_ppm=HALF, **AUCTION)
    at.offer(ANNA, 100)
    at.bid(CARL, 40)
    at.bid(DORA, 60)
    move_to(at.house, at.product.begin)
    at.clear()
    move_to(at.house, DEADLINE)
    for owner in (goods_account(at.book), key(CARL), key(DORA)):
        at.registry.carry_over(at.registry.holding(owner))
    assert accepted == at.settle(at.fill(0 if first == CARL else 1))
    if first == DORA:
        assert accepted == at.fetch(at.fill(1), 50)
    assert accepted == at.settle(at.fill(1 if first == CARL else 0))
    if first == CARL:
        assert ExceedsHolding == at.fetch(at.fill(1), 11)
        assert accepted == at.fetch(at.fill(1), 10)
    gained = [at.registry.held(owner) - ALLOWANCES // 2 for owner in (CARL, DORA)]
    assert gained == ([40, 10] if first == CARL else [0, 50])
    assert 0 == at.registry.held(goods_account(at.book))


ACTIONS = st.tuples(
    st.sampled_from(["settle", "fetch", "carry over", "later", "trade"]),
    st.integers(0, 5),
    st.sampled_from([0, 1, 7, 20, 30, 40]),
)
"""What is done, with which fill, and how much is fetched."""


class Books:
    """Books of one vintage, one after the other, and what has passed through their vaults."""

    def __init__(self) -> None:
        self.at = Exchange(ANNA, BEN, CARL, DORA, banking_ppm=HALF, **AUCTION)
        self.books: list[RecordId] = []
        self.fills: list[tuple[RecordId, RecordId]] = []
        self.trade()

    def trade(self) -> None:
        """Let everybody trade in a book that opens half a day from now, and clear it then."""
        at = self.at
        next_book(at, at.house.trial.time // 1_000 + DAY // 2)
        at.offer(ANNA, 40)
        at.offer(BEN, 30)
        at.bid(CARL, 50)
        at.bid(DORA, 20)
        move_to(at.house, at.product.begin)
        at.clear()
        self.books.append(at.book)
        self.fills += [(at.book, at.fill(number)) for number in range(2)]

    def do(self, action: str, number: int, amount: int) -> None:
        """Do what anybody may, whether or not it is refused."""
        at = self.at
        book, fill = self.fills[number % len(self.fills)]
        if action == "settle":
            at.settle(fill)
        elif action == "fetch":
            at.fetch(fill, amount)
        elif action == "later":
            move_to(at.house, max(at.house.trial.time // 1_000, DEADLINE))
            self.carry_over(*(key(owner) for owner in (ANNA, BEN, CARL, DORA)))
        elif action == "carry over":
            self.carry_over(goods_account(book), own_vault(fill))
        elif len(self.books) < 3:
            self.trade()

    def carry_over(self, *owners: PublicKey) -> None:
        """Try to carry over what somebody holds."""
        for owner in owners:
            houses.attempt(self.at.house, CarryOver(self.at.registry.holding(owner)), STRANGER)

    def problems(self) -> Iterator[str]:
        """Yield what went from one book to the buyers of another, or to nobody who bought there."""
        moves = [e for e in self.at.house.trial.events if isinstance(e, AllowancesMoved)]
        for n, book in enumerate(self.books):
            vaults = {
                goods_account(book),
                *(own_vault(fill) for of, fill in self.fills if of == book),
            }
            into, out = 0, Counter[PublicKey]()
            for move in moves:
                into += move.amount if move.target in vaults and move.source not in vaults else 0
                if move.source in vaults and move.target not in vaults:
                    out[move.target] += move.amount
            if into != 70 or out.total() > into:
                yield f"into book {n} came {into}, and {out} went out"
            if not out <= Counter({key(CARL): 50, key(DORA): 20}):
                yield f"more went out of book {n} than was bought there: {out}"


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(ACTIONS, max_size=16))
def test_no_more_leaves_a_book_than_came_in(steps: list[tuple[str, int, int]]) -> None:
    """Whoever settles, fetches and carries over what, and when: to each what it bought there."""
    books = Books()
    for step in steps:
        books.do(*step)
        assert [] == list(books.problems())


# Putting something in.


def put_in(at: Exchange, owner: PublicKey) -> None:
    """Try to leave an allowance of Dora's in a vault; as the rule is, it stays hers."""
    command = Transfer(at.registry.programme, ZONE, 0, key(DORA), owner, 1)
    assert TargetIsVault == houses.attempt(at.house, command, DORA)
    assert 0 == at.registry.held(owner)


def test_nobody_but_a_contract_puts_allowances_into_a_vault() -> None:
    """Neither where a market settles, nor where a fill's goods would wait."""
    at = Exchange(ANNA, DORA, **AUCTION)
    for owner in (clearing(at.market), goods_account(at.book), own_vault(at.fill(0))):
        put_in(at, owner)


@pytest.mark.parametrize("has_account", [True, False])
@pytest.mark.parametrize("changes", [{}, FUTURE])
def test_what_lies_in_a_fills_vault_undoes_no_trade(
    changes: dict[str, int], *, has_account: bool
) -> None:
    """
    However it came there: neither side is free to walk away when the price has changed.

    The buyer cannot receive, for want of an account or because nobody carried it over.
    """
    accounts = (ANNA, CARL) if has_account else (ANNA,)
    at = Exchange(*accounts, begin=DEADLINE + 2 * DAY, banking_ppm=HALF, **changes)
    at.registry.leave(own_vault(at.fill(0)), 1)
    move_to(at.house, DEADLINE)
    at.registry.carry_over(at.registry.holding(ANNA))
    fill = at.trade()
    move_to(at.house, at.product.begin)
    assert accepted == at.settle(fill, ANNA)
    assert Cut.NONE is last(at.house, MarketSettled).cut
    assert ([10_000, -10_000], 400) == (money(at, ANNA, CARL), at.registry.held(ANNA))
    if has_account:
        at.registry.carry_over(at.registry.holding(CARL))
    else:
        at.registry.open_account(CARL)
    assert accepted == at.fetch(fill)
    assert 100 + 500 * has_account == at.registry.held(CARL)


def test_what_lies_in_vaults_undoes_no_auction() -> None:
    """Both sellers are paid, the buyer has its goods, and no lot is in default."""
    at = Exchange(ANNA, BEN, CARL, begin=DEADLINE + 2 * DAY, banking_ppm=HALF, **AUCTION)
    for owner in (goods_account(at.book), *(own_vault(at.fill(n)) for n in range(4))):
        at.registry.leave(owner, 1)
    move_to(at.house, DEADLINE)
    for seller in (ANNA, BEN, CARL):
        at.registry.carry_over(at.registry.holding(seller))
    at.offer(ANNA)
    at.offer(BEN)
    at.bid(CARL, lots=200)
    move_to(at.house, at.product.begin)
    at.clear()
    assert [accepted] * 3 == [at.settle(at.fill(number)) for number in range(3)]
    assert 0 == houses.book(at.house, at.book).defaulted_lots
    assert [10_000, 10_000, -20_000] == money(at, ANNA, BEN, CARL)
    assert 700 == at.registry.held(CARL)
