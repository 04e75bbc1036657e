"""Ids are computed, and no two things share one."""

from tallystick.base.hashing import tagged_hash
from tallystick.contracts.benefit.model import (
    company_id,
    credential_id,
    issuance_id,
    marketplace_id,
    page_id,
)
from tallystick.contracts.benefit.model_debts import debt_id, netting_id, position_id
from tests.contracts.benefit.cases import MONTH, A, B

TAG = b"tallystick/benefit/"


def test_ids_are_computed() -> None:
    """Whoever knows what a record is about finds it."""
    month = MONTH.to_bytes(4, "big")
    expected: list[bytes] = [
        tagged_hash(TAG + b"marketplace-id/1"),
        tagged_hash(TAG + b"issuance-id/1"),
        tagged_hash(TAG + b"company-id/1", A.encode()),
        tagged_hash(TAG + b"page-id/1", A.encode(), (3).to_bytes(4, "big")),
        tagged_hash(TAG + b"credential-id/1", (5).to_bytes(8, "big")),
        tagged_hash(TAG + b"debt-id/1", month, A.encode(), B.encode()),
        tagged_hash(TAG + b"position-id/1", month, A.encode()),
        tagged_hash(TAG + b"netting-id/1", month),
    ]
    found: list[bytes] = [
        marketplace_id(),
        issuance_id(),
        company_id(A),
        page_id(A, 3),
        credential_id(5),
        debt_id(MONTH, debtor=A, creditor=B),
        position_id(MONTH, A),
        netting_id(MONTH),
    ]
    assert expected == found
    assert len(set(found)) == len(found)
    assert debt_id(MONTH, debtor=A, creditor=B) != debt_id(MONTH, debtor=B, creditor=A)
