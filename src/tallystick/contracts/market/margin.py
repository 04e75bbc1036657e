"""
The margin of an auction: who gets how much at the level where not everybody can be served.

A level may hold thousands of orders, so their allotments are not stored one by one. A few numbers
say each of them: in order of arrival for `Tie.TIME`, and for `Tie.PRO_RATA` by the cut, which is
the remainder from which on an order is rounded up. Whoever walks the level's queue computes the
same allotments from them, in as many steps as it likes.
"""

from collections.abc import Sequence
from heapq import nlargest
from typing import Annotated

from msgspec import Meta

from tallystick.base.amounts import Amount
from tallystick.base.encoding import Record


class Cut(Record):
    """
    Where the largest remainders end.

    Of `share` lots for `total` asked, an order of q gets `q * share // total`, and one more if the
    remainder of that division is above `remainder`, or equal to it while `ties` last.
    """

    share: Amount
    """Lots that the orders of the level get together."""

    total: Amount
    """Lots that they ask for together."""

    remainder: Amount
    """The smallest remainder that is rounded up; `total` if none is."""

    ties: Annotated[int, Meta(ge=0)]
    """How many orders with exactly that remainder are rounded up, the earliest first."""


def cut_of(lots: Sequence[int], *, share: int) -> Cut:
    """
    Return the cut of a queue: the largest remainders are rounded up, ties by arrival.

    It is the method of Hamilton: the sum of what is given is exactly the share. Time is O(n log n)
    in the number of orders.
    """
    total = sum(lots)
    if share in (0, total):
        return Cut(share, total, total, 0)
    remainders = [each * share % total for each in lots]
    ups = sum(remainders) // total
    if not ups:
        return Cut(share, total, total, 0)
    largest = nlargest(ups, remainders)
    smallest = largest[-1]
    return Cut(share, total, smallest, largest.count(smallest))


def allotment(cut: Cut, lots: int, *, ties: int) -> tuple[int, bool]:
    """
    Return what an order gets, and whether it used up one of the ties that are left.

    A share that is exactly the total gives every order all of it, because nothing remains.
    """
    if not cut.total:
        return 0, False
    whole, remainder = divmod(lots * cut.share, cut.total)
    if remainder > cut.remainder:
        return whole + 1, False
    if remainder == cut.remainder and ties:
        return whole + 1, True
    return whole, False
