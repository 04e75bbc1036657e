"""Devices' read model: what there is, what was promised, what failed."""

from tallystick.contracts.device.commands import Report, Retire
from tallystick.contracts.device.events import AvailabilityDeclared, OutageDeclared
from tallystick.contracts.device.projection import AVAILABILITIES, DEVICES, OUTAGES, PROJECTION
from tallystick.core.projection import Add, Delete, Insert, Update
from tallystick.testing.keys import key
from tests.contracts.device.cases import (
    ANNA,
    BEGIN,
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


def test_every_event_becomes_rows() -> None:
    """In the order in which things happen, a later promise in the place of the one before."""
    trial = cast()
    do(trial, Report(ROOF, on=True, connected=True, stored_wh=0), CONTROLLER)
    do(trial, promise(), CONTROLLER)
    do(trial, outage(None), GRID_OPERATOR)
    do(trial, outage(maintenance=True), ANNA)
    do(trial, Retire(ROOF), ANNA)
    changes = [change for event in trial.events for change in PROJECTION.fold(event, NOW)]
    assert Insert(DEVICES, (ROOF, key(ANNA), "roof", SECTOR, 0, 0, 0, 0, 0, 0)) == changes[0]
    assert Update(DEVICES, (RETIRED,), {"retired": 1}) in changes
    seen = {"is_on": 1, "connected": 1, "stored_wh": 0, "reported_at": NOW}
    assert Update(DEVICES, (ROOF,), seen) in changes
    amounts = {"available_wh": 500, "declared": NOW}
    assert Add(AVAILABILITIES, (ROOF, BEGIN), amounts) in changes
    rows = [change.values for change in changes if isinstance(change, Insert)]
    assert (SECTOR, b"", BEGIN, END, NOW, 0) in rows
    assert (SECTOR, ROOF, BEGIN, END, NOW, 1) in rows


def test_what_is_said_again_replaces() -> None:
    """The row before goes first."""
    promised = list(PROJECTION.fold(AvailabilityDeclared(ROOF, BEGIN, END, 5), NOW))
    assert Delete(AVAILABILITIES, (ROOF, BEGIN)) == promised[0]
    failed = OutageDeclared(ROOF, SECTOR, BEGIN, END, maintenance=False)
    first = next(iter(PROJECTION.fold(failed, NOW)))
    assert Delete(OUTAGES, (SECTOR, ROOF, BEGIN, END, NOW)) == first
