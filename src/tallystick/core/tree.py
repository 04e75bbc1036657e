"""
Keep the authenticated state map in memory and hash only what a block changed.

`state_proof.py` defines the root; how the tree is stored is free, and this is arranged for speed:
a flat heap of hashes holds the first bits of the tree (node 1 is the root, the children of node n
are 2n and 2n+1, side by side, so both sides of a preimage are one slice), and below each of its
lowest nodes hangs a bucket, one `bytes` of sorted entries `key ‖ leaf hash`. A block's keys are
sorted once, each touched bucket is rewritten once, and the heap is climbed level by level over the
touched nodes only. When buckets get full the heap gets one level more; the levels above stay, and
each bucket is parted when it is next touched, or in turn, a few with every block: no block waits
for all of them.

Only leaf hashes are kept, not the records or their hash: with a million keys every byte counts and
the state has the records. So undoing needs `Inverse`, and a proof reads its last leaf's records.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import pairwise
from struct import Struct
from typing import Self

import msgspec

from tallystick.base.identifiers import Hash, RecordId

from .state_proof import (
    EMPTY,
    HASH_LENGTH,
    KEY_BITS,
    Leaf,
    StateProof,
    bit_at,
    inner_hash,
    leaf_hash,
)

ENTRY_LENGTH = 2 * HASH_LENGTH
"""Length of one entry of a bucket: key and leaf hash. [bytes]"""

ENTRIES_MEAN_MAX = 4
"""How many entries a bucket may have on average before the heap grows by a level."""

HEAP_DEPTH_MAX = 32
"""How many levels the heap may have: a bucket is found by the first 32 bits of a key."""

INNER_HEADS = tuple(bytes((3, depth)) for depth in range(KEY_BITS))
"""What the preimage of an inner node begins with, by depth."""

ENTRIES = Struct(">32s32s")
"""An entry as key and leaf hash."""

SHORT_ENTRIES = Struct(">Q24x32s")
"""An entry as the number that its key begins with, and leaf hash."""


class Inverse(msgspec.Struct, frozen=True):
    """What takes back one application of changes."""

    leaves: Mapping[RecordId, bytes | None]
    """The leaf hash that each changed key had before, nothing if it was absent."""


class StateTree:
    """The map from record ids to the hashes of their records, and its root."""

    __slots__ = ("_buckets", "_count", "_depth", "_heap", "_parted", "_whole")

    def __init__(self) -> None:
        self._depth = 0
        self._heap = bytearray(2 * HASH_LENGTH)
        self._buckets = [b""]
        self._count = 0
        # While the heap's lowest level is being filled: the buckets that were there before, nothing
        # in place of those that have been parted, and how many have had their turn.
        self._whole: list[bytes | None] = []
        self._parted = 0

    @classmethod
    def build(cls, items: Iterable[tuple[RecordId, bytes]]) -> Self:
        """
        Return the tree of ids and the canonical bytes of their records, in any order.

        An id twice, or one of a wrong length, is a ValueError.
        """
        tree = cls()
        tree._fill(_sorted_entries(items))
        return tree

    @property
    def root(self) -> bytes:
        """The root, a function of the content alone."""
        return bytes(self._heap[HASH_LENGTH : 2 * HASH_LENGTH])

    @property
    def count(self) -> int:
        """Number of ids."""
        return self._count

    def __contains__(self, key: RecordId) -> bool:
        """Tell whether an id has records, without asking whoever keeps them."""
        index = int.from_bytes(key[:4], "big") >> HEAP_DEPTH_MAX - self._depth
        bucket = self._whole[index >> 1] if self._whole else None
        if bucket is None:
            bucket = self._buckets[index]
        at = bucket.find(key)
        while at % ENTRY_LENGTH and at >= 0:  # Only where no key stands.
            at = bucket.find(key, at + 1)
        return at >= 0

    def apply(self, changes: Mapping[RecordId, bytes | None]) -> Inverse:
        """
        Set the records of each id, given as their canonical bytes; remove ids mapped to nothing.

        Nothing is changed if one id has a wrong length. Removing an absent id is no error.
        """
        hash_of, length = sha256, HASH_LENGTH
        leaves: dict[RecordId, bytes | None] = {}
        for key, records in changes.items():
            if len(key) != length:
                raise _wrong_length(key)
            if records is None:
                leaves[key] = None
            else:
                records_hash = hash_of(records).digest()
                leaves[key] = hash_of(b"\x02" + key + records_hash).digest()
        return Inverse(self._replace(leaves))

    def revert(self, inverse: Inverse) -> None:
        """Take back the latest changes that have not been taken back."""
        self._replace(inverse.leaves)

    def prove(self, key: RecordId, read: Callable[[RecordId], bytes | None]) -> StateProof:
        """
        Prove what stands under a key, or that nothing does.

        `read` gives the canonical bytes of an id's records: the proof ends at a leaf, for an absent
        key another's, and names the hash of its records. Records that are not those of the tree
        raise ValueError.
        """
        if len(key) != HASH_LENGTH:
            raise _wrong_length(key)
        if not self._count:
            return StateProof((), None)
        siblings, bucket = self._descend_heap(key)
        below, entry = _descend_bucket(bucket, key)
        last = RecordId(entry[:HASH_LENGTH])
        records_hash = Hash(sha256(read(last) or b"").digest())
        if leaf_hash(last, records_hash) != entry[HASH_LENGTH:]:
            raise ValueError(f"the records of {last.hex()} are not those that the tree holds")
        return StateProof((*siblings, *below), Leaf(last, records_hash))

    def _replace(self, leaves: Mapping[RecordId, bytes | None]) -> dict[RecordId, bytes | None]:
        """Set or remove leaf hashes, and return those that stood there before."""
        while self._count + len(leaves) > ENTRIES_MEAN_MAX << self._depth:
            self._grow()
        before: dict[RecordId, bytes | None] = {}
        self._climb(self._rewrite_buckets(leaves, before))
        self._part_in_turn(len(leaves))
        return before

    def _rewrite_buckets(
        self, leaves: Mapping[RecordId, bytes | None], before: dict[RecordId, bytes | None]
    ) -> list[int]:
        """Set or remove leaf hashes in their buckets; return the buckets' nodes in the heap."""
        buckets, whole, length, number = self._buckets, self._whole, HASH_LENGTH, int.from_bytes
        shift, lengths = HEAP_DEPTH_MAX - self._depth, 0
        touched: list[int] = []
        for key in sorted(leaves):
            index = number(key[:4], "big") >> shift
            if whole and whole[index >> 1] is not None:
                self._split(index >> 1)
                touched += (index & ~1, index | 1)
            old = buckets[index]
            bucket, before[key] = with_leaf(old, key, leaves[key])
            buckets[index] = bucket
            lengths += len(bucket) - len(old)
            touched.append(index)
        self._count += lengths // ENTRY_LENGTH
        first = 1 << self._depth
        nodes = [first + index for index in dict.fromkeys(touched)]
        with memoryview(self._heap) as heap:
            for node in nodes:
                heap[node * length : (node + 1) * length] = _bucket_root(buckets[node - first])
        return nodes

    def _climb(self, nodes: Iterable[int]) -> None:
        """
        Hash what lies above nodes of the heap's lowest level, level by level.

        A hash that is empty begins with a zero, and few others do.
        """
        heap, hash_of, length, pair = self._heap, sha256, HASH_LENGTH, 2 * HASH_LENGTH
        with memoryview(heap) as target:
            for depth in range(self._depth - 1, -1, -1):
                head = INNER_HEADS[depth]
                nodes = list(dict.fromkeys([node >> 1 for node in nodes]))
                for node in nodes:
                    at, below = node * length, node * pair
                    if heap[below] and heap[below + length]:
                        sides = heap[below : below + pair]
                        target[at : at + length] = hash_of(head + sides).digest()
                    else:
                        target[at : at + length] = _join(depth, heap[below : below + pair])

    def _grow(self) -> None:
        """Give the heap one level more, which is filled bit by bit."""
        self._part_in_turn(len(self._whole))
        self._depth += 1
        self._whole = [*self._buckets]
        self._buckets = [b""] * (1 << self._depth)
        self._heap += bytes(len(self._heap))

    def _part_in_turn(self, count: int) -> None:
        """
        Part so many of the buckets that are still whole.

        One for each change is enough: it takes more changes than there are buckets to make the heap
        grow again, and if one block brings so many, growing parts the rest.
        """
        end = min(self._parted + count, len(self._whole))
        for index in range(self._parted, end):
            self._part(index)
        self._parted = end
        if end == len(self._whole):
            self._whole, self._parted = [], 0

    def _part(self, index: int) -> None:
        """Part a whole bucket and hash its halves, unless it has been parted."""
        if self._whole[index] is None:
            return
        halves = self._split(index)
        at = ((1 << self._depth) + 2 * index) * HASH_LENGTH
        self._heap[at : at + 2 * HASH_LENGTH] = b"".join(map(_bucket_root, halves))

    def _split(self, index: int) -> list[bytes]:
        """Cut a whole bucket at the bit of the heap's lowest level; the halves are not hashed."""
        bucket = self._whole[index]
        assert bucket is not None, "a bucket is split once"
        cut = _cut(bucket, self._depth - 1)
        halves = self._buckets[2 * index : 2 * index + 2] = [bucket[:cut], bucket[cut:]]
        self._whole[index] = None
        return halves

    def _fill(self, entries: list[bytes]) -> None:
        """Take over the sorted entries of an empty tree."""
        self._count = len(entries)
        while len(entries) > ENTRIES_MEAN_MAX << self._depth:
            self._depth += 1
        width = 1 << HEAP_DEPTH_MAX - self._depth
        floors = [(index * width).to_bytes(4, "big") for index in range(1 << self._depth)]
        cuts = [*(bisect_left(entries, floor) for floor in floors), len(entries)]
        self._buckets = [b"".join(entries[begin:end]) for begin, end in pairwise(cuts)]
        first = 1 << self._depth
        self._heap = bytearray(first * HASH_LENGTH)
        self._heap += b"".join(map(_bucket_root, self._buckets))
        self._climb(range(first, 2 * first))

    def _descend_heap(self, key: RecordId) -> tuple[list[tuple[int, Hash]], bytes]:
        """Return the siblings of a key's path through the heap, and the bucket it leads to."""
        siblings: list[tuple[int, Hash]] = []
        node = 1
        for depth in range(self._depth):
            if self._whole and depth == self._depth - 1:
                whole = self._whole[node - (1 << depth)]
                if whole is not None:
                    return siblings, whole
            node = 2 * node + bit_at(key, depth)
            own, other = self._node(node), self._node(node ^ 1)
            if own == EMPTY:
                node ^= 1
            elif other != EMPTY:
                siblings.append((depth, other))
        return siblings, self._buckets[node - (1 << self._depth)]

    def _node(self, node: int) -> Hash:
        """Return the hash at a node of the heap."""
        return Hash(bytes(self._heap[node * HASH_LENGTH : (node + 1) * HASH_LENGTH]))


