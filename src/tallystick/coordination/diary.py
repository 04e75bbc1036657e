"""
A coordinator's own file: what it has begun, and what has ended.

It is appended to and never rewritten. Each frame has a check and is synced before anything that it
announces is done. All of it is sealed under a key of the file's own, which the passphrase opens: a
swap's preimage is worth what is swapped.

    frame   magic 4 | length 4 | check of these 8, 4 | check of the payload 8 | payload

A write that was cut off can only be the last, and is taken back by whoever opens the file next.
What is broken further up is not passed over: `DiaryUnusable` says where.

Two programs may hold one file: each writes under the file's lock, after reading what the other
wrote. An object of this class serves one of them.
"""

import fcntl
import os
import secrets
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from struct import Struct
from typing import Annotated, Any, Final, Protocol, Self, Union

from msgspec import Meta

from tallystick.base.encoding import Decoder, Malformed, Record, encode
from tallystick.base.sealing import (
    NONCE_BYTES,
    SALT_BYTES,
    WORK_BITS,
    CannotUnseal,
    seal,
    unseal,
)

from .entries import Entry

MAGIC: Final = b"TSD1"
HEADER: Final = Struct(">4sI4s8s")
CHECKED_BYTES: Final = 8
HEADER_CHECK_BYTES: Final = 4
PAYLOAD_CHECK_BYTES: Final = 8
PAYLOAD_BYTES_MAX: Final = 262_144
KEY_BYTES: Final = 32
KEY_WORK_BITS: Final = 1
OWNER_ONLY: Final = 0o600
PURPOSE: Final = b"tallystick diary"
ENTRY_PURPOSE: Final = b"tallystick diary entry"

_entries: Decoder[Any] = Decoder(Union[Entry.__args__])  # noqa: UP007 - it wants a typing.Union.


class DiaryUnusable(ValueError):
    """A diary can't be opened or went wrong; the message says why and what to do."""


class DiaryKey(Record, tag="diary/1"):
    """The first frame."""

    sealed: Annotated[bytes, Meta(max_length=1_024)]
    """The key of all other frames, under the passphrase."""


class Book(Protocol):
    """What remembers: a diary, or nothing durable at all."""

    def exclusive(self) -> Any:
        """Enter with what others wrote since, and keep them out until left."""

    def add(self, entries: Sequence[Entry]) -> None:
        """Write entries, durably."""


class Forgetful:
    """Remembers nothing: for demonstrations, where nobody crashes. It says so by its name."""

    @contextmanager
    def exclusive(self) -> Iterator[list[Entry]]:
        """Enter; nobody wrote anything."""
        yield []

    def add(self, entries: Sequence[Entry]) -> None:
        """Forget entries."""


