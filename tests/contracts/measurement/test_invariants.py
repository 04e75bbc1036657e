"""Measurement's invariant sees every damage that it is there for."""

from typing import Any

import pytest
from msgspec.structs import replace

from tallystick.base.identifiers import RecordId
from tallystick.contracts import identity, measurement
from tallystick.contracts.measurement.commands import Correct, Rely
from tallystick.contracts.measurement.model import Kind, Measurement, Quality
from tallystick.core.invariant import Change, Changes
from tallystick.testing.factories import (
    BEGIN,
    ISSUING_BODY,
    QUARTER,
    STRANGER,
    measurement_of,
    publish,
    village,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted

CONTRACTS = (identity.CONTRACT, measurement.CONTRACT)


def corrected() -> tuple[Trial, Measurement]:
    """Return a ledger whose latest block holds a measurement, corrected once and relied on."""
    trial = village(contracts=CONTRACTS)
    id = measurement_of()
    correction = Correct(measurement=id, amount=900, quality=Quality.CALCULATED)
    assert accepted == trial.execute([publish(), correction], signers=[ISSUING_BODY])
    assert accepted == trial.execute(Rely(id), signers=[STRANGER], caller="certificate")
    trial.close_block()
    found = trial.read(Measurement, id)
    assert found is not None
    return trial, found


@pytest.mark.parametrize(
    ("damage", "violation"),
    [
        ({"amount": 901}, "changed its figure without a new revision"),
        ({"quality": Quality.MEASURED}, "changed its figure without a new revision"),
        ({"revision": 0}, "went back to an earlier revision"),
        ({"relier": ""}, "lost the contract that relies on it"),
        ({"relier": "market"}, "lost the contract that relies on it"),
        ({"owner": key(101)}, "changed in more than its figure"),
        ({"begin": BEGIN + QUARTER}, "changed in more than its figure"),
        ({"end": BEGIN}, "changed in more than its figure"),
        ({"sector": "valley"}, "changed in more than its figure"),
        ({"kind": Kind.CONSUMPTION}, "changed in more than its figure"),
        ({"published_at": 0}, "changed in more than its figure"),
    ],
)
def test_damaged_measurement_is_seen(damage: dict[str, Any], violation: str) -> None:
    """What no rule would change is reported."""
    trial, found = corrected()
    trial.plant(measurement_of(), replace(found, **damage))
    assert [f"measurement {measurement_of().hex()} {violation}"] == list(trial.violations())


def test_sound_changes_are_not_reported() -> None:
    """A new figure under a new revision is as it should be."""
    trial, found = corrected()
    trial.plant(measurement_of(), replace(found, amount=5, revision=2))
    assert list(trial.violations()) == []


def test_measurement_in_the_wrong_place_is_seen() -> None:
    """A new measurement stands under the id of its owner and begin, and ends after it begins."""
    trial, found = corrected()
    other = RecordId(b"\x07" * 32)
    trial.plant(other, replace(found, end=BEGIN))
    expected = [
        f"measurement {other.hex()} does not stand under the id of its owner and begin",
        f"measurement {other.hex()} ends before it begins",
    ]
    assert expected == list(trial.violations())


def test_vanished_measurement_is_seen() -> None:
    """Measurements stay for ever."""
    trial, found = corrected()
    id = measurement_of()
    changes = Changes([Change(id, {Measurement: found}, {})], time=trial.time)
    broken = [each for rule in measurement.CONTRACT.invariants for each in rule.violations(changes)]
    assert [f"measurement {id.hex()} vanished"] == broken


def test_the_whole_ledger_is_sound() -> None:
    """An audit, in which everything is new, finds nothing wrong with what rules have written."""
    trial, _ = corrected()
    state = trial.state
    whole = [Change(id, {}, state.decode(data)) for id, data in state.store.items()]
    changes = Changes(whole, time=state.time)
    broken = [each for rule in measurement.CONTRACT.invariants for each in rule.violations(changes)]
    assert broken == []
