"""
Who bears how much of a decrease: the arithmetic of a correction, without certificates.

Everything is exact. Ties are broken by id, so that every node reaches the same shares.
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

from tallystick.base.identifiers import RecordId


class Rank(IntEnum):
    """In which order leaves are drawn upon; the next only once the one before gives no more."""

    OWN = 1
    """Held under the measurement's own key: whoever produced bears the error first."""

    HELD = 2
    """Held by others, whether active, locked or expired."""

    CLAIMED = 3
    """Claimed: somebody relies on it for good."""

    WITHDRAWN = 4
    """Withdrawn: nobody has it any more. It stands for part of what was measured nonetheless."""


class Leaf(NamedTuple):
    """What the arithmetic has to know of a leaf."""

    id: RecordId
    """Which certificate."""

    amount_wh: int
    """What it holds. [Wh]"""

    rank: Rank
    """When its turn comes."""

    claimed_at: int = 0
    """When it was claimed, if it was. [ms since the epoch, UTC]"""


def shares_of(leaves: Iterable[Leaf], decrease_wh: int) -> dict[RecordId, int]:
    """
    Return how much each leaf gives up, leaving out those that give nothing. [Wh]

    Within a rank everybody bears in proportion, except that claims are drawn upon one after the
    other, the latest first. The leaves hold at least the decrease together.
    """
    by_rank: dict[Rank, list[Leaf]] = {rank: [] for rank in Rank}
    for leaf in leaves:
        by_rank[leaf.rank].append(leaf)
    shares: dict[RecordId, int] = {}
    rest_wh = decrease_wh
    for rank, group in by_rank.items():
        taken_wh = min(rest_wh, sum(leaf.amount_wh for leaf in group))
        if taken_wh:
            divide = in_turn if rank is Rank.CLAIMED else in_proportion
            shares |= divide(group, taken_wh)
            rest_wh -= taken_wh
    if rest_wh:
        raise AssertionError(f"leaves hold {rest_wh} Wh less than is to be taken from them")
    return shares


def in_proportion(leaves: Sequence[Leaf], taken_wh: int) -> dict[RecordId, int]:
    """
    Return proportional shares by largest remainder, leaving out zeros. [Wh]

    Each leaf gives the whole watt-hours of `taken × amount / total`; what is missing is given by
    the largest remainders, one watt-hour each (Hamilton's method).
    """
    total_wh = sum(leaf.amount_wh for leaf in leaves)
    shares = {}
    remainders = []
    for leaf in leaves:
        share, remainder = divmod(taken_wh * leaf.amount_wh, total_wh)
        shares[leaf.id] = share
        remainders.append((-remainder, leaf.id))
    missing_wh = taken_wh - sum(shares.values())
    for _, id in sorted(remainders)[:missing_wh]:
        shares[id] += 1
    return {id: share for id, share in shares.items() if share}


def in_turn(leaves: Sequence[Leaf], taken_wh: int) -> dict[RecordId, int]:
    """Return shares that exhaust one leaf after the other, the latest claim first. [Wh]"""
    shares = {}
    rest_wh = taken_wh
    for leaf in sorted(leaves, key=lambda leaf: (-leaf.claimed_at, leaf.id)):
        share = min(rest_wh, leaf.amount_wh)
        if share:
            shares[leaf.id] = share
            rest_wh -= share
    return shares
