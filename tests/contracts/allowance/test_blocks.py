"""Blocks are taken from the lowest number on, and neighbours become one."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tallystick.contracts.allowance.blocks import take, unite
from tallystick.contracts.allowance.model import Block, amount_of

numbers = st.sets(st.integers(1, 60))


def of(found: set[int]) -> tuple[Block, ...]:
    """Return numbers as blocks."""
    return unite(Block(each, each) for each in found)


def numbers_in(blocks: tuple[Block, ...]) -> list[int]:
    """Return the numbers in blocks, in order."""
    return [n for each in blocks for n in range(each.first, each.last + 1)]


@given(numbers, st.integers(0, 60))
def test_taking_takes_the_lowest(found: set[int], amount: int) -> None:
    """What is taken are the lowest numbers, and nothing gets lost."""
    amount = min(amount, len(found))
    taken, rest = take(of(found), amount)
    assert sorted(found)[:amount] == numbers_in(taken)
    assert sorted(found)[amount:] == numbers_in(rest)
    assert amount == amount_of(taken)


@given(numbers)
def test_blocks_neither_overlap_nor_touch(found: set[int]) -> None:
    """There is a gap between any two blocks."""
    blocks = of(found)
    assert all(left.last + 1 < right.first for left, right in pairwise(blocks))


@given(numbers, st.integers(0, 60))
def test_uniting_undoes_taking(found: set[int], amount: int) -> None:
    """What was cut is whole again."""
    whole = of(found)
    taken, rest = take(whole, min(amount, len(found)))
    assert whole == unite(rest, taken)
