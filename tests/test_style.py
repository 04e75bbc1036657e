"""The tree keeps the house rules."""

from pathlib import Path

from tools.tidy import problems

ROOT = Path(__file__).resolve().parent.parent


def test_the_tree_keeps_the_house_rules() -> None:
    """Layers, purity, sizes, names, docstrings, bands, codes and mirrored tests are as agreed."""
    assert [] == problems(ROOT)
