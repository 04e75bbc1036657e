"""The story of the town's market, with fewer days: everything it claims holds."""

from pathlib import Path

from tallystick.scenarios.market import play
from tallystick.scenarios.market_told import Plan
from tests.scenarios.small import stage_in

PLAN = Plan(days=5, outage_day=1, weak_day=2, corrected_day=3)


def test_the_story_proves_what_it_claims(tmp_path: Path) -> None:
    """But for the budget, which five days do not use up, all of it happens."""
    outcome = play(stage_in(tmp_path), PLAN)
    assert {True} == set(outcome["proved"].values())
    assert outcome["proved"].items() <= outcome.items()
    assert outcome["claimed_wh"] <= outcome["delivered_wh"] < outcome["sold_wh"]
    assert (5, 7) == (outcome["days"], outcome["refused"])
    assert "Statements of March" in Path(outcome["report"]).read_text(encoding="utf-8")
