"""The story of the allowances, with fewer days: what it claims, it proves."""

from pathlib import Path

from tallystick import compose
from tallystick.scenarios.allowances import SCENARIO, play
from tests.scenarios.small import stage_in
from tests.scenarios.test_allowances_desk import FEW_DAYS


def test_the_story_proves_what_it_claims(tmp_path: Path) -> None:
    """Two ledgers, each in its folder, audited; every allowance has come to its end."""
    outcome = play(stage_in(tmp_path), FEW_DAYS)
    assert {True} == set(outcome["proved"].values())
    assert outcome["proved"].items() <= outcome.items()
    assert (2, 8) == (outcome["zones"], outcome["units"])
    ends = ("surrendered", "cancelled", "expired")
    assert outcome["issued"] == sum(outcome[name] for name in ends)
    assert 0 < outcome["missing"] <= outcome["undelivered"]
    assert outcome["verify"].startswith(f"tally verify {outcome['proof_file']} --ledger ledger_")
    assert "NOx" in Path(outcome["report"]).read_text(encoding="utf-8")
    assert [(), ()] == [compose.audit(Path(each)).problems for each in outcome["ledgers"]]


def test_the_scenario_has_a_name() -> None:
    """So `tally demo allowances` finds it."""
    assert "allowances" == SCENARIO.name
    assert len(SCENARIO.summary) <= 100
