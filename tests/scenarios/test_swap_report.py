"""The report says what came of the deals, and every claim has its question."""

from tallystick.scenarios.report_data import Bars, Table
from tallystick.scenarios.swap_report import QUESTIONS, SwapFacts, swap_report
from tallystick.scenarios.swap_stories import Deal, Told


def told(*moved: tuple[int, int]) -> tuple[Told, ...]:
    """Return deals of three allowances for five cents that moved so much."""
    return tuple(
        Told(Deal(f"deal {n}", 3, 5, seller_steps=n), a, b, 0, 1, 2, bytes(32))
        for n, (a, b) in enumerate(moved)
    )


def test_every_deal_is_in_it() -> None:
    """Whole deals and halves are counted apart."""
    proved = dict.fromkeys(QUESTIONS, True)
    facts = SwapFacts(told((3, 5)), told((3, 5), (0, 0), (3, 0)), issued=10, proved=proved)
    report = swap_report(facts)
    assert "3 deals, 1 swapped, 1 as before, 1 by halves" == report.headline
    table = report.sections[0].blocks[0]
    assert isinstance(table, Table)
    assert ("deal 0", "both paid", "3", "0", "1", "2") == table.rows[0]
    chart = report.sections[1].blocks[0]
    assert isinstance(chart, Bars)
    assert (1, 0, 0) == chart.above[0].values
    assert ("never comes", "leaves after 1 step", "leaves after 2 steps") == chart.labels


def test_a_claim_that_did_not_hold_is_not_hidden() -> None:
    """It stands among the facts as wrong."""
    proved = dict.fromkeys(QUESTIONS, True) | {"conserved": False}
    report = swap_report(SwapFacts((), told((0, 0)), issued=1, proved=proved))
    assert ["conserved"] == [each.label for each in report.facts if each.is_good is False]
