"""
The journal: the truth of a ledger, as files of whole, checksummed blocks that only ever grow.

`append` returns when the block is durable, and only then may anybody be told of it. Everything else
that a ledger stores can be made from its journal again.
"""

import os
import secrets
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

import msgspec

from tallystick.base.encoding import Decoder, encode
from tallystick.base.identifiers import LedgerId
from tallystick.core.block import Block
from tallystick.core.errors import Damaged

from .errors import DiskFull, JournalFailed
from .files import DISK, Files, full_disk, write_whole
from .frame import (
    FRAME_HEADER_BYTES,
    PAYLOAD_BYTES_MAX,
    SALT_BYTES,
    SEGMENT_HEADER_BYTES,
    Acknowledged,
    SegmentHeader,
    pack_acknowledged,
    pack_frame,
    pack_segment,
    unpack_frame,
)
from .segments import (
    Found,
    Segment,
    confirm_last,
    find_blocks,
    read_acknowledged,
    segment_path,
)

SEGMENT_BYTES_MAX: Final = 2**28

_decode: Final = Decoder(Block, bytes_max=PAYLOAD_BYTES_MAX).decode_trusted


class Journal:
    """The blocks of one ledger, in order. One thread appends; any may read."""

    def __init__(
        self, folder: Path, found: Found, *, ledger: LedgerId, files: Files, segment_bytes_max: int
    ) -> None:
        """Serve what `open_journal` found."""
        self.notices = tuple(found.notices)
        self._folder = folder
        self._ledger = ledger
        self._files = files
        self._segment_bytes_max = segment_bytes_max
        self._begin = found.begin
        self._segments = found.segments
        self._first_heights = [segment.first_height for segment in found.segments]
        self._offsets = found.offsets
        self._times = found.times
        self._end = found.end
        self._failed = ""
        self._descriptor = -1
        if self._segments:
            self._descriptor = os.open(self._segments[-1].path, os.O_RDWR | os.O_CLOEXEC)
        self._acknowledged = os.open(
            folder / "acknowledged", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644
        )

    @property
    def begin(self) -> int:
        """Height of the first block that this journal may hold: above 0 after a restore."""
        return self._begin

    @property
    def height(self) -> int:
        """Height of the latest durable block, one below `begin` if there is none."""
        return self._begin + len(self._times) - 1

    def append(self, block: Block) -> None:
        """
        Make a block durable.

        Raises `DiskFull` if there is no room: the journal is as before and may be tried again.
        After any other failure nobody knows what the disk holds, so this and every later call
        raises `JournalFailed`, and the process must stop.
        """
        if self._failed:
            raise JournalFailed(self._failed)
        header = block.header
        if header.height != self.height + 1 or (self._times and header.time <= self._times[-1]):
            raise ValueError(f"block {header.height} does not follow block {self.height}")
        payload = encode(block)
        if len(payload) > PAYLOAD_BYTES_MAX:
            raise ValueError(f"block {header.height}: {len(payload)} bytes are too many")
        try:
            if self._descriptor < 0 or self._end >= self._segment_bytes_max:
                self._begin_segment(header.height)
            self._write_frame(header.height, header.time, payload)
        except DiskFull:
            raise
        except OSError as error:
            self._fail(header.height, error)
            raise JournalFailed(self._failed) from error
        except BaseException as error:
            self._fail(header.height, error)
            raise

    def read(self, height: int) -> Block:
        """Return one block, verified; a height without one is a LookupError."""
        with Reading(self._segment_of(height)) as reading:
            return self._read_frame(reading, height)

    def blocks(self, height: int = 0) -> Iterator[Block]:
        """Yield the blocks from a height on, up to the latest at each step."""
        height = max(height, self._begin)
        while height <= self.height:
            segment = self._segment_of(height)
            with Reading(segment) as reading:
                while height <= self.height and self._segment_of(height) is segment:
                    yield self._read_frame(reading, height)
                    height += 1

    def height_at(self, time: int) -> int:
        """Return the height of the block with exactly this time, or raise LookupError."""
        height = self.first_after(time - 1)
        if height > self.height or self.time_of(height) != time:
            raise LookupError(f"no block has the time {time}")
        return height

    def first_after(self, time: int) -> int:
        """Return the height of the first block later than a time; it may be yet to come."""
        return self._begin + bisect_right(self._times, time)

    def time_of(self, height: int) -> int:
        """Return the time of a block. [ms since the epoch, UTC]"""
        return self._times[self._place(height)]

    def offset_of(self, height: int) -> int:
        """Return where a block's frame begins in its segment. [bytes]"""
        return self._offsets[self._place(height)]

    def close(self) -> None:
        """Close the files; every later append raises."""
        self._failed = self._failed or "the journal is closed: open the ledger again"
        for descriptor in (self._descriptor, self._acknowledged):
            if descriptor >= 0:
                os.close(descriptor)
        self._descriptor = self._acknowledged = -1

    def _write_frame(self, height: int, time: int, payload: bytes) -> None:
        """Write and sync a frame, then note it."""
        salt = self._segments[-1].salt
        frame = pack_frame(salt, height=height, time=time, payload=payload) + payload
        try:
            write_whole(self._files, self._descriptor, frame, self._end)
        except OSError as error:
            if not full_disk(error):
                raise
            self._files.truncate(self._descriptor, self._end)
            raise self._no_room(height, error) from error
        self._files.sync(self._descriptor)
        offset, self._end = self._end, self._end + len(frame)
        self._offsets.append(offset)
        self._times.append(time)
        self._acknowledge(height)

    def _acknowledge(self, height: int) -> None:
        """Note how far we have promised; the block is durable, so failing concerns the next."""
        data = pack_acknowledged(Acknowledged(height, self._segments[-1].first_height, self._end))
        try:
            write_whole(self._files, self._acknowledged, data, 0)
        except OSError as error:
            self._fail(height + 1, error)

    def _begin_segment(self, height: int) -> None:
        """Create the next file; it is durable, name and all, before it holds a block."""
        path, salt = segment_path(self._folder, height), secrets.token_bytes(SALT_BYTES)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        try:
            descriptor = os.open(path, flags, 0o644)
        except OSError as error:
            if full_disk(error):
                raise self._no_room(height, error) from error
            raise
        try:
            header = pack_segment(SegmentHeader(self._ledger, height, salt))
            write_whole(self._files, descriptor, header, 0)
            self._files.sync(descriptor)
            self._files.sync_folder(self._folder)
        except BaseException as error:
            os.close(descriptor)
            if isinstance(error, OSError) and full_disk(error):
                path.unlink()
                raise self._no_room(height, error) from error
            raise
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor, self._end = descriptor, SEGMENT_HEADER_BYTES
        self._segments.append(Segment(path, height, salt))
        self._first_heights.append(height)

    def _no_room(self, height: int, error: OSError) -> DiskFull:
        """Return the error of a full disk."""
        return DiskFull(
            f"block {height}: the disk that holds {self._folder} is full ({error.strerror}): "
            "nothing was lost; make room and submit again"
        )

    def _fail(self, height: int, error: BaseException) -> None:
        """Refuse every later append."""
        self._failed = (
            f"block {height}: the journal in {self._folder} could not be written ({error!r}): "
            "stop this process, check the disk, and open the ledger again"
        )

    def _place(self, height: int) -> int:
        """Return a height's place in the arrays, or raise LookupError."""
        place = height - self._begin
        if 0 <= place < len(self._times):
            return place
        if 0 <= height < self._begin:
            raise LookupError(
                f"block {height} is not here: this ledger was restored from a snapshot and its "
                f"journal begins with block {self._begin}"
            )
        raise LookupError(f"block {height} does not exist, the latest is block {self.height}")

    def _segment_of(self, height: int) -> Segment:
        """Return the segment that holds a height."""
        self._place(height)
        return self._segments[bisect_right(self._first_heights, height) - 1]

    def _read_frame(self, reading: "Reading", height: int) -> Block:
        """Return a block whose bytes are proven to be those that were written."""
        offset = self.offset_of(height)
        header = unpack_frame(reading.segment.salt, reading.read(FRAME_HEADER_BYTES, offset))
        problem = "the frame's header is not what was written"
        if header is not None and header.height == height:
            payload = reading.read(header.length, offset + FRAME_HEADER_BYTES)
            problem = "the block's bytes are not what was written"
            if sha256(payload).digest() == header.digest:
                with suppress(msgspec.DecodeError):
                    block = _decode(payload)
                    if block.header.height == height and block.header.time == header.time:
                        return block
                problem = "the frame holds no block of this height and time"
        raise Damaged(
            f"block {height}: offset {offset} of {reading.segment.path.name}: {problem}: "
            "put the file back from a copy"
        )


