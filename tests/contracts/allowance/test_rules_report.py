"""Measurements are counted once each, and corrections by their difference."""

import pytest

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.contracts.allowance.commands import Decide, Report, WithdrawUnit
from tallystick.contracts.allowance.errors import (
    AmountTooLarge,
    MeasurementIsMissing,
    MeasurementNotFound,
    MeasurementNotOfUnit,
    MeasurementOutsidePeriods,
    NothingToCount,
    UnitNotAdmitted,
    UnitNotFound,
)
from tallystick.contracts.allowance.model import Counted, counted_id
from tallystick.contracts.measurement.commands import Correct
from tallystick.contracts.measurement.model import Kind, Quality
from tallystick.core.errors import UnknownCommand
from tallystick.testing.factories import BEGIN, ISSUING_BODY, QUARTER, STRANGER
from tallystick.testing.tables import Trial
from tests.contracts.allowance.cases import (
    DIRECTOR,
    GENERATOR,
    KG,
    METER,
    MWH,
    OTHER_METER,
    OTHER_PLANT,
    PLANT,
    UNKNOWN,
    admitted,
    applied,
    close,
    do,
    emit,
    end,
    market,
    measured,
    obligation,
    opened,
    pass_deadline,
    produce,
    surrender,
    terms,
)


def correct(trial: Trial, id: bytes, amount: int) -> None:
    """Correct a measurement."""
    do(trial, Correct(id, amount, Quality.MEASURED), ISSUING_BODY)  # type: ignore[arg-type]


def test_counting() -> None:
    """Anybody reports, emissions and output together, and each once."""
    trial, programme, unit = market()
    first, second = measured(trial, 400), measured(trial, 700, at=1)
    output = measured(trial, 3 * MWH, meter=GENERATOR, kind=Kind.PRODUCTION)
    do(trial, Report(unit, (first, output, first)), STRANGER)
    do(trial, Report(unit, (first, second)), STRANGER)
    found = obligation(trial, unit)
    assert (1_100, 3 * MWH) == (found.emitted_g, found.produced_wh)
    assert BEGIN + 2 * QUARTER == found.measured_until
    id = counted_id(programme=programme, measurement=first)
    assert Counted(unit, 400, 0) == trial.read(Counted, id)
    both = Report(unit, (first, second))
    assert NothingToCount == trial.execute(both, signers=[STRANGER])


def test_place_of_a_measurement() -> None:
    """Among several, the first one at fault is named by its place in the command."""
    trial, _, unit = market()
    first = measured(trial, 400)
    command = Report(unit, (first, first, UNKNOWN, first, UNKNOWN))
    assert MeasurementNotFound == trial.execute(command, signers=[STRANGER])
    assert trial.message.startswith("measurements[2]: ")


def test_corrections() -> None:
    """A corrected measurement counts by the difference, up and down."""
    trial, _, unit = market()
    id = measured(trial, 400)
    do(trial, Report(unit, (id,)), STRANGER)
    for amount in (1_000, 50, 0):
        correct(trial, id, amount)
        do(trial, Report(unit, (id,)), STRANGER)
        assert amount == obligation(trial, unit).emitted_g


def test_period_of_a_measurement() -> None:
    """A measurement counts to the period in which it begins, also before that period's close."""
    trial, _, unit = market()
    late = measured(trial, 400, at=15)
    next_one = measured(trial, 30, at=16)
    do(trial, Report(unit, (late, next_one)), STRANGER)
    assert 400 == obligation(trial, unit, 0).emitted_g
    assert 30 == obligation(trial, unit, 1).emitted_g
    pass_deadline(trial, 0)
    later = measured(trial, 5, at=14)
    do(trial, Report(unit, (later,)), STRANGER)
    assert 405 == obligation(trial, unit, 0).emitted_g


def test_late_measurements() -> None:
    """After the close, what is late or corrected is charged to the first open period."""
    trial, _, unit = market()
    id = measured(trial, 400)
    do(trial, Report(unit, (id,)), STRANGER)
    close(trial, unit)
    correct(trial, id, 1_000)
    late = measured(trial, 100, at=1)
    do(trial, Report(unit, (id, late)), STRANGER)
    assert 400 == obligation(trial, unit, 0).emitted_g
    assert (0, 700) == (obligation(trial, unit, 1).emitted_g, obligation(trial, unit, 1).carried_g)
    correct(trial, id, 0)
    do(trial, Report(unit, (id,)), STRANGER)
    assert -300 == obligation(trial, unit, 1).carried_g


def test_late_output() -> None:
    """Late output counts to its own period, where it moves nothing any more."""
    trial, _, unit = market()
    close(trial, unit)
    produce(trial, unit, 5)
    assert 5 * MWH == obligation(trial, unit, 0).produced_wh


