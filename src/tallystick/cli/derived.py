"""One subcommand for each command and each view of every contract, derived from their records."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import partial
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


class OnDemand(MutableMapping[str, click.Command]):
    """
    Subcommands, each made when it is asked for.

    Options take their help from the source of the records, and reading all of it would take longer
    than most commands do.
    """

    def __init__(self, makers: Mapping[str, Callable[[], click.Command]]) -> None:
        """Take what makes each subcommand."""
        self._makers = dict(makers)

    def __getitem__(self, name: str) -> click.Command:
        """Return a subcommand, made at most once."""
        made = self._makers[name]()
        self[name] = made
        return made

    def __setitem__(self, name: str, command: click.Command) -> None:
        """Keep a subcommand."""
        self._makers[name] = lambda: command

    def __delitem__(self, name: str) -> None:
        """Forget a subcommand."""
        del self._makers[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names in order."""
        return iter(self._makers)

    def __len__(self) -> int:
        """Return how many subcommands there are."""
        return len(self._makers)


def contract_group(contract: Contract, *, send: Face, ask: Face) -> click.Group:
    """Return a contract's group with its commands and its views."""
    faces = {kind: send for kind in contract.commands if kind not in SHARED_COMMANDS}
    faces |= dict.fromkeys(contract.views, ask)
    made = {subcommand_name(kind): partial(_subcommand, kind, face) for kind, face in faces.items()}
    return click.Group(
        contract.name,
        OnDemand(made),
        help=f"Commands and views of the contract {contract.name}, version {contract.version}.",
    )


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
