"""
Say in Markdown what a declaration says in Python: docstrings, types, bounds, units, tables.

The bounds are those that decoding enforces, read from the same annotations.
"""

import ast
import inspect
import json
import re
import textwrap
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from itertools import pairwise
from typing import Any

import msgspec

from tallystick.base import identifiers
from tallystick.base.amounts import AMOUNT_MAX, Milliseconds, Seconds
from tallystick.base.plain import (
    bare_hint,
    field_hints,
    is_optional,
    item_hint,
    present_hint,
    to_plain,
    union_of,
)
from tallystick.cli.options import field_docstrings

IDENTIFIERS: Mapping[Any, str] = {
    identifiers.RecordId: "id",
    identifiers.LedgerId: "ledger id",
    identifiers.TransactionId: "transaction id",
    identifiers.LockId: "lock id",
    identifiers.PublicKey: "public key",
}
SCALARS: Mapping[Any, str] = {
    int: "whole number",
    str: "text",
    bool: "true or false",
    bytes: "bytes",
}
FIELD_COLUMNS = ("field", "type", "bounds", "unit", "default", "meaning")
UNIT = re.compile(r"\s*\[([^\[\]]+)\]\Z")
PATTERN_END = r"\Z"

Struct = type[msgspec.Struct]


def docstring(thing: object) -> str:
    """Return what stands below the head of a module, class or function; nothing is inherited."""
    text = vars(thing).get("__doc__") if isinstance(thing, type) else thing.__doc__
    return inspect.cleandoc(text or "")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table without the columns in which nothing stands."""
    rows = [[" ".join(cell.replace("|", r"\|").split()) for cell in row] for row in rows]
    used = [place for place in range(len(head)) if any(row[place] for row in rows)]
    cells = [[f" {row[place]} " if row[place] else " " for place in used] for row in [head, *rows]]
    lines = [f"|{'|'.join(row)}|" for row in cells]
    return "\n".join([lines[0], "|---" * len(used) + "|", *lines[1:]])


def fields_table(kind: Struct) -> str:
    """Return the table of a struct's fields."""
    if not kind.__struct_fields__:
        return "It has no fields."
    defaults = {field.name: field.default for field in msgspec.structs.fields(kind)}
    rows = []
    for name, hint in field_hints(kind).items():
        text = " ".join(field_docstrings(kind).get(name, "").split())
        unit = UNIT.search(text)
        rows.append(
            (
                f"`{name}`",
                type_of(hint),
                bounds_of(hint),
                unit[1] if unit else "",
                _default(defaults[name], hint),
                UNIT.sub("", text),
            )
        )
    return table(FIELD_COLUMNS, rows)


def type_of(hint: Any) -> str:
    """Return what people call a declared type."""
    bare, present = bare_hint(hint), present_hint(hint)
    if bare in IDENTIFIERS:
        name = IDENTIFIERS[bare]
    elif present in (Seconds, Milliseconds):
        name = "time"
    elif typing.get_origin(bare) is tuple:
        name = f"list of {_several(type_of(item_hint(bare, 0)))}"
    elif bare in SCALARS:
        name = SCALARS[bare]
    elif union_of(bare):
        *others, last = map(type_of, union_of(bare))
        name = f"{', '.join(others)} or {last}"
    elif issubclass(bare, Enum) and not members(bare):
        *words, last = (f"`{each.value}`" for each in bare)
        name = f"{', '.join(words)} or {last}"
    else:
        name = f"[`{bare.__name__}`](#{anchor_of(bare)})"
    return f"{name}, or nothing" if is_optional(hint) else name


def _several(name: str) -> str:
    """Return what people call several of a type."""
    if name.startswith("list of"):
        return name.replace("list of", "lists of", 1)
    return name if name.endswith((")", "`", "bytes")) else f"{name}s"


def title_of(kind: type[Any]) -> str:
    """Return the heading under which a struct stands: its tag, or its name if it has none."""
    config = getattr(kind, "__struct_config__", None)
    return str((config and config.tag) or kind.__name__)


