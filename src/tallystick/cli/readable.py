"""Values as people read them: a dash for a time that says "never", and a month as 2026-11."""

from typing import Any

import msgspec

from tallystick.base.amounts import Milliseconds, Seconds
from tallystick.base.plain import (
    KIND,
    bare_hint,
    field_hints,
    item_hint,
    present_hint,
    tag_of,
    to_plain,
    union_of,
)

from .scalars import is_month, month_text


def readable(value: Any, hint: Any = None) -> Any:
    """
    Return a value as `to_plain` does, but for what only a program reads as it is.

    Fields use a time of 0 to say "never", "not yet" or "without end": that is nothing, so that
    nobody takes it for a moment of 1970.
    """
    if isinstance(value, msgspec.Struct):
        kind = type(value)
        named = {KIND: tag_of(kind)} if kind in union_of(hint) else {}
        hints = field_hints(kind)
        return named | {name: readable(getattr(value, name), hints[name]) for name in hints}
    if isinstance(value, tuple | list):
        bare = bare_hint(hint)
        return [readable(each, item_hint(bare, n)) for n, each in enumerate(value)]
    if present_hint(hint) in (Seconds, Milliseconds) and value == 0:
        return None
    if is_month(hint) and isinstance(value, int):
        return month_text(value)
    return to_plain(value, hint)
