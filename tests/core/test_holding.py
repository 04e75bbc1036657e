"""Locks: whom they bind, how long, and whose names they take."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.amounts import MILLISECONDS_MAX
from tallystick.base.encoding import Malformed, decode, encode
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.core.holding import Lock, LockedFor, Move, holding_id, in_force, vault
from tallystick.testing.keys import key

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


def test_an_account_is_found_by_its_unit_and_owner() -> None:
    """The id depends on both, in this way."""
    expected = RecordId(tagged_hash(b"tallystick/holding-id/1", ID, key(1)))
    assert expected == holding_id(ID, key(1))
    assert expected != holding_id(ID, key(2))
    assert expected != holding_id(RecordId(bytes(31) + b"\x01"), key(1))


def test_nobody_signs_for_a_vault() -> None:
    """A vault is as long as a key and is none; contract and lock id tell vaults apart."""
    owner = vault("market", LOCK_ID)
    assert PublicKey(b"\x00" + tagged_hash(b"tallystick/vault/1", b"market", LOCK_ID)) == owner
    assert len(key(1)) == len(owner)
    others = {vault("markets", LOCK_ID), vault("market", LockId(bytes(31) + b"\x01")), key(1)}
    assert owner not in others


def test_the_whole_is_what_is_locked_unless_an_amount_is_named() -> None:
    """Nothing named means 0, and what is named comes back from the bytes."""
    assert 0 == Lock("asset", ID, LOCK_ID, 0).amount
    move = Move("asset", ID, LOCK_ID, 5, key(1))
    assert move == decode(encode(move), Move)
