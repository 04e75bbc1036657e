"""Devices' read model: what there is, what was promised, what failed."""

from pathlib import Path
from typing import Any

from tallystick.contracts.device.commands import Report, Retire
from tallystick.index.index import Index
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.device.cases import (
    ANNA,
    BATTERY,
    BEGIN,
    CONTRACTS,
    CONTROLLER,
    END,
    GRID_OPERATOR,
    NOW,
    RETIRED,
    ROOF,
    SECTOR,
    cast,
    do,
    outage,
    promise,
)


def rows_of(trial: Trial, file: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what a real index makes of everything that happened."""
    index = Index(file, CONTRACTS, trial.state.ledger)
    try:
        index.catch_up([trial.founding, trial.close_block()])
        with index.read() as queries:
            return {
                table: [dict(row) for row in queries.rows(table).rows]
                for table in ("devices", "device_availabilities", "device_outages")
            }
    finally:
        index.close()


def test_every_event_becomes_a_row(tmp_path: Path) -> None:
    """A later promise takes the place of the one before; equal outages are one row."""
    trial = cast()
    do(trial, Report(BATTERY, on=True, connected=True, stored_wh=7), CONTROLLER)
    for wh in (500, 300):
        do(trial, promise(wh=wh), CONTROLLER)
    for command, signer in (
        (outage(None), GRID_OPERATOR),
        (outage(None), GRID_OPERATOR),
        (outage(maintenance=True), ANNA),
        (Retire(ROOF), ANNA),
    ):
        do(trial, command, signer)
    rows = rows_of(trial, tmp_path / "index.sqlite")
    seen = {
        row["device"]: (row["kind"], row["is_on"], row["stored_wh"], row["retired"])
        for row in rows["devices"]
    }
    assert {
        ROOF: ("roof", 0, 0, 1),
        BATTERY: ("battery", 1, 7, 0),
        RETIRED: ("other", 0, 0, 1),
    } == seen
    assert {key(ANNA)} == {row["owner"] for row in rows["devices"]}
    promised = {"device": ROOF, "begin": BEGIN, "available_wh": 300, "declared": NOW}
    assert [promised] == rows["device_availabilities"]
    failed = [
        (row["sector"], row["device"], row["begin"], row["end"], row["maintenance"])
        for row in rows["device_outages"]
    ]
    assert {(SECTOR, b"", BEGIN, END, 0), (SECTOR, ROOF, BEGIN, END, 1)} == set(failed)
    assert 2 == len(failed)
