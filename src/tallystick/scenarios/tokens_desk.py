"""
Four workers at one ledger: start them, answer them, kill one, start another in its place.

The ledger lives in this process. A worker has a pipe to it and a file of readings, and nothing
else; what it holds in memory when it dies is lost, and nothing depends on that.
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

import msgspec

from tallystick.client.ledger import Ledger
from tallystick.core.node import Answer as NodeAnswer
from tallystick.core.receipt import Receipt

from .scenario import Advance
from .tokens_readings import Readings
from .tokens_worker import Answer, Task, work

WATCH_SECONDS = 0.02
END_SECONDS_MAX = 30.0


@dataclass
class Counts:
    """What went over the desk."""

    minted: int = 0
    """Mints that were accepted."""
    conflicts: int = 0
    """Mints of a reading that was minted already."""
    linked_at_death: int = 0
    """How many readings had their token when a worker was killed."""
    killed_process: int = 0
    """The process id of that worker."""
    by_worker: dict[int, tuple[int, int]] = field(default_factory=dict)
    """For each worker, its accepted mints and its conflicts."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, number: int, answers: list[Answer]) -> None:
        """Count one worker's batch in."""
        minted = sum(each.accepted for each in answers)
        with self.lock:
            self.minted += minted
            self.conflicts += len(answers) - minted
            before = self.by_worker.get(number, (0, 0))
            self.by_worker[number] = before[0] + minted, before[1] + len(answers) - minted


class Desk:
    """Where workers hand in what they signed."""

    def __init__(self, ledger: Ledger) -> None:
        self.counts = Counts()
        self._ledger = ledger
        self._threads: list[threading.Thread] = []

    def hire(self, task: Task) -> SpawnProcess:
        """Start a worker in a process of its own, with a thread here that answers it."""
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        worker = context.Process(target=work, args=(theirs, task), daemon=True)
        worker.start()
        theirs.close()  # So that our end notices when the worker dies.
        thread = threading.Thread(target=self._serve, args=(ours, task.number), daemon=True)
        thread.start()
        self._threads.append(thread)
        return worker

    def wait(self) -> None:
        """Wait until every worker has hung up and everything is counted."""
        for thread in self._threads:
            thread.join(END_SECONDS_MAX)

    def _serve(self, pipe: Connection, number: int) -> None:
        """Answer a worker's batches until it hangs up or dies."""
        with pipe:
            try:
                while True:
                    batch = msgspec.msgpack.decode(pipe.recv_bytes(), type=list[bytes])
                    answers = [
                        _answer(each) for each in self._ledger.node.submit_all(batch).result()
                    ]
                    self.counts.add(number, answers)
                    pipe.send_bytes(msgspec.msgpack.encode(answers))
            except (EOFError, ConnectionError):
                return


def mint_all(
    desk: Desk,
    readings: Readings,
    task_of: Callable[[int], Task],
    *,
    workers: int,
    kill_at: int,
    advance: Advance,
) -> None:
    """
    Let workers mint every reading; kill one at random on the way and hire another.

    Raises `RuntimeError` if a worker that was not killed fails.
    """
    hired = [desk.hire(task_of(number)) for number in range(workers)]
    killed: SpawnProcess | None = None
    linked = 0
    while any(worker.is_alive() for worker in hired):
        time.sleep(WATCH_SECONDS)
        before, linked = linked, readings.count_linked()
        advance(linked - before)
        alive = [worker for worker in hired if worker.is_alive()]
        if killed is None and linked >= kill_at and alive:
            killed = random.SystemRandom().choice(alive)
            killed.kill()
            killed.join(END_SECONDS_MAX)
            desk.counts.killed_process = killed.pid or 0
            desk.counts.linked_at_death = linked
            hired.append(desk.hire(task_of(workers)))
    desk.wait()
    for worker in hired:
        worker.join(END_SECONDS_MAX)
        if worker is not killed and worker.exitcode != 0:
            raise RuntimeError(f"worker {worker.pid} ended with {worker.exitcode}")


def _answer(answer: NodeAnswer) -> Answer:
    """Say what became of a transaction in a form that goes through a pipe."""
    if not isinstance(answer, Receipt):
        return Answer(accepted=False, contract="", code=0, message=str(answer))
    outcome = answer.outcome
    return Answer(answer.accepted, outcome.contract, outcome.code, answer.message)
