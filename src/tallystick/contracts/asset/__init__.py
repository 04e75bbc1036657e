"""Units in accounts: money, energy tokens with one mint per reading, loyalty points."""

from tallystick.core.contract import Contract
from tallystick.core.holding import Lock, Move, Release

from . import (
    commands,
    errors,
    events,
    invariants,
    model,
    projection,
    rules,
    rules_lock,
    views,
)

CONTRACT = Contract(
    name="asset",
    requires=("identity",),
    records=(model.AssetClass, model.Series, model.Balance, model.LockedAmount),
    commands={
        commands.Define: rules.define,
        commands.Mint: rules.mint,
        commands.Burn: rules.burn,
        commands.Transfer: rules.transfer,
        commands.Claim: rules.claim,
        commands.Reclaim: rules_lock.reclaim,
        Lock: rules_lock.lock,
        Release: rules_lock.release,
        Move: rules_lock.move,
    },
    views={
        views.ShowAsset: views.show,
        views.ShowBalance: views.show_balance,
        views.ShowSeries: views.show_series,
        views.ShowLock: views.show_lock,
    },
    events=(
        events.AssetDefined,
        events.AssetMinted,
        events.AssetBurned,
        events.AssetMoved,
        events.AssetLocked,
        events.AssetReleased,
    ),
    rejections=errors.REJECTIONS,
    parameters=model.AssetParameters,
    invariants=invariants.INVARIANTS,
    projection=projection.PROJECTION,
)
