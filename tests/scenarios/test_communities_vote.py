"""The assembly decides what was asked, and nothing else holds."""

from pathlib import Path

from tallystick.client.foreign import recognised_by
from tallystick.contracts.governance.views import PlanView, ShowPlan
from tallystick.scenarios.communities_cast import MEMBERS
from tallystick.scenarios.communities_vote import HEIGHT_AHEAD, SAYS, Assembly
from tests.scenarios.oakfield import communities


def test_an_evening_in_oakfield(tmp_path: Path) -> None:
    """One question is carried, one refused, and every other way was closed."""
    with communities(tmp_path) as (days, neighbour):
        days.found()
        before = days.desk.height
        assembly = Assembly(days.desk, days.clock, neighbour.ledger, 0)
        decision = assembly.hold()
        assert before + HEIGHT_AHEAD == decision.height > decision.enacted_height > before
        assert ((5, 2), (2, 5)) == decision.counts
        assert 7 == len(days.desk.refused)
        assert {True} == set(days.desk.refused.values())
        plan = days.desk.ledger.ask(ShowPlan("market"))
        assert isinstance(plan, PlanView)
        assert [decision.height] == [each.height for each in plan.settings]
        days.wait_for(decision.height - 1, 0)
        assembly.recognise(decision)
        assert decision.height == days.desk.height
        found = recognised_by(days.desk.ledger, neighbour.ledger.id)
        assert neighbour.ledger.id == found.trust.ledger


def test_enough_come() -> None:
    """All who say something are members, and one stays at home."""
    assert set(SAYS) < set(MEMBERS)
    assert len(SAYS) == len(MEMBERS) - 1
