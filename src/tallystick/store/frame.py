"""
The byte layout of the journal, as `docs/reference/journal.md` has it.

Numbers are unsigned and big endian. A segment begins with a header; frames follow without gaps.

    segment header   magic 16 | ledger id 32 | first height 8 | salt 16 | check 8
    frame header     magic 4 | length 4 | height 8 | time 8 | SHA-256 of the payload 32 | seal 8
    acknowledgement  height 8 | first height of the segment 8 | end of the frame 8 | check 8

A check is the beginning of the SHA-256 of what stands before it. A seal is the same with the
segment's salt in front: whoever submits transactions doesn't know the salt, so no payload can
contain anything that passes for a frame.
"""

from hashlib import sha256
from struct import Struct
from typing import Final, NamedTuple

from tallystick.base.identifiers import LedgerId

SEGMENT_MAGIC: Final = b"tallystick/j/1\n\0"
FRAME_MAGIC: Final = b"TSJ1"
CHECK_BYTES: Final = 8
SALT_BYTES: Final = 16
PAYLOAD_BYTES_MAX: Final = 2**30

_SEGMENT: Final = Struct(">16s32sQ16s")
_FRAME: Final = Struct(">4sIQQ32s")
_ACKNOWLEDGED: Final = Struct(">QQQ")

SEGMENT_HEADER_BYTES: Final = _SEGMENT.size + CHECK_BYTES
FRAME_HEADER_BYTES: Final = _FRAME.size + CHECK_BYTES
ACKNOWLEDGED_BYTES: Final = _ACKNOWLEDGED.size + CHECK_BYTES


class SegmentHeader(NamedTuple):
    """What a segment says about itself."""

    ledger: LedgerId
    first_height: int
    salt: bytes


class FrameHeader(NamedTuple):
    """What stands before a block."""

    length: int
    height: int
    time: int
    digest: bytes


class Acknowledged(NamedTuple):
    """Up to where the journal has promised that it is durable."""

    height: int
    first_height: int
    end: int


def pack_segment(header: SegmentHeader) -> bytes:
    """Return the bytes of a segment's header."""
    return _checked(_SEGMENT.pack(SEGMENT_MAGIC, header.ledger, header.first_height, header.salt))


def unpack_segment(data: bytes) -> SegmentHeader | None:
    """Return a segment's header, or nothing if the bytes are not one."""
    if len(data) != SEGMENT_HEADER_BYTES or data != _checked(data[:-CHECK_BYTES]):
        return None
    magic, ledger, first_height, salt = _SEGMENT.unpack(data[:-CHECK_BYTES])
    return SegmentHeader(ledger, first_height, salt) if magic == SEGMENT_MAGIC else None


def pack_frame(salt: bytes, *, height: int, time: int, payload: bytes) -> bytes:
    """Return the header of a frame; the payload follows it."""
    digest = sha256(payload).digest()
    return _checked(_FRAME.pack(FRAME_MAGIC, len(payload), height, time, digest), salt)


def unpack_frame(salt: bytes, data: bytes) -> FrameHeader | None:
    """Return a frame's header, or nothing if the bytes are not one of this segment."""
    if len(data) != FRAME_HEADER_BYTES or data[:4] != FRAME_MAGIC:
        return None
    if data != _checked(data[:-CHECK_BYTES], salt):
        return None
    return FrameHeader(*_FRAME.unpack(data[:-CHECK_BYTES])[1:])


def pack_acknowledged(acknowledged: Acknowledged) -> bytes:
    """Return the bytes of an acknowledgement."""
    return _checked(_ACKNOWLEDGED.pack(*acknowledged))


def unpack_acknowledged(data: bytes) -> Acknowledged | None:
    """Return an acknowledgement, or nothing if the bytes are not one."""
    if len(data) != ACKNOWLEDGED_BYTES or data != _checked(data[:-CHECK_BYTES]):
        return None
    return Acknowledged(*_ACKNOWLEDGED.unpack(data[:-CHECK_BYTES]))


def _checked(data: bytes, salt: bytes = b"") -> bytes:
    """Return bytes with their check behind them."""
    return data + sha256(salt + data).digest()[:CHECK_BYTES]
