"""One page for each contract, one for what can be wrong, one for the command line."""

import inspect
import sys
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_type_hints

import click

from tallystick.cli.derived import subcommand_name
from tallystick.cli.errors import EXIT_CODES
from tallystick.core import errors, transition
from tallystick.core.contract import Contract, View
from tallystick.core.holding import SHARED_COMMANDS
from tallystick.index import errors as index_errors
from tallystick.store import errors as store_errors
from tools.reference_fields import (
    Struct,
    docstring,
    fields_table,
    members,
    structs_within,
    table,
    title_of,
)

ROOT = Path(__file__).resolve().parent.parent
ERROR_MODULES = (errors, transition, store_errors, index_errors)
MADE = "<!-- Made by `./dev docs` from the source: change the docstrings there, not this page. -->"

REJECTIONS = """\
Rules look for these in the order of the codes. The first that applies undoes the whole transaction
and is recorded in the block. A code is part of consensus and never gets another meaning."""

KINDS = """\
Something can be wrong in three ways, which are never mixed. A *rejection* is the user's: a rule
said no, and the receipt says so. A *refusal* is the sender's: the bytes were no transaction that
this ledger may include, so nothing is recorded. *Unavailable* is the world's: the request was fine,
and the message says what to do next. Everything else is a bug of ours; it shows its trace."""

COMMAND_LINE = """\
`tally` makes a ledger, fills it, asks it and proves what it says. Each contract brings a subcommand
for each of its commands and views, but for `lock`, `release` and `move`, which only other contracts
call, whatever a README says of them as commands. `--help` after any of these says the same in
short. What a command returns to the shell stands under [exit codes](errors.md#exit-codes); how ids,
keys and times are written, under [values](values.md)."""


def contract_page(contract: Contract) -> str:
    """Return the page of one contract."""
    package = contract.parameters.__module__.rpartition(".")[0]
    about = [docstring(sys.modules[package])] if package in sys.modules else []
    parts = [*_parts(contract)]
    return page(
        f"# {contract.name}",
        *about,
        _introduction(contract, f"src/{package.replace('.', '/')}/README.md"),
        "## Commands",
        *_commands(contract),
        "## Rejections",
        REJECTIONS,
        rejections_table(contract.rejections),
        "## Events",
        *_records(contract.events),
        "## Views",
        *_views(contract),
        "## Records",
        *_records(contract.records),
        "## Parameters",
        docstring(contract.parameters),
        fields_table(contract.parameters),
        *(["## Parts", "What fields above are made of.", *parts] if parts else []),
        "## Invariants",
        "These hold after every block. `tally audit` tries them on the whole ledger.",
        "\n".join(f"- {_sentence(each.sentence)}" for each in contract.invariants),
    )


def errors_page(contracts: Iterable[Contract]) -> str:
    """Return the page of everything that can be wrong, and of the exit codes."""
    unavailable = [e for e in _kinds(errors.Unavailable) if not issubclass(e, errors.Damaged)]
    refused = [(f"`{e.code}`", f"`{e.__name__}`", docstring(e)) for e in _kinds(errors.Refused)]
    return page(
        "# Errors and exit codes",
        KINDS,
        "## Exit codes",
        table(("code", "meaning"), [(str(code), text) for code, text in EXIT_CODES.items()]),
        "## Refusals",
        docstring(errors.Refused),
        table(("code", "class", "meaning"), refused),
        "## Rejections",
        docstring(errors.Rejected),
        "Any command can meet these, which are the kernel's:",
        rejections_table([kind for kind in _kinds(errors.Rejected) if kind.contract == "kernel"]),
        "The others are their contract's:",
        table(("contract", "codes"), [_codes(contract) for contract in contracts]),
        "## Unavailable",
        docstring(errors.Unavailable),
        table(("class", "meaning"), [(f"`{e.__name__}`", docstring(e)) for e in unavailable]),
        "## Damaged",
        docstring(errors.Damaged),
        table(
            ("class", "meaning"),
            [(f"`{e.__name__}`", docstring(e)) for e in _kinds(errors.Damaged)],
        ),
    )


def cli_page(group: click.Group, contracts: Iterable[Contract]) -> str:
    """Return the page of the command line, every subcommand with its options."""
    names = [contract.name for contract in contracts]
    sections = [COMMAND_LINE, _options_table(group, "tally")]
    for name, command in group.commands.items():
        link = f"Fields, bounds and rejections: [{name}](contracts/{name}.md)."
        heading, about, *rest = _command_sections(command, f"tally {name}", depth=2)
        sections += [heading, about, *([link] if name in names else []), *rest]
    return page("# The command line", *sections)


def page(title: str, *sections: str) -> str:
    """Return a page of a title and those sections in which something stands."""
    return "\n\n".join(each for each in (title, MADE, *sections) if each) + "\n"


def rejections_table(rejections: Iterable[type[Any]]) -> str:
    """Return rejections with their codes, in the order given."""
    rows = [(str(each.code), f"`{each.__name__}`", docstring(each)) for each in rejections]
    return table(("code", "rejection", "meaning"), rows)


def declared(contract: Contract) -> list[Struct]:
    """Return everything that a contract declares to be decoded, with the answers of its views."""
    return [
        *contract.commands,
        *contract.views,
        *map(answer_of, contract.views.values()),
        *contract.events,
        *contract.records,
        contract.parameters,
    ]


