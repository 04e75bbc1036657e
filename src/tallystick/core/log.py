"""
Keep the append-only log of a ledger in memory, with proofs for every size it ever had.

The log is the RFC 6962 tree of `base/merkle.py`, built as it grows: one buffer per level holds the
hashes of that level's complete subtrees, which never change again. Whatever is not complete lies on
the right border and is folded when it is asked for, so roots and proofs at any size take a number
of hashes logarithmic in the size. An entry costs about 64 bytes and one or two hashes.
"""

from collections.abc import Sequence
from hashlib import sha256
from itertools import count
from typing import Self

from tallystick.base import merkle

HASH_LENGTH = merkle.HASH_LENGTH


class Log:
    """An append-only RFC 6962 tree."""

    __slots__ = ("_levels",)

    def __init__(self) -> None:
        self._levels: list[bytearray] = [bytearray()]

    @classmethod
    def restore(cls, leaf_hashes: bytes) -> Self:
        """Rebuild a log from what `leaf_hashes(0, size)` gave; ValueError if that is torn."""
        if len(leaf_hashes) % HASH_LENGTH:
            raise ValueError(f"{len(leaf_hashes)} bytes are not a whole number of leaf hashes")
        log = cls()
        log._extend(leaf_hashes)
        return log

    @property
    def size(self) -> int:
        """Number of entries."""
        return len(self._levels[0]) // HASH_LENGTH

    def append(self, entry: bytes) -> int:
        """Add an entry and return its index."""
        self._extend(merkle.leaf_hash(entry))
        return self.size - 1

    def extend_leaf_hashes(self, hashes: Sequence[bytes]) -> None:
        """Add the entries with these leaf hashes, all or, if one is no hash, none."""
        for index, leaf in enumerate(hashes):
            if len(leaf) != HASH_LENGTH:
                raise ValueError(f"leaf hash {index} has {len(leaf)} bytes, not {HASH_LENGTH}")
        self._extend(b"".join(hashes))

    def leaf_hash(self, index: int) -> bytes:
        """Return the leaf hash of the entry at `index`."""
        merkle.check_index(index, size=self.size)
        return self._node(0, index)

    def leaf_hashes(self, begin: int, end: int) -> bytes:
        """Return the leaf hashes of the entries in [begin, end), joined."""
        if not 0 <= begin <= end <= self.size:
            raise ValueError(f"[{begin}, {end}) is not a part of a log of {self.size} entries")
        return bytes(self._levels[0][begin * HASH_LENGTH : end * HASH_LENGTH])

    def root(self, size: int | None = None) -> bytes:
        """Return the root that the log has, or had when it was of `size` entries."""
        return self._border(0, self._past_size(size))

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the hashes that lead from an entry to the root at `size`, leaf upwards."""
        size = self._past_size(size)
        merkle.check_index(index, size=size)
        return self._path(0, index, size)

    def consistency_proof(self, old_size: int, size: int | None = None) -> list[bytes]:
        """Return the hashes that show the log at `size` to continue the log at `old_size`."""
        size = self._past_size(size)
        merkle.check_old_size(old_size, size=size)
        if old_size in {0, size}:
            return []
        level, index = merkle.consistency_start(old_size)
        start = [self._node(level, index)] if index else []
        return start + self._path(level, index, size)

    def _extend(self, leaf_hashes: bytes) -> None:
        """Add leaves and hash every subtree that they complete, a level at a time."""
        self._levels[0] += leaf_hashes
        for level in count():
            children = self._levels[level]
            if len(children) < 2 * HASH_LENGTH:
                return
            if level + 1 == len(self._levels):
                self._levels.append(bytearray())
            parents = self._levels[level + 1]
            begin, end = 2 * len(parents), len(children) - len(children) % (2 * HASH_LENGTH)
            if begin == end:
                return
            parents += _parents(children, begin, end)

    def _path(self, level: int, index: int, size: int) -> list[bytes]:
        """Return the siblings on the way from a node up to the root at `size`."""
        path = []
        while (1 << level) < size:
            sibling, complete = index ^ 1, size >> level
            if sibling < complete:
                path.append(self._node(level, sibling))
            elif sibling << level < size:
                path.append(self._border(sibling << level, size))
            level, index = level + 1, index >> 1
        return path

    def _border(self, begin: int, end: int) -> bytes:
        """
        Return the root over the entries in [begin, end), where `begin` starts a subtree of the log.

        These are complete subtrees of ever smaller size, one per set bit of the length, and are
        folded from the right.
        """
        if begin == end:
            return merkle.EMPTY_ROOT
        length = end - begin
        levels = [level for level in range(length.bit_length()) if length >> level & 1]
        right, *lefts = [self._node(level, (end >> level) - 1) for level in levels]
        for left in lefts:
            right = merkle.node_hash(left, right)
        return right

    def _node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree."""
        return bytes(self._levels[level][index * HASH_LENGTH : (index + 1) * HASH_LENGTH])

    def _past_size(self, size: int | None) -> int:
        """Return a size that the log has or had, its present one for None."""
        if size is None:
            return self.size
        merkle.check_old_size(size, size=self.size)
        return size


def _parents(children: bytearray, begin: int, end: int) -> bytes:
    """Return the joined hashes of the pairs of neighbours in children[begin:end]."""
    hash_of, pair = sha256, 2 * HASH_LENGTH
    return b"".join(
        [hash_of(b"\x01" + children[at : at + pair]).digest() for at in range(begin, end, pair)]
    )
