"""Goods that could not be received, or given back, when they were due: who gets them, and when."""

from collections.abc import Callable
from typing import Any

import pytest

from tallystick.base.identifiers import Hash, LockId, RecordId
from tallystick.contracts.allowance.errors import AccountIsClosed, AccountNotFound
from tallystick.contracts.allowance.errors_holdings import (
    ExceedsHolding,
    TooManyBlocks,
    VintageEnded,
)
from tallystick.contracts.market.commands import Cancel
from tallystick.contracts.market.errors_settlement import GoodsNotKept
from tallystick.contracts.market.events_settlement import Cut, GoodsFetched, MarketSettled
from tallystick.contracts.market.model import (
    Counterparty,
    Keeper,
    Parcel,
    Phase,
    Status,
    Trading,
)
from tallystick.contracts.market.views import ShowFill, ShowOrder
from tallystick.core.holding import vault
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.market import house as houses
from tests.contracts.market.exchange import AUCTION, CENTRAL, FUTURE, HALF, Exchange, money
from tests.contracts.market.house import (
    ANNA,
    BEN,
    CARL,
    DAY,
    DORA,
    MIDNIGHT,
    MONEY,
    do,
    last,
    move_to,
)
from tests.contracts.market.registry import ALLOWANCES, DEADLINE, PLANT
from tests.contracts.market.settling import clearing, goods_account, money_of


def no_account(at: Exchange) -> None:
    """Leave Carl without an account."""


def closed_account(at: Exchange) -> None:
    """Let Carl have had one."""
    at.registry.open_account(CARL)
    at.registry.close_account(CARL)


def full_account(at: Exchange) -> None:
    """Let Carl's account have as many blocks as one may have."""
    at.registry.open_account(CARL)
    at.registry.scatter(CARL)


RECEIVERS = [(no_account, AccountNotFound), (closed_account, AccountIsClosed)]


@pytest.mark.parametrize("changes", [{}, FUTURE])
@pytest.mark.parametrize(("prepare", "verdict"), [*RECEIVERS, (full_account, TooManyBlocks)])
def test_who_cannot_receive_has_bought_all_the_same(
    changes: dict[str, int], prepare: Callable[[Exchange], None], verdict: Verdict
) -> None:
    """The seller has delivered and is paid; the goods wait in the fill's vault; bills close."""
    at = Exchange(ANNA, **changes)
    prepare(at)
    held = at.registry.held(CARL)
    fill = at.trade()
    move_to(at.house, at.product.begin)
    assert accepted == at.settle(fill, ANNA)
    assert Cut.NONE is last(at.house, MarketSettled).cut
    assert [10_000, -10_000] == money(at, ANNA, CARL)
    own = vault("market", LockId(Hash(fill)))
    assert (ALLOWANCES - 100, 100) == (at.registry.held(ANNA), at.registry.held(own))
    assert Parcel(Keeper.VAULT, 100) == at.kept(fill)
    shown: Any = at.house.trial.ask(ShowFill(fill))
    assert 100 == shown.kept
    assert verdict == at.fetch(fill)
    if prepare is no_account:
        at.registry.open_account(CARL)
        assert accepted == at.fetch(fill, 30)
        assert GoodsFetched(fill, 30, 70) == last(at.house, GoodsFetched)
        assert GoodsNotKept == at.fetch(fill, 71)
        assert accepted == at.fetch(fill)
        assert (100, 0) == (at.registry.held(CARL), at.registry.held(own))
        assert GoodsNotKept == at.fetch(fill)
        assert at.kept(fill) is None
    else:
        assert held == at.registry.held(CARL)
    assert accepted == at.close(ANNA, CARL)


def test_goods_that_ended_in_the_vault_are_the_buyers_loss() -> None:
    """A deadline passes over them as over an account; what is left can be fetched."""
    at = Exchange(ANNA, banking_ppm=HALF)
    fill = at.trade()
    assert accepted == at.settle(fill)
    move_to(at.house, DEADLINE)
    at.registry.open_account(CARL)
    at.registry.carry_over(at.registry.holding(vault("market", LockId(Hash(fill)))))
    assert ExceedsHolding == at.fetch(fill)
    assert accepted == at.fetch(fill, 50)
    assert (50, Parcel(Keeper.VAULT, 50)) == (at.registry.held(CARL), at.kept(fill))


