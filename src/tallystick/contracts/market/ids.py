"""The ids of what a market keeps, each computed from what it stands for."""

from functools import lru_cache
from hashlib import sha256
from typing import Final

from tallystick.base.encoding import encode
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId

from .terms import Product, Side

TAG_PARTICIPANT_ID: Final = b"tallystick/market/participant-id/1"
TAG_BOOK_ID: Final = b"tallystick/market/book-id/1"
TAG_TOTALS_ID: Final = b"tallystick/market/totals-id/1"
TAG_QUEUE_PAGE_ID: Final = b"tallystick/market/queue-page-id/1"
TAG_POSITION_ID: Final = b"tallystick/market/position-id/1"
TAG_FILL_ID: Final = b"tallystick/market/fill-id/1"
TAG_STATEMENT_ID: Final = b"tallystick/market/statement-id/1"
TAG_CLEARING_VAULT: Final = b"tallystick/market/clearing-vault/1"
TAG_BALANCING_VAULT: Final = b"tallystick/market/balancing-vault/1"


def _head(tag: bytes) -> bytes:
    """Return what a hash of a 32 byte id and more begins with, as `tagged_hash` lays it out."""
    return len(tag).to_bytes(1, "big") + tag + (32).to_bytes(4, "big")


# Every order and fill computes several of these, so what never changes is laid out beforehand, and
# the ids of accounts that trade again are kept.
_PARTICIPANT_HEAD: Final = _head(TAG_PARTICIPANT_ID)
_TOTALS_HEAD: Final = _head(TAG_TOTALS_ID)
_QUEUE_PAGE_HEAD: Final = _head(TAG_QUEUE_PAGE_ID)
_POSITION_HEAD: Final = _head(TAG_POSITION_ID)
_FILL_HEAD: Final = _head(TAG_FILL_ID)
_STATEMENT_HEAD: Final = _head(TAG_STATEMENT_ID)
_OWNER: Final = (33).to_bytes(4, "big")
_NUMBER: Final = (8).to_bytes(4, "big")
_BUY: Final = (3).to_bytes(4, "big") + Side.BUY.value.encode()
_SELL: Final = (4).to_bytes(4, "big") + Side.SELL.value.encode()
_BUY_OWNER, _SELL_OWNER = _BUY + _OWNER, _SELL + _OWNER
_BUY_NUMBER, _SELL_NUMBER = _BUY + _NUMBER, _SELL + _NUMBER
_PERIOD: Final = (4).to_bytes(4, "big")
_IDS_KEPT: Final = 16_384


@lru_cache(_IDS_KEPT)
def participant_id(market: RecordId, owner: PublicKey) -> RecordId:
    """Return the id under which a market remembers an account: H(market, owner)."""
    return RecordId(sha256(b"".join((_PARTICIPANT_HEAD, market, _OWNER, owner))).digest())


@lru_cache(1_024)
def book_id(market: RecordId, product: Product) -> RecordId:
    """Return the id of a product's book; its certificates are locked and pledged under it."""
    return RecordId(tagged_hash(TAG_BOOK_ID, market, encode(product)))


def totals_id(book: RecordId, side: Side, page: int) -> RecordId:
    """Return the id of 256 levels of a book: H(book, side, page as 8 bytes)."""
    return _totals_id(book, _BUY_NUMBER if side is Side.BUY else _SELL_NUMBER, page)


def queue_page_id(book: RecordId, side: Side, level: int, page: int) -> RecordId:
    """Return the id of a page of a level's queue: H(book, side, level and page, 4 bytes each)."""
    shown = _BUY_NUMBER if side is Side.BUY else _SELL_NUMBER
    parts = (_QUEUE_PAGE_HEAD, book, shown, (level << 32 | page).to_bytes(8, "big"))
    return RecordId(sha256(b"".join(parts)).digest())


def position_id(book: RecordId, side: Side, owner: PublicKey) -> RecordId:
    """Return the id of what an account bought, or sold, in a book: H(book, side, owner)."""
    return _position_id(book, _BUY_OWNER if side is Side.BUY else _SELL_OWNER, owner)


def fill_id(book: RecordId, number: int) -> RecordId:
    """Return the id of a book's n-th fill: H(book, number as 8 bytes)."""
    parts = (_FILL_HEAD, book, _NUMBER, number.to_bytes(8, "big"))
    return RecordId(sha256(b"".join(parts)).digest())


@lru_cache(_IDS_KEPT)
def statement_id(market: RecordId, owner: PublicKey, period: int) -> RecordId:
    """Return the id of an account's bill for a period: H(market, owner, period as 4 bytes)."""
    parts = (_STATEMENT_HEAD, market, _OWNER, owner, _PERIOD, period.to_bytes(4, "big"))
    return RecordId(sha256(b"".join(parts)).digest())


def clearing_vault(market: RecordId) -> LockId:
    """Return the id of the vault that is the counterparty of every payment."""
    return LockId(Hash(tagged_hash(TAG_CLEARING_VAULT, market)))


def goods_vault(book: RecordId) -> LockId:
    """
    Return the id of the vault in which a book's goods lie between its sellers and its buyers.

    It is the book's own, which no other vault has: goods of one book never serve another's buyers.
    """
    return LockId(Hash(book))


def balancing_vault(market: RecordId) -> LockId:
    """Return the id of the vault that buys excess and covers shortfalls; the operator funds it."""
    return LockId(Hash(tagged_hash(TAG_BALANCING_VAULT, market)))


@lru_cache(_IDS_KEPT)
def _position_id(book: RecordId, side: bytes, owner: PublicKey) -> RecordId:
    """Return H(book, side, owner); the side comes with the lengths around it."""
    return RecordId(sha256(b"".join((_POSITION_HEAD, book, side, owner))).digest())


@lru_cache(_IDS_KEPT)
def _totals_id(book: RecordId, side: bytes, page: int) -> RecordId:
    """Return H(book, side, page); the side comes with the lengths around it."""
    parts = (_TOTALS_HEAD, book, side, page.to_bytes(8, "big"))
    return RecordId(sha256(b"".join(parts)).digest())
