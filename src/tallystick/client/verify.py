"""
Verify the proof of a claim with no ledger at hand.

What is trusted is given: the ledger's id and the keys that sign its checkpoints. What comes out
holds as of the checkpoint in the file. If the claim was withdrawn or broken since then, a newer
proof can no longer be made: so look at `checkpoint_time`.
"""

from collections.abc import Sequence

import msgspec

from tallystick.base.amounts import Milliseconds, Seconds
from tallystick.base.checkpoints import Checkpoint
from tallystick.base.identifiers import LedgerId, PublicKey, RecordId, TransactionId
from tallystick.base.notes import VerifierKey
from tallystick.contracts.certificate.commands import Claim
from tallystick.contracts.certificate.model import Certificate, Settlement
from tallystick.contracts.measurement.model import Measurement
from tallystick.core import proof
from tallystick.core.block import BlockHeader, Outcome
from tallystick.core.proof import ProofInvalid
from tallystick.core.transaction import Header

from .claim_facts import LeafReader, Step, check_chain, check_claim, check_settlement
from .proof_file import (
    BlockPart,
    ClaimFile,
    LeafPart,
    parse_claim_file,
    read_inclusion,
    read_presence,
    read_record,
    read_signatures,
)

__all__ = ["ClaimProof", "ProofInvalid", "verify_claim"]


class ClaimProof(msgspec.Struct, frozen=True, kw_only=True):
    """What a valid proof says: who claimed what for which consumption, and as of when."""

    ledger: LedgerId
    """The ledger, as it was given."""

    checkpoint_size: int
    """Entries in the log as of which all of this holds."""

    checkpoint_time: Milliseconds
    """Time of the latest block under the checkpoint. [ms since the epoch, UTC]"""

    certificate: RecordId
    """The claimed certificate."""

    amount_wh: int
    """How much was claimed. [Wh]"""

    certificate_owner: PublicKey
    """Who gave it up."""

    technology: str
    """AIB code of the technology that produced it."""

    fuel: str
    """AIB code of the fuel or energy source."""

    transaction: TransactionId
    """The transaction that claimed it."""

    height: int
    """The block of that transaction."""

    claimed_at: Milliseconds
    """That block's time. [ms since the epoch, UTC]"""

    production: RecordId
    """The production measurement for which the certificate was issued."""

    production_begin: Seconds
    """First second of its interval. [s since the epoch, UTC]"""

    production_end: Seconds
    """First second after its interval. [s since the epoch, UTC]"""

    production_sector: str
    """Where it was produced."""

    produced_wh: int
    """What was measured. [Wh]"""

    hands: int
    """Certificates from the issued to the claimed one, both counted."""

    consumption: RecordId
    """The consumption measurement that it covers."""

    consumption_owner: PublicKey
    """Who used it."""

    consumption_begin: Seconds
    """First second of its interval. [s since the epoch, UTC]"""

    consumption_end: Seconds
    """First second after its interval. [s since the epoch, UTC]"""

    consumption_sector: str
    """Where it was used."""

    consumed_wh: int
    """What was measured. [Wh]"""

    settled_wh: int
    """What is claimed for it in all, this claim included. [Wh]"""


class _Execution(msgspec.Struct, frozen=True):
    """The command as a block executed it."""

    claim: Claim
    transaction: TransactionId
    signers: tuple[PublicKey, ...]
    block: BlockHeader


