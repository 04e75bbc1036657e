"""Two weeks in the village, day by day: sign in one process, put on the ledger in the other."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context

from tallystick.base.identifiers import LedgerId, PublicKey
from tallystick.base.signatures import public_key
from tallystick.client.genesis import usual_genesis
from tallystick.client.ledger import Ledger, require_all_accepted
from tallystick.core.genesis import Genesis, ledger_id

from . import ledger_facts, village_work
from .local_time import to_local
from .matching import Match
from .scenario import Stage
from .village_data import INTERVAL_SECONDS, Village
from .village_work import DayWork, Example, Secrets

MILLISECONDS_A_HOUR = 3_600_000
HOURS_AFTER_MIDNIGHT = 6
LIFETIME_MILLISECONDS = 110_000
DAYS_AHEAD = 2
"""How many days may be signed before the ledger has taken them."""


class DayClock:
    """A clock that stands until it is set: the village's days lie in 2016."""

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def __call__(self) -> int:
        """Return the time. [ms since the epoch, UTC]"""
        return self.milliseconds


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of the data."""

    first: int
    """Its first quarter hour."""
    end: int
    """The first quarter hour after it."""
    time: int
    """When it is published, the morning after. [ms since the epoch, UTC]"""


@dataclass
class Tally:
    """What was done so far."""

    measurements: int = 0
    certificates: int = 0
    claims: int = 0
    produced_wh: int = 0
    consumed_wh: int = 0
    matched_wh: int = 0
    example: Example | None = None
    matches: list[list[Match]] = field(default_factory=list)
    place_by_key: dict[PublicKey, tuple[int, int]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, work: DayWork) -> None:
        """Count one day in."""
        self.measurements += work.measurements
        self.certificates += work.certificates
        self.claims += work.claims
        self.produced_wh += work.produced_wh
        self.consumed_wh += work.consumed_wh
        self.matched_wh += work.matched_wh
        for quarter, row in enumerate(work.owners, start=len(self.matches)):
            self.place_by_key.update((key, (meter, quarter)) for meter, key in enumerate(row))
        self.matches += work.matches
        if self.example is None or (
            work.example is not None and work.example.amount_wh > self.example.amount_wh
        ):
            self.example = work.example

    @contextmanager
    def timed(self, label: str, count: int) -> Iterator[None]:
        """Book how long some work takes."""
        began = time.monotonic()
        yield
        self.seconds[label] = self.seconds.get(label, 0.0) + time.monotonic() - began
        self.counts[label] = self.counts.get(label, 0) + count

    def stages(self) -> tuple[ledger_facts.Stage, ...]:
        """Return what was done and how long it took."""
        return tuple(
            ledger_facts.Stage(label, self.counts[label], int(1_000 * seconds))
            for label, seconds in self.seconds.items()
        )


class Parties:
    """The village's registrar and issuing body, and the seed of its meters' keys, drawn afresh."""

    def __init__(self, village: Village) -> None:
        self._registrar, self._issuing_body, self._seed = (os.urandom(32) for _ in range(3))
        self.genesis: Genesis = usual_genesis(
            "village",
            time=1_000 * village.begins[0],
            salt=os.urandom(32),
            registrar=public_key(self._registrar),
            issuing_body=public_key(self._issuing_body),
            publisher=public_key(self._issuing_body),
            sectors=(village_work.SECTOR,),
            interval_seconds=(INTERVAL_SECONDS,),
        )

    @property
    def ledger(self) -> LedgerId:
        """Return the id of the ledger that they found."""
        return ledger_id(self.genesis)

    def secrets(self) -> Secrets:
        """Return what the signing process needs."""
        return Secrets(self.ledger, self._issuing_body, self._seed)


def days_of(village: Village) -> list[Day]:
    """Cut the data into local days; the one on which the clocks change is shorter."""
    days: list[Day] = []
    first = 0
    for n, begin in enumerate(village.begins[1:], start=1):
        if to_local(begin).date() != to_local(village.begins[first]).date():
            days.append(_day(village, first, n))
            first = n
    days.append(_day(village, first, len(village.begins)))
    return days


def fill(
    stage: Stage, ledger: Ledger, village: Village, secrets: Secrets, clock: DayClock
) -> Tally:
    """Put the whole village on the ledger, signing ahead in another process."""
    tally, days = Tally(), days_of(village)
    context = get_context("spawn")
    pool = ProcessPoolExecutor(1, context, initializer=_start_signing, initargs=(secrets, village))
    with pool, stage.progress("two weeks in the village", len(village.begins)) as advance:
        signed: list[Future[DayWork]] = [_sign(pool, day) for day in days[:DAYS_AHEAD]]
        for n, day in enumerate(days):
            work = signed[n].result()
            signed[n] = Future()  # A day's transactions take 60 MB; they are not needed twice.
            signed += [_sign(pool, later) for later in days[n + DAYS_AHEAD : n + DAYS_AHEAD + 1]]
            clock.milliseconds = day.time
            _put(ledger, work, tally)
            advance(day.end - day.first)
    return tally


def _put(ledger: Ledger, work: DayWork, tally: Tally) -> None:
    """Put one day on the ledger and insist that all of it is accepted."""
    steps = (
        ("publish and issue", work.published, work.measurements + work.certificates),
        ("transfer and split", work.moved, len(work.moved)),
        ("claim", work.claimed, work.claims),
    )
    waiting = [ledger.node.submit_all(batch) for _, batch, _ in steps]
    for (label, _, count), future in zip(steps, waiting, strict=True):
        with tally.timed(label, count):
            require_all_accepted(future.result())
    tally.add(work)


def _day(village: Village, first: int, end: int) -> Day:
    """Return the day that these quarter hours make."""
    after = 1_000 * (village.begins[end - 1] + INTERVAL_SECONDS)
    return Day(first, end, after + HOURS_AFTER_MIDNIGHT * MILLISECONDS_A_HOUR)


def _sign(pool: ProcessPoolExecutor, day: Day) -> Future[DayWork]:
    """Let the other process sign a day."""
    return pool.submit(_sign_day, day.first, day.end, day.time + LIFETIME_MILLISECONDS)


_hands: list[village_work.VillageHands] = []
"""In the signing process alone: everybody's keys, derived once."""


def _start_signing(secrets: Secrets, village: Village) -> None:
    """Derive everybody's keys."""
    _hands.append(village_work.VillageHands(secrets, village))


def _sign_day(first: int, end: int, expiry: int) -> DayWork:
    """Sign one day with the keys derived before."""
    return _hands[0].make_day(first, end, expiry=expiry)
