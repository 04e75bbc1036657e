"""The next step follows from what the ledgers say, and from nothing else."""

import pytest
from msgspec.structs import replace

from tallystick.base.identifiers import LedgerId, LockId, PublicKey, RecordId
from tallystick.contracts.exchange.model import (
    SALT_BYTES,
    Change,
    Outcome,
    Part,
    PartState,
    change_id,
)
from tallystick.coordination.joint_change import (
    Decide,
    FinishParts,
    Over,
    PrepareParts,
    Refusal,
    Seen,
    Step,
    UnsoundParts,
    Wait,
    check_parts,
    may_wait,
    next_step,
    plan,
    prepare_order,
)
from tallystick.testing.keys import key

A, B, C = (LedgerId(bytes([n]) * 32) for n in (1, 2, 3))
NO, HELD, DONE, BACK = None, PartState.PREPARED, PartState.CHANGED, PartState.UNCHANGED
COMMITTED, ABORTED = Outcome.COMMITTED, Outcome.ABORTED
DEADLINE = 1_000
LOWEST, HIGHEST = LockId(bytes(32)), LockId(b"\xff" * 32)


def part(ledger: LedgerId, n: int = 0) -> Part:
    """Return a part on a ledger."""
    return Part(ledger, "asset", RecordId(bytes([n]) * 32), key(1), 5, key(2))


def change(deciding: LedgerId = B) -> Change:
    """Return a change of a part on A, one on B and two on C."""
    parts = [part(C, 1), part(A), part(C), part(B)]
    return plan(parts, deciding=deciding, deadline=DEADLINE, salt=bytes(SALT_BYTES))


def refused(held_by: LockId | None) -> Refusal:
    """Return why a part was not prepared."""
    return Refusal(C, "exchange", 825, "held", held_by, 700)


ALL = (0, 1, 2, 3)
TABLE = [
    # What the parts on A, B, C and C are; what was decided; the time; whose parts; the step.
    ((NO, NO, NO, NO), None, 0, ALL, PrepareParts(B, (1,))),
    ((NO, HELD, NO, NO), None, 0, ALL, PrepareParts(A, (0,))),
    ((HELD, HELD, NO, NO), None, 0, ALL, PrepareParts(C, (2, 3))),
    ((HELD, HELD, HELD, NO), None, 0, ALL, PrepareParts(C, (3,))),
    ((HELD, HELD, HELD, HELD), None, 0, ALL, Decide(COMMITTED)),
    ((HELD, HELD, HELD, HELD), None, 0, (), Decide(COMMITTED)),
    ((HELD, HELD, HELD, HELD), None, DEADLINE - 1, ALL, Decide(COMMITTED)),
    ((HELD, HELD, HELD, HELD), None, DEADLINE, ALL, Decide(ABORTED)),
    ((NO, NO, NO, NO), None, DEADLINE, ALL, Decide(ABORTED)),
    ((NO, NO, NO, NO), None, 0, (0, 2, 3), Wait(DEADLINE)),
    ((NO, HELD, NO, NO), None, 0, (2,), Wait(DEADLINE)),
    ((HELD, HELD, NO, NO), None, 0, (3,), PrepareParts(C, (3,))),
    ((HELD, HELD, HELD, HELD), COMMITTED, 0, (), FinishParts((0, 1, 2, 3))),
    ((HELD, DONE, DONE, HELD), COMMITTED, 9 * DEADLINE, ALL, FinishParts((0, 3))),
    ((DONE, DONE, DONE, DONE), COMMITTED, 0, ALL, Over(COMMITTED)),
    ((HELD, NO, BACK, NO), ABORTED, 0, ALL, FinishParts((0,))),
    ((BACK, NO, BACK, NO), ABORTED, 0, ALL, Over(ABORTED)),
    ((NO, NO, NO, NO), ABORTED, 0, ALL, Over(ABORTED)),
]


@pytest.mark.parametrize(("parts", "outcome", "time", "mine", "expected"), TABLE)
def test_the_next_step(
    parts: tuple[PartState | None, ...],
    outcome: Outcome | None,
    time: int,
    mine: tuple[int, ...],
    expected: Step,
) -> None:
    """The deciding ledger comes first; nothing is committed late; a decision ends every part."""
    assert expected == next_step(change(), Seen(parts, outcome, time), mine)


