"""
A note that the process may end now: how a file is found out that kills whoever reads it.

LMDB has no checksums, so a damaged page may end the process instead of raising. Whoever begins to
rely on its file notes a doubt, and clears it when all went well. If that never happened, often
enough in a row, it is no chance, and the file is not tried again.
"""

from pathlib import Path
from typing import Final

from .errors import StateDamaged

DOUBTS_MAX: Final = 2
"""How often in a row a process may end before the file is taken for damaged."""


class Doubts:
    """How often in a row a process ended while it relied on the files in a folder."""

    def __init__(self, folder: Path) -> None:
        """Count them, or raise `StateDamaged` if there are too many."""
        self._path = folder / "doubts"
        self._count = 0
        if self._path.exists():
            self._count = self._path.stat().st_size
        if self._count >= DOUBTS_MAX:
            raise StateDamaged(
                f"the state in {folder} could not be read or written {self._count} times in a row"
            )

    def note(self) -> None:
        """Say that the process may end now."""
        self._path.write_bytes(b"!" * (self._count + 1))

    def clear(self) -> None:
        """Say that all went well: the count begins anew."""
        self._count = 0
        self.withdraw()

    def withdraw(self) -> None:
        """Say that nothing is relied on any more, without having learnt anything."""
        self._path.unlink(missing_ok=True)

    def condemn(self) -> None:
        """Say that the files are damaged."""
        self._path.write_bytes(b"!" * DOUBTS_MAX)
