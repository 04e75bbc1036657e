"""The README of ballot leaves nothing out."""

from importlib import resources

from tallystick.contracts import ballot
from tallystick.testing.readme import undocumented


def test_readme_is_complete() -> None:
    """Every record, command, rejection, event, view and invariant is documented."""
    text = resources.files(ballot).joinpath("README.md").read_text(encoding="utf-8")
    assert undocumented(ballot.CONTRACT, text) == []
