"""Opening a journal: torn tails are cut, damage is named, nothing is ever silently different."""

import os
import re
from pathlib import Path

import pytest

from tallystick.base.identifiers import LedgerId
from tallystick.core.block import Block
from tallystick.core.errors import Damaged
from tallystick.store.frame import FRAME_HEADER_BYTES, SEGMENT_HEADER_BYTES
from tallystick.store.journal import open_journal
from tests.store.blocks import LEDGER, filled, forget_acknowledgement, made_block, opened

NAMES_HEIGHT_AND_OFFSET = re.compile(r"^block \d+: offset \d+")


def only_file(folder: Path) -> Path:
    """Return the one segment of a small journal."""
    (path,) = folder.glob("*.blocks")
    return path


def last_offset(folder: Path) -> int:
    """Return where the last frame begins."""
    journal = opened(folder)
    journal.close()
    return journal.offset_of(journal.height)


def test_a_torn_tail_is_cut_wherever_it_was_torn(tmp_path: Path) -> None:
    """At every byte of the last frame: the blocks before it stay, and the next one fits."""
    filled(tmp_path, 3)
    path = only_file(tmp_path)
    whole, begin = path.read_bytes(), last_offset(tmp_path)
    for end in range(begin, len(whole)):
        path.write_bytes(whole[:end])
        forget_acknowledgement(tmp_path)
        journal = opened(tmp_path, reached=1)
        assert journal.height == 1
        assert (end > begin) == bool(journal.notices)
        journal.append(made_block(2))
        assert [made_block(n) for n in range(3)] == list(journal.blocks())
        journal.close()


@pytest.mark.parametrize("filler", [b"\0", b"\xff"])
def test_a_tail_of_which_only_the_length_arrived_is_cut(tmp_path: Path, filler: bytes) -> None:
    """A file may have grown before its content came: that is a torn tail too."""
    filled(tmp_path, 3)
    path = only_file(tmp_path)
    whole, begin = path.read_bytes(), last_offset(tmp_path)
    for at in range(begin, len(whole), 7):
        path.write_bytes(whole[:at] + filler * (len(whole) - at))
        forget_acknowledgement(tmp_path)
        journal = opened(tmp_path, reached=1)
        journal.close()
        assert journal.height == 1
        assert "cut" in journal.notices[0]


@pytest.mark.parametrize("reached_by", ["acknowledgement", "state"])
def test_a_torn_tail_that_somebody_was_told_of_is_damage(tmp_path: Path, reached_by: str) -> None:
    """What a receipt, a state or a checkpoint reaches is not cut, at whatever byte it is torn."""
    filled(tmp_path, 3)
    path = only_file(tmp_path)
    whole, begin = path.read_bytes(), last_offset(tmp_path)
    if reached_by == "state":
        forget_acknowledgement(tmp_path)
    for end in range(begin, len(whole)):
        path.write_bytes(whole[:end])
        with pytest.raises(Damaged, match=rf"^block 2: offset {begin}"):
            opened(tmp_path, reached=2 if reached_by == "state" else -1)
        assert path.read_bytes() == whole[:end]


def test_a_damaged_acknowledged_block_is_an_error_although_nothing_follows(tmp_path: Path) -> None:
    """Each byte of the last block, flipped, names the block."""
    filled(tmp_path, 2)
    path = only_file(tmp_path)
    whole, begin = path.read_bytes(), last_offset(tmp_path)
    for at in range(begin, len(whole)):
        damaged = bytearray(whole)
        damaged[at] ^= 0x55
        path.write_bytes(damaged)
        with pytest.raises(Damaged, match=rf"^block 1: offset {begin}"):
            opened(tmp_path)


def test_a_flipped_byte_is_never_silently_different(tmp_path: Path) -> None:
    """Anywhere in the files: an error with height and offset, or the blocks that were written."""
    filled(tmp_path, 4, segment_bytes_max=600)
    expected = [made_block(n) for n in range(4)]
    paths = sorted(tmp_path.iterdir())
    assert len(paths) == 3
    for path in paths:
        whole = path.read_bytes()
        for at in range(len(whole)):
            damaged = bytearray(whole)
            damaged[at] ^= 0x01
            path.write_bytes(damaged)
            try:
                journal = opened(tmp_path, segment_bytes_max=600)
            except Damaged as error:
                assert NAMES_HEIGHT_AND_OFFSET.match(str(error))
                continue
            found: list[Block] = []
            try:
                found += journal.blocks()
                assert found == expected
            except Damaged as error:
                assert NAMES_HEIGHT_AND_OFFSET.match(str(error))
            finally:
                journal.close()
        path.write_bytes(whole)


