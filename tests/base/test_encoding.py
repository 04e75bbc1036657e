"""A value has one encoding, and whatever else is decoded is refused by the field's name."""

import json
import struct
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tallystick.base.amounts import AMOUNT_MAX, Amount
from tallystick.base.encoding import (
    BYTES_MAX,
    Decoder,
    Malformed,
    NotCanonical,
    Record,
    decode,
    encode,
)
from tallystick.base.identifiers import LockId, PublicKey, RecordId

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/encoding.json").read_text())


class Part(Record):
    """A record without a tag, nested in one."""

    amount_wh: Amount
    owner: PublicKey


class Split(Record, tag="split"):
    """A record of many shapes."""

    certificate: RecordId
    parts: Annotated[tuple[Part, ...], msgspec.Meta(max_length=4)]
    pair: tuple[str, int]
    lock_id: LockId | None = None


class Note(Record, tag="note"):
    """A record whose own check refuses something."""

    text: Annotated[str, msgspec.Meta(max_length=20)]
    loud: bool = False

    def __post_init__(self) -> None:
        """Refuse one text."""
        if self.text == "forbidden":
            raise ValueError("that text is forbidden")


class Batch(Record, tag="batch"):
    """A record with a union in it."""

    items: tuple[Split | Note, ...]


NAMES: dict[str, Any] = {"Split": Split, "Note": Note, "Batch": Batch, "any": Split | Note | Batch}

PARTS = st.builds(
    Part, st.integers(0, AMOUNT_MAX), st.binary(min_size=33, max_size=33).map(PublicKey)
)
IDS = st.binary(min_size=32, max_size=32)
SPLITS = st.builds(
    Split,
    IDS.map(RecordId),
    st.lists(PARTS, max_size=4).map(tuple),
    st.tuples(st.text(max_size=40), st.integers(-(2**63), 2**63)),
    st.none() | IDS.map(LockId),
)
NOTES = st.builds(
    Note, st.text(max_size=20).filter(lambda text: text != "forbidden"), st.booleans()
)
BATCHES = st.builds(Batch, st.lists(SPLITS | NOTES, max_size=3).map(tuple))

SPLIT = Split(
    RecordId(b"c" * 32),
    (Part(5, PublicKey(b"\2" * 33)), Part(AMOUNT_MAX, PublicKey(b"\3" * 33))),
    ("x", -7),
)


@given(BATCHES)
def test_what_was_encoded_is_decoded(batch: Batch) -> None:
    """Decoding undoes encoding, alone and as a member of a union."""
    data = encode(batch)
    assert batch == decode(data, Batch)
    assert batch == decode(data, NAMES["any"])
    assert batch == Decoder(Batch).decode_trusted(data)


@given(BATCHES, BATCHES)
def test_equal_bytes_are_equal_values(one: Batch, other: Batch) -> None:
    """Two values have the same encoding if and only if they are equal."""
    assert (one == other) == (encode(one) == encode(other))


def accepted_or_malformed(data: bytes, record_type: Any) -> None:
    """Assert that bytes are those of a value, or Malformed in one short line."""
    try:
        value = decode(data, record_type)
    except Malformed as error:
        message = str(error)
        assert ("\n" not in message, len(message) <= 400) == (True, True)
    else:
        assert data == encode(value)


@given(st.binary(max_size=200))
@example(b"\x91" * 100_000)
@example(b"\x92\xa5batch" + b"\x91" * 100_000)
@example(b"\x92\xa5batch\xdd\xff\xff\xff\xff")
@example(b"\x92\xa1\xff\x90")
@example(b"\x92\xa5batch\x91\xd6\xff\x00\x00\x00\x01")
@example(b"\x92\xa5batch\x91\xc7\x0c\xff" + b"\xff" * 12)
def test_arbitrary_bytes_are_only_ever_malformed(data: bytes) -> None:
    """Bombs of depth or length, foreign encodings, dates: one kind of error and no other."""
    for record_type in NAMES.values():
        accepted_or_malformed(data, record_type)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=9)
    | st.sampled_from(["split", "note", "batch"]) | IDS | st.datetimes(timezones=st.timezones()),
    lambda inner: st.lists(inner, max_size=6)
    | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=12,
)  # fmt: skip


@given(JUNK, st.sampled_from(["split", "note", "batch"]))
def test_arbitrary_values_are_only_ever_malformed(junk: Any, tag: str) -> None:
    """The same for well-formed MessagePack with anything in it, with and without a tag."""
    for value in (junk, [tag, junk], [tag, [junk]], [tag, b"c" * 32, [[junk]], ["x", junk], None]):
        data = msgspec.msgpack.encode(value)
        for record_type in NAMES.values():
            accepted_or_malformed(data, record_type)


@given(BATCHES, st.data())
def test_mutated_bytes_are_only_ever_malformed(batch: Batch, data: st.DataObject) -> None:
    """A byte changed, added or removed gives another value or Malformed."""
    good = encode(batch)
    at = data.draw(st.integers(0, len(good) - 1))
    byte = data.draw(st.binary(min_size=1, max_size=1))
    for bad in (
        good[:at] + byte + good[at + 1 :],
        good[:at] + byte + good[at:],
        good[:at] + good[at + 1 :],
    ):
        accepted_or_malformed(bad, Batch)
        accepted_or_malformed(bad, NAMES["any"])
    for bad in (good[:at], good + byte):
        with pytest.raises(Malformed):
            decode(bad, Batch)


