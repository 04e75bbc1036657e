"""Keys of collective self-consumption credit what was produced, to those who consumed it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.contracts.sharing.keys import (
    ONE_PPM,
    share_dynamic,
    share_hybrid,
    share_priority,
    share_static,
)

WH = st.integers(0, 20) | st.integers(0, 2**53 - 1)


@st.composite
def communities(draw: st.DrawFn) -> tuple[int, list[int], list[int], list[int]]:
    """Return a production, consumptions, shares in ppm and an order of priority."""
    consumptions = draw(st.lists(WH, max_size=12))
    cuts = sorted(draw(st.integers(0, ONE_PPM)) for _ in consumptions)
    shares = [high - low for low, high in zip([0, *cuts], cuts, strict=False)]
    order = draw(st.permutations(range(len(consumptions))))
    return draw(WH), consumptions, shares, order


Community = tuple[int, list[int], list[int], list[int]]


@given(communities())
def test_nobody_is_credited_with_more_than_was_consumed(community: Community) -> None:
    """Under every key, shares are within each consumption and the production."""
    production, consumptions, shares, order = community
    for credited in (
        share_static(production, consumptions, shares),
        share_dynamic(production, consumptions),
        share_hybrid(production, consumptions, shares),
        share_priority(production, consumptions, order),
    ):
        assert len(consumptions) == len(credited)
        assert sum(credited) <= production
        assert all(0 <= part <= used for part, used in zip(credited, consumptions, strict=True))


@given(communities())
def test_only_the_static_key_leaves_over_what_is_needed(community: Community) -> None:
    """The other keys allocate as much as can be allocated at all."""
    production, consumptions, shares, order = community
    most = min(production, sum(consumptions))
    assert most == sum(share_dynamic(production, consumptions))
    assert most == sum(share_hybrid(production, consumptions, shares))
    assert most == sum(share_priority(production, consumptions, order))


@given(communities())
def test_a_hybrid_gives_nobody_less_than_the_static_key(community: Community) -> None:
    """The fixed share comes first, the rest only adds to it."""
    production, consumptions, shares, _ = community
    fixed = share_static(production, consumptions, shares)
    hybrid = share_hybrid(production, consumptions, shares)
    assert all(more >= less for more, less in zip(hybrid, fixed, strict=True))


@pytest.mark.parametrize(
    ("production", "consumptions", "shares", "expected"),
    [
        (1_000, [900, 900], [500_000, 500_000], [500, 500]),
        (1_000, [900, 100], [500_000, 500_000], [500, 100]),
        (1_000, [900, 900], [250_000, 250_000], [250, 250]),
        (1, [9, 9], [500_000, 500_000], [1, 0]),
        (10, [9, 9, 9], [333_333, 333_333, 333_333], [4, 3, 3]),
        (0, [9], [ONE_PPM], [0]),
        (7, [], [], []),
    ],
)
def test_static(
    production: int, consumptions: list[int], shares: list[int], expected: list[int]
) -> None:
    """What one does not consume is nobody else's."""
    assert expected == share_static(production, consumptions, shares)


@pytest.mark.parametrize(
    ("production", "consumptions", "expected"),
    [
        (1_000, [600, 200], [600, 200]),
        (400, [600, 200], [300, 100]),
        (1, [5, 5], [1, 0]),
        (5, [0, 0], [0, 0]),
        (5, [], []),
    ],
)
def test_dynamic(production: int, consumptions: list[int], expected: list[int]) -> None:
    """Scarce production is divided in proportion, plenty covers everybody."""
    assert expected == share_dynamic(production, consumptions)


@pytest.mark.parametrize(
    ("production", "consumptions", "shares", "expected"),
    [
        # Half each; the second leaves 400, all of which the first still needs.
        (1_000, [900, 100], [500_000, 500_000], [900, 100]),
        # 20 % each, of 1,000; the other 600 are shared 3 to 1 by what is uncovered.
        (1_000, [800, 400], [200_000, 200_000], [650, 350]),
        (1_000, [100, 200], [0, 0], [100, 200]),
    ],
)
def test_hybrid(
    production: int, consumptions: list[int], shares: list[int], expected: list[int]
) -> None:
    """Fixed shares first, the remainder by need."""
    assert expected == share_hybrid(production, consumptions, shares)


@pytest.mark.parametrize(
    ("production", "consumptions", "order", "expected"),
    [
        (1_000, [600, 600, 600], [2, 0, 1], [400, 0, 600]),
        (5_000, [600, 600, 600], [2, 0, 1], [600, 600, 600]),
        (0, [600], [0], [0]),
    ],
)
def test_priority(
    production: int, consumptions: list[int], order: list[int], expected: list[int]
) -> None:
    """The first in the order is served in full before the next."""
    assert expected == share_priority(production, consumptions, order)


@pytest.mark.parametrize(
    ("share", "message"),
    [
        (lambda: share_static(1, [1], [ONE_PPM + 1]), "shares are millionths of a whole"),
        (lambda: share_static(1, [1, 1], [-1, 1]), "shares are millionths of a whole"),
        (lambda: share_static(1, [1], [1, 1]), "a key for 2 participants, there are 1"),
        (lambda: share_hybrid(1, [1], []), "a key for 0 participants, there are 1"),
        (lambda: share_dynamic(-1, [1]), "not negative"),
        (lambda: share_dynamic(1, [-1]), "not negative"),
        (lambda: share_priority(1, [1, 1], [0, 0]), "every participant exactly once"),
        (lambda: share_priority(1, [1], [1]), "every participant exactly once"),
        (lambda: share_priority(1, [1], []), "a key for 0 participants, there are 1"),
    ],
)
def test_keys_that_are_none_are_refused(share: Callable[[], list[int]], message: str) -> None:
    """A key names everybody once and gives away no more than all."""
    with pytest.raises(ValueError, match=message):
        share()
