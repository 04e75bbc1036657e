"""
Records as plain values and back: the form that people, JSON and command lines see.

Bytes become the prefixed text of their kind, times become ISO 8601, enumerations their value and
records objects with named fields. What a value means is read from the field's declared type, so a
new record needs no code here.
"""

import re
import types
import typing
from collections.abc import Mapping, Sequence
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
"""How the bytes of each kind of identifier are written and read."""

SCALAR_CHARACTERS_MAX: Final = 4_096
SHOWN_CHARACTERS_MAX: Final = 40
INTEGER_MIN: Final = -(2**63)
INTEGER_MAX: Final = 2**64 - 1
YEAR_MIN: Final = 1_000
YEAR_MAX: Final = 9_999
"""A number between the two, where a time is wanted, is taken for a year by whoever wrote it."""
KIND: Final = "kind"
"""Names, in an object, which of several records it is."""

_HEX: Final = re.compile(r"(?:[0-9a-f]{2})*")
_MILLISECONDS: Final = re.compile(r"\.([0-9]{3})Z\Z")


def to_plain(value: Any, hint: Any = None) -> Any:
    """
    Return a value as JSON would have it; structs know their own field types.

    Where one of several records may stand, `kind` says which: it is the record's tag.
    A time of 0 ms stays a number, because fields use it to say "never" or "not yet".
    """
    if isinstance(value, msgspec.Struct):
        kind: Any = type(value)
        hints = field_hints(kind)
        named = {KIND: tag_of(kind)} if kind in union_of(hint) else {}
        return named | {name: to_plain(getattr(value, name), hints[name]) for name in hints}
    if isinstance(value, Enum):
        return value.value
    bare = bare_hint(hint)
    if isinstance(value, tuple | list):
        return [to_plain(item, item_hint(bare, n)) for n, item in enumerate(value)]
    if isinstance(value, bytes):
        return TEXT_FORMS[bare][0](value) if bare in TEXT_FORMS else value.hex()
    if isinstance(value, int) and not isinstance(value, bool):
        return _plain_int(value, present_hint(hint))
    return value


def from_plain(plain: Any, kind: type[Any]) -> Any:
    """
    Build a record from named plain values, and hold it to every bound of its fields.

    A field that is missing takes its default, or nothing if it may hold nothing. Raises
    `Malformed`, which names the field and the value, for anything else than a valid record.
    """
    built = _build(plain, kind, kind.__name__)
    if issubclass(kind, Record):
        return decode(encode(built), kind)
    try:
        return msgspec.msgpack.decode(encode(built), type=kind)
    except msgspec.ValidationError as error:
        raise Malformed(kind.__name__, str(error)) from error


def read_value(plain: Any, hint: Any, field: str) -> Any:
    """Read one plain value as what a field is declared to hold; its bounds are not checked yet."""
    if plain is None and is_optional(hint):
        return None
    bare = bare_hint(hint)
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        return _build(plain, bare, field)
    if union_of(bare):
        return _build_one_of(plain, union_of(bare), field)
    if typing.get_origin(bare) is tuple:
        if not isinstance(plain, list | tuple):
            raise Malformed(field, f"expected a list, found {_show(plain)}")
        return tuple(
            read_value(item, item_hint(bare, n), f"{field}[{n}]") for n, item in enumerate(plain)
        )
    try:
        return _read_scalar(plain, bare, present_hint(hint))
    except ValueError as error:
        raise Malformed(field, str(error)) from error


def union_of(hint: Any) -> tuple[type[msgspec.Struct], ...]:
    """Return the records of which a field may hold one; none if it is declared otherwise."""
    bare = bare_hint(hint)
    if typing.get_origin(bare) not in (typing.Union, types.UnionType):
        return ()
    return tuple(each for each in typing.get_args(bare) if issubclass(each, msgspec.Struct))


def tag_of(kind: type[msgspec.Struct]) -> str:
    """Return the tag under which a record is encoded."""
    return str(kind.__struct_config__.tag)


def format_milliseconds(time: int) -> str:
    """Return a block time in ISO 8601 with its milliseconds, such as 2016-03-27T01:00:00.000Z."""
    return f"{format_time(time // 1_000)[:-1]}.{time % 1_000:03d}Z"


def parse_milliseconds(text: str) -> int:
    """Return the time that ISO 8601 text spells, with its milliseconds or without. [ms]"""
    fraction = _MILLISECONDS.search(text)
    if fraction is None:
        return 1_000 * parse_time(text)
    return 1_000 * parse_time(f"{text[: fraction.start()]}Z") + int(fraction[1])


@cache
def field_hints(kind: type[Any]) -> dict[str, Any]:
    """Return the declared type of each field of a struct, in order."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return {name: hints[name] for name in kind.__struct_fields__}


def bare_hint(hint: Any) -> Any:
    """Return a declared type without its bounds, without `| None` and without a mere new name."""
    hint = present_hint(hint)
    if typing.get_origin(hint) is typing.Annotated:
        return bare_hint(typing.get_args(hint)[0])
    if isinstance(hint, typing.NewType) and hint not in TEXT_FORMS:
        return bare_hint(hint.__supertype__)
    return hint


def present_hint(hint: Any) -> Any:
    """Return a declared type without `| None`, but with its bounds."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        rest = [each for each in typing.get_args(hint) if each is not type(None)]
        return rest[0] if len(rest) == 1 else hint
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


