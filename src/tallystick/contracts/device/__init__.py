"""Devices that sell: what their controllers sign, and which outages were declared."""

from tallystick.core.contract import Contract

from . import commands, errors, events, invariants, model, projection, rules, views

CONTRACT = Contract(
    name="device",
    requires=("identity",),
    records=(model.Device, model.DeviceState, model.Availability, model.SectorOutages),
    commands={
        commands.Register: rules.register,
        commands.Report: rules.report,
        commands.Declare: rules.declare,
        commands.DeclareOutage: rules.declare_outage,
        commands.Retire: rules.retire,
    },
    views={
        views.ShowDevice: views.show,
        views.ShowAvailability: views.show_availability,
    },
    events=(
        events.DeviceRegistered,
        events.StateReported,
        events.AvailabilityDeclared,
        events.OutageDeclared,
        events.DeviceRetired,
    ),
    rejections=errors.REJECTIONS,
    parameters=model.DeviceParameters,
    invariants=invariants.INVARIANTS,
    projection=projection.PROJECTION,
)
