"""The story of loyalty, with fewer people and rushes: one winner each, whoever is away."""

from pathlib import Path

from tallystick.scenarios.loyalty import MONTH, MONTH_END, SCENARIO, Plan, play
from tests.scenarios.small import stage_in

PLAN = Plan(employees=12, benefits=40, rushes=5)


def test_the_story_proves_what_it_claims(tmp_path: Path) -> None:
    """Exactly one winner each, tokens conserved, debts netted, everything audited."""
    outcome = play(stage_in(tmp_path), PLAN)
    assert (3, 12, 40) == (outcome["companies"], outcome["employees"], outcome["benefits"])
    assert 5 == outcome["rushes"] == outcome["winners"]
    assert outcome["losers"] == outcome["attempts"] - 5
    assert {True} == set(outcome["proved"].values())
    assert outcome["proved"].items() <= outcome.items()
    assert 0 == sum(outcome["net_units"].values())
    assert "losers without a loss" in Path(outcome["report"]).read_text(encoding="utf-8")


def test_the_plan_is_that_of_the_requirements() -> None:
    """Sixty employees, two hundred benefits, a hundred rushes; the month ends where it should."""
    assert Plan(employees=60, benefits=200, rushes=100) == Plan()
    assert "loyalty" == SCENARIO.name
    assert (2026, 12, 1) == (MONTH_END.year, MONTH_END.month, MONTH_END.day)
    assert MONTH == (MONTH_END.year - 1970) * 12 + MONTH_END.month - 2
