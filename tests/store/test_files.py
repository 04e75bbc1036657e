"""The calls through which the store changes a disk."""

import errno
import os
from pathlib import Path

import pytest

from tallystick.store.files import DISK, full_disk, sync_folder, write_atomically, write_whole
from tallystick.testing.faults import CRASHES, Crash, Fault, FaultyDisk


def test_a_write_in_pieces_is_whole(tmp_path: Path) -> None:
    """However the system cuts a write, all of it arrives."""
    disk = FaultyDisk(Fault.SHORT, lasting=True)
    descriptor = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    write_whole(disk.files, descriptor, b"0123456789", 3)
    os.close(descriptor)
    assert bytes(3) + b"0123456789" == (tmp_path / "file").read_bytes()
    assert disk.steps > 1


@pytest.mark.parametrize("fault", CRASHES)
def test_a_file_is_put_in_place_whole_or_not_at_all(tmp_path: Path, fault: Fault) -> None:
    """A crash at any step leaves the old content or the new."""
    path = tmp_path / "file"
    counted = FaultyDisk()
    write_atomically(counted.files, path, b"old")
    for step in range(counted.steps):
        write_atomically(DISK, path, b"old")
        with pytest.raises(Crash):
            write_atomically(FaultyDisk(fault, step=step).files, path, b"new and longer")
        assert path.read_bytes() in {b"old", b"new and longer"}


def test_a_full_disk_is_told_from_other_errors() -> None:
    """No room and no quota are full; an input/output error is not."""
    codes = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
    assert [True, True, False] == [full_disk(OSError(code, "")) for code in codes]


def test_a_folder_is_synced_or_missed(tmp_path: Path) -> None:
    """Syncing a folder works, and one that isn't there is an error."""
    sync_folder(tmp_path)
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "nowhere")
