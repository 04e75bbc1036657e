"""Exchange's read model: hash-time locks, the parts of joint changes, and decisions."""

from collections.abc import Iterator

from tallystick.core.event import Event
from tallystick.core.projection import Insert, Projection, RowChange, Table, Update

from .events import (
    ChangeDecided,
    HashLocked,
    HashLockRedeemed,
    HashLockRefunded,
    PartFinished,
    PartPrepared,
)
from .model import HashLockState, PartState

LOCKS = Table(
    name="exchange_locks",
    columns=(
        ("lock", "bytes"),
        ("contract", "text"),
        ("holding", "bytes"),
        ("amount", "integer"),
        ("digest", "bytes"),
        ("beneficiary", "bytes"),
        ("until", "integer"),
        ("state", "text"),
        ("preimage", "bytes"),
    ),
    key=("lock",),
    indexes=(("digest",), ("state", "until"), ("beneficiary",)),
)

PARTS = Table(
    name="exchange_parts",
    columns=(
        ("change", "bytes"),
        ("part", "integer"),
        ("contract", "text"),
        ("holding", "bytes"),
        ("owner", "bytes"),
        ("amount", "integer"),
        ("target", "bytes"),
        ("deciding", "bytes"),
        ("deadline", "integer"),
        ("state", "text"),
    ),
    key=("change", "part"),
    indexes=(("holding",), ("state", "deadline"), ("owner",)),
)

DECISIONS = Table(
    name="exchange_decisions",
    columns=(("change", "bytes"), ("outcome", "text"), ("decided_at", "integer")),
    key=("change",),
)


def fold(event: Event, time: int) -> Iterator[RowChange]:
    """Turn an event into row changes."""
    match event:
        case HashLocked():
            yield _new_lock(event)
        case HashLockRedeemed():
            ended = {"state": HashLockState.REDEEMED.value, "preimage": event.preimage}
            yield Update(LOCKS, (event.lock,), ended)
        case HashLockRefunded():
            yield Update(LOCKS, (event.lock,), {"state": HashLockState.REFUNDED.value})
        case PartPrepared():
            yield _new_part(event)
        case PartFinished():
            yield Update(PARTS, (event.change, event.index), {"state": event.state.value})
        case ChangeDecided():
            yield Insert(DECISIONS, (event.change, event.outcome.value, time))


def _new_lock(event: HashLocked) -> RowChange:
    """Return the row of a new hash-time lock."""
    row = (
        event.lock,
        event.contract,
        event.holding,
        event.amount,
        event.digest,
        event.beneficiary,
        event.until,
        HashLockState.OPEN.value,
        b"",
    )
    return Insert(LOCKS, row)


def _new_part(event: PartPrepared) -> RowChange:
    """Return the row of a part that is held now."""
    part = event.part
    row = (
        event.change,
        event.index,
        part.contract,
        part.holding,
        part.owner,
        part.amount,
        part.target,
        event.deciding,
        event.deadline,
        PartState.PREPARED.value,
    )
    return Insert(PARTS, row)


PROJECTION = Projection(tables=(LOCKS, PARTS, DECISIONS), fold=fold)
