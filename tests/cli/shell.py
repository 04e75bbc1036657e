"""Running `tally` inside the test, and reading what it says."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tallystick.cli.main import run


@dataclass(frozen=True)
class Said:
    """What one invocation said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON value."""
        return json.loads(self.out)


@dataclass
class Shell:
    """A shell in which `--ledger` is known."""

    ledger: Path
    capture: pytest.CaptureFixture[str]

    @property
    def place(self) -> tuple[str, str]:
        """The option that names the ledger."""
        return "--ledger", str(self.ledger)

    def tally(self, *arguments: str) -> Said:
        """Run `tally` and return what it said."""
        self.capture.readouterr()
        code = run(list(arguments))
        said = self.capture.readouterr()
        return Said(code, said.out, said.err)

    def on_ledger(self, *arguments: str) -> Said:
        """Run `tally` on the ledger and insist that it works; its JSON is read."""
        said = self.tally(*arguments, "--ledger", str(self.ledger), "--json")
        assert (said.code, said.err.strip()) == (0, "")
        return said

    def refused(self, *arguments: str) -> Said:
        """Run `tally` on the ledger and insist on one line of complaint and nothing else."""
        said = self.tally(*arguments, "--ledger", str(self.ledger))
        assert said.code != 0
        assert said.out == ""
        assert said.err.startswith("tally: ")
        assert said.err.count("\n") == 1
        return said

    def key(self, name: str) -> str:
        """Return the text of a key by its name."""
        keys: Sequence[dict[str, str]] = self.on_ledger("keys", "list").json["keys"]
        return next(each["key"] for each in keys if each["name"] == name)
