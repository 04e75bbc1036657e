"""
The utility's own database of readings, as a file that several processes share.

It is not the truth: a worker may die after the ledger has minted and before this file knows. So it
only says what is still to be done, and the ledger decides what was done.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WAIT_SECONDS_MAX = 30.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One meter's energy in one interval."""

    reading_id: str
    """Its evidence id: meter and begin."""
    amount_wh: int
    """What was measured. [Wh]"""


class Readings:
    """A table of readings with the token of each, once it is known."""

    def __init__(self, path: Path) -> None:
        self.path = path
        """The file."""

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one unit of work, which is committed or forgotten as a whole."""
        connection = sqlite3.connect(self.path, timeout=WAIT_SECONDS_MAX)
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def create(self, readings: Iterable[Reading]) -> None:
        """Make the table with readings that have no token yet."""
        with self._open() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(
                "CREATE TABLE readings (reading_id TEXT PRIMARY KEY, amount_wh INTEGER NOT NULL, "
                "token TEXT)"
            )
            connection.executemany(
                "INSERT INTO readings VALUES (?, ?, NULL)",
                ((each.reading_id, each.amount_wh) for each in readings),
            )

    def without_token(self, count_max: int) -> list[Reading]:
        """Return some readings that are not linked to a token, in no order, reserving none."""
        with self._open() as connection:
            rows = connection.execute(
                "SELECT reading_id, amount_wh FROM readings WHERE token IS NULL "
                "ORDER BY random() LIMIT ?",
                (count_max,),
            ).fetchall()
        return [Reading(*row) for row in rows]

    def link(self, tokens: Iterable[tuple[str, str]]) -> int:
        """Write down the token of each reading, and return how many had none before."""
        with self._open() as connection:
            done = connection.executemany(
                "UPDATE readings SET token = ? WHERE reading_id = ? AND token IS NULL",
                ((token, reading_id) for reading_id, token in tokens),
            )
            return done.rowcount

    def count_linked(self) -> int:
        """Return how many readings are linked to a token."""
        with self._open() as connection:
            (count,) = connection.execute(
                "SELECT count(*) FROM readings WHERE token IS NOT NULL"
            ).fetchone()
        return int(count)

    def tokens(self) -> dict[str, str | None]:
        """Return the token of each reading."""
        with self._open() as connection:
            return dict(connection.execute("SELECT reading_id, token FROM readings"))
