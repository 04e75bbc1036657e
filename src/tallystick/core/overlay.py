"""The candidate state of a block: reads fall through, writes stay here until they are committed."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

import msgspec

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId

from .invariant import Change

AnyRecord = TypeVar("AnyRecord", bound=Record)
LeafRecords = dict[type[Record], Record]
Undo = tuple[dict[Any, Any], Any, Any]
"""A dictionary, a key of it, and what stood there; nothing means that the key goes."""

encode_leaf = msgspec.msgpack.Encoder().encode
tag_of = attrgetter("__struct_config__.tag")


class Overlay:
    """
    Records by id and kind, with nested rollback.

    A mark is a position in the list of undone values, so nesting costs nothing.
    """

    __slots__ = ("_leaves", "_load", "_originals", "_undo")

    def __init__(self, load: Callable[[RecordId], LeafRecords]) -> None:
        self._load = load
        self._leaves: dict[RecordId, LeafRecords] = {}
        self._originals: dict[RecordId, LeafRecords] = {}
        self._undo: list[Undo] = []

    def read(self, kind: type[AnyRecord], id: RecordId) -> AnyRecord | None:
        """Return one record as the candidate sees it, or nothing."""
        leaf = self._leaves.get(id)
        if leaf is None:
            leaf = self._leaves[id] = self._load(id)
        record: Any = leaf.get(kind)
        return record  # type: ignore[no-any-return]  # A leaf maps each kind to its own instance.

    def holds(self, id: RecordId) -> bool:
        """Tell whether any record stands under an id."""
        leaf = self._leaves.get(id)
        if leaf is None:
            leaf = self._leaves[id] = self._load(id)
        return bool(leaf)

    def create(self, id: RecordId, record: Record) -> None:
        """
        Put the first record of a new id, without asking the store for it.

        Ids are hashes of what makes them unique, so looking for one that cannot be there would only
        cost time. `transition.seal` holds the assumption against the tree's count.
        """
        leaf = self._leaves.get(id)
        if leaf:
            raise AssertionError(f"{id.hex()} is in use already")
        if leaf is None:
            leaf = self._leaves[id] = {}
            self._originals[id] = {}
            self._undo += ((self._leaves, id, None), (self._originals, id, None))
        elif id not in self._originals:
            self._originals[id] = {}
        self._undo.append((leaf, type(record), None))
        leaf[type(record)] = record

    def write(self, id: RecordId, record: Record) -> None:
        """Put one record, whether or not one was there."""
        kind = type(record)
        leaf = self._leaves.get(id)
        if leaf is None or id not in self._originals:
            leaf = self._writable(id)
        self._undo.append((leaf, kind, leaf.get(kind)))
        leaf[kind] = record

    def delete(self, kind: type[Record], id: RecordId) -> None:
        """Take one record away."""
        leaf = self._writable(id)
        self._undo.append((leaf, kind, leaf.pop(kind)))

    def mark(self) -> int:
        """Return a point to roll back to."""
        return len(self._undo)

    def rollback(self, mark: int) -> None:
        """Undo every write since a mark."""
        undo = self._undo
        while len(undo) > mark:
            held, key, previous = undo.pop()
            if previous is None:
                del held[key]
            else:
                held[key] = previous

    def changes(self) -> list[Change]:
        """Return every id whose records differ from before the block."""
        leaves = self._leaves
        return [
            Change(id, original, leaves[id])
            for id, original in self._originals.items()
            if original != leaves[id]
        ]

    def _writable(self, id: RecordId) -> LeafRecords:
        """Return a leaf after keeping what it held before the block."""
        leaf = self._leaves.get(id)
        if leaf is None:
            leaf = self._leaves[id] = self._load(id)
        if id not in self._originals:
            self._originals[id] = leaf.copy()
        return leaf


def leaf_bytes(records: LeafRecords) -> bytes:
    """Return the canonical bytes of all records of one id: an array in order of their tags."""
    if len(records) == 1:
        return encode_leaf(list(records.values()))
    return encode_leaf(sorted(records.values(), key=tag_of))
