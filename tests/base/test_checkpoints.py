"""C2SP checkpoints are written, read, signed and cosigned as their specification says."""

from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base import checkpoints, ed25519, notes
from tallystick.base.checkpoints import Checkpoint, MalformedCheckpoint
from tallystick.base.merkle import EMPTY_ROOT
from tallystick.base.notes import TYPE_COSIGNATURE, MalformedNote, Signer, UntrustedNote

ORIGIN = "example.com/behind-the-sofa"
ROOT = sha256(b"root").digest()
ROOT_TEXT = b64encode(ROOT).decode()
CHECKPOINT = Checkpoint(ORIGIN, 20852163, ROOT, ("extension one", "extension two"))
TEXT = f"{ORIGIN}\n20852163\n{ROOT_TEXT}\nextension one\nextension two\n"
LOG = Signer(ORIGIN, b"l" * 32)
LOG_KEY = notes.verifier_key(LOG)
NOTE = checkpoints.sign_checkpoint(CHECKPOINT, LOG)
WITNESS = Signer("witness.example/w1", b"w" * 32, TYPE_COSIGNATURE)
WITNESS_KEY = notes.verifier_key(WITNESS)

LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)
CHECKPOINTS = st.builds(
    Checkpoint,
    origin=LINES,
    size=st.integers(1, 2**63 - 1),
    root=st.binary(min_size=32, max_size=32),
    extensions=st.lists(LINES, max_size=3).map(tuple),
)


def test_the_text() -> None:
    """A checkpoint is its origin, size, root and extensions, a line each."""
    assert checkpoints.format_checkpoint(CHECKPOINT) == TEXT
    assert checkpoints.parse_checkpoint(TEXT) == CHECKPOINT


@given(checkpoint=CHECKPOINTS)
def test_what_is_written_is_read(checkpoint: Checkpoint) -> None:
    """Every checkpoint comes back from its text and from its note."""
    text = checkpoints.format_checkpoint(checkpoint)
    assert checkpoint == checkpoints.parse_checkpoint(text)
    note = checkpoints.sign_checkpoint(checkpoint, LOG)
    assert checkpoint == checkpoints.open_checkpoint(note, [LOG_KEY], origin=checkpoint.origin)


def test_the_empty_log() -> None:
    """The empty log has a checkpoint with the empty root, and none with another."""
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert empty == checkpoints.parse_checkpoint(checkpoints.format_checkpoint(empty))
    with pytest.raises(MalformedCheckpoint, match="not the empty root"):
        checkpoints.parse_checkpoint(f"{ORIGIN}\n0\n{ROOT_TEXT}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected origin, size and root"),
        (f"{ORIGIN}\n5\n", "expected origin, size and root"),
        (f"{ORIGIN}\n5\n{ROOT_TEXT}", "each ended by a newline"),
        (f"\n5\n{ROOT_TEXT}\n", "the origin is empty"),
        (f"{ORIGIN}\n05\n{ROOT_TEXT}\n", "size '05' is not a decimal"),
        (f"{ORIGIN}\n00\n{ROOT_TEXT}\n", "size '00' is not a decimal"),
        (f"{ORIGIN}\n\n{ROOT_TEXT}\n", "size '' is not a decimal"),
        (f"{ORIGIN}\n-5\n{ROOT_TEXT}\n", "size '-5' is not a decimal"),
        (f"{ORIGIN}\n+5\n{ROOT_TEXT}\n", "is not a decimal"),
        (f"{ORIGIN}\n 5\n{ROOT_TEXT}\n", "size ' 5' is not a decimal"),
        (f"{ORIGIN}\n5_0\n{ROOT_TEXT}\n", "size '5_0' is not a decimal"),
        (f"{ORIGIN}\n0x5\n{ROOT_TEXT}\n", "size '0x5' is not a decimal"),
        (f"{ORIGIN}\n٥\n{ROOT_TEXT}\n", "is not a decimal"),
        (f"{ORIGIN}\n9223372036854775808\n{ROOT_TEXT}\n", "is not a decimal number up to"),
        (f"{ORIGIN}\n{'9' * 5000}\n{ROOT_TEXT}\n", "is not a decimal number up to"),
        (f"{ORIGIN}\n5\n{ROOT_TEXT[:-1]}\n", "root is not the base64 of 32 bytes"),
        (f"{ORIGIN}\n5\n{ROOT.hex()}\n", "root is not the base64 of 32 bytes"),
        (f"{ORIGIN}\n5\n{b64encode(ROOT[:31]).decode()}\n", "root is not the base64"),
        (f"{ORIGIN}\n5\n{ROOT_TEXT}\n\n", "an extension line is empty"),
        (f"{ORIGIN}\n5\n{ROOT_TEXT}\n\nafter\n", "an extension line is empty"),
    ],
)
def test_malformed_checkpoints(text: str, message: str) -> None:
    """A text that is not a checkpoint is refused with the reason."""
    with pytest.raises(MalformedCheckpoint, match=message):
        checkpoints.parse_checkpoint(text)


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint("", 5, ROOT),
        Checkpoint("two\nlines", 5, ROOT),
        Checkpoint(ORIGIN, -1, ROOT),
        Checkpoint(ORIGIN, 2**63, ROOT),
        Checkpoint(ORIGIN, 0, ROOT),
        Checkpoint(ORIGIN, 5, ROOT[:31]),
        Checkpoint(ORIGIN, 5, ROOT, ("",)),
        Checkpoint(ORIGIN, 5, ROOT, ("two\nlines",)),
    ],
)
def test_writing_what_could_not_be_read(checkpoint: Checkpoint) -> None:
    """What would not be read back is not written."""
    with pytest.raises(MalformedCheckpoint):
        checkpoints.format_checkpoint(checkpoint)


