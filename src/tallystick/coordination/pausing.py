"""How long to leave something alone that was refused: each time twice as long, never too long."""

from typing import Final

STEPS_MAX: Final = 256


class Pause:
    """
    Counts steps, of whatever length, until something is tried again.

    What is refused now may be accepted later, because clocks differ and others act too; but each
    refusal stands in a block for ever, so nobody should ask again at every step. What has a
    deadline is tried again by half of the time that is left: always in time, and seldom. Who was
    only too busy has refused nothing, and is asked again at once.
    """

    def __init__(self) -> None:
        self._length = 0
        self._left = 0
        self._latest: int | None = None

    def lengthen(self, *, now: int = 0, until: int = 0) -> None:
        """Begin a pause twice as long as the one before; not all of the time until a deadline."""
        self._length = min(2 * self._length + 1, STEPS_MAX)
        self._left = self._length
        self._latest = now + (until - now) // 2 if until > now else None

    def end(self) -> None:
        """Begin anew: something was accepted."""
        self._length = self._left = 0

    def is_over(self, now: int = 0) -> bool:
        """Let a step pass, and tell whether it is time to try. [ms since the epoch, UTC]"""
        if self._latest is not None and now >= self._latest:
            self._left = 0
        if self._left:
            self._left -= 1
            return False
        return True
