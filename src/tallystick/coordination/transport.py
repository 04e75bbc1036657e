"""
How messages get from one ledger's adapter to another's.

Nothing is promised: a message may be lost, come twice, or overtake another, and anybody may have
written it. So adapters ask again for what they wait for, do everything at most once however often
they are told, and hold what they get against what their own ledger would believe. A message bus is
another implementation of this port; the one here hands bytes over within a process.
"""

import threading
from collections import deque
from typing import Final, Protocol

from tallystick.base.identifiers import LedgerId

MESSAGE_BYTES_MAX: Final = 1_048_576
WAITING_MAX: Final = 100_000


class Transport(Protocol):
    """Carries messages between ledgers' adapters, as well as it can."""

    def send(self, target: LedgerId, message: bytes) -> None:
        """Send a message to a ledger's adapter, and do not wait."""

    def receive(self, target: LedgerId) -> list[bytes]:
        """Return what has arrived for a ledger's adapter, and forget it."""


class InProcess:
    """Carries every message once and in order; the oldest go when too many wait."""

    def __init__(self, *, waiting_max: int = WAITING_MAX) -> None:
        self._boxes: dict[LedgerId, deque[bytes]] = {}
        self._waiting_max = waiting_max
        self._lock = threading.Lock()

    def send(self, target: LedgerId, message: bytes) -> None:
        """Put a message into a box; one that is too large is lost."""
        if len(message) > MESSAGE_BYTES_MAX:
            return
        with self._lock:
            self._boxes.setdefault(target, deque(maxlen=self._waiting_max)).append(message)

    def receive(self, target: LedgerId) -> list[bytes]:
        """Empty a box."""
        with self._lock:
            box = self._boxes.pop(target, None)
        return [] if box is None else list(box)
