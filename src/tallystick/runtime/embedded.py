"""A ledger in one process: submissions from many threads, one thread that makes blocks."""

import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import Protocol, Self

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.config import Configuration
from tallystick.core.block import Block
from tallystick.core.errors import Refused, TooLarge, Unavailable
from tallystick.core.genesis import Genesis
from tallystick.core.node import Answer, Evidence, Status
from tallystick.core.receipt import Receipt
from tallystick.core.state import State
from tallystick.core.transaction import TRANSACTION_BYTES_MAX

from . import proving
from .builder import Builder
from .waiting import WaitingRoom

CLOSE_SECONDS_MAX = 600.0


class Journal(Protocol):
    """The durable blocks."""

    def append(self, block: Block) -> None:
        """Write and sync a block, or raise and never work again."""

    def read(self, height: int) -> Block:
        """Return one block."""

    def height_at(self, time: int) -> int:
        """Return the height of the block with exactly this time. [ms since the epoch, UTC]"""

    def blocks(self, height: int = 0) -> Iterator[Block]:
        """Yield the blocks from a height on."""

    def close(self) -> None:
        """Close the files."""


class Embedded:
    """The node that runs inside the process that uses it. It keeps `core.node.Node`."""

    def __init__(
        self,
        state: State,
        journal: Journal,
        *,
        clock: Callable[[], int],
        signer: proving.CheckpointSigner,
        set_aside: Callable[[bytes, str], None],
        on_close: Callable[[], None],
        configuration: Configuration,
        notices: tuple[str, ...] = (),
    ) -> None:
        self._notices = notices
        self._state = state
        self._journal = journal
        self._signer = signer
        self._set_aside = set_aside
        self._on_close = on_close
        self._committing = threading.RLock()
        self._closed = False
        self._room = WaitingRoom(
            waiting_max=configuration.waiting_max,
            waiting_bytes_max=configuration.waiting_bytes_max,
        )
        self._builder = Builder(
            state,
            journal,
            self._room,
            clock=clock,
            configuration=configuration,
            set_aside=self._keep_trace,
            committing=self._committing,
        )
        self._thread = threading.Thread(target=self._run, name="tallystick-builder", daemon=True)
        self._thread.start()

    @property
    def genesis(self) -> Genesis:
        """Return what the ledger is."""
        return self._state.genesis

    def submit(self, raw: bytes) -> Future[Receipt]:
        """Take a signed transaction; the future gives its receipt once it is durable."""
        promise: Future[Receipt] = Future()
        self.submit_all([raw]).add_done_callback(lambda done: _settle(promise, done.result()[0]))
        return promise

    def submit_all(self, batch: Sequence[bytes]) -> Future[list[Answer]]:
        """
        Take many signed transactions at once, or none if they do not all fit.

        The future gives one answer for each, in order: a receipt, or what `submit` would raise.
        They are executed in this order, though not necessarily in one block.
        """
        for raw in batch:
            if not isinstance(raw, bytes):
                raise TypeError(f"a transaction is bytes, not {type(raw).__name__}")
            if len(raw) > TRANSACTION_BYTES_MAX:
                raise TooLarge(
                    f"transaction: {len(raw)} bytes, at most {TRANSACTION_BYTES_MAX} are taken"
                )
        return self._room.enter(batch).future

    def read(self, question: Record) -> object:
        """Answer a contract's view from the latest durable block."""
        with self._committing:
            rulebook = self._state.rulebook(self._state.height + 1)
            view = rulebook.views.get(type(question))
            if view is None:
                raise LookupError(f"no contract in force answers {type(question).__name__}")
            return view(self._state, question)

    def prove(
        self,
        ids: tuple[RecordId, ...],
        places: tuple[tuple[int, int], ...] = (),
        since: tuple[int, ...] = (),
    ) -> Evidence:
        """Prove records, transactions and growth at one checkpoint; it is signed once a block."""
        with self._committing:
            return proving.prove(self._state, self._journal.read, self._signer, ids, places, since)

    def checkpoint(self) -> bytes:
        """Sign the log as it is now."""
        with self._committing:
            return self._signer.sign(self._state)

    def block(self, height: int) -> Block:
        """Return a durable block."""
        return self._journal.read(height)

    def block_at(self, time: int) -> Block:
        """Return the durable block with exactly this time."""
        return self._journal.read(self._journal.height_at(time))

    def follow(self, height: int = 0) -> Iterator[Block]:
        """Yield every durable block from a height up to the latest, and return."""
        last = self._state.height
        for block in self._journal.blocks(height):
            if block.header.height > last:
                return
            yield block

    def status(self) -> Status:
        """Say where the node stands."""
        with self._committing:
            state = self._state
            return Status(
                ledger=state.ledger,
                name=state.genesis.name,
                height=state.height,
                time=state.time,
                state_root=state.tree.root,
                records=state.tree.count,
                log_size=state.log.size,
                waiting=len(self._room),
                checkpoint_key=self._signer.verifier_key,
                notices=self._notices,
            )

    def close(self) -> None:
        """Finish what was accepted, then stop."""
        if self._closed:
            return
        self._closed = True
        self._room.close("the ledger is closed: open it again")
        self._thread.join(CLOSE_SECONDS_MAX)
        self._journal.close()
        self._on_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _run(self) -> None:
        """Make blocks; whatever stops that stops the node, and everybody who waits is told."""
        try:
            self._builder.run()
        except BaseException as error:  # noqa: BLE001 - whatever it is, nobody may wait for ever.
            reason = f"the ledger has stopped: {error}; fix the cause and open it again"
            self._room.close(reason)
            self._builder.abandon(Unavailable(reason))
            if not isinstance(error, Unavailable):
                self._set_aside(b"", traceback.format_exc())

    def _keep_trace(self, raw: bytes, error: Exception) -> None:
        """Set a transaction aside with the trace of the bug it met."""
        self._set_aside(raw, "".join(traceback.format_exception(error)))


def _settle(promise: Future[Receipt], answer: Answer) -> None:
    """Turn an answer into a future's result or exception."""
    with suppress(InvalidStateError):  # Whoever cancelled the promise wants no answer.
        if isinstance(answer, Refused | Unavailable):
            promise.set_exception(answer)
        else:
            promise.set_result(answer)
