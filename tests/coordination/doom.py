"""A process that ends at a chosen moment: before or after any of its writes and submissions."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from tallystick.base.identifiers import LedgerId
from tallystick.client.ledger import Ledger
from tallystick.coordination.diary import Book
from tallystick.coordination.entries import Entry
from tallystick.core.node import Answer, Node
from tests.coordination.world import World


class Crash(BaseException):
    """The process is gone: nothing may catch this but the test that planned it."""


class Doom:
    """Counts moments, and ends the process at one of them; never, if it is -1."""

    def __init__(self, at: int = -1) -> None:
        self.moments = 0
        self._at = at

    def moment(self) -> None:
        """Let a moment pass."""
        now, self.moments = self.moments, self.moments + 1
        if now == self._at:
            raise Crash


class DoomedNode:
    """A node as seen by a process that may end around each submission."""

    def __init__(self, node: Node, doom: Doom) -> None:
        self._node = node
        self._doom = doom

    def __getattr__(self, name: str) -> Any:
        return getattr(self._node, name)

    def submit_all(self, batch: Sequence[bytes]) -> Future[list[Answer]]:
        """Submit, unless the process ends before; it may also end right after."""
        self._doom.moment()
        promise = self._node.submit_all(batch)
        promise.result()
        self._doom.moment()
        return promise


class DoomedBook:
    """A book as seen by a process that may end around each write."""

    def __init__(self, book: Book, doom: Doom) -> None:
        self._book = book
        self._doom = doom

    @contextmanager
    def exclusive(self) -> Iterator[list[Entry]]:
        """Enter, as ever."""
        with self._book.exclusive() as entries:
            yield entries

    def add(self, entries: Sequence[Entry]) -> None:
        """Write, unless the process ends before; it may also end right after."""
        if entries:
            self._doom.moment()
            self._book.add(entries)
            self._doom.moment()


def doomed_ledgers(place: World, doom: Doom) -> dict[LedgerId, Ledger]:
    """Return a world's ledgers as such a process sees them."""
    seen = {}
    for id, ledger in place.ledgers.items():
        seen[id] = Ledger(DoomedNode(ledger.node, doom), clock=place.clock)
        seen[id].witnesses = ledger.witnesses
    return seen
