"""A shell with a ledger."""

from pathlib import Path

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Make a ledger and return a shell that knows it."""
    made = Shell(tmp_path / "ledger", capsys)
    said = made.tally("init", str(made.ledger), "--name", "trial")
    assert (said.code, said.err) == (0, "")
    return made
