"""The lane's week, short enough to be played in seconds, and whole in a slow test."""

import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tallystick.scenarios.community import SCENARIO, WEEK, play
from tallystick.scenarios.community_claims import CLAIMS
from tallystick.scenarios.scenario import Stage
from tallystick.scenarios.village_data import Village
from tests.scenarios.lane import SMALL
from tests.scenarios.small import stage_in

SECONDS_MAX = 60
NUMBERS = {
    "members": 18,
    "days": 7,
    "orders": 4_666,
    "auctions": 345,
    "trades": 3_105,
    "sold_wh": 336_452,
    "cut_wh": 17_876,
    "delivered_wh": 307_112,
    "consumed_wh": 311_163,
    "claimed_wh": 297_150,
    "paid": 38_338_880,
    "received": 37_178_300,
    "shortfalls": 7_441_040,
    "charges": 18_155_785,
    "balancing": 8_601_620,
    "shared_roof_wh": 119_940,
    "shared_roof_credited_wh": 63_608,
    "shared_roof_income": 9_541_200,
    "refused": 8,
}


@pytest.fixture(scope="module")
def outcome(
    tmp_path_factory: pytest.TempPathFactory, village: Village
) -> tuple[Stage, dict[str, Any]]:
    """Play two days once, on a stage of which the terminal is kept."""
    stage = stage_in(tmp_path_factory.mktemp("community"))
    return stage, play(stage, village, SMALL)


def test_everything_is_proven(outcome: tuple[Stage, dict[str, Any]]) -> None:
    """Each claim holds, is said what it means, and stands at the top for the exit code."""
    _, found = outcome
    assert dict.fromkeys(CLAIMS, True) == found["proved"]
    assert found["proved"] == {name: found[name] for name in CLAIMS}


def test_money_goes_round(outcome: tuple[Stage, dict[str, Any]]) -> None:
    """What members lose is what charges and the balancing account gain."""
    _, found = outcome
    assert 0 == sum(found["bills"].values()) + found["charges"] + found["balancing"]


def test_the_outcome_can_be_printed(outcome: tuple[Stage, dict[str, Any]]) -> None:
    """It is plain, and what it names is there; the page needs no network."""
    stage, found = outcome
    assert found == json.loads(json.dumps(found))
    for name in ("report", "ledger"):
        assert Path(found[name]).is_relative_to(stage.folder)
    page = Path(found["report"]).read_text()
    assert "http://" not in page.replace("http://www.w3.org/", "")
    assert isinstance(stage.console.file, io.StringIO)
    assert f"report: {found['report']}" in stage.console.file.getvalue()


@dataclasses.dataclass(frozen=True)
class Suspicious:
    """An audit that found something."""

    problems: tuple[str, ...] = ("block 3 has another root",)


def test_a_failed_audit_is_said(tmp_path: Path, village: Village) -> None:
    """It turns its own claim false, and no other."""
    stage = dataclasses.replace(stage_in(tmp_path), audit=lambda _path: Suspicious())
    assert {"audited": False} == {
        name: value for name, value in play(stage, village, SMALL)["proved"].items() if not value
    }


@pytest.mark.slow
def test_the_whole_week(tmp_path: Path, village: Village) -> None:
    """The week is always the same, proves everything, and is over within a minute."""
    assert "community" == SCENARIO.name
    found = play(stage_in(tmp_path), village, WEEK)
    assert NUMBERS == {name: found[name] for name in NUMBERS}
    assert all(found["proved"].values())
    assert found["auctions_finished_by_a_stranger"] > 0
    assert found["seconds"] < SECONDS_MAX
