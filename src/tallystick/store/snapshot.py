"""
Snapshots: a ledger's state at one height, as files that are the same on every node.

`docs/reference/snapshot.md` has the layout. A snapshot is a folder: a manifest that names the
SHA-256 of every chunk, and the chunks, each small enough to be sent in one message. Whoever knows
the ledger's id and a state root needs to trust nobody for the records and the remembered ids; the
log is proven by the log's root, which a checkpoint has.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final, TypeVar

import msgspec

from tallystick.base import merkle
from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Decoder, Malformed, Record, encode
from tallystick.base.identifiers import Hash, LedgerId, RecordId, TransactionId
from tallystick.core.block import BlockHeader, log_entry
from tallystick.core.genesis import Genesis, ledger_id
from tallystick.core.log import Log
from tallystick.core.overlay import leaf_bytes
from tallystick.core.state import SeenIds, State, seen_digest, seen_id
from tallystick.core.tree import StateTree

from .errors import SnapshotDamaged
from .files import DISK, Files, write_whole
from .folder import Folder, create_folder, decode_genesis

Item = TypeVar("Item")

CHUNK_BYTES_AIM: Final = 8_000_000
CHUNK_BYTES_MAX: Final = 16_000_000
MANIFEST_BYTES_MAX: Final = 2**26
HASH_BYTES: Final = 32
ITEM_COST_BYTES: Final = 48
"""What an item's id and lengths take in a chunk, at most. [bytes]"""


class Manifest(Record, tag="snapshot/1"):
    """What a snapshot is, and how to tell its chunks."""

    genesis: bytes
    """The ledger's genesis, in canonical encoding."""

    header: BlockHeader
    """The block after which the state was this."""

    ids: Annotated[int, msgspec.Meta(ge=0)]
    """Number of remembered transaction ids."""

    leaves: Annotated[int, msgspec.Meta(ge=0)]
    """Number of record ids."""

    chunks: tuple[Hash, ...]
    """SHA-256 of each chunk: first those of remembered ids, then of records, then of the log."""


class SeenBlock(Record):
    """The transaction ids that one block used up."""

    time: Milliseconds
    """The block's time. [ms since the epoch, UTC]"""

    ids: bytes
    """The ids in order, joined."""


class SnapshotLeaf(Record):
    """One id of the state."""

    id: RecordId
    """The id."""

    records: bytes
    """Canonical bytes of its records."""


class SeenChunk(Record, tag="snapshot-seen/1"):
    """Some of the remembered blocks, oldest first."""

    blocks: tuple[SeenBlock, ...]
    """The blocks."""


class LeavesChunk(Record, tag="snapshot-leaves/1"):
    """Some of the state, in order of id."""

    leaves: tuple[SnapshotLeaf, ...]
    """The ids with their records."""


class LogChunk(Record, tag="snapshot-log/1"):
    """Some of the log."""

    hashes: bytes
    """Leaf hashes in order, joined."""


Chunk = SeenChunk | LeavesChunk | LogChunk

_decode_manifest: Final = Decoder(Manifest, bytes_max=MANIFEST_BYTES_MAX).decode
_decode_chunk: Final = Decoder(Chunk, bytes_max=CHUNK_BYTES_MAX).decode
_SEEN_PREFIX: Final = leaf_bytes({SeenIds: SeenIds(digest=Hash(bytes(HASH_BYTES)))})[:-HASH_BYTES]


@dataclass(frozen=True)
class Capture:
    """A state held still, so that it can be written while the ledger goes on."""

    genesis: Genesis
    """The ledger."""

    header: BlockHeader
    """Its latest block."""

    seen: tuple[SeenBlock, ...]
    """Remembered ids, oldest block first."""

    items: Iterator[tuple[RecordId, bytes]]
    """The records in order of id; it can be read once."""

    leaf_hashes: bytes
    """The log."""


def capture(state: State) -> Capture:
    """Hold a state still. Call it between two blocks; writing may take its time afterwards."""
    if state.head is None:
        raise AssertionError("a ledger without genesis has no state")
    return Capture(
        genesis=state.genesis,
        header=state.head,
        seen=tuple(SeenBlock(time, b"".join(ids)) for time, ids in state.remembered.blocks()),
        items=state.store.items(),
        leaf_hashes=state.log.leaf_hashes(0, state.log.size),
    )


