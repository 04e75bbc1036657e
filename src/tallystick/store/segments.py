"""
Opening a journal: find every frame, and tell a torn tail from damage.

An append that was cut off leaves a last frame that is not whole. It may be cut away only if nobody
was told of it: no state, checkpoint or receipt reaches it, and no frame stands behind it. Whatever
else is not as it was written is damage.
"""

import mmap
import os
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from tallystick.base.identifiers import LedgerId
from tallystick.core.errors import Damaged

from .files import Files, write_whole
from .frame import (
    ACKNOWLEDGED_BYTES,
    FRAME_HEADER_BYTES,
    FRAME_MAGIC,
    SEGMENT_HEADER_BYTES,
    Acknowledged,
    FrameHeader,
    unpack_acknowledged,
    unpack_frame,
    unpack_segment,
)

HEIGHT_DIGITS: Final = 12
SEARCH_BYTES: Final = 2**20


@dataclass(frozen=True)
class Segment:
    """One file of the journal."""

    path: Path
    """Where it is."""

    first_height: int
    """Height of its first block."""

    salt: bytes
    """What its seals are made with."""


@dataclass
class Found:
    """What opening a journal found."""

    begin: int
    """Height of the first block that the journal may hold."""

    segments: list[Segment] = field(default_factory=list)
    """The files, in order."""

    offsets: "array[int]" = field(default_factory=lambda: array("Q"))
    """Where each block's frame begins in its file. [bytes]"""

    times: "array[int]" = field(default_factory=lambda: array("Q"))
    """Each block's time. [ms since the epoch, UTC]"""

    end: int = 0
    """Where the last file's last frame ends. [bytes]"""

    notices: list[str] = field(default_factory=list)
    """What was put right, for people."""

    @property
    def next_height(self) -> int:
        """Return the height that the next block has."""
        return self.begin + len(self.offsets)


def segment_path(folder: Path, first_height: int) -> Path:
    """Return the path of the segment that begins with a height."""
    return folder / f"{first_height:0{HEIGHT_DIGITS}}.blocks"


def find_blocks(folder: Path, *, ledger: LedgerId, begin: int, reached: int, files: Files) -> Found:
    """
    Return where each block lies, after cutting a torn tail that nobody was told of.

    `reached` is the height that state and checkpoints know of. Raises `Damaged` naming the height
    and the offset for everything else that is wrong.
    """
    found = Found(begin)
    acknowledged = read_acknowledged(folder)
    if acknowledged is not None:
        reached = max(reached, acknowledged.height)
    paths = sorted(folder.glob("*.blocks"))
    for path in paths:
        last = path is paths[-1]
        if path != segment_path(folder, found.next_height):
            raise Damaged(
                f"block {found.next_height}: offset 0: the journal should go on with "
                f"{segment_path(folder, found.next_height).name}, but there is {path.name}: "
                "put the missing file back"
            )
        with _opened(path) as descriptor:
            scan = Scan(found, path, descriptor, ledger=ledger, reached=reached, files=files)
            scan.run(last=last)
    if found.next_height <= reached:
        name = found.segments[-1].path.name if found.segments else folder.name
        raise Damaged(
            f"block {found.next_height}: offset {found.end} of {name}: the journal ends here, but "
            f"block {reached} was acknowledged: put the journal's files back from a copy"
        )
    return found


def read_acknowledged(folder: Path) -> Acknowledged | None:
    """Return up to where the journal was acknowledged, if that is known."""
    try:
        data = (folder / "acknowledged").read_bytes()
    except FileNotFoundError:
        return None
    return unpack_acknowledged(data[:ACKNOWLEDGED_BYTES])