@pytest.mark.parametrize("vector", VECTORS["valid"], ids=lambda vector: vector["about"])
def test_valid_vectors(vector: dict[str, str]) -> None:
    """These bytes are the encoding of what they decode to."""
    data = bytes.fromhex(vector["bytes"])
    assert data == encode(decode(data, NAMES[vector["type"]]))


@pytest.mark.parametrize("vector", VECTORS["malformed"], ids=lambda vector: vector["about"])
def test_malformed_vectors(vector: dict[str, str]) -> None:
    """Each error names the field and what is wrong with it."""
    with pytest.raises(Malformed) as caught:
        decode(bytes.fromhex(vector["bytes"]), NAMES[vector["type"]])
    assert vector["error"] == str(caught.value)
    assert vector["error"] == f"{caught.value.field}: {caught.value.problem}"


def longer_forms(data: bytes) -> list[bytes]:
    """Return encodings of SPLIT that other encoders could choose."""
    return [
        data.replace(b"\x95\xa5split", b"\xdc\x00\x05\xa5split"),
        data.replace(b"\xa5split", b"\xd9\x05split"),
        data.replace(b"\xc4\x20", b"\xc5\x00\x20", 1),
        data.replace(b"\x92\x05\xc4", b"\x92\xcc\x05\xc4"),
        data.replace(b"\x92\x05\xc4", b"\x92\xd3" + struct.pack(">q", 5) + b"\xc4"),
        data.replace(b"\x95\xa5split", b"\x94\xa5split")[:-1],
    ]


@pytest.mark.parametrize("number", range(6))
def test_other_encodings_of_a_value_are_refused(number: int) -> None:
    """Long lengths, long integers and a default left out mean the same and are refused."""
    data = encode(SPLIT)
    other = longer_forms(data)[number]
    assert data != other
    assert SPLIT == msgspec.msgpack.decode(other, type=Split)
    with pytest.raises(Malformed, match="not canonical: byte"):
        decode(other, Split)


def test_the_size_is_bounded_before_anything_else() -> None:
    """An encoding may be exactly as long as allowed; a longer one isn't looked at."""
    data = encode(SPLIT)
    assert SPLIT == decode(data, Split, bytes_max=len(data))
    with pytest.raises(Malformed, match=rf"^Split: {len(data)} bytes, at most {len(data) - 1}"):
        decode(data, Split, bytes_max=len(data) - 1)
    with pytest.raises(Malformed, match=f"at most {BYTES_MAX}"):
        decode(bytes(BYTES_MAX + 1), Split)


def test_records_inherit_their_settings() -> None:
    """What derives from Record is a frozen array that knows its fields; only the tag is its own."""
    config = Split.__struct_config__
    assert (True, True, True, False) == (
        config.frozen, config.array_like, config.forbid_unknown_fields, config.gc,
    )  # fmt: skip
    assert ("split", None) == (config.tag, Part.__struct_config__.tag)
    with pytest.raises(AttributeError):
        SPLIT.pair = ("y", 1)  # type: ignore[misc]


class Colour(Enum):
    """An enumeration."""

    RED = "red"


class Loose(msgspec.Struct):
    """A Struct that is no Record."""

    number: int


class Tree(Record, tag="tree"):
    """A record that contains itself."""

    branches: "tuple[Tree, ...]"


class Weight(Record, tag="weight"):
    """A record with a float."""

    kilograms: float


@pytest.mark.parametrize(
    ("record_type", "message"),
    [
        (Loose, "Loose is not a Record"),
        (tuple[Loose, ...], "Loose is not a Record"),
        (Tree, "Tree contains itself"),
        (Weight, "FloatType in Weight has no canonical form"),
        (dict[str, int], "DictType has no"),
        (set[int], "SetType has no"),
        (list[int], "ListType has no"),
        (Split | dict[str, int], "DictType has no"),
        (tuple[int, float], "FloatType has no"),
        (object, "CustomType has no"),
        (Any, "AnyType has no"),
        (msgspec.Raw, "RawType has no"),
    ],
)
def test_types_without_a_canonical_form_are_refused(record_type: Any, message: str) -> None:
    """Maps, sets, floats, recursion and anything-at-all are refused when they are declared."""
    with pytest.raises(NotCanonical, match=message):
        Decoder(record_type)


@pytest.mark.parametrize(
    ("value", "record_type"),
    [
        (None, None),
        (True, bool),
        (-1, int),
        ("å", str),
        (b"\0", bytes),
        (Colour.RED, Colour),
        ("on", Literal["on", "off"]),
        ((1, "x"), tuple[int, str]),
        ((), tuple[int, ...]),
        (Part(1, PublicKey(b"k" * 33)), Part | None),
    ],
)
def test_other_types_are_decoded(value: Any, record_type: Any) -> None:
    """Scalars, enumerations, tuples, records and unions of them have a canonical form."""
    assert value == decode(encode(value), record_type)
