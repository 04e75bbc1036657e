"""The README of governance leaves nothing out."""

from importlib import resources

from tallystick.contracts import governance
from tallystick.testing.readme import undocumented


def test_readme_is_complete() -> None:
    """Every record, command, rejection, event, view and invariant is documented."""
    text = resources.files(governance).joinpath("README.md").read_text(encoding="utf-8")
    assert undocumented(governance.CONTRACT, text) == []
