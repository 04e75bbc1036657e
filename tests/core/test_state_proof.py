"""Proofs of presence and absence hold, and forged ones do not."""

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.encoding import Decoder, encode
from tallystick.base.identifiers import Hash, RecordId
from tallystick.core.state_proof import (
    EMPTY,
    Leaf,
    StateProof,
    bit_at,
    inner_hash,
    leaf_hash,
    verify_absence,
    verify_presence,
)
from tallystick.core.tree import StateTree

RECORDS = {RecordId(sha256(b"key %d" % n).digest()): b"records %d" % n for n in range(200)}
PRESENT = tuple(RECORDS)
ABSENT = tuple(RecordId(sha256(b"other %d" % n).digest()) for n in range(200))
TREE = StateTree()
TREE.apply(RECORDS)
ROOT = TREE.root
HASH = Hash(b"h" * 32)


def prove(key: RecordId) -> StateProof:
    """Return the tree's own proof."""
    return TREE.prove(key, RECORDS.get)


def accepted(key: RecordId, proof: StateProof, root: bytes = ROOT) -> bool:
    """Say whether a proof shows anything about a key, its presence or its absence."""
    records = RECORDS.get(key, b"")
    return verify_presence(root, key, records, proof) or verify_absence(root, key, proof)


def test_the_definition() -> None:
    """Leaf and inner hashes are what the documentation says."""
    key, other = b"\x00" * 32, b"\x10" + b"\x00" * 31
    assert leaf_hash(key, HASH) == sha256(b"\x02" + key + HASH).digest()
    assert inner_hash(3, key, other) == sha256(b"\x03\x03" + key + other).digest()
    assert [bit_at(b"\x10\x01" + bytes(30), depth) for depth in (2, 3, 4, 14, 15)] == [
        *(0, 1, 0),
        *(0, 1),
    ]


@pytest.mark.parametrize("key", PRESENT[:50])
def test_presence(key: RecordId) -> None:
    """A key in the state is proven present with its records, not absent, not with others."""
    proof = prove(key)
    assert verify_presence(ROOT, key, RECORDS[key], proof)
    assert not verify_presence(ROOT, key, RECORDS[key] + b"!", proof)
    assert not verify_presence(HASH, key, RECORDS[key], proof)
    assert not verify_absence(ROOT, key, proof)


@pytest.mark.parametrize("key", ABSENT[:50])
def test_absence(key: RecordId) -> None:
    """A key not in the state is proven absent, not present."""
    proof = prove(key)
    assert verify_absence(ROOT, key, proof)
    assert not verify_absence(HASH, key, proof)
    assert proof.end is not None
    assert not verify_presence(ROOT, key, RECORDS[proof.end.key], proof)
    assert not verify_presence(ROOT, key, b"", proof)


def test_the_empty_state() -> None:
    """Everything is absent from the empty state, and only from it, by the empty proof."""
    proof = StateProof((), None)
    assert verify_absence(EMPTY, PRESENT[0], proof)
    assert not verify_absence(ROOT, ABSENT[0], proof)
    assert not verify_absence(EMPTY, PRESENT[0], StateProof(((0, HASH),), None))
    assert not verify_presence(EMPTY, PRESENT[0], b"", proof)


def test_a_state_of_one() -> None:
    """With one key in the state, the proof is its leaf alone."""
    tree = StateTree()
    tree.apply({PRESENT[0]: b"one"})
    proof = tree.prove(ABSENT[0], {PRESENT[0]: b"one"}.get)
    assert proof == StateProof((), Leaf(PRESENT[0], Hash(sha256(b"one").digest())))
    assert verify_absence(tree.root, ABSENT[0], proof)
    assert verify_presence(tree.root, PRESENT[0], b"one", proof)
    assert not verify_absence(tree.root, PRESENT[0], proof)


def test_a_proof_survives_its_encoding() -> None:
    """Proofs have a canonical encoding."""
    decoder = Decoder(StateProof)
    for key in (*PRESENT[:20], *ABSENT[:20]):
        assert decoder.decode(encode(prove(key))) == prove(key)


