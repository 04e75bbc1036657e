"""What an exploration found, in numbers that the tests know by heart and the page repeats."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tallystick.testing.explore import Explored, State
from tests.coordination.model_ledger import TinyLedger

PAGE = Path(__file__).parent.parent.parent / "docs" / "model-checking.md"


class Size(NamedTuple):
    """How large a world is."""

    states: int
    """How many states can be reached."""

    transitions: int
    """How many steps there are between two of them."""

    depth: int
    """How many steps away the farthest is."""


def measure(name: str, explored: Explored[State], ledgers: Iterable[TinyLedger]) -> Size:
    """Return how large a world is, and print it with how often rules were run."""
    size = Size(len(explored.states), explored.transitions, explored.depth)
    tried = sum(each.tried for each in ledgers)
    sys.stdout.write(f"{row(name, size)} {tried} rules run\n")
    return size


def row(name: str, size: Size) -> str:
    """Return the line of the page that says how large a world is."""
    return f"| {name} | {size.states:,} | {size.transitions:,} | {size.depth} |"
