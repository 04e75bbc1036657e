"""A party's own time, which no node can talk it out of."""

import time
from collections.abc import Callable, Mapping

from tallystick.base.identifiers import LedgerId
from tallystick.client.ledger import Ledger
from tallystick.core.errors import Unavailable

Clock = Callable[[], int]
"""Returns the time. [ms since the epoch, UTC]"""


def clock_of(ledgers: Mapping[LedgerId, Ledger]) -> Clock:
    """
    Return a clock that is never behind this machine's, as all its ledgers show it.

    `Ledger.now` is the later of the machine's clock and the node's, so one of them that is asked in
    earnest is enough. How long they took to answer is added: a node may take its time. The clock
    raises `Unavailable` while none of them answers.
    """

    def now() -> int:
        began = time.monotonic_ns()
        times = [found for ledger in ledgers.values() if (found := _time_of(ledger)) is not None]
        if not times:
            raise Unavailable("no ledger tells the time: try again once one can be reached")
        return max(times) + (time.monotonic_ns() - began) // 1_000_000

    return now


def _time_of(ledger: Ledger) -> int | None:
    """Return the time as one ledger shows it, nothing if it can't be reached."""
    try:
        return ledger.now()
    except (OSError, Unavailable):
        return None
