"""
Write and read the proof file of a claim: one JSON object in one exact form.

The form is described in docs/reference/proof-file.md, from which anybody can write a verifier; this
module only takes it apart and puts it together. Binary values are standard base64, numbers are
whole, and a file is accepted only if writing what was read gives the same bytes: so there are no
duplicate or reordered keys, no blanks, and no second way to write a number.

Ids do not occur. They follow from the claim, from each certificate's origin and from who owned what
when, so that nobody can say one id and prove another.
"""

from hashlib import sha256
from typing import Annotated, Final, TypeVar

import msgspec

from tallystick.base.encoding import Malformed, Record, decode
from tallystick.base.identifiers import Hash, RecordId, Signature
from tallystick.core.proof import PATH_HASHES_MAX, Inclusion, ProofInvalid
from tallystick.core.state_proof import KEY_BITS, Leaf, StateProof
from tallystick.core.transaction import COMMAND_BYTES_MAX, SIGNERS_MAX

FORMAT: Final = "tallystick-claim-proof/1"
PROOF_BYTES_MAX: Final = 4_194_304
CERTIFICATES_MAX: Final = 1_024
NOTE_BYTES_MAX: Final = 65_536
RECORDS_BYTES_MAX: Final = 262_144
HEADER_BYTES_MAX: Final = 65_536
HASH_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64

AnyRecord = TypeVar("AnyRecord", bound=Record)

Number = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Hashes = Annotated[bytes, msgspec.Meta(max_length=HASH_BYTES * PATH_HASHES_MAX)]
HeaderBytes = Annotated[bytes, msgspec.Meta(max_length=HEADER_BYTES_MAX)]


class BlockPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A block's header with its place in the log."""

    header: HeaderBytes
    """Canonical bytes of the header."""

    entry: Number
    """Its log entry."""

    path: Hashes
    """Inclusion path of the entry, one hash after the other."""


class CommandPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The claim with its place among the commands of its transaction."""

    command: Annotated[bytes, msgspec.Meta(max_length=COMMAND_BYTES_MAX)]
    """Canonical bytes of the claim."""

    index: Number
    """Its ordinal."""

    count: Number
    """How many commands the transaction has."""

    path: Hashes
    """Inclusion path under the commands root."""


class TransactionPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the signers signed, with their signatures and its place in the log."""

    header: HeaderBytes
    """Canonical bytes of the transaction's header."""

    signatures: Annotated[bytes, msgspec.Meta(max_length=SIGNATURE_BYTES * SIGNERS_MAX)]
    """One signature after the other, in the order of the signers."""

    entry: Number
    """Its log entry."""

    path: Hashes
    """Inclusion path of the entry."""


class ReceiptPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of the transaction, with its place among the receipts of its block."""

    outcome: Annotated[bytes, msgspec.Meta(max_length=1_024)]
    """Canonical bytes of the outcome."""

    index: Number
    """Its place in the block."""

    path: Hashes
    """Inclusion path under the receipts root."""


class LeafPart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All records of one id, with the path to the state root."""

    records: Annotated[bytes, msgspec.Meta(max_length=RECORDS_BYTES_MAX)]
    """Canonical bytes of the records."""

    depths: Annotated[
        tuple[Annotated[int, msgspec.Meta(ge=0, le=KEY_BITS - 1)], ...],
        msgspec.Meta(max_length=KEY_BITS),
    ]
    """The depths of the inner nodes passed, root first. [bits]"""

    siblings: Annotated[bytes, msgspec.Meta(max_length=HASH_BYTES * KEY_BITS)]
    """At each of them the hash of the side not taken."""


class CertificatePart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One certificate of the chain, and how it came from the next one."""

    born: Annotated[str, msgspec.Meta(max_length=16)]
    """What made it: ISSUE, TRANSFER, SPLIT, CORRECT or BREAK."""

    ordinal: Number
    """Which of the things that this made it is; 0 if it was issued."""

    leaf: LeafPart
    """Its records."""


class ClaimFile(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=FORMAT, tag_field="format"
):
    """Everything that shows one claim to be settled, as of one checkpoint."""

    checkpoint: Annotated[bytes, msgspec.Meta(max_length=NOTE_BYTES_MAX)]
    """A C2SP signed note over the log."""

    state: BlockPart
    """The latest block under the checkpoint, whose state root the leaves lead to."""

    claim: CommandPart
    """The command."""

    transaction: TransactionPart
    """The transaction that it was part of."""

    receipt: ReceiptPart
    """That it was accepted."""

    block: BlockPart
    """The block that holds transaction and receipt."""

    certificates: Annotated[
        tuple[CertificatePart, ...], msgspec.Meta(min_length=1, max_length=CERTIFICATES_MAX)
    ]
    """The claimed certificate, where it came from, and so on, to the issued one."""

    consumption: LeafPart
    """The consumption measurement with its settlement."""


def format_claim_file(parts: ClaimFile) -> bytes:
    """Return the one form that a proof has as a file: a line of JSON."""
    return msgspec.json.encode(parts) + b"\n"


def parse_claim_file(data: bytes) -> ClaimFile:
    """Take a proof file apart, or raise `ProofInvalid`; nothing in it is verified yet."""
    if len(data) > PROOF_BYTES_MAX:
        raise ProofInvalid("file", f"{len(data)} bytes, at most {PROOF_BYTES_MAX} are read")
    try:
        parts = msgspec.json.decode(data, type=ClaimFile)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ProofInvalid("file", _one_line(error)) from None
    if format_claim_file(parts) != data:
        raise ProofInvalid("file", "it is not written in the one form that a proof has")
    return parts


def read_record(data: bytes, kind: type[AnyRecord], *, step: str) -> AnyRecord:
    """Return the record in canonical bytes."""
    try:
        return decode(data, kind)
    except Malformed as malformed:
        raise ProofInvalid(step, str(malformed)) from malformed


def read_inclusion(index: int, path: bytes, *, step: str) -> Inclusion:
    """Return a place with the hashes of its path."""
    return Inclusion(index, tuple(split_hashes(path, step=step)))


def read_signatures(data: bytes) -> tuple[Signature, ...]:
    """Return the signatures of a transaction."""
    if len(data) % SIGNATURE_BYTES:
        raise ProofInvalid("transaction", f"{len(data)} bytes are no whole number of signatures")
    steps = range(0, len(data), SIGNATURE_BYTES)
    return tuple(Signature(data[at : at + SIGNATURE_BYTES]) for at in steps)


def read_presence(leaf: LeafPart, id: RecordId, *, step: str) -> StateProof:
    """Return the state proof of a leaf: it ends at the id with these records, by definition."""
    hashes = split_hashes(leaf.siblings, step=step)
    if len(hashes) != len(leaf.depths):
        raise ProofInvalid(step, f"{len(leaf.depths)} depths for {len(hashes)} siblings")
    end = Leaf(key=id, records_hash=Hash(sha256(leaf.records).digest()))
    return StateProof(siblings=tuple(zip(leaf.depths, hashes, strict=True)), end=end)


def split_hashes(data: bytes, *, step: str) -> list[Hash]:
    """Return the hashes that stand one after the other."""
    if len(data) % HASH_BYTES:
        raise ProofInvalid(step, f"{len(data)} bytes are no whole number of hashes")
    return [Hash(data[at : at + HASH_BYTES]) for at in range(0, len(data), HASH_BYTES)]


def _one_line(error: Exception) -> str:
    """Return what a decoder says, bounded and on one line."""
    text = "".join(each if each.isprintable() else "?" for each in str(error)[:200])
    return text or type(error).__name__
