"""
Sign and open C2SP signed notes: a text with signatures that travel below it.

A note is a text that ends in a newline, an empty line, and a line for each signature:

    — <name> <base64 of key id ‖ signature>

The key id is the beginning of SHA-256(name ‖ newline ‖ type ‖ public key). Signatures by keys that
the reader doesn't know are ignored, so that others can sign without asking; one that claims a known
key and is wrong refuses the whole note. Source: c2sp.org/signed-note.
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

import msgspec

from tallystick.base import ed25519

NOTE_BYTES_MAX: Final = 1_000_000
"""Longest note that is opened. [bytes]"""

SIGNATURES_MAX: Final = 100
"""Most signatures that a note may carry."""

KEY_ID_LENGTH: Final = 4
"""Length of a key id. [bytes]"""

TYPE_ED25519: Final = 0x01
"""A signature over the note's text."""

TYPE_COSIGNATURE: Final = 0x04
"""A witness's signature over the time and the note's text; see `checkpoints.py`."""

_DASH: Final = "— "


class MalformedNote(ValueError):
    """Bytes or a text that can't be a signed note, or a key that can't be one."""


class UntrustedNote(ValueError):
    """A note that no known key has signed, or one whose signature by a known key is wrong."""


class VerifierKey(msgspec.Struct, frozen=True):
    """Whose signature to trust."""

    name: str
    """The name that the signer goes by, often a host and path."""

    public: bytes
    """Ed25519 public key."""

    type: int = TYPE_ED25519
    """What the key's signatures cover."""


class Signer(msgspec.Struct, frozen=True):
    """Who signs. The representation leaves the secret out."""

    name: str
    """The name that the signer goes by."""

    secret: bytes
    """Ed25519 secret."""

    type: int = TYPE_ED25519
    """What the signatures cover."""

    def __repr__(self) -> str:
        return f"Signer(name={self.name!r}, type={self.type})"


class NoteSignature(msgspec.Struct, frozen=True):
    """One signature line of a note, not yet verified."""

    name: str
    """The name of the signer."""

    key_id: bytes
    """The beginning of the hash of name, type and public key."""

    signature: bytes
    """What the key's type says."""


class Note(msgspec.Struct, frozen=True):
    """A note taken apart, none of its signatures verified."""

    text: str
    """What is signed, up to and including its last newline."""

    signatures: tuple[NoteSignature, ...]
    """In the order of their lines."""


def sign_note(text: str, signer: Signer) -> bytes:
    """Return the note of a text with one signature over it."""
    check_text(text)
    if signer.type != TYPE_ED25519:
        raise MalformedNote(f"a key of type {signer.type} doesn't sign a note's text")
    signature = ed25519.sign(signer.secret, text.encode())
    return f"{text}\n{signature_line(verifier_key(signer), signature)}".encode()


def open_note(note: bytes, verifier_keys: Sequence[VerifierKey]) -> str:
    """
    Return a note's text if a known key has signed it.

    Raises MalformedNote, or UntrustedNote. Keys for cosignatures don't vouch for a text by
    themselves and are passed over.
    """
    parsed = parse_note(note)
    keys = {(key.name, key_id(key)): key for key in verifier_keys if key.type == TYPE_ED25519}
    verified = False
    for line in parsed.signatures:
        key = keys.get((line.name, line.key_id))
        if key is None:
            continue
        if not ed25519.verify(key.public, parsed.text.encode(), line.signature):
            raise UntrustedNote(f"the signature by {line.name} is wrong")
        verified = True
    if not verified:
        names = ", ".join(sorted({key.name for key in keys.values()})) or "nobody"
        raise UntrustedNote(f"no signature by a known key; known are: {names}")
    return parsed.text


