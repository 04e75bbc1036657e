"""
A hundred cars, each sold by two offices at once, of which any may be killed at any step.

An office that is killed comes back, comes back twice at once, or never; for those who never come
back the ledgers' relays and a watchtower end what was begun. In the end every car and its insurance
belong to one of the two buyers, or still to the dealer, and nothing is held.
"""

import os
import random
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

from tallystick.base.signatures import public_key
from tallystick.client.ledger import Ledger

from .car_office import Office, Sale, Verdict, work
from .car_parties import Parties, both
from .scenario import Advance

END_SECONDS_MAX = 30.0
SPARKS_MAX = 100
"""Two for each message; who draws more than its sale needs survives."""

LASTING_MILLISECONDS = 2_000


class Sequel(Enum):
    """What becomes of an office that was killed."""

    RETURNS = "came back"
    """Another opens its diary."""

    TWICE = "came back twice at once"
    """Two others open its diary."""

    GONE = "never came back"
    """Nobody does."""


@dataclass
class Round:
    """One car, two buyers."""

    name: str
    """The car and its insurance."""
    killed: list[Sequel] = field(default_factory=list)
    """What became of each office that was killed."""
    verdicts: list[Verdict] = field(default_factory=list)
    """What each office that was not killed said."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is played."""

    rounds: int = 100
    """How many cars are sold."""
    lasting: int = LASTING_MILLISECONDS
    """How long a sale may take before anybody may give it up. [ms]"""
    lanes: int = 4
    """How many cars are sold at a time, each by two offices of its own."""


def race_all(
    names: Sequence[str], plan: Plan, race_in: Callable[[int], "Race"], advance: Advance
) -> list[Round]:
    """Sell each car twice, some at a time, and return what happened in their order."""

    def sell(lane: int) -> list[Round]:
        """Sell the cars of one lane."""
        return race_in(lane).run(names[lane :: plan.lanes], plan, advance)

    with ThreadPoolExecutor(plan.lanes) as pool:
        rounds = [each for lane in pool.map(sell, range(plan.lanes)) for each in lane]
    return sorted(rounds, key=lambda each: names.index(each.name))


class Worker:
    """An office's process and the director's end of the pipe to it."""

    def __init__(self, context: ForkServerContext, office: Office) -> None:
        self.office = office
        self._pipe: Connection
        self._pipe, theirs = context.Pipe()
        self.process: ForkServerProcess = context.Process(
            target=work, args=(theirs, office), daemon=True
        )
        self.process.start()
        theirs.close()  # So that our end notices when the office dies.

    def ask(self, sale: Sale) -> None:
        """Let it sell something."""
        self._pipe.send(sale)

    def answer(self) -> tuple[bool, Verdict | None]:
        """Wait for what it says; tell whether it lives to say anything."""
        try:
            if not self._pipe.poll(END_SECONDS_MAX):
                raise RuntimeError(f"office {self.process.pid} says nothing")
            return True, self._pipe.recv()
        except (EOFError, ConnectionError):
            self._pipe.close()
            self.process.join(END_SECONDS_MAX)
            if self.process.exitcode != -signal.SIGKILL:
                raise RuntimeError(
                    f"office {self.process.pid} ended with {self.process.exitcode}"
                ) from None
            return False, None

    def close(self) -> None:
        """Let it go home."""
        self._pipe.send(None)
        self._pipe.close()
        self.process.join(END_SECONDS_MAX)


class Race:
    """Two offices that sell the same cars."""

    def __init__(
        self,
        context: ForkServerContext,
        folder: Path,
        addresses: tuple[str, ...],
        parties: Parties,
        ledgers: Sequence[Ledger],
    ) -> None:
        folder.mkdir(exist_ok=True)
        self._context = context
        self._folder = folder
        self._addresses = addresses
        self._parties = parties
        self._cars, self._policies = ledgers
        self._random = random.SystemRandom()
        self._diaries = 0
        self._workers = [self._hire(self._office()) for _ in range(2)]

    def run(self, names: Sequence[str], plan: Plan, advance: Advance) -> list[Round]:
        """Sell each car twice, and return what happened."""
        rounds = []
        for name in names:
            rounds.append(self._sell(name, plan))
            advance(1)
        for worker in self._workers:
            worker.close()
        return rounds

    def _sell(self, name: str, plan: Plan) -> Round:
        """Let both offices sell a car at once; whoever dies is followed."""
        told = Round(name)
        dealer = public_key(self._parties.dealer)
        for worker, buyer in zip(self._workers, self._parties.buyers, strict=True):
            parts = both(self._cars, self._policies, name, source=dealer, target=public_key(buyer))
            sparks = self._random.randint(1, SPARKS_MAX)
            worker.ask(Sale(parts, self._policies.id, plan.lasting, sparks))
        for n, worker in enumerate(self._workers):
            lives, verdict = worker.answer()
            if verdict is not None:
                told.verdicts.append(verdict)
            if not lives:
                sequel = self._random.choice(list(Sequel))
                told.killed.append(sequel)
                self._workers[n] = self._follow(worker, sequel)
        return told

    def _follow(self, dead: Worker, sequel: Sequel) -> Worker:
        """Open the next office in place of one that was killed."""
        match sequel:
            case Sequel.GONE:
                return self._hire(self._office())
            case Sequel.RETURNS:
                return self._hire(dead.office)
            case Sequel.TWICE:
                both_at_once = [Worker(self._context, dead.office) for _ in range(2)]
                for worker in both_at_once:
                    worker.answer()
                both_at_once[1].close()
                return both_at_once[0]

    def _hire(self, office: Office) -> Worker:
        """Open an office, and wait until it has ended what its diary says was begun."""
        worker = Worker(self._context, office)
        worker.answer()
        return worker

    def _office(self) -> Office:
        """Return an office with a diary of its own."""
        self._diaries += 1
        return Office(
            self._addresses,
            self._folder / f"diary-{self._diaries}",
            os.urandom(32),
            self._parties.dealer,
        )
