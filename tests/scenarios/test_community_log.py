"""What takes time is counted and timed under its name."""

import pytest

from tallystick.scenarios.community_log import Log


def test_work_adds_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work of the same name is added, work of another name stands apart."""
    ticks = iter((0.0, 1.0, 1.0, 3.0, 5.0, 6.0))
    monkeypatch.setattr("time.monotonic", lambda: next(ticks))
    log = Log()
    for label, count in (("orders", 2), ("orders", 3), ("auctions", 1)):
        with log.timed(label, count):
            pass
    assert {"orders": 5, "auctions": 1} == log.counts
    assert {"orders": 3.0, "auctions": 1.0} == log.seconds
