"""
Check a file of evidence, as a node gives it: records and transactions under one checkpoint.

A claim's proof file says what it proves. Evidence is any records and transactions, so what they say
is shown, and it is for the reader to see whether these are the ones that he asked for. What one
record says of another that is there too, a certificate of what it certifies, is held against it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from tallystick.base.encoding import Malformed, Record, decode, encode
from tallystick.base.identifiers import LedgerId, RecordId, format_ledger_id, format_record_id
from tallystick.base.notes import VerifierKey
from tallystick.base.plain import format_milliseconds, to_plain
from tallystick.compose import CONTRACTS
from tallystick.contracts.allowance.model import CertifiedRecord, record_digest
from tallystick.core.check import parse
from tallystick.core.node import Evidence, LeafEvidence, TransactionEvidence
from tallystick.core.proof import ProofInvalid, verify_evidence

KINDS = {
    str(kind.__struct_config__.tag): kind
    for contract in CONTRACTS
    for kind in (*contract.records, *contract.commands)
}
"""Records and commands by their tags."""


def check_evidence(data: bytes, ledger: LedgerId, verifier_keys: Sequence[VerifierKey]) -> Any:
    """Return what evidence proves as plain values, or raise `ProofInvalid`."""
    try:
        evidence = msgspec.msgpack.decode(data, type=Evidence)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        problem = "neither the proof of a claim nor evidence of a node"
        raise ProofInvalid("file", problem) from error
    checkpoint = verify_evidence(evidence, ledger=ledger, verifier_keys=verifier_keys)
    _check_certificates(evidence.state.leaves)
    return {
        "ledger": format_ledger_id(ledger),
        "checkpoint_size": checkpoint.size,
        "checkpoint_time": format_milliseconds(evidence.state.header.time),
        "records": [_leaf(each) for each in evidence.state.leaves],
        "transactions": [_transaction(each) for each in evidence.transactions],
    }


def _check_certificates(leaves: Sequence[LeafEvidence]) -> None:
    """Refuse a certificate of a record that is there and is another than the certified one."""
    items = {each.id: _items(each) for each in leaves}
    for each in leaves:
        for record in _records(each):
            if isinstance(record, CertifiedRecord) and record.subject in items:
                _check_certificate(record, items[record.subject])


def _check_certificate(certificate: CertifiedRecord, items: Sequence[Any]) -> None:
    """Refuse a certificate whose digest is not that of what stands under its subject."""
    if certificate.digest != record_digest(*(encode(item) for item in items)):
        name = format_record_id(certificate.subject)
        raise ProofInvalid("certificate", f"it certifies another content of {name}")


def _leaf(leaf: LeafEvidence) -> dict[str, Any]:
    """Return what stands under an id."""
    known = [{"record": _tag(each), **to_plain(each)} for each in _records(leaf)]
    return {"id": format_record_id(RecordId(leaf.id)), "stands_there": known or "nothing"}


def _transaction(evidence: TransactionEvidence) -> dict[str, Any]:
    """Return who sent what, and what became of it."""
    sent = parse(evidence.raw)
    commands = [_record(msgspec.msgpack.decode(each)) for each in sent.commands]
    outcome = evidence.outcome
    return {
        "time": format_milliseconds(evidence.header.time),
        "height": evidence.header.height,
        "outcome": "accepted" if outcome.code == 0 else f"{outcome.contract} {outcome.code}",
        "signers": to_plain(sent.header)["signers"],
        "commands": [{"command": _tag(each), **to_plain(each)} for each in commands if each],
    }


def _records(leaf: LeafEvidence) -> Iterator[Record]:
    """Yield the records of a leaf that are known here."""
    for item in _items(leaf):
        record = _record(item)
        if record is not None:
            yield record


def _items(leaf: LeafEvidence) -> list[Any]:
    """Return what stands under an id, as arrays; nothing if it is absent."""
    if leaf.records is None:
        return []
    items: list[Any] = msgspec.msgpack.decode(leaf.records)
    return items


def _record(item: Any) -> Record | None:
    """Return an array as the record of its tag."""
    kind = KINDS.get(item[0]) if isinstance(item, list) and item else None
    if kind is None:
        return None
    try:
        record: Record = decode(encode(item), kind)
    except Malformed as malformed:
        raise ProofInvalid("record", str(malformed)) from malformed
    return record


def _tag(record: Record) -> str:
    """Return what a record is called on the ledger."""
    return str(record.__struct_config__.tag)
