"""
What a standing order comes to: how many lots, and what money goes back to it.

Nothing here asks anybody: from the same mandate and the same expectation everybody computes the
same order, so an agent at home can be checked and cannot do more than it was allowed to.
"""

from bisect import bisect_right
from collections.abc import Callable

from msgspec.structs import replace

from tallystick.base.identifiers import RecordId
from tallystick.core.context import Context

from .model import Mandate, Side


def room_of(mandate: Mandate, *, spent: int) -> int:
    """Return the money that one more order may bind. [minor units of money]"""
    if mandate.side is Side.SELL:
        return mandate.funded
    return min(mandate.funded, max(0, mandate.budget - spent))


def lots_of(
    mandate: Mandate, *, expected_wh: int, quantum: int, spent: int, binds: Callable[[int], int]
) -> int:
    """
    Return how many lots a mandate orders, 0 if none.

    `binds` says what money so many lots bind, charges and collateral included; it must not fall
    when there are more lots. The lots are the whole quanta in what is expected above what is kept,
    as far as the mandate's maximum and its money reach.
    """
    wanted = min(mandate.lots_max, max(0, expected_wh - mandate.keep_wh) // quantum)
    room = room_of(mandate, spent=spent)
    return bisect_right(range(1, wanted + 1), room, key=binds)


def spent_in(mandate: Mandate, period: int) -> int:
    """Return what orders of a period have bound: nothing yet, if it is a new one."""
    return mandate.spent if period == mandate.period else 0


def give_back(context: Context, id: RecordId, amount: int, *, period: int) -> bool:
    """
    Let a mandate bind money again that one of its orders did not need; tell whether it did.

    A mandate that has ended takes nothing: then the money is the owner's, and whoever asks releases
    it. Money of an earlier period's order can be bound again; this period's spending stays.
    """
    mandate = context.read(Mandate, id)
    if mandate is None:
        raise AssertionError(f"mandate {id.hex()} vanished")
    if mandate.ended:
        return False
    less = min(amount, mandate.spent) if period == mandate.period else 0
    context.write(id, replace(mandate, funded=mandate.funded + amount, spent=mandate.spent - less))
    return True
