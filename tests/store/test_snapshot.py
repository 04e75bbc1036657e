"""Snapshots: the same bytes everywhere, proven by the root, and where a ledger can begin."""

import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from tallystick.base.encoding import encode
from tallystick.base.identifiers import Hash, TransactionId
from tallystick.core import transition
from tallystick.core.errors import AlreadyIncluded
from tallystick.core.overlay import leaf_bytes
from tallystick.core.state import SeenIds, seen_digest
from tallystick.store import snapshot as module
from tallystick.store.errors import LedgerExists, SnapshotDamaged
from tallystick.store.folder import create_folder
from tallystick.store.opening import Opened, open_state
from tallystick.store.snapshot import (
    Chunk,
    LeavesChunk,
    LogChunk,
    SeenChunk,
    Snapshot,
    capture,
    restore_snapshot,
    split_ids,
    verify_snapshot,
    write_snapshot,
)
from tallystick.testing.faults import CRASHES, Crash, Fault, FaultyDisk
from tests.core.toy import TOY, checked, toy_genesis
from tests.store.ledgers import NEVER, Held, contents, grow

Forge = Callable[[list[Chunk]], list[Chunk]]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut chunks so small that every kind has several."""
    monkeypatch.setattr(module, "CHUNK_BYTES_AIM", 700)


@pytest.fixture
def held(tmp_path: Path) -> Held:
    """Return a ledger of some blocks."""
    held = Held(tmp_path / "ledger")
    grow(held, 12)
    return held


def written(held: Held, path: Path) -> Snapshot:
    """Write a snapshot of a ledger and read its manifest."""
    write_snapshot(capture(held.state), path)
    return Snapshot(path)


def verify(snapshot: Snapshot, held: Held, *, log: bool = True) -> None:
    """Hold a snapshot against what its ledger says."""
    verify_snapshot(
        snapshot,
        ledger=held.state.ledger,
        state_root=held.state.tree.root,
        log_root=held.state.log.root() if log else None,
    )


def restored(snapshot: Snapshot, held: Held, path: Path) -> Held:
    """Return a new ledger that begins with a snapshot."""
    restore_snapshot(
        snapshot, path, ledger=held.state.ledger, state_root=held.state.tree.root
    ).close()
    return Held(path)


def forged(snapshot: Snapshot, path: Path, forge: Forge, **manifest: object) -> Snapshot:
    """Write a snapshot with other chunks, and a manifest that fits them."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    digests = []
    for number, chunk in enumerate(forge(list(snapshot.chunks()))):
        data = encode(chunk)
        (path / f"{number:08}.chunk").write_bytes(data)
        digests.append(Hash(sha256(data).digest()))
    changed = msgspec.structs.replace(snapshot.manifest, **{"chunks": tuple(digests), **manifest})
    (path / "manifest").write_bytes(encode(changed))
    return Snapshot(path)


def test_a_restored_ledger_is_the_same_and_goes_on(tmp_path: Path, held: Held) -> None:
    """Everything but the old blocks is there, and both ledgers take the same next blocks."""
    snapshot = written(held, tmp_path / "snapshot")
    verify(snapshot, held)
    again = restored(snapshot, held, tmp_path / "restored")
    assert contents(held.state) == contents(again.state)
    assert (13, 12) == (again.journal.begin, again.journal.height)
    assert grow(held, 3) == grow(again, 3)
    again.close()
    for kind in ("lmdb", "memory"):
        with Held(tmp_path / "restored", kind="lmdb" if kind == "lmdb" else "memory") as reopened:
            assert contents(held.state) == contents(reopened.state)
            assert [13, 14, 15] == [each.header.height for each in reopened.journal.blocks()]
            with pytest.raises(LookupError, match="restored from a snapshot"):
                reopened.journal.read(12)
    held.close()


def test_a_restored_ledger_refuses_what_was_used(tmp_path: Path, held: Held) -> None:
    """Remembered ids travel with the snapshot."""
    raw = held.journal.read(12).transactions[0]
    again = restored(written(held, tmp_path / "snapshot"), held, tmp_path / "restored")
    candidate = transition.begin(again.state, time=again.state.time + 1)
    with pytest.raises(AlreadyIncluded):
        transition.admit(candidate, checked(again.state, raw))
    again.close()
    held.close()


