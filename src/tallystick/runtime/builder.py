"""From waiting transactions to durable blocks: the one thread that changes the state."""

import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from tallystick.config import Configuration
from tallystick.core import transition
from tallystick.core.block import Block
from tallystick.core.candidate import Candidate
from tallystick.core.check import Checked, understand
from tallystick.core.errors import BugInRule, InvariantBroken, Refused, Unavailable
from tallystick.core.state import State
from tallystick.store.collection import collection_paused

from .verifier import Answer, VerifierProcess, verify_here
from .waiting import Ticket, Waiter, WaitingRoom

BATCHES_AHEAD_MIN = 3
FULL_MEMORY_PAUSE_SECONDS = 0.05


class Journal(Protocol):
    """Where a block becomes durable."""

    def append(self, block: Block) -> None:
        """Write and sync a block, or raise and never work again."""


class SetAside(Protocol):
    """Where a transaction goes that met a bug of ours."""

    def __call__(self, raw: bytes, error: Exception) -> None:
        """Keep its bytes and the trace for us to read."""


Guard = AbstractContextManager[object]
"""A lock that readers share with the commit."""

Accepted = tuple[Checked, Ticket, int]
"""A transaction that ran in the candidate, and where its answer goes."""


class Builder:
    """Takes waiters, checks them, executes them and makes them durable, a block at a time."""

    def __init__(
        self,
        state: State,
        journal: Journal,
        room: WaitingRoom,
        *,
        clock: Callable[[], int],
        configuration: Configuration,
        set_aside: SetAside,
        committing: Guard,
    ) -> None:
        self._state = state
        self._journal = journal
        self._room = room
        self._clock = clock
        self._configuration = configuration
        self._set_aside = set_aside
        self._committing = committing
        self._verifiers: list[VerifierProcess] = []
        self._ahead: deque[tuple[list[Waiter], VerifierProcess | None]] = deque()
        self._turn = 0
        # While a block is sealed and synced, the verifiers go on with the next one's transactions.
        a_block = configuration.block_transactions_max // configuration.batch_transactions
        self._batches_ahead_max = max(BATCHES_AHEAD_MIN, a_block)
        self._open = 0
        self._in_hand: list[Waiter] = []

    def run(self) -> None:
        """Make blocks until the room is closed and empty."""
        try:
            while (batch := self._next_batch(wait=True)) is not None:
                with collection_paused():
                    self._make_block(batch)
        finally:
            for verifier in self._verifiers:
                verifier.close()

    def abandon(self, error: Unavailable) -> None:
        """Answer everybody who still waits, first of all those who were being served."""
        _answer_all(self._in_hand, error)
        while self._ahead:
            _answer_all(self._ahead.popleft()[0], error)
        while waiters := self._room.take(10_000, wait=False, delay_seconds=0):
            _answer_all(waiters, error)

    def _next_batch(self, *, wait: bool) -> list[tuple[Waiter, Answer]] | None:
        """Return the next checked batch, keeping the verifiers busy with those after it."""
        settings = self._configuration
        while len(self._ahead) < self._batches_ahead_max:
            waiters = self._room.take(
                min(settings.batch_transactions, self._places()),
                wait=wait and not self._ahead,
                delay_seconds=settings.block_delay_milliseconds / 1_000,
            )
            if not waiters:
                break
            self._ahead.append((waiters, self._dispatch(waiters)))
        if not self._ahead:
            return None if wait else []
        waiters, verifier = self._ahead[0]
        if self._open and verifier is not None and not verifier.is_ready():
            return []  # Sealing what there is beats waiting for the signatures of more.
        self._ahead.popleft()
        self._in_hand += waiters
        return list(zip(waiters, self._answers(waiters, verifier), strict=True))

    def _places(self) -> int:
        """Wait until ids may be remembered again, and return how many."""
        while True:
            lapsed_before = self._clock() - self._state.genesis.lifetime_max
            ahead = sum(len(waiters) for waiters, _ in self._ahead)
            remembered = self._state.remembered.count(after=lapsed_before)
            places = self._state.genesis.ids_max - remembered - ahead - self._open
            if places > 0 or ahead or self._open:
                return max(places, 0)
            time.sleep(FULL_MEMORY_PAUSE_SECONDS)

    def _dispatch(self, waiters: list[Waiter]) -> VerifierProcess | None:
        """Send a batch to another process when that pays, else leave it to this one."""
        settings = self._configuration
        busy = self._ahead and self._ahead[-1][1] is not None
        if not settings.verifier_processes or not (
            busy or len(waiters) >= settings.verifier_threshold
        ):
            return None
        if len(self._verifiers) < settings.verifier_processes:
            self._verifiers.append(VerifierProcess(self._state.ledger))
        self._turn += 1
        verifier = self._verifiers[self._turn % len(self._verifiers)]
        verifier.send([raw for raw, _, _ in waiters])
        return verifier

    def _answers(self, waiters: list[Waiter], verifier: VerifierProcess | None) -> list[Answer]:
        """Collect a batch's answers; if its process is gone, check the batch here."""
        if verifier is not None and verifier in self._verifiers:
            try:
                return verifier.receive()
            except (EOFError, OSError):
                self._verifiers.remove(verifier)
                verifier.close()
        return verify_here(self._state.ledger, [raw for raw, _, _ in waiters])

    def _make_block(self, batch: list[tuple[Waiter, Answer]]) -> None:
        """Execute checked batches into one block until it is full, old, or nobody waits."""
        settings, began = self._configuration, time.monotonic()
        deadline = began + settings.block_open_milliseconds_max / 1_000
        candidate = self._begin()
        accepted: list[Accepted] = []
        taken_bytes = 0
        while batch:
            candidate = self._execute(candidate, accepted, batch)
            self._open = len(accepted)
            taken_bytes += sum([len(raw) for (raw, _, _), _ in batch])
            full = len(accepted) + settings.batch_transactions > settings.block_transactions_max
            if full or taken_bytes > settings.block_bytes_max or time.monotonic() >= deadline:
                break
            batch = self._next_batch(wait=False) or []
        if accepted:
            self._finish(candidate, accepted)
        self._open = 0
        self._in_hand.clear()
        self._room.report(len(accepted), time.monotonic() - began)

    def _begin(self) -> Candidate:
        """Open a block at the clock's time, or a millisecond after its parent."""
        return transition.begin(self._state, time=max(self._clock(), self._state.time + 1))

    def _execute(
        self, candidate: Candidate, accepted: list[Accepted], batch: list[tuple[Waiter, Answer]]
    ) -> Candidate:
        """Run a batch in the candidate; a transaction that meets a bug costs a fresh candidate."""
        for (raw, ticket, index), answer in batch:
            if isinstance(answer, Refused):
                ticket.deliver(index, answer)
                continue
            try:
                transaction = understand(raw, answer, candidate.rulebook)
                transition.admit(candidate, transaction)
                transition.run(candidate, transaction)
            except Refused as refused:
                ticket.deliver(index, refused)
            except Exception as error:  # noqa: BLE001 - any bug of a rule, whatever it raises.
                self._report_bug((raw, ticket, index), error)
                candidate = self._again(accepted, time=candidate.time)
            else:
                accepted.append((transaction, ticket, index))
        return candidate

    def _again(self, accepted: list[Accepted], *, time: int) -> Candidate:
        """Execute transactions that ran well before in a fresh candidate of the same time."""
        candidate = transition.begin(self._state, time=time)
        for transaction, _, _ in accepted:
            transition.run(candidate, transaction)
        return candidate

    def _finish(self, candidate: Candidate, accepted: list[Accepted]) -> None:
        """Seal, make durable, commit, and only then give receipts."""
        with self._committing:
            try:
                block = transition.seal(candidate)
            except InvariantBroken:
                candidate, accepted = self._without_the_guilty(accepted, time=candidate.time)
                if not accepted:
                    return
                block = transition.seal(candidate)
            self._journal.append(block)
            transition.commit(candidate)
        for receipt, (_, ticket, index) in zip(candidate.receipts(), accepted, strict=True):
            ticket.deliver(index, receipt)

    def _without_the_guilty(
        self, accepted: list[Accepted], *, time: int
    ) -> tuple[Candidate, list[Accepted]]:
        """Halve the block until each transaction that breaks an invariant is found."""
        innocent: list[Accepted] = []
        suspects = [accepted]
        while suspects:
            group = suspects.pop()
            error = self._broken([*innocent, *group], time=time)
            if error is None:
                innocent += group
            elif len(group) == 1:
                transaction, ticket, index = group[0]
                self._report_bug((transaction.raw, ticket, index), error)
            else:
                middle = len(group) // 2
                suspects += [group[middle:], group[:middle]]
        return self._again(innocent, time=time), innocent

    def _broken(self, accepted: list[Accepted], *, time: int) -> Exception | None:
        """Return what is wrong with a block of these transactions, leaving nothing behind."""
        try:
            candidate = self._again(accepted, time=time)
            transition.seal(candidate)
        except Exception as error:  # noqa: BLE001 - without its predecessors a rule may fail too.
            return error
        transition.discard(candidate)
        return None

    def _report_bug(self, waiter: Waiter, error: Exception) -> None:
        """Set a transaction aside and tell its sender."""
        raw, ticket, index = waiter
        self._set_aside(raw, error)
        ticket.deliver(
            index, BugInRule("the transaction met a bug in Tallystick and was set aside; report it")
        )


def _answer_all(waiters: list[Waiter], error: Unavailable) -> None:
    """Give everybody the same answer."""
    for _, ticket, index in waiters:
        ticket.deliver(index, error)
