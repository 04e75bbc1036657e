"""One subcommand for each command and each view of every contract, derived from their records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click
import msgspec

from tallystick.base.encoding import Record
from tallystick.core.contract import Contract
from tallystick.core.holding import SHARED_COMMANDS

from .options import options_for, read_options
from .strict import Strict
from .texts import KeyText

Run = Callable[[Record, dict[str, Any]], None]


@dataclass(frozen=True)
class Face:
    """What one sort of subcommand does with the record that it builds."""

    run: Run
    """Takes the record and what the other options were given."""

    options: Sequence[click.Parameter]
    """The options besides the record's own."""

    key_text: Callable[[Mapping[str, Any]], KeyText]
    """Given the other options, returns what turns the name of a key into the key's text."""


def contract_group(contract: Contract, *, send: Face, ask: Face) -> click.Group:
    """Return a contract's group with its commands and its views."""
    group = click.Group(
        contract.name,
        help=f"Commands and views of the contract {contract.name}, version {contract.version}.",
    )
    for kind in contract.commands:
        if kind not in SHARED_COMMANDS:  # Only a contract may call them.
            group.add_command(_subcommand(kind, send))
    for kind in contract.views:
        group.add_command(_subcommand(kind, ask))
    return group


def subcommand_name(kind: type[msgspec.Struct]) -> str:
    """Return a record's name on the command line: its tag without the contract's."""
    return str(kind.__struct_config__.tag).partition(".")[2]


def _subcommand(kind: type[Record], face: Face) -> click.Command:
    """Return the subcommand that builds one record and runs it."""
    own = options_for(kind)
    names = [option.name for option in own]

    def invoke(**given: Any) -> None:
        own_values = {str(name): given.pop(str(name)) for name in names}
        record = read_options(kind, own_values, key_text=face.key_text(given))
        face.run(record, given)

    return Strict(
        subcommand_name(kind),
        params=[*own, *face.options],
        callback=invoke,
        help=(kind.__doc__ or "").strip().partition("\n")[0],
    )
