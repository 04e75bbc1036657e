"""
The state in LMDB: a cache of the journal that survives the process.

Blocks gather in memory and go to the disk together, in one LMDB transaction that carries leaves,
log and height, so that what is on the disk is always the state after some block. Writing pages at
random costs as much as executing what changed them, and LMDB lets go of the interpreter meanwhile,
so a thread flushes while the next blocks are executed.
"""

import errno
import os
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

import lmdb
import msgspec

from tallystick.base.identifiers import LedgerId, RecordId

from .doubts import Doubts
from .errors import StateDamaged, StateFailed
from .pending import HASH_BYTES, Limits, Pending, merged

BACKLOG_MAX: Final = 4
"""How many times more than asked for may be pending before writers wait for the disk."""

OUTSIDE: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""Errors that say something about the disk and nothing about what stands on it."""

META_KEY: Final = b"meta"
_PRIMED: Final = (RecordId(b""), b"")


class Meta(msgspec.Struct, frozen=True, array_like=True):
    """What the store knows about itself."""

    ledger: bytes
    """Id of the ledger whose state this is."""

    height: int
    """Height of the block after which this was the state."""

    log_size: int
    """Entries of the log up to that block."""


_encode_meta: Final = msgspec.msgpack.Encoder().encode
_decode_meta: Final = msgspec.msgpack.Decoder(Meta).decode


class LmdbStore:
    """A `StateStore` on the disk. Whoever opens it must hold the ledger's folder."""

    def __init__(self, path: Path, *, ledger: LedgerId, limits: Limits | None = None) -> None:
        """Open or create the store; `StateDamaged` if what is there cannot be read."""
        self._path = path
        self._ledger = ledger
        self._limits = limits or Limits()
        self._failed = ""
        self._flight: Future[None] | None = None
        self._flushing: Pending | None = None
        # Held while a transaction begins and while the map grows, which no transaction survives.
        self._gate = threading.Condition()
        self._cursors = 0
        # One snapshot serves all point reads until a flush: beginning costs as much as reading.
        self._reading: lmdb.Transaction | None = None
        path.mkdir(exist_ok=True)
        self._doubts = Doubts(path)
        self._doubts.note()
        try:
            with self._explained():
                self._environment = lmdb.open(str(path), map_size=self._limits.map_bytes, max_dbs=3)
        except BaseException:
            self._doubts.withdraw()
            raise
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="tallystick-state")
        try:
            with self._explained():
                self._open_tables()
                self._height, log_size = self._read_meta()
        except BaseException:
            self.abandon()
            raise
        self._fresh = Pending(log_begin=log_size)

    @property
    def height(self) -> int:
        """Return the height that is on the disk, -1 if nothing is."""
        return self._height

    def trust(self) -> None:
        """Learn that everything that was stored has been read and is what it should be."""
        self._doubts.clear()

    def read(self, id: RecordId) -> bytes | None:
        """Return the canonical bytes of an id's records, or nothing."""
        # Leaves move from fresh to flushing to the disk; looking in that order misses none.
        fresh = self._fresh.leaves
        if id in fresh:
            return fresh[id]
        flushing = self._flushing
        if flushing is not None and id in flushing.leaves:
            return flushing.leaves[id]
        with self._gate:
            data = self._reader().get(id)
            return None if data is None else bytes(data)

    def write(
        self, changes: Mapping[RecordId, bytes | None], *, height: int, leaf_hashes: bytes
    ) -> None:
        """Take over one block's leaves and its part of the log; flush if enough has gathered."""
        if self._failed:
            raise StateFailed(self._failed)
        fresh = self._fresh
        fresh.add(changes, height=height, hashes=leaf_hashes)
        fullness = fresh.fullness(self._limits)
        if fullness >= 1:
            if fullness >= BACKLOG_MAX or (self._flight is not None and self._flight.done()):
                self._land()
            if self._flight is None:
                self._launch()

    def items(self) -> Iterator[tuple[RecordId, bytes]]:
        """
        Yield every id with its records' bytes, in order of id, as they were at this call.

        Finish or drop the iterator soon: the file cannot shed old pages while it lives, nor can its
        map grow, for which a flush would wait.
        """
        walk = self._walk()
        # The first step captures the state as it is now.
        next(walk)
        return walk

    def __len__(self) -> int:
        pending = self._pending_leaves()
        with self._gate, self._environment.begin(self._leaves) as transaction:
            count = int(transaction.stat(self._leaves)["entries"])
            for id, data in pending.items():
                count += (data is not None) - (transaction.get(id) is not None)
            return count

    def leaf_hashes(self) -> bytes:
        """Return the log's leaf hashes up to the latest block, joined; `StateDamaged` if torn."""
        generations = self._generations()
        joined = bytearray()
        with self._gate, self._explained(), self._environment.begin(self._log) as transaction:
            for key, value in transaction.cursor():
                joined += self._checked_piece(bytes(key), bytes(value), len(joined))
        for each in generations:
            # What was flushed in the meantime is in the file already.
            if each.log_begin * HASH_BYTES == len(joined):
                joined += each.leaf_hashes
        return bytes(joined)

    def flush(self) -> None:
        """Make everything durable that was written."""
        if self._failed:
            raise StateFailed(self._failed)
        self._land()
        if self._fresh.blocks:
            self._launch()
            self._land()

    def close(self) -> None:
        """Flush, and let go of the files."""
        try:
            self.flush()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Let go of the files; blocks whose flush has not begun are left to the journal."""
        self._pool.shutdown(wait=True)
        with self._gate:
            self._stop_reading()
        self._environment.close()
        if not self._failed:
            self._doubts.withdraw()

    def _launch(self) -> None:
        """Hand the pending blocks to the thread that flushes; the flush before has landed."""
        flushed = self._fresh
        self._flushing = flushed
        self._fresh = Pending(log_begin=flushed.log_end)
        self._flight = self._pool.submit(self._store, flushed)

    def _land(self) -> None:
        """Wait for the flush in flight, if any, and raise what it met."""
        flight, self._flight = self._flight, None
        if flight is None:
            return
        try:
            flight.result()
        except (lmdb.Error, OSError) as error:
            # LMDB's errors carry no number, only the system's words.
            if not any(os.strerror(number) in str(error) for number in OUTSIDE):
                self._doubts.condemn()
            self._failed = (
                f"the state in {self._path} could not be written ({error}): the journal has every "
                "block; make room or check the disk, and open the ledger again"
            )
            raise StateFailed(self._failed) from error

    def _store(self, pending: Pending) -> None:
        """Write pending blocks in one transaction, giving the file more room if it needs some."""
        ordered = sorted(pending.leaves.items())
        self._doubts.note()
        while True:
            try:
                with self._environment.begin(write=True) as transaction:
                    self._put(transaction, pending, ordered)
                break
            except lmdb.MapFullError:
                self._grow()
        self.trust()
        self._height = pending.height
        # In this order: who misses a leaf in memory from here on reads a snapshot that has it.
        with self._gate:
            self._stop_reading()
        self._flushing = None

    def _put(
        self,
        transaction: lmdb.Transaction,
        pending: Pending,
        ordered: list[tuple[RecordId, bytes | None]],
    ) -> None:
        """Write leaves, log and height."""
        present = [(id, data) for id, data in ordered if data is not None]
        with transaction.cursor(self._leaves) as cursor:
            cursor.putmulti(present)
        for id, data in ordered:
            if data is None:
                transaction.delete(id, db=self._leaves)
        if pending.leaf_hashes:
            key, hashes = pending.log_begin.to_bytes(8, "big"), bytes(pending.leaf_hashes)
            transaction.put(key, hashes + sha256(key + hashes).digest(), db=self._log)
        meta = Meta(ledger=self._ledger, height=pending.height, log_size=pending.log_end)
        transaction.put(META_KEY, _encode_meta(meta), db=self._meta)

    def _grow(self) -> None:
        """Double the map; no transaction may be open meanwhile."""
        with self._gate:
            while self._cursors:
                self._gate.wait()
            self._stop_reading()
            self._environment.set_mapsize(2 * self._environment.info()["map_size"])

    def _reader(self) -> lmdb.Transaction:
        """Return the snapshot for point reads, a new one after each flush; hold the gate."""
        if self._reading is None:
            self._reading = self._environment.begin(self._leaves)
        return self._reading

    def _stop_reading(self) -> None:
        """Let go of the snapshot for point reads; hold the gate."""
        if self._reading is not None:
            self._reading.abort()
            self._reading = None

    def _generations(self) -> list[Pending]:
        """Return what is pending, oldest first; begin a transaction only after this."""
        # In the order in which a reader looks, or a flush that begins meanwhile would be missed.
        fresh = self._fresh
        flushing = self._flushing
        return [fresh] if flushing is None or flushing is fresh else [flushing, fresh]

    def _pending_leaves(self) -> dict[RecordId, bytes | None]:
        """Return a copy of all pending leaves."""
        leaves: dict[RecordId, bytes | None] = {}
        for each in self._generations():
            leaves.update(each.leaves)
        return leaves

    def _walk(self) -> Iterator[tuple[RecordId, bytes]]:
        """Yield once for having captured the state, then its items."""
        pending = self._pending_leaves()
        with self._gate:
            transaction = self._environment.begin(self._leaves)
            self._cursors += 1
        try:
            yield _PRIMED
            with self._explained():
                stored = ((RecordId(bytes(k)), bytes(v)) for k, v in transaction.cursor())
                yield from merged(stored, sorted(pending.items()))
        finally:
            with self._gate:
                transaction.abort()
                self._cursors -= 1
                self._gate.notify_all()

    def _open_tables(self) -> None:
        """Open the tables, once it is sure that the file is as long as it says."""
        # Touching a page behind the end of a file kills the process, so this comes first.
        page_bytes = self._environment.stat()["psize"]
        expected = (self._environment.info()["last_pgno"] + 1) * page_bytes
        length = (self._path / "data.mdb").stat().st_size
        if length < expected:
            raise StateDamaged(f"the state in {self._path} has {length} bytes of {expected}")
        self._leaves = self._environment.open_db(b"leaves")
        self._log = self._environment.open_db(b"log")
        self._meta = self._environment.open_db(b"meta")

    def _read_meta(self) -> tuple[int, int]:
        """Return height and log size, once it is sure that this is our ledger's state."""
        with self._environment.begin(self._meta) as transaction:
            data = transaction.get(META_KEY)
        if data is None:
            return -1, 0
        try:
            meta = _decode_meta(data)
        except msgspec.DecodeError as error:
            raise StateDamaged(f"the state in {self._path} has no readable height") from error
        if meta.ledger != self._ledger:
            raise StateDamaged(f"the state in {self._path} is that of ledger {meta.ledger.hex()}")
        return meta.height, meta.log_size

    def _checked_piece(self, key: bytes, value: bytes, length: int) -> bytes:
        """Return a piece of the log, or raise if it is not what was written there."""
        hashes = value[:-HASH_BYTES]
        begin = int.from_bytes(key, "big") * HASH_BYTES
        if begin != length or sha256(key + hashes).digest() != value[-HASH_BYTES:]:
            entry = length // HASH_BYTES
            raise StateDamaged(f"the log in {self._path} is damaged at entry {entry}")
        return hashes

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn LMDB's errors into one that says what is damaged."""
        try:
            yield
        except lmdb.Error as error:
            raise StateDamaged(f"the state in {self._path} cannot be read ({error})") from error
