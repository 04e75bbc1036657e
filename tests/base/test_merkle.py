"""Trees, proofs and verifiers of RFC 6962."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base import merkle

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "rfc6962.json").read_text(encoding="utf-8")
)
REFERENCE = [bytes.fromhex(entry) for entry in VECTORS["entries"]]
ROOTS = [bytes.fromhex(root) for root in VECTORS["roots"]]
SIZES_MAX = 300
ENTRIES = [b"entry %d" % n for n in range(SIZES_MAX)]
HASH = bytes(range(32))


def naive_root(entries: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    split = 1
    while 2 * split < len(entries):
        split *= 2
    left, right = naive_root(entries[:split]), naive_root(entries[split:])
    return sha256(b"\x01" + left + right).digest()


def naive_path(index: int, entries: list[bytes]) -> list[bytes]:
    """RFC 6962 §2.1.1, word for word."""
    if len(entries) == 1:
        return []
    split = 1
    while 2 * split < len(entries):
        split *= 2
    if index < split:
        return [*naive_path(index, entries[:split]), naive_root(entries[split:])]
    return [*naive_path(index - split, entries[split:]), naive_root(entries[:split])]


def naive_subproof(old_size: int, entries: list[bytes], *, whole: bool) -> list[bytes]:
    """RFC 6962 §2.1.2, word for word."""
    if old_size == len(entries):
        return [] if whole else [naive_root(entries)]
    split = 1
    while 2 * split < len(entries):
        split *= 2
    if old_size <= split:
        below = naive_subproof(old_size, entries[:split], whole=whole)
        return [*below, naive_root(entries[split:])]
    below = naive_subproof(old_size - split, entries[split:], whole=False)
    return [*below, naive_root(entries[:split])]


NAIVE_ROOTS = [naive_root(ENTRIES[:size]) for size in range(SIZES_MAX + 1)]


def test_published_roots() -> None:
    """The reference tree has the published root at every size."""
    assert bytes.fromhex(VECTORS["empty_root"]) == merkle.root([])
    assert [merkle.root(REFERENCE[:size]) for size in range(1, 9)] == ROOTS


@pytest.mark.parametrize("case", VECTORS["inclusion"])
def test_published_inclusion(case: dict[str, Any]) -> None:
    """The published inclusion proofs are made and accepted."""
    index, size = case["index"], case["size"]
    proof = merkle.inclusion_proof(REFERENCE[:size], index)
    assert case["proof"] == [each.hex() for each in proof]
    assert merkle.verify_inclusion(REFERENCE[index], index, size, proof, ROOTS[size - 1])


@pytest.mark.parametrize("case", VECTORS["consistency"])
def test_published_consistency(case: dict[str, Any]) -> None:
    """The published consistency proofs are made and accepted."""
    old, size = case["old_size"], case["size"]
    proof = merkle.consistency_proof(REFERENCE[:size], old)
    assert case["proof"] == [each.hex() for each in proof]
    assert merkle.verify_consistency(old, size, ROOTS[old - 1], ROOTS[size - 1], proof)


@pytest.mark.parametrize("size", range(SIZES_MAX + 1))
def test_roots_of_every_size(size: int) -> None:
    """The level by level root is the recursive one of the specification."""
    assert NAIVE_ROOTS[size] == merkle.root(ENTRIES[:size])


@pytest.mark.parametrize("size", [*range(1, 33), *range(33, SIZES_MAX + 1, 13), SIZES_MAX])
def test_inclusion_of_every_index(size: int) -> None:
    """Every index of a tree has a proof, and it holds for no other index or size."""
    entries, root = ENTRIES[:size], NAIVE_ROOTS[size]
    for index in range(size):
        proof = merkle.inclusion_proof(entries, index)
        if size <= 32:
            assert naive_path(index, entries) == proof
        assert merkle.verify_inclusion(entries[index], index, size, proof, root)
        assert (
            not merkle.verify_inclusion(entries[index], index ^ 1, size, proof, root) or not proof
        )
        assert not merkle.verify_inclusion(b"other", index, size, proof, root)
        assert not merkle.verify_inclusion(entries[index], index, size, [*proof, HASH], root)
        assert not merkle.verify_inclusion(entries[index], index, size, [HASH, *proof], root)
        if proof:
            assert not merkle.verify_inclusion(entries[index], index, size, proof[1:], root)
            assert not merkle.verify_inclusion(entries[index], index, size, proof[:-1], root)


@pytest.mark.parametrize("size", range(1, SIZES_MAX + 1))
def test_inclusion_at_every_size(size: int) -> None:
    """Every size has proofs: of its first, its middle and its last entry."""
    for index in {0, size // 2, size - 1}:
        proof = merkle.inclusion_proof(ENTRIES[:size], index)
        assert merkle.verify_inclusion(ENTRIES[index], index, size, proof, NAIVE_ROOTS[size])


@pytest.mark.parametrize("size", [*range(1, 33), *range(33, SIZES_MAX + 1, 29), SIZES_MAX])
def test_consistency_of_every_pair(size: int) -> None:
    """Every older size of a tree has a proof, and it holds for no other root or length."""
    entries, root = ENTRIES[:size], NAIVE_ROOTS[size]
    for old in range(1, size + 1):
        proof, old_root = merkle.consistency_proof(entries, old), NAIVE_ROOTS[old]
        if size <= 32:
            assert naive_subproof(old, entries, whole=True) == proof
        assert merkle.verify_consistency(old, size, old_root, root, proof)
        assert not merkle.verify_consistency(old, size, HASH, root, proof)
        assert not merkle.verify_consistency(old, size, old_root, HASH, proof)
        assert not merkle.verify_consistency(old, size, old_root, root, [*proof, HASH])
        if proof:
            assert not merkle.verify_consistency(old, size, old_root, root, proof[:-1])
            assert not merkle.verify_consistency(old, size, old_root, root, proof[1:])
            assert not merkle.verify_consistency(old - 1, size, old_root, root, proof)


def test_a_repeated_last_entry_changes_the_root() -> None:
    """[a, b, c] and [a, b, c, c] are different trees."""
    assert merkle.root([b"a", b"b", b"c"]) != merkle.root([b"a", b"b", b"c", b"c"])


def test_a_node_is_not_an_entry() -> None:
    """The preimage of a node, taken as an entry, doesn't have the node's hash."""
    left, right = merkle.leaf_hash(b"a"), merkle.leaf_hash(b"b")
    assert merkle.root([b"a", b"b"]) != merkle.root([left + right])
    assert merkle.root([b"a", b"b"]) == merkle.node_hash(left, right)


@pytest.mark.parametrize(
    ("old", "size", "old_root", "root", "proof", "expected"),
    [
        (0, 0, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, [], True),
        (0, 0, merkle.EMPTY_ROOT, HASH, [], False),
        (0, 2, merkle.EMPTY_ROOT, NAIVE_ROOTS[2], [], True),
        (0, 2, HASH, NAIVE_ROOTS[2], [], False),
        (0, 2, merkle.EMPTY_ROOT, NAIVE_ROOTS[2], [HASH], False),
        (2, 2, NAIVE_ROOTS[2], NAIVE_ROOTS[2], [], True),
        (2, 2, NAIVE_ROOTS[2], NAIVE_ROOTS[2], [HASH], False),
        (2, 1, NAIVE_ROOTS[2], NAIVE_ROOTS[1], [], False),
    ],
)
def test_consistency_at_the_edges(
    old: int, size: int, old_root: bytes, root: bytes, proof: list[bytes], *, expected: bool
) -> None:
    """Every tree continues the empty one and itself, with an empty proof; none shrinks."""
    assert expected == merkle.verify_consistency(old, size, old_root, root, proof)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=3),
    st.binary(max_size=40),
    st.just(2**5000),
    st.lists(st.one_of(st.none(), st.binary(min_size=31, max_size=33)), max_size=5),
)


@given(entry=JUNK, index=JUNK, size=JUNK, proof=JUNK, root=JUNK)
def test_no_input_makes_inclusion_raise(
    entry: Any, index: Any, size: Any, proof: Any, root: Any
) -> None:
    """Whatever the arguments are, the answer is False."""
    assert merkle.verify_inclusion(entry, index, size, proof, root) is False


@given(old=JUNK, size=JUNK, old_root=JUNK, root=JUNK, proof=JUNK)
def test_no_input_makes_consistency_raise(
    old: Any, size: Any, old_root: Any, root: Any, proof: Any
) -> None:
    """Whatever the arguments are, the answer is False."""
    assert merkle.verify_consistency(old, size, old_root, root, proof) is False


GOOD: dict[str, Any] = {
    "entry": ENTRIES[3],
    "index": 3,
    "size": 5,
    "proof": merkle.inclusion_proof(ENTRIES[:5], 3),
    "root": NAIVE_ROOTS[5],
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("entry", None),
        ("entry", "entry 3"),
        ("entry", bytearray(ENTRIES[3])),
        ("index", True),
        ("index", -1),
        ("index", 3.0),
        ("index", "3"),
        ("index", None),
        ("index", 5),
        ("size", 3),
        ("size", 0),
        ("size", -5),
        ("size", None),
        ("size", 2**63),
        ("size", 10**400),
        ("proof", None),
        ("proof", "proof"),
        ("proof", b"".join(merkle.inclusion_proof(ENTRIES[:5], 3))),
        ("proof", 7),
        ("proof", [None, None, None]),
        ("proof", [each[:31] for each in merkle.inclusion_proof(ENTRIES[:5], 3)]),
        ("proof", [HASH] * 1000),
        ("root", None),
        ("root", NAIVE_ROOTS[5].hex()),
        ("root", NAIVE_ROOTS[5][:31]),
    ],
)
def test_one_wrong_argument_of_inclusion(name: str, value: Any) -> None:
    """One argument of a wrong type, length or range makes a good proof False."""
    assert merkle.verify_inclusion(**GOOD) is True
    assert merkle.verify_inclusion(**GOOD | {name: value}) is False


@given(size=st.integers(2, 64), data=st.data())
def test_any_flipped_bit_refuses(size: int, data: st.DataObject) -> None:
    """A proof with one bit changed anywhere proves nothing."""
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(ENTRIES[:size], index)
    which, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
    flipped = (int.from_bytes(proof[which], "big") ^ (1 << bit)).to_bytes(32, "big")
    proof[which] = flipped
    assert not merkle.verify_inclusion(ENTRIES[index], index, size, proof, NAIVE_ROOTS[size])


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: merkle.inclusion_proof([], 0), "index 0 is not in a tree of 0 entries"),
        (lambda: merkle.inclusion_proof([b""], 1), "index 1 is not in a tree of 1 entries"),
        (lambda: merkle.inclusion_proof([b""], -1), "index -1 is not in a tree of 1 entries"),
        (lambda: merkle.inclusion_proof([b""], index=False), "index False is not in"),
        (lambda: merkle.consistency_proof([b""], 2), "old size 2 is not between 0 and"),
        (lambda: merkle.consistency_proof([b""], -1), "old size -1 is not between 0 and"),
        (lambda: merkle.root([b"", "text"]), "entry 1 is str, not bytes"),  # type: ignore[list-item]
        (lambda: merkle.root(b"abc"), "entry 0 is int, not bytes"),  # type: ignore[arg-type]
    ],
)
def test_builders_say_what_is_wrong(build: Callable[[], object], message: str) -> None:
    """A bad argument of a builder is a ValueError that names it."""
    with pytest.raises(ValueError, match=message):
        build()


@pytest.mark.parametrize("size", range(1, 34))
def test_a_root_made_for_a_longer_proof(size: int) -> None:
    """A proof longer than its tree is high proves nothing, even under a root that it hashes to."""
    for index in range(size):
        proof = merkle.inclusion_proof(ENTRIES[:size], index)
        for root in (
            merkle.node_hash(HASH, NAIVE_ROOTS[size]),
            merkle.node_hash(NAIVE_ROOTS[size], HASH),
        ):
            assert not merkle.verify_inclusion(ENTRIES[index], index, size, [*proof, HASH], root)
            old = index + 1
            longer = [*merkle.consistency_proof(ENTRIES[:size], old), HASH]
            for old_root in (NAIVE_ROOTS[old], merkle.node_hash(HASH, NAIVE_ROOTS[old])):
                assert not merkle.verify_consistency(old, size, old_root, root, longer)


def test_root_from_inclusion() -> None:
    """Whoever has a leaf hash finds the root without the entry, and nothing where none fits."""
    proof = merkle.inclusion_proof(ENTRIES[:5], 3)
    leaf = merkle.leaf_hash(ENTRIES[3])
    assert NAIVE_ROOTS[5] == merkle.root_from_inclusion(leaf, 3, 5, proof)
    assert merkle.root_from_inclusion(leaf, 3, 5, proof[:-1]) is None
    assert merkle.root_from_inclusion(leaf[:5], 3, 5, proof) is None
    assert merkle.root_of_leaves([]) == merkle.EMPTY_ROOT
