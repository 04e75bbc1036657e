"""Workers are answered, counted, killed and replaced; one that fails by itself is noticed."""

from pathlib import Path

import pytest

from tallystick.compose import open_ledger
from tallystick.scenarios.tokens_desk import Counts, Desk, mint_all
from tallystick.scenarios.tokens_parties import Parties
from tallystick.scenarios.tokens_readings import Reading, Readings
from tallystick.scenarios.tokens_worker import Answer


def test_answers_are_counted_by_worker() -> None:
    """What was minted, and what was known."""
    counts = Counts()
    yes, no = (Answer(accepted=each, contract="", code=0, message="") for each in (True, False))
    counts.add(1, [yes, no, yes])
    counts.add(2, [no])
    counts.add(1, [no])
    assert (2, 3) == (counts.minted, counts.conflicts)
    assert {1: (2, 2), 2: (0, 1)} == counts.by_worker


def test_a_worker_that_fails_is_noticed(tmp_path: Path) -> None:
    """Its exit is an error unless it was killed on purpose."""
    parties = Parties()
    readings = Readings(tmp_path / "readings")
    readings.create([Reading("", 1)])  # A serial class needs evidence.
    with open_ledger(tmp_path / "ledger", genesis=parties.genesis) as ledger:
        asset = parties.define(ledger)
        with pytest.raises(RuntimeError, match="ended with 1"):
            mint_all(
                Desk(ledger),
                readings,
                lambda number: parties.task(number, asset, readings.path, ledger),
                workers=1,
                kill_at=5,
                advance=lambda _steps: None,
            )
