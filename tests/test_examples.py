"""The examples are run, each as its docstring says, and print what one learns from them."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import tallystick
from tallystick.base.identifiers import format_public_key
from tallystick.base.plain import field_hints, from_plain, to_plain
from tallystick.contracts.allowance.terms import Terms
from tallystick.contracts.ballot.model import Terms as BallotTerms
from tallystick.contracts.market.terms import MarketRules
from tallystick.testing.keys import key

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
LINES_MAX = 170

PRINTED = {
    "buy_a_benefit.py": "Anna owns the massage, and has 60 tokens left",
    "claim_one_hour.py": "1500 Wh of 1500 Wh made, technology T010000,",
    "follow_events.py": "2025-06-21T12:15:00Z production 252 Wh certified 252 Wh",
    "change_together.py": "the car is Ben's, the plate is Ben's",
    "trade_tokens.py": "Anna has 250 cents and 0 tokens",
    "recover_wallet.py": "found 3 measurements among 96 quarter hours",
}


def test_every_example_is_run() -> None:
    """None is forgotten."""
    assert sorted(PRINTED) == sorted(path.name for path in EXAMPLES.glob("*.py"))


@pytest.mark.parametrize("name", PRINTED)
def test_an_example_runs(name: str, tmp_path: Path) -> None:
    """It runs anywhere, without a warning, and leaves nothing behind where it was started."""
    here = tmp_path / "here"
    here.mkdir()
    done = subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLES / name)],
        cwd=here,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(tallystick.__file__).parent.parent),
            "XDG_CONFIG_HOME": str(tmp_path / "configuration"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("", 0) == (done.stderr, done.returncode)
    assert PRINTED[name] in done.stdout.splitlines()
    assert [] == list(here.iterdir())


@pytest.mark.parametrize("name", PRINTED)
def test_an_example_is_short_and_says_how_to_run_it(name: str) -> None:
    """It fits on a few screens, and its docstring ends with the command."""
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    assert len(text.splitlines()) < LINES_MAX
    docstring = ast.get_docstring(ast.parse(text)) or ""
    assert f"python examples/{name}" == docstring.splitlines()[-1].strip()


FILLED_IN = {
    "MONEY": "id_" + "07" * 32,
    "market-operator": format_public_key(key(1)),
    "grid-operator": format_public_key(key(2)),
}
SAMPLES = {
    "ballot-terms.json": BallotTerms,
    "energy-market-rules.json": MarketRules,
    "market-rules.json": MarketRules,
    "programme-terms.json": Terms,
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_file_is_what_its_option_wants(name: str) -> None:
    """Every field is there, by its name, and within its bounds; nothing is left to a default."""
    text = (EXAMPLES / name).read_text(encoding="utf-8")
    for placeholder, value in FILLED_IN.items():
        text = text.replace(f'"{placeholder}"', f'"{value}"')
    record = from_plain(json.loads(text), SAMPLES[name])
    assert list(json.loads(text)) == list(to_plain(record))
    assert list(field_hints(SAMPLES[name])) == list(to_plain(record))


def test_every_sample_file_is_tested() -> None:
    """None is forgotten."""
    assert sorted(SAMPLES) == sorted(path.name for path in EXAMPLES.glob("*.json"))
