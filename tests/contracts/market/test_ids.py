"""Ids are what everybody can compute beforehand."""

import pytest

from tallystick.base.encoding import encode
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts.market.ids import (
    balancing_vault,
    book_id,
    clearing_vault,
    fill_id,
    goods_vault,
    participant_id,
    position_id,
    queue_page_id,
    statement_id,
    totals_id,
)
from tallystick.contracts.market.terms import Product, Side
from tallystick.testing.keys import key

MARKET = RecordId(b"m" * 32)
BOOK = RecordId(b"b" * 32)
OWNER = key(1)
PRODUCT = Product(unit=MARKET, begin=900, end=1_800)

IDS = [
    (
        participant_id(MARKET, OWNER),
        tagged_hash(b"tallystick/market/participant-id/1", MARKET, OWNER),
    ),
    (
        book_id(MARKET, PRODUCT),
        tagged_hash(b"tallystick/market/book-id/1", MARKET, encode(PRODUCT)),
    ),
    (
        position_id(BOOK, Side.SELL, OWNER),
        tagged_hash(b"tallystick/market/position-id/1", BOOK, b"sell", OWNER),
    ),
    (
        totals_id(BOOK, Side.BUY, 3),
        tagged_hash(b"tallystick/market/totals-id/1", BOOK, b"buy", (3).to_bytes(8, "big")),
    ),
    (
        queue_page_id(BOOK, Side.SELL, 7, 3),
        tagged_hash(
            b"tallystick/market/queue-page-id/1", BOOK, b"sell", (7 << 32 | 3).to_bytes(8, "big")
        ),
    ),
    (
        fill_id(BOOK, 7),
        tagged_hash(b"tallystick/market/fill-id/1", BOOK, (7).to_bytes(8, "big")),
    ),
    (
        statement_id(MARKET, OWNER, 3),
        tagged_hash(b"tallystick/market/statement-id/1", MARKET, OWNER, (3).to_bytes(4, "big")),
    ),
    (clearing_vault(MARKET), tagged_hash(b"tallystick/market/clearing-vault/1", MARKET)),
    (balancing_vault(MARKET), tagged_hash(b"tallystick/market/balancing-vault/1", MARKET)),
]


@pytest.mark.parametrize(("id", "expected"), IDS)
def test_ids_are_tagged_hashes(id: RecordId | LockId, expected: bytes) -> None:
    """An id is the hash of what it stands for, so it is known before anything stands there."""
    assert expected == id


def test_a_books_vault_is_under_its_own_id() -> None:
    """So nothing is hashed for it but the vault itself."""
    assert bytes(BOOK) == bytes(goods_vault(BOOK))


def test_ids_differ_by_everything_they_name() -> None:
    """Another owner, side, number or period is another id."""
    other = PublicKey(key(2))
    ids = {
        *(position_id(BOOK, side, owner) for side in Side for owner in (OWNER, other)),
        *(fill_id(BOOK, number) for number in range(3)),
        *(statement_id(MARKET, owner, n) for owner in (OWNER, other) for n in range(3)),
        *(participant_id(MARKET, owner) for owner in (OWNER, other)),
    }
    assert 4 + 3 + 6 + 2 == len(ids)
