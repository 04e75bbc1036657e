"""The command line as a whole: what there is, how it is asked for help, what programs get."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tallystick.cli import main as command_line
from tallystick.cli.main import build, run
from tallystick.config import VERSION
from tallystick.contracts import CONTRACTS
from tests.cli.shell import Shell
from tests.cli.test_sending import BEGIN, END, claimed, publish


def walk(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command below one, with the words that lead to it."""
    yield path, command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from walk(inner, *path, name)


COMMANDS = dict(walk(build()))


def test_every_contract_and_every_verb_is_there() -> None:
    """A group for each contract, and a command for each thing that is done with a whole ledger."""
    own = {"demo", "init", "keys", "import", "prove", "verify", "audit", "snapshot", "status"}
    own |= {"trust", "prove-record", "prove-growth", "plan-change"}
    assert {*own, *(each.name for each in CONTRACTS)} == {path[0] for path in COMMANDS if path}


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """`--help` says what it does and explains each option."""
    command = COMMANDS[path]
    assert 0 == run([*path, "--help"])
    assert capsys.readouterr().out.startswith(f"Usage: {' '.join(('tally', *path))} ")
    assert command.help
    for each in command.params:
        assert isinstance(each, click.Argument) or getattr(each, "help", None)


@pytest.mark.parametrize(
    "path", [path for path, each in COMMANDS.items() if hasattr(each, "commands")]
)
def test_a_group_alone_shows_its_help(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing was asked for, so it is a usage error, but one that can be read."""
    assert 2 == run([*path])
    found = capsys.readouterr()
    assert "" == found.out
    assert found.err.startswith("Usage: tally ")
    assert "\nCommands:\n" in found.err


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Once, and nothing else."""
    assert 0 == run(["--version"])
    assert (f"tally {VERSION}\n", "") == capsys.readouterr()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["dance"], "tally: No such command 'dance'. — see `tally --help`"),
        (["keys", "dance"], "tally: No such command 'dance'. — see `tally keys --help`"),
        (["status", "--loud"], "tally: No such option '--loud'. — see `tally status --help`"),
        (["prove"], "tally: Missing argument 'CERTIFICATE'. — see `tally prove --help`"),
        (
            ["keys", "meter", "-1"],
            "tally: No such option '-1'. — see `tally keys meter --help`",
        ),
    ],
)
def test_what_is_not_understood_is_said_in_one_line(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names what is wrong, and the help that would help."""
    assert 2 == run(arguments)
    assert ("", f"{line}\n") == capsys.readouterr()


def test_what_few_commands_want_is_not_loaded_by_all() -> None:
    """Stories and the read model's database take longer to load than most commands take."""
    code = "import sys, tallystick.cli.main as m; m.build(); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        check=True,
        text=True,
    )
    assert "tallystick.cli.main" in done.stdout.split()
    slow = {"sqlalchemy", "tallystick.scenarios.village"}
    assert set() == slow & set(done.stdout.split())


def test_the_program_ends_with_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`tally` takes its arguments from the command line and tells the shell how it went."""
    monkeypatch.setattr("sys.argv", ["tally", "status", "--ledger", "nowhere"])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert 3 == ended.value.code
    with pytest.raises(SystemExit) as ended:
        command_line.main(["--version"])
    assert 0 == ended.value.code


def test_programs_get_one_json_object_from_everything(shell: Shell, tmp_path: Path) -> None:
    """Whatever is asked with `--json`, standard output is one object and nothing else."""
    certificate = claimed(shell)
    home, consumption = publish(shell, "consumption", 5)
    key = shell.key(home)
    snapshot, proof = str(tmp_path / "snapshot"), str(tmp_path / "proof.json")
    identity = shell.on_ledger("identity", "find", "--key", shell.key("registrar")).json["identity"]
    meter = ["keys", "meter", "1", "--begin", BEGIN, "--end", END]
    asked = [
        ["status"],
        ["keys", "list"],
        ["keys", "new"],
        meter,
        ["measurement", "show", "--measurement", consumption],
        ["certificate", "show", "--certificate", certificate],
        ["certificate", "show-history", "--certificate", certificate],
        ["certificate", "show-settlement", "--measurement", consumption],
        ["identity", "show", "--identity", identity],
        [
            "identity",
            "show-authority",
            "--identity",
            identity,
            "--role",
            "registrar",
            "--scope",
            "*",
        ],
        ["identity", "enrol", "--key", key, "--scope", "*", "--sign", "registrar"],
        ["prove", certificate, "-o", proof],
        ["audit"],
        ["snapshot", "write", snapshot],
    ]
    for arguments in asked:
        assert isinstance(shell.on_ledger(*arguments).json, dict)
    free = [["demo", "--list"], ["init", str(tmp_path / "other")]]
    for arguments in free:
        said = shell.tally(*arguments, "--json")
        assert (0, "") == (said.code, said.err)
        assert isinstance(json.loads(said.out), dict)
