"""
Compute RFC 6962 Merkle trees: roots, inclusion proofs and consistency proofs.

The tree splits at the largest power of two below its size and never duplicates a leaf, so [a, b, c]
and [a, b, c, c] have different roots. Leaves and nodes are hashed under different prefixes, so that
a node can't be passed off as an entry. Pairing neighbours level by level and promoting a last odd
one gives the same tree. Source: RFC 6962 §2.1; the verifiers follow RFC 9162 §2.1.3.2 and §2.1.4.2.

Builders raise ValueError for bad arguments. Verifiers take whatever a stranger sends: anything that
is not a valid proof is False, never an exception.
"""

from collections.abc import Sequence
from hashlib import sha256

HASH_LENGTH = 32
"""Length of every hash in a tree. [bytes]"""

SIZE_MAX = 2**63 - 1
"""Largest tree that the verifiers consider; it keeps their work bounded. [entries]"""

EMPTY_ROOT = sha256(b"").digest()
"""Root of the tree without entries."""


def root(entries: Sequence[bytes]) -> bytes:
    """Return the root of the tree over `entries`."""
    return root_of_leaves(leaf_hashes(entries))


def inclusion_proof(entries: Sequence[bytes], index: int) -> list[bytes]:
    """Return the hashes that lead from the entry at `index` to the root, from the leaf upwards."""
    check_index(index, size=len(entries))
    return _path(_levels(leaf_hashes(entries)), level=0, index=index)


def consistency_proof(entries: Sequence[bytes], old_size: int) -> list[bytes]:
    """
    Return the hashes that show the tree over `entries` to continue its first `old_size` entries.

    The proof is empty for the old sizes 0 and len(entries), where there is nothing to show.
    """
    check_old_size(old_size, size=len(entries))
    if old_size in {0, len(entries)}:
        return []
    levels = _levels(leaf_hashes(entries))
    level, index = consistency_start(old_size)
    start = [levels[level][index]] if index else []
    return start + _path(levels, level=level, index=index)


def verify_inclusion(
    entry: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Say whether `entry` is at `index` in the tree of `size` entries with this root."""
    if not (_is_bytes(entry) and is_hash(root)):
        return False
    return root_from_inclusion(leaf_hash(entry), index, size, proof) == root


def verify_consistency(
    old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> bool:
    """
    Say whether the tree of `size` entries continues the one of `old_size` entries.

    Every tree continues the empty one, whose root must then be the empty root.
    """
    if not (_is_size(old_size) and _is_size(size) and old_size <= size and _is_proof(proof)):
        return False
    if not (is_hash(old_root) and is_hash(root)):
        return False
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT and (size > 0 or root == EMPTY_ROOT)
    if old_size == size:
        return not proof and old_root == root
    return _roots_from_consistency(old_size, size, old_root, proof) == (old_root, root)


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry as a leaf."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def leaf_hashes(entries: Sequence[bytes]) -> list[bytes]:
    """Return the leaf hash of each entry."""
    for index, entry in enumerate(entries):
        if not isinstance(entry, bytes):
            raise ValueError(f"entry {index} is {type(entry).__name__}, not bytes")
    hash_of = sha256
    return [hash_of(b"\x00" + entry).digest() for entry in entries]


def root_of_leaves(hashes: Sequence[bytes]) -> bytes:
    """Return the root of the tree over leaf hashes."""
    if not hashes:
        return EMPTY_ROOT
    level = hashes
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """
    Return the root that an inclusion proof leads to, or None if it fits no tree of this size.

    Whoever holds a leaf hash but not its entry compares the result with a root it trusts.
    """
    if not (_is_size(index) and _is_size(size) and index < size and _is_proof(proof)):
        return None
    if not is_hash(leaf):
        return None
    node, last, hash_so_far = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if node & 1 or node == last:
            hash_so_far = node_hash(sibling, hash_so_far)
            node, last = _skip_promoted(node, last)
        else:
            hash_so_far = node_hash(hash_so_far, sibling)
        node, last = node >> 1, last >> 1
    return hash_so_far if last == 0 else None


def is_hash(value: object) -> bool:
    """Say whether a value has the form of a hash."""
    return isinstance(value, bytes) and len(value) == HASH_LENGTH


def check_index(index: int, *, size: int) -> None:
    """Refuse an index that names no entry of a tree of `size` entries."""
    if type(index) is not int or not 0 <= index < size:
        raise ValueError(f"index {index!r} is not in a tree of {size} entries")


def check_old_size(old_size: int, *, size: int) -> None:
    """Refuse an old size that a tree of `size` entries never had."""
    if type(old_size) is not int or not 0 <= old_size <= size:
        raise ValueError(f"old size {old_size!r} is not between 0 and the tree's {size} entries")


def consistency_start(old_size: int) -> tuple[int, int]:
    """
    Return level and index of the node at which a consistency proof starts.

    It is the largest complete subtree that ends where the old tree ended. If it is the whole old
    tree (index 0), the proof leaves its hash out, because the verifier has it as the old root.
    """
    level, index = 0, old_size - 1
    while index & 1:
        level, index = level + 1, index >> 1
    return level, index


def _roots_from_consistency(
    old_size: int, size: int, old_root: bytes, proof: Sequence[bytes]
) -> tuple[bytes, bytes] | None:
    """Return the old and the new root that a consistency proof leads to, None if it fits none."""
    level, node = consistency_start(old_size)
    last = (size - 1) >> level
    hashes = [old_root, *proof] if node == 0 else list(proof)
    if not hashes:
        return None
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return None
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            node, last = _skip_promoted(node, last)
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return (old, new) if last == 0 else None


def _skip_promoted(node: int, last: int) -> tuple[int, int]:
    """Climb over the levels on which an even last node has no sibling and is promoted unchanged."""
    while node and not node & 1:
        node, last = node >> 1, last >> 1
    return node, last


def _level_above(level: Sequence[bytes]) -> list[bytes]:
    """Return the level of parents, a last odd node promoted to it unchanged."""
    hash_of = sha256
    pairs = zip(level[0::2], level[1::2], strict=False)
    parents = [hash_of(b"\x01" + left + right).digest() for left, right in pairs]
    return [*parents, level[-1]] if len(level) & 1 else parents


def _levels(hashes: list[bytes]) -> list[list[bytes]]:
    """Return every level of the tree, from the leaves up to the root."""
    levels = [hashes]
    while len(levels[-1]) > 1:
        levels.append(_level_above(levels[-1]))
    return levels


def _path(levels: list[list[bytes]], *, level: int, index: int) -> list[bytes]:
    """Return the siblings on the way from a node up to the root; a promoted node has none."""
    path = []
    for nodes in levels[level:-1]:
        sibling = index ^ 1
        if sibling < len(nodes):
            path.append(nodes[sibling])
        index >>= 1
    return path


def _is_bytes(value: object) -> bool:
    """Say whether a value is bytes, whatever its annotation promised."""
    return isinstance(value, bytes)


def _is_size(value: object) -> bool:
    """Say whether a value can be a size or an index; a bool can't."""
    return type(value) is int and 0 <= value <= SIZE_MAX


def _is_proof(proof: object) -> bool:
    """Say whether a value is a list or tuple of hashes."""
    return isinstance(proof, list | tuple) and all(map(is_hash, proof))
