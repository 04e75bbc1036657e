"""What the command line prints: tables for people, one JSON object for programs."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.text import Text

from tallystick.base.plain import to_plain

from .readable import readable

WIDTH_MIN: Final = 100
"""A key and its name fit beside each other, also where the terminal is narrower."""
COLUMNS_MAX: Final = 6
GAP: Final = 2
"""How many blanks part a name from its value. [columns]"""

Block = list[Text]
"""Lines, which nothing breaks: ids and keys are copied from them."""

people = Console()
progress_console = Console(stderr=True)


def show(value: Any, *, as_json: bool, title: str = "") -> None:
    """Print a record or plain values: objects as two columns, lists of objects as a table."""
    if as_json:
        print_json(to_plain(value))
        return
    lines = [Text(_printable(title))] if title else []
    plain = readable(value)
    empty = isinstance(plain, list | tuple) and not plain
    with people.capture() as captured:  # The console ends the program if nobody reads what it says.
        for line in [*lines, *([Text("nothing")] if empty else _block(plain))]:
            people.print(line, soft_wrap=True)
    sys.stdout.write(captured.get())


def print_json(plain: Any) -> None:
    """Print one JSON object and nothing else."""
    sys.stdout.write(json.dumps(plain, indent=2, ensure_ascii=False) + "\n")


def complain(message: str, *, hint: str = "") -> None:
    """Print an error as one clear line, and what to do next."""
    line = _printable(" ".join(message.split()))
    sys.stderr.write(f"tally: {line}{f' — {hint}' if hint else ''}\n")


@contextmanager
def progress_bar(label: str, total: int) -> Iterator[Callable[[float], None]]:
    """Show a bar on the error stream while something long goes on, and yield how to advance it."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn())
    hidden = not progress_console.is_terminal  # A file or a program reads lines, not bars.
    with Progress(*columns, console=progress_console, transient=True, disable=hidden) as progress:
        task = progress.add_task(_printable(label), total=total)
        yield lambda steps: progress.advance(task, steps)


def _block(value: Any) -> Block:
    """Return a value as lines; what lies within another stands beside its name, or below it."""
    if value in (None, [], {}):
        return [Text("–")]
    if isinstance(value, Mapping):
        return _pairs(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _table(value)
    return [_text(value)]


def _pairs(plain: Mapping[str, Any]) -> Block:
    """Return an object as names and values."""
    names = [_heading(name) for name in plain]
    width = max(map(_width, ([each] for each in names))) + GAP
    lines: Block = []
    for name, value in zip(names, plain.values(), strict=True):
        name.stylize("bold")
        block = _block(value)
        if len(block) == 1 or width + _width(block) <= _width_max():
            lines += _beside([[name], block], [width, 0])
        else:
            lines += [name, *(Text(" " * GAP) + line if line else line for line in block)]
    return lines


def _table(rows: Sequence[Any]) -> Block:
    """
    Return a list of objects as a table, and a list of anything else as one line for each.

    Objects that would not fit side by side stand one below the other, so that ids stay whole.
    """
    if not all(isinstance(row, Mapping) for row in rows):
        return [line for row in rows for line in _block(row)] or [Text("nothing")]
    names = list(dict.fromkeys(name for row in rows for name in row))
    if not names:
        return [Text("nothing")]
    cells = [[_block(row.get(name)) for name in names] for row in rows]
    table = [[[_heading(name)] for name in names], *cells]
    widths = [max(_width(line[n]) for line in table) + GAP for n in range(len(names))]
    if len(names) > COLUMNS_MAX or sum(widths) - GAP > _width_max():
        records = [_pairs(row) for row in rows]
        return [line for record in records for line in (*record, Text(""))][:-1]
    for name in table[0]:
        name[0].stylize("bold")
    return [line for row in table for line in _beside(row, widths)]


def _beside(blocks: Sequence[Block], widths: Sequence[int]) -> Block:
    """Return blocks side by side, each as wide as its column."""
    lines = []
    for parts in zip_longest(*blocks, fillvalue=Text("")):
        line = Text("")
        for part, width in zip(parts, widths, strict=True):
            line += part
            line.append(" " * (width - part.cell_len))
        line.rstrip()
        lines.append(line)
    return lines


def _width(block: Block) -> int:
    """Return how many columns the widest line of a block takes."""
    return max((line.cell_len for line in block), default=0)


def _width_max() -> int:
    """Return how wide lines get if they can help it; a key with its name needs the least of it."""
    return max(shutil.get_terminal_size().columns, WIDTH_MIN)


def _heading(name: str) -> Text:
    """Return a field's name as people read it."""
    return Text(_printable(name.replace("_", " ")))


def _text(value: Any) -> Text:
    """Return a single value as text that is shown as it is: it may have come from anybody."""
    if value is None:
        return Text("–")
    return Text(_printable(str(value).lower() if isinstance(value, bool) else str(value)))


def _printable(text: str) -> str:
    """Return a text that cannot steer the terminal."""
    return "".join(each if each.isprintable() else "?" for each in text)
