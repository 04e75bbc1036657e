"""A read model as data: tables, and a pure function from an event to row changes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

ColumnType = Literal["bytes", "integer", "text"]


@dataclass(frozen=True)
class Table:
    """One table of a read model."""

    name: str
    """Its name, prefixed with the contract's by convention."""

    columns: tuple[tuple[str, ColumnType], ...]
    """Column names with their types, key columns first."""

    key: tuple[str, ...]
    """The columns that make the primary key."""

    indexes: tuple[tuple[str, ...], ...] = ()
    """Other column groups that are asked for often."""


@dataclass(frozen=True)
class Insert:
    """A row appears."""

    table: Table
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Update:
    """Columns of the row with this key take new values."""

    table: Table
    key: tuple[Any, ...]
    values: dict[str, Any]


@dataclass(frozen=True)
class Add:
    """Numbers are added to the row with this key, which appears with zeros if it is not there."""

    table: Table
    key: tuple[Any, ...]
    amounts: dict[str, int]


@dataclass(frozen=True)
class Delete:
    """The row with this key goes."""

    table: Table
    key: tuple[Any, ...]


RowChange = Insert | Update | Add | Delete


@dataclass(frozen=True)
class Projection:
    """A contract's read model."""

    tables: tuple[Table, ...]
    """What it keeps."""

    fold: Callable[[Any, int], Iterable[RowChange]]
    """Turns an event and its block's time [ms since the epoch, UTC] into row changes."""
