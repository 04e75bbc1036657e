"""The state in LMDB. What it shares with other stores is tested in test_port.py."""

import errno
import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import lmdb
import pytest

from tallystick.base.identifiers import LedgerId, RecordId
from tallystick.store.errors import StateDamaged, StateFailed
from tallystick.store.lmdb import LmdbStore
from tallystick.store.pending import Limits
from tallystick.testing.stores import numbered_id
from tests.store.blocks import LEDGER


def opened(path: Path, **limits: int) -> LmdbStore:
    """Open a store."""
    return LmdbStore(path / "state", ledger=LEDGER, limits=Limits(**limits))


def test_readers_miss_nothing_while_blocks_are_flushed(tmp_path: Path) -> None:
    """A leaf is found at every moment of its way from memory to the disk."""
    store = opened(tmp_path, pending_blocks_max=2)
    ids = [numbered_id(n) for n in range(50)]
    store.write(dict.fromkeys(ids, b"0000"), height=0, leaf_hashes=b"")
    stop, problems = threading.Event(), []

    def read() -> None:
        latest, generator = dict.fromkeys(ids, 0), random.Random(1)
        while not stop.is_set():
            id = generator.choice(ids)
            data = store.read(id)
            if data is None or int(data) < latest[id]:
                problems.append((id, data, latest[id]))
                return
            latest[id] = int(data)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    generator = random.Random(2)
    for height in range(1, 200):
        changes = dict.fromkeys(generator.sample(ids, 10), b"%04d" % height)
        store.write(changes, height=height, leaf_hashes=b"")
        assert len(ids) == len(store)
    stop.set()
    for thread in threads:
        thread.join()
    store.close()
    assert [] == problems


def test_the_map_grows_on_demand(tmp_path: Path) -> None:
    """A file that has become too small for its map is given more, also while it is read."""
    store = opened(tmp_path, map_bytes=65_536, pending_blocks_max=1)
    content: dict[RecordId, bytes | None] = {}
    for height in range(20):
        changes: dict[RecordId, bytes | None] = {
            numbered_id(100 * height + n): bytes(500) for n in range(100)
        }
        store.write(changes, height=height, leaf_hashes=bytes(32))
        content |= changes
    store.close()
    again = opened(tmp_path, map_bytes=65_536)
    assert (19, sorted(content.items())) == (again.height, list(again.items()))
    again.close()
    assert (tmp_path / "state" / "data.mdb").stat().st_size > 65_536


def test_growing_waits_for_those_who_walk(tmp_path: Path) -> None:
    """An iterator that is dropped halfway, or never begun, holds nothing up."""
    store = opened(tmp_path, map_bytes=65_536)
    store.write({numbered_id(n): bytes(50) for n in range(50)}, height=0, leaf_hashes=b"")
    store.flush()
    walk = store.items()
    next(walk)
    idle = store.items()
    store.write({numbered_id(n): bytes(900) for n in range(500)}, height=1, leaf_hashes=b"")
    flusher = threading.Thread(target=store.flush)
    flusher.start()
    flusher.join(0.1)
    assert flusher.is_alive()
    del walk, idle
    flusher.join(10)
    assert not flusher.is_alive()
    assert 1 == store.height
    store.close()


def test_another_ledgers_state_is_damage(tmp_path: Path) -> None:
    """A state says whose it is."""
    store = opened(tmp_path)
    store.write({numbered_id(0): b"leaf"}, height=0, leaf_hashes=b"")
    store.close()
    with pytest.raises(StateDamaged, match=f"that of ledger {LEDGER.hex()}"):
        LmdbStore(tmp_path / "state", ledger=LedgerId(bytes(32)))


