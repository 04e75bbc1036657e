"""What a contract declares about itself, and the rulebook that several of them make."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, Union

from tallystick.base.encoding import Decoder, Record
from tallystick.base.identifiers import RecordId

from .errors import UnknownCommand
from .holding import SHARED_COMMANDS
from .invariant import Invariant
from .projection import Projection

AnyRecord = TypeVar("AnyRecord", bound=Record)


class Reader(Protocol):
    """What a view may do: read by id, at a time, under the ledger's parameters."""

    @property
    def time(self) -> int:
        """The time of the latest block. [ms since the epoch, UTC]"""

    def read(self, kind: type[AnyRecord], id: RecordId) -> AnyRecord | None:
        """Return one record, or nothing."""

    def parameters(self, kind: type[AnyRecord]) -> AnyRecord:
        """Return the parameters of the contract that declares this kind of them."""


Rule = Callable[[Any, Any], None]
"""A rule takes a `Context` and its command, and raises `Rejected` or writes."""

View = Callable[[Any, Any], object]
"""A view takes a `Reader` and its question, and returns a struct."""

ParametersCheck = Callable[[Any], str]
"""Takes settings of the contract and says what is wrong with them; nothing is an empty text."""


def well_formed(parameters: Record) -> str:
    """Find nothing wrong with settings: what their fields declare is all that they need."""
    del parameters
    return ""


@dataclass(frozen=True, kw_only=True)
class Contract:
    """A rulebook: its records, commands, views and what always holds."""

    name: str
    """Its name on the ledger, in lower case."""

    version: int = 1
    """The version of its rules."""

    requires: tuple[str, ...] = ()
    """The contracts whose public drawers it uses and whose commands it may call."""

    records: tuple[type[Record], ...]
    """The namespaces that it alone may write."""

    commands: Mapping[type[Record], Rule]
    """Its commands with their rules."""

    views: Mapping[type[Record], View] = field(default_factory=dict)
    """The questions that it answers."""

    events: tuple[type[Record], ...] = ()
    """What it reports."""

    rejections: tuple[type[Exception], ...] = ()
    """Every reason for which its rules refuse, in order of precedence."""

    parameters: type[Record]
    """Its settings, told at genesis. A parameterless contract declares an empty struct."""

    check_parameters: ParametersCheck = well_formed
    """Whether settings that decode make sense; others never come into force."""

    seed: Rule | None = None
    """What it writes at genesis, given its parameters."""

    invariants: tuple[Invariant, ...] = ()
    """What holds on each block's changes and on the whole."""

    projection: Projection | None = None
    """How its events become rows of a read model."""

    governs: bool = False
    """Whether its rules may plan which versions and parameters rule from a later height on."""


class Rulebook:
    """The contracts in force, compiled for look-up."""

    def __init__(self, contracts: Iterable[Contract]) -> None:
        self.contracts: dict[str, Contract] = {each.name: each for each in contracts}
        self._check_requirements()
        self.rules: dict[type[Record], tuple[Contract, Rule]] = {}
        self.shared: dict[tuple[str, type[Record]], Rule] = {}
        for contract in self.contracts.values():
            for command, rule in contract.commands.items():
                if command in SHARED_COMMANDS:
                    self.shared[contract.name, command] = rule
                else:
                    self.rules[command] = contract, rule
        self.views = {
            question: view
            for contract in self.contracts.values()
            for question, view in contract.views.items()
        }
        self.owned = {each.name: frozenset(each.records) for each in self.contracts.values()}
        kinds = (*self.rules, *SHARED_COMMANDS)
        self.command_decoder: Decoder[Any] = Decoder(Union[kinds])  # noqa: UP007 - known only here.

    def rule_for(self, command: Record) -> tuple[Contract, Rule]:
        """Return the contract and the rule that a command addresses."""
        found = self.rules.get(type(command))
        if found is not None:
            return found
        name = command.contract if isinstance(command, SHARED_COMMANDS) else ""
        rule = self.shared.get((name, type(command)))
        if rule is None:
            raise UnknownCommand(f"contract {name!r} keeps no holdings that could be locked")
        return self.contracts[name], rule

    def _check_requirements(self) -> None:
        """Refuse a rulebook in which a contract misses another that it requires."""
        for contract in self.contracts.values():
            for name in contract.requires:
                if name not in self.contracts:
                    raise ValueError(f"contract {contract.name} requires {name}, which is absent")
