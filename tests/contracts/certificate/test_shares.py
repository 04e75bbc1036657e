"""The arithmetic of a decrease: exact, fair, in the stated order, and the same for everybody."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.identifiers import RecordId
from tallystick.contracts.certificate.shares import Leaf, Rank, in_proportion, in_turn, shares_of

AMOUNT_MAX = 2**53 - 1


def id_of(n: int) -> RecordId:
    """Return an id that sorts like its number."""
    return RecordId(n.to_bytes(32, "big"))


def held(*amounts_wh: int, rank: Rank = Rank.HELD) -> list[Leaf]:
    """Return leaves of one rank, ids ascending."""
    return [Leaf(id_of(n), amount_wh, rank) for n, amount_wh in enumerate(amounts_wh)]


IN_PROPORTION = [
    ((100,), 0, (0,)),
    ((100,), 100, (100,)),
    ((300, 700), 100, (30, 70)),
    ((1, 1, 1), 1, (1, 0, 0)),
    ((1, 1, 1), 2, (1, 1, 0)),
    ((1, 1, 1), 3, (1, 1, 1)),
    ((5, 3, 2), 1, (1, 0, 0)),
    ((5, 3, 2), 3, (1, 1, 1)),
    ((5, 3, 2), 4, (2, 1, 1)),
    ((10, 10, 1), 20, (10, 9, 1)),
    ((0, 7, 0), 3, (0, 3, 0)),
    ((AMOUNT_MAX, AMOUNT_MAX), AMOUNT_MAX, (2**52, 2**52 - 1)),
]


@pytest.mark.parametrize(("amounts_wh", "taken_wh", "expected"), IN_PROPORTION)
def test_in_proportion(
    amounts_wh: tuple[int, ...], taken_wh: int, expected: tuple[int, ...]
) -> None:
    """Whole watt-hours first, what is missing from the largest remainders, ties to the lower id."""
    leaves = held(*amounts_wh)
    shares = {id_of(n): share for n, share in enumerate(expected) if share}
    assert shares == in_proportion(leaves, taken_wh)
    assert shares == in_proportion(list(reversed(leaves)), taken_wh)


def test_in_turn() -> None:
    """The latest goes first; of two at one time the lower id; the last may keep something."""
    leaves = [
        Leaf(id_of(1), 100, Rank.CLAIMED, 10),
        Leaf(id_of(2), 100, Rank.CLAIMED, 30),
        Leaf(id_of(3), 100, Rank.CLAIMED, 20),
        Leaf(id_of(4), 100, Rank.CLAIMED, 20),
    ]
    assert {id_of(2): 100, id_of(3): 60} == in_turn(leaves, 160)
    assert {id_of(2): 100, id_of(3): 100, id_of(4): 1} == in_turn(leaves, 201)
    nothing = Leaf(id_of(5), 0, Rank.CLAIMED, 40)
    assert {id_of(2): 7} == in_turn([nothing, *leaves], 7)


RANKS = [
    (0, {}),
    (1, {1: 1}),
    (10, {1: 10}),
    (11, {1: 10, 3: 1}),
    (40, {1: 10, 3: 20, 2: 10}),
    (41, {1: 10, 3: 20, 2: 10, 5: 1}),
    (80, {1: 10, 3: 20, 2: 10, 5: 40}),
    (81, {1: 10, 3: 20, 2: 10, 5: 40, 4: 1}),
    (130, {1: 10, 3: 20, 2: 10, 5: 40, 4: 50}),
    (140, {1: 10, 3: 20, 2: 10, 5: 40, 4: 50, 0: 10}),
]


@pytest.mark.parametrize(("decrease_wh", "expected"), RANKS)
def test_ranks_are_drawn_upon_in_order(decrease_wh: int, expected: dict[int, int]) -> None:
    """Own leaves, then others', then claims, the latest first, and withdrawn ones last."""
    leaves = [
        Leaf(id_of(0), 10, Rank.WITHDRAWN),
        Leaf(id_of(1), 10, Rank.OWN),
        Leaf(id_of(2), 10, Rank.HELD),
        Leaf(id_of(3), 20, Rank.HELD),
        Leaf(id_of(4), 50, Rank.CLAIMED, 1),
        Leaf(id_of(5), 40, Rank.CLAIMED, 2),
    ]
    assert {id_of(n): share for n, share in expected.items()} == shares_of(leaves, decrease_wh)


def test_more_than_there_is_is_a_bug() -> None:
    """A rule never asks for more than the leaves hold; if it does, that is not passed over."""
    with pytest.raises(AssertionError, match="hold 1 Wh less"):
        shares_of(held(5, 5), 11)


LEAVES = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 20), st.integers(0, AMOUNT_MAX)),
        st.sampled_from(Rank),
        st.integers(0, 3),
    ),
    max_size=12,
).map(
    lambda rows: [
        Leaf(id_of(n), amount_wh, rank, claimed_at)
        for n, (amount_wh, rank, claimed_at) in enumerate(rows)
    ]
)


@settings(deadline=None)
@given(leaves=LEAVES, data=st.data())
def test_shares_are_exact_and_bounded(leaves: list[Leaf], data: st.DataObject) -> None:
    """They sum to the decrease, nobody gives more than it holds, and order does not matter."""
    decrease_wh = data.draw(st.integers(0, sum(leaf.amount_wh for leaf in leaves)))
    shares = shares_of(leaves, decrease_wh)
    amounts = {leaf.id: leaf.amount_wh for leaf in leaves}
    assert decrease_wh == sum(shares.values())
    assert all(0 < share <= amounts[id] for id, share in shares.items())
    assert shares == shares_of(data.draw(st.permutations(leaves)), decrease_wh)


@settings(deadline=None)
@given(leaves=LEAVES, data=st.data())
def test_a_rank_gives_only_once_the_one_before_is_exhausted(
    leaves: list[Leaf], data: st.DataObject
) -> None:
    """If a leaf gives anything, every leaf of an earlier rank gives all it has."""
    decrease_wh = data.draw(st.integers(0, sum(leaf.amount_wh for leaf in leaves)))
    shares = shares_of(leaves, decrease_wh)
    drawn = max((leaf.rank for leaf in leaves if leaf.id in shares), default=Rank.OWN)
    for leaf in leaves:
        if leaf.rank < drawn:
            assert leaf.amount_wh == shares.get(leaf.id, 0)


@settings(deadline=None)
@given(amounts_wh=st.lists(st.integers(0, AMOUNT_MAX), min_size=1, max_size=12), data=st.data())
def test_in_proportion_is_within_one_watt_hour(amounts_wh: list[int], data: st.DataObject) -> None:
    """Nobody gives a watt-hour more or less than its exact part (the quota rule)."""
    total_wh = sum(amounts_wh)
    taken_wh = data.draw(st.integers(0, total_wh))
    shares = in_proportion(held(*amounts_wh), taken_wh) if total_wh else {}
    for n, amount_wh in enumerate(amounts_wh):
        share = shares.get(id_of(n), 0)
        assert abs(share * total_wh - taken_wh * amount_wh) < max(1, total_wh)
