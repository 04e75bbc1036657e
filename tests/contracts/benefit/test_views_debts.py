"""What views say about what companies owe each other."""

from tallystick.contracts.benefit.commands import Net
from tallystick.contracts.benefit.model import NetPosition
from tallystick.contracts.benefit.months import month_end
from tallystick.contracts.benefit.views_debts import (
    DebtsView,
    DebtView,
    PositionView,
    ShowDebt,
    ShowDebts,
)
from tests.contracts.benefit.cases import MONTH, STRANGER, A, C, cast, do, marketplace


def test_debts_of_a_month() -> None:
    """In all, between two, and netted."""
    trial = cast()
    positions = (PositionView(A, 0, 10, -10), PositionView(C, 10, 0, 10))
    assert DebtsView(positions, netted_at=0, netted=()) == trial.ask(ShowDebts(MONTH))
    assert DebtView(10) == trial.ask(ShowDebt(MONTH, debtor=A, creditor=C))
    assert DebtView(0) == trial.ask(ShowDebt(MONTH, debtor=C, creditor=A))
    assert DebtsView((), netted_at=0, netted=()) == trial.ask(ShowDebts(MONTH + 1))
    trial.move_to(month_end(MONTH))
    do(trial, Net(MONTH), STRANGER)
    netted = (NetPosition(A, -10), NetPosition(C, 10))
    assert DebtsView(positions, trial.time, netted) == trial.ask(ShowDebts(MONTH))


def test_an_empty_ledger_has_no_debts() -> None:
    """Nor the companies of it."""
    assert DebtsView((), netted_at=0, netted=()) == marketplace().ask(ShowDebts(MONTH))
