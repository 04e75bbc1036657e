"""Ids are computed by whoever knows what makes them, and the chain of a record, too."""

from collections.abc import Callable

import pytest

from tallystick.base.encoding import encode
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import RecordId
from tallystick.contracts.ballot import ids
from tallystick.contracts.ballot.events import DelegationRevoked
from tallystick.testing.keys import key
from tests.contracts.ballot.cases import ANNA, BERT, BODY, UNKNOWN

KEY = key(ANNA)
EXPECTED: list[tuple[Callable[[], RecordId], bytes, tuple[bytes, ...]]] = [
    (lambda: ids.progress_id(UNKNOWN), b"progress-id", (UNKNOWN,)),
    (lambda: ids.totals_id(UNKNOWN, 2), b"totals-id", (UNKNOWN, bytes([0, 0, 0, 2]))),
    (lambda: ids.statement_id(UNKNOWN, KEY, "A"), b"statement-id", (UNKNOWN, KEY, b"A")),
    (lambda: ids.delivery_id(UNKNOWN, KEY, ""), b"delivery-id", (UNKNOWN, KEY, b"")),
    (lambda: ids.delegation_id(UNKNOWN, KEY), b"delegation-id", (UNKNOWN, KEY)),
    (lambda: ids.proxies_id(UNKNOWN, KEY), b"proxies-id", (UNKNOWN, KEY)),
    (lambda: ids.minutes_id(UNKNOWN), b"minutes-id", (UNKNOWN,)),
    (lambda: ids.voting_device_id(BODY, KEY), b"device-id", (BODY.encode(), KEY)),
    (lambda: ids.attestation_id(BODY, KEY), b"attestation-id", (BODY.encode(), KEY)),
]


@pytest.mark.parametrize(("made", "name", "parts"), EXPECTED)
def test_ids(made: Callable[[], RecordId], name: bytes, parts: tuple[bytes, ...]) -> None:
    """Each under a tag of its own."""
    assert RecordId(tagged_hash(b"tallystick/ballot/" + name + b"/1", *parts)) == made()


def test_a_record_is_a_chain() -> None:
    """Another event, another time or another order makes another one."""
    one, other = (DelegationRevoked(UNKNOWN, key(who), KEY) for who in (ANNA, BERT))
    first = ids.continued(b"", 5, one)
    tag = b"tallystick/ballot/record/1"
    assert tagged_hash(tag, b"", bytes([0] * 7 + [5]), encode(one)) == first
    both = ids.continued(first, 5, other)
    assert both != ids.continued(ids.continued(b"", 5, other), 5, one)
    assert both != ids.continued(first, 6, other)
