"""Tagged hashes follow the published layout, and no two inputs share a preimage."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base import hashing
from tallystick.base.hashing import TAGS, tagged_hash

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/hashing.json").read_text())

SMALL = st.binary(max_size=6)


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["about"])
def test_vectors(vector: dict[str, str]) -> None:
    """Hashes and preimages are those that other languages are given."""
    parts = [bytes.fromhex(part) for part in vector["parts"]]
    assert vector["hash"] == tagged_hash(vector["tag"].encode(), *parts).hex()
    assert vector["hash"] == sha256(bytes.fromhex(vector["preimage"])).hexdigest()


@given(st.binary(max_size=255), st.lists(st.binary(max_size=300), max_size=5))
def test_the_layout_is_the_documented_one(tag: bytes, parts: list[bytes]) -> None:
    """Length and tag, then length and content of every part."""
    preimage = len(tag).to_bytes(1, "big") + tag
    for part in parts:
        preimage += len(part).to_bytes(4, "big") + part
    assert sha256(preimage).digest() == tagged_hash(tag, *parts)


@given(st.tuples(SMALL, st.lists(SMALL, max_size=4)), st.tuples(SMALL, st.lists(SMALL, max_size=4)))
def test_different_inputs_have_different_hashes(
    one: tuple[bytes, list[bytes]], other: tuple[bytes, list[bytes]]
) -> None:
    """Two hashes are equal if and only if tag and parts are."""
    equal = tagged_hash(one[0], *one[1]) == tagged_hash(other[0], *other[1])
    assert (one == other) == equal


def test_bytes_cannot_move_between_parts() -> None:
    """The same bytes cut elsewhere, or with an empty part more, are another input."""
    cuts = [(b"abc",), (b"ab", b"c"), (b"a", b"bc"), (b"", b"abc"), (b"abc", b""), ()]
    assert len(cuts) == len({tagged_hash(b"tag", *parts) for parts in cuts})


def test_a_tag_too_long_for_its_length_byte_is_refused() -> None:
    """The length of a tag is one byte."""
    assert len(tagged_hash(b"t" * hashing.TAG_BYTES_MAX)) == 32
    with pytest.raises(OverflowError):
        tagged_hash(b"t" * (hashing.TAG_BYTES_MAX + 1))


def test_every_tag_is_listed_once_and_versioned() -> None:
    """No two purposes share a tag, and each names its version."""
    declared = {value for name, value in vars(hashing).items() if name.startswith("TAG_")}
    assert declared - {hashing.TAG_BYTES_MAX} == set(TAGS)
    assert len(TAGS) == len(set(TAGS))
    assert all(tag.startswith(b"tallystick/") and tag.endswith(b"/1") for tag in TAGS)
