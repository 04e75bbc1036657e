"""One measured figure, how it is shown and where it is kept."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Result:
    """A figure next to the yardstick of the same run."""

    name: str
    value: float
    unit: str
    yardstick: float | None = None
    ratio: float | None = None
    must: str = ""
    aim: str = ""
    met: bool | None = None
    note: str = ""

    def noted(self, note: str) -> Self:
        """Return the same figure with what should be known of how it was measured."""
        return replace(self, note=note)


def at_least(
    name: str, value: float, unit: str, yardstick: float, *, must: float, aim: float
) -> Result:
    """Return a rate whose ratio to the yardstick must reach a bound."""
    ratio = value / yardstick
    return Result(name, value, unit, yardstick, ratio, f"≥ {must} ×", f"≥ {aim} ×", ratio >= must)


def print_table(results: Sequence[Result]) -> None:
    """Show the figures to people."""
    table = Table(title="Tallystick, measured", title_justify="left")
    for column in ("name", "value", "unit", "yardstick", "ratio", "must", "aim", "met"):
        right = column in {"value", "yardstick", "ratio"}
        table.add_column(column, justify="right" if right else "left", no_wrap=column != "name")
    for each in results:
        met = "" if each.met is None else "yes" if each.met else "NO"
        table.add_row(
            each.name,
            _number(each.value),
            each.unit,
            _number(each.yardstick),
            "" if each.ratio is None else f"{each.ratio:.2f}",
            each.must,
            each.aim,
            met,
        )
    console = Console(width=130)
    console.print(table)
    for note in dict.fromkeys(each.note for each in results if each.note):
        names = ", ".join(each.name for each in results if each.note == note)
        console.print(f"{names}: {note}", highlight=False)


def write_results(path: Path, results: Sequence[Result]) -> None:
    """Write the figures for programs."""
    machine = {
        "python": platform.python_version(),
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
    }
    document = {"machine": machine, "results": [asdict(each) for each in results]}
    path.write_text(json.dumps(document, indent=2) + "\n")


def _number(value: float | None) -> str:
    """Show a number with as many digits as mean something."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
