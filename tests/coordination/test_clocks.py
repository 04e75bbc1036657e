"""A party's clock is never behind the machine's, whatever nodes say or how long they take."""

import time
from typing import Any

import pytest

from tallystick.base.identifiers import LedgerId
from tallystick.coordination.clocks import clock_of
from tallystick.core.errors import Unavailable


class Told:
    """A ledger whose time is told after a while, or not at all."""

    def __init__(self, says: int, *, after_seconds: float = 0.0) -> None:
        self._says, self._after_seconds = says, after_seconds

    def now(self) -> int:
        """Tell the time."""
        time.sleep(self._after_seconds)
        if self._says < 0:
            raise Unavailable("it is away")
        return self._says


def ledgers(*told: Told) -> dict[LedgerId, Any]:
    """Return ledgers by id."""
    return {LedgerId(bytes([n]) * 32): each for n, each in enumerate(told)}


def test_the_latest_counts() -> None:
    """One ledger that tells the truth is enough, and one that is away costs nothing."""
    assert clock_of(ledgers(Told(5_000), Told(70_000), Told(-1)))() in range(70_000, 70_900)


def test_what_it_takes_to_ask_is_added() -> None:
    """A node that takes its time gains none."""
    assert clock_of(ledgers(Told(5_000), Told(1, after_seconds=0.05)))() >= 5_050


def test_without_any_there_is_no_time() -> None:
    """Then nothing may be risked, and the error says what to do."""
    with pytest.raises(Unavailable, match="try again"):
        clock_of(ledgers(Told(-1)))()
