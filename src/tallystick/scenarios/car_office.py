"""
A dealer's office: a coordinator in a process of its own, which may be killed at any step.

It sells a car together with its insurance to its own buyer, while another office of the same dealer
sells the same car to somebody else. Neither knows of the other; what an office knows stands in its
diary, and whoever opens that diary after its death goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from multiprocessing.connection import Connection
from pathlib import Path

from tallystick.base.identifiers import LedgerId
from tallystick.contracts.exchange.model import Outcome, Part
from tallystick.coordination.coordinator import Coordinator
from tallystick.coordination.diary import Diary
from tallystick.coordination.errands import Ended
from tallystick.coordination.signing import Secrets

from .car_wire import Fuse, dial

DIARY_WORK_BITS = 1
"""Its passphrase is random, so nothing is gained by making it slow to guess."""

PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Office:
    """What an office is told when it opens."""

    addresses: tuple[str, ...]
    """Where the two ledgers answer: cars, then insurances."""
    diary: Path
    """Its diary, which may be that of an office that was killed."""
    passphrase: bytes = field(repr=False)
    """What opens the diary."""
    secret: bytes = field(repr=False)
    """The dealer's secret."""


@dataclass(frozen=True, slots=True)
class Sale:
    """What an office is to sell."""

    parts: Sequence[Part]
    """Car and insurance, to its buyer."""
    deciding: LedgerId
    """Which ledger decides."""
    lasting: int
    """How long it may take. [ms]"""
    sparks: int
    """After how many sparks the office is killed; 0 for never."""


class Verdict(Enum):
    """How a sale ended, as the office saw it."""

    SOLD = "it sold the car"
    """The change took effect."""

    HELD = "another holds the car, and until when"
    """The ledger said which change, and by when that is decided."""

    REFUSED = "the car is the dealer's no more"
    """The other office was through before this one began."""

    LATE = "the time was over"
    """It was given up after its deadline."""

    UNTOLD = "nothing"
    """It was given up, and nobody said why."""


def work(director: Connection, office: Office) -> None:
    """End what the diary says was begun, and then sell what the director asks for."""
    fuse = Fuse()
    ledgers = {each.id: each for each in dial(office.addresses, fuse)}
    diary = Diary.open(office.diary, office.passphrase, work_bits=DIARY_WORK_BITS)
    with director, diary:
        coordinator = Coordinator(ledgers, Secrets([office.secret]), diary)
        coordinator.run(seconds_max=PATIENCE_SECONDS)
        director.send(None)
        while sale := _next(director):
            fuse.sparks = sale.sparks
            intent = coordinator.begin(sale.parts, deciding=sale.deciding, lasting=sale.lasting)
            ended = coordinator.run(seconds_max=PATIENCE_SECONDS)[intent]
            fuse.sparks = 0
            director.send(verdict_on(ended, time=ledgers[sale.deciding].now()))


def verdict_on(ended: Ended, *, time: int) -> Verdict:
    """Say how a sale ended, given the deciding ledger's time. [ms since the epoch, UTC]"""
    if ended.outcome is Outcome.COMMITTED:
        return Verdict.SOLD
    if ended.refusal is not None:
        return Verdict.REFUSED if ended.refusal.held_by is None else Verdict.HELD
    return Verdict.LATE if time >= ended.change.deadline else Verdict.UNTOLD


def _next(director: Connection) -> Sale | None:
    """Return the next sale, nothing when the office closes."""
    try:
        sale: Sale | None = director.recv()
    except (EOFError, ConnectionError):
        return None
    return sale
