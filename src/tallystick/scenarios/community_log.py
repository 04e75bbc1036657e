"""What was done in the lane's week, and how long it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


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
    late_due: int = 0
    """What the correction left owing. [minor units of money]"""

    @contextmanager
    def timed(self, label: str, count: int) -> Iterator[None]:
        """Book how long some work takes."""
        began = time.monotonic()
        yield
        self.seconds[label] = self.seconds.get(label, 0.0) + time.monotonic() - began
        self.counts[label] = self.counts.get(label, 0) + count
