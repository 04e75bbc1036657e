"""The report of the market shows what came out, also when it is not what should have."""

from tallystick.scenarios.market_cast import PEOPLE, Cast
from tallystick.scenarios.market_month import Month, midnight
from tallystick.scenarios.market_proofs import Bill
from tallystick.scenarios.market_report import CLAIMS, market_report
from tallystick.scenarios.market_rules import CHARGES
from tallystick.scenarios.market_told import Plan
from tallystick.scenarios.village_weeks import DayClock

ITEMS = (("bought", -5), ("sold", 9), ("imbalance", -1), *((name, -1) for name in CHARGES))
BILLS = [Bill(name, 1, 2, ITEMS, 0, 0, 0, charges=(1, 1, 1), expected=(1, 1, 1)) for name in PEOPLE]


def test_an_empty_month_can_be_told() -> None:
    """Claims are counted, and one that failed says so; sums stand in the last row."""
    clock = DayClock(midnight(0) * 1_000)
    month = Month(None, Cast(time=clock.milliseconds), clock, Plan(days=2))  # type: ignore[arg-type]
    proved = {**dict.fromkeys(CLAIMS, True), "bills_add_up": False}
    report = market_report(month, BILLS, [("All", 0)], proved)
    shown = {fact.label: (fact.value, fact.is_good) for fact in report.facts}
    assert (f"{len(CLAIMS) - 1} of {len(CLAIMS)}", False) == shown["claims proven"]
    claims = next(b for s in report.sections for b in s.blocks if b.title == "Claims")
    failed = [row for row in claims.rows if row[-1] == "NO"]  # type: ignore[union-attr]
    assert [CLAIMS["bills_add_up"]] == [row[0] for row in failed]
    (statements,) = [
        block
        for section in report.sections
        for block in section.blocks
        if block.title.startswith("Statements")
    ]
    *_, last = statements.rows  # type: ignore[union-attr]  # It is a table.
    assert ("All", "0.000033", "-0.000011", "-0.000011", "-0.000011", "0.000000") == last