def parse_note(note: bytes) -> Note:
    """Take a note apart without verifying anything, or raise MalformedNote."""
    if len(note) > NOTE_BYTES_MAX:
        raise MalformedNote(f"{len(note)} bytes, at most {NOTE_BYTES_MAX} are allowed")
    try:
        whole = note.decode()
    except UnicodeDecodeError as error:
        raise MalformedNote(f"byte {error.start} is not UTF-8") from None
    text, separator, lines = whole.rpartition("\n\n")
    if not separator:
        raise MalformedNote("no empty line between text and signatures")
    check_text(text + "\n")
    if not lines.endswith("\n"):
        raise MalformedNote("the last signature line doesn't end in a newline")
    numbered = lines[:-1].split("\n")
    if len(numbered) > SIGNATURES_MAX:
        raise MalformedNote(f"{len(numbered)} signatures, at most {SIGNATURES_MAX} are allowed")
    signatures = tuple(_parse_line(line, number) for number, line in enumerate(numbered, 1))
    return Note(text + "\n", signatures)


def parse_verifier_key(text: str) -> VerifierKey:
    """Return the key that `name+hex(key id)+base64(type ‖ public key)` spells."""
    name, _, rest = text.partition("+")
    spelt_id, _, encoded = rest.partition("+")
    check_name(name)
    data = from_base64(encoded)
    if data is None or not data:
        raise MalformedNote(f"verifier key {name}: what follows the key id is not base64")
    key = VerifierKey(name, data[1:], data[0])
    if key.type not in {TYPE_ED25519, TYPE_COSIGNATURE}:
        raise MalformedNote(f"verifier key {name}: type {key.type} is not known here")
    if not ed25519.is_public_key(key.public):
        raise MalformedNote(f"verifier key {name}: not an acceptable Ed25519 public key")
    if spelt_id != key_id(key).hex():
        raise MalformedNote(f"verifier key {name}: key id {key_id(key).hex()} expected")
    return key


def format_verifier_key(key: VerifierKey) -> str:
    """Return `name+hex(key id)+base64(type ‖ public key)`."""
    encoded = to_base64(bytes([key.type]) + key.public)
    return f"{key.name}+{key_id(key).hex()}+{encoded}"


def verifier_key(signer: Signer) -> VerifierKey:
    """Return the key that verifies what a signer signs."""
    check_name(signer.name)
    return VerifierKey(signer.name, ed25519.public_key(signer.secret), signer.type)


def key_id(key: VerifierKey) -> bytes:
    """Return the first bytes of SHA-256(name ‖ newline ‖ type ‖ public key)."""
    preimage = key.name.encode() + b"\n" + bytes([key.type]) + key.public
    return sha256(preimage).digest()[:KEY_ID_LENGTH]


def signature_line(key: VerifierKey, signature: bytes) -> str:
    """Return the line under a note that holds a signature by `key`."""
    return f"{_DASH}{key.name} {to_base64(key_id(key) + signature)}\n"


def check_name(name: str) -> None:
    """Refuse a name that a signature line or a verifier key couldn't hold."""
    if not name:
        raise MalformedNote("a signer's name is empty")
    for character in name:
        if character == "+" or character < " " or character.isspace():
            raise MalformedNote(f"a signer's name holds {character!r}: {name[:40]!r}")


def check_text(text: str) -> None:
    """Refuse a text that a note couldn't hold."""
    if not text.endswith("\n"):
        raise MalformedNote("the text doesn't end in a newline")
    for offset, character in enumerate(text):
        if character < " " and character != "\n":
            raise MalformedNote(f"character {offset} is the control character {character!r}")


def to_base64(data: bytes) -> str:
    """Return the standard base64 of bytes, with padding."""
    return b64encode(data).decode()


def from_base64(text: str) -> bytes | None:
    """Return the bytes whose standard base64 is exactly `text`, nothing if there are none."""
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        return None
    return data if to_base64(data) == text else None


def _parse_line(line: str, number: int) -> NoteSignature:
    """Take one signature line apart."""
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not (line.startswith(_DASH) and space):
        raise MalformedNote(f"signature line {number} is not '— name base64'")
    check_name(name)
    data = from_base64(encoded)
    if data is None or len(data) <= KEY_ID_LENGTH:
        raise MalformedNote(f"signature line {number} ({name}) holds no key id and signature")
    return NoteSignature(name, data[:KEY_ID_LENGTH], data[KEY_ID_LENGTH:])
