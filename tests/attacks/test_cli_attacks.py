"""Attacks from the surroundings of the command line: folders, files and arguments."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tallystick.cli.errors import BUG
from tallystick.cli.main import run
from tallystick.scenarios.sheet import BadProfile, read_sheet

SECONDS_MAX = 0.5
KEY = "key_02" + 64 * "7"
ID = "id_" + 64 * "0"
BEGIN, END = "2026-01-01T00:00:00Z", "2026-01-01T00:15:00Z"
NINES = 5_000 * "9"
ESCAPE = "\x1b[31m"


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a new ledger's folder."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    assert 0 == run(["init", str(tmp_path / "ledger"), "--json"])
    return tmp_path / "ledger"


def test_a_module_in_the_working_folder_is_not_executed(ledger: Path, tmp_path: Path) -> None:
    """The verifier process finds its modules where this one does, not in whatever folder it is."""
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / "msgspec.py").write_text("open('sprung', 'w').close()\n")
    code = "import sys; from tallystick.cli.main import run; sys.exit(run(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, "audit", "--ledger", str(ledger), "--json"],
        cwd=trap,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        check=False,
    )
    assert (0, [trap / "msgspec.py"]) == (done.returncode, list(trap.iterdir()))


def test_an_audit_outlives_its_verifier_process(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Signatures are checked here instead, as the builder does it."""
    from tallystick.runtime.verifier import VerifierProcess  # noqa: PLC0415 - for this test alone.

    send = VerifierProcess.send

    def killed(self: VerifierProcess, batch: list[bytes]) -> None:
        os.kill(self.pid, signal.SIGKILL)
        send(self, batch)

    monkeypatch.setattr(VerifierProcess, "send", killed)
    assert 0 == run(["audit", "--ledger", str(ledger), "--json"])
    assert '"passed": true' in capfd.readouterr().out


PUBLISH = ["measurement", "publish", "--owner", KEY, "--end", END, "--kind", "production"]
PUBLISH += ["--quality", "measured", "--sign", "publisher"]
TRANSFER = ["certificate", "transfer", "--certificate", ID, "--owner", KEY]
ARGUMENTS = [
    [*PUBLISH, "--begin", BEGIN, "--sector", ESCAPE, "--amount", "5"],
    [*PUBLISH, "--begin", BEGIN, "--sector", "village", "--amount", "-1"],
    [*PUBLISH, "--begin", BEGIN, "--sector", "village", "--amount", "1e309"],
    [*PUBLISH, "--begin", BEGIN, "--sector", "village", "--amount", NINES],
    [*PUBLISH, "--begin", NINES, "--sector", "village", "--amount", "5"],
    [*PUBLISH, "--begin", BEGIN, "--sector", "a\udcffb", "--amount", "5"],
    [*TRANSFER, "--sign", ESCAPE],
    [*TRANSFER, "--sign", "receive/-1"],
    [*TRANSFER, "--sign", f"receive/{NINES}"],
    [*TRANSFER, "--sign", f"person/{NINES}"],
    [*TRANSFER, "--sign", f"meter/{NINES}/{BEGIN}"],
    ["title", "transfer", "--title", ID, "--target", "receive/77", "--sign", "registrar"],
    ["identity", "show", "--identity", ESCAPE],
    ["exchange", "redeem", "--lock", f"lock_{ESCAPE}", "--preimage", "00", "--sign", "registrar"],
    ["benefit", "browse", "--company", "x", "--page", NINES],
    ["benefit", "debts", "--month", ESCAPE],
    [*TRANSFER, "--sign", "meter/1/\x01"],
    [*TRANSFER, "--sign", KEY],
    [*TRANSFER, "--sign", "receive/0"],
    ["certificate", "split", "--certificate", ID, "--part", "1:2:3", "--sign", "receive/0"],
    ["certificate", "withdraw", "--certificate", ID, "--reason", "\udcff", "--sign", "receive/0"],
    ["certificate", "show", "--certificate", ESCAPE],
    ["keys", "meter", "0", "--begin", BEGIN, "--end", END, "--interval-seconds", "0"],
    ["keys", "meter", "0", "--begin", BEGIN, "--end", END, "--interval-seconds", NINES],
    ["prove", ID, "-o", "/dev/full"],
    ["import", "/dev/null"],
]


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda arguments: repr(arguments[-3:])[:60])
def test_hostile_arguments_get_one_line(
    ledger: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """No trace, nothing that steers a terminal, nothing on the output, a documented exit code."""
    capsys.readouterr()
    assert run([*arguments, "--ledger", str(ledger)]) in {1, 2, 3}
    shown = capsys.readouterr()
    lines = [line for line in shown.err.splitlines() if line.strip()]
    assert ("", 1, True) == (shown.out, len(lines), all(each.isprintable() for each in lines))


@pytest.mark.parametrize(
    "options",
    [
        ["--name", "My Ledger"],
        ["--name", ""],
        ["--name", ESCAPE],
        ["--sector", "a\nb"],
        ["--interval-seconds", "-5"],
        ["--interval-seconds", "99999999999999999999999"],
    ],
    ids=repr,
)
def test_a_ledger_that_can_not_be_made_leaves_no_ledger(
    tmp_path: Path, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistake in the options is told as one, and trying again with better ones works."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    folder = str(tmp_path / "new")
    assert 2 == run(["init", folder, *options])
    assert 0 == run(["init", folder])


def test_an_interrupted_import_can_be_repeated(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is on the ledger already is passed over, so that the rest gets there."""
    village = tmp_path / "village"
    village.mkdir()
    (village / "meters.csv").write_text(
        "name,node,kind,technology,profile,rated_kw\nm0,n0,load,,p,5\nm1,n1,generator,PV,p,5\n"
    )
    times = [f"2016-01-01T{n // 4:02}:{n % 4 * 15:02}" for n in range(8)]
    profile = ["local_time_start,p", *(f"{each},0.5" for each in times)]
    (village / "profiles.csv").write_text("\n".join(profile[:5]) + "\n")
    assert 0 == run(["import", str(village), "--ledger", str(ledger), "--json"])
    (village / "profiles.csv").write_text("\n".join(profile) + "\n")
    capsys.readouterr()
    assert 0 == run(["import", str(village), "--ledger", str(ledger), "--json"])
    assert 8 == json.loads(capsys.readouterr().out)["measurements"]


def test_a_file_that_never_ends_is_not_read_whole(ledger: Path) -> None:
    """The size that a device reports says nothing about what it gives."""
    code = "import sys; from tallystick.cli.main import run; sys.exit(run(sys.argv[1:]))"
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30)); {code}"
    arguments = ["verify", "/dev/zero", "--ledger", "ledger_" + 64 * "0", "--key", "y"]
    done = subprocess.run(
        [sys.executable, "-c", limited, *arguments],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert (True, False) == (done.returncode in {1, 2}, b"MemoryError" in done.stderr)
    assert BUG != done.returncode


def test_a_header_of_very_many_columns_is_read_in_time(tmp_path: Path) -> None:
    """Looking for a column that occurs twice takes no time that grows with their square."""
    header = ",".join(f"c{n}" for n in range(20_000))
    (tmp_path / "wide.csv").write_text(f"{header}\n1\n")
    began = time.monotonic()
    with pytest.raises(BadProfile, match="1 cells below a header of 20000"):
        read_sheet(tmp_path, "wide.csv", rows_max=10)
    assert True is (time.monotonic() - began < SECONDS_MAX)
