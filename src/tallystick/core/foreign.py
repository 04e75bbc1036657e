"""
What another ledger says, checked by this one.

A ledger recognises another by the keys that sign its checkpoints, and by how many of them must
agree: a single key could show one face here and another there. Whoever brings a proof needs no
trust. It binds a record to the other ledger's latest state under a checkpoint; how old that may be
is for the rule that asks.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Final, TypeVar

import msgspec

from tallystick.base import merkle
from tallystick.base.checkpoints import (
    Checkpoint,
    MalformedCheckpoint,
    cosigned_at,
    parse_checkpoint,
)
from tallystick.base.encoding import Malformed, Record, decode, encode
from tallystick.base.identifiers import Hash, LedgerId, RecordId, format_ledger_id
from tallystick.base.notes import (
    TYPE_COSIGNATURE,
    MalformedNote,
    UntrustedNote,
    VerifierKey,
    open_note,
    parse_note,
    parse_verifier_key,
)

from .block import BlockHeader
from .proof import PATH_HASHES_MAX, Inclusion, ProofInvalid, verify_latest_block, verify_leaf
from .state_proof import StateProof

AnyRecord = TypeVar("AnyRecord", bound=Record)

NOTE_BYTES_MAX: Final = 8_192
RECORDS_BYTES_MAX: Final = 65_536
KEYS_MAX: Final = 16
KEY_CHARACTERS_MAX: Final = 256

ARRAY_HEADS: Final = {**{bytes([0x90 + n]): 1 for n in range(16)}, b"\xdc": 3, b"\xdd": 5}
"""How long the head of a MessagePack array is, by its first byte. [bytes]"""

TEXT_HEADS: Final = frozenset({*range(0xA0, 0xC0), 0xD9})
"""First bytes of a MessagePack string of up to 255 bytes."""

VerifierKeyText = Annotated[str, msgspec.Meta(min_length=1, max_length=KEY_CHARACTERS_MAX)]
"""A key as C2SP notes write it: name, key id and public key."""


class Trust(Record, tag="trust"):
    """By whose signatures another ledger is believed."""

    ledger: LedgerId
    """The other ledger."""

    keys: Annotated[tuple[VerifierKeyText, ...], msgspec.Meta(min_length=1, max_length=KEYS_MAX)]
    """The keys of its node and of witnesses that sign its checkpoints, each once."""

    threshold: Annotated[int, msgspec.Meta(ge=1, le=KEYS_MAX)]
    """How many of them must have signed."""


class ForeignProof(Record, tag="foreign-proof/1"):
    """One id of another ledger: its records, or that there are none, as of a checkpoint."""

    checkpoint: Annotated[bytes, msgspec.Meta(max_length=NOTE_BYTES_MAX)]
    """The C2SP signed note, with cosignatures."""

    header: BlockHeader
    """The latest block under it."""

    index: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
    """The log entry of that block."""

    inclusion: Annotated[tuple[Hash, ...], msgspec.Meta(max_length=PATH_HASHES_MAX)]
    """Inclusion path of that entry, leaf to root."""

    id: RecordId
    """The id."""

    records: Annotated[bytes, msgspec.Meta(max_length=RECORDS_BYTES_MAX)] | None
    """Canonical bytes of its records; nothing if there are none."""

    proof: StateProof
    """Presence or absence."""

    anchor: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)] = 0
    """The size of the anchor that its history is linked to; 0 if the verifier has none."""

    consistency: Annotated[tuple[Hash, ...], msgspec.Meta(max_length=PATH_HASHES_MAX)] = ()
    """RFC 6962 consistency path between that anchor and the checkpoint, whichever is larger."""


class Anchor(Record, tag="anchor"):
    """What another ledger's log was at one size; it can only have grown since."""

    size: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    """Number of entries. [entries]"""

    root: Hash
    """RFC 6962 root over them."""


class HistoryForks(ValueError):
    """Two checkpoints, each signed by enough trusted keys, that no single log can have had."""


def verify_foreign(proof: ForeignProof, trust: Trust) -> int:
    """
    Insist that a proof holds on a ledger that is trusted so, and return as of when.

    The time is that of the latest block under the checkpoint. [ms since the epoch, UTC] Raises
    `ProofInvalid`, which names the step that fails.
    """
    checkpoint = _checkpoint_by_threshold(proof.checkpoint, trust)
    verify_latest_block(checkpoint, proof.header, Inclusion(proof.index, proof.inclusion))
    verify_leaf(proof.header, proof.id, proof.records, proof.proof)
    return proof.header.time


