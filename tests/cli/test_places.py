"""Where the command line looks for a ledger."""

from pathlib import Path

import click
import pytest

from tallystick import compose
from tallystick.cli.places import existing, json_option, ledger_option, with_ledger
from tallystick.core.errors import Unavailable
from tests.cli.shell import Shell


def test_the_ledger_is_named_by_option_variable_or_usage(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An option goes before `TALLYSTICK_LEDGER`, and that before `ledger` in this folder."""
    other = tmp_path / "elsewhere" / "ledger"
    assert 0 == shell.tally("init", str(other), "--name", "other").code

    def name(*arguments: str) -> str:
        return str(shell.tally("status", "--json", *arguments).json["name"])

    monkeypatch.chdir(other.parent)
    assert ("other", "trial") == (name(), name("--ledger", str(shell.ledger)))
    monkeypatch.setenv("TALLYSTICK_LEDGER", str(shell.ledger))
    assert ("trial", "other") == (name(), name("--ledger", str(other)))


def test_a_missing_ledger_is_not_made(shell: Shell, tmp_path: Path) -> None:
    """A mistyped folder gets a line that says what to do, and nothing is written."""
    for words in (
        ["status"],
        ["audit"],
        ["keys", "list"],
        ["keys", "new"],
        ["identity", "find", "--key", shell.key("registrar")],
        ["identity", "enrol", "--key", shell.key("registrar"), "--scope", "*", "--sign", "x"],
        ["prove", "id_" + "00" * 32, "-o", str(tmp_path / "proof")],
        ["snapshot", "write", str(tmp_path / "snapshot")],
    ):
        said = shell.tally(*words, "--ledger", str(tmp_path / "leger"))
        assert (3, "") == (said.code, said.out)
        assert said.err.startswith(f"tally: there is no ledger in {tmp_path / 'leger'}: ")
        assert 1 == said.err.count("\n")
    assert not (tmp_path / "leger").exists()
    assert not (tmp_path / "snapshot").exists()


def test_an_existing_ledger_is_closed_again(shell: Shell) -> None:
    """Also when what was done with it fails."""

    def fail() -> None:
        with existing(shell.ledger) as ledger:
            assert "trial" == ledger.status().name
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with compose.open_ledger(shell.ledger) as again:
        assert "trial" == again.status().name
    with pytest.raises(Unavailable, match="make one with `tally init`"), existing(Path("nowhere")):
        pass


def test_shared_options_explain_themselves() -> None:
    """They are the same wherever they stand."""

    @click.command("some")
    @with_ledger
    def some(ledger: Path, *, as_json: bool) -> None:
        """Do something."""

    assert ["--json", "--ledger"] == sorted(each.opts[0] for each in some.params)
    assert all(each.help for each in (ledger_option(), json_option()))
