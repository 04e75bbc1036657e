"""Each of the contract's invariants sees the damage that it is there for."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.device.model import (
    Availability,
    Device,
    DeviceKind,
    DeviceState,
    availability_id,
)
from tallystick.testing.keys import key
from tests.contracts.device.cases import (
    BATTERY,
    BEGIN,
    CAPACITY_WH,
    END,
    RETIRED,
    ROOF,
    STRANGER,
    UNKNOWN,
    cast,
)


def state(stored_wh: int) -> DeviceState:
    """Return a state."""
    return DeviceState(on=True, connected=True, stored_wh=stored_wh, reported_at=0)


def changed(id: RecordId, **fields: object) -> tuple[RecordId, Record]:
    """Return damage to some fields of a device."""
    found = cast().read(Device, id)
    assert found is not None
    return id, replace(found, **fields)


DAMAGES: list[tuple[tuple[RecordId, Record], str]] = [
    (changed(ROOF, owner=key(STRANGER)), "was rewritten"),
    (changed(ROOF, controller=key(STRANGER)), "was rewritten"),
    (changed(ROOF, kind=DeviceKind.BATTERY), "was rewritten"),
    (changed(ROOF, sector="moon"), "was rewritten"),
    (changed(BATTERY, capacity_wh=1), "was rewritten"),
    (changed(RETIRED, retired=False), "came back"),
    ((BATTERY, state(CAPACITY_WH + 1)), "more than it can"),
    ((UNKNOWN, state(0)), "more than it can"),
    (
        (availability_id(ROOF, BEGIN), Availability(ROOF, BEGIN, END, 1, BEGIN * 1_000)),
        "after its interval began",
    ),
]


@pytest.mark.parametrize(("damage", "message"), DAMAGES)
def test_damage_is_seen(damage: tuple[RecordId, Record], message: str) -> None:
    """In the block that does it."""
    trial = cast()
    trial.close_block()
    assert [] == list(trial.violations())
    trial.plant(*damage)
    assert any(message in each for each in trial.violations())
