"""The read model of votes: what was called, who voted, what came of it."""

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tallystick.contracts.ballot.commands import RetireDevice
from tallystick.contracts.ballot.model import Minutes, minutes_id
from tallystick.contracts.ballot.projection import PROJECTION
from tallystick.index.index import Index
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.ballot.cases import (
    ABSTAIN,
    ADMIN,
    AGAINST,
    ANNA,
    BEGIN,
    BERT,
    BODY,
    CARA,
    CONTRACTS,
    DAY,
    DORA,
    END,
    FOR,
    HALL,
    LAWYER,
    PER_ROLLAM,
    SITTING,
    attestation,
    ballot_of,
    closed,
    delegation,
    delivery,
    device,
    do,
    on,
    revocation,
    sitting,
)

Rows = dict[str, list[dict[str, Any]]]


def rows_of(trial: Trial, file: Path) -> Rows:
    """Return what a real index makes of everything that happened."""
    index = Index(file, CONTRACTS, trial.state.ledger)
    try:
        index.catch_up([trial.founding, trial.close_block()])
        with index.read() as queries:
            return {
                table.name: [dict(row) for row in queries.rows(table.name).rows]
                for table in PROJECTION.tables
            }
    finally:
        index.close()


def test_a_sitting_becomes_rows(tmp_path: Path) -> None:
    """Totals follow changed votes; delegations, devices and results stand in their tables."""
    trial, id = sitting(replace(SITTING, changeable=True))
    do(trial, delegation(id, BERT), BERT, LAWYER)
    do(trial, delegation(id, DORA), DORA, LAWYER)
    do(trial, revocation(id, DORA), DORA)
    do(trial, device(), ADMIN, HALL)
    do(trial, RetireDevice(BODY, key(HALL)), ADMIN)
    do(trial, attestation(CARA), ADMIN)
    do(trial, ballot_of(id, ANNA), ANNA)
    do(trial, ballot_of(id, BERT, on(0, FOR, 30), delegate=LAWYER), LAWYER)
    do(trial, ballot_of(id, CARA, on(0, FOR, 60), on(0, AGAINST, 40)), CARA)
    do(trial, ballot_of(id, CARA, on(0, FOR, 90), on(0, ABSTAIN, 10)), CARA)
    closed(trial, id)
    rows = rows_of(trial, tmp_path / "index.sqlite")
    (vote,) = rows["ballots"]
    minutes = trial.read(Minutes, minutes_id(id))
    assert minutes is not None
    assert ("sitting", "closed", 6, 250, 1, minutes.record, minutes.signed_by) == tuple(
        vote[name]
        for name in ("kind", "status", "entries", "weight", "valid", "record", "signed_by")
    )
    assert {FOR: 170, AGAINST: 0, ABSTAIN: 10} == {
        row["option"]: row["weight"] for row in rows["ballot_totals"]
    }
    assert {(50, 1, b""), (30, 1, key(LAWYER)), (100, 2, b"")} == {
        (row["weight"], row["statements"], row["delegate"]) for row in rows["ballot_voters"]
    }
    assert {(key(BERT), 0), (key(DORA), END)} == {
        (row["voter"], row["revoked_at"]) for row in rows["ballot_delegations"]
    }
    assert [(0, 1, FOR, 250, 180), (1, 0, 0, 190, 0), (2, 0, 0, 110, 0)] == [
        (row["question"], row["carried"], row["chosen"], row["base"], row["voted"])
        for row in rows["ballot_results"]
    ]
    assert [(BODY, "advanced", 1)] == [
        (row["body"], row["assurance"], row["retired"]) for row in rows["ballot_devices"]
    ]


def test_deliveries_become_rows(tmp_path: Path) -> None:
    """Each member's own time."""
    trial, id = sitting(PER_ROLLAM)
    do(trial, [delivery(id, ANNA), delivery(id, BERT)], ADMIN)
    do(trial, ballot_of(id, BERT), BERT)
    rows = rows_of(trial, tmp_path / "index.sqlite")
    (vote,) = rows["ballots"]
    assert ("per-rollam", "open", 2, END) == tuple(
        vote[name] for name in ("kind", "status", "delivered", "end")
    )
    until = BEGIN + 15 * DAY
    assert {(key(ANNA), until, 0, 0), (key(BERT), until, 1, BEGIN)} == {
        (row["voter"], row["until"], row["statements"], row["cast_at"])
        for row in rows["ballot_voters"]
    }
