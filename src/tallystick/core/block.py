"""A block: transactions in order, one time, and the roots that everybody must reach."""

from typing import Annotated

import msgspec

from tallystick.base import hashing
from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import Hash, TransactionId

TRANSACTIONS_MAX = 65_536


class BlockHeader(Record, tag="block/1"):
    """What one block commits to."""

    height: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
    """Number of blocks before it; genesis is block 0."""

    time: Milliseconds
    """The one time of all in the block, strictly above its parent's. [ms since the epoch, UTC]"""

    parent: Hash
    """Hash of the block before it, for genesis the ledger's id."""

    transactions_root: Hash
    """RFC 6962 root over the log entries of its transactions."""

    state_root: Hash
    """Root of the authenticated state after it."""

    receipts_root: Hash
    """RFC 6962 root over its receipts, one for each transaction."""

    log_size: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    """Log entries up to its own, which is the last of them: it follows its transactions'."""


class Outcome(Record, tag="outcome/1"):
    """What became of one transaction: the part of its receipt that all nodes agree on."""

    transaction: TransactionId
    """Id of the transaction."""

    contract: Annotated[str, msgspec.Meta(max_length=64)]
    """The contract whose rule rejected it, empty if it was accepted."""

    code: Annotated[int, msgspec.Meta(ge=0, le=65_535)]
    """The rejection's code, 0 if it was accepted."""

    command: Annotated[int, msgspec.Meta(ge=0, le=65_535)]
    """Ordinal of the command that was rejected, 0 if none was."""


class Block(Record, tag="journal-block/1"):
    """A whole block as the journal keeps it."""

    header: BlockHeader
    """What the block commits to."""

    transactions: Annotated[tuple[bytes, ...], msgspec.Meta(max_length=TRANSACTIONS_MAX)]
    """The transactions as they were submitted, in order of execution."""

    rejections: Annotated[tuple[Outcome, ...], msgspec.Meta(max_length=TRANSACTIONS_MAX)]
    """Outcomes of those that a rule rejected; all others were accepted."""

    events: tuple[tuple[int, bytes], ...]
    """Ordinal of a transaction and one event of it, in order. Derived: replay makes the same."""


def block_hash(header: BlockHeader) -> Hash:
    """Return the hash that the next block names as its parent."""
    return hashing.tagged_hash(hashing.TAG_BLOCK, encode(header))


def log_entry(header: BlockHeader) -> bytes:
    """Return the log's entry for a block: type 2 and the block's hash."""
    return b"\x02" + block_hash(header)
