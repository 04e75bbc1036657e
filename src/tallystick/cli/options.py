"""
Options derived from a record's fields.

A field `amount_wh` becomes `--amount-wh`. A list of plain values repeats its option; a list of
records repeats it with the record's fields in order, separated by colons (`--part 600:key_02…`).
"""

import ast
import inspect
import json
import textwrap
import typing
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import msgspec

from tallystick.base.amounts import Milliseconds, Seconds
from tallystick.base.encoding import Malformed
from tallystick.base.identifiers import PublicKey
from tallystick.base.plain import (
    bare_hint,
    field_hints,
    from_plain,
    is_optional,
    item_hint,
    present_hint,
)

KeyText = Callable[[str], str]

FIELD_SEPARATOR = ":"
FILE_CHARACTERS_MAX = 65_536
TAKEN = frozenset({"ledger", "sign", "json"})
"""What every subcommand has an option for already; a field of that name is an id: `--ledger-id`."""
NOTHING = "-"
"""Stands in a list for an item that may be, and is, nothing."""
METAVARS: Mapping[Any, str] = {int: "N", str: "TEXT", bool: "true|false", bytes: "HEX"}


def options_for(kind: type[msgspec.Struct]) -> list[click.Parameter]:
    """Return one option for each field of a record, required unless the field may hold nothing."""
    return [_option(kind, name, hint) for name, hint in field_hints(kind).items()]


def read_options(
    kind: type[msgspec.Struct],
    given: Mapping[str, Any],
    *,
    key_text: KeyText = str,
) -> Any:
    """
    Build the record from what was given, or raise `Malformed` naming the field.

    `key_text` turns what was given for a public key, such as a name, into its text.
    """
    hints = field_hints(kind)
    fields = {parameter_of(name): name for name in hints}
    named = {fields.get(name, name): value for name, value in given.items() if value is not None}
    plain = {
        name: _plain(value, hints.get(name), f"{kind.__name__}.{name}", key_text)
        for name, value in named.items()
    }
    return from_plain(plain, kind)


def parameter_of(field: str) -> str:
    """Return the name of a field's parameter, which differs where every subcommand has its own."""
    return f"{field}_id" if field in TAKEN else field


@cache
def field_docstrings(kind: type[msgspec.Struct]) -> Mapping[str, str]:
    """Return the docstring that stands below each field of a record in its source."""
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    body: Sequence[ast.stmt] = node.body if isinstance(node, ast.ClassDef) else ()
    found = {}
    for field, text in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
            value = text.value
            if isinstance(value, ast.Constant) and isinstance(field.target, ast.Name):
                found[field.target.id] = inspect.cleandoc(str(value.value))
    return found


def _option(kind: type[msgspec.Struct], name: str, hint: Any) -> click.Option:
    """Return the option of one field."""
    bare = bare_hint(hint)
    many = typing.get_origin(bare) is tuple
    choices = _choices(bare_hint(item_hint(bare, 0)) if many else bare)
    return click.Option(
        [f"--{_option_name(name, many=many)}", parameter_of(name)],
        type=click.Choice(choices) if choices else str,
        required=not many and not is_optional(hint),
        multiple=many,
        metavar=None if choices else _metavar(hint),
        help=_first_line(field_docstrings(kind).get(name, "")),
    )


def _choices(bare: Any) -> list[str]:
    """Return the values of an enumeration, and none of anything else."""
    chosen = isinstance(bare, type) and issubclass(bare, Enum)
    return [str(each.value) for each in bare] if chosen else []


def _option_name(name: str, *, many: bool) -> str:
    """Return a field's option name; a list is given one by one, so its name loses the plural."""
    name = parameter_of(name).replace("_", "-")
    if not many:
        return name
    if name == "leaves":
        return "leaf"
    return f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")


def _metavar(hint: Any) -> str:
    """Return what stands for the value in the help."""
    bare = bare_hint(hint)
    if typing.get_origin(bare) is tuple:
        item = item_hint(bare, 0)
        return f"{_metavar(item)}|{NOTHING}" if is_optional(item) else _metavar(item)
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        return FIELD_SEPARATOR.join(name.upper() for name in field_hints(bare))
    if present_hint(hint) in (Seconds, Milliseconds):
        return "TIME"
    if bare in METAVARS:
        return METAVARS[bare]
    words = [f"-{each}" if each.isupper() else each for each in str(bare.__name__)]
    return "".join(words).removeprefix("-").upper()


def _plain(value: Any, hint: Any, field: str, key_text: KeyText) -> Any:
    """Turn what an option was given into plain values: a list's records into objects."""
    bare = bare_hint(hint)
    if bare is PublicKey:
        return key_text(value)
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        return _object(value, bare, field, key_text)
    if typing.get_origin(bare) is not tuple:
        return value
    item = item_hint(bare, 0)
    return [
        None
        if each == NOTHING and is_optional(item)
        else _plain(each, item, f"{field}[{n}]", key_text)
        for n, each in enumerate(value)
    ]


def _object(text: str, kind: type[msgspec.Struct], field: str, key_text: KeyText) -> dict[str, Any]:
    """
    Read a record that is a field of another: as JSON, or its fields with colons between them.

    In the colon form the name of a last key may have colons too. A record with parts of its own is
    easier to give as JSON, or as `@` and the name of a file that holds it.
    """
    if text.startswith("@"):
        text = _read_file(text[1:], field)
    if text.lstrip().startswith("{"):
        return _read_json(text, field)
    hints = field_hints(kind)
    names = list(hints)
    parts = text.split(FIELD_SEPARATOR)
    if len(parts) >= len(names) and bare_hint(hints[names[-1]]) is PublicKey:
        *others, name = text.split(FIELD_SEPARATOR, len(names) - 1)
        parts = [*others, *key_text(name).split(FIELD_SEPARATOR)]
    if len(parts) != len(names):
        form = FIELD_SEPARATOR.join(names)
        raise Malformed(field, f"expected {form}, found {len(parts)} of {len(names)} fields")
    return dict(zip(names, parts, strict=True))


def _read_file(name: str, field: str) -> str:
    """Return what a file holds, at most so much as a command may."""
    try:
        with Path(name).open(encoding="utf-8") as file:
            return file.read(FILE_CHARACTERS_MAX)
    except (OSError, UnicodeDecodeError) as error:
        raise Malformed(field, f"file {name!r} cannot be read: {error}") from error


def _read_json(text: str, field: str) -> dict[str, Any]:
    """Return the object that a JSON text holds."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed(field, f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise Malformed(field, "expected a JSON object")
    return found


def _first_line(text: str) -> str:
    """Return a docstring's first line."""
    return text.partition("\n")[0]
