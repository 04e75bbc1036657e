"""A shared roof's production and income reach the flats as the agreement says, all of it."""

from collections.abc import Callable, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.contracts.sharing.views import SharedView
from tallystick.scenarios.community_cast import House
from tallystick.scenarios.community_rules import SHARED_PRICE
from tallystick.scenarios.community_shares import credits_of, shares_agree, sums_agree
from tests.scenarios.lane import SMALL, played

THREE = House("Three", 0, (1, 2, 3), (50, 30, 20))


@pytest.mark.parametrize(
    ("made_wh", "used_wh", "expected"),
    [
        (0, (600, 300, 500), [0, 0, 0]),
        (1_000, (600, 300, 500), [500, 300, 200]),
        (1_000, (400, 300, 500), [400, 300, 300]),
        (1_000, (400, 400, 500), [400, 325, 275]),
        (1_000, (100, 200, 300), [100, 200, 300]),
        (1_000, (0, 0, 2_000), [0, 0, 1_000]),
        (3, (9, 9, 9), [1, 1, 1]),
    ],
)
def test_the_key(made_wh: int, used_wh: Sequence[int], expected: list[int]) -> None:
    """Fixed shares first; what somebody does not use is divided by what is uncovered."""
    assert expected == credits_of(THREE, made_wh, used_wh)


@given(st.integers(0, 10**6), st.tuples(*[st.integers(0, 10**6)] * 3))
def test_nothing_useful_is_left(made_wh: int, used_wh: tuple[int, int, int]) -> None:
    """All is credited that can be, and nobody gets more than they used."""
    found = credits_of(THREE, made_wh, used_wh)
    assert min(made_wh, sum(used_wh)) == sum(found)
    assert all(got <= used for got, used in zip(found, used_wh, strict=True))


def test_production_is_divided() -> None:
    """Nobody gets more than they used, and what nobody got is the rest."""
    roof = played().found.roof
    assert 0 < sum(roof.got_wh) == roof.made_wh - roof.rest_wh
    assert all(got <= used for got, used in zip(roof.got_wh, roof.used_wh, strict=True))


def test_income_is_paid_out() -> None:
    """Everything that flats paid goes to the owners, by their shares."""
    roof = played().found.roof
    income = sum(roof.paid)
    assert [SHARED_PRICE * got for got in roof.got_wh] == list(roof.paid)
    assert income == sum(roof.income)
    for share, amount in zip(SMALL.cast.house.shares, roof.income, strict=True):
        assert abs(100 * amount - share * income) < 100 * len(played().shared)


def test_the_ledger_shares_as_computed() -> None:
    """Every answer is what readings and shares make of it; no answers at all prove nothing."""
    assert shares_agree(played().week.lane, played().shared)
    assert not shares_agree(played().week.lane, {})


@pytest.mark.parametrize(
    "tamper",
    [
        lambda view: msgspec.structs.replace(view, produced_wh=view.produced_wh + 1),
        lambda view: msgspec.structs.replace(view, rest_wh=view.rest_wh + 1),
        lambda view: msgspec.structs.replace(view, parts=view.parts[::-1]),
        lambda view: msgspec.structs.replace(view, received=(view.received[0] + 1, *view.received)),
        lambda view: msgspec.structs.replace(
            view,
            parts=(
                msgspec.structs.replace(view.parts[0], energy_wh=view.parts[0].energy_wh + 1),
                *view.parts[1:],
            ),
        ),
    ],
)
def test_another_answer_is_noticed(tamper: Callable[[SharedView], SharedView]) -> None:
    """One watt-hour, one millionth or another flat is too much."""
    (quarter, view), *_ = played().shared.items()
    assert not shares_agree(played().week.lane, {**played().shared, quarter: tamper(view)})


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("sharing_members", "energy_wh"),
        ("sharing_members", "paid"),
        ("sharing_members", "deposited"),
        ("sharing_incomes", "received"),
    ],
)
def test_another_sum_is_noticed(table: str, column: str) -> None:
    """The read model's sums are those of the answers, to the unit."""
    here = played()
    for more, expected in ((0, True), (1, False)):
        first, *others = here.rows[table]
        rows = {**here.rows, table: ({**first, column: first[column] + more}, *others)}
        assert expected == sums_agree(
            here.week.lane,
            here.week.seen.agreement,
            here.found.roof,
            members=rows["sharing_members"],
            incomes=rows["sharing_incomes"],
        )
