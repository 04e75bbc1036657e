"""What a fill comes to, as tables and as properties of all fills."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.contracts.market.settlement import (
    Bill,
    Pair,
    Terms,
    attributed,
    bill,
    lots_left,
    pairs,
    shares,
)

TERMS = Terms(price=20, shortfall_price=30, excess_price=5, quantum=100)

GRIDS = (1, 2, 3, 4, 6, 12, 60)
"""Into how many intervals of 60, 30, 20, 15, 10, 5 and 1 minutes an hour is divided."""

energies = st.integers(0, 2_000)


@pytest.mark.parametrize(
    ("offset", "lots", "available", "left"),
    [
        (0, 10, 10, 10),
        (0, 10, 6, 6),
        (4, 10, 6, 2),
        (6, 10, 6, 0),
        (60, 10, 6, 0),
        (0, 10, 0, 0),
    ],
)
def test_lots_left(offset: int, lots: int, available: int, left: int) -> None:
    """Of what a seller has available, the first fills are served first."""
    assert left == lots_left(offset=offset, lots=lots, available_lots=available)


@pytest.mark.parametrize(
    ("energy_wh", "intervals", "parts"),
    [
        (100, 1, [100]),
        (100, 4, [25, 25, 25, 25]),
        (10, 4, [3, 3, 2, 2]),
        (1, 4, [1, 0, 0, 0]),
        (3, 2, [2, 1]),
        (0, 3, [0, 0, 0]),
    ],
)
def test_shares(energy_wh: int, intervals: int, parts: list[int]) -> None:
    """A promise is spread evenly, and its parts add up to it."""
    assert parts == shares(energy_wh, intervals)


@given(energies, energies, st.integers(1, 60))
def test_a_larger_promise_has_no_less_anywhere(
    energy_wh: int, more_wh: int, intervals: int
) -> None:
    """So what lies between two promises is never negative, and all of it is somewhere."""
    before, after = shares(energy_wh, intervals), shares(energy_wh + more_wh, intervals)
    assert (energy_wh, energy_wh + more_wh) == (sum(before), sum(after))
    assert all(one <= other for one, other in zip(before, after, strict=True))
    assert max(after) - min(after) <= 1


@pytest.mark.parametrize(
    ("readings", "offset", "energy", "counted"),
    [
        ([100], 0, 100, [100]),
        ([80], 0, 100, [80]),
        ([300], 0, 100, [100]),
        ([130], 100, 100, [30]),
        ([90], 100, 100, [0]),
        ([25, 25, 25, 25], 0, 100, [25, 25, 25, 25]),
        ([100, 0, 0, 0], 0, 100, [25, 0, 0, 0]),
        ([30, 30, 30, 30], 100, 100, [5, 5, 5, 5]),
        ([3, 3, 3, 3], 10, 10, [0, 0, 1, 1]),
    ],
)
def test_attributed(readings: list[int], offset: int, energy: int, counted: list[int]) -> None:
    """A reading serves the fills of a position in their order, interval by interval."""
    assert counted == attributed(readings, offset_wh=offset, energy_wh=energy)


@given(readings=st.lists(energies, min_size=1, max_size=12), fills=st.lists(energies, max_size=6))
def test_nothing_is_attributed_twice(readings: list[int], fills: list[int]) -> None:
    """Summed over a position's fills, an interval counts the lesser of measured and promised."""
    offsets = [0, *accumulate(fills)]
    rows = [
        attributed(readings, offset_wh=offset, energy_wh=fill)
        for offset, fill in zip(offsets, fills, strict=False)
    ]
    promised = shares(sum(fills), len(readings))
    expected = [min(pair) for pair in zip(readings, promised, strict=True)]
    assert expected == [sum(row[n] for row in rows) for n in range(len(readings))]


@pytest.mark.parametrize(
    ("lots", "delivered", "consumed", "expected"),
    [
        (10, 1_000, 1_000, Bill(200, 200, 0)),
        (10, 1_000, 400, Bill(170, 200, 0)),
        (10, 0, 1_000, Bill(200, 0, 100)),
        (10, 0, 0, Bill(150, 0, 100)),
        (10, 999, 1_000, Bill(200, 199, 0)),
        (10, 990, 1_000, Bill(200, 198, 1)),
        (10, 1_000, 999, Bill(200, 200, 0)),
        (10, 1_000, 980, Bill(199, 200, 0)),
        (0, 0, 0, Bill(0, 0, 0)),
    ],
)
def test_bill(lots: int, delivered: int, consumed: int, expected: Bill) -> None:
    """To the last minor unit: a refund is rounded down, a loss up, once."""
    assert expected == bill(TERMS, lots=lots, delivered_wh=delivered, consumed_wh=consumed)


