"""The rules by which devices are known, report, promise and fail."""

from msgspec.structs import replace

from tallystick.base.identifiers import RecordId
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised
from tallystick.core.context import Context

from .commands import Declare, DeclareOutage, Register, Report, Retire
from .errors import (
    ControllerHasNotSigned,
    DeviceIsRetired,
    DeviceNotFound,
    IntervalHasBegun,
    IntervalIsEmpty,
    OutageIsOver,
    OwnerHasNotSigned,
    SectorsDiffer,
    SignerIsNotGridOperator,
    StoredAboveCapacity,
    TooManyOutages,
)
from .events import (
    AvailabilityDeclared,
    DeviceRegistered,
    DeviceRetired,
    OutageDeclared,
    StateReported,
)
from .model import (
    OUTAGES_MAX,
    SETTLED_AFTER_SECONDS_MAX,
    Availability,
    Device,
    DeviceState,
    Outage,
    SectorOutages,
    availability_id,
    sector_outages_id,
)


def register(context: Context, command: Register) -> None:
    """
    Register a device.

    Owner and controller both sign, so that nobody sells from a device that is not his, and no
    controller serves somebody whom it does not know.
    """
    # CHECK
    if command.owner not in context.signers:
        raise OwnerHasNotSigned(command.owner, field="owner")
    if command.controller not in context.signers:
        raise ControllerHasNotSigned(command.controller, field="controller")
    # COMPUTE
    id = context.derive_id()
    device = Device(
        owner=command.owner,
        controller=command.controller,
        kind=command.kind,
        sector=command.sector,
        capacity_wh=command.capacity_wh,
        outages=(),
        retired=False,
    )
    # WRITE
    context.create(id, device)
    context.emit(
        DeviceRegistered(id, command.owner, command.kind, command.sector, command.capacity_wh)
    )


def report(context: Context, command: Report) -> None:
    """Say how a device is now; the last word counts."""
    # READ
    device = _device_at(context, command.device)
    # CHECK
    if device.controller not in context.signers:
        raise ControllerHasNotSigned(device.controller, field="device")
    if device.retired:
        raise DeviceIsRetired(command.device)
    if command.stored_wh > device.capacity_wh:
        raise StoredAboveCapacity(command.stored_wh, device.capacity_wh)
    # COMPUTE
    state = DeviceState(command.on, command.connected, command.stored_wh, context.time)
    # WRITE
    context.write(command.device, state)
    context.emit(StateReported(command.device, command.on, command.connected, command.stored_wh))


def declare(context: Context, command: Declare) -> None:
    """
    Promise what a device will have available.

    Until the interval begins a controller may change its mind; the last word counts. Afterwards
    only the meter speaks.
    """
    # READ
    device = _device_at(context, command.device)
    # CHECK
    if device.controller not in context.signers:
        raise ControllerHasNotSigned(device.controller, field="device")
    if device.retired:
        raise DeviceIsRetired(command.device)
    if command.end <= command.begin:
        raise IntervalIsEmpty(command.begin, command.end)
    if command.begin * 1_000 <= context.time:
        raise IntervalHasBegun(command.begin, context.time)
    # COMPUTE
    begin, end, available_wh = command.begin, command.end, command.available_wh
    availability = Availability(command.device, begin, end, available_wh, context.time)
    # WRITE
    context.write(availability_id(command.device, begin), availability)
    context.emit(AvailabilityDeclared(command.device, begin, end, available_wh))


def declare_outage(context: Context, command: DeclareOutage) -> None:
    """
    Declare that a device, or a whole sector, delivers nothing for a time.

    The grid operator answers for both. An owner may announce maintenance of a device, but only
    before it begins: nobody is to call a failed promise an outage afterwards.
    """
    # READ
    device = None if command.device is None else _device_at(context, command.device)
    present = _outages_of(context, command, device)
    # CHECK
    by_owner = device is not None and command.maintenance and device.owner in context.signers
    if not by_owner and not authorised(context, Role.GRID_OPERATOR, command.sector):
        raise SignerIsNotGridOperator(command.sector)
    if command.device is not None and device is not None and device.retired:
        raise DeviceIsRetired(command.device)
    if device is not None and device.sector != command.sector:
        raise SectorsDiffer(command.sector, device.sector)
    if command.end <= command.begin:
        raise IntervalIsEmpty(command.begin, command.end)
    if command.maintenance and command.begin * 1_000 <= context.time:
        raise IntervalHasBegun(command.begin, context.time)
    if command.end * 1_000 <= context.time:
        raise OutageIsOver(command.end, context.time)
    kept = _without_old(present, context.time)
    if len(kept) == OUTAGES_MAX:
        raise TooManyOutages(OUTAGES_MAX, field="sector" if device is None else "device")
    # COMPUTE
    outage = Outage(command.begin, command.end, command.maintenance, context.time)
    outages = (*kept, outage)
    # WRITE
    if command.device is None or device is None:
        context.write(sector_outages_id(command.sector), SectorOutages(outages))
    else:
        context.write(command.device, replace(device, outages=outages))
    context.emit(
        OutageDeclared(
            command.device, command.sector, command.begin, command.end, command.maintenance
        )
    )


def retire(context: Context, command: Retire) -> None:
    """Take a device out of use; what it sold before stays sold."""
    # READ
    device = _device_at(context, command.device)
    # CHECK
    if device.owner not in context.signers:
        raise OwnerHasNotSigned(device.owner, field="device")
    if device.retired:
        raise DeviceIsRetired(command.device)
    # WRITE
    context.write(command.device, replace(device, retired=True))
    context.emit(DeviceRetired(command.device))


def _device_at(context: Context, id: RecordId) -> Device:
    """Return a device, or reject if there is none."""
    device = context.read(Device, id)
    if device is None:
        raise DeviceNotFound(id)
    return device


def _outages_of(
    context: Context, command: DeclareOutage, device: Device | None
) -> tuple[Outage, ...]:
    """Return the outages that were declared before, of the device or of the sector."""
    if device is not None:
        return device.outages
    found = context.read(SectorOutages, sector_outages_id(command.sector))
    return () if found is None else found.outages


def _without_old(outages: tuple[Outage, ...], time: int) -> tuple[Outage, ...]:
    """
    Return what must be remembered: all, until the list is full, then what can still be asked for.

    Whoever settles late still finds an outage. If others that follow it could push it out, a seller
    would choose after the delivery whether there had been one.
    """
    if len(outages) < OUTAGES_MAX:
        return outages
    over_by = time - SETTLED_AFTER_SECONDS_MAX * 1_000
    oldest_over = next((each for each in outages if each.end * 1_000 <= over_by), None)
    return tuple(each for each in outages if each is not oldest_over)
