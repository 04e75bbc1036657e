"""What always holds about devices."""

from collections.abc import Iterator

from tallystick.core.invariant import Changes, Invariant

from .model import Availability, Device, DeviceState


def _rewritten(changes: Changes) -> Iterator[str]:
    """Find devices that changed hands, came back, or vanished."""
    for id, old, new in changes.of(Device):
        if new is None:
            yield f"device {id.hex()} vanished"
        elif old is not None and (
            (old.owner, old.controller, old.kind, old.sector, old.capacity_wh)
            != (new.owner, new.controller, new.kind, new.sector, new.capacity_wh)
        ):
            yield f"device {id.hex()} was rewritten"
        elif old is not None and old.retired and not new.retired:
            yield f"device {id.hex()} came back"


def _impossible(changes: Changes) -> Iterator[str]:
    """Find states above capacity and promises that came too late."""
    looked_at = changes if changes.of(DeviceState) or changes.of(Device) else ()
    for id, _, after in looked_at:
        device, state = after.get(Device), after.get(DeviceState)
        if isinstance(state, DeviceState) and (
            not isinstance(device, Device) or state.stored_wh > device.capacity_wh
        ):
            yield f"device {id.hex()} stores more than it can"
    for id, _, promise in changes.of(Availability):
        if promise is not None and promise.declared_at >= promise.begin * 1_000:
            yield f"availability {id.hex()} was promised after its interval began"


INVARIANTS = (
    Invariant("A device keeps its owner, controller and place, and stays retired.", _rewritten),
    Invariant("Nothing stores more than it can, and promises come before.", _impossible),
)
