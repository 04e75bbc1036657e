"""Every allowance is followed by its number, and an event that does not find it is noticed."""

import pytest

from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.contracts.allowance.events import (
    AllowancesAllocated,
    AllowancesLocked,
    AllowancesMoved,
    AllowancesReleased,
    AllowancesRetired,
    AllowancesTransferred,
    PenaltyPaid,
)
from tallystick.contracts.allowance.model import Block, End, vintage_id
from tallystick.scenarios.allowances_trace import Trace, Whereabouts, whereabouts

PROGRAMME, UNIT = RecordId(bytes(32)), RecordId(b"u" * 32)
ANNA, BERT, VAULT = (PublicKey(bytes([head]) + bytes(32)) for head in (2, 3, 0))
AFFAIR = LockId(Hash(b"a" * 32))
VINTAGE = vintage_id(programme=PROGRAMME, zone="north", period=0)


def allocated(first: int, last: int, owner: PublicKey = ANNA) -> Record:
    """Return an allocation."""
    return AllowancesAllocated(UNIT, PROGRAMME, "north", 0, owner, (Block(first, last),))


def transferred(first: int, last: int, source: PublicKey, target: PublicKey) -> Record:
    """Return a transfer."""
    return AllowancesTransferred(VINTAGE, source, target, (Block(first, last),))


def locked(first: int, last: int) -> Record:
    """Return a lock of Anna's."""
    return AllowancesLocked(VINTAGE, ANNA, "market", AFFAIR, 0, (Block(first, last),))


def released(first: int, last: int) -> Record:
    """Return the end of a lock of Anna's."""
    return AllowancesReleased(VINTAGE, ANNA, "market", AFFAIR, (Block(first, last),))


def moved(
    first: int, last: int, source: PublicKey, target: PublicKey, *, is_locked: bool
) -> Record:
    """Return a movement by a market."""
    return AllowancesMoved(
        vintage=VINTAGE,
        source=source,
        target=target,
        amount=last - first + 1,
        holder="market",
        lock_id=AFFAIR,
        locked=is_locked,
        blocks=(Block(first, last),),
    )


def retired(first: int, last: int, owner: PublicKey, end: End = End.SURRENDERED) -> Record:
    """Return the end of some."""
    return AllowancesRetired(VINTAGE, 0, owner, end, UNIT, 0, None, None, (Block(first, last),))


LIFE = (
    allocated(1, 10),
    locked(1, 4),
    released(4, 4),
    moved(1, 3, ANNA, VAULT, is_locked=True),
    moved(1, 2, VAULT, BERT, is_locked=False),
    transferred(4, 5, ANNA, BERT),
    PenaltyPaid(UNIT, 5),
    retired(1, 1, BERT),
    retired(9, 10, ANNA, End.EXPIRED),
)


def test_a_life_is_followed() -> None:
    """Locked, sold through the clearing account, given by hand, surrendered, expired."""
    trace = Trace()
    trace.follow(LIFE)
    assert [] == trace.problems
    assert {"held": 7, "surrendered": 1, "expired": 2} == trace.states(VINTAGE)
    assert {ANNA: 3, BERT: 3, VAULT: 1} == trace.held(VINTAGE)
    assert trace.has_no_gap(VINTAGE)
    assert Whereabouts(6, 1, {"surrendered": 1, "expired": 2}) == whereabouts(
        trace, VINTAGE, {ANNA, BERT}
    )
    assert (4, 1) == (trace.moves[VINTAGE][1], trace.moves[VINTAGE][8])


@pytest.mark.parametrize(
    "event",
    [
        allocated(10, 11),
        locked(1, 1),
        released(8, 8),
        moved(8, 8, ANNA, VAULT, is_locked=True),
        moved(2, 2, VAULT, BERT, is_locked=False),
        transferred(4, 4, ANNA, BERT),
        retired(1, 1, BERT),
        retired(11, 11, ANNA),
    ],
)
def test_an_event_that_does_not_find_it_is_noticed(event: Record) -> None:
    """Issued twice, locked or moved by whoever has it not, retired twice, never issued."""
    trace = Trace()
    trace.follow((*LIFE, event))
    assert 1 == len(trace.problems)


def test_a_gap_is_noticed() -> None:
    """Numbers are given out one after the other."""
    trace = Trace()
    trace.follow((allocated(1, 2), allocated(4, 5)))
    assert not trace.has_no_gap(VINTAGE)
