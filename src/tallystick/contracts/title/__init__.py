"""One-of-a-kind things and what depends on them: a car, its insurance, a shared solar roof."""

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
    rules_dependence,
    rules_lock,
    rules_share,
    views,
)

CONTRACT = Contract(
    name="title",
    requires=("identity", "asset", "exchange"),
    records=(
        model.Title,
        model.Listing,
        model.ListingPage,
        model.Dependant,
        model.TitleShare,
        model.ShareClass,
    ),
    commands={
        commands.Register: rules.register,
        commands.Amend: rules.amend,
        commands.Transfer: rules.transfer,
        commands.Retire: rules.retire,
        commands.Rebind: rules_dependence.rebind,
        commands.Confirm: rules_dependence.confirm,
        commands.Share: rules_share.share,
        commands.Distribute: rules_share.distribute,
        Lock: rules_lock.lock,
        Release: rules_lock.release,
        Move: rules_lock.move,
    },
    views={
        views.ShowTitle: views.show,
        views.FindTitle: views.find,
        views.ListTitles: views.list_titles,
        views.ListDependants: views.list_dependants,
        views.ShowShare: views.show_share,
    },
    events=(
        events.TitleRegistered,
        events.TitleAmended,
        events.TitleTransferred,
        events.TitleLocked,
        events.TitleReleased,
        events.TitleRetired,
        events.TitleRebound,
        events.DependenceConfirmed,
        events.TitleWasShared,
        events.IncomeDistributed,
    ),
    rejections=errors.REJECTIONS,
    parameters=model.TitleParameters,
    seed=rules.seed,
    invariants=invariants.INVARIANTS,
    projection=projection.PROJECTION,
)
