"""What always holds about hash-time locks and joint changes."""

from collections.abc import Iterator

from tallystick.core.holding import WHOLE
from tallystick.core.invariant import Changes, Invariant

from .model import (
    Decision,
    HashLock,
    HashLockState,
    Outcome,
    PartState,
    Prepared,
    Reservation,
    decision_id,
    prepared_id,
    reservation_id,
)


def _changed_decision(changes: Changes) -> Iterator[str]:
    for id, before, after in changes.of(Decision):
        if before is not None and after != before:
            yield f"the decision under {id.hex()} changed"
        elif after is not None and id != decision_id(after.change):
            yield f"the decision under {id.hex()} is about another change"
        elif (
            after is not None
            and after.outcome is Outcome.COMMITTED
            and after.decided_at >= after.deadline
        ):
            yield f"the change {after.change.hex()} was committed after its deadline"


def _reopened_part(changes: Changes) -> Iterator[str]:
    for id, before, after in changes.of(Prepared):
        if after is None or id != prepared_id(after.change, after.index):
            yield f"the part under {id.hex()} vanished or is another"
        elif before is not None and (
            before.state is not PartState.PREPARED or before.part != after.part
        ):
            yield f"the part under {id.hex()} changed after it ended"


def _reopened_lock(changes: Changes) -> Iterator[str]:
    for id, before, after in changes.of(HashLock):
        if after is None:
            yield f"the hash-time lock {id.hex()} vanished"
        elif before is not None and before.state is not HashLockState.OPEN:
            yield f"the hash-time lock {id.hex()} changed after it ended"


def _wrong_reservation(changes: Changes) -> Iterator[str]:
    held = {}
    for _, _, part in changes.of(Prepared):
        if part is not None and part.part.amount == WHOLE:
            place = reservation_id(part.part.contract, part.part.holding)
            held[place, part.change] = part.state is PartState.PREPARED
    for id, _, lock in changes.of(HashLock):
        if lock is not None and lock.amount == WHOLE:
            place = reservation_id(lock.contract, lock.holding)
            held[place, id] = lock.state is HashLockState.OPEN
    for id, before, after in changes.of(Reservation):
        if after is not None and not held.get((id, after.lock_id)):
            yield f"the reservation under {id.hex()} is nobody's"
        if before is not None and before != after and held.get((id, before.lock_id)) is not False:
            yield f"the reservation under {id.hex()} ended before what it was for"


INVARIANTS = (
    Invariant("a change is decided once, and committed before its deadline", _changed_decision),
    Invariant("a part ends once, and stays as it ended", _reopened_part),
    Invariant("a hash-time lock ends once", _reopened_lock),
    Invariant("what is reserved is held, and only then", _wrong_reservation),
)
