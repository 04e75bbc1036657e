"""The configuration is checked where it is read, and the release knows its own version."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tallystick.config import VERSION, Configuration

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def test_the_version_is_that_of_the_package() -> None:
    """What `tally --version` says is what is installed."""
    assert tomllib.loads(PROJECT.read_text())["project"]["version"] == VERSION


def test_the_usual_configuration_is_valid() -> None:
    """Nothing needs to be given, and what is usual is within its own bounds."""
    usual = Configuration()
    assert usual == msgspec.convert({}, Configuration)
    assert usual == msgspec.convert(msgspec.to_builtins(usual), Configuration)
    assert usual.batch_transactions <= usual.block_transactions_max <= usual.waiting_max


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"state": "paper"}, "state"),
        ({"block_transactions_max": 0}, "block_transactions_max"),
        ({"block_transactions_max": 65_537}, "block_transactions_max"),
        ({"block_bytes_max": 2**28 + 1}, "block_bytes_max"),
        ({"block_delay_milliseconds": -1}, "block_delay_milliseconds"),
        ({"waiting_max": 0}, "waiting_max"),
        ({"verifier_processes": 65}, "verifier_processes"),
        ({"verifier_processes": "two"}, "verifier_processes"),
        ({"verifier_proceses": 2}, "verifier_proceses"),
    ],
)
def test_a_bad_setting_is_named(given: dict[str, Any], field: str) -> None:
    """Also one that nobody knows, such as a misspelt one."""
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert(given, Configuration)


def test_a_configuration_does_not_change() -> None:
    """It is read once and handed inwards."""
    with pytest.raises(AttributeError):
        Configuration().state = "memory"  # type: ignore[misc]
