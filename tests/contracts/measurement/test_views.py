"""What measurement answers."""

import pytest

from tallystick.base.identifiers import RecordId, format_record_id
from tallystick.contracts import identity, measurement
from tallystick.contracts.measurement.errors import MeasurementNotFound
from tallystick.contracts.measurement.model import Kind, Quality
from tallystick.contracts.measurement.views import MeasurementView, ShowMeasurement
from tallystick.testing.factories import (
    BEGIN,
    PUBLISHER,
    QUARTER,
    TIME,
    VILLAGE,
    measurement_of,
    publish,
    village,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted

CONTRACTS = (identity.CONTRACT, measurement.CONTRACT)


def test_show() -> None:
    """A measurement is shown as it stands."""
    trial = village(contracts=CONTRACTS)
    assert accepted == trial.execute(publish(100, amount=1_419), signers=[PUBLISHER])
    id = measurement_of(100)
    expected = MeasurementView(
        measurement=id,
        owner=key(100),
        begin=BEGIN,
        end=BEGIN + QUARTER,
        sector=VILLAGE,
        kind=Kind.PRODUCTION,
        amount=1_419,
        quality=Quality.MEASURED,
        revision=0,
        relier="",
        published_at=TIME,
    )
    assert expected == trial.ask(ShowMeasurement(measurement=id))


def test_show_nothing() -> None:
    """A question about nothing raises the rejection that a rule would raise."""
    unknown = RecordId(bytes(32))
    with pytest.raises(MeasurementNotFound, match=format_record_id(unknown)):
        village(contracts=CONTRACTS).ask(ShowMeasurement(measurement=unknown))