class Scan:
    """One pass over the frame headers of one segment."""

    def __init__(
        self,
        found: Found,
        path: Path,
        descriptor: int,
        *,
        ledger: LedgerId,
        reached: int,
        files: Files,
    ) -> None:
        self._found = found
        self._path = path
        self._descriptor = descriptor
        self._ledger = ledger
        self._reached = reached
        self._files = files
        self._size = os.fstat(descriptor).st_size

    def run(self, *, last: bool) -> None:
        """Find the frames; only the last segment may have a torn tail."""
        found, end_before = self._found, self._found.end
        segment = self._read_segment(last=last)
        if segment is None:
            found.end = end_before
            self._path.unlink()
            self._files.sync_folder(self._path.parent)
            found.notices.append(f"removed the journal file {self._path.name}: it was just begun")
            return
        found.segments.append(segment)
        found.end = SEGMENT_HEADER_BYTES
        problem = self._walk(segment.salt)
        if last and not problem and found.next_height > segment.first_height:
            problem = self._check_last(segment.salt)
        if not problem:
            return
        if not last or self._is_followed(segment.salt):
            raise self.damaged(f"{problem}, and blocks follow it")
        self._cut(problem)

    def damaged(self, problem: str) -> Damaged:
        """Return the error for what is wrong with the next frame."""
        return Damaged(
            f"block {self._found.next_height}: offset {self._found.end} of {self._path.name}: "
            f"{problem}: put the file back from a copy"
        )

    def _read_segment(self, *, last: bool) -> Segment | None:
        """Return the segment, or nothing if it was being created when that was cut off."""
        found = self._found
        found.end = 0
        header = unpack_segment(os.pread(self._descriptor, SEGMENT_HEADER_BYTES, 0))
        if header is None:
            unborn = last and self._size <= SEGMENT_HEADER_BYTES
            if unborn and found.next_height > self._reached:
                return None
            raise self.damaged("the segment's header is not what was written")
        if header.ledger != self._ledger:
            raise self.damaged(
                f"the segment belongs to ledger {header.ledger.hex()}, "
                f"the genesis here is that of {self._ledger.hex()}"
            )
        if header.first_height != found.next_height:
            raise self.damaged(f"the segment begins with block {header.first_height}")
        return Segment(self._path, header.first_height, header.salt)

    def _walk(self, salt: bytes) -> str:
        """Note each frame down to the first that is not whole, and say what is wrong with that."""
        found, size, descriptor, read = self._found, self._size, self._descriptor, os.pread
        while found.end < size:
            header = unpack_frame(salt, read(descriptor, FRAME_HEADER_BYTES, found.end))
            if header is None:
                return "the frame's header is not what was written"
            end = found.end + FRAME_HEADER_BYTES + header.length
            if end > size:
                return f"the frame has {header.length} bytes of which {end - size} are missing"
            self._check_order(header)
            found.offsets.append(found.end)
            found.times.append(header.time)
            found.end = end
        return ""

    def _check_order(self, header: FrameHeader) -> None:
        """Refuse a frame that was written, but not for this place."""
        times = self._found.times
        if header.height != self._found.next_height:
            raise self.damaged(f"the frame is that of block {header.height}")
        if times and header.time <= times[-1]:
            raise self.damaged(f"its time {header.time} is not after its parent's")

    def _check_last(self, salt: bytes) -> str:
        """Verify the last frame's payload; a frame that fails is no longer noted."""
        found = self._found
        offset = found.offsets[-1]
        header = unpack_frame(salt, os.pread(self._descriptor, FRAME_HEADER_BYTES, offset))
        payload = os.pread(self._descriptor, found.end - offset, offset)[FRAME_HEADER_BYTES:]
        if header is not None and sha256(payload).digest() == header.digest:
            return ""
        found.end = found.offsets.pop()
        found.times.pop()
        return "the block's bytes are not what was written"

    def _is_followed(self, salt: bytes) -> bool:
        """Say whether a frame of a later block stands somewhere behind the first bad one."""
        begin = self._found.end
        with mmap.mmap(self._descriptor, 0, access=mmap.ACCESS_READ) as view:
            at = view.find(FRAME_MAGIC, begin + 1)
            while at >= 0:
                header = unpack_frame(salt, view[at : at + FRAME_HEADER_BYTES])
                if header is not None and header.height > self._found.next_height:
                    return True
                at = view.find(FRAME_MAGIC, at + 1)
        return False

    def _cut(self, problem: str) -> None:
        """Cut the tail away, unless somebody was told of it."""
        found = self._found
        if found.next_height <= self._reached:
            raise self.damaged(f"{problem}, although the block was acknowledged")
        self._files.truncate(self._descriptor, found.end)
        self._files.sync(self._descriptor)
        found.notices.append(
            f"cut {self._size - found.end} bytes off {self._path.name} at offset {found.end}: "
            f"block {found.next_height} was never finished ({problem})"
        )


def confirm_last(found: Found, files: Files) -> None:
    """
    Write the last frame again where it is, and sync it.

    A sync may have failed after the frame was written: then the system can hold bytes that it
    believes to be on the disk and that are not.
    """
    if not found.offsets:
        return
    with _opened(found.segments[-1].path) as descriptor:
        offset = found.offsets[-1]
        if offset >= found.end:
            return
        frame = os.pread(descriptor, found.end - offset, offset)
        write_whole(files, descriptor, frame, offset)
        files.sync(descriptor)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """Lend a descriptor of a file that exists."""
    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
