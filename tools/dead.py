"""
Report code that nothing uses, with vulture.

vulture takes the field of a record for a variable nobody reads, while it is read by whoever
decodes the record. Raising its confidence threshold would silence that, and unused functions and
classes with it. So this leaves out the one kind and keeps the rest at full strength.
"""

import sys
import tomllib
from pathlib import Path

from vulture import Vulture  # type: ignore[import-untyped]  # It has no types to offer.

ROOT = Path(__file__).resolve().parent.parent
FIELDS = {"attribute", "variable"}


def unused(root: Path, settings: dict[str, list[str]], *, confidence_min: int) -> list[str]:
    """Return a line for each unused definition below the folders that the settings name."""
    vulture = Vulture(
        ignore_names=settings.get("ignore_names", []),
        ignore_decorators=settings.get("ignore_decorators", []),
    )
    vulture.scavenge([root / path for path in settings["paths"] if (root / path).exists()])
    return [
        item.get_report()
        for item in vulture.get_unused_code(min_confidence=confidence_min)
        if item.typ not in FIELDS
    ]


def main() -> int:
    """Print what is unused and fail if there is any."""
    tables = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    settings = tables["tool"]["vulture"]
    found = unused(ROOT, settings, confidence_min=settings["min_confidence"])
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
