"""The journal's byte layout."""

from tallystick.store import frame
from tallystick.store.frame import Acknowledged, SegmentHeader
from tests.store.blocks import LEDGER

SALT = bytes(range(16))
SEGMENT = SegmentHeader(LEDGER, 7, SALT)
FRAME = frame.pack_frame(SALT, height=7, time=1_460_000_000_000, payload=b"payload")


def test_lengths_are_those_of_the_reference() -> None:
    """The headers have the lengths that docs/reference/journal.md gives."""
    lengths = (
        frame.SEGMENT_HEADER_BYTES,
        frame.FRAME_HEADER_BYTES,
        frame.ACKNOWLEDGED_BYTES,
        len(frame.SEGMENT_MAGIC),
    )
    assert (80, 64, 32, 16) == lengths


def test_what_is_packed_is_unpacked() -> None:
    """Unpacking gives back what was packed."""
    header = frame.unpack_frame(SALT, FRAME)
    assert header is not None
    assert (7, 7, 1_460_000_000_000) == (header.length, header.height, header.time)
    assert SEGMENT == frame.unpack_segment(frame.pack_segment(SEGMENT))
    acknowledged = Acknowledged(3, 0, 999)
    assert acknowledged == frame.unpack_acknowledged(frame.pack_acknowledged(acknowledged))


def test_every_flipped_bit_is_seen() -> None:
    """No header with one bit changed is taken for a header."""
    for packed, unpack in (
        (FRAME, lambda data: frame.unpack_frame(SALT, data)),
        (frame.pack_segment(SEGMENT), frame.unpack_segment),
        (frame.pack_acknowledged(Acknowledged(3, 0, 999)), frame.unpack_acknowledged),
    ):
        for bit in range(8 * len(packed)):
            damaged = bytearray(packed)
            damaged[bit // 8] ^= 1 << bit % 8
            assert unpack(bytes(damaged)) is None


def test_a_frame_of_another_segment_is_none() -> None:
    """A seal is worth nothing under another salt, so a payload cannot hold a frame."""
    assert frame.unpack_frame(bytes(16), FRAME) is None


def test_a_short_header_is_none() -> None:
    """What ends within a header is not one."""
    for length in range(len(FRAME)):
        assert frame.unpack_frame(SALT, FRAME[:length]) is None
    assert frame.unpack_segment(b"") is None
    assert frame.unpack_acknowledged(b"") is None
