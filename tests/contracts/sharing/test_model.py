"""Ids and costs."""

from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import RecordId
from tallystick.contracts.sharing.model import (
    WH_PER_MWH,
    SharingKey,
    cost_of,
    deposit_id,
    enrolled_consumption_id,
    enrolled_production_id,
    lock_id_of,
)
from tallystick.testing.keys import key
from tests.contracts.sharing.cases import BEGIN, CARL, KEY, cast


def test_ids_are_computed() -> None:
    """Whoever knows key, member and interval finds the rest; the lock's id is the key's."""
    expected = tagged_hash(b"tallystick/sharing/deposit-id/1", KEY, key(CARL))
    assert RecordId(expected) == deposit_id(KEY, key(CARL))
    begin = BEGIN.to_bytes(8, "big")
    expected = tagged_hash(b"tallystick/sharing/consumption-id/1", KEY, key(CARL), begin)
    assert RecordId(expected) == enrolled_consumption_id(KEY, key(CARL), BEGIN)
    expected = tagged_hash(b"tallystick/sharing/production-id/1", KEY, begin)
    assert RecordId(expected) == enrolled_production_id(KEY, BEGIN)
    assert bytes(KEY) == bytes(lock_id_of(KEY))


@given(st.integers(0, 10**9))
def test_a_cost_is_rounded_down_once(energy_wh: int) -> None:
    """Never more than the price says, and less by less than one minor unit."""
    trial, id = cast()
    found = trial.read(SharingKey, id)
    assert found is not None
    exact = energy_wh * found.price_per_mwh
    assert 0 <= exact - cost_of(found, energy_wh) * WH_PER_MWH < WH_PER_MWH