def write_snapshot(captured: Capture, path: Path, *, files: Files = DISK) -> Manifest:
    """Write a snapshot to a folder that does not exist yet; it appears whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    if path.exists():
        raise FileExistsError(f"{path} exists already: choose another folder for the snapshot")
    fresh.mkdir(parents=True)
    digests: list[Hash] = []
    leaves = 0
    for chunk in _chunks(captured):
        data = encode(chunk)
        _write_synced(files, fresh / _chunk_name(len(digests)), data)
        digests.append(Hash(sha256(data).digest()))
        leaves += len(chunk.leaves) if isinstance(chunk, LeavesChunk) else 0
    manifest = Manifest(
        genesis=encode(captured.genesis),
        header=captured.header,
        ids=sum(len(block.ids) // HASH_BYTES for block in captured.seen),
        leaves=leaves,
        chunks=tuple(digests),
    )
    _write_synced(files, fresh / "manifest", encode(manifest))
    _put_in_place(files, fresh, path)
    return manifest


class Snapshot:
    """A snapshot on the disk. Every chunk is held against the manifest when it is read."""

    def __init__(self, path: Path) -> None:
        """Read the manifest; `SnapshotDamaged` if it is not one."""
        self.path = path
        try:
            self.manifest = _decode_manifest((path / "manifest").read_bytes())
            self.genesis = decode_genesis(self.manifest.genesis)
        except FileNotFoundError as error:
            raise SnapshotDamaged(f"{path} has no manifest: it is not a snapshot") from error
        except Malformed as malformed:
            raise SnapshotDamaged(f"{path}/manifest: {malformed}: fetch it again") from malformed

    @property
    def header(self) -> BlockHeader:
        """Return the block after which the state was this."""
        return self.manifest.header

    def chunks(self) -> Iterator[Chunk]:
        """Yield the chunks in order, each verified against the manifest."""
        for number, digest in enumerate(self.manifest.chunks):
            path = self.path / _chunk_name(number)
            try:
                data = path.read_bytes()
            except FileNotFoundError as error:
                raise SnapshotDamaged(f"{path} is missing: fetch it again") from error
            if sha256(data).digest() != digest:
                raise SnapshotDamaged(f"{path} is not what the manifest says: fetch it again")
            try:
                yield _decode_chunk(data)
            except Malformed as malformed:
                raise SnapshotDamaged(f"{path}: {malformed}: the snapshot is forged") from malformed


def verify_snapshot(
    snapshot: Snapshot, *, ledger: LedgerId, state_root: bytes, log_root: bytes | None = None
) -> None:
    """
    Hold a snapshot against what the caller trusts, or raise `SnapshotDamaged`.

    The state root alone proves the records and the remembered ids. Height, parent and log are
    proven by the root of the log that ends with the snapshot's block; without that they are only
    consistent.
    """
    header, problem = snapshot.header, _Problem(snapshot.path)
    if ledger_id(snapshot.genesis) != ledger:
        problem.found(f"its ledger is {ledger_id(snapshot.genesis).hex()}, not {ledger.hex()}")
    if header.state_root != state_root:
        problem.found(f"its state root is {header.state_root.hex()}, not {state_root.hex()}")
    content = _Content(snapshot)
    tree = StateTree.build(content.leaves())
    if tree.root != state_root:
        problem.found(f"its records have the root {tree.root.hex()}, not {state_root.hex()}")
    if tree.count != snapshot.manifest.leaves:
        problem.found(f"it has {tree.count} ids, its manifest says {snapshot.manifest.leaves}")
    _verify_seen(content, snapshot, problem)
    _verify_log(content, header, log_root, problem)


def restore_snapshot(
    snapshot: Snapshot,
    path: Path,
    *,
    ledger: LedgerId,
    state_root: bytes,
    log_root: bytes | None = None,
    files: Files = DISK,
) -> Folder:
    """
    Make a ledger's folder from a snapshot, after verifying it, and hold the folder.

    Its journal begins above the snapshot's block: blocks below it can't be shown, nor audited.
    """
    verify_snapshot(snapshot, ledger=ledger, state_root=state_root, log_root=log_root)

    def furnish(folder: Folder) -> None:
        fresh = folder.base_path.with_name("base.new")
        fresh.mkdir()
        for name in ("manifest", *map(_chunk_name, range(len(snapshot.manifest.chunks)))):
            _write_synced(files, fresh / name, (snapshot.path / name).read_bytes())
        _put_in_place(files, fresh, folder.base_path)

    return create_folder(path, snapshot.genesis, files=files, furnish=furnish)


def open_base(folder: Folder) -> Snapshot | None:
    """Return the snapshot on which a folder's journal stands, nothing if it stands on genesis."""
    return Snapshot(folder.base_path) if folder.base_path.exists() else None


