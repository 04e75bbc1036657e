"""The life of one allowance, and the operator's certificate of how it ended, with its proof."""

import shlex
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from msgspec import msgpack
from msgspec.structs import replace

from tallystick.base.encoding import encode
from tallystick.base.identifiers import (
    LedgerId,
    PublicKey,
    RecordId,
    format_ledger_id,
    format_record_id,
)
from tallystick.base.notes import parse_verifier_key
from tallystick.client.claim_facts import LeafReader
from tallystick.contracts.allowance.commands import CertifyRecord
from tallystick.contracts.allowance.events import AllowancesRetired, RecordCertified
from tallystick.contracts.allowance.model import (
    Block,
    CertifiedRecord,
    End,
    Retirement,
    record_digest,
    retirement_id,
)
from tallystick.contracts.allowance.views import Step, history_of
from tallystick.core.check import parse
from tallystick.core.node import Evidence
from tallystick.core.proof import ProofInvalid, verify_evidence

from .allowances_cast import Office
from .allowances_desk import Desk
from .allowances_trace import Trace

REASON = "audit of the year's account"
SIGNER_IS_NOT_DIRECTOR = 620


@dataclass(frozen=True, slots=True)
class Certified:
    """One allowance's life, and what certifies its end."""

    zone: str
    """Where."""
    serial: int
    """Its number."""
    steps: tuple[Step, ...]
    """Everything that happened to it."""
    certificate: RecordId
    """The certificate."""
    subject: RecordId
    """The record that it certifies."""
    path: Path
    """The proof on disk."""
    size: int
    """Its length. [bytes]"""
    check_command: str
    """How anybody checks it, without a ledger."""
    is_verified: bool
    """Whether the file, read again, convinces somebody who trusts only the checkpoint's key."""
    is_forgery_refused: bool
    """Whether the same file with one number more convinces nobody."""


def certify(desk: Desk, trace: Trace, path: Path, *, period: int) -> Certified:
    """Certify the end of the most travelled allowance of a vintage, and prove it."""
    vintage = desk.vintage(period)
    serial = max(trace.moves[vintage], key=lambda each: (trace.moves[vintage][each], -each))
    ended = next(
        each
        for each in desk.seen.of(AllowancesRetired)
        if each.vintage == vintage and _contains(each.blocks, serial)
    )
    subject = retirement_id(vintage=vintage, n=ended.n)
    command = CertifyRecord(desk.programme, desk.zone, subject, REASON)
    director, operator = desk.office(Office.DIRECTOR), desk.office(Office.OPERATOR)
    desk.refuse("The operator certifies unasked", SIGNER_IS_NOT_DIRECTOR, command, operator)
    receipt = desk.send(command, director, operator)
    certificate = desk.seen.latest(RecordCertified).certificate
    place = (receipt.height, receipt.index)
    evidence = desk.ledger.node.prove((certificate, subject), (place,))
    path.write_bytes(msgpack.encode(evidence))
    status = desk.ledger.status()
    read = msgpack.decode(path.read_bytes(), type=Evidence)
    trust = (status.ledger, status.checkpoint_key)
    signers = (director.public, operator.public)
    ids = (certificate, subject)
    return Certified(
        zone=desk.zone,
        serial=serial,
        steps=tuple(history_of(vintage, serial, desk.seen.events)),
        certificate=certificate,
        subject=subject,
        path=path,
        size=path.stat().st_size,
        check_command=_check_command(path, trust),
        is_verified=convinces(read, trust, ids=ids, signers=signers, serial=serial),
        is_forgery_refused=not convinces(
            forged(read), trust, ids=ids, signers=signers, serial=serial
        ),
    )


def _check_command(path: Path, trust: tuple[LedgerId, str]) -> str:
    """Return the command with which somebody checks the proof who trusts no more than this."""
    ledger, key = trust
    words = ["tally", "verify", str(path), "--ledger", format_ledger_id(ledger), "--key", key]
    return shlex.join(words)


def convinces(
    evidence: Evidence,
    trust: tuple[LedgerId, str],
    *,
    ids: tuple[RecordId, RecordId],
    signers: tuple[PublicKey, ...],
    serial: int,
) -> bool:
    """
    Tell whether evidence shows that an allowance was surrendered, and that this was certified.

    Nothing is believed but the ledger's id, its checkpoint key, and who Director and operator are.
    """
    ledger, key = trust
    try:
        verify_evidence(evidence, ledger=ledger, verifier_keys=[parse_verifier_key(key)])
        found = tuple(leaf.id for leaf in evidence.state.leaves)
        certified = LeafReader(_records(evidence, 0), step="certificate").read(CertifiedRecord)
        retirement = LeafReader(_records(evidence, 1), step="subject").read(Retirement)
    except ProofInvalid:
        return False
    signed = parse(evidence.transactions[0].raw).header.signers
    return (
        found == ids
        and certified.subject == ids[1]
        and certified.digest == record_digest(encode(retirement))
        and retirement.end is End.SURRENDERED
        and _contains(retirement.blocks, serial)
        and set(signers) <= set(signed)
        and evidence.transactions[0].header.time == certified.certified_at
    )


def forged(evidence: Evidence) -> Evidence:
    """Return evidence in which the certified record has one allowance more."""
    subject = evidence.state.leaves[1]
    retirement = LeafReader(_records(evidence, 1), step="subject").read(Retirement)
    last = retirement.blocks[-1]
    blocks = (*retirement.blocks[:-1], replace(last, last=last.last + 1))
    records = encode([replace(retirement, blocks=blocks)])
    leaves = (evidence.state.leaves[0], replace(subject, records=records))
    return replace(evidence, state=replace(evidence.state, leaves=leaves))


def is_gapless(steps: tuple[Step, ...]) -> bool:
    """Tell whether a life begins with an allocation, ends, and passes from hand to hand between."""
    if not steps or steps[0].source is not None or steps[-1].target is not None:
        return False
    return all(before.target == after.source for before, after in pairwise(steps))


def name_of(id: RecordId) -> str:
    """Return an id as text."""
    return format_record_id(id)


def _records(evidence: Evidence, number: int) -> bytes:
    """Return what stands under one of the proven ids."""
    records = evidence.state.leaves[number].records
    if records is None:
        raise ProofInvalid("leaf", "nothing stands there")
    return records


def _contains(blocks: tuple[Block, ...], serial: int) -> bool:
    """Tell whether a number is in one of the blocks."""
    return any(block.first <= serial <= block.last for block in blocks)
