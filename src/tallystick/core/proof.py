"""
Verify what a node gives as evidence, without a node.

Every function here is told whom to trust: the ledger's id and the keys that sign its checkpoints
are arguments, and nothing that arrives together with the evidence can replace them. What follows is
hashes: the checkpoint binds the log, the log binds blocks and signed transactions, a block binds
the state after it and what became of its transactions, a transaction binds its commands.

State is proven as of a checkpoint, so the block whose state root is used must be the last entry of
the checkpointed log. Any older block is in the log as well: without this rule a certificate could
be shown as it stood before it was withdrawn, under the newest checkpoint.

A step that fails raises `ProofInvalid`, which names the step. Nothing else is raised for what a
stranger sends, as long as the records are of the declared types.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Final

import msgspec

from tallystick.base import merkle, signatures
from tallystick.base.checkpoints import Checkpoint, MalformedCheckpoint
from tallystick.base.checkpoints import open_checkpoint as open_note_as_checkpoint
from tallystick.base.encoding import encode
from tallystick.base.identifiers import (
    LedgerId,
    RecordId,
    Signature,
    TransactionId,
    format_ledger_id,
)
from tallystick.base.notes import MalformedNote, UntrustedNote, VerifierKey

from .block import TRANSACTIONS_MAX, BlockHeader, Outcome
from .block import log_entry as block_entry
from .check import parse as parse_transaction
from .check import verify as check_transaction
from .errors import Refused
from .node import Evidence, StateEvidence, TransactionEvidence
from .state_proof import StateProof, verify_absence, verify_presence
from .transaction import COMMANDS_MAX, Header, log_entry, transaction_id

PATH_HASHES_MAX: Final = 63
"""Longest inclusion path: the tree's size is below 2**63."""


class ProofInvalid(ValueError):
    """A step of a proof does not hold."""

    def __init__(self, step: str, problem: str) -> None:
        """Name the step, then what is wrong with it."""
        super().__init__(f"{step}: {problem}")
        self.step = step
        self.problem = problem


class Inclusion(msgspec.Struct, frozen=True):
    """A place in an RFC 6962 tree and the way from there to the root."""

    index: int
    """The place, counted from zero."""

    path: Annotated[tuple[bytes, ...], msgspec.Meta(max_length=PATH_HASHES_MAX)]
    """Hashes of the siblings, from the leaf upwards."""


def open_checkpoint(
    note: bytes, *, ledger: LedgerId, verifier_keys: Sequence[VerifierKey]
) -> Checkpoint:
    """
    Return the checkpoint in a note that one of the given keys has signed.

    Its origin must be the ledger's id as text, because one key may sign for several ledgers.
    """
    try:
        return open_note_as_checkpoint(note, verifier_keys, origin=format_ledger_id(ledger))
    except (MalformedNote, UntrustedNote, MalformedCheckpoint) as error:
        raise ProofInvalid("checkpoint", str(error)) from error


def verify_block(
    checkpoint: Checkpoint, header: BlockHeader, place: Inclusion, *, step: str = "block"
) -> None:
    """Insist that a block's entry stands in the checkpointed log, where its header says."""
    if header.log_size != place.index + 1:
        raise ProofInvalid(
            step, f"its header ends the log at {header.log_size} entries, not {place.index + 1}"
        )
    _verify_entry(checkpoint, block_entry(header), place, step=step)


def verify_latest_block(
    checkpoint: Checkpoint, header: BlockHeader, place: Inclusion, *, step: str = "state"
) -> None:
    """Insist that a block is the latest under the checkpoint, so that its state is the latest."""
    if place.index != checkpoint.size - 1:
        raise ProofInvalid(
            step,
            f"its block is entry {place.index}, the last one under the checkpoint is "
            f"{checkpoint.size - 1}: the state is not the one as of the checkpoint",
        )
    verify_block(checkpoint, header, place, step=step)


def verify_leaf(
    header: BlockHeader,
    id: RecordId,
    records: bytes | None,
    proof: StateProof,
    *,
    step: str = "leaf",
) -> None:
    """Insist that exactly these records stand under an id after a block; nothing for absence."""
    if records is None:
        if not verify_absence(header.state_root, id, proof):
            raise ProofInvalid(step, f"absence of {id.hex()} does not follow from the state root")
    elif not verify_presence(header.state_root, id, records, proof):
        raise ProofInvalid(
            step, f"the records of {id.hex()} do not lead to the state root of the block"
        )