def test_damage_in_the_middle_is_an_error_even_if_nobody_was_told(tmp_path: Path) -> None:
    """A bad frame with a good one behind it was not torn, for one append is under way at a time."""
    filled(tmp_path, 3)
    path = only_file(tmp_path)
    damaged = bytearray(path.read_bytes())
    damaged[SEGMENT_HEADER_BYTES + 5] ^= 1
    path.write_bytes(damaged)
    forget_acknowledgement(tmp_path)
    with pytest.raises(Damaged, match=r"^block 0: offset 80 .* blocks follow it"):
        opened(tmp_path)


def test_a_payload_that_looks_like_a_frame_does_not_stop_a_cut(tmp_path: Path) -> None:
    """Who submits transactions doesn't know the salt, so the copy of a frame is only bytes."""
    filled(tmp_path, 2)
    path = only_file(tmp_path)
    whole, begin = path.read_bytes(), last_offset(tmp_path)
    forged = b"TSJ1" + bytes(4) + (9).to_bytes(8, "big") + bytes(48)
    path.write_bytes(whole[:begin] + bytes(80) + forged * 3)
    forget_acknowledgement(tmp_path)
    journal = opened(tmp_path)
    journal.close()
    assert journal.height == 0


@pytest.mark.parametrize("length", [0, 1, SEGMENT_HEADER_BYTES - 1, SEGMENT_HEADER_BYTES])
def test_a_segment_that_was_just_begun_is_no_damage(tmp_path: Path, length: int) -> None:
    """Cut off while a file is created, at any length of it, a journal goes on."""
    filled(tmp_path, 2)
    path = tmp_path / "000000000002.blocks"
    path.write_bytes(bytes(length))
    journal = opened(tmp_path)
    journal.append(made_block(2))
    journal.close()
    again = opened(tmp_path)
    again.close()
    assert [made_block(n) for n in range(3)] == list(again.blocks())


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """Without the first, a middle or the last file the error says at which block."""
    filled(tmp_path, 6, segment_bytes_max=600)
    paths = sorted(tmp_path.glob("*.blocks"))
    assert len(paths) == 3
    for path in paths:
        whole = path.read_bytes()
        path.unlink()
        with pytest.raises(Damaged, match=rf"^block {int(path.stem)}: offset "):
            opened(tmp_path)
        path.write_bytes(whole)


def test_a_journal_that_ends_too_early_is_damaged(tmp_path: Path) -> None:
    """Cut exactly between two frames, it is missed by whoever was told of more."""
    filled(tmp_path, 3)
    path = only_file(tmp_path)
    os.truncate(path, last_offset(tmp_path))
    with pytest.raises(Damaged, match=r"^block 2: offset .* the journal ends here"):
        opened(tmp_path)
    forget_acknowledgement(tmp_path)
    with pytest.raises(Damaged, match=r"^block 2: offset .* block 7 was acknowledged"):
        opened(tmp_path, reached=7)


def test_frames_in_another_order_are_refused(tmp_path: Path) -> None:
    """A frame that was written, but for another place, is damage."""
    filled(tmp_path, 3)
    path = only_file(tmp_path)
    whole = path.read_bytes()
    frame = (len(whole) - SEGMENT_HEADER_BYTES) // 3
    assert frame > FRAME_HEADER_BYTES
    first, rest = SEGMENT_HEADER_BYTES, SEGMENT_HEADER_BYTES + frame
    path.write_bytes(whole[:first] + whole[rest : rest + frame] + whole[first:rest])
    forget_acknowledgement(tmp_path)
    with pytest.raises(Damaged, match=r"^block 0: offset 80 .* that of block 1"):
        opened(tmp_path)


def test_another_ledgers_journal_is_refused(tmp_path: Path) -> None:
    """A journal says whose it is."""
    filled(tmp_path, 1)
    with pytest.raises(Damaged, match=rf"^block 0: offset 0 .* belongs to ledger {LEDGER.hex()}"):
        open_journal(tmp_path, ledger=LedgerId(bytes(32)))
