"""Measurement's read model."""

from tallystick.contracts import identity, measurement
from tallystick.contracts.measurement.commands import Correct, Rely
from tallystick.contracts.measurement.model import Quality
from tallystick.contracts.measurement.projection import PROJECTION, TOTALS
from tallystick.core.projection import Add
from tallystick.testing.factories import (
    BEGIN,
    ISSUING_BODY,
    PUBLISHER,
    QUARTER,
    STRANGER,
    TIME,
    VILLAGE,
    measurement_of,
    publish,
    village,
)
from tallystick.testing.tables import accepted

CONTRACTS = (identity.CONTRACT, measurement.CONTRACT)
KEY = (VILLAGE, "production", BEGIN, BEGIN + QUARTER)


def test_events_add_to_totals() -> None:
    """Publications count and add up; a correction adds the difference, up or down."""
    trial = village(contracts=CONTRACTS)
    commands = [
        publish(100, amount=1_000),
        publish(101, amount=500),
        Correct(measurement=measurement_of(100), amount=900, quality=Quality.MEASURED),
        Correct(measurement=measurement_of(101), amount=650, quality=Quality.MEASURED),
    ]
    assert accepted == trial.execute(commands, signers=[ISSUING_BODY])
    rows = [row for event in trial.events for row in PROJECTION.fold(event, TIME)]
    expected = [
        Add(TOTALS, KEY, {"measurements": 1, "amount": 1_000}),
        Add(TOTALS, KEY, {"measurements": 1, "amount": 500}),
        Add(TOTALS, KEY, {"corrections": 1, "amount": -100}),
        Add(TOTALS, KEY, {"corrections": 1, "amount": 150}),
    ]
    assert expected == rows


def test_relying_changes_no_total() -> None:
    """That a contract relies on a measurement is nothing to add up."""
    trial = village(contracts=CONTRACTS)
    assert accepted == trial.execute(publish(), signers=[PUBLISHER])
    rely = Rely(measurement_of())
    assert accepted == trial.execute(rely, signers=[STRANGER], caller="certificate")
    assert list(PROJECTION.fold(trial.events[-1], TIME)) == []


def test_columns_are_named_once() -> None:
    """Key and added columns are columns of the table, and no two share a name."""
    names = [name for name, _ in TOTALS.columns]
    assert len(set(names)) == len(names)
    assert list(TOTALS.key) == names[: len(TOTALS.key)]
    assert {"measurements", "corrections", "amount"} == set(names) - set(TOTALS.key)