@pytest.mark.parametrize("named", [True, False])
def test_a_seller_without_its_goods_undoes_a_spot_trade(*, named: bool) -> None:
    """The buyer has its money back, the seller what is left, and nobody pays more."""
    changes: dict[str, Any] = {} if named else AUCTION
    at = Exchange(ANNA, CARL, begin=MIDNIGHT + 10 * DAY, banking_ppm=HALF, **changes)
    offer = at.offer(ANNA)
    at.bid(CARL)
    move_to(at.house, DEADLINE)
    at.registry.carry_over(at.registry.lock(ANNA, offer))
    at.registry.carry_over(at.registry.holding(ANNA))
    assert 50 == at.registry.locked(ANNA, offer)
    if not named:
        move_to(at.house, at.product.begin)
        at.clear()
    assert accepted == at.settle(at.fill(0))
    assert Cut.DEFAULT is last(at.house, MarketSettled).cut
    assert [0, 0] == money(at, ANNA, CARL)
    assert (500, 0) == (at.registry.held(ANNA), at.registry.locked(ANNA, offer))
    assert (MONEY, 0) == houses.account(at.house, at.house.money, CARL)
    assert accepted == at.close(ANNA, CARL)


def test_the_last_buyers_of_an_auction_go_without() -> None:
    """One seller's lock shrinks: the walk goes on, others deliver, and money comes back."""
    at = Exchange(ANNA, BEN, CARL, DORA, begin=MIDNIGHT + 10 * DAY, banking_ppm=10**6, **AUCTION)
    orders = [at.offer(ANNA, 20), at.offer(BEN, 30)]
    at.bid(CARL, 25)
    at.bid(DORA, 25)
    move_to(at.house, DEADLINE)
    at.registry.carry_over(at.registry.lock(BEN, orders[1]))
    for owner in (ANNA, BEN, CARL, DORA):
        at.registry.carry_over(at.registry.holding(owner))
    move_to(at.house, at.product.begin)
    for _ in range(3):
        at.clear(1)
    at.clear()
    assert [accepted] * 3 == [at.settle(at.fill(n)) for n in (0, 1, 3)]
    assert [0, 3_000, -2_500, -500] == money(at, ANNA, BEN, CARL, DORA)
    assert [0, -30, 25, 5] == [
        at.registry.held(owner) + at.registry.locked(owner, order) - ALLOWANCES
        for owner, order in zip((ANNA, BEN, CARL, DORA), orders * 2, strict=True)
    ]
    assert 0 == money_of(at.house, clearing(at.market))
    assert accepted == at.close(ANNA, BEN, CARL, DORA)


def test_a_crowded_vault_is_no_default() -> None:
    """What the book's cannot take waits in the sellers' own, and goes there later."""
    at = Exchange(ANNA, BEN, CARL, DORA, **AUCTION)
    at.registry.scatter(goods_account(at.book))
    at.offer(ANNA, 20)
    at.offer(BEN, 30)
    at.bid(CARL, 25)
    at.bid(DORA, 25)
    move_to(at.house, at.product.begin)
    at.clear()
    assert [Parcel(Keeper.VAULT, 20), Parcel(Keeper.VAULT, 30)] == [
        at.kept(at.fill(n)) for n in (2, 3)
    ]
    assert [accepted] * 4 == [at.settle(at.fill(n)) for n in range(4)]
    assert [2_000, 3_000, -2_500, -2_500] == money(at, ANNA, BEN, CARL, DORA)
    assert [ALLOWANCES + 25] * 2 == [at.registry.held(owner) for owner in (CARL, DORA)]
    assert [accepted] * 2 == [at.fetch(at.fill(n)) for n in (2, 3)]
    assert at.registry.held(goods_account(at.book)) == 4_096


