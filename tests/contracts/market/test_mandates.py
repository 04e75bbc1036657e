"""What standing orders come to: lots by a formula that everybody can compute."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.mandates import lots_of, room_of, spent_in
from tallystick.contracts.market.model import Mandate, Side
from tallystick.testing.keys import key

BUYING = Mandate(
    market=RecordId(bytes(32)),
    owner=key(1),
    agent=key(2),
    side=Side.BUY,
    level=5,
    keep_wh=0,
    lots_max=40,
    budget=500,
    device=None,
    funded=1_000,
    period=0,
    spent=0,
    begin=0,
    end=1,
    ended=False,
)
SELLING = replace(BUYING, side=Side.SELL, budget=0, keep_wh=200)


def times(price: int) -> Callable[[int], int]:
    """Return what lots bind at a price."""
    return lambda lots: lots * price


LOTS = [
    # mandate, expected_wh, quantum, spent, price, lots
    (BUYING, 1_000, 100, 0, 10, 10),
    (BUYING, 1_099, 100, 0, 10, 10),
    (BUYING, 99, 100, 0, 10, 0),
    (BUYING, 0, 100, 0, 10, 0),
    (BUYING, 10_000, 100, 0, 10, 40),
    (BUYING, 10_000, 100, 250, 10, 25),
    (BUYING, 10_000, 100, 495, 10, 0),
    (BUYING, 10_000, 100, 500, 10, 0),
    (BUYING, 10_000, 100, 600, 10, 0),
    (BUYING, 10_000, 100, 600, 0, 40),
    (replace(BUYING, funded=99), 10_000, 100, 0, 10, 9),
    (replace(BUYING, lots_max=1), 10_000, 100, 0, 10, 1),
    (SELLING, 1_000, 100, 0, 10, 8),
    (SELLING, 299, 100, 0, 10, 0),
    (SELLING, 300, 100, 0, 10, 1),
    (SELLING, 200, 100, 0, 10, 0),
    (SELLING, 0, 100, 0, 10, 0),
    (SELLING, 10_000, 100, 0, 0, 40),
    (SELLING, 10_000, 100, 600, 10, 40),
    (replace(SELLING, funded=35), 10_000, 100, 0, 10, 3),
    (replace(SELLING, funded=0), 10_000, 100, 0, 10, 0),
    (replace(SELLING, funded=0), 10_000, 100, 0, 0, 40),
]


@pytest.mark.parametrize(("mandate", "expected_wh", "quantum", "spent", "price", "lots"), LOTS)
def test_lots(
    mandate: Mandate, expected_wh: int, quantum: int, spent: int, price: int, lots: int
) -> None:
    """They are the whole quanta above what is kept, as far as maximum and money reach."""
    found = lots_of(
        mandate, expected_wh=expected_wh, quantum=quantum, spent=spent, binds=times(price)
    )
    assert lots == found


amounts = st.integers(0, AMOUNT_MAX)


@given(
    side=st.sampled_from(Side),
    money=st.tuples(amounts, amounts, amounts),
    energy=st.tuples(amounts, amounts, st.integers(1, 10_000)),
    lots_max=st.integers(1, AMOUNT_MAX),
    price=st.integers(0, 10**6),
)
def test_lots_are_the_most_within_every_bound(
    side: Side,
    money: tuple[int, int, int],
    energy: tuple[int, int, int],
    lots_max: int,
    price: int,
) -> None:
    """One lot more would break a bound, and none is broken."""
    budget, funded, spent = money
    expected_wh, keep_wh, quantum = energy
    mandate = replace(
        BUYING, side=side, keep_wh=keep_wh, lots_max=lots_max, budget=budget, funded=funded
    )

    def allowed(lots: int) -> bool:
        affordable = lots * price <= room_of(mandate, spent=spent)
        return affordable and lots <= lots_max and lots * quantum <= max(0, expected_wh - keep_wh)

    lots = lots_of(
        mandate, expected_wh=expected_wh, quantum=quantum, spent=spent, binds=times(price)
    )
    assert (True, False) == (lots == 0 or allowed(lots), allowed(lots + 1))


def test_a_new_period_begins_with_the_whole_budget() -> None:
    """What was bound belongs to the period that the mandate stands at."""
    spent = replace(BUYING, period=3, spent=120)
    assert (120, 0) == (spent_in(spent, 3), spent_in(spent, 4))
