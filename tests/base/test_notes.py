"""C2SP signed notes are made, opened and refused as their specification says."""

from base64 import b64decode, b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base import notes
from tallystick.base.notes import MalformedNote, Signer, UntrustedNote, VerifierKey

# The example of the format's first implementation, golang.org/x/mod/sumdb/note.
PETER = Signer("PeterNeumann", b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:])
PETER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_NOTE = (
    PETER_TEXT + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FF"
    "YC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

ALICE = Signer("alice.example/log", b"a" * 32)
BOB = Signer("bob", b"b" * 32)
ALICE_KEY, BOB_KEY = notes.verifier_key(ALICE), notes.verifier_key(BOB)
NOTE = notes.sign_note("text\n", ALICE)
LINE = NOTE.decode().partition("\n\n")[2]
BOB_LINE = notes.sign_note("text\n", BOB).decode().partition("\n\n")[2]


def test_the_published_example() -> None:
    """Key, note and signature are those of the format's first implementation."""
    assert notes.format_verifier_key(notes.verifier_key(PETER)) == PETER_KEY
    assert notes.sign_note(PETER_TEXT, PETER).decode() == PETER_NOTE
    assert notes.open_note(PETER_NOTE.encode(), [notes.parse_verifier_key(PETER_KEY)]) == PETER_TEXT


@given(
    text=st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n")),
    name=st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="+"), min_size=1
    ),
)
def test_opening_what_was_signed(text: str, name: str) -> None:
    """Any text in lines, empty ones too, comes back from the note under any name."""
    signer = Signer(name, b"s" * 32)
    key = notes.parse_verifier_key(notes.format_verifier_key(notes.verifier_key(signer)))
    assert text + "\n" == notes.open_note(notes.sign_note(text + "\n", signer), [key])


def test_unknown_signatures_are_ignored() -> None:
    """Others may sign below without the reader knowing them, in any order."""
    other = "— somebody " + b64encode(b"1234" + b"any algorithm").decode() + "\n"
    for lines in (LINE + BOB_LINE, BOB_LINE + LINE, other + LINE, LINE + other):
        assert notes.open_note(f"text\n\n{lines}".encode(), [ALICE_KEY]) == "text\n"


def test_same_name_and_other_key() -> None:
    """A signature under a known name by another key is an unknown one."""
    impostor = notes.sign_note("text\n", Signer(ALICE.name, b"i" * 32))
    with pytest.raises(UntrustedNote, match="no signature by a known key; known are: alice"):
        notes.open_note(impostor, [ALICE_KEY])
    with pytest.raises(UntrustedNote, match="known are: nobody"):
        notes.open_note(impostor, [])


def test_a_wrong_signature_by_a_known_key() -> None:
    """One that claims a known key and is wrong refuses the note, whatever else is below it."""
    moved = notes.sign_note("other\n", ALICE).decode().partition("\n\n")[2]
    for lines in (moved, moved + BOB_LINE, BOB_LINE + moved, LINE + moved):
        with pytest.raises(UntrustedNote, match=r"signature by alice\.example/log is wrong"):
            notes.open_note(f"text\n\n{lines}".encode(), [ALICE_KEY, BOB_KEY])


@pytest.mark.parametrize(
    ("note", "message"),
    [
        (b"", "no empty line"),
        (b"text\n", "no empty line"),
        (b"text\n" + LINE.encode(), "no empty line"),
        (b"text\n\n", "doesn't end in a newline"),
        (b"text\n\n" + LINE.encode()[:-1], "last signature line doesn't end in a newline"),
        (b"no\xffte\n\n" + LINE.encode(), "byte 2 is not UTF-8"),
        (b"no\tte\n\n" + LINE.encode(), r"character 2 is the control character '\\t'"),
        (b"no\rte\n\n" + LINE.encode(), "control character"),
        (b"no\0te\n\n" + LINE.encode(), "control character"),
        (b"text\n\n" + LINE.encode().replace("— ".encode(), b"- "), "line 1 is not '— name"),
        (b"text\n\n" + LINE.encode() + b"\xe2\x80\x94 bob\n", "line 2 is not '— name base64'"),
        (b"text\n\n" + LINE.encode() + b"junk\n", "line 2 is not '— name base64'"),
        (b"text\n\n\xe2\x80\x94  AAAAAAAA\n", "signer's name is empty"),
        (b"text\n\n\xe2\x80\x94 a+b AAAAAAAA\n", "signer's name holds '\\+'"),
        (b"text\n\n\xe2\x80\x94 bob AAAA\n", "holds no key id and signature"),
        (b"text\n\n\xe2\x80\x94 bob AAAAAA==\n", "holds no key id and signature"),
        (b"text\n\n\xe2\x80\x94 bob AAAAAAB=\n", "holds no key id and signature"),
        (b"text\n\n\xe2\x80\x94 bob AAAAAAA\n", "holds no key id and signature"),
        (b"text\n\n\xe2\x80\x94 bob AAAA AAA\n", "holds no key id and signature"),
        (b"text\n\n" + LINE.encode() * 101, "101 signatures, at most 100"),
        (b"x" * 1_000_001, "1000001 bytes, at most 1000000"),
    ],
)
def test_malformed_notes(note: bytes, message: str) -> None:
    """A note that is not in the format is refused with the reason."""
    with pytest.raises(MalformedNote, match=message):
        notes.open_note(note, [ALICE_KEY])


