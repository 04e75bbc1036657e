"""What is proved about the month is false when something is wrong."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tallystick import compose
from tallystick.scenarios.market_cast import Cast
from tallystick.scenarios.market_month import BUDGET, Month, midnight
from tallystick.scenarios.market_proofs import Bill, bills_of, prove, totals_of
from tallystick.scenarios.scenario import AllRows
from tallystick.scenarios.village_weeks import DayClock
from tests.scenarios.test_market import PLAN

Played = tuple[Month, list[Bill], AllRows]
Change = Callable[[Month, list[Bill]], None]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Play five days once."""
    folder: Path = tmp_path_factory.mktemp("market")
    clock = DayClock(midnight(0) * 1_000 - 1)
    cast = Cast(time=clock.milliseconds)
    with compose.open_ledger(folder / "ledger", genesis=cast.genesis, clock=clock) as ledger:
        month = Month(ledger, cast, clock, PLAN)
        month.found()
        month.play(lambda _steps: None)
        rows = compose.read_model(ledger, folder / "index.sqlite")
        yield month, bills_of(month), rows


def unpaid(_month: Month, bills: list[Bill]) -> None:
    """Let an account have a unit less than its bill says."""
    bills[0] = replace(bills[0], gained=bills[0].gained - 1)


def overcharged(_month: Month, bills: list[Bill]) -> None:
    """Let a charge be a unit more than its rate."""
    charges = (bills[-1].charges[0] + 1, *bills[-1].charges[1:])
    bills[-1] = replace(bills[-1], charges=charges)


def miscounted(_month: Month, bills: list[Bill]) -> None:
    """Let a statement's total be another."""
    bills[0] = replace(bills[0], total=bills[0].total + 1)


def spendthrift(_month: Month, bills: list[Bill]) -> None:
    """Let the saver's bill be above its budget."""
    bills[-1] = replace(bills[-1], total=-BUDGET - 1)


def accepted(month: Month, _bills: list[Bill]) -> None:
    """Let something be accepted that should be refused."""
    month.told.refused = {**month.told.refused, "theft": False}


@pytest.mark.parametrize(
    ("change", "false"),
    [
        (lambda _month, _bills: None, set()),
        (unpaid, {"accounts_match_bills", "everybody_sums_to_zero"}),
        (overcharged, {"commissions_rounded_once", "bills_are_what_was_traded"}),
        (miscounted, {"bills_add_up"}),
        (spendthrift, {"budget_was_the_limit", "bills_add_up"}),
        (accepted, {"misuse_refused"}),
    ],
)
def test_what_is_wrong_is_seen(played: Played, change: Change, false: set[str]) -> None:
    """And nothing else is called wrong for it."""
    month, bills, rows = played
    before, changed = dict(month.told.refused), list(bills)
    change(month, changed)
    try:
        proved = prove(month, changed, rows)
    finally:
        month.told.refused = before
    assert false == {name for name, holds in proved.items() if not holds}


def test_totals_are_by_charge() -> None:
    """Each for everybody."""
    assert (4, 6) == totals_of([(1, 2), (3, 4)])
