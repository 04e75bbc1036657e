"""Ids, and which intervals an outage touches."""

from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import RecordId
from tallystick.contracts.device.model import (
    Outage,
    availability_id,
    overlaps,
    sector_outages_id,
)
from tests.contracts.device.cases import BEGIN, ROOF, SECTOR


def test_ids_are_computed() -> None:
    """Whoever knows the device and the begin finds the promise."""
    begin = BEGIN.to_bytes(8, "big")
    expected = RecordId(tagged_hash(b"tallystick/device/availability-id/1", ROOF, begin))
    assert expected == availability_id(ROOF, BEGIN)
    expected = RecordId(tagged_hash(b"tallystick/device/sector-id/1", SECTOR.encode()))
    assert expected == sector_outages_id(SECTOR)


@given(st.integers(0, 20), st.integers(1, 20), st.integers(0, 20), st.integers(1, 20))
def test_an_overlap_is_a_second_in_both(begin: int, length: int, other: int, size: int) -> None:
    """As counting seconds says."""
    outage = Outage(begin, begin + length, maintenance=False, declared_at=0)
    common = set(range(begin, begin + length)) & set(range(other, other + size))
    assert bool(common) == overlaps([outage], other, other + size)
