"""Pending changes reach the table in the order that makes them right."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import Connection

from tallystick.core.projection import Add, Delete, Insert, Update
from tallystick.index.errors import ProjectionBroken
from tallystick.index.pending import Pending, Row
from tallystick.index.schema import build_schema
from tallystick.index.sqlite import open_engine
from tallystick.index.writer import TableWriter, prepare
from tests.index.toy import BOXES, LABELS, TOY

SCHEMA = build_schema((TOY,))
SQL = SCHEMA.tables[BOXES.name]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A connection to a database with the toy's tables."""
    engine = open_engine(sqlalchemy.URL.create("sqlite", database=str(tmp_path / "db")), None)
    with engine.begin() as connection:
        SCHEMA.metadata.create_all(connection)
        yield connection
    engine.dispose()


def row(n: int, label: str = "a") -> Row:
    """Return the n-th row."""
    return (bytes([n]), b"o", label, n, 0)


def rows_of(connection: Connection) -> list[Row]:
    """Return the table's rows."""
    return [
        tuple(found) for found in connection.execute(sqlalchemy.select(SQL).order_by(SQL.c.box))
    ]


def test_all_kinds_of_changes_are_written(connection: Connection) -> None:
    """Rows go, come, come back, are set in different columns, and are added to or appear."""
    writer = TableWriter(BOXES, SQL, connection.dialect)
    first = Pending(BOXES, lambda _key: None)
    for n in range(1, 6):
        first.apply(Insert(BOXES, row(n)))
    writer.write(connection, first)
    assert [row(n) for n in range(1, 6)] == rows_of(connection)
    second = Pending(BOXES, lambda key: writer.find(connection, key))
    for change in (
        Delete(BOXES, (b"\x01",)),
        Delete(BOXES, (b"\x02",)),
        Insert(BOXES, row(2, "back")),
        Update(BOXES, (b"\x03",), {"label": "set", "changed_at": 3}),
        Update(BOXES, (b"\x04",), {"label": "set"}),
        Add(BOXES, (b"\x05",), {"amount": 10}),
        Add(BOXES, (b"\x06",), {"amount": 6}),
    ):
        second.apply(change)
    writer.write(connection, second)
    expected = [
        row(2, "back"),
        (b"\x03", b"o", "set", 3, 3),
        row(4, "set"),
        (b"\x05", b"o", "a", 15, 0),
        (b"\x06", b"", "", 6, 0),
    ]
    assert expected == rows_of(connection)


def test_a_row_is_found_by_its_whole_key(connection: Connection) -> None:
    """A key of several columns picks one row or none."""
    writer = TableWriter(LABELS, SCHEMA.tables[LABELS.name], connection.dialect)
    pending = Pending(LABELS, lambda _key: None)
    pending.apply(Add(LABELS, ("a", 1), {"amount": 1}))
    pending.apply(Add(LABELS, ("a", 2), {"amount": 2}))
    writer.write(connection, pending)
    assert ("a", 2, "", 2, 0) == writer.find(connection, ("a", 2))
    assert None is writer.find(connection, ("a", 3))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (Update(BOXES, (b"\x09",), {"label": "x"}), "1 of 1 rows to change are not there"),
        (Delete(BOXES, (b"\x09",)), "1 of 1 rows to change are not there"),
        (Insert(BOXES, row(1)), "a row is inserted that is there"),
    ],
)
def test_rows_that_are_not_as_expected_are_refused(
    connection: Connection, change: Update | Delete | Insert, problem: str
) -> None:
    """What the database holds decides what can be changed."""
    writer = TableWriter(BOXES, SQL, connection.dialect)
    for each in (Insert(BOXES, row(1)), change):
        pending = Pending(BOXES, lambda _key: None)
        pending.apply(each)
        if each is change:
            with pytest.raises(ProjectionBroken, match=f"toy_boxes: {problem}"):
                writer.write(connection, pending)
        else:
            writer.write(connection, pending)
    assert [row(1)] == rows_of(connection)


def test_parameters_are_given_in_the_order_of_the_statement(connection: Connection) -> None:
    """A statement whose parameters stand in another order than the rows is our bug."""
    names = list(SQL.columns.keys())
    expected = (
        "INSERT INTO toy_boxes (box, owner, label, amount, changed_at) VALUES (?, ?, ?, ?, ?)"
    )
    assert expected == prepare(SQL.insert(), connection.dialect, names)
    with pytest.raises(AssertionError, match="expected"):
        prepare(SQL.insert(), connection.dialect, names[::-1])
