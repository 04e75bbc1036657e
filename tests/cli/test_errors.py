"""Each kind of mishap has its exit code, and every exit code its mishap."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable

import click
import pytest

from tallystick import compose
from tallystick.base.encoding import Malformed
from tallystick.base.identifiers import TransactionId
from tallystick.base.sealing import CannotUnseal
from tallystick.cli.errors import EXIT_CODES, CheckFailed, describe, exit_code_of, guarded
from tallystick.client.ledger import TransactionRejected
from tallystick.client.proving import CannotProve
from tallystick.core import errors
from tallystick.core.block import Outcome
from tallystick.core.errors import KeepsNoHoldings
from tallystick.core.proof import ProofInvalid
from tallystick.core.receipt import Receipt
from tallystick.scenarios.sheet import BadProfile
from tallystick.store.errors import DiskFull, LedgerInUse, SnapshotDamaged
from tests.cli.shell import Shell

ID = TransactionId(bytes(32))
REJECTED = TransactionRejected(
    Receipt(ID, 1, 0, 1, Outcome(transaction=ID, contract="toy", code=7, command=2), "too much")
)
CASES = [
    (KeepsNoHoldings("toy"), 1, "kernel rejects it (2): contract 'toy' keeps no holdings that "),
    (REJECTED, 1, "toy rejects it (7): too much"),
    (errors.WrongLedger("for another ledger"), 1, "for another ledger"),
    (errors.BugInRule("set aside; report it"), 1, "set aside; report it"),
    (CheckFailed("two problems"), 1, "two problems"),
    (CannotProve("no claim"), 1, "no claim"),
    (ProofInvalid("receipt", "not accepted"), 1, "receipt: not accepted"),
    (Malformed("Split.parts", "too many"), 2, "Split.parts: too many"),
    (BadProfile("gap", file="profiles.csv", row=7), 2, "profiles.csv, row 7: gap"),
    (CannotUnseal("the passphrase is wrong"), 2, "the passphrase is wrong"),
    (ValueError("key: no such key"), 2, "key: no such key"),
    (LedgerInUse("open in process 7"), 3, "open in process 7"),
    (DiskFull("no room"), 3, "no room"),
    (errors.Later("full", retry_after_milliseconds=5), 3, "full"),
    (FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "a"), 3, "there is no a: check "),
    (FileNotFoundError(errno.ENOENT, "no wallet", "a/b"), 3, "a/b: no wallet"),
    (FileNotFoundError("gone"), 3, "gone"),
    (PermissionError(errno.EACCES, "no entry", "a"), 3, "a: no entry"),
    (FileExistsError(errno.EEXIST, "File exists", "a"), 3, "a: File exists"),
    (OSError(errno.ENOSPC, "no room"), 3, "[Errno 28] no room"),
    (LookupError("block 3 is not here"), 3, "block 3 is not here"),
    (SnapshotDamaged("another root"), 4, "another root"),
    (errors.Damaged("block 7, offset 12"), 4, "block 7, offset 12"),
    (KeyError("oops"), 70, "'oops'"),
    (IndexError("oops"), 70, "oops"),
    (errors.InvariantBroken("energy vanished"), 70, "energy vanished"),
    (AssertionError(), 70, "AssertionError"),
]


@pytest.mark.parametrize(("error", "code", "line"), CASES, ids=lambda case: type(case).__name__)
def test_each_error_has_a_code_and_a_line(error: Exception, code: int, line: str) -> None:
    """Programs go by the code, people by the line."""
    assert code == exit_code_of(error)
    assert describe(error).startswith(line)


def raiser(error: BaseException) -> Callable[..., None]:
    """Return what raises an error whatever it is given."""

    def work(*_: object, **__: object) -> None:
        raise error

    return work


def test_an_error_of_the_world_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """However many lines it has of its own."""
    assert 3 == guarded(raiser(DiskFull("no room\n  at all")))
    assert ("", "tally: no room at all\n") == capsys.readouterr()


def test_a_bug_shows_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    """So that it can be reported; standard output stays empty all the same."""
    assert 70 == guarded(raiser(ZeroDivisionError("by zero")))
    found = capsys.readouterr()
    assert "" == found.out
    assert "Traceback" in found.err
    assert "ZeroDivisionError: by zero" in found.err
    assert found.err.endswith("this is a bug in Tallystick: by zero — please report it\n")


def test_work_that_is_done_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Zero, and no line."""
    assert 0 == guarded(lambda: None)
    assert ("", "") == capsys.readouterr()


@pytest.mark.parametrize("error", [click.UsageError("no"), click.exceptions.Exit(0)])
def test_how_the_command_line_was_used_is_not_our_affair(error: Exception) -> None:
    """What click raises goes on to whoever knows the command's help."""
    with pytest.raises(type(error)):
        guarded(raiser(error))


@pytest.mark.parametrize(
    "words", [["--help"], ["benefit", "--help"], ["demo", "--list"], ["demo", "--list", "--json"]]
)
def test_who_stops_reading_hears_nothing(words: list[str]) -> None:
    """As with `head`: no complaint, no trace, and the exit code that shells have for it."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "tallystick", *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert (141, b"") == (done.returncode, done.stderr)


def test_every_documented_exit_code_occurs(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each one is what a real invocation ends with, and there are no others."""
    status = ["status", "--ledger", str(shell.ledger)]
    absent = ["certificate", "show", "--certificate", "id_" + "00" * 32, *status[1:]]
    seen = {
        shell.tally(*status).code,
        shell.tally(*absent).code,
        shell.tally("status", "--loud").code,
        shell.tally("status", "--ledger", "nowhere").code,
    }
    for error in (ZeroDivisionError(), KeyboardInterrupt(), BrokenPipeError()):
        with monkeypatch.context() as patch:
            patch.setattr(compose, "open_ledger", raiser(error))
            seen.add(shell.tally(*status).code)
    (shell.ledger / "genesis").write_bytes(b"noise")
    seen.add(shell.tally(*status).code)
    assert EXIT_CODES.keys() == seen


def test_every_exit_code_is_explained() -> None:
    """In a sentence, in ascending order."""
    assert sorted(EXIT_CODES) == list(EXIT_CODES)
    for text in EXIT_CODES.values():
        assert text[0].isupper()
        assert text.endswith(".")