def verify_signatures(
    header: Header,
    proofs: Sequence[Signature],
    *,
    ledger: LedgerId,
    step: str = "transaction",
) -> TransactionId:
    """Insist that every signer, and nobody else, signed for this ledger; return the id."""
    if header.ledger != ledger:
        raise ProofInvalid(step, f"signed for {format_ledger_id(header.ledger)}, another ledger")
    signers = header.signers
    if any(before >= after for before, after in pairwise(signers)):
        raise ProofInvalid(step, "its signers are not in strictly ascending order")
    if len(proofs) != len(signers):
        raise ProofInvalid(step, f"{len(proofs)} signatures for {len(signers)} signers")
    id = transaction_id(encode(header))
    for signer, proof in zip(signers, proofs, strict=True):
        if not signatures.verify(signer, id, proof):
            raise ProofInvalid(step, f"the signature of {signer.hex()} does not verify")
    return id


def verify_transaction(
    checkpoint: Checkpoint,
    header: Header,
    proofs: Sequence[Signature],
    place: Inclusion,
    *,
    ledger: LedgerId,
) -> TransactionId:
    """Insist that a signed transaction stands in the checkpointed log; return its id."""
    id = verify_signatures(header, proofs, ledger=ledger)
    entry = log_entry(encode(header), proofs)
    _verify_entry(checkpoint, entry, place, step="transaction")
    return id


def verify_command(header: Header, command: bytes, place: Inclusion, *, count: int) -> None:
    """Insist that a command is one of the `count` that a transaction's signers signed."""
    if not 1 <= count <= COMMANDS_MAX:
        raise ProofInvalid("command", f"{count} commands, a transaction has 1 to {COMMANDS_MAX}")
    if not merkle.verify_inclusion(command, place.index, count, place.path, header.commands_root):
        raise ProofInvalid("command", "it does not lead to the root that was signed")


def verify_outcome(
    block: BlockHeader,
    header: Header,
    outcome: Outcome,
    place: Inclusion,
    *,
    entries_to_block: int,
) -> None:
    """
    Insist that a block says this of a transaction.

    A block's transactions come right before its own entry in the log, so the distance between the
    two entries says how many receipts there are.
    """
    if outcome.transaction != transaction_id(encode(header)):
        raise ProofInvalid("receipt", "it is the one of another transaction")
    if header.expiry <= block.time:
        raise ProofInvalid("receipt", "the transaction had expired at the time of the block")
    count = entries_to_block + place.index
    if not (entries_to_block >= 1 and 1 <= count <= TRANSACTIONS_MAX):
        raise ProofInvalid("receipt", "the transaction does not stand before its block in the log")
    if not merkle.verify_inclusion(
        encode(outcome), place.index, count, place.path, block.receipts_root
    ):
        raise ProofInvalid("receipt", "it does not lead to the receipts root of the block")


def verify_evidence(
    evidence: Evidence, *, ledger: LedgerId, verifier_keys: Sequence[VerifierKey]
) -> Checkpoint:
    """
    Insist on everything in a node's evidence; return the checkpoint as of which it holds.

    Whether these are the ids and places that were asked for is for the caller to compare.
    """
    checkpoint = open_checkpoint(
        evidence.state.checkpoint, ledger=ledger, verifier_keys=verifier_keys
    )
    _verify_state(checkpoint, evidence.state)
    for each in evidence.transactions:
        _verify_whole_transaction(checkpoint, each, ledger)
    return checkpoint


def _verify_state(checkpoint: Checkpoint, evidence: StateEvidence) -> None:
    """Insist on the latest block and on every leaf after it."""
    place = Inclusion(evidence.index, evidence.inclusion)
    verify_latest_block(checkpoint, evidence.header, place)
    for leaf in evidence.leaves:
        verify_leaf(evidence.header, leaf.id, leaf.records, leaf.proof)


def _verify_whole_transaction(
    checkpoint: Checkpoint, evidence: TransactionEvidence, ledger: LedgerId
) -> None:
    """Insist on a transaction of which everything is disclosed."""
    try:
        verified = check_transaction(evidence.raw, ledger)
    except Refused as refused:
        raise ProofInvalid("transaction", str(refused)) from refused
    found = merkle.root_from_inclusion(
        verified.leaf_hash, evidence.entry, checkpoint.size, evidence.inclusion
    )
    if found != checkpoint.root:
        raise ProofInvalid("transaction", "its entry does not lead to the checkpoint's root")
    place = Inclusion(evidence.block_entry, evidence.block_inclusion)
    verify_block(checkpoint, evidence.header, place)
    verify_outcome(
        evidence.header,
        parse_transaction(evidence.raw).header,
        evidence.outcome,
        Inclusion(evidence.index, evidence.receipt_inclusion),
        entries_to_block=evidence.block_entry - evidence.entry,
    )


def _verify_entry(checkpoint: Checkpoint, entry: bytes, place: Inclusion, *, step: str) -> None:
    """Insist that an entry stands in the checkpointed log."""
    if not merkle.verify_inclusion(
        entry, place.index, checkpoint.size, place.path, checkpoint.root
    ):
        raise ProofInvalid(step, f"entry {place.index} does not lead to the checkpoint's root")