def test_a_restored_ledger_survives_a_crash_and_a_damaged_state(tmp_path: Path, held: Held) -> None:
    """The snapshot is kept as the base on which the journal stands."""
    snapshot = written(held, tmp_path / "snapshot")
    held.close()
    path = tmp_path / "restored"
    again = Held(path) if (path / "genesis").exists() else restored(snapshot, held, path)
    again.crash()
    first = Held(path, limits=NEVER)
    grow(first, 2)
    expected = contents(first.state)
    first.crash()
    with Held(path) as second:
        assert expected == contents(second.state)
    (path / "state" / "data.mdb").write_bytes(b"garbage" * 3_000)
    with Held(path) as third:
        assert expected == contents(third.state)
        assert "made again" in third.opened.notices[0]


def test_every_node_writes_the_same_bytes(tmp_path: Path, held: Held) -> None:
    """On either store, flushed or not, original or restored."""
    grow(held, 1)
    height = held.state.height
    first = written(held, tmp_path / "first")
    held.close()
    folders = [tmp_path / "first"]
    with Held(tmp_path / "ledger", kind="memory") as again:
        write_snapshot(capture(again.state), tmp_path / "memory")
        folders.append(tmp_path / "memory")
        with restored(first, again, tmp_path / "restored") as other:
            assert height == other.state.height
            write_snapshot(capture(other.state), tmp_path / "again")
            folders.append(tmp_path / "again")
    files = [{path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders]
    assert files[0] == files[1] == files[2]
    kinds = [type(chunk) for chunk in first.chunks()]
    assert kinds == sorted(kinds, key=[SeenChunk, LeavesChunk, LogChunk].index)
    assert all(kinds.count(kind) > 1 for kind in (SeenChunk, LeavesChunk, LogChunk))


def test_a_snapshot_is_of_the_moment_of_its_capture(tmp_path: Path, held: Held) -> None:
    """The ledger goes on while it is written."""
    before = (held.state.tree.root, held.state.log.root())
    captured = capture(held.state)
    grow(held, 5)
    held.opened.store.flush()
    write_snapshot(captured, tmp_path / "snapshot")
    verify_snapshot(
        Snapshot(tmp_path / "snapshot"),
        ledger=held.state.ledger,
        state_root=before[0],
        log_root=before[1],
    )
    held.close()


def test_every_flipped_byte_is_refused(tmp_path: Path, held: Held) -> None:
    """In the manifest or in a chunk, one changed bit is one clear error."""
    snapshot = written(held, tmp_path / "snapshot")
    for path in sorted((tmp_path / "snapshot").iterdir()):
        whole = path.read_bytes()
        for at in range(0, len(whole), 1 if path.name == "manifest" else 97):
            damaged = bytearray(whole)
            damaged[at] ^= 1
            path.write_bytes(damaged)
            with pytest.raises(SnapshotDamaged):
                verify(Snapshot(snapshot.path), held)
        path.write_bytes(whole)
    verify(snapshot, held)
    held.close()


def test_a_missing_file_is_refused(tmp_path: Path, held: Held) -> None:
    """Without any one of its files a snapshot is none."""
    snapshot = written(held, tmp_path / "snapshot")
    for path in sorted((tmp_path / "snapshot").iterdir()):
        whole = path.read_bytes()
        path.unlink()
        with pytest.raises(SnapshotDamaged, match=r"missing: fetch it again|no manifest"):
            verify(Snapshot(snapshot.path), held)
        path.write_bytes(whole)
    held.close()


def edit_leaf(chunks: list[Chunk]) -> list[Chunk]:
    """Change one record."""
    return _edit_leaves(chunks, lambda leaves: [_longer(leaves[0]), *leaves[1:]])


def drop_leaf(chunks: list[Chunk]) -> list[Chunk]:
    """Leave one id out."""
    return _edit_leaves(chunks, lambda leaves: leaves[1:])


def swap_leaves(chunks: list[Chunk]) -> list[Chunk]:
    """Put two ids in the other order."""
    return _edit_leaves(chunks, lambda leaves: [leaves[1], leaves[0], *leaves[2:]])


def drop_seen(chunks: list[Chunk]) -> list[Chunk]:
    """Forget a block's ids."""
    return [
        SeenChunk(blocks=chunk.blocks[1:]) if n == 0 and isinstance(chunk, SeenChunk) else chunk
        for n, chunk in enumerate(chunks)
    ]


def edit_seen(chunks: list[Chunk]) -> list[Chunk]:
    """Change a used-up id."""
    first = chunks[0]
    assert isinstance(first, SeenChunk)
    block = first.blocks[0]
    changed = msgspec.structs.replace(block, ids=bytes(32) + block.ids[32:])
    return [SeenChunk(blocks=(changed, *first.blocks[1:])), *chunks[1:]]


def repeat_seen(chunks: list[Chunk]) -> list[Chunk]:
    """Give a block's ids twice."""
    first = chunks[0]
    assert isinstance(first, SeenChunk)
    return [first, first, *chunks[1:]]


def drop_all_seen(chunks: list[Chunk]) -> list[Chunk]:
    """Forget all ids."""
    return [chunk for chunk in chunks if not isinstance(chunk, SeenChunk)]


def shorten_log(chunks: list[Chunk]) -> list[Chunk]:
    """Leave a part of the log out."""
    return chunks[:-1]


def edit_log_end(chunks: list[Chunk]) -> list[Chunk]:
    """Change the log's last entry."""
    last = chunks[-1]
    assert isinstance(last, LogChunk)
    return [*chunks[:-1], LogChunk(hashes=last.hashes[:-1] + bytes([last.hashes[-1] ^ 1]))]


def edit_log_begin(chunks: list[Chunk]) -> list[Chunk]:
    """Change the log's first entry."""
    at = next(n for n, chunk in enumerate(chunks) if isinstance(chunk, LogChunk))
    chunk = chunks[at]
    assert isinstance(chunk, LogChunk)
    return [*chunks[:at], LogChunk(hashes=bytes(32) + chunk.hashes[32:]), *chunks[at + 1 :]]


@pytest.mark.parametrize(
    ("forge", "problem"),
    [
        (edit_leaf, "its records have the root"),
        (drop_leaf, "its records have the root"),
        (swap_leaves, "is out of order"),
        (drop_seen, "remembered ids are not those"),
        (edit_seen, "remembered ids are not those"),
        (repeat_seen, "remembered ids are not those"),
        (drop_all_seen, "remembered ids are not those"),
        (shorten_log, "its log has"),
        (edit_log_end, "its log does not end with its block"),
    ],
)
def test_a_forged_snapshot_is_refused(
    tmp_path: Path, held: Held, forge: Forge, problem: str
) -> None:
    """Chunks whose manifest fits are still held against the state root alone."""
    snapshot = forged(written(held, tmp_path / "snapshot"), tmp_path / "forged", forge)
    with pytest.raises(SnapshotDamaged, match=problem):
        verify(snapshot, held, log=False)
    with pytest.raises(SnapshotDamaged, match=problem):
        restore_snapshot(
            snapshot,
            tmp_path / "restored",
            ledger=held.state.ledger,
            state_root=held.state.tree.root,
        )
    assert not (tmp_path / "restored").exists()
    held.close()


def test_only_the_logs_root_proves_the_whole_log(tmp_path: Path, held: Held) -> None:
    """An entry of long ago can be forged under the state root alone, not under the log's."""
    snapshot = forged(written(held, tmp_path / "snapshot"), tmp_path / "forged", edit_log_begin)
    verify(snapshot, held, log=False)
    with pytest.raises(SnapshotDamaged, match="its log does not have the root"):
        verify(snapshot, held)
    held.close()


def test_a_manifest_that_lies_is_refused(tmp_path: Path, held: Held) -> None:
    """Another ledger, another root, another count, another time."""
    snapshot = written(held, tmp_path / "snapshot")
    header = snapshot.header
    lies: list[tuple[dict[str, object], str]] = [
        ({"genesis": encode(toy_genesis(ids_max=999))}, "its ledger is"),
        (
            {"header": msgspec.structs.replace(header, state_root=Hash(bytes(32)))},
            "its state root is",
        ),
        ({"leaves": 1}, "its manifest says 1"),
        ({"ids": 1}, "its manifest says 1"),
        ({"header": msgspec.structs.replace(header, time=header.time + 1)}, "latest remembered"),
        ({"header": msgspec.structs.replace(header, height=99)}, "does not end with its block"),
    ]
    for lie, problem in lies:
        with pytest.raises(SnapshotDamaged, match=problem):
            verify(forged(snapshot, tmp_path / "forged", list, **lie), held, log=False)
    held.close()


def test_a_chunk_that_is_none_is_refused(tmp_path: Path, held: Held) -> None:
    """Bytes that the manifest names and that do not decode."""
    snapshot = written(held, tmp_path / "snapshot")
    (tmp_path / "snapshot" / "00000000.chunk").write_bytes(b"\xc1")
    digests = (Hash(sha256(b"\xc1").digest()), *snapshot.manifest.chunks[1:])
    manifest = msgspec.structs.replace(snapshot.manifest, chunks=digests)
    (tmp_path / "snapshot" / "manifest").write_bytes(encode(manifest))
    with pytest.raises(SnapshotDamaged, match="the snapshot is forged"):
        verify(Snapshot(snapshot.path), held)
    held.close()


@pytest.mark.parametrize("fault", CRASHES)
def test_writing_and_restoring_happen_whole_or_not_at_all(tmp_path: Path, fault: Fault) -> None:
    """After a crash at any step both can be done again."""
    held = Held(tmp_path / "ledger")
    grow(held, 1)
    source = written(held, tmp_path / "source")
    counted = FaultyDisk()
    write_snapshot(capture(held.state), tmp_path / "count", files=counted.files)
    for step in range(counted.steps):
        path = tmp_path / f"snapshot{step}"
        with pytest.raises(Crash):
            write_snapshot(capture(held.state), path, files=FaultyDisk(fault, step=step).files)
        if not path.exists():
            write_snapshot(capture(held.state), path)
        verify(Snapshot(path), held)
    trust = {"ledger": held.state.ledger, "state_root": held.state.tree.root}
    counted = FaultyDisk()
    restore_snapshot(source, tmp_path / "counted", files=counted.files, **trust).close()  # type: ignore[arg-type]
    for step in range(counted.steps):
        path = tmp_path / f"restored{step}"
        with pytest.raises(Crash):
            restore_snapshot(source, path, files=FaultyDisk(fault, step=step).files, **trust)  # type: ignore[arg-type]
        if not (path / "genesis").exists():
            restore_snapshot(source, path, **trust).close()  # type: ignore[arg-type]
        with Held(path) as again:
            assert contents(held.state) == contents(again.state)
    held.close()


def test_nothing_is_overwritten(tmp_path: Path, held: Held) -> None:
    """Neither a snapshot nor a ledger."""
    snapshot = written(held, tmp_path / "snapshot")
    with pytest.raises(FileExistsError, match="choose another folder"):
        write_snapshot(capture(held.state), tmp_path / "snapshot")
    create_folder(tmp_path / "other", toy_genesis()).close()
    with pytest.raises(LedgerExists):
        restored(snapshot, held, tmp_path / "other")
    held.close()


def test_a_damaged_base_stops_the_opening(tmp_path: Path, held: Held) -> None:
    """Without its base a restored ledger cannot be made again, and says so."""
    restored(written(held, tmp_path / "snapshot"), held, tmp_path / "restored").close()
    shutil.rmtree(tmp_path / "restored" / "state")
    (tmp_path / "restored" / "base" / "00000000.chunk").write_bytes(b"")
    with pytest.raises(SnapshotDamaged, match=r"00000000.chunk is not what the manifest says"):
        Held(tmp_path / "restored")
    held.close()


def test_ids_are_split_as_they_were_joined() -> None:
    """The digest over split ids is the one over the ids."""
    ids = [TransactionId(bytes([n]) * 32) for n in range(3)]
    block = module.SeenBlock(time=5, ids=b"".join(ids))
    assert ids == split_ids(block)
    record = leaf_bytes({SeenIds: seen_digest(5, split_ids(block))})
    assert record.startswith(module._SEEN_PREFIX)


def test_an_opening_of_a_restored_folder_is_plain(tmp_path: Path, held: Held) -> None:
    """`restore_snapshot` gives the folder to open, held."""
    folder = restore_snapshot(
        written(held, tmp_path / "snapshot"),
        tmp_path / "restored",
        ledger=held.state.ledger,
        state_root=held.state.tree.root,
    )
    opened: Opened = open_state(folder, (TOY,))
    assert contents(held.state) == contents(opened.state)
    opened.close()
    folder.close()
    held.close()


def _edit_leaves(
    chunks: list[Chunk], edit: Callable[[list[module.SnapshotLeaf]], list[module.SnapshotLeaf]]
) -> list[Chunk]:
    """Change the first chunk of records."""
    at = next(n for n, chunk in enumerate(chunks) if isinstance(chunk, LeavesChunk))
    chunk = chunks[at]
    assert isinstance(chunk, LeavesChunk)
    return [*chunks[:at], LeavesChunk(leaves=tuple(edit(list(chunk.leaves)))), *chunks[at + 1 :]]


def _longer(leaf: module.SnapshotLeaf) -> module.SnapshotLeaf:
    """Return a leaf with one byte more."""
    return msgspec.structs.replace(leaf, records=leaf.records + b"\0")
