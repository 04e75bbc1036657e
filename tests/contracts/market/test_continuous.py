"""The engine of continuous trading does what a plain list of orders, searched each time, would."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.contracts.market.continuous import Continuous, Offer, Trade


class Waiting(NamedTuple):
    """An order in the plain list."""

    number: int
    offer: Offer
    left: int


class Taking(NamedTuple):
    """Somebody takes a named order."""

    number: int
    lots: int


Step = Offer | Taking | int
"""An order, a take, or the number of an order that is cancelled."""


class PlainBook:
    """Continuous trading in its simplest form: every arrival looks at every order."""

    def __init__(self, fills_max: int) -> None:
        self.fills_max = fills_max
        self.waiting: list[Waiting] = []
        self.outside: list[Waiting] = []
        self.trades: list[Trade] = []
        self.count = 0

    def place(self, offer: Offer) -> None:
        """Let an order come in."""
        number, self.count = self.count, self.count + 1
        sign = 1 if offer.buys else -1
        crossing = [
            each
            for each in self.waiting
            if each.offer.buys != offer.buys and sign * (offer.level - each.offer.level) >= 0
        ]
        crossing.sort(key=lambda each: (sign * each.offer.level, each.number))
        within = crossing[: self.fills_max]
        if offer.least > 1 and min(offer.lots, sum(each.left for each in within)) < offer.least:
            self.outside.append(Waiting(number, offer, offer.lots))
            return
        left = offer.lots
        for each in within:
            lots = min(left, each.left)
            if not lots:
                break
            left -= lots
            pair = (number, each.number) if offer.buys else (each.number, number)
            self.trades.append(Trade(*pair, lots, each.offer.level))
            self._replace(each, each.left - lots)
        if left and len(crossing) <= self.fills_max:
            self.waiting.append(Waiting(number, offer, left))

    def cancel(self, number: int) -> None:
        """Take back an order, if it waits."""
        self.waiting = [each for each in self.waiting if each.number != number]
        self.outside = [each for each in self.outside if each.number != number]

    def take(self, number: int, lots: int) -> bool:
        """Trade with a named order, if it is there for that."""
        for each in (*self.waiting, *self.outside):
            met = each.offer.lots - each.left
            if each.number != number or lots > each.left:
                continue
            if met < each.offer.least and lots < each.offer.least:
                continue
            pair = (number, self.count) if each.offer.buys else (self.count, number)
            self.count += 1
            self.trades.append(Trade(*pair, lots, each.offer.level))
            self._replace(each, each.left - lots)
            return True
        return False

    def queue(self, *, buys: bool, level: int) -> list[tuple[int, int]]:
        """Return number and open lots of the orders that wait at a level."""
        return [
            (each.number, each.left)
            for each in self.waiting
            if each.offer.buys == buys and each.offer.level == level
        ]

    def _replace(self, waiting: Waiting, left: int) -> None:
        """Leave so much of an order."""
        held = self.waiting if waiting in self.waiting else self.outside
        place = held.index(waiting)
        held[place : place + 1] = [waiting._replace(left=left)] if left else []


LEVELS = range(8)
STEPS = st.lists(
    st.one_of(
        st.builds(
            Offer,
            buys=st.booleans(),
            level=st.sampled_from(LEVELS),
            lots=st.integers(1, 20),
            least=st.sampled_from([0, 0, 0, 1, 5, 25]),
        ),
        st.integers(0, 60),
        st.builds(Taking, number=st.integers(0, 60), lots=st.integers(1, 12)),
    ),
    max_size=60,
)


@given(STEPS, st.sampled_from([1, 2, 3, 256]))
def test_the_engine_is_the_plain_book(steps: list[Step], fills_max: int) -> None:
    """Every order, minimum and cancel leads to the same trades and the same queues."""
    engine, plain = Continuous(fills_max=fills_max), PlainBook(fills_max)
    for step in steps:
        if isinstance(step, Offer):
            engine.place([step])
            plain.place(step)
        elif isinstance(step, Taking):
            if step.number < plain.count:
                taken = plain.take(step.number, step.lots)
                assert taken == engine.take(step.number, lots=step.lots)
        elif step < plain.count:
            engine.cancel(step)
            plain.cancel(step)
    assert plain.trades == engine.trades
    for buys in (True, False):
        open_levels = [level for level in LEVELS if plain.queue(buys=buys, level=level)]
        best = max(open_levels, default=None) if buys else min(open_levels, default=None)
        assert best == engine.best(buys=buys)
        for level in LEVELS:
            expected = plain.queue(buys=buys, level=level)
            assert expected == engine.queue(buys=buys, level=level)


@given(STEPS)
def test_a_book_is_never_crossed(steps: list[Step]) -> None:
    """After each arrival the best buyer offers less than the best seller asks."""
    engine = Continuous(fills_max=2)
    for step in steps:
        if isinstance(step, Offer):
            engine.place([step])
        bids = [level for level in LEVELS if engine.queue(buys=True, level=level)]
        asks = [level for level in LEVELS if engine.queue(buys=False, level=level)]
        assert max(bids, default=-1) < min(asks, default=len(LEVELS))


@given(STEPS)
def test_lots_are_conserved(steps: list[Step]) -> None:
    """What is traded leaves both sides, and nobody trades worse than his limit."""
    offers = [step for step in steps if isinstance(step, Offer)]
    engine = Continuous()
    engine.place(offers)
    assert len(offers) == len(engine.left)
    for number, offer in enumerate(offers):
        mine = [each for each in engine.trades if number in each[:2]]
        assert offer.lots == engine.left[number] + sum(lots for _, _, lots, _ in mine)
        for _, _, _, level in mine:
            assert level <= offer.level if offer.buys else level >= offer.level


CASES = [
    (
        "a sweep takes the best price first",
        [(False, 3, 5, 0), (False, 1, 5, 0), (True, 3, 7, 0)],
        [(2, 1, 5, 1), (2, 0, 2, 3)],
    ),
    (
        "at one price time decides",
        [(True, 3, 5, 0), (True, 3, 5, 0), (False, 3, 7, 0)],
        [(0, 2, 5, 3), (1, 2, 2, 3)],
    ),
    ("prices apart do not cross", [(False, 3, 5, 0), (True, 2, 5, 0)], []),
    (
        "a residual becomes the best",
        [(False, 3, 5, 0), (True, 4, 7, 0), (True, 3, 1, 0), (False, 2, 3, 0)],
        [(1, 0, 5, 3), (1, 3, 2, 4), (2, 3, 1, 3)],
    ),
    (
        "a minimum that is met over prices",
        [(False, 1, 2, 0), (False, 2, 3, 0), (True, 2, 5, 5)],
        [(2, 0, 2, 1), (2, 1, 3, 2)],
    ),
    ("a minimum that is not", [(False, 1, 2, 0), (True, 2, 5, 3), (False, 1, 9, 0)], []),
    (
        "equal orders both count",
        [(False, 1, 2, 0), (False, 1, 2, 0), (True, 1, 4, 4)],
        [(2, 0, 2, 1), (2, 1, 2, 1)],
    ),
]


@pytest.mark.parametrize(
    ("offers", "trades"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_cases(
    offers: list[tuple[bool, int, int, int]], trades: list[tuple[int, int, int, int]]
) -> None:
    """What everybody expects of an order book."""
    engine = Continuous()
    engine.place(offers)
    assert trades == engine.trades


def test_cancel_returns_what_was_open() -> None:
    """A second cancel finds nothing, and nobody meets what is gone."""
    engine = Continuous()
    engine.place([(False, 1, 5, 0), (True, 1, 2, 0)])
    assert 3 == engine.cancel(0)
    assert 0 == engine.cancel(0)
    engine.place([(True, 1, 2, 0)])
    assert [(1, 0, 2, 1)] == engine.trades
    assert [(2, 2)] == engine.queue(buys=True, level=1)
