"""The story of swaps, with fewer deals: each ends whole or not at all."""

from pathlib import Path

from tallystick.coordination.swap import SwapOutcome
from tallystick.scenarios.swap import SCENARIO, Plan, play
from tests.scenarios.small import stage_in


def test_the_story_proves_what_it_claims(tmp_path: Path) -> None:
    """Whoever goes away, both are paid or both are as before, and nothing is stuck."""
    outcome = play(stage_in(tmp_path), Plan(deals=12))
    assert {True} == set(outcome["proved"].values())
    assert outcome["proved"].items() <= outcome.items()
    assert (12, 0) == (outcome["swapped"] + outcome["refunded"], outcome["by_halves"])
    assert outcome["swapped"] > 0
    assert outcome["refunded"] > 0
    page = Path(outcome["report"]).read_text(encoding="utf-8")
    assert "Allowances against money" in page
    assert SCENARIO.name == "swap"
    assert "swapped" == SwapOutcome.SWAPPED.value
