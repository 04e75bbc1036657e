"""Writes one table's pending changes with statements that are composed once."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Dialect, bindparam, exc, true

from tallystick.core.projection import Table

from .errors import ProjectionBroken
from .pending import Key, Pending, Row
from .sqlite import insert_or_add


class TableWriter:
    """
    The statements of one table.

    Rows go to the database driver as they are: composing and binding each one anew would take
    longer than writing it.
    """

    def __init__(self, table: Table, sql: sqlalchemy.Table, dialect: Dialect) -> None:
        self._table = table
        self._sql = sql
        self._dialect = dialect
        self._position = {name: n for n, (name, _) in enumerate(table.columns)}
        names = [name for name, _ in table.columns]
        self._insert = prepare(sql.insert(), dialect, names)
        keys = [f"key_{name}" for name in table.key]
        self._delete = prepare(sql.delete().where(self._same_key()), dialect, keys)
        summed = [name for name, kind in table.columns[len(table.key) :] if kind == "integer"]
        self._add = prepare(insert_or_add(sql, summed), dialect, names) if summed else ""
        self._updates: dict[tuple[str, ...], str] = {}

    def write(self, connection: Connection, pending: Pending) -> None:
        """Write everything, in the order of keys, and insist that the rows were as expected."""
        self._run(connection, self._delete, sorted(pending.gone))
        by_key = itemgetter(slice(len(self._table.key)))
        self._run(connection, self._insert, sorted(map(tuple, pending.fresh.values()), key=by_key))
        for columns, rows in self._patch_groups(pending).items():
            self._run(connection, self._update(columns), rows)
        sums = [pending.row_of(key, amounts) for key, amounts in sorted(pending.sums.items())]
        self._run(connection, self._add, sums)

    def find(self, connection: Connection, key: Key) -> Row | None:
        """Return the row with a key, or nothing."""
        statement = sqlalchemy.select(self._sql).where(self._same_key())
        names = (f"key_{name}" for name in self._table.key)
        found = connection.execute(statement, dict(zip(names, key, strict=True))).first()
        return None if found is None else tuple(found)

    def _patch_groups(self, pending: Pending) -> dict[tuple[str, ...], list[Row]]:
        """Return the parameters of updates, one list for each set of columns."""
        groups: dict[tuple[str, ...], list[Row]] = {}
        for key, patch in sorted(pending.patches.items(), key=itemgetter(0)):
            columns = tuple(sorted(patch, key=self._position.__getitem__))
            groups.setdefault(columns, []).append((*(patch[name] for name in columns), *key))
        return groups

    def _update(self, columns: tuple[str, ...]) -> str:
        """Return the statement that sets some columns of a row."""
        text = self._updates.get(columns)
        if text is None:
            values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
            statement = self._sql.update().where(self._same_key()).values(values)
            names = [*(f"new_{name}" for name in columns), *(f"key_{n}" for n in self._table.key)]
            text = self._updates[columns] = prepare(statement, self._dialect, names)
        return text

    def _same_key(self) -> sqlalchemy.ColumnElement[bool]:
        """Return the condition that picks the row with a key."""
        same = (self._sql.c[name] == bindparam(f"key_{name}") for name in self._table.key)
        return sqlalchemy.and_(true(), *same)

    def _run(self, connection: Connection, statement: str, rows: Sequence[Row]) -> None:
        """Run one statement for many rows, each of which must be met."""
        if not rows:
            return
        try:
            met = connection.exec_driver_sql(statement, list(rows)).rowcount
        except exc.IntegrityError as error:
            raise ProjectionBroken(
                f"{self._table.name}: a row is inserted that is there: {error.orig}"
            ) from error
        if met != len(rows):
            raise ProjectionBroken(
                f"{self._table.name}: {len(rows) - met} of {len(rows)} rows to change are not "
                f"there: {statement}"
            )


def prepare(statement: Any, dialect: Dialect, names: list[str]) -> str:
    """Return the text of a statement whose parameters are these, in this order."""
    compiled = statement.compile(dialect=dialect)
    if compiled.positiontup != names:
        raise AssertionError(f"parameters are {compiled.positiontup}, expected {names}")
    return str(compiled)
