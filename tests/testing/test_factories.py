"""The factories make what their rules accept."""

import pytest

from tallystick.contracts import identity, measurement
from tallystick.contracts.identity.model import Authority, Role, authority_id
from tallystick.contracts.measurement.model import Measurement
from tallystick.testing.factories import (
    FOUNDERS,
    ISSUING_BODY,
    OTHER_PUBLISHER,
    PUBLISHER,
    STRANGER,
    VALLEY,
    VILLAGE,
    appoint,
    enrol,
    identity_of,
    measurement_of,
    publish,
    village,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted

CONTRACTS = (identity.CONTRACT, measurement.CONTRACT)


def test_standard_publications_are_accepted() -> None:
    """Publisher and issuing body of the village, and the valley's publisher, publish as given."""
    trial = village(contracts=CONTRACTS)
    assert accepted == trial.execute(publish(100), signers=[PUBLISHER])
    assert accepted == trial.execute(publish(key(101)), signers=[ISSUING_BODY])
    assert accepted == trial.execute(publish(102, sector=VALLEY), signers=[OTHER_PUBLISHER])
    for owner in (100, 101, 102):
        assert trial.read(Measurement, measurement_of(owner)) is not None
    assert measurement_of(100) == measurement_of(key(100))


def test_founders_hold_their_roles() -> None:
    """Each founder of the village is enrolled and appointed."""
    trial = village(contracts=CONTRACTS)
    for number, role, scope in FOUNDERS:
        found = trial.read(Authority, authority_id(identity_of(trial, number), role, scope))
        assert found is not None


def test_strangers_are_strange() -> None:
    """A key that nobody enrolled has no identity until somebody does."""
    trial = village(contracts=CONTRACTS)
    with pytest.raises(LookupError, match=f"number {STRANGER} is not enrolled"):
        identity_of(trial, STRANGER)
    assert enrol(trial, STRANGER) == identity_of(trial, STRANGER)
    assert appoint(trial, STRANGER, Role.PUBLISHER, VILLAGE) == identity_of(trial, STRANGER)
    assert accepted == trial.execute(publish(), signers=[STRANGER])


def test_factories_refuse_what_the_rules_refuse() -> None:
    """A factory that cannot keep its promise says why."""
    trial = village(contracts=CONTRACTS)
    with pytest.raises(AssertionError, match="enrolling 3: key: "):
        enrol(trial, PUBLISHER)
    with pytest.raises(AssertionError, match="appointing 3: scope: 'village' was given"):
        appoint(trial, PUBLISHER, Role.REGISTRAR, VILLAGE)
