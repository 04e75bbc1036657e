"""A proof has one form as a file, and reading never fails in any other way than by saying so."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.identifiers import RecordId
from tallystick.client import proof_file
from tallystick.client.proof_file import (
    PROOF_BYTES_MAX,
    LeafPart,
    format_claim_file,
    parse_claim_file,
    read_presence,
    read_signatures,
    split_hashes,
)
from tallystick.core.proof import ProofInvalid
from tests.client.forging import Story


def test_a_proof_comes_back_from_its_file() -> None:
    """Reading what was written gives the same parts, and writing them the same bytes."""
    file = Story().tell()
    parts = parse_claim_file(file)
    assert file == format_claim_file(parts)


def test_a_file_is_one_line_with_named_parts_in_order() -> None:
    """Other languages read it with any JSON reader that keeps the order."""
    file = Story().tell()
    assert (1, b"\n") == (file.count(b"\n"), file[-1:])
    assert [
        "format",
        "checkpoint",
        "state",
        "claim",
        "transaction",
        "receipt",
        "block",
        "certificates",
        "consumption",
    ] == list(json.loads(file))


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused(data: bytes) -> None:
    """What is no proof is refused, naming the file."""
    with pytest.raises(ProofInvalid) as caught:
        parse_claim_file(data)
    assert "file" == caught.value.step


@given(st.text(max_size=100))
def test_arbitrary_values_are_refused(text: str) -> None:
    """So is JSON of anything else."""
    with pytest.raises(ProofInvalid):
        parse_claim_file(json.dumps({"format": proof_file.FORMAT, "checkpoint": text}).encode())


def test_the_size_is_bounded_before_anything_is_read() -> None:
    """A file that is too long is refused by its length."""
    with pytest.raises(ProofInvalid, match="at most 4194304 are read"):
        parse_claim_file(b"[" * (PROOF_BYTES_MAX + 1))


@pytest.mark.parametrize("length", [1, 31, 33, 63])
def test_hashes_and_signatures_come_whole(length: int) -> None:
    """Bytes that do not divide are refused."""
    with pytest.raises(ProofInvalid, match="no whole number of hashes"):
        split_hashes(bytes(length), step="state")
    with pytest.raises(ProofInvalid, match="no whole number of signatures"):
        read_signatures(bytes(length))


def test_each_depth_has_a_sibling() -> None:
    """A path with more depths than siblings is none."""
    with pytest.raises(ProofInvalid, match="2 depths for 1 siblings"):
        read_presence(LeafPart(b"", (1, 2), bytes(32)), RecordId(bytes(32)), step="leaf")
