"""
From what somebody typed to plain values.

A record that is a field of another is given as its fields in order with colons between them, as
JSON, or as `@` and the name of a file that holds JSON. A field that is a list or a record itself
has no place between colons, so a record with such a field is given as JSON or in a file.

A colon parts two fields unless it stands in a time or in a key's name, which end in a time: which
field is due is known, so one text is read in one way only.
"""

import json
import os
import re
import typing
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any, Final

import msgspec

from tallystick.base.amounts import Milliseconds, Seconds
from tallystick.base.encoding import Malformed
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.base.plain import (
    KIND,
    bare_hint,
    field_hints,
    is_optional,
    item_hint,
    present_hint,
    tag_of,
    union_of,
)
from tallystick.client.wallet import WalletUnusable

from .accounts import account_text, is_account
from .parameters import PARAMETERS, parameters_hex, parameters_kind
from .scalars import read_id, read_number

KeyText = Callable[[str], str]
"""Turns what was given for a public key, such as a name, into the key's text."""

FIELD_SEPARATOR: Final = ":"
NESTED: Final = "JSON|@FILE"
"""What stands in the help for a value that colons cannot express."""
NOTHING: Final = "-"
"""Stands in a list, or between colons, for what may be, and is, nothing."""
FILE_CHARACTERS_MAX: Final = 1_048_576

_TIME: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}(?::[0-9]{2})*(?:\.[0-9]+)?Z"
_TIME_FIRST: Final = re.compile(rf"{_TIME}(?=:|\Z)")
_KEY_FIRST: Final = re.compile(rf"[^:]*/{_TIME}(?=:|\Z)")


def read_text(text: Any, hint: Any, place: str, key_text: KeyText) -> Any:
    """
    Return the plain value of what an option was given, its keys no longer by name.

    What a list's option was given is a sequence. Raises `Malformed`, naming the place.
    """
    bare = bare_hint(hint)
    if typing.get_origin(bare) is tuple:
        return [
            _read_item(each, item_hint(bare, n), f"{place}[{n}]", key_text)
            for n, each in enumerate(text)
        ]
    if _records_of(bare):
        return _read_record(text, bare, place, key_text)
    return _read_scalar(text, hint, place, key_text)


def is_nested(hint: Any) -> bool:
    """Tell whether a field holds a record that colons cannot express."""
    kinds = _records_of(bare_hint(hint))
    return len(kinds) > 1 or any(
        typing.get_origin(bare_hint(each)) is tuple or _records_of(bare_hint(each))
        for kind in kinds
        for each in field_hints(kind).values()
    )


def split_fields(text: str, kind: type[msgspec.Struct], place: str) -> dict[str, str]:
    """Return the fields that stand between the colons of a text, by name."""
    hints = field_hints(kind)
    parts: list[str] = []
    rest: str | None = text
    for hint in hints.values():
        if rest is None:
            break
        part = _first_field(rest, hint)
        parts.append(part)
        rest = rest[len(part) + 1 :] if len(rest) > len(part) else None
    if rest is not None:
        parts += rest.split(FIELD_SEPARATOR)
    if len(parts) != len(hints):
        form = FIELD_SEPARATOR.join(hints)
        raise Malformed(place, f"expected {form}, found {len(parts)} of {len(hints)} fields")
    return dict(zip(hints, parts, strict=True))


def _first_field(text: str, hint: Any) -> str:
    """Return the text up to the first colon that is not within a time or a key's name."""
    found = None
    if present_hint(hint) in (Seconds, Milliseconds):
        found = _TIME_FIRST.match(text)
    elif bare_hint(hint) is PublicKey:
        found = _KEY_FIRST.match(text)
    return found[0] if found else text.partition(FIELD_SEPARATOR)[0]


def _records_of(bare: Any) -> Sequence[type[msgspec.Struct]]:
    """Return the records of which a value may be one; none if it is something else."""
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        return (bare,)
    return union_of(bare)


def _read_item(text: str, hint: Any, place: str, key_text: KeyText) -> Any:
    """Read what may be nothing."""
    if text == NOTHING and is_optional(hint):
        return None
    return read_text(text, hint, place, key_text)


def _read_record(text: str, bare: Any, place: str, key_text: KeyText) -> Any:
    """Read a record as JSON, from a file, or from its fields with colons between them."""
    if text.startswith("@"):
        text = _read_file(text[1:], place)
        return _name_keys(_read_json(text, place), bare, place, key_text)
    if text.lstrip().startswith("{"):
        return _name_keys(_read_json(text, place), bare, place, key_text)
    if is_nested(bare):
        raise Malformed(place, f"{_form(bare)}; colons do not express it{_file_hint(text)}")
    hints = field_hints(bare)
    return {
        name: _read_item(part, hints[name], f"{place}.{name}", key_text)
        for name, part in split_fields(text, bare, place).items()
    }


