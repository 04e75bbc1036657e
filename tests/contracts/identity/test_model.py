"""Identity's ids and the meaning of its periods."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base import encoding
from tallystick.base.encoding import Malformed, Record, encode
from tallystick.base.hashing import TAGS, tagged_hash
from tallystick.base.identifiers import RecordId
from tallystick.contracts import identity
from tallystick.contracts.identity.model import (
    TAG_AUTHORITY_ID,
    TAG_KEY_ID,
    TAG_REGISTRARS_ID,
    Authority,
    Founder,
    IdentityParameters,
    Role,
    authority_id,
    in_force,
    is_permanent_registrar,
    key_id,
    registrars_id,
)
from tallystick.testing.keys import key
from tallystick.testing.strategies import records

ID = RecordId(bytes(range(32)))
KINDS: list[type[Record]] = [
    *identity.CONTRACT.records,
    *identity.CONTRACT.commands,
    *identity.CONTRACT.views,
    *identity.CONTRACT.events,
    IdentityParameters,
    Founder,
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


def test_ids_are_the_documented_hashes() -> None:
    """Each id is a tagged hash of what it stands for, under a tag of identity's own."""
    expected: list[bytes] = [
        tagged_hash(TAG_KEY_ID, key(1)),
        tagged_hash(TAG_AUTHORITY_ID, ID, b"issuing-body", b"DK1"),
        tagged_hash(TAG_REGISTRARS_ID),
    ]
    ids = [key_id(key(1)), authority_id(ID, Role.ISSUING_BODY, "DK1"), registrars_id()]
    assert expected == ids
    assert not {TAG_KEY_ID, TAG_AUTHORITY_ID, TAG_REGISTRARS_ID} & set(TAGS)


def authority(
    *, begin: int = 100, end: int = 0, dismissed_at: int = 0, role: Role = Role.REGISTRAR
) -> Authority:
    """Return an authority that was given at 100."""
    return Authority(
        identity=ID,
        role=role,
        scope="*",
        begin=begin,
        end=end,
        appointed_by=ID,
        appointed_at=100,
        dismissed_at=dismissed_at,
    )


@pytest.mark.parametrize(
    ("given_authority", "time", "expected"),
    [
        (authority(), 99, False),
        (authority(), 100, True),
        (authority(), 10**15, True),
        (authority(end=200), 199, True),
        (authority(end=200), 200, False),
        (authority(begin=150, end=200), 149, False),
        (authority(begin=150, end=200), 150, True),
        (authority(dismissed_at=150), 150, False),
        (authority(dismissed_at=150), 151, False),
    ],
)
def test_in_force(given_authority: Authority, time: int, expected: bool) -> None:  # noqa: FBT001
    """A period includes its begin and excludes its end; a dismissal ends it."""
    assert expected == in_force(given_authority, time=time)


@pytest.mark.parametrize(
    ("given_authority", "expected"),
    [
        (authority(), True),
        (authority(begin=101), False),
        (authority(end=10**12), False),
        (authority(dismissed_at=150), False),
        (authority(role=Role.ISSUING_BODY), False),
    ],
)
def test_permanent_registrar(given_authority: Authority, expected: bool) -> None:  # noqa: FBT001
    """Only a registrar who took office at once, without an end and without dismissal, counts."""
    assert expected == is_permanent_registrar(given_authority)
