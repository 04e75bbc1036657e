"""The story of two communities, with fewer days: a fee changes between two blocks."""

from pathlib import Path

import pytest

from tallystick.scenarios.communities import SCENARIO, Plan, play, turn_over
from tallystick.scenarios.communities_report import CLAIMS
from tests.scenarios.oakfield import communities
from tests.scenarios.small import stage_in


@pytest.mark.parametrize("plan", [Plan(days_before=1, days_after=1), Plan(2, 0)])
def test_the_story_proves_what_it_claims(tmp_path: Path, plan: Plan) -> None:
    """Before and after are both seen, and everything that is claimed holds."""
    outcome = play(stage_in(tmp_path), plan)
    assert set(CLAIMS) == set(outcome["proved"])
    assert {True} == set(outcome["proved"].values())
    assert outcome["proved"].items() <= outcome.items()
    assert plan.days_before + 2 + plan.days_after == outcome["markets"]
    assert min(outcome[name] for name in ("fees_before", "fees_after", "sold_wh", "price")) > 0
    page = Path(outcome["report"]).read_text(encoding="utf-8")
    assert f"block {outcome['height']}" in page


def test_two_markets_stand_on_either_side_of_a_height(tmp_path: Path) -> None:
    """In the last block before it, and in the first one of it; both are traded in."""
    with communities(tmp_path) as (days, _):
        days.found()
        height = days.desk.height + 40
        turn_over(days, height, 0)
        assert [height - 1, height] == [each.opened_height for each in days.sessions]
        assert all(each.traded_wh for each in days.sessions)


def test_it_can_be_found() -> None:
    """By its name."""
    assert "communities" == SCENARIO.name
