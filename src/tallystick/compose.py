"""The only place that knows everything: it joins contracts, stores, runtimes, index and clients."""

import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from errno import ENOENT
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tallystick.base.checkpoints import parse_checkpoint
from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import LedgerId
from tallystick.base.notes import parse_note
from tallystick.base.sealing import CannotUnseal
from tallystick.base.signatures import public_key
from tallystick.client.genesis import genesis_of, with_parameters
from tallystick.client.ledger import Ledger
from tallystick.client.wallet import Wallet
from tallystick.config import Configuration
from tallystick.contracts import CONTRACTS
from tallystick.core import transition
from tallystick.core.check import Verified
from tallystick.core.errors import Damaged, Refused
from tallystick.core.genesis import Genesis
from tallystick.core.state import State
from tallystick.runtime.embedded import Embedded
from tallystick.runtime.signing import LogSigner
from tallystick.runtime.verifier import VerifierProcess, verify_here
from tallystick.store import audit as auditing
from tallystick.store.files import DISK, write_atomically
from tallystick.store.folder import Folder, create_folder, decode_genesis, open_folder
from tallystick.store.memory import MemoryStore
from tallystick.store.opening import Opened, open_state, unseen
from tallystick.store.secret import Passphrase, read_secret, write_secret
from tallystick.store.snapshot import (
    Manifest,
    Snapshot,
    capture,
    open_base,
    restore_snapshot,
    verify_snapshot,
    write_snapshot,
)

if TYPE_CHECKING:
    from tallystick.index.index import Index

__all__ = [
    "CONTRACTS",
    "AuditReport",
    "Progress",
    "audit",
    "create_ledger",
    "open_index",
    "open_ledger",
    "open_wallet",
    "passphrase",
    "read_model",
    "restore_ledger_snapshot",
    "steps",
    "verify_ledger_snapshot",
    "wall_clock",
    "write_ledger_snapshot",
]

AuditReport = auditing.Audit
Clock = Callable[[], int]
Progress = Callable[[int, int], None]

PASSPHRASE_VARIABLE = "TALLYSTICK_PASSPHRASE"  # noqa: S105 - where it is, not what it is.
WALLET_FILE = "wallet"
CHECKPOINT_FILE = "checkpoint"
CHECKPOINT_HEIGHT_FILE = "checkpoint-height"
CHECKPOINT_KEY_FILE = "checkpoint-key"
CHECKPOINT_PURPOSE = b"tallystick checkpoint key"
REMOVE_CHECKPOINT = (
    "put the file back; or remove it, and the next opening cannot notice that blocks were cut off"
)
SET_ASIDE_FOLDER = "set-aside"
ROWS_A_PAGE = 1_000
SECRET_BYTES = 32


def open_ledger(
    path: Path | str,
    *,
    genesis: Genesis | None = None,
    clock: Clock | None = None,
    configuration: Configuration | None = None,
    progress: Progress = unseen,
) -> Ledger:
    """
    Open the ledger in a folder, or make it there if a genesis is given or the folder is new.

    Without a genesis a new ledger gets a wallet of its own with the keys of its registrar, issuing
    body and publisher (`open_wallet`). `clock` returns milliseconds since the epoch, UTC; by
    default it is the machine's. Raises `Unavailable` or `Damaged`, each saying what to do.
    """
    place = Path(path)
    folder = _folder(place, genesis, clock or wall_clock)
    try:
        opened = open_state(
            folder,
            CONTRACTS,
            kind=(configuration or Configuration()).state,
            reached=_signed_height(folder),
            progress=progress,
        )
        try:
            node = _node(folder, opened, clock or wall_clock, configuration or Configuration())
        except BaseException:
            opened.close()
            raise
    except BaseException:
        folder.close()
        raise
    return Ledger(node, clock=clock)


def create_ledger(
    path: Path | str,
    *,
    name: str,
    sectors: Sequence[str],
    interval_seconds: Sequence[int],
    clock: Clock | None = None,
    parameters: Mapping[str, Record] | None = None,
) -> Ledger:
    """Make a ledger with a wallet of its own; `parameters` replace the usual ones of contracts."""
    place = Path(path)
    genesis = _usual_genesis(
        place, clock or wall_clock, name=name, sectors=sectors, interval_seconds=interval_seconds
    )
    return open_ledger(place, genesis=with_parameters(genesis, parameters or {}), clock=clock)


