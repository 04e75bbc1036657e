"""The main job, small enough to be played in a second, and whole in a slow test."""

import dataclasses
import io
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tallystick.client.ledger import Ledger
from tallystick.scenarios.scenario import AllRows, AuditResult, Stage
from tallystick.scenarios.village import play
from tallystick.scenarios.village_data import Village
from tallystick.scenarios.village_figures import is_home
from tests.scenarios.small import small_village, stage_in

PATHS = ("proof_file", "report", "ledger")
NUMBERS = {
    "readings": 257_280,
    "measurements": 257_280,
    "certificates": 29_867,
    "claims": 188_103,
    "produced_wh": 16_551_964,
    "consumed_wh": 16_930_658,
    "matched_wh": 10_760_442,
}
CHECKS = {"conserved": True, "audited": True, "verified": True}
ROOT = Path(__file__).parents[2]
SECONDS_MAX = 360


@pytest.fixture(scope="module")
def small(village: Village) -> Village:
    """Return a small village."""
    return small_village(village)


@pytest.fixture(scope="module")
def played(
    tmp_path_factory: pytest.TempPathFactory, small: Village
) -> tuple[Stage, dict[str, Any]]:
    """Play the story once, on a stage of which the terminal is kept."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("play")
        patch.setenv("XDG_CONFIG_HOME", str(folder / "home"))
        stage = stage_in(folder)
        return stage, play(stage, small)


def test_the_figures_are_those_of_the_village(
    small: Village, played: tuple[Stage, dict[str, Any]]
) -> None:
    """What was read is on the ledger, and what was matched is claimed."""
    _, outcome = played
    readings = len(small.meters) * len(small.begins)
    homes = [n for n, meter in enumerate(small.meters) if is_home(meter)]
    consumed_wh = sum(sum(small.energy_wh[n]) for n in homes)
    assert (readings, readings) == (outcome["readings"], outcome["measurements"])
    assert consumed_wh == outcome["consumed_wh"]
    assert sum(map(sum, small.energy_wh)) - consumed_wh == outcome["produced_wh"]
    assert 0 < outcome["matched_wh"] <= min(consumed_wh, outcome["produced_wh"])
    assert CHECKS == {name: outcome[name] for name in CHECKS}


def test_what_is_named_is_there(played: tuple[Stage, dict[str, Any]]) -> None:
    """Proof, report and ledger lie in the story's folder; the report needs no network."""
    stage, outcome = played
    for name in PATHS:
        assert Path(outcome[name]).exists()
        assert Path(outcome[name]).is_relative_to(stage.folder)
    page = Path(outcome["report"]).read_text()
    assert page.startswith("<!doctype html>")
    assert "http://" not in page.replace("http://www.w3.org/", "")


def test_the_terminal_says_where_everything_is(played: tuple[Stage, dict[str, Any]]) -> None:
    """People get the charts, and the paths in full."""
    stage, outcome = played
    assert isinstance(stage.console.file, io.StringIO)
    shown = stage.console.file.getvalue()
    assert f"report: {outcome['report']}" in shown


def test_the_outcome_can_be_printed(played: tuple[Stage, dict[str, Any]]) -> None:
    """It is plain, in the order in which the story goes."""
    _, outcome = played
    assert outcome == json.loads(json.dumps(outcome))
    rest = ("proof_file", "verify", "report", "ledger", "seconds")
    assert [*NUMBERS, "proved", *CHECKS, *rest] == list(outcome)
    assert CHECKS == outcome["proved"]


@dataclasses.dataclass(frozen=True)
class Suspicious:
    """An audit that found something."""

    problems: tuple[str, ...] = ("block 3 has another root",)


def losing_rows(ledger: Ledger, path: Path) -> AllRows:
    """Return a read model in which no certificate is held or claimed."""

    def rows(table: str) -> Iterator[Mapping[str, Any]]:
        yield from ()

    return rows


def failing_audit(path: Path) -> AuditResult:
    """Find something."""
    return Suspicious()


def test_checks_that_fail_are_said(
    tmp_path: Path, small: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bad audit, energy that is gone and a refused proof each turn their own answer false."""
    monkeypatch.setattr(Ledger, "prove", lambda _self, _certificate: b'{"format": "another"}')
    stage = dataclasses.replace(stage_in(tmp_path), audit=failing_audit, read_model=losing_rows)
    outcome = play(stage, small)
    assert {"conserved": False, "audited": False, "verified": False} == {
        name: outcome[name] for name in CHECKS
    }


def demo(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the demo as a person would."""
    return tally("demo", *options, folder=folder)


def tally(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `tally` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tallystick", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS_MAX,
    )


@pytest.mark.slow
def test_the_main_job(tmp_path: Path) -> None:
    """`tally demo --json` does the whole village, proves it, and can be run again where it was."""
    (tmp_path / "tallystick-demo" / "village").mkdir(parents=True)
    (tmp_path / "tallystick-demo" / "village" / ".tallystick-demo").touch()
    (tmp_path / "tallystick-demo" / "village" / "ledger").mkdir()  # What a first run left behind.
    done = demo(tmp_path, "--json")
    assert (0, "") == (done.returncode, done.stderr)
    outcome = json.loads(done.stdout)
    assert {**NUMBERS, **CHECKS} == {name: outcome[name] for name in (*NUMBERS, *CHECKS)}
    assert 0 < outcome["seconds"] < SECONDS_MAX
    for name in PATHS:
        assert Path(outcome[name]).is_relative_to(tmp_path / "tallystick-demo" / "village")
        assert Path(outcome[name]).exists()
    program, *arguments = shlex.split(outcome["verify"])
    assert "tally" == program
    verified = tally(*arguments, folder=tmp_path)
    assert (0, "") == (verified.returncode, verified.stderr)
    script = Path(outcome["proof_file"]).with_name("verify_proof.py")
    alone = subprocess.run(
        [sys.executable, "-I", str(script), *arguments[1:]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, "") == (alone.returncode, alone.stderr)
