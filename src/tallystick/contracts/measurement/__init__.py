"""Signed evidence of what was measured, where and when."""

from tallystick.core.contract import Contract

from . import commands, errors, events, invariants, model, projection, rules, views

CONTRACT = Contract(
    name="measurement",
    requires=("identity",),
    records=(model.Measurement,),
    commands={
        commands.Publish: rules.publish,
        commands.Correct: rules.correct,
        commands.Rely: rules.rely,
    },
    views={views.ShowMeasurement: views.show},
    events=(
        events.MeasurementPublished,
        events.MeasurementCorrected,
        events.MeasurementReliedOn,
    ),
    rejections=errors.REJECTIONS,
    parameters=model.MeasurementParameters,
    check_parameters=model.problem_with,
    invariants=invariants.INVARIANTS,
    projection=projection.PROJECTION,
)
