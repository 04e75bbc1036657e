"""Ids about buyers are computed, and no two things share one."""

from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import RecordId
from tallystick.contracts.benefit.model_buyers import buyer_id, clearing_id, cool_down_id
from tallystick.testing.keys import key
from tests.contracts.benefit.cases import ANNA, OFFERED, UNKNOWN

TAG = b"tallystick/benefit/"


def test_ids_are_computed() -> None:
    """Whoever knows what a record is about finds it."""
    assert RecordId(tagged_hash(TAG + b"clearing-id/1", key(ANNA))) == clearing_id(key(ANNA))
    assert RecordId(tagged_hash(TAG + b"buyer-id/1", UNKNOWN)) == buyer_id(UNKNOWN)
    assert RecordId(tagged_hash(TAG + b"cool-down-id/1", UNKNOWN, OFFERED)) == cool_down_id(
        UNKNOWN, OFFERED
    )
    assert cool_down_id(UNKNOWN, OFFERED) != cool_down_id(OFFERED, UNKNOWN)
