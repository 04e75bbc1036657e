"""
What the ledgers say, read afresh before every step.

It is a node's word: enough for a step, which a ledger checks, and not for an end; see `facts.py`.
"""

from collections.abc import Mapping, Sequence

from tallystick.base.identifiers import LedgerId, LockId, RecordId
from tallystick.client.ledger import Ledger
from tallystick.contracts.exchange.errors import (
    ChangeNotFound,
    HashLockNotFound,
    NothingPrepared,
)
from tallystick.contracts.exchange.model import Change, Outcome, Part, PartState, change_id
from tallystick.contracts.exchange.views import (
    DecisionView,
    HashLockView,
    PartView,
    ReservationView,
    ShowDecision,
    ShowHashLock,
    ShowPart,
    ShowReservation,
)

from .joint_change import Refusal, Seen


def see(ledgers: Mapping[LedgerId, Ledger], change: Change) -> Seen:
    """Return what the ledgers say of a change."""
    return see_all(ledgers, [change])[0]


def see_all(ledgers: Mapping[LedgerId, Ledger], changes: Sequence[Change]) -> list[Seen]:
    """Return what the ledgers say of many changes."""
    deciding = {each.deciding for each in changes}
    times = {id: (ledgers[id].now(), ledgers[id].status().time) for id in deciding}
    seen = []
    for change in changes:
        id = change_id(change)
        parts = part_states(ledgers, change, id)
        outcome = decision(ledgers[change.deciding], id)
        if outcome is not None:  # Another process may have prepared one before it was decided.
            parts = part_states(ledgers, change, id)
        time, block_time = times[change.deciding]
        seen.append(Seen(parts, outcome, time, closed=block_time >= change.deadline))
    return seen


def part_states(
    ledgers: Mapping[LedgerId, Ledger], change: Change, id: LockId
) -> tuple[PartState | None, ...]:
    """Return how far each part has come."""
    return tuple(part_state(ledgers[p.ledger], id, n) for n, p in enumerate(change.parts))


def part_state(ledger: Ledger, change: LockId, index: int) -> PartState | None:
    """Return how far a part has come, nothing if it was never prepared."""
    try:
        found = ledger.ask(ShowPart(change, index))
    except NothingPrepared:
        return None
    return found.state if isinstance(found, PartView) else None


def decision(ledger: Ledger, change: LockId) -> Outcome | None:
    """Return what a ledger decided on a change, nothing if it has not."""
    try:
        found = ledger.ask(ShowDecision(change))
    except ChangeNotFound:
        return None
    return found.outcome if isinstance(found, DecisionView) else None


def hash_lock(ledger: Ledger, lock: RecordId) -> HashLockView | None:
    """Return a hash-time lock, nothing if there is none."""
    try:
        found = ledger.ask(ShowHashLock(lock))
    except HashLockNotFound:
        return None
    return found if isinstance(found, HashLockView) else None


def holder_of(ledger: Ledger, part: Part) -> ReservationView:
    """Return what holds the whole of a part's holding, and until when."""
    found = ledger.ask(ShowReservation(part.contract, part.holding))
    if not isinstance(found, ReservationView):
        raise TypeError(f"ShowReservation is answered with a {type(found).__name__}")
    return found


def is_free(ledgers: Mapping[LedgerId, Ledger], change: Change, refusal: Refusal | None) -> bool:
    """Tell whether nothing of a change is held any more by what refused it."""
    if refusal is None or refusal.held_by is None:
        return True
    ledger = ledgers[refusal.ledger]
    parts = [part for part in change.parts if part.ledger == refusal.ledger]
    return all(holder_of(ledger, part).lock_id != refusal.held_by for part in parts)
