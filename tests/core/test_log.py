"""The log gives the roots and proofs of the plain tree, at every size it ever had."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base import merkle
from tallystick.core.log import Log

SIZE_MAX = 300
ENTRIES = [b"entry %d" % n for n in range(SIZE_MAX)]
LEAVES = [merkle.leaf_hash(entry) for entry in ENTRIES]


def log_of(size: int) -> Log:
    """Return a log of the first entries."""
    log = Log()
    log.extend_leaf_hashes(LEAVES[:size])
    return log


WHOLE = log_of(SIZE_MAX)


def test_appending_one_by_one() -> None:
    """Every append returns the index, and the root is that of the entries so far."""
    log = Log()
    assert log.root() == merkle.EMPTY_ROOT
    for index, entry in enumerate(ENTRIES):
        assert index == log.append(entry)
        assert index + 1 == log.size
        assert merkle.root(ENTRIES[: index + 1]) == log.root()


@given(st.lists(st.integers(0, 40), max_size=12))
def test_any_split_of_appends(steps: list[int]) -> None:
    """How the entries were grouped when they came leaves no trace."""
    log, size = Log(), 0
    for step in steps:
        chunk = LEAVES[size : size + step]
        if step == 1 and chunk:
            log.append(ENTRIES[size])
        else:
            log.extend_leaf_hashes(chunk)
        size += len(chunk)
        assert merkle.root_of_leaves(LEAVES[:size]) == log.root()
        assert size == log.size
        assert log.root() == Log.restore(log.leaf_hashes(0, size)).root()


@pytest.mark.parametrize("size", range(SIZE_MAX + 1))
def test_past_roots(size: int) -> None:
    """A log knows the root that it had at every size."""
    assert merkle.root_of_leaves(LEAVES[:size]) == WHOLE.root(size)


@pytest.mark.parametrize("size", range(1, SIZE_MAX + 1))
def test_past_inclusion(size: int) -> None:
    """Every size has inclusion proofs, the same as the plain tree's."""
    root = WHOLE.root(size)
    for index in {*range(0, size, 1 + size // 8), size - 1}:
        proof = WHOLE.inclusion_proof(index, size)
        assert merkle.verify_inclusion(ENTRIES[index], index, size, proof, root)
    assert merkle.inclusion_proof(ENTRIES[:size], size // 2) == WHOLE.inclusion_proof(
        size // 2, size
    )


@pytest.mark.parametrize("size", range(1, SIZE_MAX + 1))
def test_past_consistency(size: int) -> None:
    """Every pair of sizes has a consistency proof, the same as the plain tree's."""
    root = WHOLE.root(size)
    for old in {*range(0, size, 1 + size // 8), size - 1, size}:
        proof = WHOLE.consistency_proof(old, size)
        assert merkle.verify_consistency(old, size, WHOLE.root(old), root, proof)
    old = size // 2
    assert merkle.consistency_proof(ENTRIES[:size], old) == WHOLE.consistency_proof(old, size)


def test_proofs_of_the_present() -> None:
    """Without a size, proofs are for the present one."""
    assert WHOLE.inclusion_proof(7, SIZE_MAX) == WHOLE.inclusion_proof(7)
    assert WHOLE.consistency_proof(7, SIZE_MAX) == WHOLE.consistency_proof(7)
    assert WHOLE.root(SIZE_MAX) == WHOLE.root()


def test_proofs_are_short() -> None:
    """A proof has at most one hash per level, one more for consistency."""
    log = Log()
    log.extend_leaf_hashes([LEAVES[0]] * 100_000)
    assert max(len(log.inclusion_proof(index)) for index in range(0, 100_000, 997)) <= 17
    assert max(len(log.consistency_proof(old)) for old in range(1, 100_000, 997)) <= 18


def test_leaf_hashes() -> None:
    """Leaf hashes come back one by one, or joined for keeping."""
    assert LEAVES[5] == WHOLE.leaf_hash(5)
    assert b"".join(LEAVES[5:9]) == WHOLE.leaf_hashes(5, 9)
    assert WHOLE.leaf_hashes(5, 5) == b""
    restored = Log.restore(WHOLE.leaf_hashes(0, 200))
    assert WHOLE.root(200) == restored.root()
    restored.extend_leaf_hashes(LEAVES[200:])
    assert WHOLE.root() == restored.root()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: WHOLE.root(301), "old size 301 is not between 0 and the tree's 300"),
        (lambda: WHOLE.root(-1), "old size -1"),
        (lambda: WHOLE.inclusion_proof(10, 10), "index 10 is not in a tree of 10 entries"),
        (lambda: WHOLE.inclusion_proof(0, 301), "old size 301"),
        (lambda: WHOLE.consistency_proof(11, 10), "old size 11 is not between 0 and the tree's 10"),
        (lambda: WHOLE.leaf_hash(300), "index 300 is not in a tree of 300 entries"),
        (lambda: WHOLE.leaf_hashes(2, 301), r"\[2, 301\) is not a part of a log of 300"),
        (lambda: WHOLE.leaf_hashes(3, 2), r"\[3, 2\) is not a part"),
        (lambda: Log.restore(bytes(33)), "33 bytes are not a whole number of leaf hashes"),
        (lambda: Log().extend_leaf_hashes([bytes(33), bytes(31)]), "leaf hash 0 has 33 bytes"),
    ],
)
def test_bad_arguments(call: Callable[[], object], message: str) -> None:
    """A bad argument is a ValueError that names it."""
    with pytest.raises(ValueError, match=message):
        call()


def test_a_refused_extension_changes_nothing() -> None:
    """If one leaf hash has a wrong length, none is added."""
    log = log_of(5)
    with pytest.raises(ValueError, match="leaf hash 1 has 31 bytes"):
        log.extend_leaf_hashes([LEAVES[5], bytes(31)])
    assert log.size == 5
    assert merkle.root_of_leaves(LEAVES[:5]) == log.root()
