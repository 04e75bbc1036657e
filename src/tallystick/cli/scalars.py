"""
Numbers, months and ids as somebody types them, who knows what they mean rather than their form.

A month may be given as `2026-11`, and the id of a lock in either of its two spellings. What is
wrong with a number is said with the bounds of its own field.
"""

import re
import typing
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from tallystick.base.encoding import Malformed
from tallystick.base.identifiers import LOCK_ID, RECORD_ID, LockId, RecordId
from tallystick.base.plain import INTEGER_MAX, INTEGER_MIN, bare_hint, present_hint
from tallystick.contracts.benefit.model import Month

FOUND_CHARACTERS_MAX: Final = 20
DIGITS_MAX: Final = 40
"""No field holds a number with so many digits; the rest of a longer one need not be read."""
MONTHS_PER_YEAR: Final = 12
YEAR_FIRST: Final = 1970

HOW_MONTH: Final = " Such as 2026-11."
HOW_LOCK: Final = " As lock_ or as id_, with the same digits."

_NUMBER: Final = re.compile(r"-?[0-9]+")
_MONTH: Final = re.compile(r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])")
_LAST_FIELD: Final = re.compile(r"(?P<field>[a-z_0-9]+)(?:\[[0-9]+\])*\Z")


def is_month(hint: Any) -> bool:
    """Tell whether a field holds a month."""
    return bool(present_hint(hint) == Month)


def is_lock(name: str, hint: Any) -> bool:
    """Tell whether a field names a lock, whose id contracts write in two ways."""
    bare = bare_hint(hint)
    return bare is LockId or (bare is RecordId and name == "lock")


def read_number(text: str, hint: Any, place: str) -> int | str:
    """Return the number, or the text as it is if it is none: decoding says what is wanted."""
    if is_month(hint) and not _NUMBER.fullmatch(text):
        return _read_month(text, place)
    if not _NUMBER.fullmatch(text):
        return text
    number = int(text[:DIGITS_MAX])
    if not INTEGER_MIN <= number <= INTEGER_MAX:
        least, most = bounds_of(hint)
        raise Malformed(place, f"expected a number from {least} to {most}")
    return number


def read_id(text: str, hint: Any, place: str) -> str:
    """Return an id as its field spells it."""
    bare, name = bare_hint(hint), _field_of(place)
    if is_lock(name, hint):
        wanted, other = (LOCK_ID, RECORD_ID) if bare is LockId else (RECORD_ID, LOCK_ID)
        digits = text.removeprefix(other.prefix)
        return text if digits == text else wanted.prefix + digits
    if bare is RecordId and name == "identity" and not text.startswith(RECORD_ID.prefix):
        raise Malformed(
            place,
            f"expected an identity's id, {RECORD_ID.prefix} and 64 digits, found {_shown(text)}; "
            "find it with `tally identity find --key`",
        )
    return text


def month_text(month: int) -> str:
    """Return a month as people write it."""
    year, place = divmod(month, MONTHS_PER_YEAR)
    return f"{YEAR_FIRST + year}-{place + 1:02d}"


def bounds_of(hint: Any) -> tuple[int, int]:
    """Return the least and the greatest number that a field holds."""
    least, most = [INTEGER_MIN], [INTEGER_MAX]
    for meta in _metas(present_hint(hint)):
        least += [
            int(each) + more for each, more in ((meta.ge, 0), (meta.gt, 1)) if each is not None
        ]
        most += [
            int(each) - less for each, less in ((meta.le, 0), (meta.lt, 1)) if each is not None
        ]
    return max(least), min(most)


def _read_month(text: str, place: str) -> int:
    """Return how many months lie between January 1970 and a month."""
    if found := _MONTH.fullmatch(text):
        return MONTHS_PER_YEAR * (int(found["year"]) - YEAR_FIRST) + int(found["month"]) - 1
    raise Malformed(place, f"expected a month such as 2026-11, found {_shown(text)}")


def _shown(text: str) -> str:
    """Show the beginning of what was given, and nothing that steers a terminal."""
    return repr("".join(c if c.isprintable() else "?" for c in text[:FOUND_CHARACTERS_MAX]))


def _field_of(place: str) -> str:
    """Return the last field that a place names."""
    found = _LAST_FIELD.search(place)
    return found["field"] if found else ""


def _metas(hint: Any) -> Iterator[msgspec.Meta]:
    """Yield the bounds that are attached to a type, and to the type that it renames."""
    if isinstance(hint, typing.NewType):
        yield from _metas(hint.__supertype__)
    elif typing.get_origin(hint) is typing.Annotated:
        inner, *attached = typing.get_args(hint)
        yield from _metas(inner)
        yield from (each for each in attached if isinstance(each, msgspec.Meta))
