"""Blocks on their way to the disk: gathered in memory, and seen in their places while they wait."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from tallystick.base.identifiers import RecordId

HASH_BYTES: Final = 32
ENTRY_COST_BYTES: Final = 400
"""What a pending id takes in memory besides its records, about. [bytes]"""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """When pending blocks are flushed."""

    pending_bytes_max: int = 2**26
    """Memory that pending leaves take, about. [bytes]"""

    pending_blocks_max: int = 4_096
    """Pending blocks, hence about how many an opening has to replay. [blocks]"""

    map_bytes: int = 2**34
    """Address space for the file at first; it is doubled whenever it is full. [bytes]"""


class Pending:
    """Blocks that are not on the disk yet."""

    def __init__(self, *, log_begin: int) -> None:
        self.leaves: dict[RecordId, bytes | None] = {}
        self.leaf_hashes = bytearray()
        self.log_begin = log_begin
        self.height = -1
        self.blocks = 0
        self.bytes = 0

    @property
    def log_end(self) -> int:
        """Return the log's size after these blocks."""
        return self.log_begin + len(self.leaf_hashes) // HASH_BYTES

    def add(self, changes: Mapping[RecordId, bytes | None], *, height: int, hashes: bytes) -> None:
        """Take over one block."""
        self.leaves.update(changes)
        self.leaf_hashes += hashes
        self.height = height
        self.blocks += 1
        self.bytes += len(hashes) + ENTRY_COST_BYTES * len(changes)
        self.bytes += sum([len(data) for data in changes.values() if data is not None])

    def fullness(self, limits: Limits) -> float:
        """Return how full this is; it is due at 1."""
        return max(self.bytes / limits.pending_bytes_max, self.blocks / limits.pending_blocks_max)


def merged(
    stored: Iterator[tuple[RecordId, bytes]], pending: list[tuple[RecordId, bytes | None]]
) -> Iterator[tuple[RecordId, bytes]]:
    """Yield stored items with pending ones in their places, both in order of id."""
    at = 0
    for id, data in stored:
        while at < len(pending) and pending[at][0] < id:
            yield from _present(pending[at])
            at += 1
        if at < len(pending) and pending[at][0] == id:
            yield from _present(pending[at])
            at += 1
        else:
            yield id, data
    for item in pending[at:]:
        yield from _present(item)


def _present(item: tuple[RecordId, bytes | None]) -> Iterator[tuple[RecordId, bytes]]:
    """Yield an item unless its id is gone."""
    id, data = item
    if data is not None:
        yield id, data
