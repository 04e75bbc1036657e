"""Print every breach of the house rules and fail if there is one."""

import sys
from pathlib import Path

from .tree import problems

ROOT = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    """Check this tree."""
    found = problems(ROOT)
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
