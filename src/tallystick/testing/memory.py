"""A record store that lives and dies with its process."""

from collections.abc import Iterator, Mapping

from tallystick.base.identifiers import RecordId


class DictStore:
    """Keep leaves in a dictionary: the simplest thing that satisfies `RecordStore`."""

    def __init__(self) -> None:
        self._leaves: dict[RecordId, bytes] = {}

    def read(self, id: RecordId) -> bytes | None:
        """Return the canonical bytes of an id's records, or nothing."""
        return self._leaves.get(id)

    def write(
        self, changes: Mapping[RecordId, bytes | None], *, height: int, leaf_hashes: bytes
    ) -> None:
        """Take over one block's leaves; height and log are nobody's business here."""
        del height, leaf_hashes
        for id, data in changes.items():
            if data is None:
                self._leaves.pop(id, None)
            else:
                self._leaves[id] = data

    def items(self) -> Iterator[tuple[RecordId, bytes]]:
        """Yield every id with its records' bytes, in order of id."""
        yield from sorted(self._leaves.items())

    def __len__(self) -> int:
        return len(self._leaves)
