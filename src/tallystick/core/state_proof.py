"""
Define the authenticated state map and verify proofs of presence and absence.

The map's root is a definition of its content. With `‖` for concatenation, bit 0 for the most
significant bit of a key's first byte, and H for the SHA-256 of the records under a key:

    leaf  = SHA-256(2 ‖ key ‖ H)
    inner = SHA-256(3 ‖ depth ‖ left ‖ right)    depth: first bit at which the keys below part
    empty = 32 zero bytes                        the left side's keys have a 0 there

An inner node exists only where keys part, so a side without keys passes the other side up. The
depth is a part of the hash: without it a path could pretend to branch at other bits than it does,
and absence could be forged. A leaf's preimage has 65 bytes and an inner node's 66, so that neither
can be taken for the other.

Verifying never raises: whatever a stranger sends and is not a valid proof is False.
"""

from hashlib import sha256
from typing import Annotated

from msgspec import Meta

from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, RecordId

KEY_BITS = 256
"""Length of a key. [bits]"""

HASH_LENGTH = 32
"""Length of keys and hashes. [bytes]"""

EMPTY = bytes(HASH_LENGTH)
"""What stands for a side, or a whole tree, without keys."""


class Leaf(Record, frozen=True):
    """What one leaf of the tree commits to."""

    key: RecordId
    """The id under which the records stand."""

    records_hash: Hash
    """SHA-256 of the canonical bytes of the records."""


class StateProof(Record, frozen=True, tag="state-proof/1"):
    """The way down from a root to the leaf where a key's path ends."""

    siblings: Annotated[
        tuple[tuple[Annotated[int, Meta(ge=0, le=KEY_BITS - 1)], Hash], ...],
        Meta(max_length=KEY_BITS),
    ]
    """For each inner node passed: its depth [bits], the hash of the side not taken. Root first."""

    end: Leaf | None
    """The leaf at the end: the key's own if it is present, nothing if the tree is empty."""


def verify_presence(root: bytes, key: bytes, records: bytes, proof: StateProof) -> bool:
    """Say whether exactly these records stand under `key` in the state with this root."""
    if not (_is_proof(proof) and _is_hash(root) and _is_hash(key) and _is_bytes(records)):
        return False
    end = proof.end
    if end is None or end.key != key or end.records_hash != sha256(records).digest():
        return False
    return _root(proof, end) == root


def verify_absence(root: bytes, key: bytes, proof: StateProof) -> bool:
    """
    Say whether nothing stands under `key` in the state with this root.

    The proof shows the leaf that `key` would have to share its path with: another key that agrees
    with it at every bit where the path branches.
    """
    if not (_is_proof(proof) and _is_hash(root) and _is_hash(key)):
        return False
    end = proof.end
    if end is None:
        return not proof.siblings and root == EMPTY
    if end.key == key:
        return False
    if any(bit_at(end.key, depth) != bit_at(key, depth) for depth, _ in proof.siblings):
        return False
    return _root(proof, end) == root


def leaf_hash(key: bytes, records_hash: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\x02" + key + records_hash).digest()


def inner_hash(depth: int, left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node whose two sides part at bit `depth`."""
    return sha256(bytes((3, depth)) + left + right).digest()


def bit_at(key: bytes, depth: int) -> int:
    """Return one bit of a key, counted from its most significant."""
    return key[depth >> 3] >> (7 - (depth & 7)) & 1


def _root(proof: StateProof, end: Leaf) -> bytes:
    """Return the root that a well-formed proof leads to, folded from its end upwards."""
    node = leaf_hash(end.key, end.records_hash)
    for depth, sibling in reversed(proof.siblings):
        sides = (sibling, node) if bit_at(end.key, depth) else (node, sibling)
        node = inner_hash(depth, *sides)
    return node


def _is_proof(proof: object) -> bool:
    """Say whether a value has the form of a proof: depths in range and strictly increasing."""
    if not (isinstance(proof, StateProof) and isinstance(proof.siblings, tuple)):
        return False
    above = -1
    for sibling in proof.siblings:
        if not (_is_sibling(sibling) and above < sibling[0] < KEY_BITS):
            return False
        above = sibling[0]
    return proof.end is None or _is_leaf(proof.end)


def _is_sibling(sibling: object) -> bool:
    """Say whether a value is a pair of a whole number and a hash."""
    if not (isinstance(sibling, tuple) and len(sibling) == len(("depth", "hash"))):
        return False
    return type(sibling[0]) is int and _is_hash(sibling[1])


def _is_leaf(leaf: object) -> bool:
    """Say whether a value is a leaf with two hashes."""
    return isinstance(leaf, Leaf) and _is_hash(leaf.key) and _is_hash(leaf.records_hash)


def _is_hash(value: object) -> bool:
    """Say whether a value has the form of a hash."""
    return isinstance(value, bytes) and len(value) == HASH_LENGTH


def _is_bytes(value: object) -> bool:
    """Say whether a value is bytes, whatever its annotation promised."""
    return isinstance(value, bytes)
