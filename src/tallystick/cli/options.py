"""
Options derived from a record's fields.

A field `amount_wh` becomes `--amount-wh`. A list repeats its option. How a record within a record
is given, `texts.py` says: `--part 600:key_02…`, or JSON.
"""

import ast
import inspect
import json
import re
import textwrap
import typing
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from itertools import pairwise
from typing import Any

import click
import msgspec

from tallystick.base.amounts import Milliseconds, Seconds
from tallystick.base.encoding import Malformed
from tallystick.base.plain import (
    bare_hint,
    field_hints,
    from_plain,
    is_optional,
    item_hint,
    present_hint,
    to_plain,
)

from .accounts import account_metavar
from .scalars import HOW_LOCK, HOW_MONTH, is_lock, is_month
from .texts import FIELD_SEPARATOR, NESTED, NOTHING, KeyText, is_nested, read_text
from .wording import in_words

TAKEN = frozenset({"ledger", "sign", "json"})
"""What every subcommand has an option for already; a field of that name is an id: `--ledger-id`."""
HOW_NESTED = " As JSON, or @ and the name of a file."
"""What the help of an option adds whose record has lists or records within."""
_PLACE = re.compile(r"(?P<field>[a-z_0-9]+)(?P<rest>.*)")
METAVARS: Mapping[Any, str] = {int: "N", str: "TEXT", bool: "true|false", bytes: "HEX"}


def options_for(kind: type[msgspec.Struct]) -> list[click.Parameter]:
    """
    Return one option for each field of a record.

    It is required unless the field may hold nothing, is a list, or has a default.
    """
    defaults = {field.name: field.default for field in msgspec.structs.fields(kind)}
    return [
        _option(kind, name, hint, default=defaults[name])
        for name, hint in field_hints(kind).items()
    ]


def read_options(
    kind: type[msgspec.Struct],
    given: Mapping[str, Any],
    *,
    key_text: KeyText = str,
) -> Any:
    """
    Build the record from what was given, or raise `Malformed` naming the option.

    `key_text` turns what was given for a public key, such as a name, into its text.
    """
    hints = field_hints(kind)
    fields = {parameter_of(name): name for name in hints}
    named = {fields.get(name, name): value for name, value in given.items() if value is not None}
    try:
        plain = {
            name: read_text(value, hints.get(name), f"{kind.__name__}.{name}", key_text)
            for name, value in named.items()
        }
        return from_plain(plain, kind)
    except Malformed as error:
        raise Malformed(_option_of(kind, error.field), in_words(error.problem)) from error


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


def _option(kind: type[msgspec.Struct], name: str, hint: Any, *, default: Any) -> click.Option:
    """Return the option of one field."""
    bare = bare_hint(hint)
    many = typing.get_origin(bare) is tuple
    choices = _choices(bare_hint(item_hint(bare, 0)) if many else bare)
    return click.Option(
        [f"--{_option_name(name, many=many)}", parameter_of(name)],
        type=click.Choice(choices) if choices else str,
        required=default is msgspec.NODEFAULT and not many and not is_optional(hint),
        multiple=many,
        metavar=None if choices else account_metavar(name) or _metavar(hint),
        help=_first_line(field_docstrings(kind).get(name, "")) + _how(name, hint, default),
    )


def _how(name: str, hint: Any, default: Any) -> str:
    """Return what an option's help adds to the field's docstring: forms, and what is usual."""
    bare = bare_hint(hint)
    item = item_hint(bare, 0) if typing.get_origin(bare) is tuple else hint
    found = HOW_NESTED if is_nested(bare_hint(item)) else ""
    found += HOW_MONTH if is_month(item) else ""
    found += HOW_LOCK if is_lock(name, item) else ""
    if default in (msgspec.NODEFAULT, None, ()):
        return found
    return f"{found} By default {json.dumps(to_plain(default, hint))}."


def _option_of(kind: type[msgspec.Struct], place: str) -> str:
    """Return the option that holds a place in a record, and where in it the place is."""
    found = _PLACE.fullmatch(place.removeprefix(f"{kind.__name__}."))
    hint = field_hints(kind).get(found["field"]) if found else None
    if found is None or hint is None:
        return place
    many = typing.get_origin(bare_hint(hint)) is tuple
    return f"--{_option_name(found['field'], many=many)}{found['rest']}"


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
    if is_nested(bare):
        return NESTED
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        return FIELD_SEPARATOR.join(name.upper() for name in field_hints(bare))
    if present_hint(hint) in (Seconds, Milliseconds):
        return "TIME"
    if is_month(hint):
        return "MONTH"
    if bare in METAVARS:
        return METAVARS[bare]
    words = [f"-{each}" if each.isupper() else each for each in str(bare.__name__)]
    return "".join(words).removeprefix("-").upper()


def _first_line(text: str) -> str:
    """Return a docstring's first line."""
    return text.partition("\n")[0]
