"""The protocol that every runtime keeps, and what it answers with."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from typing import Protocol

import msgspec

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, RecordId

from .block import Block, BlockHeader, Outcome
from .errors import Refused, Unavailable
from .genesis import Genesis
from .receipt import Receipt
from .state_proof import StateProof

Answer = Receipt | Refused | Unavailable
"""A receipt once a transaction is durable, or why there is none."""


class Status(msgspec.Struct, frozen=True):
    """Where a node stands."""

    ledger: LedgerId
    """The ledger's id."""

    name: str
    """The ledger's short name."""

    height: int
    """Height of the latest durable block."""

    time: Milliseconds
    """Its time. [ms since the epoch, UTC]"""

    state_root: bytes
    """Root of the authenticated state after it."""

    records: int
    """Number of ids in the state."""

    log_size: int
    """Number of entries in the log."""

    waiting: int
    """Transactions accepted into the waiting room and not yet in a block."""

    checkpoint_key: str
    """The verifier key under which this node signs checkpoints."""

    notices: tuple[str, ...] = ()
    """What was put right when the ledger was opened, for people; empty if nothing was."""


class StateEvidence(msgspec.Struct, frozen=True):
    """What stands, or does not stand, under some ids as of one checkpoint."""

    checkpoint: bytes
    """A C2SP signed note over the log."""

    header: BlockHeader
    """The latest block under that checkpoint."""

    index: int
    """The log entry of that block."""

    inclusion: tuple[bytes, ...]
    """Inclusion path of that entry, leaf to root."""

    leaves: tuple["LeafEvidence", ...]
    """One for each id that was asked for, in that order."""

    consistency: tuple[tuple[bytes, ...], ...] = ()
    """For each earlier size that was asked for, the path that shows what grew out of it."""


class LeafEvidence(msgspec.Struct, frozen=True):
    """One id's records with the path that binds them to the state root."""

    id: RecordId
    """The id."""

    records: bytes | None
    """Canonical bytes of its records; nothing if it is absent."""

    proof: StateProof
    """Presence or absence."""


class TransactionEvidence(msgspec.Struct, frozen=True):
    """A transaction's place in the log, as of the same checkpoint as the state evidence."""

    raw: bytes
    """The signed transaction."""

    header: BlockHeader
    """The block that holds it."""

    index: int
    """Its place in the block."""

    outcome: Outcome
    """What became of it."""

    entry: int
    """Its log entry."""

    inclusion: tuple[bytes, ...]
    """Inclusion path of that entry."""

    block_entry: int
    """The log entry of its block."""

    block_inclusion: tuple[bytes, ...]
    """Inclusion path of the block's entry, which binds the receipts root."""

    receipt_inclusion: tuple[bytes, ...]
    """Inclusion path of the outcome under the block's receipts root."""


class Evidence(msgspec.Struct, frozen=True):
    """State and transactions proven as of one checkpoint."""

    state: StateEvidence
    """The records, in the order in which they were asked for."""

    transactions: tuple[TransactionEvidence, ...]
    """The transactions, in the order in which they were asked for."""


class Node(Protocol):
    """A running ledger, however it runs."""

    @property
    def genesis(self) -> Genesis:
        """What the ledger is."""

    def submit(self, raw: bytes) -> Future[Receipt]:
        """
        Take a signed transaction into the waiting room.

        The future gives the receipt once the transaction is durable, or raises `Refused`. Raises
        `Later` at once if the room is full; what was taken is never lost while the node lives.
        """

    def submit_all(self, batch: Sequence[bytes]) -> Future[list[Answer]]:
        """
        Take many signed transactions at once, or none of them if they do not all fit.

        The future gives one answer for each, in order. They are executed in that order.
        """

    def read(self, question: Record) -> object:
        """Answer a contract's view from the latest durable block."""

    def prove(
        self,
        ids: tuple[RecordId, ...],
        places: tuple[tuple[int, int], ...],
        since: tuple[int, ...] = (),
    ) -> Evidence:
        """
        Prove records by id, and transactions by block height and index, at one checkpoint.

        And prove that the log only grew since it had the sizes `since`, in entries; ValueError if
        it is not as large yet.
        """

    def checkpoint(self) -> bytes:
        """Return a C2SP signed note over the log as it is now."""

    def block(self, height: int) -> Block:
        """Return a durable block."""

    def block_at(self, time: int) -> Block:
        """Return the durable block with exactly this time."""

    def follow(self, height: int = 0) -> Iterator[Block]:
        """Yield every durable block from a height up to the latest, and return."""

    def status(self) -> Status:
        """Say where the node stands."""

    def close(self) -> None:
        """Finish what was accepted, then stop."""
