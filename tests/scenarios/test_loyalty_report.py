"""The report of loyalty says what came out, and asks every question that was answered."""

from dataclasses import replace

from tallystick.scenarios.loyalty_report import QUESTIONS, loyalty_report
from tallystick.scenarios.report_data import Table
from tests.scenarios.test_loyalty_proofs import facts


def test_a_report() -> None:
    """Winners, losers and every claim with its answer."""
    report = loyalty_report(facts())
    assert "4 rushes, 4 winners, 36 losers without a loss" == report.headline
    assert "brio left, and its 9 offers with it" in report.lead
    (table,) = report.sections[-1].blocks
    assert isinstance(table, Table)
    assert {("yes",)} == {row[1:] for row in table.rows}
    assert set(QUESTIONS) == {*facts().proved, "audited"}


def test_what_does_not_hold_is_told() -> None:
    """In capitals, and as a fact that is not good."""
    broken = replace(facts(), proved={"swapped": False})
    report = loyalty_report(broken)
    (table,) = report.sections[-1].blocks
    assert isinstance(table, Table)
    assert (("Did two owners swap in one step?", "NO"),) == table.rows
    assert [False] == [each.is_good for each in report.facts if each.is_good is not None]