def test_buyers_wait_when_a_deadline_has_passed_over_their_books_vault() -> None:
    """They have bought; once somebody has carried it over, what is left is fetched."""
    at = Exchange(ANNA, CARL, begin=DEADLINE - DAY // 2, banking_ppm=HALF, **AUCTION)
    at.trade()
    move_to(at.house, at.product.begin)
    at.clear()
    move_to(at.house, DEADLINE)
    assert [accepted] * 2 == [at.settle(at.fill(n)) for n in range(2)]
    assert Parcel(Keeper.BOOK, 100) == at.kept(at.fill(0))
    assert [10_000, -10_000] == money(at, ANNA, CARL)
    for owner in (CARL, goods_account(at.book)):
        at.registry.carry_over(at.registry.holding(owner))
    assert ExceedsHolding == at.fetch(at.fill(0))
    assert accepted == at.fetch(at.fill(0), 50)
    assert ALLOWANCES // 2 + 50 == at.registry.held(CARL)
    assert accepted == at.close(ANNA, CARL)


@pytest.mark.parametrize(("banking_ppm", "left"), [(HALF, 50), (0, 0)])
def test_an_order_whose_goods_have_shrunk_is_cancelled(banking_ppm: int, left: int) -> None:
    """It gives back what there is."""
    at = Exchange(ANNA, begin=MIDNIGHT + 10 * DAY, banking_ppm=banking_ppm)
    offer = at.offer(ANNA)
    move_to(at.house, DEADLINE)
    for id in (at.registry.lock(ANNA, offer), at.registry.holding(ANNA)):
        at.registry.carry_over(id)
    before = at.registry.held(ANNA)
    do(at.house, Cancel(offer), ANNA)
    assert (before + left, 0) == (at.registry.held(ANNA), at.registry.locked(ANNA, offer))
    assert (left == 0) == (at.kept(offer) is not None)


def test_an_order_whose_owner_has_no_room_ends_all_the_same() -> None:
    """Its goods stay locked, and are fetched once there is room."""
    at = Exchange(ANNA)
    offer = at.offer(ANNA, ALLOWANCES // 2)
    at.registry.give(PLANT, ALLOWANCES // 2, source=ANNA)
    at.registry.scatter(ANNA)
    do(at.house, Cancel(offer), ANNA)
    assert Parcel(Keeper.LOCK, 500) == at.kept(offer)
    shown: Any = at.house.trial.ask(ShowOrder(offer))
    assert 500 == shown.kept
    assert TooManyBlocks == at.fetch(offer)
    at.registry.give(PLANT, 1, source=ANNA)
    assert accepted == at.fetch(offer)
    assert (4_595, 0) == (at.registry.held(ANNA), at.registry.locked(ANNA, offer))


@pytest.mark.parametrize(
    ("amount", "verdict"), [(0, accepted), (100, accepted), (101, GoodsNotKept)]
)
def test_fetch(amount: int, verdict: Verdict) -> None:
    """No more than is kept, and only where something is."""
    at = Exchange(ANNA)
    fill = at.trade()
    assert GoodsNotKept == at.fetch(fill)
    assert accepted == at.settle(fill)
    at.registry.open_account(CARL)
    assert GoodsNotKept == at.fetch(RecordId(bytes(32)))
    assert verdict == at.fetch(fill, amount)


@pytest.mark.parametrize("changes", [{}, FUTURE])
def test_who_trades_with_himself_is_settled_like_anybody(changes: dict[str, int]) -> None:
    """Goods and money come back to where they were."""
    at = Exchange(ANNA, **changes)
    at.offer(ANNA)
    at.bid(ANNA)
    move_to(at.house, at.product.begin)
    assert accepted == at.settle(at.fill(0), ANNA)
    assert (ALLOWANCES, [0]) == (at.registry.held(ANNA), money(at, ANNA))


def test_who_delivers_a_future_hears_what_is_wrong() -> None:
    """It has time to mend it; only when delivery has ended it is in default."""
    at = Exchange(ANNA, CARL, **FUTURE)
    fill = at.trade()
    move_to(at.house, at.product.begin)
    at.registry.give(PLANT, ALLOWANCES - 99, source=ANNA)
    assert ExceedsHolding == at.settle(fill, ANNA)
    at.registry.give(ANNA, 1)
    assert accepted == at.settle(fill, ANNA)
    assert [10_000, -10_000] == money(at, ANNA, CARL)


def test_what_a_deadline_has_left_in_a_vault_is_carried_over_first() -> None:
    """It keeps nobody from delivering there, in the very command that finds it."""
    at = Exchange(ANNA, begin=DEADLINE + DAY, banking_ppm=HALF, **FUTURE)
    fill = at.trade()
    own = vault("market", LockId(Hash(fill)))
    at.registry.leave(own, 10)
    move_to(at.house, at.product.begin)
    assert VintageEnded == at.settle(fill, ANNA)
    at.registry.carry_over(at.registry.holding(ANNA))
    assert accepted == at.settle(fill, ANNA)
    assert ([10_000, -10_000], 105) == (money(at, ANNA, CARL), at.registry.held(own))


def test_a_deadline_between_two_deliveries_is_no_default() -> None:
    """Who delivers after it brings the goods to what is left of the goods delivered before it."""
    at = Exchange(
        *(ANNA, BEN, CARL), begin=DEADLINE - DAY // 2, banking_ppm=HALF, **AUCTION, **FUTURE
    )
    at.offer(ANNA, 40)
    at.offer(BEN, 60)
    at.bid(CARL, 100)
    move_to(at.house, at.product.begin)
    at.clear()
    assert accepted == at.settle(at.fill(1), ANNA)
    move_to(at.house, DEADLINE)
    for owner in (BEN, CARL):
        at.registry.carry_over(at.registry.holding(owner))
    assert accepted == at.settle(at.fill(2), BEN)
    assert (None, 80) == (at.kept(at.fill(2)), at.registry.held(goods_account(at.book)))
    assert accepted == at.settle(at.fill(0))
    assert Parcel(Keeper.BOOK, 100) == at.kept(at.fill(0))
    assert accepted == at.fetch(at.fill(0), 80)
    assert ALLOWANCES // 2 + 80 == at.registry.held(CARL)
    assert [4_000, 6_000, -10_000] == money(at, ANNA, BEN, CARL)


def test_a_crowded_vault_takes_nobody_his_deposit() -> None:
    """A future is delivered into its fill's own vault, and its buyers are served from there."""
    at = Exchange(ANNA, CARL, **AUCTION, **FUTURE)
    at.registry.scatter(goods_account(at.book))
    at.trade()
    move_to(at.house, at.product.begin)
    at.clear()
    buy, sell = at.fill(0), at.fill(1)
    assert accepted == at.settle(sell, ANNA)
    assert Parcel(Keeper.VAULT, 100) == at.kept(sell)
    assert accepted == at.settle(buy)
    assert [10_000, -10_000] == money(at, ANNA, CARL)
    assert ALLOWANCES + 100 == at.registry.held(CARL)


LAPSES = [
    # counterparty, deposit, steps before, lots that are traded, and what everybody has gained
    (Counterparty.CENTRAL, {}, 1, 0, [0, 0, 0, 0]),
    (Counterparty.CENTRAL, {}, 2, 0, [0, 0, 0, 0]),
    (Counterparty.CENTRAL, {}, 3, 20, [2_000, 0, -2_000, 0]),
    (Counterparty.CENTRAL, {}, 4, 50, [2_000, 3_000, -2_500, -2_500]),
    (Counterparty.CENTRAL, FUTURE, 2, 0, [0, 0, 0, 0]),
    (Counterparty.CENTRAL, FUTURE, 3, 20, [-10_000, 0, 10_000, 0]),
    (Counterparty.CENTRAL, FUTURE, 4, 50, [-10_000, -15_000, 12_500, 12_500]),
    (Counterparty.NAMED, {}, 1, 20, [0, 0, 0, 0]),
    (Counterparty.NAMED, {}, 2, 25, [0, 0, 0, 0]),
    (Counterparty.NAMED, FUTURE, 2, 25, [-10_000, -2_500, 12_500, 0]),
]


@pytest.mark.parametrize(("counterparty", "deposit", "steps", "lots", "gains"), LAPSES)
def test_a_clearing_that_is_left_alone_gives_everything_back(
    counterparty: Counterparty, deposit: dict[str, int], steps: int, lots: int, gains: list[int]
) -> None:
    """
    When the last bill may be closed nothing more is traded, and nothing stays bound.

    By then the goods that are still locked have ended, so spot trades between two are undone.
    """
    at = Exchange(
        *(ANNA, BEN, CARL, DORA), trading=Trading.CALL, counterparty=counterparty, **deposit
    )
    orders = [at.offer(ANNA, 20), at.offer(BEN, 30), at.bid(CARL, 25), at.bid(DORA, 25)]
    move_to(at.house, at.product.begin)
    for _ in range(steps):
        at.clear(1)
    rules = houses.rules_of(at.house, at.market)
    move_to(at.house, rules.periods[-1] + rules.settlement_delay)
    while houses.book(at.house, at.book).phase is not Phase.CLEARED:
        at.clear(1)
    numbers = range(len(houses.fills(at.house, at.book)))
    verdicts = [at.settle(at.fill(n)) for n in sorted(numbers, reverse=counterparty is CENTRAL)]
    assert {accepted} == set(verdicts)
    assert gains == money(at, ANNA, BEN, CARL, DORA)
    assert lots == sum(fill.lots for fill in houses.fills(at.house, at.book) if fill.sell)
    assert 0 == money_of(at.house, clearing(at.market))
    for order in orders:
        assert 0 == houses.order(at.house, order).funded
        assert Status.OPEN is not houses.order(at.house, order).status
    assert [(0, 0)] * 4 == [
        (at.registry.locked(owner, order), houses.account(at.house, at.house.money, owner)[1])
        for owner, order in zip((ANNA, BEN, CARL, DORA), orders, strict=True)
    ]
