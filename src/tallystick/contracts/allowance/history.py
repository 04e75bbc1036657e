"""The way of one allowance, from its allocation to its end; `views` offers it too."""

from collections.abc import Iterable

from msgspec import Struct

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId

from .events import (
    AllowancesAllocated,
    AllowancesLocked,
    AllowancesMoved,
    AllowancesReleased,
    AllowancesRetired,
    AllowancesTransferred,
)
from .ids import vintage_id

Movement = (
    AllowancesAllocated
    | AllowancesTransferred
    | AllowancesLocked
    | AllowancesReleased
    | AllowancesMoved
    | AllowancesRetired
)
"""The events that move allowances."""


class Step(Struct, frozen=True):
    """Something that happened to one allowance."""

    time: Milliseconds
    """When. [ms since the epoch, UTC]"""

    what: str
    """What: `allocated`, `transferred`, `locked`, `released`, `moved`, or how it ended."""

    source: PublicKey | None
    """Who had it before, if anybody."""

    target: PublicKey | None
    """Who has it since, if anybody."""


def history_of(vintage: RecordId, serial: int, events: Iterable[tuple[int, Record]]) -> list[Step]:
    """
    Return everything that happened to one allowance.

    `events` are the ledger's, in order, each with its block's time. [ms since the epoch, UTC]
    """
    return [
        _step(time, event)
        for time, event in events
        if isinstance(event, Movement)
        and _vintage_of(event) == vintage
        and any(each.first <= serial <= each.last for each in event.blocks)
    ]


def _step(time: int, event: Movement) -> Step:
    """Return what an event says of each allowance that it moves."""
    match event:
        case AllowancesAllocated(owner=owner):
            return Step(time, "allocated", None, owner)
        case AllowancesTransferred(source=source, target=target):
            return Step(time, "transferred", source, target)
        case AllowancesLocked(owner=owner):
            return Step(time, "locked", owner, owner)
        case AllowancesReleased(owner=owner):
            return Step(time, "released", owner, owner)
        case AllowancesMoved(source=source, target=target):
            return Step(time, "moved", source, target)
        case AllowancesRetired(owner=owner, end=end):
            return Step(time, end.value, owner, None)


def _vintage_of(event: Movement) -> RecordId:
    """Return the vintage of the allowances that an event moves."""
    if isinstance(event, AllowancesAllocated):
        return vintage_id(programme=event.programme, zone=event.zone, period=event.period)
    return event.vintage
