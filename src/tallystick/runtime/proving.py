"""From a node's state and blocks to evidence that needs neither."""

from collections.abc import Callable
from typing import Protocol

from tallystick.base import merkle
from tallystick.base.encoding import encode
from tallystick.base.identifiers import RecordId
from tallystick.core.block import Block, Outcome
from tallystick.core.check import identify
from tallystick.core.node import Evidence, LeafEvidence, StateEvidence, TransactionEvidence
from tallystick.core.state import State


class CheckpointSigner(Protocol):
    """Who signs the log."""

    verifier_key: str

    def sign(self, state: State) -> bytes:
        """Return a C2SP signed note over the log as it is now."""


def prove(
    state: State,
    read: Callable[[int], Block],
    signer: CheckpointSigner,
    ids: tuple[RecordId, ...],
    places: tuple[tuple[int, int], ...],
    since: tuple[int, ...] = (),
) -> Evidence:
    """Prove records, transactions and growth as of one checkpoint over everything so far."""
    return Evidence(
        state=_state_evidence(state, signer, ids, since),
        transactions=tuple(_transaction_evidence(state, read(h), n) for h, n in places),
    )


def outcomes(block: Block) -> list[Outcome]:
    """Return what became of each transaction of a block: all were accepted but the rejected."""
    rejected = {outcome.transaction: outcome for outcome in block.rejections}
    ids = [identify(raw).id for raw in block.transactions]
    return [
        rejected.get(id) or Outcome(transaction=id, contract="", code=0, command=0) for id in ids
    ]


def _state_evidence(
    state: State, signer: CheckpointSigner, ids: tuple[RecordId, ...], since: tuple[int, ...]
) -> StateEvidence:
    """Bind some leaves to the latest block's state root, and that block to a checkpoint."""
    head = state.head
    if head is None:
        raise AssertionError("a ledger without genesis has nothing to prove")
    index = head.log_size - 1
    return StateEvidence(
        checkpoint=signer.sign(state),
        header=head,
        index=index,
        inclusion=tuple(state.log.inclusion_proof(index)),
        leaves=tuple(
            LeafEvidence(id, state.store.read(id), state.tree.prove(id, state.store.read))
            for id in ids
        ),
        consistency=tuple(tuple(state.log.consistency_proof(size)) for size in since),
    )


def _transaction_evidence(state: State, block: Block, index: int) -> TransactionEvidence:
    """Bind a transaction, its block and its outcome to the log."""
    header, found = block.header, outcomes(block)
    block_entry = header.log_size - 1
    entry = block_entry - len(block.transactions) + index
    return TransactionEvidence(
        raw=block.transactions[index],
        header=header,
        index=index,
        outcome=found[index],
        entry=entry,
        inclusion=tuple(state.log.inclusion_proof(entry)),
        block_entry=block_entry,
        block_inclusion=tuple(state.log.inclusion_proof(block_entry)),
        receipt_inclusion=tuple(merkle.inclusion_proof([encode(each) for each in found], index)),
    )