def test_limits_hold() -> None:
    """A hundred signatures and a million bytes are still opened."""
    assert notes.open_note(b"text\n\n" + LINE.encode() * 100, [ALICE_KEY]) == "text\n"
    text = "x" * (1_000_000 - len(NOTE) + len("text")) + "\n"
    note = notes.sign_note(text, ALICE)
    assert len(note) == notes.NOTE_BYTES_MAX
    assert notes.open_note(note, [ALICE_KEY]) == text


@given(position=st.integers(0, len(NOTE) - 1), octet=st.integers(0, 255))
def test_any_changed_byte_refuses(position: int, octet: int) -> None:
    """A note with one byte changed is refused with one of the two errors."""
    changed = NOTE[:position] + bytes([octet]) + NOTE[position + 1 :]
    if changed != NOTE:
        with pytest.raises((MalformedNote, UntrustedNote)):
            notes.open_note(changed, [ALICE_KEY])


@given(note=st.binary(max_size=200))
def test_arbitrary_bytes(note: bytes) -> None:
    """Arbitrary bytes are refused with one of the two errors."""
    with pytest.raises((MalformedNote, UntrustedNote)):
        notes.open_note(note, [ALICE_KEY])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "name is empty"),
        ("bob", "not base64"),
        ("bob+c74f20a3", "not base64"),
        ("bo b+c74f20a3+AQ==", "name holds ' '"),
        ("bo\u00a0b+c74f20a3+AQ==", "name holds"),
        ("+c74f20a3+AQ==", "name is empty"),
        ("bob+c74f20a3+A Q=", "not base64"),
        ("bob+c74f20a3+", "not base64"),
        (PETER_KEY + "\n", "not base64"),
        (PETER_KEY.replace("ARpc", "AQpc"), "key id .* expected"),
        (PETER_KEY.replace("c74f20a3", "C74F20A3"), "key id c74f20a3 expected"),
        (PETER_KEY.replace("c74f20a3", "c74f20a4"), "key id c74f20a3 expected"),
        (PETER_KEY.replace("Peter", "peter"), "key id .* expected"),
        (PETER_KEY.replace("ARpc", "BRpc"), "type 5 is not known here"),
        (PETER_KEY.replace("ARpc", "Apc="), "not base64"),
        ("bob+00000000+AQ==", "not an acceptable Ed25519 public key"),
        ("bob+00000000+" + b64encode(b"\x01" + bytes(32)).decode(), "not an acceptable"),
        ("bob+00000000+" + b64encode(b"\x01" + bytes(33)).decode(), "not an acceptable"),
    ],
)
def test_malformed_verifier_keys(text: str, message: str) -> None:
    """A verifier key that is not in the format is refused with the reason."""
    with pytest.raises(MalformedNote, match=message):
        notes.parse_verifier_key(text)


@given(text=st.text(max_size=100))
def test_arbitrary_verifier_keys(text: str) -> None:
    """Arbitrary text is refused as a key with one error."""
    with pytest.raises(MalformedNote):
        notes.parse_verifier_key(text)


def test_cosignature_keys() -> None:
    """A key for cosignatures has a text and an id of its own, and vouches for no text."""
    witness = Signer("bob", BOB.secret, notes.TYPE_COSIGNATURE)
    key = notes.verifier_key(witness)
    assert key == notes.parse_verifier_key(notes.format_verifier_key(key))
    assert notes.key_id(key) != notes.key_id(BOB_KEY)
    with pytest.raises(MalformedNote, match="type 4 doesn't sign a note's text"):
        notes.sign_note("text\n", witness)
    with pytest.raises(UntrustedNote, match="no signature by a known key"):
        notes.open_note(notes.sign_note("text\n", BOB), [key])


@pytest.mark.parametrize(
    ("text", "signer", "message"),
    [
        ("text", ALICE, "doesn't end in a newline"),
        ("", ALICE, "doesn't end in a newline"),
        ("no\x01te\n", ALICE, "control character"),
        ("text\n", Signer("", b"a" * 32), "name is empty"),
        ("text\n", Signer("a b", b"a" * 32), "name holds ' '"),
        ("text\n", Signer("a+b", b"a" * 32), "name holds '\\+'"),
        ("text\n", Signer("a\nb", b"a" * 32), r"name holds '\\n'"),
    ],
)
def test_signing_what_could_not_be_opened(text: str, signer: Signer, message: str) -> None:
    """What would not be opened is not signed."""
    with pytest.raises(MalformedNote, match=message):
        notes.sign_note(text, signer)


def test_a_signer_hides_its_secret() -> None:
    """Printing a signer shows its name and type only."""
    assert repr(ALICE) == "Signer(name='alice.example/log', type=1)"
    assert VerifierKey("a", b"p").type == notes.TYPE_ED25519
