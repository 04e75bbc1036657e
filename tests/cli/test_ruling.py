"""A parameter is changed by a vote, on the command line alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from tallystick.base.plain import to_plain
from tallystick.contracts.governance.model import GovernanceParameters
from tests.cli.clock import Clock
from tests.cli.shell import Shell

TERMS = Path(__file__).resolve().parents[2] / "examples" / "ballot-terms.json"
ADMIN = ("--sign", "ballot-administrator")
REGISTRAR = ("--sign", "registrar")


@pytest.fixture
def ruled(clock: Clock, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Make a ledger on which a decision holds from the next block but one."""
    assert clock.time
    shell = Shell(tmp_path / "ledger", capsys)
    assert 0 == shell.tally("init", str(shell.ledger), "--notice-blocks", "1").code
    return shell


def test_a_parameter_is_changed_by_a_vote(ruled: Shell, clock: Clock, tmp_path: Path) -> None:
    """From what rules, by the hash that the ballot names, to what rules from a height on."""
    parameters = ("governance", "show-parameters", "exchange")
    before = ruled.on_ledger(*parameters).json
    assert 0 == before["since_height"]
    wanted = {**before["parameters"], "horizon_max": 86_400_000}
    change = {"kind": "governance.set-parameters", "contract": "exchange", "parameters": wanted}
    resolution = write(
        tmp_path / "resolution",
        {"title": "Shorter", "height": 9, "expiry": "2040-04-01T00:00:00Z", "changes": [change]},
    )
    hashed = ruled.on_ledger("governance", "hash", "--resolution", resolution).json["document"]
    terms = json.loads(TERMS.read_text(encoding="utf-8"))
    terms["questions"][0]["document"] = hashed
    asked = write(tmp_path / "terms", {**terms, "body": GovernanceParameters().body})
    called = ruled.on_ledger("ballot", "call", "--terms", asked, *ADMIN).json
    vote = ("--ballot", called["events"][0]["ballot"])
    proposing = ("--resolution", resolution, *vote, "--question", "0", *ADMIN)
    proposed = ruled.on_ledger("governance", "propose", *proposing).json["events"][0]["proposal"]
    clock.set("2040-03-01T18:00:00Z")
    members = tmp_path / "members.csv"
    members.write_text("voter,weight,available\nemployee,1,yes\n", encoding="utf-8")
    rolling = ("ballot", "roll", str(members), "--terms", asked, "-o", str(tmp_path / "roll"))
    (line,) = ruled.on_ledger(*rolling).json["lines"]
    ruled.on_ledger("ballot", "open", *vote, "--roll", f"@{tmp_path / 'roll'}", *ADMIN)
    mine = ("--entry", json.dumps(line["entry"]), "--index", "0", "--choice", "0:0:1")
    ruled.on_ledger("ballot", "vote", *vote, *mine, "--sign", "employee")
    clock.set("2040-03-01T20:00:00Z")
    ruled.on_ledger("ballot", "close", *vote, *ADMIN)
    ruled.on_ledger("governance", "enact", "--proposal", proposed, *ADMIN)
    planned = ruled.on_ledger(*parameters).json
    assert before["parameters"] == planned["parameters"]
    assert [{"from_height": 9, "parameters": wanted}] == planned["planned"]
    while ruled.on_ledger("status").json["height"] < 8:
        ruled.on_ledger("identity", "enrol", "--key", next_key(ruled), "--scope", "*", *REGISTRAR)
    after = ruled.on_ledger(*parameters).json
    assert (wanted, 9, []) == (after["parameters"], after["since_height"], after["planned"])


def next_key(shell: Shell) -> str:
    """Return a key that nobody knows yet."""
    return str(shell.on_ledger("keys", "new").json["key"])


def write(path: Path, plain: Any) -> str:
    """Write a file, and return how an option names it."""
    path.write_text(json.dumps(plain), encoding="utf-8")
    return f"@{path}"


def test_parameters_of_genesis_are_shown(shell: Shell) -> None:
    """By their names; nobody has planned others."""
    shown = shell.on_ledger("governance", "show-parameters", "governance").json
    assert to_plain(GovernanceParameters()) == shown["parameters"]
    assert [] == shown["planned"]


def test_what_is_none_is_said(shell: Shell) -> None:
    """A contract that is none, and a resolution that is none."""
    said = shell.refused("governance", "show-parameters", "chess")
    assert (2, True) == (said.code, "there is none that is called 'chess'" in said.err)
    change = {"kind": "governance.set-parameters", "contract": "exchange", "parameters": {}}
    plain = {"title": "x", "height": 9, "expiry": "2040-04-01T00:00:00Z", "changes": [change]}
    said = shell.refused("governance", "hash", "--resolution", json.dumps(plain))
    field = "--resolution.changes[0].parameters.horizon_max: missing; all are set at once"
    assert (2, True) == (said.code, field in said.err)
