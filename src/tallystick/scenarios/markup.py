"""
Write markup whose texts are always escaped.

A meter's name or a path may hold anything; a page that runs it would betray its reader. So text
becomes `Markup` only through `text`, and everything else is built from elements.
"""

import html
import json
from collections.abc import Iterable
from typing import Any, NewType

Markup = NewType("Markup", str)


def text(plain: str) -> Markup:
    """Turn plain text into markup that shows it."""
    return Markup(html.escape(plain))


def join(parts: Iterable[Markup]) -> Markup:
    """Put markup one after the other."""
    return Markup("".join(parts))


def element(name: str, *children: Markup, **attributes: str | int | None) -> Markup:
    """
    Write an element.

    An attribute's underscores become hyphens and a trailing one is dropped (`class_`); an
    attribute of `None` is left out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{written}>{join(children)}</{name}>")


def data(content: Any, **attributes: str) -> Markup:
    """Write data for a script to read, with nothing in it that could end the element."""
    written = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    safe = written.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return element("script", Markup(safe), type="application/json", **attributes)