def anchor_of(kind: type[Any]) -> str:
    """Return how a struct's heading is linked to: without what is no letter, digit or hyphen."""
    return "".join(each for each in title_of(kind).lower() if each.isalnum() or each in "-_")


def bounds_of(hint: Any) -> str:
    """Return the bounds of a declared type; those of times and identifiers are always the same."""
    bare, present = bare_hint(hint), present_hint(hint)
    if bare in IDENTIFIERS or present in (Seconds, Milliseconds):
        return ""
    many = typing.get_origin(bare) is tuple
    counted = " entries" if many else " bytes" if bare is bytes else " characters"
    found = []
    for meta in _metas(present):
        found += [_span(meta.ge, meta.le), _span(meta.min_length, meta.max_length, counted)]
        if meta.pattern:
            found.append(f"`{meta.pattern.removeprefix('^').removesuffix(PATTERN_END)}`")
    each = bounds_of(item_hint(bare, 0)) if many else ""
    return ", ".join(filter(None, [*found, f"each {each}" if each else ""]))


def structs_within(kinds: Iterable[Struct]) -> list[type[Any]]:
    """Return structs, the structs of which their fields are made, and enumerations, each once."""
    found: dict[type[Any], None] = {}
    waiting: list[Any] = [*kinds]
    while waiting:
        bare = bare_hint(waiting.pop(0))
        if typing.get_origin(bare) is tuple:
            waiting.append(item_hint(bare, 0))
        elif union_of(bare):
            waiting += union_of(bare)
        elif isinstance(bare, type) and issubclass(bare, Enum | msgspec.Struct):
            if bare not in found and issubclass(bare, msgspec.Struct):
                waiting += field_hints(bare).values()
            found[bare] = None
    return list(found)


@cache
def members(kind: type[Enum]) -> Mapping[str, str]:
    """Return what stands below each member of an enumeration, nothing if one lacks it."""
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    found = {}
    for member, text in pairwise(node.body if isinstance(node, ast.ClassDef) else []):
        if isinstance(member, ast.Assign) and isinstance(text, ast.Expr):
            found[ast.unparse(member.targets[0])] = inspect.cleandoc(ast.literal_eval(text.value))
    return found if len(found) == len(kind) else {}


def _metas(hint: Any) -> Iterator[msgspec.Meta]:
    """Yield the bounds that are attached to a type, and to the type that it renames."""
    if isinstance(hint, typing.NewType):
        yield from _metas(hint.__supertype__)
    elif typing.get_origin(hint) is typing.Annotated:
        inner, *attached = typing.get_args(hint)
        yield from _metas(inner)
        yield from (each for each in attached if isinstance(each, msgspec.Meta))


def _span(least: float | None, most: float | None, counted: str = "") -> str:
    """Say between which numbers something lies; a length has no need of its least if that is 0."""
    if most is None:
        return "" if least is None else f"at least {_number(least)}{counted}"
    if least == most:
        return f"{_number(most)}{counted}"
    if least is None or (counted and not least):
        return f"at most {_number(most)}{counted}"
    return f"{_number(least)} to {_number(most)}{counted}"


def _number(value: float) -> str:
    """Write a bound as people read it."""
    return "2⁵³ − 1" if value == AMOUNT_MAX else f"{value:,}"


def _default(value: Any, hint: Any) -> str:
    """Say what a field holds if nobody fills it."""
    if value is msgspec.NODEFAULT:
        return ""
    plain = to_plain(value, hint)
    if isinstance(plain, list):
        return ", ".join(f"`{json.dumps(e) if isinstance(e, dict) else e}`" for e in plain)
    if isinstance(plain, dict):
        return f"`{json.dumps(plain)}`"
    if plain is None or isinstance(plain, bool):
        return {None: "nothing", True: "true", False: "false"}[plain]
    return f"{plain:,}" if isinstance(plain, int) else f"`{plain}`"
