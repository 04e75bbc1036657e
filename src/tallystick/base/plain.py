"""
Records as plain values and back: the form that people, JSON and command lines see.

Bytes become the prefixed text of their kind, times become ISO 8601, enumerations their value, records
objects with named fields. What a value means is read from the field's declared type, so a new record
needs no code here.
"""

import types
import typing
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, Final

import msgspec

from tallystick.base import identifiers
from tallystick.base.amounts import Milliseconds, Seconds
from tallystick.base.encoding import Malformed, Record, decode, encode
from tallystick.base.intervals import format_time, parse_time

TEXT_FORMS: Final[Mapping[Any, tuple[Any, Any]]] = {
    identifiers.RecordId: (identifiers.format_record_id, identifiers.parse_record_id),
    identifiers.LedgerId: (identifiers.format_ledger_id, identifiers.parse_ledger_id),
    identifiers.TransactionId: (
        identifiers.format_transaction_id,
        identifiers.parse_transaction_id,
    ),
    identifiers.LockId: (identifiers.format_lock_id, identifiers.parse_lock_id),
    identifiers.PublicKey: (identifiers.format_public_key, identifiers.parse_public_key),
}
SCALAR_CHARACTERS_MAX: Final = 4_096


def to_plain(value: Any, hint: Any = None) -> Any:
    """Return a value as JSON would have it; structs know their own field types."""
    if value is None:
        return None
    if isinstance(value, msgspec.Struct):
        hints = field_hints(type(value))
        return {name: to_plain(getattr(value, name), hints[name]) for name in hints}
    bare = bare_hint(hint)
    if bare in TEXT_FORMS:
        return TEXT_FORMS[bare][0](value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [to_plain(item, item_hint(bare, n)) for n, item in enumerate(value)]
    if hint == Seconds and isinstance(value, int):
        return format_time(value)
    if hint == Milliseconds and isinstance(value, int):
        return format_milliseconds(value)
    return value.hex() if isinstance(value, bytes) else value


def from_plain(plain: Mapping[str, Any], kind: type[Any]) -> Any:
    """
    Build a record from named plain values, and hold it to every bound of its fields.

    Raises `Malformed`, which names the field and the value, for anything else than a valid record.
    """
    hints = field_hints(kind)
    for name in plain:
        if name not in hints:
            raise Malformed(
                f"{kind.__name__}.{name}", f"unknown, the fields are {', '.join(hints)}"
            )
    values = {}
    for name, hint in hints.items():
        if name in plain:
            values[name] = read_value(plain[name], hint, f"{kind.__name__}.{name}")
        elif is_optional(hint):
            values[name] = None
        else:
            raise Malformed(f"{kind.__name__}.{name}", "missing")
    record = kind(**values)
    return decode(encode(record), kind) if issubclass(kind, Record) else record


def read_value(plain: Any, hint: Any, field: str) -> Any:
    """Read one plain value as what a field is declared to hold."""
    bare = bare_hint(hint)
    if plain is None and is_optional(hint):
        return None
    try:
        return _read(plain, hint, bare, field)
    except Malformed:
        raise
    except (ValueError, TypeError) as error:
        raise Malformed(field, str(error)) from error


def _read(plain: Any, hint: Any, bare: Any, field: str) -> Any:
    """Read by kind of declared type; any ValueError is about the value."""
    if isinstance(plain, str) and len(plain) > SCALAR_CHARACTERS_MAX:
        raise ValueError(f"text of {len(plain)} characters, at most {SCALAR_CHARACTERS_MAX}")
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        if not isinstance(plain, Mapping):
            raise ValueError(f"expected an object, found {plain!r}")
        return from_plain(plain, bare)
    if typing.get_origin(bare) is tuple:
        if not isinstance(plain, list | tuple):
            raise ValueError(f"expected a list, found {plain!r}")
        return tuple(
            read_value(item, item_hint(bare, n), f"{field}[{n}]") for n, item in enumerate(plain)
        )
    if bare in TEXT_FORMS:
        return TEXT_FORMS[bare][1](plain)
    if isinstance(bare, type) and issubclass(bare, Enum):
        return _read_enum(plain, bare)
    if bare is bool:
        return _read_bool(plain)
    if bare is int:
        return _read_int(plain, hint)
    if bare is bytes:
        return bytes.fromhex(plain)
    if not isinstance(plain, str):
        raise ValueError(f"expected a text, found {plain!r}")
    return plain


def _read_enum(plain: Any, kind: type[Enum]) -> Enum:
    """Read an enumeration's value."""
    for member in kind:
        if member.value == plain:
            return member
    raise ValueError(
        f"expected one of {', '.join(str(each.value) for each in kind)}, found {plain!r}"
    )


def _read_bool(plain: Any) -> bool:
    """Read a truth value, as JSON or as a word."""
    if isinstance(plain, bool):
        return plain
    if plain in ("true", "false"):
        return bool(plain == "true")
    raise ValueError(f"expected true or false, found {plain!r}")


def _read_int(plain: Any, hint: Any) -> int:
    """Read a whole number; a time may be given in ISO 8601."""
    if isinstance(plain, int) and not isinstance(plain, bool):
        return plain
    if isinstance(plain, str) and hint in (Seconds, Milliseconds) and "T" in plain:
        return parse_time(plain) * (1 if hint == Seconds else 1_000)
    digits = plain.removeprefix("-") if isinstance(plain, str) else ""
    if digits.isascii() and digits.isdigit():
        return int(plain)
    raise ValueError(f"expected a whole number, found {plain!r}")


def format_milliseconds(time: int) -> str:
    """Return a block time in ISO 8601 with its milliseconds."""
    return f"{format_time(time // 1_000)[:-1]}.{time % 1_000:03d}Z"


@cache
def field_hints(kind: type[Any]) -> dict[str, Any]:
    """Return the declared type of each field of a struct, in order."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return {name: hints[name] for name in kind.__struct_fields__}


def bare_hint(hint: Any) -> Any:
    """Return a declared type without its bounds and without `| None`."""
    if typing.get_origin(hint) is typing.Annotated:
        return bare_hint(typing.get_args(hint)[0])
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        rest = [each for each in typing.get_args(hint) if each is not type(None)]
        return bare_hint(rest[0]) if len(rest) == 1 else hint
    return hint


def is_optional(hint: Any) -> bool:
    """Tell whether a field may hold nothing."""
    if typing.get_origin(hint) is typing.Annotated:
        return is_optional(typing.get_args(hint)[0])
    unions = (typing.Union, types.UnionType)
    return typing.get_origin(hint) in unions and type(None) in typing.get_args(hint)


def item_hint(bare: Any, place: int) -> Any:
    """Return the declared type of a tuple's item."""
    items = typing.get_args(bare)
    if not items:
        return None
    return items[0] if items[-1] is Ellipsis else items[min(place, len(items) - 1)]
