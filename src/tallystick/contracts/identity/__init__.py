"""Who may do what on a ledger, where and when."""

from tallystick.core.contract import Contract

from . import (
    commands,
    errors,
    events,
    invariants,
    model,
    projection,
    rules,
    rules_recognise,
    views,
)

CONTRACT = Contract(
    name="identity",
    records=(
        model.Identity,
        model.KeyBinding,
        model.Authority,
        model.Registrars,
        model.Recognised,
        model.StatusPage,
    ),
    commands={
        commands.Enrol: rules.enrol,
        commands.Appoint: rules.appoint,
        commands.Dismiss: rules.dismiss,
        commands.RotateKey: rules.rotate_key,
        commands.Recognise: rules_recognise.recognise,
        commands.Disown: rules_recognise.disown,
        commands.AnchorLedger: rules_recognise.anchor,
        commands.ReportFork: rules_recognise.report_fork,
        commands.PublishStatus: rules_recognise.publish_status,
    },
    views={
        views.ShowIdentity: views.show,
        views.FindIdentity: views.find,
        views.ShowAuthority: views.show_authority,
        views.ShowRecognised: views.show_recognised,
        views.ShowStatus: views.show_status,
    },
    events=(
        events.IdentityEnrolled,
        events.AuthorityAppointed,
        events.AuthorityDismissed,
        events.KeyRotated,
        events.LedgerRecognised,
        events.LedgerDisowned,
        events.LedgerAnchored,
        events.StatusPublished,
    ),
    rejections=errors.REJECTIONS,
    parameters=model.IdentityParameters,
    check_parameters=rules.problem_with,
    seed=rules.seed,
    invariants=invariants.INVARIANTS,
    projection=projection.PROJECTION,
)
