"""Views show what stands, and say what does not."""

import pytest

from tallystick.base.identifiers import LockId, RecordId
from tallystick.contracts.exchange.commands import Abort
from tallystick.contracts.exchange.errors import (
    ChangeNotFound,
    HashLockNotFound,
    NothingPrepared,
)
from tallystick.contracts.exchange.model import Outcome, PartState
from tallystick.contracts.exchange.views import (
    DecisionView,
    PartView,
    ReservationView,
    ShowDecision,
    ShowHashLock,
    ShowPart,
    ShowReservation,
)
from tallystick.core.holding import holding_id
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted

from .sides import ALICE, BOB, DEADLINE, Sides

NOWHERE = LockId(b"\x01" * 32)


def test_a_part_and_its_decision() -> None:
    """From held to freed, with whatever a coordinator wants to know."""
    sides = Sides().prepared()
    index = sides.index(sides.one)
    part = sides.change().parts[index]
    question = ShowPart(sides.lock_id, index)
    held = sides.one.ask(question)
    assert isinstance(held, PartView)
    assert (part, PartState.PREPARED, DEADLINE) == (held.part, held.state, held.deadline)
    assert sides.one.state.ledger == held.deciding
    assert accepted == sides.one.execute(Abort(sides.change()), signers=[BOB])
    decided = sides.one.ask(ShowDecision(sides.lock_id))
    assert DecisionView(sides.lock_id, Outcome.ABORTED, DEADLINE, sides.one.time) == decided
    assert accepted == sides.one.execute(sides.finish(sides.one), signers=[BOB])
    freed = sides.one.ask(question)
    assert isinstance(freed, PartView)
    assert PartState.UNCHANGED == freed.state


def test_what_is_not_there_is_said() -> None:
    """By the reason that a rule would give; a free holding is no mistake."""
    one = Sides().one
    with pytest.raises(NothingPrepared):
        one.ask(ShowPart(NOWHERE, 0))
    with pytest.raises(ChangeNotFound):
        one.ask(ShowDecision(NOWHERE))
    with pytest.raises(HashLockNotFound):
        one.ask(ShowHashLock(RecordId(NOWHERE)))
    free = ShowReservation("asset", holding_id(RecordId(NOWHERE), key(ALICE)))
    assert ReservationView(lock_id=None, until=0) == one.ask(free)
