"""A ledger's folder: created whole or not at all, and open once at a time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tallystick.base.encoding import encode
from tallystick.core.errors import Damaged
from tallystick.core.genesis import ledger_id
from tallystick.store.errors import LedgerExists, LedgerInUse, NoLedger
from tallystick.store.folder import Folder, create_folder, open_folder
from tallystick.testing.faults import CRASHES, Crash, Fault, FaultyDisk
from tests.core.toy import toy_genesis

HOLDER = """
import sys
from pathlib import Path
from tallystick.store.folder import open_folder
folder = open_folder(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_created_folder_is_opened_again(tmp_path: Path) -> None:
    """The genesis comes back byte for byte, also from a folder deep in others."""
    path = tmp_path / "some" / "where"
    with create_folder(path, toy_genesis()) as folder:
        assert toy_genesis() == folder.genesis
    with open_folder(path) as again:
        assert ledger_id(toy_genesis()) == again.ledger
        assert encode(toy_genesis()) == (path / "genesis").read_bytes()


def test_a_ledger_is_not_created_over_another(tmp_path: Path) -> None:
    """Neither over a ledger nor over blocks whose genesis is gone."""
    create_folder(tmp_path, toy_genesis()).close()
    with pytest.raises(LedgerExists, match=r"there is a ledger in .* already"):
        create_folder(tmp_path, toy_genesis())
    (tmp_path / "genesis").unlink()
    (tmp_path / "journal" / "000000000000.blocks").touch()
    with pytest.raises(
        LedgerExists, match="holds blocks but no genesis: put the genesis file back"
    ):
        create_folder(tmp_path, toy_genesis())


def test_a_folder_without_a_ledger_is_said(tmp_path: Path) -> None:
    """Nothing is created by opening, and the message says what to do."""
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NoLedger, match=f"there is no ledger in {path}: create one"):
            open_folder(path)
    assert [] == list(tmp_path.iterdir())


def test_a_damaged_genesis_is_said(tmp_path: Path) -> None:
    """A genesis that does not decode is an error that names block 0, and lets the lock go."""
    create_folder(tmp_path, toy_genesis()).close()
    whole = (tmp_path / "genesis").read_bytes()
    (tmp_path / "genesis").write_bytes(whole[:-1])
    with pytest.raises(
        Damaged, match=r"^block 0: .* is not a genesis .* put the original file back"
    ):
        open_folder(tmp_path)
    (tmp_path / "genesis").write_bytes(whole)
    open_folder(tmp_path).close()


def test_a_second_opening_in_one_process_is_refused(tmp_path: Path) -> None:
    """The holder is named, and closing lets the next one in."""
    with create_folder(tmp_path, toy_genesis()) as folder:
        for _ in range(2):
            with pytest.raises(LedgerInUse, match=f"open in process {os.getpid()}: wait until"):
                open_folder(tmp_path)
        with pytest.raises(LedgerInUse):
            create_folder(tmp_path, toy_genesis())
        folder.close()
        open_folder(tmp_path).close()


def test_a_second_process_is_refused_until_the_first_is_killed(tmp_path: Path) -> None:
    """The error names the other process; `kill -9` releases the lock."""
    create_folder(tmp_path, toy_genesis()).close()
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(LedgerInUse, match=f"open in process {process.pid}"):
            open_folder(tmp_path)
        process.kill()
    open_folder(tmp_path).close()


@pytest.mark.parametrize("fault", CRASHES)
def test_a_creation_that_was_cut_off_can_be_made_again(tmp_path: Path, fault: Fault) -> None:
    """A crash at any step leaves a ledger, or a folder in which one can be created."""

    def furnish(folder: Folder) -> None:
        folder.base_path.mkdir()
        (folder.path / "base.new").mkdir()

    counted = FaultyDisk()
    create_folder(tmp_path / "counted", toy_genesis(), files=counted.files).close()
    for step in range(counted.steps):
        path = tmp_path / str(step)
        files = FaultyDisk(fault, step=step).files
        with pytest.raises(Crash):
            create_folder(path, toy_genesis(), files=files, furnish=furnish)
        if (path / "genesis").exists():
            open_folder(path).close()
        else:
            create_folder(path, toy_genesis()).close()
            assert not (path / "base").exists()


def test_an_interrupted_furnishing_makes_no_ledger(tmp_path: Path) -> None:
    """If what should be put in place fails, there is no ledger and nobody holds the folder."""

    def furnish(folder: Folder) -> None:
        raise ZeroDivisionError(folder.path)

    with pytest.raises(ZeroDivisionError):
        create_folder(tmp_path, toy_genesis(), furnish=furnish)
    create_folder(tmp_path, toy_genesis()).close()


@pytest.mark.parametrize("name", ["state", "base", "base.new"])
def test_somebody_elses_folder_is_not_cleared(tmp_path: Path, name: str) -> None:
    """Only what a creation of ours had begun is cleared away."""
    (tmp_path / name).mkdir()
    (tmp_path / name / "thesis.txt").write_text("years of work")
    for _ in range(2):
        with pytest.raises(LedgerExists, match=f"a folder '{name}' that is no ledger's: choose"):
            create_folder(tmp_path, toy_genesis())
    assert (tmp_path / name / "thesis.txt").read_text() == "years of work"
