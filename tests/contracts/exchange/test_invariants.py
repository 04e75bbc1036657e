"""Each of the contract's invariants sees the damage that it is there for."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LockId, RecordId
from tallystick.contracts.exchange.commands import Abort
from tallystick.contracts.exchange.model import (
    Decision,
    HashLock,
    HashLockState,
    Outcome,
    PartState,
    Prepared,
    Reservation,
    decision_id,
    prepared_id,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted

from .sides import ALICE, BOB, DEADLINE, FUNDS, Sides

OTHER = LockId(b"\x01" * 32)
OVER = HashLock(
    "asset", RecordId(OTHER), FUNDS, Hash(bytes(32)), key(BOB), 1, HashLockState.REDEEMED, b""
)


def ended() -> tuple[Sides, Prepared]:
    """Return two ledgers after a change was aborted, and the part that has ended."""
    sides = Sides().prepared()
    assert accepted == sides.one.execute(Abort(sides.change()), signers=[BOB])
    assert accepted == sides.one.execute(sides.finish(sides.one), signers=[BOB])
    sides.one.plant(RecordId(OTHER), OVER)
    sides.one.close_block()
    found = sides.one.read(Prepared, prepared_id(sides.lock_id, sides.index(sides.one)))
    assert found is not None
    return sides, found


SIDES, PART = ended()
ABORTED = Decision(SIDES.lock_id, Outcome.ABORTED, DEADLINE, 1)


@pytest.mark.parametrize(
    ("id", "record", "message"),
    [
        (decision_id(SIDES.lock_id), replace(ABORTED, decided_at=2), "changed"),
        (decision_id(OTHER), ABORTED, "about another change"),
        (
            decision_id(OTHER),
            Decision(OTHER, Outcome.COMMITTED, DEADLINE, DEADLINE),
            "committed after its deadline",
        ),
        (
            prepared_id(PART.change, PART.index),
            replace(PART, state=PartState.PREPARED),
            "changed after it ended",
        ),
        (prepared_id(OTHER, 0), PART, "is another"),
        (RecordId(OTHER), replace(OVER, state=HashLockState.OPEN), "changed after it ended"),
        (RecordId(OTHER), Reservation(OTHER, DEADLINE), "is nobody's"),
    ],
)
def test_damage_is_seen(id: RecordId, record: Record, message: str) -> None:
    """In the block that does it."""
    sides, _ = ended()
    assert [] == list(sides.one.violations())
    sides.one.plant(id, record)
    assert any(message in each for each in sides.one.violations())


def test_a_reservation_lasts_as_long_as_what_it_is_for() -> None:
    """Whoever frees a holding that is still held is seen."""
    sides = Sides()
    assert accepted == sides.one.execute(sides.car_lock(), signers=[ALICE])
    place = next(id for id, _, after in changes_of(sides, Reservation) if after is not None)
    sides.one.close_block()
    assert [] == list(sides.one.violations())
    sides.one.plant(place, Reservation(OTHER, DEADLINE))
    assert any("ended before" in each for each in sides.one.violations())


def changes_of(sides: Sides, kind: type[Record]) -> list[tuple[RecordId, object, object]]:
    """Return what the block in the making changes of a kind."""
    from tallystick.core.invariant import Changes  # noqa: PLC0415

    changed = Changes(sides.one.candidate.overlay.changes(), time=sides.one.time)
    return list(changed.of(kind))