def test_absence_of_a_present_key_by_anothers_leaf() -> None:
    """No leaf with its true path, nor with any part of that path, proves a present key absent."""
    victim = PRESENT[0]
    for other in PRESENT[1:60]:
        proof = prove(other)
        count = len(proof.siblings)
        for dropped in range(1 << min(count, 10)):
            kept = tuple(s for n, s in enumerate(proof.siblings) if not dropped >> n & 1)
            assert not verify_absence(ROOT, victim, StateProof(kept, proof.end))


@given(key=st.sampled_from(PRESENT), other=st.sampled_from(PRESENT), data=st.data())
def test_absence_of_a_present_key_by_lying_on_depth(
    key: RecordId, other: RecordId, data: st.DataObject
) -> None:
    """Other depths, at which the two keys happen to agree, do not prove a present key absent."""
    proof = prove(other)
    agreeing = [depth for depth in range(256) if bit_at(key, depth) == bit_at(other, depth)]
    count = len(proof.siblings)
    depths = sorted(
        data.draw(
            st.lists(
                st.sampled_from(agreeing),
                min_size=min(count, len(agreeing)),
                max_size=min(count, len(agreeing)),
                unique=True,
            )
        )
    )
    lie = tuple((d, h) for d, (_, h) in zip(depths, proof.siblings, strict=False))
    assert not verify_absence(ROOT, key, StateProof(lie, proof.end))


def test_a_tree_that_did_not_bind_its_depth() -> None:
    """The attack that the depth in the hash prevents: the same hashes told for another branch."""
    left, right, absent = (RecordId(bytes([top]) + bytes(31)) for top in (0x00, 0x40, 0x80))
    records = {left: b"left", right: b"right"}
    tree = StateTree()
    tree.apply(records)
    sibling = leaf_hash(right, sha256(b"right").digest())
    end = Leaf(left, Hash(sha256(b"left").digest()))
    honest = StateProof(((1, Hash(sibling)),), end)
    assert tree.prove(absent, records.get) == honest
    assert verify_absence(tree.root, absent, honest)
    # Told at depth 2, where `left` and `right` agree, the path would exclude `right` itself.
    lie = StateProof(((2, Hash(sibling)),), end)
    assert not verify_absence(tree.root, right, lie)
    assert not verify_absence(tree.root, right, honest)


@pytest.mark.parametrize("key", [PRESENT[0], PRESENT[1], ABSENT[0], ABSENT[1]])
def test_forged_siblings(key: RecordId) -> None:
    """Siblings reordered, repeated, dropped, added or at other depths prove nothing."""
    proof = prove(key)
    siblings = proof.siblings
    assert accepted(key, proof)
    (first, second, *rest), (*most, last) = siblings, siblings
    forged = {
        "reordered": (second, first, *rest),
        "reversed": siblings[::-1],
        "hashes swapped": ((first[0], second[1]), (second[0], first[1]), *rest),
        "repeated": (first, first, second, *rest),
        "repeated depth": (first, (first[0], second[1]), *rest),
        "root dropped": (second, *rest),
        "end dropped": tuple(most),
        "all dropped": (),
        "one deeper": (*most, (last[0] + 1, last[1])),
        "one added": (*siblings, (last[0] + 1, HASH)),
        "empty side added": (*siblings, (last[0] + 1, Hash(EMPTY))),
        "negative depth": ((-1, first[1]), *siblings),
        "depth beyond the key": (*siblings, (256, HASH)),
        "true for a depth": (*most, (True, last[1])),
    }
    for name, chain in forged.items():
        assert not accepted(key, StateProof(chain, proof.end)), name


