"""Invariants: sentences about the ledger that must hold after every block and on the whole."""

from collections import defaultdict
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
        self._by_kind: dict[type[Any], list[tuple[RecordId, Any, Any]]] | None = None
        self.time = time

    def __iter__(self) -> Iterator[Change]:
        return iter(self._changes)

    def of(self, kind: type[Any]) -> list[tuple[RecordId, Any, Any]]:
        """Return id, record before and record after of each changed record of one kind."""
        if self._by_kind is None:
            self._by_kind = _sorted_by_kind(self._changes)
        return self._by_kind.get(kind, [])


def _sorted_by_kind(changes: Iterable[Change]) -> dict[type[Any], list[tuple[RecordId, Any, Any]]]:
    """Look at each change once, whatever the number of invariants."""
    found: defaultdict[type[Any], list[tuple[RecordId, Any, Any]]] = defaultdict(list)
    for id, before, after in changes:
        for kind, new in after.items():
            old = before.get(kind)
            if old is not new:
                found[kind].append((id, old, new))
        if before and before.keys() != after.keys():
            for kind, old in before.items():
                if kind not in after:
                    found[kind].append((id, old, None))
    return found


@dataclass(frozen=True)
class Invariant:
    """A sentence and the check that yields every violation of it."""

    sentence: str
    """What always holds, for people."""

    violations: Callable[[Changes], Iterable[str]]
    """Yields one message for each violation; nothing if it holds."""
