"""A zone's desk: its ledger, its people, its clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from tallystick.contracts.allowance.commands import RegisterHolder
from tallystick.contracts.allowance.events import HolderRegistered
from tallystick.scenarios.allowances_cast import NORTH, Cast, Office
from tallystick.scenarios.allowances_desk import Desk, Plan, Refusal
from tallystick.scenarios.allowances_founding import found
from tallystick.scenarios.allowances_model import second_of
from tallystick.scenarios.allowances_seen import Seen
from tallystick.scenarios.village_weeks import DayClock
from tests.scenarios.small import stage_in

FOUNDED = date(2023, 12, 1)
FEW_DAYS = Plan(days_apart=30)


@contextmanager
def desk_in(folder: Path, zone: str = NORTH, clock: DayClock | None = None) -> Iterator[Desk]:
    """Open a zone's ledger with everything founded, and close it again."""
    cast, time = Cast(zone), clock or DayClock(1_000 * second_of(FOUNDED))
    genesis = cast.genesis(time=second_of(FOUNDED))
    ledger = stage_in(folder).open_ledger(folder / zone, genesis=genesis, clock=time)
    with ledger:
        desk = Desk(cast, ledger, time, FEW_DAYS, Seen(ledger))
        found(desk)
        yield desk


def test_allowances_are_smaller_where_units_run_less() -> None:
    """So the story has about as many of them."""
    assert (100_000, 3_333) == (Plan().unit_grams, FEW_DAYS.unit_grams)


def test_refusals_are_noted(tmp_path: Path) -> None:
    """With the code that was due and the one that came, which is 0 if nobody minded."""
    with desk_in(tmp_path) as desk:
        desk.refusals.clear()
        register = RegisterHolder(desk.programme, desk.zone, "Somebody")
        desk.refuse("a stranger registers", 621, register, desk.account("Birk 1"))
        desk.refuse("the operator registers", 621, register, desk.office(Office.OPERATOR))
        assert [
            Refusal("a stranger registers", 621, 621),
            Refusal("the operator registers", 621, 0),
        ] == desk.refusals
        assert "Somebody" == desk.seen.latest(HolderRegistered).name


def test_an_account_without_anything_holds_nothing(tmp_path: Path) -> None:
    """There is no record of it, and that is no error."""
    with desk_in(tmp_path) as desk:
        assert 0 == desk.held("Birk 1", 0)
        assert 0 == desk.totals(0).issued
        desk.set_day(date(2024, 2, 1), hour=6)
        assert 1_000 * (second_of(date(2024, 2, 1)) + 6 * 3_600) == desk.clock()