@pytest.mark.parametrize("depths", [(5, 5), (9, 5), (0, 7, 7), (3, 8, 6), (255, 0)])
def test_a_root_made_for_depths_out_of_order(depths: tuple[int, ...]) -> None:
    """Depths that don't strictly increase prove nothing, even under a root that hashes to them."""
    key, records = PRESENT[0], RECORDS[PRESENT[0]]
    end = Leaf(key, Hash(sha256(records).digest()))
    absent = next(k for k in ABSENT if all(bit_at(k, d) == bit_at(key, d) for d in depths))
    for order, expected in ((depths, False), (tuple(sorted(set(depths))), True)):
        root = leaf_hash(key, end.records_hash)
        for depth in reversed(order):
            sides = (HASH, root) if bit_at(key, depth) else (root, HASH)
            root = inner_hash(depth, *sides)
        proof = StateProof(tuple((depth, HASH) for depth in order), end)
        assert verify_presence(root, key, records, proof) is expected
        assert verify_absence(root, absent, proof) is expected


@pytest.mark.parametrize("key", [PRESENT[0], ABSENT[0]])
def test_forged_ends(key: RecordId) -> None:
    """The leaf of another key, or other records in the leaf, prove nothing."""
    proof = prove(key)
    assert proof.end is not None
    for end in (
        None,
        Leaf(PRESENT[5], proof.end.records_hash),
        Leaf(proof.end.key, HASH),
        Leaf(ABSENT[7], Hash(sha256(b"").digest())),
        prove(PRESENT[9]).end,
    ):
        assert not accepted(key, StateProof(proof.siblings, end))


@given(key=st.sampled_from(PRESENT + ABSENT), data=st.data())
def test_any_flipped_bit_refuses(key: RecordId, data: st.DataObject) -> None:
    """A proof with one bit changed anywhere proves nothing."""
    proof = prove(key)
    assert proof.end is not None
    hashes = [*(each for _, each in proof.siblings), proof.end.key, proof.end.records_hash]
    which, bit = data.draw(st.integers(0, len(hashes) - 1)), data.draw(st.integers(0, 255))
    flipped = (int.from_bytes(hashes[which], "big") ^ (1 << bit)).to_bytes(32, "big")
    hashes[which] = Hash(flipped)
    *changed, end_key, records_hash = hashes
    depths = [depth for depth, _ in proof.siblings]
    siblings = tuple((d, Hash(h)) for d, h in zip(depths, changed, strict=True))
    assert not accepted(key, StateProof(siblings, Leaf(RecordId(end_key), Hash(records_hash))))


SHORT = Leaf(RecordId(bytes(31)), Hash(bytes(32)))
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=3),
    st.binary(max_size=40),
    st.binary(min_size=32, max_size=32),
    st.lists(st.integers(), max_size=3),
)
HALF_JUNK = st.builds(
    StateProof,
    st.one_of(JUNK, st.lists(st.one_of(JUNK, st.tuples(JUNK, JUNK)), max_size=4).map(tuple)),
    st.one_of(JUNK, st.builds(Leaf, JUNK, JUNK), st.just(SHORT)),
)


@given(root=JUNK, key=JUNK, records=JUNK, proof=st.one_of(JUNK, HALF_JUNK))
def test_no_input_makes_a_verifier_raise(root: Any, key: Any, records: Any, proof: Any) -> None:
    """Whatever the arguments are, the answer is False."""
    assert verify_presence(root, key, records, proof) is False
    assert verify_absence(root, key, proof) in {False, proof == StateProof((), None)}


@pytest.mark.parametrize("name", ["root", "key", "records", "proof"])
@pytest.mark.parametrize("value", [None, 7, "text", b"", bytes(31), bytearray(32), (), [HASH]])
def test_one_wrong_argument(name: str, value: Any) -> None:
    """One argument of a wrong type or length makes a good proof False."""
    key = PRESENT[0]
    good = {"root": ROOT, "key": key, "records": RECORDS[key], "proof": prove(key)}
    assert verify_presence(**good) is True  # type: ignore[arg-type]
    assert verify_presence(**good | {name: value}) is False  # type: ignore[arg-type]
