"""Hold the tree to the house rules that no common tool knows; `python -m tools.tidy` runs it."""

from .tree import problems

__all__ = ["problems"]
