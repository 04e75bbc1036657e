"""Collective self-consumption: a shared production is divided by a statutory key."""

from tallystick.core.contract import Contract

from . import commands, enrolment, errors, events, invariants, model, projection, rules, views

CONTRACT = Contract(
    name="sharing",
    requires=("identity", "measurement", "certificate", "asset"),
    records=(model.SharingKey, model.Enrolled, model.Deposit, model.Shared),
    commands={
        commands.Agree: rules.agree,
        commands.Enrol: enrolment.enrol,
        commands.EnrolProduction: enrolment.enrol_production,
        commands.PayIn: rules.pay_in,
        commands.Withdraw: rules.withdraw,
        commands.Share: rules.share,
    },
    views={
        views.ShowKey: views.show,
        views.ShowEnrolled: views.show_enrolled,
        views.ShowDeposit: views.show_deposit,
        views.ShowShared: views.show_shared,
    },
    events=(
        events.KeyAgreed,
        events.ConsumptionEnrolled,
        events.ProductionEnrolled,
        events.DepositPaidIn,
        events.DepositWithdrawn,
        events.ProductionShared,
        events.MemberCredited,
        events.MemberNotCovered,
        events.IncomePaid,
    ),
    rejections=errors.REJECTIONS,
    parameters=model.SharingParameters,
    invariants=invariants.INVARIANTS,
    projection=projection.PROJECTION,
)
