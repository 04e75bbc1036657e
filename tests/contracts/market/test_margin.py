"""The cut says exactly what the method of largest remainders gives to everybody."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.contracts.market.margin import Cut, allotment, cut_of
from tallystick.contracts.market.ration import Tie, ration

QUEUES = st.lists(st.integers(1, 2**53 - 1) | st.integers(1, 9), min_size=1, max_size=40)


def allotments(lots: list[int], share: int) -> list[int]:
    """Return what each order of a queue gets."""
    cut = cut_of(lots, share=share)
    ties, given = cut.ties, []
    for each in lots:
        part, tied = allotment(cut, each, ties=ties)
        ties -= tied
        given.append(part)
    assert 0 == ties or share == 0
    return given


def by_hamilton(lots: list[int], share: int) -> list[int]:
    """Return the same, as the textbook has it: fractions, sorted."""
    quotas = [Fraction(each * share, sum(lots)) for each in lots]
    given = [int(quota) for quota in quotas]
    order = sorted(range(len(lots)), key=lambda n: (given[n] - quotas[n], n))
    for n in order[: share - sum(given)]:
        given[n] += 1
    return given


@pytest.mark.parametrize(
    ("lots", "share", "expected"),
    [
        ([1], 0, [0]),
        ([1], 1, [1]),
        ([5, 5], 10, [5, 5]),
        ([5, 5], 5, [3, 2]),
        ([1, 1, 1], 1, [1, 0, 0]),
        ([1, 1, 1], 2, [1, 1, 0]),
        ([1, 2, 3], 3, [1, 1, 1]),
        ([3, 2, 1], 3, [2, 1, 0]),
        ([10, 20, 70], 7, [1, 1, 5]),
        ([7, 7, 7, 1], 11, [4, 4, 3, 0]),
    ],
)
def test_an_allotment_is_rounded_by_the_largest_remainder(
    lots: list[int], share: int, expected: list[int]
) -> None:
    """Equal remainders are rounded up in order of arrival."""
    assert expected == allotments(lots, share)


@given(lots=QUEUES, data=st.data())
def test_allotments_are_hamiltons(lots: list[int], data: st.DataObject) -> None:
    """For every queue and share, the cut gives what sorting all fractions gives."""
    share = data.draw(st.integers(0, sum(lots)))
    assert by_hamilton(lots, share) == allotments(lots, share)
    assert ration(lots, share, Tie.PRO_RATA) == allotments(lots, share)


@given(lots=QUEUES, data=st.data())
def test_a_share_is_given_exactly(lots: list[int], data: st.DataObject) -> None:
    """No lot is created or lost, nobody gets more than it asked for."""
    share = data.draw(st.integers(0, sum(lots)))
    given = allotments(lots, share)
    assert share == sum(given)
    assert all(0 <= part <= each for part, each in zip(given, lots, strict=True))


def test_a_cut_of_nothing_gives_nothing() -> None:
    """An auction in which nothing crosses has no margin."""
    assert (0, False) == allotment(Cut(0, 0, 0, 0), 5, ties=0)
