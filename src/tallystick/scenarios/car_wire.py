"""
A ledger in another process, as a node: questions go through a socket, answers come back.

Whoever is killed in the middle of a question leaves a broken connection and nothing else. A fuse
lets a test of exactly that happen: it kills its own process before or after a question is sent.
"""

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from multiprocessing.connection import Client, Connection
from typing import Any

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, RecordId
from tallystick.client.foreign import CannotCosign, SizeDiffers
from tallystick.client.ledger import Ledger
from tallystick.contracts.exchange import errors as exchange_errors
from tallystick.contracts.identity import errors as identity_errors
from tallystick.contracts.title import errors as title_errors
from tallystick.core.block import Block
from tallystick.core.errors import Later, Refused, Rejected, Unavailable
from tallystick.core.genesis import Genesis
from tallystick.core.node import Answer, Evidence, Status
from tallystick.core.receipt import Receipt

REJECTIONS: dict[tuple[str, int], type[Rejected]] = {
    (kind.contract, kind.code): kind
    for kinds in (
        exchange_errors.REJECTIONS,
        identity_errors.REJECTIONS,
        title_errors.REJECTIONS,
    )
    for kind in kinds
}
"""What a question may be refused for, by contract and code."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An exception in a form that goes through a socket."""

    kind: str
    """What went wrong: `rejected`, `refused`, `later`, `size-differs`, `cannot-cosign`, …"""
    message: str
    """The same for people."""
    contract: str = ""
    """Who rejected it."""
    number: int = 0
    """A rejection's code, a size in entries, or for how long to wait. [ms]"""


@dataclass
class Fuse:
    """Kills its own process after so many sparks; without a number, never."""

    sparks: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def burn(self) -> None:
        """Count one, and be gone if it was the last."""
        with self.lock:
            if self.sparks:
                self.sparks -= 1
                if not self.sparks:
                    os.kill(os.getpid(), signal.SIGKILL)


class Wire:
    """One connection, over which one question goes at a time."""

    def __init__(self, address: str, fuse: Fuse | None = None) -> None:
        self._connection: Connection = Client(address)
        self._fuse = fuse or Fuse()
        self._asking = threading.Lock()

    def ask(self, what: str, *arguments: object) -> Any:
        """Ask, and return the answer or raise what the other side met."""
        with self._asking:
            self._fuse.burn()
            self._connection.send((what, arguments))
            self._fuse.burn()
            answer = self._connection.recv()
        if isinstance(answer, Failure):
            raise revived(answer)
        return answer

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


class RemoteNode:
    """A node in another process; it keeps `core.node.Node`."""

    def __init__(self, wire: Wire) -> None:
        self.genesis: Genesis = wire.ask("genesis")
        self._wire = wire

    def submit(self, raw: bytes) -> Future[Receipt]:
        """Hand in a transaction; the future is settled already."""
        promise: Future[Receipt] = Future()
        answer = self.submit_all([raw]).result()[0]
        if isinstance(answer, Receipt):
            promise.set_result(answer)
        else:
            promise.set_exception(answer)
        return promise

    def submit_all(self, batch: Sequence[bytes]) -> Future[list[Answer]]:
        """Hand in transactions; the future is settled already."""
        promise: Future[list[Answer]] = Future()
        promise.set_result([_answer(each) for each in self._wire.ask("submit_all", list(batch))])
        return promise

    def read(self, question: Record) -> object:
        """Answer a contract's view."""
        found: object = self._wire.ask("read", question)
        return found

    def prove(
        self,
        ids: tuple[RecordId, ...],
        places: tuple[tuple[int, int], ...],
        since: tuple[int, ...] = (),
    ) -> Evidence:
        """Prove records and transactions at one checkpoint."""
        found: Evidence = self._wire.ask("prove", ids, places, since)
        return found

    def checkpoint(self) -> bytes:
        """Return a signed note over the log."""
        found: bytes = self._wire.ask("checkpoint")
        return found

    def block(self, height: int) -> Block:
        """Return a durable block."""
        found: Block = self._wire.ask("block", height)
        return found

    def block_at(self, time: int) -> Block:
        """Return the durable block with exactly this time."""
        found: Block = self._wire.ask("block_at", time)
        return found

    def follow(self, height: int = 0) -> Iterator[Block]:
        """Yield every durable block from a height on."""
        for each in range(height, self.status().height + 1):
            yield self.block(each)

    def status(self) -> Status:
        """Say where the ledger stands."""
        found: Status = self._wire.ask("status")
        return found

    def close(self) -> None:
        """Hang up; the ledger goes on."""
        self._wire.close()


class RemoteWitness:
    """A witness in another process; it keeps `client.foreign.Cosigner`."""

    def __init__(self, wire: Wire) -> None:
        self.verifier_key: str = wire.ask("witness_key")
        self._wire = wire

    def size(self, ledger: LedgerId) -> int:
        """Return how large a ledger's log was when it was seen last. [entries]"""
        found: int = self._wire.ask("witnessed", ledger)
        return found

    def cosign(self, note: bytes, *, since: int, consistency: Sequence[bytes]) -> bytes:
        """Return the note with the cosignature, or raise `CannotCosign`."""
        found: bytes = self._wire.ask("cosign", note, since, tuple(consistency))
        return found


def dial(addresses: Sequence[str], fuse: Fuse | None = None) -> list[Ledger]:
    """Return two ledgers in other processes, each of which the other's process witnesses."""
    wires = [Wire(each, fuse) for each in addresses]
    ledgers = [Ledger(RemoteNode(wire)) for wire in wires]
    for ledger, wire in zip(ledgers, reversed(wires), strict=True):
        ledger.witnesses = (RemoteWitness(wire),)
    return ledgers


def packed(error: Exception) -> Failure:
    """Return an exception in a form that goes through a socket; what is none of ours goes on."""
    match error:
        case Rejected():
            return Failure("rejected", str(error), error.contract, error.code)
        case Later():
            return Failure("later", str(error), number=error.retry_after_milliseconds)
        case Unavailable():
            return Failure("unavailable", str(error))
        case Refused():
            return Failure("refused", str(error))
        case SizeDiffers():
            return Failure("size-differs", str(error), number=error.size)
        case CannotCosign():
            return Failure("cannot-cosign", str(error))
        case _:
            return Failure("failed", f"{type(error).__name__}: {error}")


def revived(failure: Failure) -> Exception:
    """Return the exception that was packed."""
    match failure.kind:
        case "rejected":
            kind = REJECTIONS.get((failure.contract, failure.number), Rejected)
            error = kind.__new__(kind)
            error.args = (failure.message,)
            return error
        case "later":
            return Later(failure.message, retry_after_milliseconds=failure.number)
        case "unavailable":
            return Unavailable(failure.message)
        case "refused":
            return Refused(failure.message)
        case "size-differs":
            return SizeDiffers(failure.number)
        case "cannot-cosign":
            return CannotCosign(failure.message)
        case _:
            return RuntimeError(failure.message)


def _answer(answer: Receipt | Failure) -> Answer:
    """Return what became of a transaction."""
    if isinstance(answer, Receipt):
        return answer
    error = revived(answer)
    return error if isinstance(error, Refused | Unavailable) else Unavailable(str(error))
