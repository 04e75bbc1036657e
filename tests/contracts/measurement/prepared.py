"""A village with authorities of every sort and measurements in every condition."""

from msgspec.structs import replace

from tallystick.base.identifiers import RecordId
from tallystick.contracts import identity, measurement
from tallystick.contracts.identity.commands import Dismiss
from tallystick.contracts.identity.model import EVERYWHERE, Role
from tallystick.contracts.measurement.commands import Correct, Rely
from tallystick.contracts.measurement.model import (
    REVISION_MAX,
    Measurement,
    Quality,
)
from tallystick.testing.factories import (
    PUBLISHER,
    QUARTER,
    REGISTRAR,
    STRANGER,
    TIME,
    VILLAGE,
    appoint,
    identity_of,
    measurement_of,
    publish,
    village,
)
from tallystick.testing.tables import Trial, accepted

CONTRACTS = (identity.CONTRACT, measurement.CONTRACT)
METER, EVERYBODY, DISMISSED, LAPSED, EARLY = range(20, 25)
SUPREME_BODY, DISMISSED_BODY, LAPSED_BODY, EARLY_BODY = range(30, 34)
FREE, RELIED_ON, WORN_OUT, FRESH = range(100, 104)
NOW = TIME + 10
HOUR = 3_600
UNKNOWN = RecordId(bytes(32))
LATEST = NOW // 1000 // QUARTER * QUARTER - QUARTER
"""The begin of the latest interval that is over. [s since the epoch, UTC]"""


def prepared() -> Trial:
    """Return a village with authorities of every sort and measurements in every condition."""
    trial = village(contracts=CONTRACTS)
    appoint(trial, METER, Role.PUBLISHER, VILLAGE)
    appoint(trial, EVERYBODY, Role.PUBLISHER, EVERYWHERE)
    appoint(trial, DISMISSED, Role.PUBLISHER, VILLAGE)
    appoint(trial, LAPSED, Role.PUBLISHER, VILLAGE, end=NOW)
    appoint(trial, EARLY, Role.PUBLISHER, VILLAGE, begin=NOW + 1)
    appoint(trial, SUPREME_BODY, Role.ISSUING_BODY, EVERYWHERE)
    appoint(trial, DISMISSED_BODY, Role.ISSUING_BODY, VILLAGE)
    appoint(trial, LAPSED_BODY, Role.ISSUING_BODY, VILLAGE, end=NOW)
    appoint(trial, EARLY_BODY, Role.ISSUING_BODY, VILLAGE, begin=NOW + 1)
    for number, role in ((DISMISSED, Role.PUBLISHER), (DISMISSED_BODY, Role.ISSUING_BODY)):
        dismissal = Dismiss(identity=identity_of(trial, number), role=role, scope=VILLAGE)
        assert accepted == trial.execute(dismissal, signers=[REGISTRAR])
    for owner in (FREE, RELIED_ON, WORN_OUT):
        assert accepted == trial.execute(publish(owner), signers=[PUBLISHER])
    rely = Rely(measurement=measurement_of(RELIED_ON))
    assert accepted == trial.execute(rely, signers=[STRANGER], caller="certificate")
    worn_out = trial.read(Measurement, measurement_of(WORN_OUT))
    assert worn_out is not None
    trial.plant(measurement_of(WORN_OUT), replace(worn_out, revision=REVISION_MAX))
    trial.move_to(NOW)
    return trial


def correct(owner: int, amount: int = 900, quality: Quality = Quality.MEASURED) -> Correct:
    """Return a correction of one of the prepared measurements."""
    return Correct(measurement=measurement_of(owner), amount=amount, quality=quality)
