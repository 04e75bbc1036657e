"""What is particular to SQLite."""

from pathlib import Path

import sqlalchemy
from sqlalchemy.dialects import sqlite

from tallystick.index.schema import build_schema
from tallystick.index.sqlite import insert_or_add, insert_or_ignore, open_engine
from tests.index.toy import BOXES, TOY

SCHEMA = build_schema((TOY,))


def test_connections_are_set_up(tmp_path: Path) -> None:
    """Every connection writes ahead, waits for others, and sees the private file."""
    url = sqlalchemy.URL.create("sqlite", database=str(tmp_path / "db"))
    engine = open_engine(url, tmp_path / "private 'file'")
    for _ in range(2):
        with engine.connect() as one, engine.connect() as two:
            for connection in (one, two):
                read = connection.exec_driver_sql
                assert "wal" == read("PRAGMA journal_mode").scalar()
                assert 1 == read("PRAGMA synchronous").scalar()
                assert 30_000 == read("PRAGMA busy_timeout").scalar()
                names = [row.name for row in read("PRAGMA database_list")]
                assert ["main", "wallets"] == names
    engine.dispose()


def test_making_tables_is_part_of_a_transaction(tmp_path: Path) -> None:
    """A rebuild that breaks off leaves what was there."""
    engine = open_engine(sqlalchemy.URL.create("sqlite", database=str(tmp_path / "db")), None)
    with engine.connect() as connection:
        SCHEMA.metadata.create_all(connection)
        connection.rollback()
    assert [] == sqlalchemy.inspect(engine).get_table_names()
    engine.dispose()


def test_statements() -> None:
    """Adding touches the columns that are named; what is there is ignored where that is wanted."""
    table, dialect = SCHEMA.tables[BOXES.name], sqlite.dialect()
    added = str(insert_or_add(table, ["amount"]).compile(dialect=dialect))
    expected = "ON CONFLICT (box) DO UPDATE SET amount = (toy_boxes.amount + excluded.amount)"
    assert added.endswith(expected)
    assert str(insert_or_ignore(table).compile(dialect=dialect)).endswith("ON CONFLICT DO NOTHING")
