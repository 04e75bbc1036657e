"""The conformance suite sees what is wrong with a store. The right ones are in tests/store."""

from collections.abc import Iterator, Mapping

import pytest

from tallystick.base.identifiers import RecordId
from tallystick.store.memory import MemoryStore
from tallystick.testing.stores import CONFORMANCE, DURABLE_CONFORMANCE, Check


class Forgetful(MemoryStore):
    """Loses the log."""

    def leaf_hashes(self) -> bytes:
        """Return nothing."""
        return b""


class Unordered(MemoryStore):
    """Yields items as they came."""

    def items(self) -> Iterator[tuple[RecordId, bytes]]:
        """Yield in order of writing."""
        return iter(list(self._leaves.items()))


class Clinging(MemoryStore):
    """Never removes a leaf."""

    def write(
        self, changes: Mapping[RecordId, bytes | None], *, height: int, leaf_hashes: bytes
    ) -> None:
        """Write what is there."""
        kept = {id: data for id, data in changes.items() if data is not None}
        super().write(kept, height=height, leaf_hashes=leaf_hashes)


class Moving(MemoryStore):
    """Looks at its items only when they are asked for."""

    def items(self) -> Iterator[tuple[RecordId, bytes]]:
        """Yield late."""
        yield from sorted(self._leaves.items())


def failures(checks: tuple[Check, ...], kind: type[MemoryStore]) -> list[str]:
    """Return the names of the checks that a store fails."""
    failed = []
    for check in checks:
        try:
            check(kind)
        except AssertionError:
            failed.append(check.__name__)
    return failed


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (MemoryStore, []),
        (Forgetful, ["keeps_a_long_history"]),
        (Unordered, ["keeps_a_long_history", "items_stand_still"]),
        (Clinging, ["reads_what_was_written", "keeps_a_long_history"]),
        (Moving, ["items_stand_still"]),
    ],
)
def test_each_mistake_is_seen(kind: type[MemoryStore], expected: list[str]) -> None:
    """Every check fails for the mistake that it is there for."""
    assert expected == failures(CONFORMANCE, kind)


def test_a_store_that_forgets_is_not_durable() -> None:
    """Memory doesn't pass for a disk."""
    assert ["survives_closing"] == failures(DURABLE_CONFORMANCE, MemoryStore)
