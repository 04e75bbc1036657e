"""The way of one title, from its registration to its end; `views` offers it too."""

from collections.abc import Iterable

from msgspec import Struct

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId

from .events import (
    DependenceConfirmed,
    IncomeDistributed,
    TitleAmended,
    TitleLocked,
    TitleRebound,
    TitleRegistered,
    TitleReleased,
    TitleRetired,
    TitleTransferred,
    TitleWasShared,
)

Happening = (
    TitleRegistered
    | TitleAmended
    | TitleTransferred
    | TitleLocked
    | TitleReleased
    | TitleRetired
    | TitleRebound
    | DependenceConfirmed
    | TitleWasShared
    | IncomeDistributed
)
"""Everything that happens to titles."""


class TitleStep(Struct, frozen=True):
    """Something that happened to one title."""

    time: Milliseconds
    """When. [ms since the epoch, UTC]"""

    what: str
    """What, in one word or two."""

    owner: PublicKey | None
    """Whose it is since; nothing if that did not change."""

    detail: str
    """By which contract, how it stands since, or how much; empty if there is no more to say."""


def history_of(title: RecordId, events: Iterable[tuple[int, Record]]) -> list[TitleStep]:
    """
    Return everything that happened to one title.

    `events` are the ledger's, in order, each with its block's time. [ms since the epoch, UTC]
    """
    return [
        step_of(time, event)
        for time, event in events
        if isinstance(event, Happening) and event.title == title
    ]


def step_of(time: int, event: Happening) -> TitleStep:
    """Return what an event says of the title that it is about."""
    owner: PublicKey | None = None
    detail = ""
    match event:
        case TitleRegistered():
            what, owner = "registered", event.owner
        case TitleAmended():
            what = "amended"
        case TitleTransferred():
            what, owner, detail = "transferred", event.target, event.holder
        case TitleLocked(lock=lock):
            what, detail = "locked", lock.holder
        case TitleReleased():
            what = "released"
        case TitleRetired():
            what = "retired"
        case TitleRebound(standing=standing):
            what, detail = "rebound", standing.value
        case DependenceConfirmed(standing=standing):
            what, detail = "confirmed", standing.value
        case TitleWasShared(supply=supply):
            what, detail = "shared", str(supply)
        case IncomeDistributed(amount=amount):
            what, detail = "income distributed", str(amount)
    return TitleStep(time, what, owner, detail)
