"""A shell with a ledger."""

from pathlib import Path

import pytest

from tests.cli.clock import Clock, clock_from
from tests.cli.shell import Shell


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let all ledgers of this test go by one clock."""
    return clock_from("2040-02-01T12:00:00Z", monkeypatch)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Make a ledger and return a shell that knows it."""
    made = Shell(tmp_path / "ledger", capsys)
    said = made.tally("init", str(made.ledger), "--name", "trial")
    assert (said.code, said.err) == (0, "")
    return made
