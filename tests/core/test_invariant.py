"""Invariants see what changed, before and after."""

from tallystick.base.identifiers import RecordId
from tallystick.core.invariant import Change, Changes, Invariant
from tests.core.toy import TIME, Token, Total, key

A, B, C = (RecordId(bytes([n]) * 32) for n in (1, 2, 3))
ONE = Token(owner=key(1), amount=1, moves=0)
TWO = Token(owner=key(1), amount=2, moves=1)
TOTAL = Total(amount=3)

CREATED = Change(A, {}, {Token: ONE})
CHANGED = Change(B, {Token: ONE, Total: TOTAL}, {Token: TWO, Total: TOTAL})
DELETED = Change(C, {Token: TWO}, {})


def test_of_yields_before_and_after_of_one_kind() -> None:
    """What was created has nothing before, what was deleted nothing after."""
    changes = Changes([CREATED, CHANGED, DELETED], time=TIME)
    assert [(A, None, ONE), (B, ONE, TWO), (C, TWO, None)] == list(changes.of(Token))


def test_of_leaves_out_what_did_not_change() -> None:
    """A record that merely shares its id with one that changed is not mentioned."""
    assert [] == list(Changes([CREATED, CHANGED, DELETED], time=TIME).of(Total))


def test_in_an_audit_everything_is_new() -> None:
    """With nothing before, each record of a kind is yielded once."""
    everything = [Change(A, {}, {Token: ONE, Total: TOTAL}), Change(B, {}, {Total: TOTAL})]
    changes = Changes(everything, time=TIME)
    assert [(A, None, TOTAL), (B, None, TOTAL)] == list(changes.of(Total))


def test_changes_can_be_gone_through_many_times() -> None:
    """Several invariants look at the same changes, even if they came from an iterator."""
    changes = Changes(iter([CREATED, CHANGED]), time=TIME)
    assert [CREATED, CHANGED] == list(changes) == list(changes)
    assert list(changes.of(Token)) == list(changes.of(Token))
    assert TIME == changes.time


def test_an_invariant_yields_one_message_for_each_violation() -> None:
    """A sentence says what holds, the check what does not."""
    invariant = Invariant(
        "tokens hold at most one piece",
        lambda changes: [
            f"{id.hex()[:2]} holds {new.amount}"
            for id, _, new in changes.of(Token)
            if new and new.amount > 1
        ],
    )
    found = invariant.violations(Changes([CREATED, CHANGED, DELETED], time=TIME))
    assert ["02 holds 2"] == list(found)
