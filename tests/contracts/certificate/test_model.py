"""Ids, statuses and leaves, and the canonical form of everything that the contract declares."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base import encoding
from tallystick.base.encoding import Malformed, Record, encode
from tallystick.base.hashing import TAG_CHILD_ID, tagged_hash
from tallystick.base.identifiers import RecordId
from tallystick.base.plain import to_plain
from tallystick.contracts import certificate
from tallystick.contracts.certificate.model import (
    BREAK,
    CORRECT,
    SPLIT,
    TRANSFER,
    Action,
    Certificate,
    CertificateParameters,
    Next,
    Status,
    child_id,
    expires_at,
    is_leaf,
    status_at,
)
from tallystick.core.holding import Lock, LockedFor, Release
from tallystick.testing.factories import BEGIN, QUARTER, VILLAGE
from tallystick.testing.keys import key
from tallystick.testing.strategies import records
from tests.contracts.certificate.cases import LOCK, SOLAR

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "certificate.json"
ID = RecordId(bytes(range(32)))
KINDS: list[type[Record]] = [
    *certificate.CONTRACT.records,
    *(kind for kind in certificate.CONTRACT.commands if kind not in (Lock, Release)),
    *certificate.CONTRACT.views,
    *certificate.CONTRACT.events,
    CertificateParameters,
]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_decode_reverses_encode(kind: type[Record], data: st.DataObject) -> None:
    """Every record, command, question and event survives its canonical form."""
    record = data.draw(records(kind))
    assert record == encoding.decode(encode(record), kind)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None)
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


def test_a_certificate_says_everything_although_fields_have_defaults() -> None:
    """Bytes that leave out the last fields are refused: one value has one form."""
    fields = msgspec.msgpack.decode(encode(example()))
    assert example() == encoding.decode(msgspec.msgpack.encode(fields), Certificate)
    with pytest.raises(Malformed, match="Certificate"):
        encoding.decode(msgspec.msgpack.encode(fields[:-1]), Certificate)


@given(parent=st.binary(min_size=32, max_size=32), n=st.integers(0, 2**32 - 1))
@pytest.mark.parametrize("action", [TRANSFER, SPLIT, CORRECT, BREAK])
def test_a_childs_id_is_the_documented_hash(action: str, parent: bytes, n: int) -> None:
    """It is a tagged hash of parent, action and number, however it is laid out."""
    expected = tagged_hash(TAG_CHILD_ID, parent, action.encode(), n.to_bytes(4, "big"))
    assert RecordId(expected) == child_id(RecordId(parent), action, n)


@pytest.mark.parametrize(
    "vector", json.loads(VECTORS.read_text())["child_ids"], ids=lambda vector: vector["action"]
)
def test_vectors_for_other_languages(vector: dict[str, str | int]) -> None:
    """Published ids come out again."""
    parent = RecordId(bytes.fromhex(str(vector["parent"])))
    got = child_id(parent, str(vector["action"]), int(vector["n"]))
    assert vector["child"] == got.hex()


@pytest.mark.parametrize(
    "vector", json.loads(VECTORS.read_text())["records"], ids=lambda vector: vector["tag"]
)
def test_records_for_other_languages(vector: dict[str, Any]) -> None:
    """Published bytes mean the published fields, and encode to the same bytes again."""
    kinds = {str(kind.__struct_config__.tag): kind for kind in KINDS}
    raw = bytes.fromhex(vector["bytes"])
    record = encoding.decode(raw, kinds[vector["tag"]])
    assert vector["fields"] == to_plain(record)
    assert raw == encode(record)
    assert vector["tag"] == msgspec.msgpack.decode(raw)[0]


def example(
    *,
    action: Action | None = None,
    lock: LockedFor | None = None,
    withdrawn: bool = False,
    broken: bool = False,
) -> Certificate:
    """Return a certificate to which something happened."""
    return Certificate(
        origin=ID,
        measurement=ID,
        begin=BEGIN,
        end=BEGIN + QUARTER,
        amount_wh=1_000,
        sector=VILLAGE,
        technology=SOLAR[0],
        fuel=SOLAR[1],
        owner=key(1),
        created_at=0,
        lock=lock,
        next=None if action is None else Next(action, (ID,), 1),
        withdrawn=withdrawn,
        broken=broken,
    )


EXPIRY = (BEGIN + QUARTER + 10) * 1_000
FOREVER, UNTIL = LockedFor("market", LOCK, 0), LockedFor("market", LOCK, 500)
STATUSES: list[tuple[Certificate, int, Status, bool]] = [
    (example(), 0, Status.ACTIVE, True),
    (example(), EXPIRY - 1, Status.ACTIVE, True),
    (example(), EXPIRY, Status.EXPIRED, True),
    (example(lock=FOREVER), 10**12, Status.LOCKED, True),
    (example(lock=FOREVER), EXPIRY, Status.EXPIRED, True),
    (example(lock=UNTIL), 499, Status.LOCKED, True),
    (example(lock=UNTIL), 500, Status.ACTIVE, True),
    (example(action=Action.TRANSFER), EXPIRY, Status.TRANSFERRED, False),
    (example(action=Action.SPLIT, lock=FOREVER), 0, Status.SPLIT, False),
    (example(action=Action.RETIRE), EXPIRY, Status.CLAIMED, True),
    (example(action=Action.RETIRE, withdrawn=True), 0, Status.WITHDRAWN, True),
    (example(action=Action.RETIRE, broken=True), 0, Status.BROKEN, False),
    (example(action=Action.WITHDRAW, withdrawn=True), EXPIRY, Status.WITHDRAWN, True),
]


@pytest.mark.parametrize(("given_certificate", "time", "status", "leaf"), STATUSES)
def test_status_and_leaf(
    given_certificate: Certificate,
    time: int,
    status: Status,
    leaf: bool,  # noqa: FBT001 - a column of the table.
) -> None:
    """Where a certificate stands follows from its record, the time and the ledger's expiry."""
    assert status == status_at(given_certificate, time=time, expiry_seconds=10)
    assert leaf == is_leaf(given_certificate)


def test_every_status_occurs() -> None:
    """No status is only a word."""
    assert set(Status) == {status for _, _, status, _ in STATUSES}


@pytest.mark.parametrize(("expiry_seconds", "expected"), [(0, 0), (10, EXPIRY)])
def test_expiry_is_counted_from_the_intervals_end(expiry_seconds: int, expected: int) -> None:
    """Zero means for ever."""
    assert expected == expires_at(example(), expiry_seconds=expiry_seconds)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("qualities", ()),
        ("expiry_seconds", -1),
        ("parts_max", 0),
        ("parts_max", 257),
        ("split_parts_max", 257),
        ("leaves_max", 4_097),
    ],
)
def test_parameters_are_bounded(field: str, value: object) -> None:
    """A ledger cannot be founded with settings that no rule could keep."""
    raw = encode(CertificateParameters(**{field: value}))  # type: ignore[arg-type]
    with pytest.raises(Malformed, match=field):
        encoding.decode(raw, CertificateParameters)


def test_distinct_inputs_give_distinct_ids() -> None:
    """No two things that can follow a certificate share an id."""
    parents = [ID, RecordId(bytes(32))]
    ids = [child_id(*each) for each in product(parents, [TRANSFER, SPLIT, CORRECT, BREAK], [0, 1])]
    assert len(ids) == len(set(ids))
