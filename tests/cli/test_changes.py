"""A joint change is put in order, and gets a deadline and a salt."""

import json
from pathlib import Path

import pytest

from tallystick.base.plain import from_plain
from tallystick.contracts.exchange.model import Change, change_id
from tests.cli.shell import Shell

ONE, OTHER = "id_" + "07" * 32, "id_" + "08" * 32
AWAY = "ledger_" + "ff" * 32
PARTS = (f"{AWAY}:title:{ONE}:publisher:0:director", f"{AWAY}:asset:{OTHER}:employee:5:employee")


def test_parts_stand_in_their_order(shell: Shell, tmp_path: Path) -> None:
    """The file is a change that decodes; its id and numbers are said; keys went by name."""
    file = tmp_path / "change"
    options = [each for part in PARTS for each in ("--part", part)]
    made = shell.on_ledger("plan-change", *options, "--minutes", "5", "-o", str(file)).json
    change = from_plain(json.loads(file.read_text(encoding="utf-8")), Change)
    assert ["asset", "title"] == [part.contract for part in change.parts]
    assert [0, 1] == [part["part"] for part in made["parts"]]
    assert "lock_" + change_id(change).hex() == made["change"]
    assert shell.on_ledger("status").json["ledger"] == "ledger_" + change.deciding.hex()
    assert shell.key("employee") == "key_" + change.parts[0].target.hex()


def test_no_two_changes_are_one(shell: Shell, tmp_path: Path) -> None:
    """The same parts under another salt; another ledger may decide."""
    planning = ("plan-change", "--part", PARTS[0], "--deciding", AWAY, "-o")
    files = (str(tmp_path / "c"), str(tmp_path / "d"))
    one, other = (shell.on_ledger(*planning, file).json["change"] for file in files)
    assert one != other
    assert AWAY == json.loads((tmp_path / "c").read_text(encoding="utf-8"))["deciding"]


def test_a_quote_says_its_parts(shell: Shell, tmp_path: Path) -> None:
    """What `benefit quote --json` prints is taken as it is."""
    file = tmp_path / "change"
    shell.on_ledger("plan-change", "--part", PARTS[0], "-o", str(file))
    parts = json.loads(file.read_text(encoding="utf-8"))["parts"]
    quote = tmp_path / "quote"
    quote.write_text(json.dumps({"price": 7, "parts": parts}), encoding="utf-8")
    again = shell.on_ledger("plan-change", "--quote", f"@{quote}", "-o", f"{file}-2").json
    assert parts == [{k: v for k, v in each.items() if k != "part"} for each in again["parts"]]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "--part: something has to change, and it names no part"),
        (("--part", PARTS[0], "--quote", "{}"), "--part and --quote: give one of them"),
        (("--part", "a:b"), "--part[0]: expected ledger:contract:holding:owner:amount:target"),
        (("--quote", "{}"), "--quote: something has to change, and it names no part"),
        (("--quote", '{"parts": [{}]}'), "--quote.parts[0].ledger: missing"),
        (("--part", PARTS[0], "--deciding", "x"), "--deciding: "),
        (("--part", PARTS[0], "--part", PARTS[0]), f"--part: {ONE} of title on {AWAY} stands "),
    ],
)
def test_what_is_no_change_is_said(
    options: tuple[str, ...], says: str, shell: Shell, tmp_path: Path
) -> None:
    """And no file is written."""
    file = tmp_path / "change"
    said = shell.refused("plan-change", *options, "-o", str(file))
    assert 2 == said.code
    assert said.err.startswith(f"tally: {says}")
    assert not file.exists()


def test_parts_of_this_ledger_are_kept_by_a_contract_of_its_own(
    shell: Shell, tmp_path: Path
) -> None:
    """What contracts another ledger has is not known here."""
    here = shell.on_ledger("status").json["ledger"]
    part = f"{here}:titles:{ONE}:publisher:0:director"
    said = shell.refused("plan-change", "--part", part, "-o", str(tmp_path / "change"))
    assert said.err.startswith("tally: --part: this ledger has no contract 'titles'; it has allow")
    shell.on_ledger("plan-change", "--part", part.replace(here, AWAY), "-o", str(tmp_path / "c"))