@given(text=st.text(max_size=100))
def test_arbitrary_text(text: str) -> None:
    """Arbitrary text is refused with one error."""
    with pytest.raises(MalformedCheckpoint):
        checkpoints.parse_checkpoint(text)


def test_another_logs_checkpoint() -> None:
    """A checkpoint of another log under a trusted key is refused."""
    with pytest.raises(MalformedCheckpoint, match=r"origin is '.*sofa', expected 'example\.org'"):
        checkpoints.open_checkpoint(NOTE, [LOG_KEY], origin="example.org")


def test_an_attackers_key() -> None:
    """A checkpoint under another key of the same name is refused."""
    forged = checkpoints.sign_checkpoint(CHECKPOINT, Signer(ORIGIN, b"x" * 32))
    with pytest.raises(UntrustedNote):
        checkpoints.open_checkpoint(forged, [LOG_KEY], origin=ORIGIN)


def test_cosigning() -> None:
    """A cosigned checkpoint still opens, and tells when the witness signed."""
    cosigned = checkpoints.cosign_checkpoint(NOTE, WITNESS, time=1679315147)
    assert checkpoints.open_checkpoint(cosigned, [LOG_KEY], origin=ORIGIN) == CHECKPOINT
    assert checkpoints.cosigned_at(cosigned, WITNESS_KEY) == 1679315147
    assert checkpoints.cosigned_at(NOTE, WITNESS_KEY) is None
    assert checkpoints.cosigned_at(cosigned, LOG_KEY) is None
    again = checkpoints.cosign_checkpoint(cosigned, WITNESS, time=1679315148)
    assert checkpoints.cosigned_at(again, WITNESS_KEY) == 1679315148


def test_the_cosigned_bytes() -> None:
    """A cosignature is the time in eight bytes, then Ed25519 over header, time and text."""
    message = f"cosignature/v1\ntime 7\n{TEXT}".encode()
    assert checkpoints.cosignature_message(TEXT, time=7) == message
    line = checkpoints.cosign_checkpoint(NOTE, WITNESS, time=7)[len(NOTE) :].decode()
    signature = (7).to_bytes(8, "big") + ed25519.sign(WITNESS.secret, message)
    encoded = b64encode(notes.key_id(WITNESS_KEY) + signature).decode()
    assert line == f"— {WITNESS.name} {encoded}\n"


def test_wrong_cosignatures() -> None:
    """A cosignature of another checkpoint, or with its time changed, is refused."""
    other = checkpoints.sign_checkpoint(Checkpoint(ORIGIN, 5, ROOT), LOG)
    line = checkpoints.cosign_checkpoint(other, WITNESS, time=7)[len(other) :]
    with pytest.raises(UntrustedNote, match=r"cosignature by witness\.example/w1 is wrong"):
        checkpoints.cosigned_at(NOTE + line, WITNESS_KEY)
    signature = ed25519.sign(WITNESS.secret, checkpoints.cosignature_message(TEXT, time=7))
    for forged in ((8).to_bytes(8, "big") + signature, signature, b"short"):
        moved = NOTE + notes.signature_line(WITNESS_KEY, forged).encode()
        with pytest.raises(UntrustedNote, match=r"cosignature by witness\.example/w1 is wrong"):
            checkpoints.cosigned_at(moved, WITNESS_KEY)


def test_only_witnesses_cosign_and_only_checkpoints() -> None:
    """A log's key makes no cosignatures, and other notes get none."""
    with pytest.raises(MalformedNote, match="type 1 makes no cosignatures"):
        checkpoints.cosign_checkpoint(NOTE, LOG, time=7)
    with pytest.raises(MalformedCheckpoint):
        checkpoints.cosign_checkpoint(notes.sign_note("text\n", LOG), WITNESS, time=7)
