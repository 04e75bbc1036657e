"""Small ledgers on the disk, made of the toy contract, and blocks to grow them with."""

from pathlib import Path
from typing import Self

import lmdb

from tallystick.base.identifiers import Hash, RecordId
from tallystick.core import transition
from tallystick.core.block import Block
from tallystick.core.candidate import Candidate
from tallystick.core.genesis import Genesis
from tallystick.core.state import State
from tallystick.store.folder import create_folder, open_folder
from tallystick.store.journal import Journal
from tallystick.store.opening import Kind, Opened, open_state
from tallystick.store.pending import Limits
from tests.core.toy import TOY, Make, Move, checked, key, signed, toy_genesis

EVERY_BLOCK = Limits(pending_blocks_max=1)
"""Flush the state with every block, so that its height is the journal's."""

NEVER = Limits(pending_blocks_max=1_000_000)
"""Flush the state only when it is closed."""


class Held:
    """A folder with what it stores, opened and closed together."""

    def __init__(
        self,
        path: Path,
        *,
        kind: Kind = "lmdb",
        genesis: Genesis | None = None,
        limits: Limits | None = None,
    ) -> None:
        if (path / "genesis").exists():
            self.folder = open_folder(path)
        else:
            self.folder = create_folder(path, genesis or toy_genesis())
        try:
            self.opened: Opened = open_state(self.folder, (TOY,), kind=kind, limits=limits)
        except BaseException:
            self.folder.close()
            raise

    @property
    def state(self) -> State:
        """Return the state."""
        return self.opened.state

    @property
    def journal(self) -> Journal:
        """Return the journal."""
        return self.opened.journal

    def crash(self) -> None:
        """Let go of everything without flushing."""
        self.opened.store.abandon()
        self.opened.journal.close()
        self.folder.close()

    def close(self) -> None:
        """Close in order."""
        self.opened.close()
        self.folder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def next_block(state: State, *, transactions: int = 2, step: int = 1_000) -> Candidate:
    """Return a sealed candidate: tokens made, and from the third block on one moved."""
    candidate = transition.begin(state, time=state.time + step)
    for n in range(transactions):
        nonce = candidate.height * 1_000 + n
        raw = signed(
            state.ledger, Make(amount=nonce % 7), nonce=nonce, expiry=candidate.time + 60_000
        )
        transaction = checked(state, raw)
        transition.admit(candidate, transaction)
        transition.run(candidate, transaction)
    transition.run(candidate, checked(state, _move(state, candidate)))
    return candidate


def grow(held: Held, blocks: int = 1, *, transactions: int = 2, step: int = 1_000) -> list[Block]:
    """Add blocks as a runtime would: sealed, durable, committed."""
    grown = []
    for _ in range(blocks):
        candidate = next_block(held.state, transactions=transactions, step=step)
        block = transition.seal(candidate)
        held.journal.append(block)
        transition.commit(candidate)
        grown.append(block)
    return grown


def contents(state: State) -> tuple[int, Hash, bytes, bytes, int, list[tuple[RecordId, bytes]]]:
    """Return everything that two equal states have in common."""
    assert state.head is not None
    return (
        state.height,
        Hash(state.tree.root),
        state.log.root(),
        repr(state.remembered.blocks()).encode(),
        len(state.store),
        list(state.store.items()),
    )


def tamper(path: Path, table: bytes, key: bytes, value: bytes | None) -> None:
    """Change the stored state behind everybody's back."""
    with (
        lmdb.open(str(path / "state"), max_dbs=3) as stored,
        stored.begin(write=True) as transaction,
    ):
        database = stored.open_db(table, transaction)
        if value is None:
            transaction.delete(key, db=database)
        else:
            transaction.put(key, value, db=database)


def _move(state: State, candidate: Candidate) -> bytes:
    """Return a transaction that a rule rejects: nobody owns that token."""
    return signed(
        state.ledger,
        Move(token=RecordId(bytes(32)), owner=key(2)),
        nonce=candidate.height * 1_000 + 999,
        expiry=candidate.time + 60_000,
    )
