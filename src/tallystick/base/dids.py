"""
Decentralised identifiers: keys and records under a name that other systems understand.

Source: W3C Decentralized Identifiers 1.0; the did:key method with the multicodec table.
"""

from typing import Final

from tallystick.base.base58 import encode_base58
from tallystick.base.identifiers import LedgerId, PublicKey, RecordId

SECP256K1_PUBLIC: Final = b"\xe7\x01"
"""What the multicodec table says of a compressed secp256k1 key, as a varint."""

BASE58_BITCOIN: Final = "z"
"""What multibase says of the alphabet."""


def did_of_key(key: PublicKey) -> str:
    """Return a key as `did:key:z...`, from which anybody has the key again."""
    return f"did:key:{BASE58_BITCOIN}{encode_base58(SECP256K1_PUBLIC + key)}"


def did_of_record(ledger: LedgerId, id: RecordId) -> str:
    """Return something that a ledger keeps as `did:tally:`, the ledger's id and its own, in hex."""
    return f"did:tally:{ledger.hex()}:{id.hex()}"