class Reading:
    """A segment opened for reading."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self._descriptor = -1

    def __enter__(self) -> Self:
        try:
            self._descriptor = os.open(self.segment.path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise Damaged(
                f"block {self.segment.first_height}: offset 0: {self.segment.path} is gone: "
                "put the file back from a copy"
            ) from error
        return self

    def __exit__(self, *error: object) -> None:
        os.close(self._descriptor)

    def read(self, length: int, offset: int) -> bytes:
        """Return bytes from the file, fewer if it ends."""
        return os.pread(self._descriptor, length, offset)


def open_journal(
    folder: Path,
    *,
    ledger: LedgerId,
    begin: int = 0,
    reached: int = -1,
    files: Files = DISK,
    segment_bytes_max: int = SEGMENT_BYTES_MAX,
) -> Journal:
    """
    Open the journal in a folder.

    `begin` is the height of its first block; `reached` the greatest that a state or a checkpoint
    knows of. A torn tail above it is cut, and `notices` says so; any other damage is `Damaged`.
    """
    try:
        found = find_blocks(folder, ledger=ledger, begin=begin, reached=reached, files=files)
        acknowledged = read_acknowledged(folder)
        if acknowledged is None or acknowledged.height < found.next_height - 1:
            confirm_last(found, files)
    except OSError as error:
        raise JournalFailed(
            f"the journal in {folder} cannot be read and put in order ({error}): "
            "check the disk and the rights to its files, and open the ledger again"
        ) from error
    return Journal(folder, found, ledger=ledger, files=files, segment_bytes_max=segment_bytes_max)
