"""How long to leave something alone that was refused: each time twice as long."""

from typing import Final

STEPS_MAX: Final = 256


class Pause:
    """
    Counts steps, of whatever length, until something is tried again.

    What is refused now may be accepted later, because clocks differ and others act too; but each
    refusal stands in a block for ever, so nobody should ask again at every step.
    """

    def __init__(self) -> None:
        self._length = 0
        self._left = 0

    def lengthen(self) -> None:
        """Begin a pause twice as long as the one before."""
        self._length = min(2 * self._length + 1, STEPS_MAX)
        self._left = self._length

    def end(self) -> None:
        """Begin anew: something was accepted."""
        self._length = self._left = 0

    def is_over(self) -> bool:
        """Let a step pass, and tell whether it is time to try."""
        if self._left:
            self._left -= 1
            return False
        return True
