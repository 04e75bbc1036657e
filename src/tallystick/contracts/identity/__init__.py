"""Who may do what on a ledger, where and when."""

from tallystick.core.contract import Contract

from . import commands, errors, events, invariants, model, projection, rules, views

CONTRACT = Contract(
    name="identity",
    records=(model.Identity, model.KeyBinding, model.Authority, model.Registrars),
    commands={
        commands.Enrol: rules.enrol,
        commands.Appoint: rules.appoint,
        commands.Dismiss: rules.dismiss,
        commands.RotateKey: rules.rotate_key,
    },
    views={
        views.ShowIdentity: views.show,
        views.FindIdentity: views.find,
        views.ShowAuthority: views.show_authority,
    },
    events=(
        events.IdentityEnrolled,
        events.AuthorityAppointed,
        events.AuthorityDismissed,
        events.KeyRotated,
    ),
    rejections=errors.REJECTIONS,
    parameters=model.IdentityParameters,
    seed=rules.seed,
    invariants=invariants.INVARIANTS,
    projection=projection.PROJECTION,
)
