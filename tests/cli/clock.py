"""A clock that a test sets, for ledgers whose votes take weeks."""

import pytest

from tallystick import compose
from tallystick.base.plain import parse_milliseconds
from tallystick.client import ledger as client_ledger


class Clock:
    """Every ledger that is opened in a test goes by it."""

    def __init__(self, text: str) -> None:
        self.time = parse_milliseconds(text)

    def __call__(self) -> int:
        """Return the time, a little later each time. [ms since the epoch, UTC]"""
        self.time += 1
        return self.time

    def set(self, text: str) -> None:
        """Let it be another time."""
        self.time = parse_milliseconds(text)


def clock_from(text: str, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return a clock by which all ledgers of this test go from now on."""
    made = Clock(text)
    monkeypatch.setattr(compose, "wall_clock", made)
    monkeypatch.setattr(client_ledger, "_wall_clock", made)
    return made