def test_not_to_deliver_never_pays() -> None:
    """A shortfall price below the agreed one costs the seller the agreed one."""
    terms = Terms(price=20, shortfall_price=0, excess_price=0, quantum=100)
    assert Bill(200, 100, 0) == bill(terms, lots=10, delivered_wh=500, consumed_wh=1_000)


@pytest.mark.parametrize(
    ("shortfall_price", "forfeited", "delivered", "expected"),
    [
        (30, 0, 600, Bill(120, 120, 0)),
        (30, 4, 600, Bill(120, 120, 40)),
        (30, 4, 590, Bill(120, 118, 41)),
        (20, 4, 600, Bill(120, 120, 0)),
        (0, 4, 600, Bill(120, 120, 0)),
    ],
)
def test_what_is_forfeited_costs_the_seller_and_nobody_else(
    shortfall_price: int, forfeited: int, delivered: int, expected: Bill
) -> None:
    """As much beyond the price as if it had not been delivered."""
    terms = TERMS._replace(shortfall_price=shortfall_price)
    assert expected == bill(
        terms, lots=6, forfeited_lots=forfeited, delivered_wh=delivered, consumed_wh=600
    )


@given(
    price=st.integers(0, 10_000),
    shortfall=st.integers(0, 20_000),
    excess=st.integers(0, 10_000),
    quantum=st.integers(1, 5_000),
    lots=st.integers(0, 10_000),
    forfeited=st.integers(0, 10_000),
    data=st.data(),
)
def test_bill_is_bounded_and_balanced(
    price: int,
    shortfall: int,
    excess: int,
    quantum: int,
    lots: int,
    forfeited: int,
    data: st.DataObject,
) -> None:
    """Locked money suffices, and the balancing account never pays for a rounding."""
    terms = Terms(price, shortfall, min(excess, price), quantum)
    promised = lots * quantum
    delivered = data.draw(st.integers(0, promised))
    consumed = data.draw(st.integers(0, promised))
    made = bill(
        terms,
        lots=lots,
        forfeited_lots=forfeited,
        delivered_wh=delivered,
        consumed_wh=consumed,
    )
    assert 0 <= made.buyer_pays <= lots * price
    assert 0 <= made.seller_gets <= lots * price
    fine = max(0, shortfall - price)
    assert forfeited * fine <= made.seller_pays <= (lots + forfeited) * fine
    missing, left = promised - delivered, promised - consumed
    exact = missing * max(shortfall, price) - left * terms.excess_price
    exact += forfeited * fine * quantum
    assert exact <= made.balance * quantum < exact + 2 * quantum


def test_pairs_of_equal_grids() -> None:
    """Each interval's production is consumed in the same interval."""
    expected = [Pair(0, 0, 5), Pair(2, 2, 7)]
    assert expected == list(pairs([5, 9, 9], [8, 0, 7]))


def test_pairs_of_mixed_grids() -> None:
    """Within a slot of whole intervals of both, the earliest meets the earliest."""
    assert [Pair(0, 0, 10), Pair(1, 0, 5)] == list(pairs([10, 10], [15]))
    assert [Pair(0, 0, 6), Pair(0, 1, 4), Pair(1, 3, 5)] == list(pairs([10, 5], [6, 8, 0, 9]))


@given(made=st.sampled_from(GRIDS), used=st.sampled_from(GRIDS), data=st.data())
def test_pairs_exhaust_the_lesser(made: int, used: int, data: st.DataObject) -> None:
    """No interval gives or takes more than it has, and no more could be matched in any slot."""
    delivered = data.draw(st.lists(energies, min_size=made, max_size=made))
    consumed = data.draw(st.lists(energies, min_size=used, max_size=used))
    found = list(pairs(delivered, consumed))
    for n, energy in enumerate(delivered):
        assert energy >= sum(pair.energy_wh for pair in found if pair.production == n)
    for m, energy in enumerate(consumed):
        assert energy >= sum(pair.energy_wh for pair in found if pair.consumption == m)
    slots = next(n for n in range(min(made, used), 0, -1) if made % n == 0 and used % n == 0)
    most = sum(
        min(
            sum(delivered[n * made // slots : (n + 1) * made // slots]),
            sum(consumed[n * used // slots : (n + 1) * used // slots]),
        )
        for n in range(slots)
    )
    assert most == sum(pair.energy_wh for pair in found)
