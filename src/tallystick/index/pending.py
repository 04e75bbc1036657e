"""
The rows of one table that a batch touches, each in its last state.

Many changes to one row become one write. What the database holds is not read for it, unless one
batch both adds to a row and sets or deletes it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tallystick.core.projection import Add, Delete, Insert, RowChange, Table, Update

from .errors import ProjectionBroken

Key = tuple[Any, ...]
Row = tuple[Any, ...]
Find = Callable[[Key], Row | None]
"""Returns a row as the database had it before the batch, or nothing."""

ZEROS = {"bytes": b"", "integer": 0, "text": ""}


class Pending:
    """
    Changes to one table that are still to be written.

    First what is `gone` is to be deleted, then what is `fresh` inserted, `patches` are set, and
    `sums` added to rows that may be there or not. A key stands in one of the last three at most.
    """

    def __init__(self, table: Table, find: Find) -> None:
        self.table = table
        self.gone: set[Key] = set()
        self.fresh: dict[Key, list[Any]] = {}
        self.patches: dict[Key, dict[str, Any]] = {}
        self.sums: dict[Key, dict[str, int]] = {}
        self._find = find
        self._key_size = len(table.key)
        self._position = {name: n for n, (name, _) in enumerate(table.columns)}
        self._zeros = tuple(ZEROS[kind] for _, kind in table.columns[self._key_size :])

    def apply(self, change: RowChange) -> None:
        """Take one change after all others, or raise `ProjectionBroken` if it can't follow them."""
        match change:
            case Update():
                self._update(change.key, change.values)
            case Insert():
                self._insert(change.values)
            case Add():
                self._add(change.key, change.amounts)
            case Delete():
                self._delete(change.key)

    def row_of(self, key: Key, amounts: Mapping[str, int]) -> Row:
        """Return a row that appears with these amounts."""
        row = [*key, *self._zeros]
        for name, amount in amounts.items():
            row[self._position[name]] = amount
        return tuple(row)

    def _insert(self, values: Row) -> None:
        """Let a row appear."""
        key = values[: self._key_size]
        if key in self.fresh or key in self.patches or key in self.sums:
            raise self._broken(key, "is inserted, and is there already")
        if len(values) != len(self._position):
            raise self._broken(key, f"has {len(values)} values for {len(self._position)} columns")
        self.fresh[key] = list(values)

    def _update(self, key: Key, values: Mapping[str, Any]) -> None:
        """Set columns of a row."""
        if key in self.sums:
            self._settle(key)
        row = self.fresh.get(key)
        if row is not None:
            for name, value in values.items():
                row[self._position[name]] = value
        elif (patch := self.patches.get(key)) is not None:
            patch.update(values)
        else:
            self._refuse_gone(key)
            self.patches[key] = dict(values)

    def _add(self, key: Key, amounts: Mapping[str, int]) -> None:
        """Add to columns of a row."""
        if key in self.patches:
            self._settle(key)
        elif key in self.gone and key not in self.fresh:
            self.fresh[key] = [*key, *self._zeros]
        row = self.fresh.get(key)
        if row is not None:
            for name, amount in amounts.items():
                row[self._position[name]] += amount
        elif (sums := self.sums.get(key)) is not None:
            for name, amount in amounts.items():
                sums[name] = sums.get(name, 0) + amount
        else:
            self.sums[key] = dict(amounts)

    def _delete(self, key: Key) -> None:
        """Let a row go."""
        if key in self.sums:
            self._settle(key)
        if self.fresh.pop(key, None) is None:
            self._refuse_gone(key)
            self.patches.pop(key, None)
            self.gone.add(key)

    def _settle(self, key: Key) -> None:
        """Read a row whose changes are of two kinds; it is written as if it went and came back."""
        found = self._find(key)
        if found is not None:
            self.gone.add(key)
        if (sums := self.sums.pop(key, None)) is not None:
            self.fresh[key] = list(self.row_of(key, {}) if found is None else found)
            self._add(key, sums)
        elif found is None:
            raise self._broken(key, "is changed, and is not there")
        else:
            self.fresh[key] = list(found)
            self._update(key, self.patches.pop(key))

    def _refuse_gone(self, key: Key) -> None:
        """Refuse to change a row that has gone."""
        if key in self.gone:
            raise self._broken(key, "is changed after it has gone")

    def _broken(self, key: Key, problem: str) -> ProjectionBroken:
        """Say what a projection did to a row."""
        shown = ", ".join(part.hex() if isinstance(part, bytes) else str(part) for part in key)
        return ProjectionBroken(f"{self.table.name}: the row of {shown} {problem}")
