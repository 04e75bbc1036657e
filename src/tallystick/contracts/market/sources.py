"""The device that sells energy: whose it is, and whether it can deliver what it offers."""

from typing import Final

from tallystick.base.identifiers import RecordId
from tallystick.contracts.device.model import Device, DeviceKind, DeviceState
from tallystick.contracts.device.views import in_outage
from tallystick.core.context import Context

from .commands import Place
from .errors_sources import (
    BatteryNotReady,
    BatteryTooEmpty,
    DeviceInOutage,
    DeviceNotExpected,
    DeviceNotFound,
    DeviceNotNamed,
    DeviceOfAnother,
    DeviceRetired,
)
from .model import MarketRules, Side, Subject
from .rejected import Naming

REPORT_AGE_MAX: Final = 15 * 60 * 1000
"""How old a battery's last report may be when it sells. [ms]"""


def check_source(
    context: Context, rules: MarketRules, command: Place, names: Naming, *, committed_lots: int
) -> None:
    """
    Refuse an order whose device is not the seller's, or cannot deliver.

    `committed_lots` are what the account has sold and offers in this book, with this order. An
    outage that is declared later cuts fills when they are settled.
    """
    sells_energy = rules.subject is Subject.ENERGY and command.side is Side.SELL
    id, product = command.device, command.product
    if not sells_energy and id is not None:
        raise DeviceNotExpected
    if not sells_energy:
        return
    if id is None:
        raise DeviceNotNamed
    device = context.read(Device, id)
    if device is None:
        raise DeviceNotFound(id, field=names.device)
    if device.owner != command.owner or device.sector != rules.sector:
        raise DeviceOfAnother(id, rules.sector, field=names.device)
    if device.retired:
        raise DeviceRetired(id, field=names.device)
    if in_outage(context, device, product.begin, product.end):
        raise DeviceInOutage(id, field=names.device)
    if device.kind is DeviceKind.BATTERY:
        _check_battery(context, id, names, offered_wh=committed_lots * rules.quantum)


def _check_battery(context: Context, id: RecordId, names: Naming, *, offered_wh: int) -> None:
    """Refuse a battery that has not lately said that it stores what is offered."""
    state = context.read(DeviceState, id)
    if state is None:
        raise BatteryNotReady(id, "has never reported", field=names.device)
    if not (state.on and state.connected):
        raise BatteryNotReady(id, "is off or not connected", field=names.device)
    if context.time - state.reported_at > REPORT_AGE_MAX:
        raise BatteryNotReady(id, "reported too long ago", field=names.device)
    if offered_wh > state.stored_wh:
        raise BatteryTooEmpty(state.stored_wh, offered_wh, field=names.lots)
