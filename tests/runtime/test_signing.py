"""What a node signs about its log."""

from tallystick.base.checkpoints import open_checkpoint
from tallystick.base.identifiers import format_ledger_id
from tallystick.base.notes import parse_verifier_key
from tallystick.runtime.signing import LogSigner
from tests.core.toy import Make, advance, signed, toy_state


def test_checkpoints_name_ledger_size_and_root() -> None:
    """The origin is the ledger's id, and the note opens under the key that is shown."""
    state = toy_state()
    signer = LogSigner(bytes(range(32)), name="toy")
    advance(state, signed(state.ledger, Make(amount=1)))
    key = parse_verifier_key(signer.verifier_key)
    checkpoint = open_checkpoint(signer.sign(state), [key], origin=format_ledger_id(state.ledger))
    assert (checkpoint.size, checkpoint.root) == (state.log.size, state.log.root())


def test_each_size_is_signed_once_and_kept() -> None:
    """Asking twice gives the same note; each new one is handed over with its height."""
    state, kept = toy_state(), []
    signer = LogSigner(bytes(32), name="toy", keep=lambda note, height: kept.append((note, height)))
    first = signer.sign(state)
    assert signer.sign(state) == first
    advance(state)
    second = signer.sign(state)
    assert kept == [(first, 0), (second, 1)]
