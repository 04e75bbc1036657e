"""
From tables as data to tables in SQL.

Nothing here is particular to one database. Every index ends with the key of its table, so that a
page of rows in the order of their keys is read straight from it, without sorting.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy
from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Text

from tallystick.base import hashing
from tallystick.core.contract import Contract
from tallystick.core.projection import ColumnType, Table

FORMAT = 1
"""Goes up when the meaning of what `index` itself writes changes."""

TAG_TABLES = b"tallystick/index-tables/1"
RESERVED_PREFIX = "index_"
WALLETS = "wallets"
"""The schema of what a wallet keeps to itself; never part of the shared read model."""


@dataclass(frozen=True)
class Schema:
    """The tables of one rulebook."""

    metadata: MetaData
    """All tables of the shared read model, the progress included."""

    declared: dict[str, Table]
    """The contracts' tables as they declare them, by name."""

    tables: dict[str, sqlalchemy.Table]
    """The same in SQL."""

    progress: sqlalchemy.Table
    """The one row that says whose index this is and how far it is."""

    wallet_keys: sqlalchemy.Table
    """The keys that each wallet registered, private and not part of `metadata`."""

    fingerprint: bytes
    """Hash of everything that the tables are made of."""


def build_schema(contracts: Iterable[Contract]) -> Schema:
    """
    Return the SQL tables of all contracts, or raise ValueError if two claim one name.

    Several versions of a contract may declare the same table; it is built once.
    """
    declared: dict[str, Table] = {}
    for contract in contracts:
        for table in contract.projection.tables if contract.projection else ():
            check_table(table)
            if declared.setdefault(table.name, table) != table:
                raise ValueError(f"table {table.name} is declared in two ways")
    metadata = MetaData()
    tables = {table.name: sql_table(table, metadata) for table in declared.values()}
    return Schema(
        metadata=metadata,
        declared=declared,
        tables=tables,
        progress=progress_table(metadata),
        wallet_keys=wallet_keys_table(),
        fingerprint=fingerprint(declared),
    )


def check_table(table: Table) -> None:
    """Raise ValueError unless a table's key comes first and its parts name its columns."""
    names = tuple(name for name, _ in table.columns)
    if table.name.startswith(RESERVED_PREFIX):
        raise ValueError(f"table {table.name}: names with {RESERVED_PREFIX} are the index's own")
    if not table.key or names[: len(table.key)] != table.key:
        raise ValueError(f"table {table.name}: its columns must begin with its key")
    for name in (name for group in table.indexes for name in group):
        if name not in names:
            raise ValueError(f"table {table.name}: there is no column {name} to index")


def sql_table(table: Table, metadata: MetaData) -> sqlalchemy.Table:
    """Return a declared table in SQL, its rows in the order of their keys where that can be."""
    sql = sqlalchemy.Table(
        table.name,
        metadata,
        *(
            Column(
                name,
                sql_type(kind),
                primary_key=name in table.key,
                autoincrement=False,  # What a row is called comes from its event.
                nullable=False,
            )
            for name, kind in table.columns
        ),
        sqlite_with_rowid=False,
    )
    for group in table.indexes:
        columns = [*group, *(name for name in table.key if name not in group)]
        Index(f"{table.name}_by_{'_'.join(group)}", *(sql.c[name] for name in columns))
    return sql


def sql_type(kind: ColumnType) -> LargeBinary | BigInteger | Text:
    """Return the SQL type that holds every value of a column."""
    match kind:
        case "bytes":
            return LargeBinary()
        case "integer":
            return BigInteger()
        case "text":
            return Text()


def progress_table(metadata: MetaData) -> sqlalchemy.Table:
    """Return the table that says how far the index is; it is written together with the rows."""
    return sqlalchemy.Table(
        f"{RESERVED_PREFIX}progress",
        metadata,
        Column("ledger", LargeBinary(), primary_key=True),
        Column("fingerprint", LargeBinary(), nullable=False),
        Column("tables", Text(), nullable=False),
        Column("height", BigInteger(), nullable=False),
        Column("block", LargeBinary(), nullable=False),
    )


def wallet_keys_table() -> sqlalchemy.Table:
    """Return the table of the keys that each wallet registered, in a schema of its own."""
    return sqlalchemy.Table(
        "wallet_keys",
        MetaData(schema=WALLETS),
        Column("wallet", Text(), primary_key=True),
        Column("key", LargeBinary(), primary_key=True),
        sqlite_with_rowid=False,
    )


def fingerprint(declared: dict[str, Table]) -> bytes:
    """Return a hash that differs whenever a table does."""
    texts = [repr((each.name, each.columns, each.key, each.indexes)) for each in declared.values()]
    return hashing.tagged_hash(
        TAG_TABLES, str(FORMAT).encode(), *(t.encode() for t in sorted(texts))
    )
