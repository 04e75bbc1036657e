"""The waiting room: where submissions stand until a block takes them."""

import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress

from tallystick.core.errors import Later, Unavailable
from tallystick.core.node import Answer


class Ticket:
    """The promise of one answer for each transaction of a submission."""

    __slots__ = ("_answers", "_left", "future")

    def __init__(self, count: int) -> None:
        self.future: Future[list[Answer]] = Future()
        self._answers: list[Answer | None] = [None] * count
        self._left = count
        if not count:
            self.future.set_result([])

    def deliver(self, index: int, answer: Answer) -> None:
        """
        Give the answer to one transaction; the last one fulfils the promise.

        An answer that was given stays, and whoever cancelled the promise wants none.
        """
        if self._answers[index] is not None:
            return
        self._answers[index] = answer
        self._left -= 1
        if not self._left:
            with suppress(InvalidStateError):
                self.future.set_result([each for each in self._answers if each is not None])


Waiter = tuple[bytes, Ticket, int]
"""A transaction's bytes, the ticket that waits for it, and its place in that ticket."""


class WaitingRoom:
    """A bounded queue from many submitting threads to the one that makes blocks."""

    def __init__(self, *, waiting_max: int, waiting_bytes_max: int = 2**28) -> None:
        self._waiting_max = waiting_max
        self._waiting_bytes_max = waiting_bytes_max
        self._bytes = 0
        self._queue: deque[Waiter] = deque()
        self._arrived = threading.Condition()
        self._closed = ""
        self._rate = 1_000.0

    def __len__(self) -> int:
        return len(self._queue)

    def enter(self, batch: Sequence[bytes]) -> Ticket:
        """Take a submission whole, or say `Later` and take nothing of it."""
        ticket = Ticket(len(batch))
        with self._arrived:
            if self._closed:
                raise Unavailable(self._closed)
            size = sum([len(raw) for raw in batch])
            if len(self._queue) + len(batch) > self._waiting_max:
                raise self._later(f"{self._waiting_max} transactions")
            if self._bytes + size > self._waiting_bytes_max:
                raise self._later(f"{self._waiting_bytes_max} bytes")
            self._bytes += size
            self._queue.extend([(raw, ticket, index) for index, raw in enumerate(batch)])
            self._arrived.notify()
        return ticket

    def take(self, count_max: int, *, wait: bool, delay_seconds: float) -> list[Waiter] | None:
        """
        Return the oldest waiters, at most `count_max`; none left and closed gives None.

        With `wait` it sleeps until somebody comes, then `delay_seconds` more, so that those who
        come at the same time share a block.
        """
        with self._arrived:
            if wait:
                while not self._queue:
                    if self._closed:
                        return None
                    self._arrived.wait()
                if delay_seconds and len(self._queue) < count_max and not self._closed:
                    deadline = time.monotonic() + delay_seconds
                    while len(self._queue) < count_max and not self._closed:
                        left = deadline - time.monotonic()
                        if left <= 0 or not self._arrived.wait(left):
                            break
            queue = self._queue
            taken = [queue.popleft() for _ in range(min(count_max, len(queue)))]
            self._bytes -= sum([len(raw) for raw, _, _ in taken])
            return taken

    def report(self, count: int, seconds: float) -> None:
        """Learn how fast blocks are made, so that `Later` can say when."""
        self._rate += 0.2 * (count / max(seconds, 1e-6) - self._rate)

    def close(self, reason: str) -> None:
        """Let nobody in any more; those inside are still served."""
        with self._arrived:
            self._closed = self._closed or reason
            self._arrived.notify_all()

    def _later(self, bound: str) -> Later:
        """Say how long the room needs to make place."""
        milliseconds = max(10, int(1_000 * len(self._queue) / 2 / max(self._rate, 1.0)))
        return Later(
            f"the waiting room is full ({bound}): submit again in {milliseconds} ms",
            retry_after_milliseconds=milliseconds,
        )
