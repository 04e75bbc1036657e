"""Parameters, rule versions, recognised ledgers and authorities, changed at a height by ballot."""

from tallystick.core.contract import Contract

from . import commands, errors, events, invariants, model, projection, rules, views

CONTRACT = Contract(
    name="governance",
    requires=("identity", "ballot"),
    records=(model.Proposal,),
    commands={
        commands.Propose: rules.propose,
        commands.Enact: rules.enact,
        commands.Apply: rules.apply,
    },
    views={
        views.ShowProposal: views.show_proposal,
        views.ShowQuestion: views.show_question,
        views.ShowPlan: views.show_plan,
    },
    events=(
        events.ChangeProposed,
        events.ChangeEnacted,
        events.ChangeApplied,
    ),
    rejections=errors.REJECTIONS,
    parameters=model.GovernanceParameters,
    check_parameters=model.problem_with,
    invariants=invariants.INVARIANTS,
    projection=projection.PROJECTION,
    governs=True,
)