def open_wallet(path: Path | str, ledger: LedgerId) -> Wallet:
    """
    Open the wallet in a ledger's folder, which holds the keys that its genesis names.

    A ledger that was founded with a genesis of one's own has none: its keys are elsewhere.
    """
    place = Path(path) / WALLET_FILE
    if not place.exists():
        raise FileNotFoundError(
            ENOENT, "no wallet: this ledger's keys are kept by whoever made it", str(place)
        )
    wallet = Wallet.open(place, passphrase().value)
    wallet.bind(ledger)
    return wallet


def audit(path: Path | str, *, progress: Progress = unseen) -> AuditReport:
    """
    Execute a closed ledger's journal again and hold everything against what comes out.

    Signatures are checked in another process, beside the execution.
    """
    with open_folder(Path(path)) as folder:
        opened = open_state(folder, CONTRACTS, reached=_signed_height(folder))
        try:
            with _verifying(opened.state.ledger) as verify:
                return auditing.audit(
                    folder.genesis,
                    opened.journal,
                    CONTRACTS,
                    verify=verify,
                    base=open_base(folder),
                    live=opened.state,
                    checkpoint=_last_checkpoint(folder),
                    notices=opened.notices,
                    progress=progress,
                )
        finally:
            opened.close()


def write_ledger_snapshot(path: Path, target: Path) -> Manifest:
    """Write a closed ledger's state into a new folder of files."""
    with open_folder(path) as folder:
        opened = open_state(folder, CONTRACTS)
        try:
            return write_snapshot(capture(opened.state), target)
        finally:
            opened.close()


def verify_ledger_snapshot(
    source: Path, *, ledger: LedgerId, state_root: bytes, log_root: bytes | None = None
) -> None:
    """
    Hold a snapshot against roots that the caller trusts; raises `SnapshotDamaged`.

    The state root proves the records; height and log are proven only by the log's root.
    """
    verify_snapshot(Snapshot(source), ledger=ledger, state_root=state_root, log_root=log_root)


def restore_ledger_snapshot(
    source: Path,
    target: Path,
    *,
    ledger: LedgerId,
    state_root: bytes,
    log_root: bytes | None = None,
) -> None:
    """Make a ledger in a new folder from a snapshot, after holding it against trusted roots."""
    with restore_snapshot(
        Snapshot(source), target, ledger=ledger, state_root=state_root, log_root=log_root
    ) as folder:
        _furnish(folder)


def steps(advance: Callable[[float], None]) -> Progress:
    """Turn reports of what is done, and of how much, into steps of a bar that ends at 1."""
    shown = 0.0

    def report(done: int, total: int) -> None:
        nonlocal shown
        share = done / max(total, 1)
        advance(share - shown)
        shown = share

    return report


def read_model(ledger: Ledger, path: Path) -> Callable[[str], Iterator[Mapping[str, Any]]]:
    """Bring the read model in a file up to date and return what yields the rows of a table."""
    index = open_index(ledger, path)

    def rows(table: str) -> Iterator[Mapping[str, Any]]:
        after: Sequence[Any] | None = None
        with index.read() as queries:
            while True:
                page = queries.rows(table, limit=ROWS_A_PAGE, after=after)
                yield from page.rows
                if (after := page.after) is None:
                    break
        index.close()

    return rows


def open_index(ledger: Ledger, path: Path) -> "Index":
    """Open the read model in a file and let it follow the ledger; it may be deleted at any time."""
    from tallystick.index.index import Index  # noqa: PLC0415 - it loads a database's compiler.

    index = Index(path, CONTRACTS, ledger.id, rebuild_outdated=True)
    index.catch_up(ledger.follow(index.height + 1))
    return index


def wall_clock() -> int:
    """Return the time. [ms since the epoch, UTC]"""
    return time.time_ns() // 1_000_000


def passphrase() -> Passphrase:
    """Return what opens this user's secrets: a passphrase in the environment, or the machine's."""
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Passphrase(os.environ.get(PASSPHRASE_VARIABLE), home=Path(home) / "tallystick")


def _folder(place: Path, genesis: Genesis | None, clock: Clock) -> Folder:
    """Hold the folder of a ledger that is there, or make one."""
    if (place / "genesis").exists():
        folder = open_folder(place)
        if genesis is not None and genesis != folder.genesis:
            folder.close()
            raise ValueError(
                f"genesis: {place} holds the ledger {folder.ledger.hex()}, founded otherwise; "
                "open it without a genesis, or choose another folder"
            )
        return folder
    if genesis is not None:
        _try_out(genesis)
    return create_folder(place, genesis or _usual_genesis(place, clock), furnish=_furnish)


