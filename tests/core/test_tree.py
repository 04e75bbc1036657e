"""The tree's root is that of the definition, whatever happened to it before."""

import json
import random
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.identifiers import RecordId
from tallystick.core.state_proof import EMPTY, HASH_LENGTH, verify_absence, verify_presence
from tallystick.core.tree import StateTree, with_leaf

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "state_tree.json").read_text(encoding="utf-8")
)


def naive_root(content: dict[RecordId, bytes], bits: str = "") -> bytes:
    """Return the root by the definition alone, looking at all keys under every prefix of bits."""
    below = {k: v for k, v in content.items() if f"{int(k.hex(), 16):0256b}".startswith(bits)}
    if not below:
        return bytes(32)
    if len(below) == 1:
        (key, records), *_ = below.items()
        return sha256(b"\x02" + key + sha256(records).digest()).digest()
    left, right = naive_root(below, bits + "0"), naive_root(below, bits + "1")
    if left == bytes(32) or right == bytes(32):
        return left if right == bytes(32) else right
    return sha256(b"\x03" + bytes([len(bits)]) + left + right).digest()


def key_of(number: int, *, family: int = 0) -> RecordId:
    """Return an id; ids of one family above 0 share their first `family` bytes."""
    digest = sha256(b"%d" % number).digest()
    return RecordId(b"\xa5" * family + digest[family:])


def tree_of(content: dict[RecordId, bytes]) -> StateTree:
    """Return the tree of ids and records, built at once."""
    return StateTree.build(content.items())


# Independent keys, keys that part only after a byte, after the 64 bits that are compared first, and
# in the very last bits.
KEYS = st.builds(
    lambda number, family: key_of(number, family=family),
    st.integers(0, 40),
    st.sampled_from([0, 0, 0, 1, 9, 31]),
)
CHANGES = st.dictionaries(KEYS, st.one_of(st.none(), st.binary(max_size=3)), max_size=30)


def applied(content: dict[RecordId, bytes], changes: dict[RecordId, Any]) -> dict[RecordId, bytes]:
    """Return the content after changes."""
    after = content | changes
    return {key: records for key, records in after.items() if records is not None}


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_vectors(case: dict[str, Any]) -> None:
    """Tree and naive definition give the roots that are written down for other languages."""
    content = {
        RecordId(bytes.fromhex(key)): bytes.fromhex(records) for key, records in case["content"]
    }
    assert case["root"] == naive_root(content).hex()
    assert case["root"] == tree_of(content).root.hex()
    tree = StateTree()
    for key, records in content.items():
        tree.apply({key: records})
    assert case["root"] == tree.root.hex()


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_vector_proofs(case: dict[str, Any]) -> None:
    """The proofs that are written down are the tree's own, and hold."""
    content = {
        RecordId(bytes.fromhex(key)): bytes.fromhex(records) for key, records in case["content"]
    }
    tree = tree_of(content)
    for each in case["proofs"]:
        key = RecordId(bytes.fromhex(each["key"]))
        proof = tree.prove(key, content.get)
        end = proof.end and [proof.end.key.hex(), proof.end.records_hash.hex()]
        assert each["siblings"] == [[depth, sibling.hex()] for depth, sibling in proof.siblings]
        assert each["end"] == end
        assert each["present"] == verify_presence(tree.root, key, content.get(key, b""), proof)
        assert each["present"] != verify_absence(tree.root, key, proof)


@given(history=st.lists(CHANGES, max_size=6))
def test_a_random_history(history: list[dict[RecordId, bytes | None]]) -> None:
    """After any history with removals, root, count and proofs are those of the content."""
    tree, content = StateTree(), dict[RecordId, bytes]()
    for changes in history:
        tree.apply(changes)
        content = applied(content, changes)
        assert naive_root(content) == tree.root
        assert len(content) == tree.count
        assert tree_of(content).root == tree.root
    for key in {key for changes in history for key in changes}:
        proof = tree.prove(key, content.get)
        present = verify_presence(tree.root, key, content.get(key, b""), proof)
        assert (key in content) == present == (key in tree)
        assert present != verify_absence(tree.root, key, proof)


@given(history=st.lists(CHANGES, max_size=6))
def test_reverting(history: list[dict[RecordId, bytes | None]]) -> None:
    """Reverting, latest first, goes back through every root."""
    tree = StateTree()
    states, inverses = [(tree.root, tree.count)], []
    for changes in history:
        inverses.append(tree.apply(changes))
        states.append((tree.root, tree.count))
    for state, inverse in zip(states[-2::-1], reversed(inverses), strict=True):
        tree.revert(inverse)
        assert state == (tree.root, tree.count)


@given(changes=CHANGES, seed=st.integers())
def test_order_leaves_no_trace(changes: dict[RecordId, bytes | None], seed: int) -> None:
    """Keys one by one in any order, or removed and set again, come to the same root."""
    together, single = StateTree(), StateTree()
    together.apply(changes)
    pairs = list(changes.items())
    random.Random(seed).shuffle(pairs)
    for key, records in pairs:
        single.apply({key: b"before"})
        single.apply({key: None})
        single.apply({key: records})
    assert together.root == single.root


