"""What every keeper of the state can do, and what its height means."""

from collections.abc import Iterator
from typing import Protocol

from tallystick.base.identifiers import RecordId
from tallystick.core.state import RecordStore


class StateStore(RecordStore, Protocol):
    """
    A `RecordStore` that can say how far it is durable.

    It is a cache of the journal: it may lag behind it, and is never ahead of it or torn. One thread
    writes; any may read.
    """

    @property
    def height(self) -> int:
        """The height that is durable here, -1 if nothing is."""

    def items(self) -> Iterator[tuple[RecordId, bytes]]:
        """Yield every id with its records' bytes, in order of id, as they were at this call."""

    def leaf_hashes(self) -> bytes:
        """Return the log's leaf hashes up to the latest block, joined."""

    def trust(self) -> None:
        """Learn that everything that was stored has been read and is what it should be."""

    def flush(self) -> None:
        """Make everything durable that was written."""

    def close(self) -> None:
        """Flush, and let go of the files."""

    def abandon(self) -> None:
        """Let go of the files without flushing, as a crash would."""
