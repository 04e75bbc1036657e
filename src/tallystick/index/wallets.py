"""
Which keys a wallet registered as its own.

Who can read this can link what the ledger keeps apart. It stands in a schema of its own (in SQLite
a file of its own, that only its owner may read), and is joined to the shared rows when asked.
"""

from collections.abc import Iterable
from itertools import islice

from sqlalchemy import Connection

from .schema import Schema
from .sqlite import insert_or_ignore

KEYS_PER_STATEMENT = 10_000


def create(connection: Connection, schema: Schema) -> None:
    """Make the table if it is not there."""
    schema.wallet_keys.create(connection, checkfirst=True)


def register(connection: Connection, schema: Schema, wallet: str, keys: Iterable[bytes]) -> None:
    """Add keys to a wallet."""
    statement = insert_or_ignore(schema.wallet_keys)
    rest = iter(keys)
    while some := [{"wallet": wallet, "key": key} for key in islice(rest, KEYS_PER_STATEMENT)]:
        connection.execute(statement, some)


def forget(connection: Connection, schema: Schema, wallet: str) -> None:
    """Take all keys from a wallet."""
    table = schema.wallet_keys
    connection.execute(table.delete().where(table.c.wallet == wallet))
