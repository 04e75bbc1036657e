"""The story of tokens, with fewer readings: each is minted once, whoever dies."""

from pathlib import Path
from typing import Any

import pytest

from tallystick.scenarios.tokens import Plan, play, prove, readings_of
from tallystick.scenarios.tokens_readings import Reading, Readings
from tallystick.scenarios.village_data import Village
from tests.scenarios.small import stage_in
from tests.scenarios.test_tokens_life import ASSET, LIFE

PLAN = Plan(readings=300, workers=3)


def test_the_story_proves_what_it_claims(tmp_path: Path) -> None:
    """One worker is killed, another takes its place, and nothing is minted twice."""
    outcome = play(stage_in(tmp_path), PLAN)
    assert (300, 300) == (outcome["readings"], outcome["minted"])
    assert outcome["killed_worker"] > 0
    assert {True} == set(outcome["proved"].values())
    assert outcome["proved"].items() <= outcome.items()
    assert "tokens" in Path(outcome["report"]).read_text(encoding="utf-8")


def test_readings_are_those_of_the_village(village: Village) -> None:
    """As many as were asked for, each with an id of its own and energy in it."""
    readings = readings_of(village, 500)
    assert 500 == len({each.reading_id for each in readings})
    assert all(each.amount_wh for each in readings)


ROWS: dict[str, list[dict[str, Any]]] = {
    "asset_series": [
        {"asset": ASSET, "reading_id": "a", "kwh": 5},
        {"asset": ASSET, "reading_id": "b", "kwh": 7},
    ],
    "asset_balances": [{"spendable": 6, "locked": 1}],
}


@pytest.mark.parametrize(
    ("readings", "links", "false"),
    [
        ([("a", 5), ("b", 7)], True, {"conserved"}),
        ([("a", 5), ("b", 7)], False, {"conserved", "each_reading_linked"}),
        ([("a", 5), ("b", 8)], True, {"conserved", "each_reading_minted_once"}),
        ([("a", 5)], True, {"each_reading_minted_once"}),
        (
            [("a", 5), ("b", 7), ("c", 1)],
            True,
            {"conserved", "each_reading_minted_once"},
        ),
    ],
)
def test_a_difference_is_seen(
    tmp_path: Path, readings: list[tuple[str, int]], *, links: bool, false: set[str]
) -> None:
    """A reading too few or too many, another amount, a missing link, a lost unit."""
    wanted = [Reading(*each) for each in readings]
    file = Readings(tmp_path / "readings")
    file.create(wanted)
    if links:
        file.link(link for each in wanted for link in [LIFE.link(each.reading_id)])
    proved = prove(ASSET, wanted, file, lambda table: iter(ROWS[table]), LIFE.life)
    assert false == {name for name, holds in proved.items() if not holds}