def _sorted_entries(items: Iterable[tuple[RecordId, bytes]]) -> list[bytes]:
    """Return the entries of ids and their records' bytes, in order of id."""
    hash_of, length = sha256, HASH_LENGTH
    entries = []
    for key, records in items:
        if len(key) != length:
            raise _wrong_length(key)
        records_hash = hash_of(records).digest()
        entries.append(key + hash_of(b"\x02" + key + records_hash).digest())
    entries.sort()
    for entry, following in pairwise(entries):
        if entry[:length] == following[:length]:
            raise ValueError(f"key {entry[:length].hex()} stands there twice")
    return entries


def _wrong_length(key: bytes) -> ValueError:
    """Say that a key doesn't have the length of one."""
    return ValueError(f"a key has {HASH_LENGTH} bytes, not {len(key)}")


def _join(depth: int, sides: bytearray) -> bytes:
    """Return the hash of two sides of which one may be empty: then it is the other's."""
    left, right = bytes(sides[:HASH_LENGTH]), bytes(sides[HASH_LENGTH:])
    if EMPTY in (left, right):
        return left if right == EMPTY else right
    return inner_hash(depth, left, right)


def with_leaf(bucket: bytes, key: bytes, leaf: bytes | None) -> tuple[bytes, bytes | None]:
    """Return a bucket in which `key` has this leaf hash, or no entry, and the leaf hash before."""
    at = bucket.find(key)
    if leaf is not None and not at % ENTRY_LENGTH:  # Nearly always it is there, or is new.
        begin, end = at + HASH_LENGTH, at + ENTRY_LENGTH
        return bucket[:begin] + leaf + bucket[end:], bucket[begin:end]
    if at % ENTRY_LENGTH:  # It is not there, or only where no key stands.
        at = 0
        while at < len(bucket) and bucket[at : at + HASH_LENGTH] < key:
            at += ENTRY_LENGTH
    rest, before = at, None
    if bucket[at : at + HASH_LENGTH] == key:
        rest = at + ENTRY_LENGTH
        before = bucket[at + HASH_LENGTH : rest]
    entry = b"" if leaf is None else key + leaf
    return bucket[:at] + entry + bucket[rest:], before


