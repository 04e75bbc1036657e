"""
Follow every single allowance through the events, number by number.

The contract keeps blocks and totals. Here each number has a place of its own, and every event has
to find it where the one before has left it. Nothing of the contract's arithmetic is used.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.allowance.events import (
    AllowancesAllocated,
    AllowancesLocked,
    AllowancesMoved,
    AllowancesReleased,
    AllowancesRetired,
    AllowancesTransferred,
)
from tallystick.contracts.allowance.model import Block, vintage_id

HELD: Final = "held"
LOCKED: Final = "locked"
NOWHERE: Final = "nowhere"
"""Not issued yet."""


class Place(NamedTuple):
    """Where an allowance is."""

    state: str
    """`HELD`, `LOCKED`, or how it ended."""
    owner: PublicKey | None
    """Whose it is, unless it has ended."""


_UNISSUED: Final = Place(NOWHERE, None)


class Step(NamedTuple):
    """An event, as what it does to each of its numbers."""

    vintage: RecordId
    """The vintage."""
    blocks: tuple[Block, ...]
    """The numbers."""
    source: Place
    """Where each must be before."""
    target: Place
    """Where each is after."""


class Trace:
    """Where every allowance of a ledger is, and how often it has changed hands."""

    def __init__(self) -> None:
        self.places: dict[RecordId, dict[int, Place]] = defaultdict(dict)
        """By vintage and number."""
        self.moves: dict[RecordId, Counter[int]] = defaultdict(Counter)
        """How often it changed hands, by vintage and number."""
        self.problems: list[str] = []
        """Where an event did not find what it moved."""

    def follow(self, events: Iterable[Record]) -> None:
        """Follow more events."""
        for event in events:
            step = _step(event)
            if step is None:
                continue
            places, moves = self.places[step.vintage], self.moves[step.vintage]
            for block in step.blocks:
                for number in range(block.first, block.last + 1):
                    if places.get(number, _UNISSUED) != step.source:
                        self.problems.append(f"{type(event).__name__}: {number} was elsewhere")
                    places[number] = step.target
                    moves[number] += step.source.owner != step.target.owner

    def states(self, vintage: RecordId) -> Counter[str]:
        """Return how many allowances are in each state."""
        return Counter(place.state for place in self.places[vintage].values())

    def held(self, vintage: RecordId) -> Counter[PublicKey]:
        """Return how many each account or vault may dispose of."""
        return Counter(
            place.owner
            for place in self.places[vintage].values()
            if place.state == HELD and place.owner is not None
        )

    def has_no_gap(self, vintage: RecordId) -> bool:
        """Tell whether the numbers from one on have been issued, each once."""
        numbers = self.places[vintage]
        return sorted(numbers) == list(range(1, len(numbers) + 1))


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the allowances of a vintage are after a month."""

    held: int
    """In units' accounts, and in the trader's."""
    clearing: int
    """Locked for an order, or in the clearing account."""
    ended: Mapping[str, int]
    """By how they ended."""


def whereabouts(trace: Trace, vintage: RecordId, known: Iterable[PublicKey]) -> Whereabouts:
    """Return where a vintage is now; `known` are the accounts of people."""
    states, held = trace.states(vintage), trace.held(vintage)
    of_people = sum(held[key] for key in known)
    ended = {name: count for name, count in states.items() if name not in {HELD, LOCKED}}
    return Whereabouts(of_people, states[HELD] - of_people + states[LOCKED], ended)


def _step(event: Record) -> Step | None:
    """Return what an event does to allowances, if it moves any."""
    match event:
        case AllowancesAllocated(owner=owner, blocks=blocks):
            vintage = vintage_id(programme=event.programme, zone=event.zone, period=event.period)
            return Step(vintage, blocks, _UNISSUED, Place(HELD, owner))
        case AllowancesTransferred(vintage=vintage, source=source, target=target, blocks=blocks):
            return Step(vintage, blocks, Place(HELD, source), Place(HELD, target))
        case AllowancesLocked(vintage=vintage, owner=owner, blocks=blocks):
            return Step(vintage, blocks, Place(HELD, owner), Place(LOCKED, owner))
        case AllowancesReleased(vintage=vintage, owner=owner, blocks=blocks):
            return Step(vintage, blocks, Place(LOCKED, owner), Place(HELD, owner))
        case AllowancesMoved(vintage=vintage, source=source, target=target, blocks=blocks):
            before = LOCKED if event.locked else HELD
            return Step(vintage, blocks, Place(before, source), Place(HELD, target))
        case AllowancesRetired(vintage=vintage, owner=owner, blocks=blocks, end=end):
            before = HELD if event.holder is None else LOCKED
            return Step(vintage, blocks, Place(before, owner), Place(end.value, None))
        case _:
            return None
