"""Two ledgers, one outcome: hash-time locks and joint changes."""

from tallystick.core.contract import Contract

from . import (
    commands,
    errors,
    events,
    invariants,
    model,
    projection,
    rules_change,
    rules_swap,
    views,
)

CONTRACT = Contract(
    name=model.CONTRACT_NAME,
    requires=("identity",),
    records=(model.HashLock, model.Prepared, model.Decision, model.Reservation),
    commands={
        commands.LockHash: rules_swap.lock_hash,
        commands.Redeem: rules_swap.redeem,
        commands.Refund: rules_swap.refund,
        commands.Prepare: rules_change.prepare,
        commands.Commit: rules_change.commit,
        commands.Abort: rules_change.abort,
        commands.Finish: rules_change.finish,
    },
    views={
        views.ShowHashLock: views.show_hash_lock,
        views.ShowPart: views.show_part,
        views.ShowDecision: views.show_decision,
        views.ShowReservation: views.show_reservation,
    },
    events=(
        events.HashLocked,
        events.HashLockRedeemed,
        events.HashLockRefunded,
        events.PartPrepared,
        events.ChangeDecided,
        events.PartFinished,
    ),
    rejections=errors.REJECTIONS,
    parameters=model.ExchangeParameters,
    invariants=invariants.INVARIANTS,
    projection=projection.PROJECTION,
)
