"""The company of the meeting, with both votes held once and remembered."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tallystick.base.encoding import Record
from tallystick.scenarios.meeting_cast import Cast
from tallystick.scenarios.meeting_held import hold_per_rollam, hold_sitting
from tallystick.scenarios.meeting_proofs import Held, prove
from tallystick.scenarios.meeting_stranger import check, journal
from tallystick.scenarios.meeting_terms import CALLED_AT
from tallystick.scenarios.scenario import AllRows
from tallystick.scenarios.village_weeks import DayClock
from tests.scenarios.small import stage_in

Rows = Mapping[str, tuple[Mapping[str, Any], ...]]


@dataclass(frozen=True)
class Played:
    """What both votes have left."""

    sitting: Held
    """The sitting; its ledger is closed."""
    rollam: Held
    """The vote per rollam."""
    events: tuple[tuple[int, Record], ...]
    """The journal."""
    rows: Rows
    """Tables of the read model."""
    proved: Mapping[str, bool]
    """What was proved while the ledger was open."""
    steps: int
    """How often progress was told."""


def all_rows(tables: Rows) -> AllRows:
    """Return the tables as a read model gives them."""

    def rows(table: str) -> Iterator[Mapping[str, Any]]:
        return iter(tables[table])

    return rows


@cache
def played() -> Played:
    """Hold both votes, once for all tests."""
    clock = DayClock(CALLED_AT)
    cast = Cast(time=CALLED_AT)
    steps: list[float] = []
    with tempfile.TemporaryDirectory() as place:
        stage = stage_in(Path(place))
        path = stage.folder / "ledger"
        with stage.open_ledger(path, genesis=cast.genesis, clock=clock) as ledger:
            both = [
                hold(ledger, cast, clock, steps.append) for hold in (hold_sitting, hold_per_rollam)
            ]
            sitting, rollam = (Held(each, check(ledger, each)) for each in both)
            read = stage.read_model(ledger, stage.folder / "index.sqlite")
            rows = {"ballot_totals": tuple(dict(row) for row in read("ballot_totals"))}
            proved = prove(sitting, rollam, all_rows(rows))
            events = tuple(journal(ledger))
    return Played(sitting, rollam, events, rows, proved, len(steps))
