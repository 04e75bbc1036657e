"""
Tagged hashing: SHA-256 in which two different inputs never share a preimage.

Every hash of ours (the Merkle trees' apart, which follow RFC 6962 and DESIGN.md) is

    SHA-256( u8(len(tag)) || tag || for each part: u32be(len(part)) || part )

where u8 is one byte and u32be is four bytes, the most significant first. The tag says what is being
hashed and in which version; lengths before contents make the sequence of parts readable
in only one way, so moving a byte from one part to its neighbour changes the hash.
"""

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from tallystick.base.identifiers import Hash

if TYPE_CHECKING:
    from _hashlib import HASH

TAG_BYTES_MAX: Final = 255

TAG_LEDGER_ID: Final = b"tallystick/ledger-id/1"
TAG_PARAMETERS_ID: Final = b"tallystick/parameters-id/1"
TAG_TRANSACTION_ID: Final = b"tallystick/transaction-id/1"
TAG_TRANSACTION_ENTRY: Final = b"tallystick/transaction-entry/1"
TAG_BLOCK: Final = b"tallystick/block/1"
TAG_RELEASES_ID: Final = b"tallystick/releases-id/1"
TAG_SEEN_IDS: Final = b"tallystick/seen-ids/1"
TAG_MEASUREMENT_ID: Final = b"tallystick/measurement-id/1"
TAG_CHILD_ID: Final = b"tallystick/child-id/1"
TAG_DERIVED_ID: Final = b"tallystick/derived-id/1"
TAG_HOLDING_ID: Final = b"tallystick/holding-id/1"
TAG_VAULT: Final = b"tallystick/vault/1"

TAGS: Final = (
    TAG_LEDGER_ID,
    TAG_PARAMETERS_ID,
    TAG_TRANSACTION_ID,
    TAG_TRANSACTION_ENTRY,
    TAG_BLOCK,
    TAG_RELEASES_ID,
    TAG_SEEN_IDS,
    TAG_MEASUREMENT_ID,
    TAG_CHILD_ID,
    TAG_DERIVED_ID,
    TAG_HOLDING_ID,
    TAG_VAULT,
)
"""Every tag in use. A tag keeps its layout for ever: another layout gets a tag ending in /2."""


def tagged_hash(tag: bytes, *parts: bytes) -> Hash:
    """
    Return SHA-256(u8 len(tag) || tag || for each part: u32be len(part) || part).

    A tag of more than `TAG_BYTES_MAX` bytes, or a part of 2**32 bytes or more, is our mistake and
    raises OverflowError.
    """
    return Hash(tagged_head(tag, *parts).digest())


def tagged_head(tag: bytes, *parts: bytes) -> "HASH":
    """Return the hash of a tag and some parts, for copies to go on with whatever parts follow."""
    pieces = [len(tag).to_bytes(1, "big"), tag]
    for part in parts:
        pieces += (len(part).to_bytes(4, "big"), part)
    return sha256(b"".join(pieces))
