"""The state in memory: nothing is durable, every opening replays the journal."""

from collections.abc import Iterator, Mapping

from tallystick.base.identifiers import RecordId


class MemoryStore:
    """A `StateStore` for ledgers that are small, short-lived, or being audited."""

    def __init__(self) -> None:
        self._leaves: dict[RecordId, bytes] = {}
        self._leaf_hashes = bytearray()

    @property
    def height(self) -> int:
        """Return -1: nothing here outlives the process."""
        return -1

    def read(self, id: RecordId) -> bytes | None:
        """Return the canonical bytes of an id's records, or nothing."""
        return self._leaves.get(id)

    def write(
        self, changes: Mapping[RecordId, bytes | None], *, height: int, leaf_hashes: bytes
    ) -> None:
        """Take over one block's leaves and its part of the log."""
        del height
        leaves = self._leaves
        for id, data in changes.items():
            if data is None:
                leaves.pop(id, None)
            else:
                leaves[id] = data
        self._leaf_hashes += leaf_hashes

    def items(self) -> Iterator[tuple[RecordId, bytes]]:
        """Yield every id with its records' bytes, in order of id, as they were at this call."""
        return iter(sorted(self._leaves.items()))

    def __len__(self) -> int:
        return len(self._leaves)

    def leaf_hashes(self) -> bytes:
        """Return the log's leaf hashes up to the latest block, joined."""
        return bytes(self._leaf_hashes)

    def trust(self) -> None:
        """Do nothing: what is in memory needs no trust."""

    def flush(self) -> None:
        """Do nothing: there is nowhere to flush to."""

    def close(self) -> None:
        """Do nothing: there are no files."""

    def abandon(self) -> None:
        """Do nothing: there are no files."""
