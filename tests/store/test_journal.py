"""The journal: durable when `append` returns, and never less than what it acknowledged."""

import errno
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tallystick.core.errors import Damaged
from tallystick.store.errors import DiskFull, JournalFailed
from tallystick.store.files import DISK, Files
from tallystick.store.journal import Journal
from tallystick.testing.faults import CRASHES, Crash, Fault, FaultyDisk
from tests.store.blocks import GAP, TIME, filled, forget_acknowledgement, made_block, opened

APPENDER = """
import sys
from pathlib import Path
from tallystick.store.journal import Journal
from tallystick.testing.faults import Fault, FaultyDisk, die
from tests.store.blocks import made_block, opened
folder, fault, step = Path(sys.argv[1]), Fault(sys.argv[2]), int(sys.argv[3])
disk = FaultyDisk(fault, step=step, crash=die)
journal = opened(folder, files=disk.files, segment_bytes_max=3000)
print(journal.height, flush=True)
for height in range(journal.height + 1, 100_000):
    journal.append(made_block(height, size=900))
    print(height, flush=True)
"""
"""Appends until it is killed, and prints each height that is acknowledged."""


def appending(folder: Path, fault: Fault = Fault.NONE, step: int = 0) -> subprocess.Popen[str]:
    """Start a process that appends."""
    return subprocess.Popen(
        [sys.executable, "-c", APPENDER, str(folder), fault.value, str(step)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def append_until_crash(journal: Journal, count: int) -> int:
    """Append some blocks, of which one meets a crash; return the height that was acknowledged."""
    for height in range(count):
        try:
            journal.append(made_block(height))
        except Crash:
            return height - 1
    raise AssertionError("nothing crashed")


def test_what_is_appended_is_read(tmp_path: Path) -> None:
    """Blocks come back by height, by time and in order, before and after reopening."""
    filled(tmp_path, 20, segment_bytes_max=1_000)
    assert 5 == len(list(tmp_path.glob("*.blocks")))
    journal = opened(tmp_path, segment_bytes_max=1_000)
    journal.append(made_block(20))
    for height in range(21):
        assert made_block(height) == journal.read(height)
        assert height == journal.height_at(TIME + height * GAP)
    assert [made_block(n) for n in range(7, 21)] == list(journal.blocks(7))
    assert [] == list(journal.blocks(21))
    journal.close()


def test_times_are_found_by_bisection(tmp_path: Path) -> None:
    """The first block after a time is found between, at, before and behind the blocks."""
    filled(tmp_path, 3)
    journal = opened(tmp_path)
    journal.close()
    moments = (TIME - 1, TIME, TIME + 1, TIME + GAP, TIME + 2 * GAP - 1, TIME + 2 * GAP)
    assert [0, 1, 1, 2, 2, 3] == [journal.first_after(moment) for moment in moments]
    with pytest.raises(LookupError, match="no block has the time"):
        journal.height_at(TIME + 1)
    with pytest.raises(LookupError, match="no block has the time"):
        journal.height_at(TIME + 3 * GAP)


def test_a_height_without_a_block_is_said(tmp_path: Path) -> None:
    """Above the latest, below zero and below where the journal begins."""
    filled(tmp_path, 2)
    journal = opened(tmp_path)
    journal.close()
    for height in (2, -1):
        with pytest.raises(LookupError, match="does not exist, the latest is block 1"):
            journal.read(height)
    empty = tmp_path / "restored"
    empty.mkdir()
    restored = opened(empty, begin=5)
    restored.append(made_block(5))
    assert (5, 5) == (restored.begin, restored.height)
    with pytest.raises(LookupError, match=r"restored from a snapshot .* begins with block 5"):
        restored.read(4)
    assert [made_block(5)] == list(restored.blocks())
    restored.close()


def test_only_the_next_block_is_taken(tmp_path: Path) -> None:
    """A block that doesn't follow is our mistake, and harms nothing."""
    journal = opened(tmp_path)
    journal.append(made_block(0))
    for wrong in (0, 2):
        with pytest.raises(ValueError, match="does not follow block 0"):
            journal.append(made_block(wrong))
    journal.append(made_block(1))
    journal.close()
    with pytest.raises(JournalFailed, match="closed"):
        journal.append(made_block(2))


def test_it_is_synced_before_append_returns(tmp_path: Path) -> None:
    """Between the write of a block and the return of append lies a sync."""
    calls: list[str] = []

    def write(descriptor: int, data: bytes, offset: int) -> int:
        calls.append("write")
        return DISK.write(descriptor, data, offset)

    def sync(descriptor: int) -> None:
        calls.append("sync")
        DISK.sync(descriptor)

    def sync_folder(path: Path) -> None:
        calls.append("sync folder")
        DISK.sync_folder(path)

    traced = Files(write=write, sync=sync, sync_folder=sync_folder)
    journal = opened(tmp_path, files=traced)
    journal.append(made_block(0))
    journal.append(made_block(1))
    journal.close()
    new_file = ["write", "sync", "sync folder"]
    append = ["write", "sync", "write"]
    assert new_file + append + append == calls


@pytest.mark.parametrize("fault", CRASHES)
def test_a_crash_at_any_step_loses_nothing_acknowledged(tmp_path: Path, fault: Fault) -> None:
    """Reopened, the journal has every acknowledged block, and at most the one under way besides."""
    counted = FaultyDisk()
    (tmp_path / "counted").mkdir()
    journal = opened(tmp_path / "counted", files=counted.files, segment_bytes_max=600)
    for height in range(4):
        journal.append(made_block(height))
    journal.close()
    for step in range(counted.steps):
        folder = tmp_path / str(step)
        folder.mkdir()
        broken = opened(folder, files=FaultyDisk(fault, step=step).files, segment_bytes_max=600)
        acknowledged = append_until_crash(broken, 4)
        with pytest.raises(JournalFailed):
            broken.append(made_block(acknowledged + 1))
        broken.close()
        again = opened(folder, segment_bytes_max=600)
        assert again.height in {acknowledged, acknowledged + 1}
        assert [made_block(n) for n in range(again.height + 1)] == list(again.blocks())
        again.append(made_block(again.height + 1))
        again.close()


def test_a_failed_write_or_sync_poisons_the_journal(tmp_path: Path) -> None:
    """After an error at any step every later append raises and says to stop the process."""
    for step in range(3):
        folder = tmp_path / str(step)
        folder.mkdir()
        filled(folder, 1)
        journal = opened(folder, files=FaultyDisk(Fault.ERROR, step=step).files)
        durable = 0
        if step == 2:
            # Only the acknowledgement failed: the block stands, the next one is refused.
            journal.append(made_block(1))
            durable = 1
        for height in (durable + 1, durable + 2):
            with pytest.raises(JournalFailed, match="stop this process"):
                journal.append(made_block(height))
        journal.close()
        again = opened(folder)
        again.close()
        assert durable <= again.height <= 1


def test_a_block_whose_sync_failed_is_written_again_on_opening(tmp_path: Path) -> None:
    """The system may believe a block durable that is not, so opening doesn't."""
    filled(tmp_path, 1)
    journal = opened(tmp_path, files=FaultyDisk(Fault.ERROR, step=1).files)
    with pytest.raises(JournalFailed):
        journal.append(made_block(1))
    journal.close()
    with pytest.raises(JournalFailed, match="check the disk"):
        opened(tmp_path, files=FaultyDisk(Fault.ERROR).files)
    disk = FaultyDisk()
    again = opened(tmp_path, files=disk.files)
    again.close()
    assert (1, 2) == (again.height, disk.steps)


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """The error is clear, the file is cut back, and with room again the same block fits."""
    filled(tmp_path, 2)
    (path,) = tmp_path.glob("*.blocks")
    length = path.stat().st_size
    disk = FaultyDisk(Fault.FULL)
    journal = opened(tmp_path, files=disk.files)
    with pytest.raises(DiskFull, match=r"block 2: .* is full .* nothing was lost; make room"):
        journal.append(made_block(2))
    assert length == path.stat().st_size
    journal.append(made_block(2))
    assert [made_block(n) for n in range(3)] == list(journal.blocks())
    journal.close()


def test_a_full_disk_at_a_new_file_loses_nothing(tmp_path: Path) -> None:
    """At each step of making a file: it is removed, and with room again the block fits."""
    for step in range(3):
        folder = tmp_path / str(step)
        folder.mkdir()
        filled(folder, 2, segment_bytes_max=600)
        journal = opened(
            folder, files=FaultyDisk(Fault.FULL, step=step).files, segment_bytes_max=600
        )
        with pytest.raises(DiskFull, match=r"block 2: .* is full"):
            journal.append(made_block(2))
        journal.append(made_block(2))
        journal.close()
        again = opened(folder, segment_bytes_max=600)
        again.close()
        assert 2 == again.height


def test_a_full_disk_that_cannot_be_cut_back_poisons(tmp_path: Path) -> None:
    """If the cut fails as well, nobody knows what the file holds."""
    filled(tmp_path, 1)
    journal = opened(tmp_path, files=FaultyDisk(Fault.FULL, lasting=True).files)
    for _ in range(2):
        with pytest.raises(JournalFailed, match="stop this process"):
            journal.append(made_block(1))
    journal.close()


def test_a_disk_that_is_really_full_is_a_clear_error(tmp_path: Path) -> None:
    """With the system's own limit on a file's length instead of ours."""
    filled(tmp_path, 1)
    code = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from tallystick.store.errors import JournalFailed\n"
        "from tests.store.blocks import made_block, opened\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "journal = opened(Path(sys.argv[1]))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n"
        "    journal.append(made_block(1, size=5000))\n"
        "except JournalFailed as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert f"Errno {errno.EFBIG}" in done.stdout.replace("OSError(", "Errno ")
    again = opened(tmp_path)
    again.close()
    assert 0 == again.height


def test_a_damaged_block_is_found_on_reading(tmp_path: Path) -> None:
    """Opening looks at headers and at the last block; reading looks at everything."""
    filled(tmp_path, 3)
    (path,) = tmp_path.glob("*.blocks")
    journal = opened(tmp_path)
    offset = journal.offset_of(1)
    damaged = bytearray(path.read_bytes())
    damaged[offset + 100] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(Damaged, match=rf"^block 1: offset {offset} .*not what was written"):
        journal.read(1)
    path.unlink()
    with pytest.raises(Damaged, match=r"^block 0: offset 0: .* is gone"):
        journal.read(1)
    journal.close()


def test_others_may_read_while_one_appends(tmp_path: Path) -> None:
    """Readers in other threads see whole blocks at every moment."""
    journal = opened(tmp_path, segment_bytes_max=2_000)
    journal.append(made_block(0))
    stop, problems = threading.Event(), []

    def read() -> None:
        generator = random.Random(1)
        while not stop.is_set():
            height = generator.randrange(journal.height + 1)
            if journal.read(height) != made_block(height):
                problems.append(height)

    thread = threading.Thread(target=read)
    thread.start()
    for height in range(1, 60):
        journal.append(made_block(height))
    stop.set()
    thread.join()
    journal.close()
    assert [] == problems


def test_killed_at_random_moments_it_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """`kill -9`, again and again: every height that was printed is there, and identical."""
    generator = random.Random(20_160_701)
    acknowledged = -1
    for _ in range(6):
        with appending(tmp_path) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(generator.uniform(0.005, 0.06))
            process.kill()
            printed = process.stdout.read().split()
        if printed:
            acknowledged = int(printed[-1])
        journal = opened(tmp_path, segment_bytes_max=3_000)
        journal.close()
        assert acknowledged <= journal.height <= acknowledged + 1
        acknowledged = journal.height
    for height in range(acknowledged + 1):
        assert made_block(height, size=900) == journal.read(height)


@pytest.mark.parametrize("fault", [Fault.CRASH_BEFORE, Fault.CRASH_HALFWAY])
def test_dead_at_a_step_it_loses_nothing_acknowledged(tmp_path: Path, fault: Fault) -> None:
    """A process that ends at a step of appending leaves what it printed."""
    for step in range(3, 9):
        with appending(tmp_path, fault, step) as process:
            assert process.stdout is not None
            printed = process.stdout.read().split()
        assert 9 == process.returncode
        journal = opened(tmp_path, segment_bytes_max=3_000)
        journal.close()
        assert int(printed[-1]) <= journal.height <= int(printed[-1]) + 1
        for height in range(journal.height + 1):
            assert made_block(height, size=900) == journal.read(height)


def test_an_acknowledgement_that_was_lost_is_no_harm(tmp_path: Path) -> None:
    """The side file is only ever behind: without it a whole journal is whole."""
    filled(tmp_path, 3)
    forget_acknowledgement(tmp_path)
    journal = opened(tmp_path)
    journal.close()
    assert (2, ()) == (journal.height, journal.notices)