def verify_history(proof: ForeignProof, anchors: Sequence[Anchor]) -> None:
    """
    Insist that a proof's checkpoint and what was anchored before are of one history.

    Without an anchor nothing is known of the past. Raises `ProofInvalid` if the proof is linked to
    no anchor, or by a path that leads nowhere, and `HistoryForks` if both are of one size and
    differ.
    """
    if not anchors:
        return
    checkpoint = parse_checkpoint(parse_note(proof.checkpoint).text)
    seen = Anchor(checkpoint.size, Hash(checkpoint.root))
    anchor = next((each for each in anchors if each.size == proof.anchor), None)
    if anchor is None:
        raise ProofInvalid("anchor", f"none of {proof.anchor} entries is known; ask which are")
    verify_growth(anchor, seen, proof.consistency)


def verify_growth(one: Anchor, other: Anchor, consistency: Sequence[bytes]) -> None:
    """
    Insist that one log had both sizes.

    Raises `HistoryForks` if the sizes are equal and the roots are not, and `ProofInvalid` if the
    path doesn't show that the smaller grew into the larger.
    """
    old, new = sorted((one, other), key=lambda each: each.size)
    if old.size == new.size:
        if old.root != new.root:
            raise HistoryForks(f"two roots for {old.size} entries")
        return
    if not merkle.verify_consistency(old.size, new.size, old.root, new.root, consistency):
        raise ProofInvalid("consistency", "it does not show that the log only grew")


def trusted_checkpoint(note: bytes, trust: Trust) -> Anchor:
    """
    Return what a note says of a trusted ledger's log, if enough of its keys have signed.

    Raises `ProofInvalid`.
    """
    checkpoint = _checkpoint_by_threshold(note, trust)
    if not checkpoint.size:
        raise ProofInvalid("checkpoint", "it is of a log without entries")
    return Anchor(checkpoint.size, Hash(checkpoint.root))


def foreign_record(proof: ForeignProof, kind: type[AnyRecord]) -> AnyRecord | None:
    """Return the record of a kind that a proof shows, nothing if the proof shows none."""
    if proof.records is None:
        return None
    tag = str(kind.__struct_config__.tag)
    try:
        for raw in msgspec.msgpack.decode(proof.records, type=tuple[msgspec.Raw, ...]):
            if _is_tagged(bytes(raw), tag):
                return decode(bytes(raw), kind)
    except (msgspec.DecodeError, Malformed, UnicodeDecodeError, RecursionError) as error:
        raise ProofInvalid("records", f"they hold no {tag} that is one: {error}") from error
    return None


def _is_tagged(raw: bytes, tag: str) -> bool:
    """
    Tell whether a record's bytes begin with a tag.

    Nothing else of them is read: what a ledger keeps under other tags is its own affair, and may be
    made to hurt whoever reads it.
    """
    head = ARRAY_HEADS.get(raw[:1])
    if head is None or not raw[head:] or raw[head] not in TEXT_HEADS:
        raise ProofInvalid("records", "something among them has no tag")
    return raw.startswith(encode(tag), head)


@lru_cache(256)
def _checkpoint_by_threshold(note: bytes, trust: Trust) -> Checkpoint:
    """
    Return the checkpoint in a note that enough of the trusted keys have signed.

    It is remembered for a while, because many proofs stand under one note.
    """
    try:
        keys = [parse_verifier_key(each) for each in trust.keys]
        signers = {key.public for key in keys if _has_signed(note, key)}
        checkpoint = parse_checkpoint(parse_note(note).text)
    except (MalformedNote, MalformedCheckpoint) as error:
        raise ProofInvalid("checkpoint", str(error)) from error
    if len(signers) < trust.threshold:
        raise ProofInvalid(
            "checkpoint", f"{len(signers)} of the recognised keys signed, {trust.threshold} must"
        )
    if checkpoint.origin != format_ledger_id(trust.ledger):
        raise ProofInvalid("checkpoint", f"it is of {checkpoint.origin!r}, another ledger")
    return checkpoint


def _has_signed(note: bytes, key: VerifierKey) -> bool:
    """Tell whether a key, a ledger's own or a witness's, has rightly signed a note."""
    try:
        if key.type == TYPE_COSIGNATURE:
            return cosigned_at(note, key) is not None
        open_note(note, [key])
    except UntrustedNote:
        return False
    return True
