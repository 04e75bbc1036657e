"""
A witness: it cosigns ledgers' checkpoints, each only if it grew out of what it saw before.

A ledger with one key could show one face here and another there. Where a threshold of its own key
and of witnesses' is asked for, it would need them all to forget. What a witness saw is synced
before it signs, and survives it. The exchange is that of c2sp.org/tlog-witness.
"""

import fcntl
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Self

from tallystick.base import merkle
from tallystick.base.checkpoints import (
    Checkpoint,
    MalformedCheckpoint,
    cosign_checkpoint,
    open_checkpoint,
    parse_checkpoint,
)
from tallystick.base.encoding import Malformed, decode, encode
from tallystick.base.identifiers import (
    Hash,
    LedgerId,
    format_ledger_id,
    parse_ledger_id,
)
from tallystick.base.notes import (
    TYPE_COSIGNATURE,
    MalformedNote,
    Signer,
    UntrustedNote,
    format_verifier_key,
    parse_note,
    parse_verifier_key,
    verifier_key,
)
from tallystick.client.foreign import CannotCosign, SizeDiffers
from tallystick.core.foreign import Anchor

MEMORY_BYTES_MAX: Final = 1_024
OWNER_ONLY: Final = 0o600


class LedgerUnknown(CannotCosign):
    """The witness was not asked to watch this ledger, or its key has not signed."""


class NoGrowth(CannotCosign):
    """The path doesn't show that the log only grew."""


class ForkSeen(CannotCosign):
    """The ledger has shown another log of the same size before; keep both notes."""

    def __init__(self, seen: Anchor, note: bytes) -> None:
        """Keep what was seen, and what is shown now."""
        super().__init__(f"another log of {seen.size} entries was seen before")
        self.seen = seen
        self.note = note


class WitnessUnusable(ValueError):
    """A witness's memory is damaged, or in use; the message says where."""


class Witness:
    """One witness, with a folder for what it remembers."""

    def __init__(
        self, folder: Path, signer: Signer, *, clock: Callable[[], float] = time.time
    ) -> None:
        """Remember in a folder, which no other witness may use meanwhile."""
        if signer.type != TYPE_COSIGNATURE:
            raise ValueError(f"signer: {signer.name} has no key for cosignatures")
        folder.mkdir(parents=True, exist_ok=True)
        self.verifier_key = format_verifier_key(verifier_key(signer))
        self._signer = signer
        self._folder = folder
        self._clock = clock
        self._keys: dict[LedgerId, str] = {}
        self._memory = dict(_remembered(folder))
        self._deciding = threading.Lock()
        self._lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise WitnessUnusable(f"{folder}: another witness remembers there") from None

    def watch(self, ledger: LedgerId, key: str) -> Self:
        """Cosign for a ledger from now on, whose own key is this, as C2SP notes write it."""
        parse_verifier_key(key)
        self._keys[ledger] = key
        return self

    def size(self, ledger: LedgerId) -> int:
        """Return how large the ledger's log was when it was seen last, 0 for never. [entries]"""
        seen = self._memory.get(ledger)
        return 0 if seen is None else seen.size

    def cosign(self, note: bytes, *, since: int, consistency: Sequence[bytes]) -> bytes:
        """
        Return the note with this witness's cosignature.

        Raises `LedgerUnknown`, `SizeDiffers`, `NoGrowth` or `ForkSeen`.
        """
        ledger, checkpoint = self._open(note)
        with self._deciding:
            seen = self._memory.get(ledger)
            if since != self.size(ledger):
                raise SizeDiffers(self.size(ledger))
            if seen is not None:
                _check_growth(seen, checkpoint, note, consistency)
            if seen is None or checkpoint.size > seen.size:
                self._remember(ledger, Anchor(checkpoint.size, Hash(checkpoint.root)))
        return cosign_checkpoint(note, self._signer, time=int(self._clock()))

    def close(self) -> None:
        """Leave the folder to another."""
        os.close(self._lock)

    def _open(self, note: bytes) -> tuple[LedgerId, Checkpoint]:
        """Return whose checkpoint a note is, if that ledger's own key signed it."""
        try:
            origin = parse_checkpoint(parse_note(note).text).origin
            ledger = parse_ledger_id(origin)
            if (key := self._keys.get(ledger)) is None:
                raise LedgerUnknown(f"nobody asked to watch {origin}")
            return ledger, open_checkpoint(note, [parse_verifier_key(key)], origin=origin)
        except (MalformedNote, MalformedCheckpoint, UntrustedNote, ValueError) as error:
            raise LedgerUnknown(str(error)) from error

    def _remember(self, ledger: LedgerId, seen: Anchor) -> None:
        """Keep what was seen, durably, before it is vouched for."""
        place = self._folder / format_ledger_id(ledger)
        fresh = place.with_suffix(".new")
        descriptor = os.open(
            fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, OWNER_ONLY
        )
        with os.fdopen(descriptor, "wb") as file:
            file.write(encode(seen))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(place)
        _sync_folder(self._folder)
        self._memory[ledger] = seen


def _check_growth(
    seen: Anchor, checkpoint: Checkpoint, note: bytes, consistency: Sequence[bytes]
) -> None:
    """Refuse a log that did not grow out of the one seen before."""
    if checkpoint.size == seen.size and checkpoint.root != seen.root:
        raise ForkSeen(seen, note)
    if not merkle.verify_consistency(
        seen.size, checkpoint.size, seen.root, checkpoint.root, consistency
    ):
        raise NoGrowth(f"{checkpoint.size} entries do not continue the {seen.size} seen before")


def _remembered(folder: Path) -> list[tuple[LedgerId, Anchor]]:
    """Return what stands in a folder."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.name == "lock" or path.suffix == ".new":
            continue
        try:
            seen = decode(path.read_bytes(), Anchor, bytes_max=MEMORY_BYTES_MAX)
            found.append((parse_ledger_id(path.name), seen))
        except (Malformed, ValueError) as error:
            raise WitnessUnusable(f"{path}: {error}; restore it from a copy") from error
    return found


def _sync_folder(folder: Path) -> None:
    """Make changed names durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
