"""Measurement's id and the order of its qualities."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base import encoding
from tallystick.base.amounts import SECONDS_MAX
from tallystick.base.encoding import Malformed, Record, encode
from tallystick.base.hashing import TAG_MEASUREMENT_ID, tagged_hash
from tallystick.base.identifiers import PublicKey
from tallystick.contracts import measurement
from tallystick.contracts.measurement.model import (
    MeasurementParameters,
    Quality,
    is_as_good_as,
    measurement_id,
)
from tallystick.testing.strategies import records

KINDS: list[type[Record]] = [
    *measurement.CONTRACT.records,
    *measurement.CONTRACT.commands,
    *measurement.CONTRACT.views,
    *measurement.CONTRACT.events,
    MeasurementParameters,
]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_decode_reverses_encode(kind: type[Record], data: st.DataObject) -> None:
    """Every record, command, question and event survives its canonical form."""
    record = data.draw(records(kind))
    assert record == encoding.decode(encode(record), kind)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_damaged_bytes_are_malformed_or_mean_something_else(
    kind: type[Record], data: st.DataObject
) -> None:
    """One changed byte is refused, or makes another valid record with exactly these bytes."""
    raw = bytearray(encode(data.draw(records(kind))))
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        other = encoding.decode(bytes(raw), kind)
    except Malformed as malformed:
        assert kind.__name__ in str(malformed)
    else:
        assert bytes(raw) == encode(other)


@given(st.binary(min_size=33, max_size=33), st.integers(0, SECONDS_MAX))
def test_id_is_the_documented_hash(owner: bytes, begin: int) -> None:
    """What is laid out beforehand changes nothing: the id is the tagged hash of owner and begin."""
    expected: bytes = tagged_hash(TAG_MEASUREMENT_ID, owner, begin.to_bytes(8, "big"))
    assert expected == measurement_id(PublicKey(owner), begin)


def test_qualities_are_ordered() -> None:
    """Measured is better than calculated, and so on down to missing."""
    best_first = ["measured", "calculated", "substituted", "estimated", "missing"]
    assert best_first == [quality.value for quality in Quality]
    for rank, quality in enumerate(Quality):
        for other_rank, other in enumerate(Quality):
            assert (rank <= other_rank) == is_as_good_as(quality, other)