class Diary:
    """One file, and what opens it."""

    def __init__(self, descriptor: int, path: Path, key: bytes) -> None:
        """Take an open file; use `open`."""
        self.path = path
        self._descriptor = descriptor
        self._key = key
        self._end = 0
        self._new: list[Entry] = []
        self._alone = False

    @classmethod
    def open(cls, path: Path, passphrase: str | bytes, *, work_bits: int = WORK_BITS) -> Self:
        """
        Open a diary, or begin one.

        The passphrase is a text, or random bytes that are as good as a key. Raises `DiaryUnusable`.
        """
        if not passphrase:
            raise DiaryUnusable("passphrase: it is empty")
        if isinstance(passphrase, str):
            passphrase = unicodedata.normalize("NFKC", passphrase).encode()
            work_bits = max(work_bits, WORK_BITS)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        descriptor = os.open(path, flags, OWNER_ONLY)
        diary = cls(descriptor, path, b"")
        try:
            with diary._locked():
                diary._unlock_key(passphrase, work_bits)
        except BaseException:
            diary.close()
            raise
        return diary

    def __repr__(self) -> str:
        return f"Diary({str(self.path)!r})"

    @contextmanager
    def exclusive(self) -> Iterator[list[Entry]]:
        """
        Enter with what stands there and was not given before, and keep others out until left.

        The first time that is everything.
        """
        with self._locked():
            self._catch_up()
            new, self._new = self._new, []
            self._alone = True
            try:
                yield new
            finally:
                self._alone = False

    def add(self, entries: Sequence[Entry]) -> None:
        """
        Write entries and sync them; within `exclusive`, so that nobody writes in between.

        What could not be read again, because a value in it is out of its bounds, is not written,
        and nothing with it: it would spoil the file. Raises `Malformed`.
        """
        if not self._alone:
            raise AssertionError("a diary is written within `exclusive`")
        if entries:
            self._write([self._sealed(entry) for entry in entries])

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other programs out."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def _unlock_key(self, passphrase: bytes, work_bits: int) -> None:
        """Read the first frame, or write it into a file that has none."""
        first = next(iter(self._frames()), None)
        if first is None:
            self._key = secrets.token_bytes(KEY_BYTES)
            sealed = _seal(self._key, passphrase, PURPOSE, work_bits)
            self._write([encode(DiaryKey(sealed))])
            _sync_folder(self.path.parent)
            return
        try:
            head: DiaryKey = Decoder(DiaryKey).decode(first)
            self._key = unseal(head.sealed, passphrase, purpose=PURPOSE)
        except (Malformed, CannotUnseal) as error:
            raise DiaryUnusable(f"{self.path}: {error}") from None

    def _catch_up(self) -> None:
        """Read what stands there and was not read before."""
        for payload in self._frames():
            try:
                opened = unseal(payload, self._key, purpose=ENTRY_PURPOSE)
                self._new.append(_entries.decode(opened))
            except (Malformed, CannotUnseal):
                # What does not decode may hold a secret, so only its place is named.
                raise DiaryUnusable(
                    f"{self.path}: what ends at byte {self._end} is no entry of this release"
                ) from None

    def _frames(self) -> Iterator[bytes]:
        """Yield whole frames from where reading stopped; take back what was cut off."""
        size = os.fstat(self._descriptor).st_size
        data = os.pread(self._descriptor, size - self._end, self._end)
        at = 0
        while at < len(data):
            payload = _frame_at(data, at)
            if payload is None:
                self._take_back(data, at)
                return
            at += HEADER.size + len(payload)
            self._end += HEADER.size + len(payload)
            yield payload

    def _take_back(self, data: bytes, at: int) -> None:
        """Truncate what was cut off, unless something whole comes after it."""
        found = data.find(MAGIC, at + 1)
        while found >= 0:
            if _frame_at(data, found) is not None:
                raise DiaryUnusable(
                    f"{self.path}: damaged at byte {self._end}, and there is more after it; "
                    "restore it from a copy"
                )
            found = data.find(MAGIC, found + 1)
        os.ftruncate(self._descriptor, self._end)
        os.fsync(self._descriptor)

    def _sealed(self, entry: Entry) -> bytes:
        """Return the payload of an entry."""
        payload = encode(entry)
        _entries.decode(payload)
        return _seal(payload, self._key, ENTRY_PURPOSE, KEY_WORK_BITS)

    def _write(self, payloads: Sequence[bytes]) -> None:
        """Append frames in one piece, and sync."""
        data = b"".join(map(_frame, payloads))
        written = 0
        while written < len(data):
            written += os.pwrite(self._descriptor, data[written:], self._end + written)
        os.fsync(self._descriptor)
        self._end += len(data)


def _seal(secret: bytes, passphrase: bytes, purpose: bytes, work_bits: int) -> bytes:
    """Seal under a fresh salt and nonce."""
    return seal(
        secret,
        passphrase,
        purpose=purpose,
        randomness=secrets.token_bytes(SALT_BYTES + NONCE_BYTES),
        work_bits=work_bits,
    )


def _frame(payload: bytes) -> bytes:
    """Return a frame."""
    if len(payload) > PAYLOAD_BYTES_MAX:
        raise DiaryUnusable(f"an entry of {len(payload)} bytes, at most {PAYLOAD_BYTES_MAX} fit")
    checked = MAGIC + len(payload).to_bytes(4, "big")
    return (
        HEADER.pack(
            MAGIC,
            len(payload),
            sha256(checked).digest()[:HEADER_CHECK_BYTES],
            sha256(payload).digest()[:PAYLOAD_CHECK_BYTES],
        )
        + payload
    )


def _frame_at(data: bytes, at: int) -> bytes | None:
    """Return the payload of the frame at an offset, nothing if no whole frame is there."""
    header = data[at : at + HEADER.size]
    if len(header) < HEADER.size:
        return None
    magic, length, head_check, check = HEADER.unpack(header)
    if magic != MAGIC or sha256(header[:CHECKED_BYTES]).digest()[:HEADER_CHECK_BYTES] != head_check:
        return None
    payload = data[at + HEADER.size : at + HEADER.size + length]
    whole = len(payload) == length <= PAYLOAD_BYTES_MAX
    return payload if whole and sha256(payload).digest()[:PAYLOAD_CHECK_BYTES] == check else None


def _sync_folder(folder: Path) -> None:
    """Make a new name durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
