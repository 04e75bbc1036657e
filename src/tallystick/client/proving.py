"""
Gather the proof of a claim from a node.

No index is needed. A retired certificate says when it was retired, block times are unique, and the
transaction is the one of that block that was accepted and holds the claim.
"""

from collections.abc import Iterator, Sequence

from tallystick.base import merkle
from tallystick.base.encoding import Malformed, decode, encode
from tallystick.base.identifiers import RecordId, format_record_id
from tallystick.base.notes import parse_verifier_key
from tallystick.contracts.certificate.commands import Claim
from tallystick.contracts.certificate.model import (
    BREAK,
    CORRECT,
    SPLIT,
    TRANSFER,
    Action,
    Next,
    Status,
    child_id,
)
from tallystick.contracts.certificate.views import CertificateView, HistoryView, ShowHistory
from tallystick.contracts.measurement.model import REVISION_MAX
from tallystick.core.block import Block, BlockHeader
from tallystick.core.check import identify, parse
from tallystick.core.genesis import ledger_id
from tallystick.core.node import Evidence, LeafEvidence, Node, TransactionEvidence
from tallystick.core.proof import ProofInvalid

from .claim_facts import ISSUE
from .proof_file import (
    CERTIFICATES_MAX,
    BlockPart,
    CertificatePart,
    ClaimFile,
    CommandPart,
    LeafPart,
    ReceiptPart,
    TransactionPart,
    format_claim_file,
)
from .verify import verify_claim


class CannotProve(ValueError):
    """There is no claim to prove; the message says what there is instead."""


def prove_claim(node: Node, certificate: RecordId) -> bytes:
    """
    Return the proof file of the claim of a certificate, or raise `CannotProve`.

    It is verified before it is given away, so what a correction changed between finding the claim
    and proving it is noticed here and not by whoever receives the file.
    """
    file = format_claim_file(gather_claim(node, certificate))
    try:
        verify_claim(
            file, ledger_id(node.genesis), [parse_verifier_key(node.status().checkpoint_key)]
        )
    except ProofInvalid as invalid:
        raise CannotProve(
            f"certificate {format_record_id(certificate)}: no valid proof can be made of it: "
            f"{invalid}"
        ) from invalid
    return file


def gather_claim(node: Node, certificate: RecordId) -> ClaimFile:
    """Return all parts of a claim's proof at one checkpoint, not yet verified."""
    chain = list(_history(node, certificate))
    claimed = chain[0]
    next = _retirement(claimed)
    consumption = next.addresses[0]
    block = node.block_at(next.time)
    index, ordinal = _find_claim(block, certificate, consumption)
    ids = (*(step.certificate for step in chain), consumption)
    evidence = node.prove(ids, ((block.header.height, index),))
    return _assemble(evidence, chain, ordinal)


def _history(node: Node, certificate: RecordId) -> Iterator[CertificateView]:
    """Yield a certificate and what it came from, back to the issued one."""
    count = 0
    at: RecordId | None = certificate
    while at is not None:
        page = node.read(ShowHistory(at))
        if not isinstance(page, HistoryView):
            raise AssertionError(f"a history was asked for, {type(page).__name__} was answered")
        count += len(page.steps)
        if count > CERTIFICATES_MAX:
            raise CannotProve(
                f"certificate {format_record_id(certificate)}: it went through more than "
                f"{CERTIFICATES_MAX} hands, which is more than a proof file holds"
            )
        yield from page.steps
        at = page.continues_at


def _retirement(claimed: CertificateView) -> Next:
    """Return what a claim left in its certificate, or say that there is no claim."""
    next = claimed.next
    if claimed.status is not Status.CLAIMED or next is None:
        raise CannotProve(
            f"certificate {format_record_id(claimed.certificate)} is {claimed.status.value}: "
            "only a claimed one has a claim to prove"
        )
    return next


