"""Locks: whom they bind, how long, and whose names they take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.amounts import MILLISECONDS_MAX
from tallystick.base.encoding import Malformed, decode, encode
from tallystick.base.identifiers import LockId, RecordId
from tallystick.core.holding import Lock, LockedFor, in_force

ID = RecordId(bytes(32))
LOCK_ID = LockId(bytes(32))


def locked(until: int) -> LockedFor:
    """Return a lock that lapses at a moment."""
    return LockedFor(holder="market", lock_id=LOCK_ID, until=until)


@pytest.mark.parametrize(
    ("lock", "time", "expected"),
    [
        (None, 0, False),
        (None, 1_000, False),
        (locked(1_000), 0, True),
        (locked(1_000), 999, True),
        (locked(1_000), 1_000, False),
        (locked(1_000), 1_001, False),
        (locked(1), 0, True),
        (locked(1), 1, False),
        (locked(0), 0, True),
        (locked(0), MILLISECONDS_MAX, True),
        (locked(MILLISECONDS_MAX), MILLISECONDS_MAX - 1, True),
        (locked(MILLISECONDS_MAX), MILLISECONDS_MAX, False),
    ],
)
def test_when_a_lock_binds(lock: LockedFor | None, time: int, *, expected: bool) -> None:
    """A lock binds before `until` and no more at it; 0 is for ever; no lock binds nobody."""
    assert expected is in_force(lock, time=time)


@given(st.integers(1, MILLISECONDS_MAX), st.integers(0, MILLISECONDS_MAX), st.integers(0, 10**9))
def test_a_lapsed_lock_stays_lapsed(until: int, time: int, later: int) -> None:
    """Time only ever ends a lock."""
    assert in_force(locked(until), time=time) or not in_force(locked(until), time=time + later)


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("certificate", True),
        ("a", True),
        ("joint-change", True),
        ("a" * 32, True),
        ("a" * 33, False),
        ("", False),
        ("Market", False),
        ("-market", False),
        ("market1", False),
        ("market ", False),
        ("market\n", False),
        ("märket", False),
    ],
)
def test_names_of_contracts(name: str, *, accepted: bool) -> None:
    """A contract's name is a word of small letters and hyphens."""
    data = encode(Lock(contract=name, holding=ID, lock_id=LOCK_ID, until=0))
    if accepted:
        assert name == decode(data, Lock).contract
    else:
        with pytest.raises(Malformed, match=r"Lock\.contract"):
            decode(data, Lock)
