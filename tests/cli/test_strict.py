"""An option that counts once may be given once."""

import click
import pytest
from click.testing import CliRunner

from tallystick.cli.strict import Strict
from tests.cli.shell import Shell


def told(*words: str) -> str:
    """Return what a command with one option of each sort says."""
    options = [
        click.Option(["-a", "--amount"], help="Once."),
        click.Option(["--sign"], multiple=True, help="Often."),
        click.Option(["--json"], is_flag=True, help="A flag."),
    ]
    command = Strict("try", params=[*options], callback=lambda **given: click.echo(str(given)))
    return CliRunner().invoke(command, list(words)).output


@pytest.mark.parametrize(
    "words",
    [
        ("--amount", "5", "--amount", "6"),
        ("--amount=5", "--amount=5"),
        ("-a", "5", "--json", "--amount", "6"),
    ],
)
def test_two_values_for_one_option_are_refused(words: tuple[str, ...]) -> None:
    """Whether or not they are the same: nobody knows which was meant."""
    assert "--amount is given twice: once is meant" in told(*words)


def test_lists_and_flags_may_be_repeated() -> None:
    """A list is given so, and to say yes twice is no contradiction."""
    said = told("--sign", "a", "--sign", "b", "--json", "--json", "--amount", "5")
    assert "{'sign': ('a', 'b'), 'json': True, 'amount': '5'}" == said.strip()


def test_help_and_mistakes_are_as_ever() -> None:
    """What is not a repetition is none of its business."""
    assert told("--help").startswith("Usage: ")
    assert "No such option" in told("--colour", "red")


def test_commands_of_contracts_and_others_are_strict(shell: Shell) -> None:
    """Nothing is sent with the later of two amounts."""
    said = shell.tally("certificate", "correct", "--amount-wh", "5", "--amount-wh", "6")
    assert (2, "") == (said.code, said.out)
    assert "--amount-wh is given twice" in said.err
    said = shell.tally("init", "a", "--name", "a", "--name", "b")
    assert "--name is given twice" in said.err
