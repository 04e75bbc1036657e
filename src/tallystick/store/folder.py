"""
A ledger's folder: what lies where, and who may open it.

    genesis             what the ledger is; without this file there is no ledger
    journal/            the truth (journal.py)
    state/              a cache of the journal (lmdb.py)
    base/               of a restored ledger: the snapshot on which its journal stands (snapshot.py)
    lock                held by whoever has the ledger open

`genesis` is put in place last and atomically, so creation happens whole or not at all.
"""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self

from tallystick.base.encoding import Decoder, Malformed, encode
from tallystick.base.identifiers import LedgerId
from tallystick.core.errors import Damaged
from tallystick.core.genesis import Genesis, ledger_id

from .errors import LedgerExists, LedgerInUse, NoLedger
from .files import DISK, Files, write_atomically

GENESIS_BYTES_MAX: Final = 2**23
LOCK_BYTES_MAX: Final = 32
REMAINS: Final = ("base", "base.new", "state")
"""What a creation that was cut off may have left, besides an empty journal."""

decode_genesis: Final = Decoder(Genesis, bytes_max=GENESIS_BYTES_MAX).decode


class Folder:
    """A ledger's folder, held by this process alone until it is closed."""

    def __init__(self, path: Path, files: Files = DISK) -> None:
        """Take the folder's lock, or raise `LedgerInUse`, whether or not it holds a ledger."""
        self.path = path
        self.files = files
        self._lock = _take_lock(path)

    @property
    def journal_path(self) -> Path:
        """Return where the blocks are."""
        return self.path / "journal"

    @property
    def state_path(self) -> Path:
        """Return where the state is cached."""
        return self.path / "state"

    @property
    def base_path(self) -> Path:
        """Return where a restored ledger keeps the snapshot that it began with."""
        return self.path / "base"

    @property
    def genesis(self) -> Genesis:
        """Return what the ledger is, as the folder says."""
        path = self.path / "genesis"
        try:
            return decode_genesis(path.read_bytes())
        except Malformed as malformed:
            raise Damaged(
                f"block 0: {path} is not a genesis ({malformed}): put the original file back"
            ) from malformed

    @property
    def ledger(self) -> LedgerId:
        """Return the ledger's id."""
        return ledger_id(self.genesis)

    def close(self) -> None:
        """Let others open the folder."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def create_folder(
    path: Path,
    genesis: Genesis,
    *,
    files: Files = DISK,
    furnish: Callable[[Folder], None] | None = None,
) -> Folder:
    """
    Make a ledger's folder and hold it.

    `furnish` may put things in place before the genesis makes it a ledger. What an earlier creation
    left behind when it was cut off is cleared away; a ledger, or blocks without one, are not.
    """
    path.mkdir(parents=True, exist_ok=True)
    if not (path / "lock").exists():
        _refuse_strange(path)
    folder = Folder(path, files)
    try:
        _clear_remains(folder)
        folder.journal_path.mkdir(exist_ok=True)
        if furnish is not None:
            furnish(folder)
        write_atomically(files, path / "genesis", encode(genesis))
        files.sync_folder(path.absolute().parent)
    except BaseException:
        folder.close()
        raise
    return folder


def open_folder(path: Path, *, files: Files = DISK) -> Folder:
    """Hold the folder of a ledger that was created before."""
    if not (path / "genesis").exists():
        raise NoLedger(f"there is no ledger in {path}: create one, or check the path")
    folder = Folder(path, files)
    try:
        _ = folder.genesis
    except BaseException:
        folder.close()
        raise
    return folder


def _refuse_strange(path: Path) -> None:
    """Refuse a folder where no creation had begun, but where things lie that one would clear."""
    for name in REMAINS:
        if (path / name).exists():
            raise LedgerExists(
                f"{path} holds a folder {name!r} that is no ledger's: choose another folder"
            )


def _clear_remains(folder: Folder) -> None:
    """Remove what a creation that never finished left; refuse what might be somebody's ledger."""
    if (folder.path / "genesis").exists():
        raise LedgerExists(
            f"there is a ledger in {folder.path} already: open it, or choose another folder"
        )
    if folder.journal_path.is_dir() and any(folder.journal_path.glob("*.blocks")):
        raise LedgerExists(
            f"{folder.path} holds blocks but no genesis: put the genesis file back, "
            "or choose another folder"
        )
    for name in REMAINS:
        shutil.rmtree(folder.path / name, ignore_errors=True)


def _take_lock(path: Path) -> int:
    """
    Return a descriptor that holds the folder's lock; the system releases it however we end.

    The lock belongs to the open file and not to the process, so a second opening within one process
    is refused too.
    """
    descriptor = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    except BlockingIOError:
        holder = os.pread(descriptor, LOCK_BYTES_MAX, 0).decode(errors="replace") or "unknown"
        os.close(descriptor)
        raise LedgerInUse(
            f"the ledger in {path} is open in process {holder}: wait until it has ended, or stop it"
        ) from None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
