"""Collective self-consumption: a shared production is divided by a statutory key."""

from tallystick.core.contract import Contract

from . import commands, errors, events, invariants, model, projection, rules, views

CONTRACT = Contract(
    name="sharing",
    requires=("identity", "measurement", "certificate"),
    records=(model.SharingKey, model.Deposit, model.Shared),
    commands={
        commands.Agree: rules.agree,
        commands.PayIn: rules.pay_in,
        commands.Withdraw: rules.withdraw,
        commands.Share: rules.share,
    },
    views={
        views.ShowKey: views.show,
        views.ShowDeposit: views.show_deposit,
        views.ShowShared: views.show_shared,
    },
    events=(
        events.KeyAgreed,
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