def _usual_genesis(
    place: Path,
    clock: Clock,
    *,
    name: str = "ledger",
    sectors: Sequence[str] = ("village",),
    interval_seconds: Sequence[int] = (900,),
) -> Genesis:
    """Return a genesis that names role keys of a wallet in the new ledger's folder."""
    found = partial(
        genesis_of,
        name=name,
        time=clock(),
        salt=secrets.token_bytes(SECRET_BYTES),
        sectors=sectors,
        interval_seconds=interval_seconds,
        contracts=CONTRACTS,
    )
    _try_out(found(lambda _role: public_key(secrets.token_bytes(SECRET_BYTES))))
    place.mkdir(parents=True, exist_ok=True)
    path, secret = place / WALLET_FILE, passphrase()
    if path.exists():  # A creation that was cut off left it; its keys are as good as new ones.
        wallet = Wallet.open(path, secret.value)
    else:
        wallet = Wallet.create(path, secret.value, work_bits=secret.work_bits)
    return found(wallet.role_key)


def _try_out(genesis: Genesis) -> None:
    """Found a ledger in memory, so that a genesis that cannot be opened is never written."""
    transition.found(State(decode_genesis(encode(genesis)), CONTRACTS, MemoryStore()))


def _furnish(folder: Folder) -> None:
    """Give a new ledger its checkpoint key."""
    path = folder.path / CHECKPOINT_KEY_FILE
    path.unlink(missing_ok=True)
    write_secret(path, secrets.token_bytes(SECRET_BYTES), passphrase(), purpose=CHECKPOINT_PURPOSE)


def _node(folder: Folder, opened: Opened, clock: Clock, configuration: Configuration) -> Embedded:
    """Start the embedded runtime over a ledger's durable parts."""
    secret = passphrase()
    try:
        key = read_secret(folder.path / CHECKPOINT_KEY_FILE, secret, purpose=CHECKPOINT_PURPOSE)
    except CannotUnseal as error:
        raise CannotUnseal(
            f"{error}: it was tried with {secret.source}; "
            f"set {PASSPHRASE_VARIABLE} as it was when the ledger was made"
        ) from error

    def keep(note: bytes, height: int) -> None:
        write_atomically(DISK, folder.path / CHECKPOINT_FILE, note)
        write_atomically(DISK, folder.path / CHECKPOINT_HEIGHT_FILE, str(height).encode())

    def close() -> None:
        try:
            opened.store.close()
        finally:
            folder.close()

    return Embedded(
        opened.state,
        opened.journal,
        clock=clock,
        signer=LogSigner(key, name=folder.genesis.name, keep=keep),
        set_aside=lambda raw, trace: _set_aside(folder.path / SET_ASIDE_FOLDER, raw, trace),
        on_close=close,
        notices=opened.notices,
        configuration=configuration,
    )


def _set_aside(folder: Path, raw: bytes, trace: str) -> None:
    """Keep what met a bug, for us to read."""
    folder.mkdir(exist_ok=True)
    name = f"{time.time_ns()}-{secrets.token_hex(4)}"
    (folder / f"{name}.transaction").write_bytes(raw)
    (folder / f"{name}.trace").write_text(trace)


def _signed_height(folder: Folder) -> int:
    """Return the greatest height that a checkpoint was signed for, -1 if there is none."""
    path = folder.path / CHECKPOINT_HEIGHT_FILE
    try:
        return int(path.read_bytes()) if path.exists() else -1
    except ValueError as error:
        raise Damaged(f"{path} is no height: {REMOVE_CHECKPOINT}") from error


def _last_checkpoint(folder: Folder) -> auditing.LogRoot | None:
    """Return what the ledger signed last, if it ever did."""
    path = folder.path / CHECKPOINT_FILE
    if not path.exists():
        return None
    try:
        checkpoint = parse_checkpoint(parse_note(path.read_bytes()).text)
    except ValueError as error:
        raise Damaged(f"{path} is no checkpoint ({error}): {REMOVE_CHECKPOINT}") from error
    return auditing.LogRoot(checkpoint.size, checkpoint.root)


@contextmanager
def _verifying(ledger: LedgerId) -> Iterator[Callable[[Sequence[bytes]], list[Verified | Refused]]]:
    """Give what checks batches in another process, or here if that is gone."""
    process = VerifierProcess(ledger)

    def verify(batch: Sequence[bytes]) -> list[Verified | Refused]:
        process.send(batch)
        try:
            return process.receive()
        except EOFError:
            return verify_here(ledger, batch)

    try:
        yield verify
    finally:
        process.close()
