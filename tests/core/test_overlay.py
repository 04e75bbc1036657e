"""The candidate state rolls back to exactly what it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.encoding import encode
from tallystick.base.identifiers import RecordId
from tallystick.core.overlay import LeafRecords, Overlay, leaf_bytes
from tests.core.toy import Token, Total, key

A, B = (RecordId(bytes([n]) * 32) for n in (1, 2))
OWNER = key(1)


def token(amount: int) -> Token:
    """Return a token."""
    return Token(owner=OWNER, amount=amount, moves=0)


def overlay_over(**records: LeafRecords) -> Overlay:
    """Return an overlay over two ids."""
    stored = {A: records.get("a", {}), B: records.get("b", {})}
    return Overlay(lambda id: dict(stored[id]))


def test_reads_fall_through_and_writes_stay() -> None:
    """What was not written is read from below, what was written is not."""
    overlay = overlay_over(a={Token: token(1)})
    assert overlay.read(Token, A) == token(1)
    overlay.write(A, token(2))
    assert overlay.read(Token, A) == token(2)
    assert overlay.read(Total, A) is None


def test_an_id_holds_something_or_nothing() -> None:
    """Any kind of record takes an id, written or stored, until the last one is gone."""
    overlay = overlay_over(a={Token: token(1)})
    assert (True, False) == (overlay.holds(A), overlay.holds(B))
    mark = overlay.mark()
    overlay.delete(Token, A)
    overlay.write(B, Total(amount=9))
    assert (False, True) == (overlay.holds(A), overlay.holds(B))
    overlay.rollback(mark)
    assert (True, False) == (overlay.holds(A), overlay.holds(B))
    assert [] == overlay.changes()


def test_a_new_id_is_created_without_asking_the_store() -> None:
    """What is created is read at once, is gone after a rollback, and cannot be created twice."""
    asked: list[RecordId] = []

    def load(id: RecordId) -> LeafRecords:
        asked.append(id)
        return {}

    overlay = Overlay(load)
    mark = overlay.mark()
    overlay.create(A, token(1))
    assert ([], token(1)) == (asked, overlay.read(Token, A))
    assert [(A, {}, {Token: token(1)})] == overlay.changes()
    overlay.write(A, Total(amount=2))
    for record in (token(3), Total(amount=3)):
        with pytest.raises(AssertionError, match="in use already"):
            overlay.create(A, record)
    overlay.rollback(mark)
    assert [] == overlay.changes()
    assert overlay.read(Token, A) is None
    assert [A] == asked
    overlay.create(A, token(4))
    assert [(A, {}, {Token: token(4)})] == overlay.changes()


def test_nested_rollback() -> None:
    """An inner rollback leaves the outer writes, an outer one leaves nothing."""
    overlay = overlay_over(a={Token: token(1)})
    outer = overlay.mark()
    overlay.write(A, token(2))
    inner = overlay.mark()
    overlay.write(A, token(3))
    overlay.write(B, Total(amount=9))
    overlay.delete(Token, A)
    overlay.rollback(inner)
    assert (overlay.read(Token, A), overlay.read(Total, B)) == (token(2), None)
    overlay.rollback(outer)
    assert overlay.read(Token, A) == token(1)
    assert overlay.changes() == []


def test_changes_show_before_and_after() -> None:
    """A change holds what an id had before the block and has after it."""
    overlay = overlay_over(a={Token: token(1)})
    overlay.write(A, token(2))
    overlay.write(A, token(3))
    overlay.read(Token, B)
    assert overlay.changes() == [(A, {Token: token(1)}, {Token: token(3)})]


def test_leaf_bytes_do_not_depend_on_the_order_of_writing() -> None:
    """The records of one id are encoded in order of their tags."""
    one, other = token(1), Total(amount=2)
    there: LeafRecords = {Token: one, Total: other}
    back: LeafRecords = {Total: other, Token: one}
    assert leaf_bytes(there) == leaf_bytes(back) == b"\x92" + encode(one) + encode(other)


@given(st.lists(st.tuples(st.sampled_from([A, B]), st.integers(0, 5), st.booleans()), max_size=30))
def test_random_histories_roll_back(steps: list[tuple[RecordId, int, bool]]) -> None:
    """Whatever was created, written or deleted since a mark, rolling back restores it."""
    overlay = overlay_over(a={Token: token(7)})
    overlay.write(B, token(8))
    before = (overlay.read(Token, A), overlay.read(Token, B))
    mark = overlay.mark()
    for id, amount, deletes in steps:
        if deletes and overlay.read(Token, id) is not None:
            overlay.delete(Token, id)
        elif overlay.holds(id):
            overlay.write(id, token(amount))
        else:
            overlay.create(id, token(amount))
    overlay.rollback(mark)
    assert (overlay.read(Token, A), overlay.read(Token, B)) == before
