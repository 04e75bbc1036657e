"""Stories are named, played in a folder of their own, and held to what they claim."""

import json
from pathlib import Path
from typing import Any

import pytest

from tallystick.scenarios import registry
from tallystick.scenarios import village as story
from tallystick.scenarios.registry import SCENARIOS
from tallystick.scenarios.scenario import Scenario, Stage
from tallystick.scenarios.village_data import load_village
from tests.cli.shell import Shell
from tests.scenarios.small import small_village


class Play:
    """A story that notes where it was played, and ends as it is told to."""

    def __init__(self, outcome: dict[str, Any]) -> None:
        self.outcome = outcome
        self.stages: list[Stage] = []

    def run(self, stage: Stage) -> dict[str, Any]:
        """Leave a file behind, say something, and end."""
        assert [".tallystick-demo"] == [path.name for path in stage.folder.iterdir()]
        (stage.folder / "trace").touch()
        stage.console.print("once upon a time")
        self.stages.append(stage)
        return self.outcome


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Play:
    """Put a short story in the list, and stand in an empty folder."""
    play = Play({"proved": True, "seconds": 0.1})
    told = Scenario("short", "a short story", play.run)
    monkeypatch.setattr(registry, "SCENARIOS", {**SCENARIOS, "short": told})
    monkeypatch.chdir(tmp_path)
    return play


def test_the_stories_are_named(shell: Shell, play: Play) -> None:
    """Each with what it shows."""
    said = shell.tally("demo", "--list")
    assert (0, "") == (said.code, said.err)
    assert [*SCENARIOS, "short"] == [line.split()[0] for line in said.out.splitlines()[1:]]
    listed = shell.tally("demo", "--list", "--json").json
    assert {"name": "short", "summary": "a short story"} in listed["scenarios"]
    assert [] == play.stages


def test_a_story_that_nobody_knows(shell: Shell, play: Play) -> None:
    """The names that there are help."""
    said = shell.tally("demo", "long")
    assert (2, "") == (said.code, said.out)
    assert f"no story 'long': there are {', '.join(SCENARIOS)}, short" in said.err


def test_a_story_has_a_folder_of_its_own(shell: Shell, play: Play, tmp_path: Path) -> None:
    """By default below here, under its name; and it can be played there again."""
    for _ in range(2):
        assert 0 == shell.tally("demo", "short").code
    assert 0 == shell.tally("demo", "short", "--folder", str(tmp_path / "deep" / "stage")).code
    usual = tmp_path / "tallystick-demo" / "short"
    assert [usual, usual, tmp_path / "deep" / "stage"] == [each.folder for each in play.stages]
    assert (usual / "trace").exists()


def test_people_are_told_the_story_and_programs_get_json(shell: Shell, play: Play) -> None:
    """Standard output is the story, or one object and nothing else."""
    people = shell.tally("demo", "short")
    assert ("once upon a time\n", "") == (people.out, people.err)
    programs = shell.tally("demo", "short", "--json")
    assert play.outcome == programs.json
    assert "" == programs.err


def test_what_was_not_proved_is_exit_1(shell: Shell, play: Play) -> None:
    """The object says so too, so that nobody has to read the line."""
    play.outcome = {"conserved": True, "proved": False, "claims": 0}
    said = shell.tally("demo", "short", "--json")
    assert (1, play.outcome) == (said.code, said.json)
    assert "tally: the story did not prove what it claims: proved is false\n" == said.err


def test_each_claim_stands_there_once(shell: Shell, play: Play) -> None:
    """Under its own name, and not in a list of them as well."""
    claims = {"conserved": True, "audited": True}
    play.outcome = {"claims": 3, "proved": claims, **claims}
    assert {"claims": 3, **claims} == shell.tally("demo", "short", "--json").json


def test_a_folder_that_is_not_a_demos_is_left_alone(
    shell: Shell, play: Play, tmp_path: Path
) -> None:
    """Whatever lies there stays there."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "novel.txt").write_text("It was a dark and stormy night.")
    said = shell.tally("demo", "short", "--folder", str(mine))
    assert (3, "") == (said.code, said.out)
    assert f"{mine} is not empty and was not made by a demo: choose another --folder" in said.err
    assert ["novel.txt"] == [path.name for path in mine.iterdir()]
    assert [] == play.stages


def test_the_village_can_be_played_twice(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second time it begins anew; what `verify` says is what verifies it."""
    small = small_village(load_village(), range(40, 44))
    monkeypatch.setattr(story, "load_village", lambda: small)
    ledgers = set()
    for _ in range(2):
        said = shell.tally("demo", "--json", "--folder", str(tmp_path / "demo"))
        assert (0, "") == (said.code, said.err)
        outcome = json.loads(said.out)
        assert all(outcome[name] for name in ("conserved", "audited", "verified"))
        program, *arguments = outcome["verify"].split(" ")
        verified = shell.tally(*arguments, "--json")
        assert ("tally", 0, True) == (program, verified.code, verified.json["verified"])
        ledgers.add(verified.json["ledger"])
    assert 2 == len(ledgers)
