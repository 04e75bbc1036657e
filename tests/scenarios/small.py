"""A village of nine meters and some quarter hours, and a stage to play it on."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from tallystick import compose
from tallystick.scenarios.scenario import Advance, Stage
from tallystick.scenarios.village_data import TECHNOLOGIES, Village
from tallystick.scenarios.village_figures import is_home

HOMES = 4
QUARTERS = range(60, 100)
"""From an afternoon with sun over midnight into the next day."""


def small_village(whole: Village, quarters: range = QUARTERS) -> Village:
    """Return a plant of each technology and four homes of the shipped village."""
    plants = [
        next(n for n, meter in enumerate(whole.meters) if meter.technology is technology)
        for technology in TECHNOLOGIES
    ]
    homes = [n for n, meter in enumerate(whole.meters) if is_home(meter)][:HOMES]
    return cut(whole, sorted([*plants, *homes]), quarters)


def cut(village: Village, meters: Sequence[int], quarters: range) -> Village:
    """Return some meters and quarter hours of a village."""
    span = slice(quarters.start, quarters.stop)
    return Village(
        meters=tuple(village.meters[n] for n in meters),
        begins=village.begins[span],
        energy_wh=tuple(village.energy_wh[n][span] for n in meters),
    )


def stage_in(folder: Path) -> Stage:
    """Return a stage on which everything is real but the audience."""
    return Stage(
        folder=folder,
        open_ledger=compose.open_ledger,
        audit=compose.audit,
        read_model=compose.read_model,
        progress=_unseen_bar,
        console=Console(file=io.StringIO(), width=100),
    )


@contextmanager
def _unseen_bar(label: str, total: int) -> Iterator[Advance]:
    """Show nothing."""
    yield lambda _steps: None
