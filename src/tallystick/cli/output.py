"""What the command line prints: tables for people, one JSON object for programs."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table
from rich.text import Text

WIDTH_MIN = 160
"""Ids and keys are copied from the screen, so a table may be wider than the terminal."""

COLUMNS_MAX = 6

people = Console(width=max(shutil.get_terminal_size().columns, WIDTH_MIN))
progress_console = Console(stderr=True)


def show(plain: Any, *, as_json: bool, title: str = "") -> None:
    """Print plain values: objects as two columns, lists of objects as a table."""
    if as_json:
        print_json(plain)
        return
    if isinstance(plain, Mapping):
        people.print(_pairs(plain, title))
    elif isinstance(plain, Sequence) and not isinstance(plain, str):
        people.print(_table(plain, title))
    else:
        people.print(_text(plain))


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


def _pairs(plain: Mapping[str, Any], title: str) -> Table:
    """Return an object as names and values."""
    table = _empty_table(title, header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in plain.items():
        table.add_row(_heading(name), _cell(value))
    return table


def _table(rows: Sequence[Any], title: str) -> Table:
    """
    Return a list of objects as a table, and a list of anything else as one column.

    Objects of many fields stand one below the other: their ids would not fit side by side.
    """
    objects = [row if isinstance(row, Mapping) else {"value": row} for row in rows]
    names = list(dict.fromkeys(name for row in objects for name in row))
    if len(names) > COLUMNS_MAX:
        table = _empty_table(title, header=False)
        for row in objects:
            table.add_row(_pairs(row, ""))
            table.add_row("")
        return table
    table = _empty_table(title, header=True)
    for name in names or ["nothing"]:
        table.add_column(_heading(name), overflow="fold")
    for row in objects:
        table.add_row(*(_cell(row.get(name)) for name in names))
    return table


def _empty_table(title: str, *, header: bool) -> Table:
    """Return a table without lines around it."""
    return Table(
        title=Text(_printable(title)) if title else None,
        show_header=header,
        box=None,
        title_justify="left",
        pad_edge=False,
    )


def _heading(name: str) -> Text:
    """Return a field's name as people read it."""
    return Text(_printable(name.replace("_", " ")))


def _cell(value: Any) -> Table | Text:
    """Return a value as it stands in a table."""
    if value in (None, [], {}):
        return Text("–")
    if isinstance(value, Mapping):
        return _pairs(value, "")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _table(value, "")
    return _text(value)


def _text(value: Any) -> Text:
    """Return a single value as text that is shown as it is: it may have come from anybody."""
    if value is None:
        return Text("–")
    return Text(_printable(str(value).lower() if isinstance(value, bool) else str(value)))


def _printable(text: str) -> str:
    """Return a text that cannot steer the terminal."""
    return "".join(each if each.isprintable() else "?" for each in text)
