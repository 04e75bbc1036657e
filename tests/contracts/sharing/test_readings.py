"""Which readings belong together."""

import pytest

from tallystick.contracts.measurement.model import Measurement
from tallystick.contracts.sharing.errors import ReadingNotFound, ReadingUsedTwice, WrongReading
from tallystick.contracts.sharing.model import SharingKey
from tallystick.contracts.sharing.readings import consumption_of, production_of
from tests.contracts.sharing.cases import CONSUMPTIONS, KEY, PRODUCTION, UNKNOWN, cast


def test_readings_of_one_interval_belong_together() -> None:
    """A member without a reading has nothing in its place."""
    trial, _ = cast()
    key = trial.read(SharingKey, KEY)
    assert key is not None
    production = production_of(trial, key, PRODUCTION)  # type: ignore[arg-type]  # It reads.
    first, none = consumption_of(
        trial,  # type: ignore[arg-type]  # It reads.
        key,
        production,
        (CONSUMPTIONS[0], None),
    )
    assert trial.read(Measurement, CONSUMPTIONS[0]) == first
    assert none is None
    for ids, reason in (
        ((UNKNOWN,), ReadingNotFound),
        ((PRODUCTION,), WrongReading),
        ((CONSUMPTIONS[0], CONSUMPTIONS[0]), ReadingUsedTwice),
    ):
        with pytest.raises(reason):
            consumption_of(trial, key, production, ids)  # type: ignore[arg-type]  # It reads.
