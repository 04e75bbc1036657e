"""Folds the events of blocks into row changes, and keeps them until they are written together."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Union

import msgspec
from sqlalchemy import Connection, Engine

from tallystick.base.encoding import Decoder, Record
from tallystick.core.block import Block
from tallystick.core.contract import Contract
from tallystick.core.projection import RowChange

from .errors import IndexUnavailable
from .pending import Key, Pending, Row
from .schema import Schema
from .writer import TableWriter

Fold = Callable[[Any, int], Iterable[RowChange]]


class Builder:
    """A batch of blocks on its way into the database."""

    def __init__(self, contracts: Iterable[Contract], schema: Schema, engine: Engine) -> None:
        folds = folds_by_event(contracts)
        decoder: Decoder[Record] = Decoder(Union[tuple(folds)])  # noqa: UP007 - known only here.
        self._decode = decoder.decode_trusted
        self._folds = {kind: fold for kind, fold in folds.items() if fold is not None}
        self._engine = engine
        self._writers = {
            name: TableWriter(table, schema.tables[name], engine.dialect)
            for name, table in schema.declared.items()
        }
        self._pending: dict[str, Pending] = {}
        self._declared = schema.declared
        self.changes = 0
        self.forget()

    def fold(self, block: Block) -> None:
        """Take the events of one block after all others."""
        time, pending, decode, folds = block.header.time, self._pending, self._decode, self._folds
        changes = 0
        for _, data in block.events:
            try:
                event = decode(data)
            except msgspec.DecodeError as error:
                raise IndexUnavailable(
                    f"block {block.header.height} holds an event that no contract of this release "
                    f"declares: install the release that the ledger runs ({error})"
                ) from error
            fold = folds.get(type(event))
            if fold is not None:
                for change in fold(event, time):
                    pending[change.table.name].apply(change)
                    changes += 1
        self.changes += changes

    def write(self, connection: Connection) -> None:
        """Write everything that was folded since the last time that it was forgotten."""
        for name, writer in self._writers.items():
            writer.write(connection, self._pending[name])

    def forget(self) -> None:
        """Begin a new batch."""
        self.changes = 0
        self._pending = {
            name: Pending(table, partial(self._find, name))
            for name, table in self._declared.items()
        }

    def _find(self, table: str, key: Key) -> Row | None:
        """Read one row as the latest batch left it."""
        with self._engine.connect() as connection:
            return self._writers[table].find(connection, key)


def folds_by_event(contracts: Iterable[Contract]) -> dict[type[Record], Fold | None]:
    """
    Return what folds each kind of event, or nothing for events that nobody projects.

    Of several versions of a contract the latest folds what all of them report.
    """
    folds: dict[type[Record], Fold | None] = {}
    owners: dict[type[Record], str] = {}
    for contract in sorted(contracts, key=lambda each: each.version):
        for kind in contract.events:
            if owners.setdefault(kind, contract.name) != contract.name:
                raise ValueError(
                    f"{kind.__name__} is reported by {owners[kind]} and {contract.name}"
                )
            folds[kind] = contract.projection.fold if contract.projection else None
    if not folds:
        raise ValueError("an index of contracts that report nothing would stay empty")
    return folds
