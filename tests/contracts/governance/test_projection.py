"""What was proposed and what became of it can be listed."""

from pathlib import Path
from typing import Any

from tallystick.base.encoding import encode
from tallystick.base.identifiers import LedgerId
from tallystick.base.notes import Signer, format_verifier_key, verifier_key
from tallystick.contracts.governance.commands import Apply
from tallystick.contracts.governance.model import SetVersion, proposal_id
from tallystick.contracts.identity.commands import Recognise
from tallystick.core.foreign import Trust
from tallystick.index.index import Index
from tests.contracts.governance.cases import (
    CONTRACTS,
    HEIGHT,
    HOUR,
    NEW_FEE,
    NOW,
    STRANGER,
    do,
    enacted,
    fee_of,
    found,
    proposed,
    resolution,
)
from tests.contracts.governance.till import TillParameters

KEY = format_verifier_key(verifier_key(Signer("tallystick.example/other", bytes([7]) * 32)))


def test_every_event_becomes_a_row(tmp_path: Path) -> None:
    """A row for each proposal, and one for each of its changes in their order."""
    trial = found()
    waiting = proposal_id(proposed(trial).ballot, 0)
    what = resolution(SetVersion("till", 2), fee_of(NEW_FEE), Recognise(TRUST), title="Everything")
    id = enacted(trial, what)
    blocks = [trial.founding]
    while trial.candidate.height < HEIGHT:
        blocks.append(trial.close_block())
    do(trial, Apply(id), STRANGER)
    time = trial.time
    blocks.append(trial.close_block())
    rows = rows_of(tmp_path / "index.sqlite", trial.state.ledger, blocks)
    proposals = {row["proposal"]: row for row in rows["governance_proposals"]}
    assert {waiting, id} == set(proposals)
    assert ("Fee", 0, 0) == tuple(
        proposals[waiting][name] for name in ("title", "enacted_at", "applied_at")
    )
    assert ("Everything", HEIGHT, NOW + HOUR, time) == tuple(
        proposals[id][name] for name in ("title", "height", "enacted_at", "applied_at")
    )
    changes = [
        (row["number"], row["kind"], row["contract"], row["version"], row["parameters"])
        for row in rows["governance_changes"]
        if row["proposal"] == id
    ]
    assert [
        (0, "version", "till", 2, b""),
        (1, "parameters", "till", 0, encode(TillParameters(NEW_FEE))),
        (2, "recognise", "identity", 0, b""),
    ] == sorted(changes)


TRUST = Trust(LedgerId(bytes([5]) * 32), (KEY,), 1)


def rows_of(file: Path, ledger: LedgerId, blocks: list[Any]) -> dict[str, list[dict[str, Any]]]:
    """Return what a real index makes of everything that happened."""
    index = Index(file, CONTRACTS, ledger)
    try:
        index.catch_up(blocks)
        with index.read() as queries:
            return {
                table: [dict(row) for row in queries.rows(table).rows]
                for table in ("governance_proposals", "governance_changes")
            }
    finally:
        index.close()