class _Problem:
    """Names the snapshot in what it raises."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def found(self, what: str) -> None:
        """Refuse the snapshot."""
        raise SnapshotDamaged(f"the snapshot in {self._path} is not the trusted one: {what}")


class _Content:
    """One pass over a snapshot's chunks: records go to whoever asks, the rest is kept."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.seen: list[SeenBlock] = []
        self.seen_leaves: dict[RecordId, bytes] = {}
        self.leaf_hashes = bytearray()

    def leaves(self) -> Iterator[tuple[RecordId, bytes]]:
        """Yield ids and records, strictly ascending."""
        last = b""
        for chunk in self._snapshot.chunks():
            if isinstance(chunk, SeenChunk):
                self.seen += chunk.blocks
            elif isinstance(chunk, LogChunk):
                self.leaf_hashes += chunk.hashes
            else:
                for leaf in chunk.leaves:
                    if leaf.id <= last:
                        _Problem(self._snapshot.path).found(f"{leaf.id.hex()} is out of order")
                    last = leaf.id
                    if leaf.records.startswith(_SEEN_PREFIX):
                        self.seen_leaves[leaf.id] = leaf.records
                    yield leaf.id, leaf.records


def _verify_seen(content: _Content, snapshot: Snapshot, problem: _Problem) -> None:
    """Hold the remembered ids against the records that commit to them, none more and none less."""
    expected = {
        seen_id(block.time): leaf_bytes({SeenIds: seen_digest(block.time, split_ids(block))})
        for block in content.seen
    }
    if expected != content.seen_leaves or len(expected) != len(content.seen):
        problem.found("its remembered ids are not those that its records commit to")
    count = sum(len(block.ids) // HASH_BYTES for block in content.seen)
    if count != snapshot.manifest.ids:
        problem.found(f"it remembers {count} ids, its manifest says {snapshot.manifest.ids}")
    if not content.seen or content.seen[-1].time != snapshot.header.time:
        problem.found("its latest remembered ids are not those of its block")
    times = [block.time for block in content.seen]
    if times != sorted(times):
        problem.found("its remembered ids are out of order")


def _verify_log(
    content: _Content, header: BlockHeader, log_root: bytes | None, problem: _Problem
) -> None:
    """Hold the log against the block that ends it, and against its root if that is known."""
    if len(content.leaf_hashes) != HASH_BYTES * header.log_size:
        problem.found(f"its log has {len(content.leaf_hashes)} bytes for {header.log_size} entries")
    if content.leaf_hashes[-HASH_BYTES:] != merkle.leaf_hash(log_entry(header)):
        problem.found("its log does not end with its block")
    if log_root is not None and Log.restore(bytes(content.leaf_hashes)).root() != log_root:
        problem.found(f"its log does not have the root {log_root.hex()}")


def split_ids(block: SeenBlock) -> list[TransactionId]:
    """Return the ids of a remembered block."""
    return [
        TransactionId(block.ids[at : at + HASH_BYTES])
        for at in range(0, len(block.ids), HASH_BYTES)
    ]


def _chunks(captured: Capture) -> Iterator[Chunk]:
    """Yield all chunks: how they are cut depends on nothing but the content."""
    for blocks in _batches((len(block.ids), block) for block in captured.seen):
        yield SeenChunk(blocks=tuple(blocks))
    leaves = (SnapshotLeaf(id=id, records=data) for id, data in captured.items)
    for batch in _batches((len(leaf.records), leaf) for leaf in leaves):
        yield LeavesChunk(leaves=tuple(batch))
    step = CHUNK_BYTES_AIM // HASH_BYTES * HASH_BYTES
    for begin in range(0, len(captured.leaf_hashes), step):
        yield LogChunk(hashes=captured.leaf_hashes[begin : begin + step])


def _batches(items: Iterable[tuple[int, Item]]) -> Iterator[list[Item]]:
    """Gather items, given with their length, into batches of about a chunk's size."""
    batch: list[Item] = []
    size = 0
    for length, item in items:
        size += length + ITEM_COST_BYTES
        if batch and size > CHUNK_BYTES_AIM:
            yield batch
            batch, size = [], length + ITEM_COST_BYTES
        batch.append(item)
    if batch:
        yield batch


def _chunk_name(number: int) -> str:
    """Return a chunk's file name."""
    return f"{number:08}.chunk"


def _write_synced(files: Files, path: Path, data: bytes) -> None:
    """Write a new file and make its content durable."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    try:
        write_whole(files, descriptor, data, 0)
        files.sync(descriptor)
    finally:
        os.close(descriptor)


def _put_in_place(files: Files, fresh: Path, path: Path) -> None:
    """Give a finished folder its name, durably."""
    files.sync_folder(fresh)
    files.replace(fresh, path)
    files.sync_folder(path.parent)
