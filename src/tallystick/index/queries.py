"""
The questions that can be put to a read model, for any table that a contract declares.

Which tables and columns there are is the contracts' business, and so is what an answer means. An
answer is a page: at most `ROWS_MAX` rows, and where to go on.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy
from sqlalchemy import ColumnElement, Connection, Select, func, literal, select, tuple_

from . import progress
from .schema import Schema

ROWS_MAX = 1_000
KEYS_PER_PAGE_MAX = 1_000
ROWS_USUAL = 100

Value = bytes | int | str


class Span(msgspec.Struct, frozen=True):
    """A range of values, as a condition on a column."""

    begin: Value
    """The first value in it."""

    end: Value
    """The first value after it."""


Where = Mapping[str, Value | Span]
"""Columns with the value, or the range of values, that rows must have there."""


class Page(msgspec.Struct, frozen=True):
    """Some rows of an answer."""

    rows: tuple[dict[str, Any], ...]
    """The rows in order, their values by column name."""

    after: tuple[Value, ...] | None
    """What to repeat the question with for the next page; nothing if this is the last."""


class Queries:
    """Questions within one transaction: all see the ledger as of the same height."""

    def __init__(self, connection: Connection, schema: Schema, *, has_wallets: bool) -> None:
        self._connection = connection
        self._schema = schema
        self._has_wallets = has_wallets

    @property
    def height(self) -> int:
        """Height of the latest block that the answers know of, -1 before genesis."""
        return progress.read(self._connection, self._schema).height

    def rows(
        self,
        table: str,
        where: Where | None = None,
        *,
        order: Sequence[str] = (),
        descending: bool = False,
        limit: int = ROWS_USUAL,
        after: Sequence[Value] | None = None,
    ) -> Page:
        """
        Return rows of a table, in the order of some columns and then of the key.

        Raises ValueError if there is no such table or column, or a value is of another type.
        """
        key = self._key(table)
        names = [*order, *(name for name in key if name not in order)]
        question = select(self._table(table)).where(*self._conditions(table, where))
        columns = {name: self._column(table, name) for name in names}
        return self._page(question, columns, descending=descending, limit=limit, after=after)

    def sums(
        self,
        table: str,
        *,
        group_by: Sequence[str],
        columns: Sequence[str],
        where: Where | None = None,
        limit: int = ROWS_USUAL,
        after: Sequence[Value] | None = None,
    ) -> Page:
        """
        Return sums of integer columns, one row for each group, in the order of the groups.

        Without groups it is one row, of zeros if nothing fits. Raises ValueError as `rows` does.
        """
        if not group_by and not columns:
            raise ValueError("nothing is asked: name columns to sum, or to group by")
        groups = {name: self._column(table, name) for name in group_by}
        sums = []
        for name in columns:
            if name in groups:
                raise ValueError(f"{name}: a column is either summed or grouped by")
            summed = self._column(table, name)
            _refuse_other(summed, int)
            sums.append(func.coalesce(func.sum(summed), 0).label(name))
        question = select(*groups.values(), *sums).where(*self._conditions(table, where))
        if groups:
            question = question.group_by(*groups.values())
        page = self._page(question, groups, limit=limit, after=after)
        for row in page.rows:
            row.update((name, int(row[name])) for name in columns)
        return page

    def rows_for_keys(
        self,
        table: str,
        column: str,
        wallet: str,
        where: Where | None = None,
        *,
        limit: int = ROWS_USUAL,
        after: Sequence[Value] | None = None,
    ) -> Page:
        """
        Return rows that hold one of a wallet's keys in a column, in the order of keys.

        No other order is offered: a wallet may have a million keys, and in this one a page stops
        where it is full. It also stops after `KEYS_PER_PAGE_MAX` keys, so a page may have few rows,
        even none, and others follow. Raises ValueError as `rows` does.
        """
        if not self._has_wallets:
            raise ValueError("no keys are registered here: open the index with wallet_keys")
        keys, holder = self._schema.wallet_keys, self._column(table, column)
        _refuse_other(holder, bytes)
        names = [column, *(name for name in self._key(table) if name != column)]
        ahead = keys.c.wallet == wallet
        if after:
            key = _fit(holder, after[0])
            ahead &= keys.c.key >= key if len(after) > 1 else keys.c.key > key
        last = self._connection.execute(
            select(keys.c.key)
            .where(ahead)
            .order_by(keys.c.key)
            .offset(KEYS_PER_PAGE_MAX - 1)
            .limit(1)
        ).scalar()
        question = select(self._table(table)).join(keys, keys.c.key == holder)
        question = question.where(ahead, *self._conditions(table, where))
        if last is not None:
            question = question.where(keys.c.key <= last)
        columns = {name: self._column(table, name) for name in names} | {column: keys.c.key}
        page = self._page(
            question, columns, limit=limit, after=after if after and len(after) > 1 else None
        )
        return page if page.after or last is None else Page(page.rows, (last,))

    def _page(
        self,
        question: Select[Any],
        order: Mapping[str, sqlalchemy.Column[Any]],
        *,
        limit: int,
        after: Sequence[Value] | None,
        descending: bool = False,
    ) -> Page:
        """Ask for one row more than is wanted, which tells whether a page follows."""
        if not 1 <= limit <= ROWS_MAX:
            raise ValueError(f"limit: {limit} is not between 1 and {ROWS_MAX}")
        columns = list(order.values())
        if after is not None:
            question = question.where(_beyond(columns, after, descending=descending))
        question = question.order_by(*(each.desc() if descending else each for each in columns))
        result = self._connection.execute(question.limit(limit + 1))
        names, found = list(result.keys()), result.all()
        rows = tuple(dict(zip(names, row, strict=True)) for row in found[:limit])
        follows = len(found) > limit
        return Page(rows, tuple(rows[-1][name] for name in order) if follows else None)

    def _table(self, table: str) -> sqlalchemy.Table:
        """Return a table by its name."""
        found = self._schema.tables.get(table)
        if found is None:
            raise ValueError(f"there is no table {table!r}, only {', '.join(self._schema.tables)}")
        return found

    def _key(self, table: str) -> list[str]:
        """Return the names of a table's key columns."""
        return [column.name for column in self._table(table).primary_key]

    def _column(self, table: str, name: str) -> sqlalchemy.Column[Any]:
        """Return a column by its name."""
        columns = self._table(table).c
        if name not in columns:
            raise ValueError(f"{table} has no column {name!r}, only {', '.join(columns.keys())}")
        return columns[name]

    def _conditions(self, table: str, where: Where | None) -> list[ColumnElement[bool]]:
        """Return what rows must meet."""
        conditions: list[ColumnElement[bool]] = []
        for name, wanted in (where or {}).items():
            column = self._column(table, name)
            if isinstance(wanted, Span):
                conditions += (
                    column >= _fit(column, wanted.begin),
                    column < _fit(column, wanted.end),
                )
            else:
                conditions.append(column == _fit(column, wanted))
        return conditions


def _beyond(
    columns: Sequence[sqlalchemy.Column[Any]], after: Sequence[Value], *, descending: bool
) -> ColumnElement[bool]:
    """Return the condition that a row comes after another in an order."""
    if len(after) != len(columns):
        raise ValueError(f"after: {len(after)} values, the order has {len(columns)} columns")
    pairs = zip(columns, after, strict=True)
    last = tuple_(*(literal(_fit(column, value), column.type) for column, value in pairs))
    return tuple_(*columns) < last if descending else tuple_(*columns) > last


def _fit(column: sqlalchemy.Column[Any], value: Value) -> Value:
    """Return a value that a column can hold, or raise ValueError: SQL would only find nothing."""
    _refuse_other(column, type(value))
    return value


def _refuse_other(column: sqlalchemy.Column[Any], kind: type) -> None:
    """Raise ValueError if a column holds another type of values."""
    holds = column.type.python_type
    if kind is not holds:
        raise ValueError(f"{column.name} holds {holds.__name__}, not {kind.__name__}")