def _bucket_root(bucket: bytes) -> bytes:
    """Return the hash of the subtree over a bucket's entries."""
    if len(bucket) <= ENTRY_LENGTH:
        return bucket[HASH_LENGTH:] or EMPTY
    # Nearly always the first 64 bits tell all keys of a bucket apart, and are quicker to compare.
    hashed = _fold(SHORT_ENTRIES.iter_unpack(bucket), bits=64)
    if hashed is None:
        entries = ENTRIES.iter_unpack(bucket)
        hashed = _fold(((int.from_bytes(key, "big"), leaf) for key, leaf in entries), bits=KEY_BITS)
    if hashed is None:
        raise AssertionError("a bucket holds a key twice")
    return hashed


def _fold(entries: Iterator[tuple[int, bytes]], *, bits: int) -> bytes | None:
    """
    Return the hash of the subtree over sorted keys of so many bits, nothing if two are equal.

    A subtree is a run of neighbours, and the first bits at which neighbours part say how the runs
    nest. What is on the left and not yet complete waits on a stack, deepest on top.
    """
    hash_of, heads = sha256, INNER_HEADS
    waiting: list[tuple[int, bytes]] = []
    key, node = next(entries)
    for following, leaf in entries:
        parting = key ^ following
        if not parting:
            return None
        depth = bits - parting.bit_length()
        while waiting and waiting[-1][0] > depth:
            inner, left = waiting.pop()
            node = hash_of(heads[inner] + left + node).digest()
        waiting.append((depth, node))
        key, node = following, leaf
    for inner, left in reversed(waiting):
        node = hash_of(heads[inner] + left + node).digest()
    return node


def _descend_bucket(bucket: bytes, key: bytes) -> tuple[list[tuple[int, Hash]], bytes]:
    """Return the siblings of a key's path through a bucket, and the entry where it ends."""
    siblings = []
    while len(bucket) > ENTRY_LENGTH:
        first, last = bucket[:HASH_LENGTH], bucket[-ENTRY_LENGTH:-HASH_LENGTH]
        parting = int.from_bytes(first, "big") ^ int.from_bytes(last, "big")
        depth = KEY_BITS - parting.bit_length()
        cut = _cut(bucket, depth)
        own, other = bucket[:cut], bucket[cut:]
        if bit_at(key, depth):
            own, other = other, own
        siblings.append((depth, Hash(_bucket_root(other))))
        bucket = own
    return siblings, bucket


def _cut(bucket: bytes, depth: int) -> int:
    """Return where in a bucket, whose keys agree above bit `depth`, those with a 1 there begin."""
    mask = 0x80 >> (depth & 7)
    return ENTRY_LENGTH * sum(not octet & mask for octet in bucket[depth >> 3 :: ENTRY_LENGTH])