def _plain_int(value: int, hint: Any) -> int | str:
    """Return a time as text and any other number as it is."""
    if hint == Seconds:
        return format_time(value)
    if hint == Milliseconds and value:
        return format_milliseconds(value)
    return value


def _build(plain: Any, kind: Any, place: str) -> Any:
    """Build a struct whose fields have the right types, if not yet the right bounds."""
    if not isinstance(plain, Mapping):
        raise Malformed(place, f"expected an object, found {_show(plain)}")
    hints = field_hints(kind)
    for name in plain:
        if name not in hints:
            raise Malformed(place, f"unknown field {_show(name)}, it has {', '.join(hints)}")
    values = {}
    for field in msgspec.structs.fields(kind):
        name, hint = field.name, hints[field.name]
        if name in plain:
            values[name] = read_value(plain[name], hint, f"{place}.{name}")
        elif field.required and is_optional(hint):
            values[name] = None
        elif field.required:
            raise Malformed(f"{place}.{name}", "missing")
    return kind(**values)


def _build_one_of(plain: Any, kinds: Sequence[type[msgspec.Struct]], place: str) -> Any:
    """Build one of several records: the one that `kind` names."""
    named = {tag_of(each): each for each in kinds}
    if not isinstance(plain, Mapping):
        raise Malformed(place, f"expected an object, found {_show(plain)}")
    found = plain.get(KIND)
    if not isinstance(found, str) or found not in named:
        raise Malformed(
            f"{place}.{KIND}", f"expected one of {', '.join(named)}, found {_show(found)}"
        )
    fields = {name: value for name, value in plain.items() if name != KIND}
    return _build(fields, named[found], place)


def _read_scalar(plain: Any, bare: Any, hint: Any) -> Any:
    """Read a value without parts; any ValueError is about the value."""
    if isinstance(bare, type) and issubclass(bare, Enum):
        return _read_enum(plain, bare)
    if bare is bool:
        return _read_bool(plain)
    if bare is int:
        return _read_int(plain, hint)
    if not isinstance(plain, str):
        raise ValueError(f"expected a text, found {_show(plain)}")
    if len(plain) > SCALAR_CHARACTERS_MAX:
        raise ValueError(f"text of {len(plain)} characters, at most {SCALAR_CHARACTERS_MAX}")
    if bare in TEXT_FORMS:
        return TEXT_FORMS[bare][1](plain)
    if bare is bytes:
        return _read_bytes(plain)
    if any("\ud800" <= character <= "\udfff" for character in plain):
        raise ValueError(f"expected Unicode characters, found {_show(plain)}")
    return plain


def _read_enum(plain: Any, kind: type[Enum]) -> Enum:
    """Read an enumeration's value."""
    for member in kind:
        if type(plain) is type(member.value) and member.value == plain:
            return member
    values = ", ".join(str(each.value) for each in kind)
    raise ValueError(f"expected one of {values}, found {_show(plain)}")


def _read_bool(plain: Any) -> bool:
    """Read a truth value."""
    if isinstance(plain, bool):
        return plain
    raise ValueError(f"expected true or false, found {_show(plain)}")


def _read_int(plain: Any, hint: Any) -> int:
    """Read a whole number; a time may be given in ISO 8601, and never as a year alone."""
    is_time = hint in (Seconds, Milliseconds)
    if is_time and isinstance(plain, str) and "T" in plain[:SHOWN_CHARACTERS_MAX]:
        return parse_time(plain) if hint == Seconds else parse_milliseconds(plain)
    if not isinstance(plain, int) or isinstance(plain, bool):
        time = " or a time such as 2016-03-27T01:00:00Z" if is_time else ""
        raise ValueError(f"expected a whole number{time}, found {_show(plain)}")
    if not INTEGER_MIN <= plain <= INTEGER_MAX:
        raise ValueError(f"expected a number between {INTEGER_MIN} and {INTEGER_MAX}")
    if is_time and YEAR_MIN <= plain <= YEAR_MAX:
        raise ValueError(f"{plain} would be in 1970: give a time such as {plain}-01-01T00:00:00Z")
    return plain


def _read_bytes(plain: str) -> bytes:
    """Read bytes of no particular kind from hexadecimal digits."""
    if not _HEX.fullmatch(plain):
        raise ValueError(f"expected pairs of the digits 0-9 and a-f, found {_show(plain)}")
    return bytes.fromhex(plain)


def _show(plain: Any) -> str:
    """Show a plain value in a few characters, and never more than one line."""
    if plain is None or isinstance(plain, bool):
        return {None: "nothing", True: "true", False: "false"}[plain]
    if isinstance(plain, str):
        text = "".join(c if c.isprintable() else "?" for c in plain[:SHOWN_CHARACTERS_MAX])
        return repr(text)
    if isinstance(plain, int):
        return str(plain) if INTEGER_MIN <= plain <= INTEGER_MAX else "a huge number"
    if isinstance(plain, list | tuple):
        return f"a list of {len(plain)}"
    return "an object" if isinstance(plain, Mapping) else f"a {type(plain).__name__}"