@pytest.mark.parametrize("damage", ["garbage", "short", "empty folder in its place"])
def test_a_state_that_cannot_be_read_is_damage(tmp_path: Path, damage: str) -> None:
    """Whatever is wrong with the file is one error."""
    store = opened(tmp_path)
    changes: dict[RecordId, bytes | None] = {numbered_id(n): bytes(300) for n in range(500)}
    store.write(changes, height=0, leaf_hashes=b"")
    store.close()
    path = tmp_path / "state" / "data.mdb"
    if damage == "garbage":
        path.write_bytes(b"garbage" * 5_000)
    elif damage == "short":
        os.truncate(path, path.stat().st_size // 2)
    else:
        path.unlink()
        path.mkdir()
    with pytest.raises(StateDamaged, match=str(tmp_path)):
        opened(tmp_path)


def test_an_unreadable_height_is_damage(tmp_path: Path) -> None:
    """Meta data that are not ours are not believed."""
    opened(tmp_path).close()
    with (
        lmdb.open(str(tmp_path / "state"), max_dbs=3) as environment,
        environment.begin(write=True) as transaction,
    ):
        transaction.put(b"meta", b"garbage", db=environment.open_db(b"meta", transaction))
    with pytest.raises(StateDamaged, match="no readable height"):
        opened(tmp_path)


def test_a_damaged_log_is_found(tmp_path: Path) -> None:
    """The log has no root in a block's header, so each piece carries a digest."""
    store = opened(tmp_path)
    for height in range(3):
        store.write({}, height=height, leaf_hashes=bytes([height]) * 32)
        store.flush()
    store.close()
    with (
        lmdb.open(str(tmp_path / "state"), max_dbs=3) as environment,
        environment.begin(write=True) as transaction,
    ):
        log = environment.open_db(b"log", transaction)
        value = bytes(transaction.get((1).to_bytes(8, "big"), db=log) or b"")
        transaction.put((1).to_bytes(8, "big"), b"x" + value[1:], db=log)
    again = opened(tmp_path)
    with pytest.raises(StateDamaged, match="damaged at entry 1"):
        again.leaf_hashes()
    again.close()


def test_a_flush_that_fails_is_said_at_the_next_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says that the journal has every block, and what was durable stays so."""
    store = opened(tmp_path, pending_blocks_max=1)
    store.write({numbered_id(0): b"leaf"}, height=0, leaf_hashes=b"")
    store.flush()

    def fail(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(store, "_put", fail)
    store.write({numbered_id(1): b"leaf"}, height=1, leaf_hashes=b"")
    with pytest.raises(StateFailed, match=r"No space left .* the journal has every block"):
        store.flush()
    assert b"leaf" == store.read(numbered_id(1))
    steps: list[Callable[[], None]] = [store.flush, store.close]
    with pytest.raises(StateFailed):
        store.write({}, height=2, leaf_hashes=b"")
    for again in steps:
        with pytest.raises(StateFailed):
            again()
    found = opened(tmp_path)
    assert (0, 1) == (found.height, len(found))
    found.close()


def test_a_flush_that_meets_a_damaged_page_is_not_met_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What LMDB itself calls corrupted is not opened again."""
    store = opened(tmp_path)
    store.write({numbered_id(0): b"leaf"}, height=0, leaf_hashes=b"")

    def fail(*arguments: object) -> None:
        raise lmdb.CorruptedError("a page of the wrong kind")

    monkeypatch.setattr(store, "_put", fail)
    with pytest.raises(StateFailed, match="a page of the wrong kind"):
        store.close()
    with pytest.raises(StateDamaged, match="could not be read or written 2 times in a row"):
        opened(tmp_path)


def test_a_file_that_ends_the_process_twice_is_suspected(tmp_path: Path) -> None:
    """A damaged page may kill whoever reads it: the third opening doesn't try again."""
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom tests.store.test_lmdb import opened\n"
        "store = opened(Path(sys.argv[1]))\n"
        "if len(sys.argv) > 2: store.trust()\n"
        "os._exit(9)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    settings = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for arguments in ([], ["trusts"], [], []):
        subprocess.run([*command, *arguments], check=False, env=settings)
    with pytest.raises(StateDamaged, match="2 times in a row"):
        opened(tmp_path)


def test_a_disk_that_is_really_full_is_a_clear_error(tmp_path: Path) -> None:
    """With the system's own limit on a file's length: what was durable stays."""
    code = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from tallystick.store.errors import StateFailed\n"
        "from tallystick.testing.stores import numbered_id\n"
        "from tests.store.test_lmdb import opened\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "store = opened(Path(sys.argv[1]))\n"
        "store.write({numbered_id(0): b'leaf'}, height=0, leaf_hashes=b'')\n"
        "store.flush()\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "changes = {numbered_id(n): bytes(900) for n in range(500)}\n"
        "store.write(changes, height=1, leaf_hashes=b'')\n"
        "try:\n"
        "    store.close()\n"
        "except StateFailed as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert "the journal has every block; make room" in done.stdout
    store = opened(tmp_path)
    assert (0, 1) == (store.height, len(store))
    store.close()
