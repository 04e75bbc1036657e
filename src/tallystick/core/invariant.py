"""Invariants: sentences about the ledger that must hold after every block and on the whole."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId

Leaf = Mapping[type[Record], Record]
"""All records of one id, by kind."""


class Change(NamedTuple):
    """One id before and after; on the whole ledger, every id with nothing before it."""

    id: RecordId
    before: Leaf
    after: Leaf


class Changes:
    """What a block changed, or, in an audit, everything there is."""

    def __init__(self, changes: Iterable[Change], *, time: int) -> None:
        self._changes = list(changes)
        self.time = time

    def __iter__(self) -> Iterator[Change]:
        return iter(self._changes)

    def of(self, kind: type[Any]) -> Iterator[tuple[RecordId, Any, Any]]:
        """Yield id, record before and record after of each changed record of one kind."""
        for id, before, after in self._changes:
            old, new = before.get(kind), after.get(kind)
            if old is not new:
                yield id, old, new


@dataclass(frozen=True)
class Invariant:
    """A sentence and the check that yields every violation of it."""

    sentence: str
    """What always holds, for people."""

    violations: Callable[[Changes], Iterable[str]]
    """Yields one message for each violation; nothing if it holds."""
