"""
Write, read, sign and cosign C2SP checkpoints: what a log looked like at one size.

A checkpoint is the text of a signed note: the log's origin, its size, the base64 of its root, each
on a line, and optional extension lines. A witness who has seen that the log only grew adds a
cosignature, which covers the time as well. Sources: c2sp.org/tlog-checkpoint, tlog-cosignature.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from tallystick.base import ed25519
from tallystick.base.merkle import EMPTY_ROOT, HASH_LENGTH, SIZE_MAX
from tallystick.base.notes import (
    TYPE_COSIGNATURE,
    MalformedNote,
    Signer,
    UntrustedNote,
    VerifierKey,
    check_text,
    from_base64,
    key_id,
    open_note,
    parse_note,
    sign_note,
    signature_line,
    to_base64,
    verifier_key,
)

LINES_BEFORE_EXTENSIONS: Final = 3
"""Origin, size and root."""

TIME_LENGTH: Final = 8
"""Length of the time before a cosignature. [bytes]"""


class MalformedCheckpoint(ValueError):
    """A text that is not a checkpoint, or the checkpoint of another log than was asked for."""


class Checkpoint(msgspec.Struct, frozen=True):
    """What a log commits to at one size."""

    origin: str
    """Which log it is; one line."""

    size: int
    """Number of entries. [entries]"""

    root: bytes
    """RFC 6962 root over them."""

    extensions: tuple[str, ...] = ()
    """Further lines, none of them empty."""


def format_checkpoint(checkpoint: Checkpoint) -> str:
    """Return a checkpoint's text."""
    root = to_base64(checkpoint.root)
    lines = (checkpoint.origin, str(checkpoint.size), root, *checkpoint.extensions)
    text = "".join(f"{line}\n" for line in lines)
    if parse_checkpoint(text) != checkpoint:
        raise MalformedCheckpoint("a line of the checkpoint holds a newline")
    return text


def parse_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint that a text spells, or raise MalformedCheckpoint."""
    *lines, rest = text.split("\n")
    if rest or len(lines) < LINES_BEFORE_EXTENSIONS:
        raise MalformedCheckpoint("expected origin, size and root, each ended by a newline")
    origin, size, root, *extensions = lines
    if not origin:
        raise MalformedCheckpoint("the origin is empty")
    if not all(extensions):
        raise MalformedCheckpoint("an extension line is empty")
    checkpoint = Checkpoint(origin, _parse_size(size), _parse_root(root), tuple(extensions))
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise MalformedCheckpoint("the root of an empty log is not the empty root")
    return checkpoint


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> bytes:
    """Return a checkpoint as a note signed by its log."""
    return sign_note(format_checkpoint(checkpoint), signer)


def open_checkpoint(
    note: bytes, verifier_keys: Sequence[VerifierKey], *, origin: str
) -> Checkpoint:
    """
    Return the checkpoint in a note that a known key has signed.

    It must be of the log `origin`, because one key may sign for several logs. Raises MalformedNote,
    UntrustedNote or MalformedCheckpoint.
    """
    checkpoint = parse_checkpoint(open_note(note, verifier_keys))
    if checkpoint.origin != origin:
        raise MalformedCheckpoint(f"origin is {checkpoint.origin!r}, expected {origin!r}")
    return checkpoint


def cosign_checkpoint(note: bytes, signer: Signer, *, time: int) -> bytes:
    """
    Return a note with a witness's cosignature added.

    `time` is when it is made, in seconds since the epoch, UTC. Whether the log may be vouched for
    is for the witness to know: nothing is verified here.
    """
    if signer.type != TYPE_COSIGNATURE:
        raise MalformedNote(f"a key of type {signer.type} makes no cosignatures")
    text = parse_note(note).text
    parse_checkpoint(text)
    signature = ed25519.sign(signer.secret, cosignature_message(text, time=time))
    line = signature_line(verifier_key(signer), time.to_bytes(TIME_LENGTH, "big") + signature)
    return note + line.encode()


def cosigned_at(note: bytes, key: VerifierKey) -> int | None:
    """
    Return the time of a witness's cosignature, nothing if there is none.

    It is in seconds since the epoch, UTC; of several by one witness the latest counts. Raises
    MalformedNote, and UntrustedNote if a cosignature by this key is wrong.
    """
    parsed = parse_note(note)
    times = []
    for line in parsed.signatures:
        if key.type != TYPE_COSIGNATURE or (line.name, line.key_id) != (key.name, key_id(key)):
            continue
        time = int.from_bytes(line.signature[:TIME_LENGTH], "big")
        message = cosignature_message(parsed.text, time=time)
        if not ed25519.verify(key.public, message, line.signature[TIME_LENGTH:]):
            raise UntrustedNote(f"the cosignature by {key.name} is wrong")
        times.append(time)
    return max(times, default=None)


def cosignature_message(text: str, *, time: int) -> bytes:
    """Return what a cosignature signs for a checkpoint's text."""
    check_text(text)
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _parse_size(text: str) -> int:
    """Return a size in decimal digits without leading zeros."""
    plain = text.isascii() and text.isdigit() and (text == "0" or not text.startswith("0"))
    if not plain or len(text) > len(str(SIZE_MAX)) or int(text) > SIZE_MAX:
        raise MalformedCheckpoint(f"size {text[:20]!r} is not a decimal number up to {SIZE_MAX}")
    return int(text)


def _parse_root(text: str) -> bytes:
    """Return a root in base64."""
    root = from_base64(text)
    if root is None or len(root) != HASH_LENGTH:
        raise MalformedCheckpoint(f"the root is not the base64 of {HASH_LENGTH} bytes")
    return root