def test_growing_and_emptying() -> None:
    """Through growth by thousands of keys and back to none, the root stays that of the content."""
    tree, content, roots = StateTree(), dict[RecordId, bytes](), []
    inverses = []
    for begin in range(0, 4000, 400):
        changes: dict[RecordId, bytes | None] = {
            key_of(n): b"%d" % n for n in range(begin, begin + 400)
        }
        changes |= {key_of(n): None for n in range(begin, begin // 2, -7)}
        roots.append(tree.root)
        inverses.append(tree.apply(changes))
        content = applied(content, changes)
        assert tree_of(content).root == tree.root
    assert naive_root(content) == tree.root
    for root, inverse in zip(reversed(roots), reversed(inverses), strict=True):
        tree.revert(inverse)
        assert root == tree.root
    assert tree.root == EMPTY
    assert tree.count == 0


@pytest.mark.parametrize("step", [1, 3, 17, 100])
def test_while_the_heap_grows(step: int) -> None:
    """In the middle of growing, roots, proofs and reverting are what they always are."""
    tree, content = StateTree(), dict[RecordId, bytes]()
    for begin in range(0, 300, step):
        changes: dict[RecordId, bytes | None] = {
            key_of(n, family=n % 2): b"%d" % n for n in range(begin, begin + step)
        }
        changes[key_of(begin // 2)] = None
        before = tree.root
        tree.revert(tree.apply(changes))
        assert before == tree.root
        tree.apply(changes)
        content = applied(content, changes)
        assert tree_of(content).root == tree.root
        assert len(content) == tree.count
        for key in (*changes, key_of(7), key_of(1000 + begin)):
            proof = tree.prove(key, content.get)
            present = verify_presence(tree.root, key, content.get(key, b""), proof)
            assert (key in content) == present == (key in tree)
            assert present != verify_absence(tree.root, key, proof)


def test_hundreds_of_keys_by_definition() -> None:
    """A heap of many levels has the root of the definition."""
    content = {key_of(n, family=n % 3): b"%d" % n for n in range(600)}
    assert naive_root(content) == tree_of(content).root


@settings(max_examples=20)
@given(seed=st.integers())
def test_build_takes_any_order(seed: int) -> None:
    """Items may come sorted or not."""
    content = {key_of(n): b"%d" % n for n in range(50)}
    pairs = list(content.items())
    random.Random(seed).shuffle(pairs)
    assert tree_of(content).root == tree_of(dict(pairs)).root


def test_a_built_tree_goes_on() -> None:
    """What was built at once can be changed like what grew."""
    content = {key_of(n): b"%d" % n for n in range(1000)}
    changes: dict[RecordId, bytes | None] = {key_of(n): b"new" for n in range(900, 1300)}
    changes |= {key_of(n): None for n in range(0, 900, 3)}
    tree = tree_of(content)
    before = tree.root
    inverse = tree.apply(changes)
    assert tree_of(applied(content, changes)).root == tree.root
    tree.revert(inverse)
    assert before == tree.root


def test_proofs_are_short() -> None:
    """Proofs have about as many hashes as the count has bits, and descend strictly."""
    content = {key_of(n): b"%d" % n for n in range(5000)}
    tree = tree_of(content)
    for number in range(4900, 5100):
        proof = tree.prove(key_of(number), content.get)
        assert len(proof.siblings) <= 30
        assert all(above < below for (above, _), (below, _) in pairwise(proof.siblings))


def test_removing_what_is_absent() -> None:
    """Removing an absent key, or changing nothing, changes nothing."""
    tree = tree_of({key_of(1): b"one"})
    before = tree.root
    tree.revert(tree.apply({key_of(2): None}))
    tree.apply({})
    assert before == tree.root
    assert tree.count == 1


@pytest.mark.parametrize("length", [0, 31, 33])
def test_wrong_lengths(length: int) -> None:
    """A key of a wrong length is refused by name, and nothing is changed."""
    tree, key = tree_of({key_of(1): b"one"}), RecordId(bytes(length))
    before = tree.root
    for records in (b"two", None):
        with pytest.raises(ValueError, match=f"a key has 32 bytes, not {length}"):
            tree.apply({key_of(2): b"two", key: records})
    assert before == tree.root
    with pytest.raises(ValueError, match=f"a key has 32 bytes, not {length}"):
        StateTree.build([(key, b"two")])


def test_a_key_twice() -> None:
    """Building from a key that stands there twice is refused."""
    with pytest.raises(ValueError, match="stands there twice"):
        StateTree.build([(key_of(1), b"one"), (key_of(2), b"two"), (key_of(1), b"one")])


def test_proving_from_other_records() -> None:
    """A store whose records are not those of the tree is found out when something is proven."""
    content = {key_of(n): b"%d" % n for n in range(10)}
    tree = tree_of(content)
    with pytest.raises(ValueError, match="are not those that the tree holds"):
        tree.prove(key_of(3), lambda _: b"other")
    with pytest.raises(ValueError, match="are not those that the tree holds"):
        tree.prove(key_of(3), lambda _: None)
    with pytest.raises(ValueError, match="a key has 32 bytes, not 5"):
        tree.prove(RecordId(b"short"), content.get)


def test_a_key_that_is_also_a_leaf_hash() -> None:
    """Entries are found where keys stand, whatever the hashes between them are."""
    first, second = (bytes([n]) * HASH_LENGTH for n in (1, 2))
    bucket = first + second + second + b"h" * HASH_LENGTH
    changed, before = with_leaf(bucket, second, first)
    assert (first + second + second + first, b"h" * HASH_LENGTH) == (changed, before)
    assert (bucket[: len(bucket) // 2], b"h" * HASH_LENGTH) == with_leaf(bucket, second, None)


def test_a_key_that_only_a_hash_has_is_not_there() -> None:
    """Nor is one that stands across two entries; and one is found behind its own copy."""
    tree, key = StateTree(), key_of(7)
    tree.apply({key: b"records"})
    (bucket,) = tree._buckets
    assert RecordId(bucket[HASH_LENGTH:]) not in tree
    assert RecordId(bucket[HASH_LENGTH // 2 :][:HASH_LENGTH]) not in tree
    tree._buckets = [bytes(HASH_LENGTH) + key + bucket]
    assert key in tree