def test_after_everything() -> None:
    """When the last period is closed, nothing counts any more."""
    trial, programme = opened(terms(periods=terms().periods[:1]))
    unit = admitted(trial, programme)
    end(trial, 0)
    close(trial, unit)
    report = Report(unit, (measured(trial, 1),))
    assert MeasurementOutsidePeriods == trial.execute(report, signers=[STRANGER])


def test_before_the_unit() -> None:
    """What was measured before a unit takes part, or before the programme, does not count."""
    trial, programme = opened()
    unit = applied(trial, programme)
    early, in_time = measured(trial, 1), measured(trial, 1, at=16)
    both = Report(unit, (early, in_time))
    assert UnitNotAdmitted == trial.execute(both, signers=[STRANGER])
    do(trial, Decide(unit, admitted=True, first_period=1, reason=""), DIRECTOR)
    assert MeasurementOutsidePeriods == trial.execute(both, signers=[STRANGER])
    do(trial, Report(unit, (in_time,)), STRANGER)
    for at in (-1, 48):
        outside = Report(unit, (measured(trial, 1, at=at),))
        assert MeasurementOutsidePeriods == trial.execute(outside, signers=[STRANGER])


@pytest.mark.parametrize(
    ("meter", "kind"),
    [
        (OTHER_METER, Kind.EMISSION),
        (METER, Kind.PRODUCTION),
        (METER, Kind.CONSUMPTION),
        (GENERATOR, Kind.EMISSION),
    ],
)
def test_others_do_not_count(meter: int, kind: Kind) -> None:
    """Only a unit's own meters count, each for what it is there for."""
    trial, _, unit = market()
    report = Report(unit, (measured(trial, 1, meter=meter, kind=kind),))
    assert MeasurementNotOfUnit == trial.execute(report, signers=[STRANGER])


def test_what_nobody_knows() -> None:
    """A missing figure is not counted, a substitute that corrects it is."""
    trial, _, unit = market()
    id = measured(trial, 0, quality=Quality.MISSING)
    assert MeasurementIsMissing == trial.execute(Report(unit, (id,)), signers=[STRANGER])
    do(trial, Correct(id, 70, Quality.SUBSTITUTED), ISSUING_BODY)
    do(trial, Report(unit, (id,)), STRANGER)
    assert 70 == obligation(trial, unit).emitted_g


def test_unknown() -> None:
    """Units and measurements have to be there, and a report names some."""
    trial, _, unit = market()
    id = measured(trial, 1)
    assert UnitNotFound == trial.execute(Report(UNKNOWN, (id,)), signers=[STRANGER])
    assert MeasurementNotFound == trial.execute(Report(unit, (UNKNOWN,)), signers=[STRANGER])
    assert UnknownCommand == trial.execute(Report(unit, ()), signers=[STRANGER])
    many = Report(unit, (id,) * 257)
    assert UnknownCommand == trial.execute(many, signers=[STRANGER])


def test_beyond_counting() -> None:
    """Totals stay within what a ledger counts to."""
    trial, _, unit = market()
    emit(trial, unit, AMOUNT_MAX // KG)
    more = Report(unit, (measured(trial, AMOUNT_MAX, at=1),))
    assert AmountTooLarge == trial.execute(more, signers=[STRANGER])


def test_a_correction_stays_with_the_unit_that_was_counted() -> None:
    """A plant is sold with its meters: its old readings are nothing of the new unit's."""
    trial, programme, unit = market()
    emission = measured(trial, 60 * KG)
    output = measured(trial, 100 * MWH, meter=GENERATOR, kind=Kind.PRODUCTION)
    do(trial, Report(unit, (emission, output)), STRANGER)
    surrender(trial, unit, 60)
    do(trial, WithdrawUnit(unit), DIRECTOR, PLANT)
    heir = admitted(trial, programme, OTHER_PLANT, emission=METER, production=GENERATOR)
    own = measured(trial, 5 * KG, at=1)
    do(trial, Report(heir, (own,)), STRANGER)
    correct(trial, emission, 10 * KG)
    correct(trial, output, MWH)
    for reading in (emission, output):
        verdict = trial.execute(Report(heir, (reading,)), signers=[STRANGER])
        assert MeasurementNotOfUnit == verdict
    found = obligation(trial, heir)
    assert (5 * KG, 0) == (found.emitted_g, found.produced_wh)


def test_emissions_of_two_periods_together_are_bounded() -> None:
    """What was carried over and what was emitted are covered together."""
    trial, _, unit = market()
    most = measured(trial, AMOUNT_MAX)
    do(trial, Report(unit, (most,)), STRANGER)
    more = measured(trial, 1, at=1)
    assert AmountTooLarge == trial.execute(Report(unit, (more,)), signers=[STRANGER])
