"""Two ledgers of one seed that recognise each other, as `tally` makes them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import Shell

SELLER, BUYER = "person/0", "person/1"


@dataclass
class TwoLedgers:
    """Cars on one ledger, policies on another, and a folder for files between them."""

    cars: Shell
    policies: Shell
    folder: Path

    def file(self, name: str) -> str:
        """Return the path of a file."""
        return str(self.folder / name)

    def register(self, shell: Shell, kind: str, name: str, *more: str) -> str:
        """Register a title of the seller's."""
        said = shell.on_ledger(
            *("title", "register", "--kind", kind, "--name", name, "--owner", SELLER, *more),
            *("--sign", "title-registrar", "--sign", SELLER),
        )
        return str(said.json["events"][0]["title"])

    def part(self, shell: Shell, title: str, target: str = BUYER) -> str:
        """Return a part of a change: a title goes from the seller to somebody."""
        ledger = shell.on_ledger("status").json["ledger"]
        return f"{ledger}:title:{title}:{SELLER}:0:{target}"

    def plan(self, *parts: str, deciding: Shell) -> tuple[str, list[Any]]:
        """Plan a change, and return its id and its parts in their order."""
        options = [each for part in parts for each in ("--part", part)]
        made = deciding.on_ledger("plan-change", *options, "-o", self.file("change")).json
        return made["change"], made["parts"]

    def prepare(self, shell: Shell, part: int) -> None:
        """Prepare a part of the planned change."""
        change = ("--change", f"@{self.file('change')}", "--part", str(part))
        shell.on_ledger("exchange", "prepare", *change, "--sign", SELLER)


def two_ledgers(folder: Path, capture: pytest.CaptureFixture[str]) -> TwoLedgers:
    """Make both, the second with the seed of the first, and let each recognise the other."""
    cars, policies = (Shell(folder / name, capture) for name in ("cars", "policies"))
    assert 0 == cars.tally("init", str(cars.ledger)).code
    same = ("--seed-of", str(cars.ledger))
    assert 0 == policies.tally("init", str(policies.ledger), *same).code
    for shell, other in ((cars, policies), (policies, cars)):
        file = str(folder / f"{other.ledger.name}.trust")
        other.on_ledger("trust", "-o", file)
        trusting = ("identity", "recognise", "--trust", f"@{file}", "--forgetting", "false")
        shell.on_ledger(*trusting, "--sign", "registrar")
    return TwoLedgers(cars, policies, folder)
