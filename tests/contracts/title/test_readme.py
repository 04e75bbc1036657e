"""The README of title leaves nothing out."""

from importlib import resources

from tallystick.contracts import title
from tallystick.testing.readme import undocumented


def test_readme_is_complete() -> None:
    """Every record, command, rejection, event, view and invariant is documented."""
    text = resources.files(title).joinpath("README.md").read_text(encoding="utf-8")
    assert undocumented(title.CONTRACT, text) == []
