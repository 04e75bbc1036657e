"""What views say about devices."""

import pytest

from tallystick.base.encoding import Record
from tallystick.contracts.device.commands import Report
from tallystick.contracts.device.errors import DeviceNotFound
from tallystick.contracts.device.model import DeviceKind
from tallystick.contracts.device.views import (
    AvailabilityView,
    DeviceView,
    ShowAvailability,
    ShowDevice,
)
from tallystick.testing.keys import key
from tests.contracts.device.cases import (
    ANNA,
    BATTERY,
    BEGIN,
    CAPACITY_WH,
    CONTROLLER,
    END,
    NOW,
    ROOF,
    SECTOR,
    UNKNOWN,
    cast,
    do,
    promise,
)


@pytest.mark.parametrize("question", [ShowDevice(UNKNOWN), ShowAvailability(UNKNOWN, BEGIN)])
def test_what_is_not_there_is_rejected(question: Record) -> None:
    """A question about no device has its typed answer."""
    with pytest.raises(DeviceNotFound):
        cast().ask(question)


def test_a_device_shows_its_latest_state() -> None:
    """Before it ever reported, it is neither on nor connected."""
    trial = cast()
    do(trial, Report(BATTERY, on=True, connected=False, stored_wh=8), CONTROLLER)
    expected = DeviceView(
        device=BATTERY,
        owner=key(ANNA),
        controller=key(CONTROLLER),
        kind=DeviceKind.BATTERY,
        sector=SECTOR,
        capacity_wh=CAPACITY_WH,
        retired=False,
        on=True,
        connected=False,
        stored_wh=8,
        reported_at=NOW,
        outages=(),
    )
    assert expected == trial.ask(ShowDevice(BATTERY))
    roof = trial.ask(ShowDevice(ROOF))
    assert isinstance(roof, DeviceView)
    assert (False, False, 0, 0) == (roof.on, roof.connected, roof.stored_wh, roof.reported_at)


def test_a_promise_is_shown() -> None:
    """Zeros stand for none."""
    trial = cast()
    assert AvailabilityView(0, 0, 0) == trial.ask(ShowAvailability(ROOF, BEGIN))
    do(trial, promise(), CONTROLLER)
    assert AvailabilityView(END, 500, NOW) == trial.ask(ShowAvailability(ROOF, BEGIN))
