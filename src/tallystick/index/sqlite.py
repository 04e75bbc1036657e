"""
All that is particular to SQLite; another database is a sibling of this module.

Writers and readers of a file do not wait for each other (write-ahead log). A power cut may take the
latest batches with it, never a part of one: the index holds no truth and continues from the height
that it finds.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import URL

from .schema import WALLETS

WAIT_SECONDS_MAX = 30.0
CACHE_KIBIBYTES = 65_536
PRIVATE = 0o600


def open_engine(url: URL, wallets: Path | None) -> Engine:
    """Return an engine over a file, with the wallets' private file attached to each connection."""
    if wallets is not None:
        os.close(os.open(wallets, os.O_CREAT | os.O_RDWR, PRIVATE))
    engine = sqlalchemy.create_engine(url, connect_args={"timeout": WAIT_SECONDS_MAX})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # The driver would begin transactions on its own, but not before every kind of statement.
        connection.isolation_level = None
        if wallets is not None:
            connection.execute(f"ATTACH DATABASE ? AS {WALLETS}", (str(wallets),))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIBIBYTES}")

    @event.listens_for(engine, "begin")
    def begin(connection: sqlalchemy.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def insert_or_add(table: sqlalchemy.Table, columns: Sequence[str]) -> sqlalchemy.Insert:
    """Return the statement that adds to columns of a row, or inserts the row if it isn't there."""
    statement = insert(table)
    sums = {name: table.c[name] + statement.excluded[name] for name in columns}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=sums)


def insert_or_ignore(table: sqlalchemy.Table) -> sqlalchemy.Insert:
    """Return the statement that inserts a row unless it is there."""
    return insert(table).on_conflict_do_nothing()
