"""Ids about debts are computed, and no two things share one."""

from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import RecordId
from tallystick.contracts.benefit.model_debts import debt_id, netting_id, position_id
from tests.contracts.benefit.cases import MONTH, A, B

TAG = b"tallystick/benefit/"


def test_ids_are_computed() -> None:
    """Whoever knows what a record is about finds it; who owes is not whom."""
    month = MONTH.to_bytes(4, "big")
    expected = RecordId(tagged_hash(TAG + b"debt-id/1", month, A.encode(), B.encode()))
    assert expected == debt_id(MONTH, debtor=A, creditor=B)
    assert expected != debt_id(MONTH, debtor=B, creditor=A)
    assert RecordId(tagged_hash(TAG + b"position-id/1", month, A.encode())) == position_id(MONTH, A)
    assert RecordId(tagged_hash(TAG + b"netting-id/1", month)) == netting_id(MONTH)
