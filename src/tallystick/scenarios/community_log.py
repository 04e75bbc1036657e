"""What was done in the lane's week, and how long it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tallystick.contracts.market.views import FillView


@dataclass
class Shared:
    """What an apartment house's roof gave its flats."""

    made_wh: int = 0
    """What the roof made. [Wh]"""
    used_wh: list[int] = field(default_factory=list)
    """What each flat used. [Wh]"""
    got_wh: list[int] = field(default_factory=list)
    """What each flat got of it. [Wh]"""
    paid: list[int] = field(default_factory=list)
    """What each flat paid for it. [minor units of money]"""
    income: list[int] = field(default_factory=list)
    """What each owner of a share received. [minor units of money]"""
    feed_in: int = 0
    """What the grid operator paid for the rest. [minor units of money]"""


@dataclass
class Log:
    """What is remembered while the week goes on."""

    seconds: dict[str, float] = field(default_factory=dict)
    """How long each sort of work took, by its name. [s]"""
    counts: dict[str, int] = field(default_factory=dict)
    """How often it was done, by its name."""
    refusals: list[tuple[str, str, bool]] = field(default_factory=list)
    """What was tried, what refused it, and whether for the right reason."""
    resumed: int = 0
    """Auctions that a stranger finished."""
    late_before: list[FillView] = field(default_factory=list)
    """A silent meter's trades as they were settled without it."""
    late_after: list[FillView] = field(default_factory=list)
    """The same trades with its readings."""
    late_due: int = 0
    """What the correction left owing. [minor units of money]"""
    shared: Shared = field(default_factory=Shared)
    """What the apartment house's roof gave."""

    @contextmanager
    def timed(self, label: str, count: int) -> Iterator[None]:
        """Book how long some work takes."""
        began = time.monotonic()
        yield
        self.seconds[label] = self.seconds.get(label, 0.0) + time.monotonic() - began
        self.counts[label] = self.counts.get(label, 0) + count
