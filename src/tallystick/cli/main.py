"""`tally`: the ledger from the command line."""

import sys
from collections.abc import Mapping, Sequence

import click

from tallystick.compose import CONTRACTS
from tallystick.config import VERSION

from . import changes, demo, foreign, keys, ledgers, proofs, readings, rolls, ruling, sending
from .derived import contract_group
from .errors import USAGE, guarded, read_to_the_end
from .output import complain

BESIDE: Mapping[str, Sequence[click.Command]] = {
    "ballot": (rolls.roll, rolls.line),
    "governance": (ruling.hash_, ruling.show_parameters),
}
"""What is done for a contract without asking the ledger's node, by the contract's name."""


def build() -> click.Group:
    """Return the whole command line."""
    group = click.Group("tally", help=(__doc__ or "").strip(), params=[_version_option()])
    for command in (
        demo.demo,
        ledgers.init,
        keys.keys,
        readings.import_,
        proofs.prove,
        proofs.verify,
        foreign.trust,
        foreign.prove_record,
        foreign.prove_growth,
        changes.plan_change,
        ledgers.audit,
        ledgers.snapshot,
        ledgers.status,
    ):
        group.add_command(command)
    for contract in CONTRACTS:
        commands = contract_group(contract, send=sending.SEND, ask=sending.ASK)
        for beside in BESIDE.get(contract.name, ()):
            commands.add_command(beside)
        group.add_command(commands)
    return group


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and end with a documented exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    sys.exit(read_to_the_end(lambda: run(given)))


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit code."""
    try:
        with build().make_context("tally", list(arguments)) as context:
            return guarded(lambda: context.command.invoke(context))
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return USAGE
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "tally"
        complain(error.format_message(), hint=f"see `{path} --help`")
        return USAGE
    except click.ClickException as error:
        complain(error.format_message())
        return USAGE


def _version_option() -> click.Option:
    """Return `--version`."""

    def show(context: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click's signature.
        if wanted:
            click.echo(f"tally {VERSION}")
            context.exit()

    return click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=show,
        help="Show the version.",
    )
