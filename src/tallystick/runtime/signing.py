"""Checkpoints: what a node says about its log, under its own key."""

from collections.abc import Callable

from tallystick.base import notes
from tallystick.base.checkpoints import Checkpoint, sign_checkpoint
from tallystick.base.identifiers import format_ledger_id
from tallystick.base.notes import Signer
from tallystick.core.state import State


class LogSigner:
    """Signs the log of one ledger with an Ed25519 key; its origin is the ledger's id as text."""

    def __init__(
        self,
        secret: bytes,
        *,
        name: str,
        keep: Callable[[bytes, int], None] = lambda _note, _height: None,
    ) -> None:
        """Sign as `name`; `keep` is given each new note, and the height that it reaches."""
        self._signer = Signer(name, secret)
        self._keep = keep
        self._latest: tuple[int, bytes] = (0, b"")
        self.verifier_key = notes.format_verifier_key(notes.verifier_key(self._signer))

    def sign(self, state: State) -> bytes:
        """Return a C2SP signed note over the log as it is now; one for each size."""
        size, note = self._latest
        if size != state.log.size:
            origin = format_ledger_id(state.ledger)
            checkpoint = Checkpoint(origin, state.log.size, state.log.root())
            note = sign_checkpoint(checkpoint, self._signer)
            self._keep(note, state.height)
            self._latest = state.log.size, note
        return note
