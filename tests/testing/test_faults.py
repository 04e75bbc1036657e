"""The failing disk fails as planned, at the planned step, and nowhere else."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tallystick.testing.faults import Crash, Fault, FaultyDisk, die


@pytest.mark.parametrize(
    ("fault", "content", "raised"),
    [
        (Fault.NONE, b"0123456789", None),
        (Fault.ERROR, b"", OSError),
        (Fault.FULL, b"01234", OSError),
        (Fault.SHORT, b"01234", None),
        (Fault.CRASH_BEFORE, b"", Crash),
        (Fault.CRASH_HALFWAY, b"01234", Crash),
        (Fault.CRASH_ZEROS, bytes(10), Crash),
        (Fault.CRASH_AFTER, b"0123456789", Crash),
    ],
)
def test_a_write_goes_wrong_as_planned(
    tmp_path: Path, fault: Fault, content: bytes, raised: type[BaseException] | None
) -> None:
    """Each fault leaves its own content behind."""
    disk = FaultyDisk(fault)
    descriptor = os.open(tmp_path / "file", os.O_RDWR | os.O_CREAT)
    if raised is None:
        assert len(content) == disk.files.write(descriptor, b"0123456789", 0)
    else:
        with pytest.raises(raised):
            disk.files.write(descriptor, b"0123456789", 0)
    assert content == (tmp_path / "file").read_bytes()
    assert 10 == disk.files.write(descriptor, b"9876543210", 0)
    assert (2, b"9876543210") == (disk.steps, (tmp_path / "file").read_bytes())
    os.close(descriptor)


@pytest.mark.parametrize(
    ("fault", "done", "raised"),
    [
        (Fault.NONE, True, None),
        (Fault.ERROR, False, OSError),
        (Fault.FULL, False, OSError),
        (Fault.SHORT, True, None),
        (Fault.CRASH_BEFORE, False, Crash),
        (Fault.CRASH_HALFWAY, False, Crash),
        (Fault.CRASH_ZEROS, False, Crash),
        (Fault.CRASH_AFTER, True, Crash),
    ],
)
def test_a_call_without_a_middle_happens_or_not(
    tmp_path: Path, fault: Fault, *, done: bool, raised: type[BaseException] | None
) -> None:
    """A rename stands for truncating and syncing as well."""
    source, target = tmp_path / "source", tmp_path / "target"
    source.touch()
    disk = FaultyDisk(fault, step=2)
    disk.files.sync_folder(tmp_path)
    with source.open("r+b") as file:
        disk.files.truncate(file.fileno(), 3)
    if raised is None:
        disk.files.replace(source, target)
    else:
        with pytest.raises(raised):
            disk.files.replace(source, target)
    assert done == target.exists()
    with (target if done else source).open("r+b") as file:
        disk.files.sync(file.fileno())
    assert 4 == disk.steps


def test_a_lasting_fault_lasts_until_it_is_mended(tmp_path: Path) -> None:
    """From its step on every call fails, until there is room again."""
    disk = FaultyDisk(Fault.FULL, step=1, lasting=True)
    disk.files.sync_folder(tmp_path)
    for _ in range(2):
        with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
            disk.files.sync_folder(tmp_path)
    disk.mend()
    disk.files.sync_folder(tmp_path)


def test_dying_ends_the_process() -> None:
    """Nothing that would run at the end of a process does."""
    code = f"from {die.__module__} import die\ntry:\n    die()\nfinally:\n    print('no')\n"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (9, b"") == (done.returncode, done.stdout)
