"""Whose index a database is, and how far it has come: one row, written together with all others."""

import msgspec
import sqlalchemy
from sqlalchemy import Connection, MetaData, Table

from tallystick.base.identifiers import Hash, LedgerId, format_ledger_id
from tallystick.core.block import Block, block_hash

from .errors import AnotherLedger, OtherBlocks, OtherTables, Overtaken
from .schema import Schema


class Progress(msgspec.Struct, frozen=True):
    """How far an index is."""

    height: int
    """Height of the latest block in it, -1 before genesis."""

    block: Hash
    """That block's hash, before genesis the ledger's id: what the next block calls its parent."""

    def follow(self, block: Block) -> "Progress":
        """Return the progress after the next block, or raise `OtherBlocks` if it isn't that."""
        header = block.header
        if header.height != self.height + 1:
            raise OtherBlocks(
                f"the index stands at height {self.height} and is offered block {header.height}: "
                f"follow from {self.height + 1}"
            )
        if header.parent != self.block:
            raise OtherBlocks(
                f"block {header.height} names another parent than the block that the index ends "
                "with: it was built from other blocks, so rebuild it"
            )
        return Progress(header.height, block_hash(header))


def create(connection: Connection, schema: Schema, ledger: LedgerId) -> None:
    """Make all tables, empty."""
    schema.metadata.create_all(connection, checkfirst=False)
    row = {
        "ledger": ledger,
        "fingerprint": schema.fingerprint,
        "tables": " ".join(schema.tables),
        "height": -1,
        "block": ledger,
    }
    connection.execute(schema.progress.insert().values(row))


def is_there(connection: Connection, schema: Schema) -> bool:
    """Return whether the database holds an index at all."""
    return sqlalchemy.inspect(connection).has_table(schema.progress.name)


def check(connection: Connection, schema: Schema, ledger: LedgerId) -> None:
    """Raise `AnotherLedger` or `OtherTables` unless the index in the database is this one."""
    row = connection.execute(sqlalchemy.select(schema.progress)).one()
    if row.ledger != ledger:
        raise AnotherLedger(
            f"the database is the index of {format_ledger_id(LedgerId(row.ledger))}, not of "
            f"{format_ledger_id(ledger)}: give each ledger a database of its own"
        )
    if row.fingerprint != schema.fingerprint:
        raise OtherTables(
            "the index was built for other tables than this release declares: rebuild it, "
            "nothing is lost by that"
        )


def drop(connection: Connection, schema: Schema) -> None:
    """Take away everything that an index made, also one with other tables."""
    names = connection.execute(sqlalchemy.select(schema.progress.c.tables)).scalar_one().split()
    for name in (*names, schema.progress.name):
        Table(name, MetaData()).drop(connection)


def read(connection: Connection, schema: Schema) -> Progress:
    """Return how far the index is."""
    columns = sqlalchemy.select(schema.progress.c.height, schema.progress.c.block)
    return Progress(*connection.execute(columns).one())


def advance(connection: Connection, schema: Schema, before: Progress, after: Progress) -> None:
    """
    Move on from one height to another, or raise `Overtaken` if it is no longer there.

    It comes first in its transaction, so it also makes any other writer wait.
    """
    table = schema.progress
    move = (
        table.update()
        .where(table.c.height == before.height, table.c.block == before.block)
        .values(height=after.height, block=after.block)
    )
    if connection.execute(move).rowcount != 1:
        raise Overtaken(
            f"somebody else moved the index on from height {before.height}: "
            "ask for its height again and follow from there"
        )