def verify_claim(file: bytes, ledger: LedgerId, verifier_keys: Sequence[VerifierKey]) -> ClaimProof:
    """
    Return what a proof file proves, or raise `ProofInvalid` naming the step that fails.

    A checkpoint signed by any of the keys is believed.
    """
    parts = parse_claim_file(file)
    checkpoint = proof.open_checkpoint(parts.checkpoint, ledger=ledger, verifier_keys=verifier_keys)
    execution = _verify_execution(parts, checkpoint, ledger)
    state = _read_header(parts.state, step="state")
    place = read_inclusion(parts.state.entry, parts.state.path, step="state")
    proof.verify_latest_block(checkpoint, state, place)
    steps, production = _read_chain(parts, state, execution.claim.certificate)
    leaf = _read_leaf(parts.consumption, state, execution.claim.consumption, step="consumption")
    consumption, settlement = leaf.read(Measurement), leaf.read(Settlement)
    certificate = steps[0].certificate
    check_claim(
        execution.claim,
        certificate,
        consumption,
        signers=execution.signers,
        time=execution.block.time,
    )
    check_settlement(execution.claim, certificate, consumption, settlement)
    check_chain(steps, production)
    return ClaimProof(
        ledger=ledger,
        checkpoint_size=checkpoint.size,
        checkpoint_time=state.time,
        certificate=execution.claim.certificate,
        amount_wh=certificate.amount_wh,
        certificate_owner=certificate.owner,
        technology=certificate.technology,
        fuel=certificate.fuel,
        transaction=execution.transaction,
        height=execution.block.height,
        claimed_at=execution.block.time,
        production=steps[-1].id,
        production_begin=production.begin,
        production_end=production.end,
        production_sector=production.sector,
        produced_wh=production.amount,
        hands=len(steps),
        consumption=execution.claim.consumption,
        consumption_owner=consumption.owner,
        consumption_begin=consumption.begin,
        consumption_end=consumption.end,
        consumption_sector=consumption.sector,
        consumed_wh=consumption.amount,
        settled_wh=settlement.total_wh,
    )


def _verify_execution(parts: ClaimFile, checkpoint: Checkpoint, ledger: LedgerId) -> _Execution:
    """Insist that a block under the checkpoint accepted a signed transaction with the claim."""
    claim = read_record(parts.claim.command, Claim, step="command")
    header = read_record(parts.transaction.header, Header, step="transaction")
    outcome = read_record(parts.receipt.outcome, Outcome, step="receipt")
    block = _read_header(parts.block, step="block")
    place = read_inclusion(parts.transaction.entry, parts.transaction.path, step="transaction")
    id = proof.verify_transaction(
        checkpoint, header, read_signatures(parts.transaction.signatures), place, ledger=ledger
    )
    proof.verify_command(
        header,
        parts.claim.command,
        read_inclusion(parts.claim.index, parts.claim.path, step="command"),
        count=parts.claim.count,
    )
    proof.verify_block(
        checkpoint, block, read_inclusion(parts.block.entry, parts.block.path, step="block")
    )
    proof.verify_outcome(
        block,
        header,
        outcome,
        read_inclusion(parts.receipt.index, parts.receipt.path, step="receipt"),
        entries_to_block=parts.block.entry - parts.transaction.entry,
    )
    if outcome.code or outcome.contract or outcome.command:
        raise ProofInvalid("receipt", f"{outcome.contract} rejected it with code {outcome.code}")
    return _Execution(claim, id, header.signers, block)


def _read_chain(
    parts: ClaimFile, state: BlockHeader, claimed: RecordId
) -> tuple[list[Step], Measurement]:
    """Return the certificates back to the issued one, and the production measurement."""
    steps: list[Step] = []
    id = claimed
    for part in parts.certificates:
        leaf = _read_leaf(part.leaf, state, id, step="certificate")
        certificate = leaf.read(Certificate)
        steps.append(Step(id, certificate, part.born, part.ordinal))
        id = certificate.origin
    return steps, leaf.read(Measurement)


def _read_leaf(part: LeafPart, state: BlockHeader, id: RecordId, *, step: str) -> LeafReader:
    """Insist that records stand under an id as of the checkpoint, and return them."""
    presence = read_presence(part, id, step=step)
    proof.verify_leaf(state, id, part.records, presence, step=step)
    return LeafReader(part.records, step=step)


def _read_header(part: BlockPart, *, step: str) -> BlockHeader:
    """Return a block's header."""
    return read_record(part.header, BlockHeader, step=step)