REFUSALS = [
    ((NO, NO, NO, NO), LOWEST, Decide(ABORTED)),
    ((NO, NO, NO, NO), HIGHEST, Decide(ABORTED)),
    ((NO, NO, NO, NO), None, Decide(ABORTED)),
    ((NO, HELD, NO, NO), LOWEST, Decide(ABORTED)),
    ((NO, HELD, NO, NO), HIGHEST, Wait(700)),
    ((NO, HELD, NO, NO), None, Decide(ABORTED)),
    ((HELD, HELD, HELD, HELD), LOWEST, Decide(COMMITTED)),
]


@pytest.mark.parametrize(("parts", "held_by", "expected"), REFUSALS)
def test_who_is_refused_gives_way_or_waits(
    parts: tuple[PartState | None, ...], held_by: LockId | None, expected: Step
) -> None:
    """Only the one of lower id waits while it holds something, so nobody waits in a circle."""
    seen = Seen(parts, None, 0)
    assert expected == next_step(change(), seen, ALL, refused(held_by))
    over = Seen(parts, None, DEADLINE)
    assert Decide(ABORTED) == next_step(change(), over, ALL, refused(held_by))


def test_of_two_that_hold_what_the_other_wants_one_waits() -> None:
    """Whatever their ids are."""
    one, other = change(A), change(B)
    holds = Seen((HELD, HELD, NO, NO), None, 0)
    waits = [
        may_wait(one, holds, refused(change_id(other))),
        may_wait(other, holds, refused(change_id(one))),
    ]
    assert [False, True] == sorted(waits)


def test_parts_are_prepared_where_it_is_decided_first() -> None:
    """Then in the order of ledger ids, whoever plans the change."""
    assert [B, A, C] == prepare_order(change(B))
    assert [C, A, B] == prepare_order(change(C))
    assert [A, B, C] == prepare_order(change(LedgerId(b"\x09" * 32)))


def test_what_can_no_more_be_committed_and_holds_nothing_is_over() -> None:
    """Nobody needs to record what can't come otherwise; but whoever holds something must."""
    nothing = Seen((NO, NO, BACK, NO), None, DEADLINE, closed=True)
    assert Over(ABORTED) == next_step(change(), nothing, ALL)
    assert Over(ABORTED) == next_step(change(), nothing, ALL, refused(LOWEST))
    something = Seen((NO, HELD, NO, NO), None, DEADLINE, closed=True)
    assert Decide(ABORTED) == next_step(change(), something, ALL)


def test_parts_that_no_ledger_could_prepare_are_refused() -> None:
    """None, too many, or one holding twice."""
    for parts in ([], [part(A), part(A)], [part(A, n) for n in range(17)]):
        with pytest.raises(UnsoundParts):
            plan(parts, deciding=A, deadline=DEADLINE)


@pytest.mark.parametrize(
    "unsound",
    [
        replace(change(), parts=change().parts[::-1]),
        replace(change(), parts=(part(A), part(A))),
        replace(change(), parts=()),
        replace(change(), parts=(replace(part(A), target=PublicKey(b"\x05" * 33)),)),
        replace(change(), parts=(replace(part(A), amount=-1),)),
        replace(change(), salt=b""),
    ],
)
def test_a_change_of_somebody_else_is_held_against_the_same(unsound: Change) -> None:
    """Whoever joins it finds out before anything is written."""
    check_parts(change())
    with pytest.raises(UnsoundParts):
        check_parts(unsound)


def test_a_plan_sorts_its_parts_and_draws_a_salt() -> None:
    """The same parts make the same change under one salt, and another under a fresh one."""
    made = change()
    assert [A, B, C, C] == [each.ledger for each in made.parts]
    assert made.parts[2].holding < made.parts[3].holding
    fresh = [plan(made.parts, deciding=B, deadline=DEADLINE) for _ in range(2)]
    assert fresh[0].parts == made.parts
    assert 3 == len({change_id(each) for each in (made, *fresh)})
