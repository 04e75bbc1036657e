"""From a list of members to minutes, on the command line alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from tallystick.base.identifiers import Hash, RecordId, format_public_key, format_record_id
from tallystick.base.plain import from_plain
from tallystick.contracts.ballot.model import Roll, RollEntry, voter_of
from tallystick.contracts.ballot.roll import is_in
from tests.cli.clock import Clock
from tests.cli.shell import Shell

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
MEMBERS, TERMS = EXAMPLES / "members.csv", EXAMPLES / "ballot-terms.json"
ANNA, BEN, CLARA = "person/0", "person/1", "person/2"
IDENTITY = format_record_id(RecordId(b"\x07" * 32))


@pytest.fixture
def meeting(clock: Clock, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Make a ledger at that time, and a shell that knows it."""
    assert clock.time
    shell = Shell(tmp_path / "ledger", capsys)
    assert 0 == shell.tally("init", str(shell.ledger), "--name", "choir").code
    return shell


def line(shell: Shell, voter: str) -> list[str]:
    """Return the options that a voter's line stands for, as a shell splits them."""
    said = shell.tally("ballot", "line", str(MEMBERS), "--voter", voter, *shell.place)
    assert (0, "") == (said.code, said.err)
    return said.out.split()


def test_a_whole_meeting(meeting: Shell, clock: Clock, tmp_path: Path) -> None:
    """Called, opened, voted on by members and by a delegate, closed, and signed."""
    admin, roll = ("--sign", "ballot-administrator"), str(tmp_path / "roll.json")
    called = meeting.on_ledger("ballot", "call", "--terms", f"@{TERMS}", *admin).json
    vote = ("--ballot", called["events"][0]["ballot"])
    delegating = ("--voter", CLARA, "--delegate", ANNA, "--sign", CLARA, "--sign", ANNA)
    meeting.on_ledger("ballot", "delegate", *vote, *delegating)
    clock.set("2040-03-01T18:00:00Z")
    meeting.on_ledger("ballot", "roll", str(MEMBERS), "--terms", f"@{TERMS}", "-o", roll)
    meeting.on_ledger("ballot", "open", *vote, "--roll", f"@{roll}", *admin)
    for voter, choice, more in (
        (ANNA, "0:0:40", ("--sign", ANNA)),
        (BEN, "0:1:25", ("--sign", BEN)),
        (CLARA, "0:0:20", ("--delegate", ANNA, "--sign", ANNA)),
    ):
        mine = line(meeting, voter)
        meeting.on_ledger("ballot", "vote", *vote, *mine, "--choice", choice, *more)
    clock.set("2040-03-01T20:00:00Z")
    meeting.on_ledger("ballot", "close", *vote, "--sign", ANNA)
    meeting.on_ledger("ballot", "sign-minutes", *vote, *admin)
    minutes = meeting.on_ledger("ballot", "show-minutes", *vote).json
    assert 0 == minutes["results"][0]["chosen"]
    assert minutes["signed_at"]


def test_lines_prove_that_they_are_in_the_roll(shell: Shell, tmp_path: Path) -> None:
    """Root, sums and paths belong together, and the file holds what `open` takes."""
    file = tmp_path / "roll.json"
    rolling = ("ballot", "roll", str(MEMBERS), "--terms", f"@{TERMS}", "-o", str(file))
    found = shell.on_ledger(*rolling).json
    roll = from_plain(found["roll"], Roll)
    assert found["roll"] == json.loads(file.read_text(encoding="utf-8"))
    assert (4, 100, 85) == (roll.entries, roll.weight, roll.available)
    for each in found["lines"]:
        entry = from_plain(each["entry"], RollEntry)
        path = tuple(Hash(bytes.fromhex(step)) for step in each["path"])
        assert is_in(roll, entry, each["index"], path)
    (alone,) = (each for each in found["lines"] if each["index"] == 1)
    asked = ("ballot", "line", str(MEMBERS), "--voter", BEN)
    assert alone == shell.on_ledger(*asked).json


def lines_of(shell: Shell, file: Path) -> list[Any]:
    """Return the lines of a list."""
    rolling = ("ballot", "roll", str(file), "--terms", f"@{TERMS}")
    return [each["entry"] for each in shell.on_ledger(*rolling).json["lines"]]


def test_a_list_is_csv_or_json(shell: Shell, tmp_path: Path) -> None:
    """What is left out is the same in both: no class, alone, not there, not excluded."""
    table, objects = tmp_path / "a.csv", tmp_path / "a.json"
    table.write_text(f"weight,voter,excluded\n5,employee,0\n7,{IDENTITY},\n", encoding="utf-8")
    lines = [
        {"voter": "employee", "weight": 5, "excluded": [0]},
        {"voter": IDENTITY, "weight": 7},
    ]
    objects.write_text(json.dumps(lines), encoding="utf-8")
    found = lines_of(shell, table)
    assert found == lines_of(shell, objects)
    mark = format_public_key(voter_of(RecordId(b"\x07" * 32)))
    assert [shell.key("employee"), mark] == [each["voter"] for each in found]
    usual = {"voter_class": "", "for_others": False, "available": False, "excluded": []}
    assert {"voter": mark, "weight": 7, **usual} == found[1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("voter,weight\nanna,1\n", "line 2: 'anna' names no key"),
        ("voter,weight\nemployee,much\n", "line 2, weight: "),
        ("voter,weight\nemployee,0\n", "line 2, weight: at least 1, found 0"),
        ("voter,weight,size\nemployee,1,2\n", "line 2: unknown field 'size'"),
        ("voter,weight,available\nemployee,1,maybe\n", "line 2, available: "),
        ("voter,weight\nemployee,1,2\n", "more cells than there are headings"),
        ("voter,weight\nemployee,1\n\nemployee,2\n", "stands in line 2 already"),
        ("voter,weight,weight\nemployee,1,2\n", "a heading stands there twice"),
        ("voter,weight\nemployee,\uff14\n", "line 2, weight: "),
        (f"voter,weight\nemployee,{'9' * 5000}\n", "line 2, weight: "),
        (f"voter,weight\nemployee,{2**53 - 1}\nregistrar,1\n", "the sum of weight: at most"),
        ("voter,weight,excluded\nemployee,1,7\n", "there are 1 questions, counted from 0"),
        ("", "it names nobody"),
        ("[1]", "line 0: expected an object with voter, weight"),
        ("[{", "neither CSV nor a JSON list"),
        ('[{"weight": 1}]', "line 0, voter: missing"),
        (
            '[{"weight": 1, "weight": 2}]',
            "'weight' stands there twice",
        ),
    ],
)
def test_what_is_wrong_with_a_list_is_said(
    text: str, says: str, shell: Shell, tmp_path: Path
) -> None:
    """With its line and its field."""
    file = tmp_path / "list"
    file.write_text(text, encoding="utf-8")
    said = shell.refused("ballot", "roll", str(file), "--terms", f"@{TERMS}")
    assert 2 == said.code
    assert says in said.err


def test_who_is_in_no_list_is_told(shell: Shell, tmp_path: Path) -> None:
    """And so is who names no list."""
    asking = ("ballot", "line", str(MEMBERS), "--voter")
    assert "has no line in" in shell.refused(*asking, "employee").err
    assert "of class A has no line" in shell.refused(*asking, BEN, "--voter-class", "A").err
    none = str(tmp_path / "none")
    assert 3 == shell.refused("ballot", "line", none, "--voter", BEN).code
