"""The ids of what a market keeps, each computed from what it stands for."""

from typing import Final

from tallystick.base.encoding import encode
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId

from .terms import Product, Side

TAG_PARTICIPANT_ID: Final = b"tallystick/market/participant-id/1"
TAG_BOOK_ID: Final = b"tallystick/market/book-id/1"
TAG_POSITION_ID: Final = b"tallystick/market/position-id/1"
TAG_FILL_ID: Final = b"tallystick/market/fill-id/1"
TAG_STATEMENT_ID: Final = b"tallystick/market/statement-id/1"
TAG_CLEARING_VAULT: Final = b"tallystick/market/clearing-vault/1"
TAG_BALANCING_VAULT: Final = b"tallystick/market/balancing-vault/1"


def participant_id(market: RecordId, owner: PublicKey) -> RecordId:
    """Return the id under which a market remembers an account."""
    return RecordId(tagged_hash(TAG_PARTICIPANT_ID, market, owner))


def book_id(market: RecordId, product: Product) -> RecordId:
    """Return the id of a product's book; its certificates are locked and pledged under it."""
    return RecordId(tagged_hash(TAG_BOOK_ID, market, encode(product)))


def position_id(book: RecordId, side: Side, owner: PublicKey) -> RecordId:
    """Return the id of what an account bought, or sold, in a book."""
    return RecordId(tagged_hash(TAG_POSITION_ID, book, side.value.encode(), owner))


def fill_id(book: RecordId, number: int) -> RecordId:
    """Return the id of a book's n-th fill."""
    return RecordId(tagged_hash(TAG_FILL_ID, book, number.to_bytes(8, "big")))


def statement_id(market: RecordId, owner: PublicKey, period: int) -> RecordId:
    """Return the id of an account's bill for a period."""
    return RecordId(tagged_hash(TAG_STATEMENT_ID, market, owner, period.to_bytes(4, "big")))


def clearing_vault(market: RecordId) -> LockId:
    """Return the id of the vault that is the counterparty of every payment."""
    return LockId(Hash(tagged_hash(TAG_CLEARING_VAULT, market)))


def balancing_vault(market: RecordId) -> LockId:
    """Return the id of the vault that buys excess and covers shortfalls; the operator funds it."""
    return LockId(Hash(tagged_hash(TAG_BALANCING_VAULT, market)))