def answer_of(view: View) -> Struct:
    """Return what a view is declared to answer."""
    answer: Struct = get_type_hints(view)["return"]
    return answer


def options(command: click.Command) -> list[click.Option]:
    """Return a command's options in order, without `--help`."""
    found = [each for each in command.params if isinstance(each, click.Option)]
    return [each for each in found if not each.hidden]


def _introduction(contract: Contract, readme: str) -> str:
    """Say what a contract stands on, and where its ideas are explained."""
    needs = " and ".join(f"[{name}]({name}.md)" for name in contract.requires)
    lines = [f"Version {contract.version}{f', built on {needs}' if needs else ''}."]
    if (ROOT / readme).exists():
        lines.append(f"The [README](../../../{readme}) explains its terms and says who signs what.")
    lines.append("How values are written stands under [values](../values.md).")
    return "\n".join(lines)


def _commands(contract: Contract) -> Iterator[str]:
    """Yield what there is to say of each command, and why its rule is as it is."""
    for kind, rule in contract.commands.items():
        yield from (_heading(kind), docstring(kind), docstring(rule).partition("\n\n")[2])
        yield fields_table(kind)
        if kind in SHARED_COMMANDS:
            yield "Only another contract can call it."
        else:
            yield _on_the_command_line(contract, kind)


def _views(contract: Contract) -> Iterator[str]:
    """Yield what there is to say of each view, its question and its answer."""
    described: set[Struct] = set()
    for kind, view in contract.views.items():
        answer = answer_of(view)
        yield from (_heading(kind), docstring(kind), fields_table(kind))
        yield _on_the_command_line(contract, kind)
        if answer in described:
            yield f"It answers a [`{answer.__name__}`](#{answer.__name__.lower()}) as well."
        else:
            yield from (f"#### `{answer.__name__}`", docstring(answer), fields_table(answer))
        described.add(answer)


def _records(kinds: Iterable[Struct]) -> Iterator[str]:
    """Yield what there is to say of records or events."""
    for kind in kinds:
        yield from (_heading(kind), docstring(kind), fields_table(kind))


def _parts(contract: Contract) -> Iterator[str]:
    """Yield what there is to say of structs within others, and of explained enumerations."""
    listed = declared(contract)
    for kind in structs_within(listed):
        head = (f"### `{title_of(kind)}`", docstring(kind))
        if issubclass(kind, Enum):
            meanings = members(kind)
            rows = [(f"`{each.value}`", meanings[each.name]) for each in kind if meanings]
            yield from (*head, table(("value", "meaning"), rows)) if rows else ()
        elif kind not in listed:
            yield from (*head, fields_table(kind))


def _heading(kind: Struct) -> str:
    """Return the heading under which a tagged record stands."""
    return f"### `{title_of(kind)}`"


def _on_the_command_line(contract: Contract, kind: Struct) -> str:
    """Return the link to the subcommand of a command or a view."""
    words = f"tally {contract.name} {subcommand_name(kind)}"
    return f"On the command line: [`{words}`](../cli.md#{words.replace(' ', '-')})."


def _kinds(base: type[Any]) -> list[type[Any]]:
    """Return what derives from a base in the modules where errors are declared."""
    return [
        each
        for module in ERROR_MODULES
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, base) and each is not base
        if each.__module__ == module.__name__
    ]


def _codes(contract: Contract) -> tuple[str, str]:
    """Return where a contract's rejections stand, and which codes they have."""
    codes: list[int] = [kind.code for kind in contract.rejections]  # type: ignore[attr-defined]
    span = f"{min(codes)} to {max(codes)}" if codes else "none"
    return f"[{contract.name}](contracts/{contract.name}.md#rejections)", span


def _command_sections(command: click.Command, path: str, *, depth: int) -> Iterator[str]:
    """Yield a subcommand's heading, help, usage and options, and those of what is below it."""
    yield from (f"{'#' * depth} `{path}`", _help(command))
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from _command_sections(each, f"{path} {name}", depth=depth + 1)
        return
    context = click.Context(command, info_name=path)
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    yield f"```sh\n{usage}\n```"
    yield _options_table(command, path)


def _options_table(command: click.Command, path: str) -> str:
    """Return the table of a command's options, or nothing."""
    context = click.Context(command, info_name=path)
    rows = [(*_option_cells(each, context), each.help or "") for each in options(command)]
    return table(("option", "value", "use", "meaning"), rows) if rows else ""


def _option_cells(option: click.Option, context: click.Context) -> tuple[str, str, str]:
    """Return an option's name, what may stand for its value, and how it is used."""
    names = " / ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])
    if isinstance(option.type, click.Choice):
        value = ", ".join(f"`{each}`" for each in option.type.choices)
    else:
        value = "" if option.is_flag else f"`{option.make_metavar(context)}`"
    default = option.get_help_extra(context).get("default", "")
    use = [
        "required" if option.required else "",
        "repeatable" if option.multiple else "",
        f"default `{default}`" if default else "",
    ]
    return names, value, ", ".join(filter(None, use))


def _help(command: click.Command) -> str:
    """Return a command's help as paragraphs."""
    return inspect.cleandoc((command.help or "").partition("\f")[0])


def _sentence(text: str) -> str:
    """Return a text with a capital first letter and one full stop."""
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."