def _form(bare: Any) -> str:
    """Return how a record is given that has lists or records within."""
    kinds = _records_of(bare)
    names = field_hints(kinds[0]) if len(kinds) == 1 else (KIND, "…")
    return f"give JSON or @file, an object with {', '.join(names)}"


def _read_scalar(text: str, hint: Any, place: str, key_text: KeyText) -> Any:
    """Return a number or a truth value as such, a key's name as the key, the rest as it is."""
    bare = bare_hint(hint)
    if bare is PublicKey:
        return _key(text, place, key_text)
    if is_account(text, bare, place):
        return account_text(text, place, key_text)
    if bare is bool:
        return {"true": True, "false": False}.get(text, text)
    if bare is int:
        return read_number(text, hint, place)
    if bare in (RecordId, LockId):
        return read_id(text, hint, place)
    if isinstance(bare, type) and issubclass(bare, Enum):
        return next((each.value for each in bare if str(each.value) == text), text)
    return text


def _name_keys(plain: Any, hint: Any, place: str, key_text: KeyText) -> Any:
    """Return JSON in which every key stands by its text, also those that were named."""
    bare = bare_hint(hint)
    if bare is PublicKey and isinstance(plain, str):
        return _key(plain, place, key_text)
    if is_account(plain, bare, place):
        return account_text(plain, place, key_text)
    if bare in (RecordId, LockId) and isinstance(plain, str):
        return read_id(plain, hint, place)
    if typing.get_origin(bare) is tuple and isinstance(plain, list):
        return [
            _name_keys(each, item_hint(bare, n), f"{place}[{n}]", key_text)
            for n, each in enumerate(plain)
        ]
    if isinstance(plain, Mapping):
        if (kind := parameters_kind(plain)) is not None:
            inner = f"{place}.{PARAMETERS}"
            named = _name_keys(plain[PARAMETERS], kind, inner, key_text)
            plain = {**plain, PARAMETERS: parameters_hex(named, kind, inner)}
        hints = _hints_of(_records_of(bare), plain.get(KIND))
        return {
            name: _name_keys(each, hints.get(name), f"{place}.{name}", key_text)
            for name, each in plain.items()
        }
    return plain


def _hints_of(kinds: Sequence[type[msgspec.Struct]], named: Any) -> Mapping[str, Any]:
    """Return the fields of the record that an object stands for; none if that is not known."""
    chosen = kinds if len(kinds) == 1 else [each for each in kinds if tag_of(each) == named]
    return field_hints(chosen[0]) if chosen else {}


def _key(text: str, place: str, key_text: KeyText) -> str:
    """Return the text of a key; whatever is wrong with it is about this place."""
    try:
        return key_text(text)
    except (Malformed, WalletUnusable):  # A wallet that does not open is no fault of the option.
        raise
    except ValueError as error:
        raise Malformed(place, str(error)) from error


def _file_hint(text: str) -> str:
    """Return what to write if a text is the name of a file."""
    is_file = os.path.isfile(text)  # noqa: PTH113 - Path raises for what no file is called.
    return f"; for the file write @{text}" if is_file else ""


def _read_file(name: str, place: str) -> str:
    """Return what a file holds, at most so much as anything has a use for."""
    try:
        with Path(name).open(encoding="utf-8") as file:
            text = file.read(FILE_CHARACTERS_MAX + 1)
    except FileNotFoundError as error:
        raise Malformed(place, f"there is no file {name}") from error
    except UnicodeDecodeError as error:
        raise Malformed(place, f"the file {name} is not text in UTF-8") from error
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or error
        raise Malformed(place, f"the file {name} cannot be read: {problem}") from error
    if len(text) > FILE_CHARACTERS_MAX:
        raise Malformed(place, f"the file {name} has more than {FILE_CHARACTERS_MAX} characters")
    return text


def object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, unless it says two things of one field."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise ValueError(f"the field {twice!r} stands there twice")
    return found


def _read_json(text: str, place: str) -> dict[str, Any]:
    """Return the object that a JSON text holds."""
    try:
        found = json.loads(text, object_pairs_hook=object_of)
    except (ValueError, RecursionError) as error:
        raise Malformed(place, f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise Malformed(place, "expected a JSON object")
    return found
