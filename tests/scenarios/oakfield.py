"""Oakfield and Millbrook on real ledgers, small enough for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tallystick.compose import open_ledger
from tallystick.scenarios.communities_cast import MILLBROOK, OAKFIELD, Cast
from tallystick.scenarios.communities_days import Days
from tallystick.scenarios.communities_desk import Desk
from tallystick.scenarios.communities_terms import second_of
from tallystick.scenarios.village_weeks import DayClock


@contextmanager
def communities(folder: Path) -> Iterator[tuple[Days, Desk]]:
    """Open both ledgers, on which nothing has happened."""
    clock = DayClock(second_of(0) * 1_000)
    cast = Cast(time=clock.milliseconds)
    with (
        open_ledger(folder / OAKFIELD, genesis=cast.oakfield, clock=clock) as oakfield,
        open_ledger(folder / MILLBROOK, genesis=cast.millbrook, clock=clock) as millbrook,
    ):
        yield Days(Desk(OAKFIELD, oakfield, cast), clock), Desk(MILLBROOK, millbrook, cast)
