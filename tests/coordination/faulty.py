"""A transport on which things go wrong, by a seed."""

import random

from tallystick.base.identifiers import LedgerId
from tallystick.coordination.transport import Transport


class Faulty:
    """
    Loses, doubles and reorders what another transport would carry, by a seed.

    What is held back arrives with a later message to the same adapter.
    """

    def __init__(
        self,
        inner: Transport,
        *,
        seed: int,
        lost: float = 0.2,
        doubled: float = 0.2,
        held_back: float = 0.2,
    ) -> None:
        self._inner = inner
        self._random = random.Random(seed)
        self._lost, self._doubled, self._held_back = lost, doubled, held_back
        self._late: dict[LedgerId, list[bytes]] = {}
        self.faults = 0
        """How often something went wrong."""

    def send(self, target: LedgerId, message: bytes) -> None:
        """Send a message, or not, or twice, or later."""
        if self._random.random() < self._lost:
            self.faults += 1
            return
        if self._random.random() < self._held_back:
            self.faults += 1
            self._late.setdefault(target, []).append(message)
            return
        self._inner.send(target, message)
        if self._random.random() < self._doubled:
            self.faults += 1
            self._inner.send(target, message)

    def receive(self, target: LedgerId) -> list[bytes]:
        """Return what arrived, in any order, with some of what was held back."""
        arrived = self._inner.receive(target) + self._late.pop(target, [])
        self._random.shuffle(arrived)
        return arrived
