"""The story of the meeting, as `tally demo meeting` plays it."""

import time
from pathlib import Path

from tallystick.scenarios.meeting import SCENARIO
from tests.scenarios.small import stage_in


def test_the_story_proves_what_it_claims(tmp_path: Path) -> None:
    """Everything at the sitting is carried, the articles are not per rollam, in seconds."""
    began = time.monotonic()
    outcome = SCENARIO.run(stage_in(tmp_path))
    assert {True} == set(outcome["proved"].values())
    assert outcome["proved"].items() <= outcome.items()
    assert (40, 70) == (outcome["members"], outcome["statements"])
    assert ([0, 1, 2], [0, 1]) == (
        outcome["carried_at_the_sitting"],
        outcome["carried_per_rollam"],
    )
    assert outcome["refused"] == 19
    assert "Change the articles" in Path(outcome["report"]).read_text(encoding="utf-8")
    assert time.monotonic() - began < 30