def _find_claim(block: Block, certificate: RecordId, consumption: RecordId) -> tuple[int, int]:
    """Return the index of the transaction and the ordinal of the command that claimed."""
    rejected = {outcome.transaction for outcome in block.rejections}
    for index, raw in enumerate(block.transactions):
        # Parsing takes longer than looking for the id, and nearly all transactions lack it.
        if raw.find(certificate) < 0 or identify(raw).id in rejected:
            continue
        for ordinal, command in enumerate(parse(raw).commands):
            if _is_claim(command, certificate, consumption):
                return index, ordinal
    raise CannotProve(
        f"certificate {format_record_id(certificate)} was claimed by another contract on "
        "somebody's behalf; there is no claim of its own to prove"
    )


def _is_claim(command: bytes, certificate: RecordId, consumption: RecordId) -> bool:
    """Tell whether a command claims this certificate for this consumption."""
    try:
        claim = decode(command, Claim)
    except Malformed:
        return False
    return (claim.certificate, claim.consumption) == (certificate, consumption)


def _assemble(evidence: Evidence, chain: Sequence[CertificateView], ordinal: int) -> ClaimFile:
    """Put the evidence for one claim in the order of a proof file."""
    state, found = evidence.state, evidence.transactions[0]
    transaction = parse(found.raw)
    *certificates, consumption = state.leaves
    parents = [*chain[1:], None]
    return ClaimFile(
        checkpoint=state.checkpoint,
        state=_block_part(state.header, state.index, state.inclusion),
        claim=CommandPart(
            command=transaction.commands[ordinal],
            index=ordinal,
            count=len(transaction.commands),
            path=b"".join(merkle.inclusion_proof(transaction.commands, ordinal)),
        ),
        transaction=TransactionPart(
            header=encode(transaction.header),
            signatures=b"".join(transaction.signatures),
            entry=found.entry,
            path=b"".join(found.inclusion),
        ),
        receipt=_receipt_part(found),
        block=_block_part(found.header, found.block_entry, found.block_inclusion),
        certificates=tuple(
            CertificatePart(*_birth(child, parent), _leaf_part(leaf))
            for child, parent, leaf in zip(chain, parents, certificates, strict=True)
        ),
        consumption=_leaf_part(consumption),
    )


def _birth(child: CertificateView, parent: CertificateView | None) -> tuple[str, int]:
    """Return what made a certificate, and which of the things made it is."""
    if parent is None:
        return ISSUE, 0
    id, next = parent.certificate, parent.next
    if next is not None and next.action in {Action.TRANSFER, Action.SPLIT}:
        made_by = TRANSFER if next.action is Action.TRANSFER else SPLIT
        if child.certificate in next.addresses:
            return made_by, next.addresses.index(child.certificate)
    for revision in range(1, REVISION_MAX + 1):
        for born in (CORRECT, BREAK):
            if child_id(id, born, revision) == child.certificate:
                return born, revision
    raise AssertionError(
        f"certificate {format_record_id(child.certificate)} has an id from nowhere"
    )


def _block_part(header: BlockHeader, entry: int, path: Sequence[bytes]) -> BlockPart:
    """Return a block with its place in the log."""
    return BlockPart(header=encode(header), entry=entry, path=b"".join(path))


def _receipt_part(found: TransactionEvidence) -> ReceiptPart:
    """Return an outcome with its place in its block."""
    return ReceiptPart(
        outcome=encode(found.outcome), index=found.index, path=b"".join(found.receipt_inclusion)
    )


def _leaf_part(leaf: LeafEvidence) -> LeafPart:
    """Return an id's records with their path; the id itself is left to whoever verifies."""
    if leaf.records is None:
        raise CannotProve(f"nothing stands under {format_record_id(leaf.id)}")
    siblings = leaf.proof.siblings
    return LeafPart(
        records=leaf.records,
        depths=tuple(depth for depth, _ in siblings),
        siblings=b"".join(hash for _, hash in siblings),
    )
