"""Attacks on proof files: both verifiers give the same verdict, in one line and in time."""

import base64
import copy
import json
import random
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from tests.client.forging import CLAIMED, CONSUMPTION, KEYS, LEDGER, Story
from tests.client.verifiers import verdicts

SECONDS_MAX = 2.0
STRANGE: list[Any] = [
    *(None, True, 0, -1, 2**53 - 1, 2**53, 2**64, 1.0, "", "é", "AA==", "AB==", [], {}, [1, 2])
]
GOOD = Story().tell()


def test_every_field_with_every_strange_value_gets_one_verdict() -> None:
    """What one verifier accepts, the other accepts; a field may hold what it held before."""
    parsed = json.loads(GOOD)
    for path in paths(parsed):
        for value in STRANGE:
            changed = copy.deepcopy(parsed)
            place = changed
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = value
            file = written(changed)
            step, accepted = verdicts(file, LEDGER, KEYS)
            assert (path, value, file == GOOD, file == GOOD) == (path, value, accepted, not step)


def test_changed_bytes_under_the_base64_get_one_verdict() -> None:
    """Nothing that was changed is accepted by either."""
    parsed, random_ = json.loads(GOOD), random.Random(1)
    texts = [path for path in paths(parsed) if isinstance(at(parsed, path), str)]
    for _ in range(1_500):
        path = random_.choice([each for each in texts if each[-1] not in {"format", "born"}])
        data = bytearray(base64.b64decode(at(parsed, path)))
        data[random_.randrange(min(len(data), 60))] ^= 1 << random_.randrange(8)
        changed = copy.deepcopy(parsed)
        at(changed, path[:-1])[path[-1]] = base64.b64encode(data).decode()
        step, accepted = verdicts(written(changed), LEDGER, KEYS)
        assert (path, False) == (path, accepted or not step)


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"{}\n",
        b"[" * 4_000_000,
        b'{"a":' * 700_000,
        b"9" * 4_000_000,
        b'"' + b"\\u0000" * 600_000 + b'"',
        b"\xef\xbb\xbf" + GOOD,
        GOOD + b"\n",
        GOOD[:-1],
        GOOD * 100,
        GOOD.replace(b'"entry":3', b'"entry":3.0'),
        GOOD.replace(b'"checkpoint":', b'"checkpoint":"","checkpoint":', 1),
        GOOD.replace(b"format", b"f\\u006frmat"),
    ],
    ids=lambda file: f"{file[:12]!r} of {len(file)}",
)
def test_huge_deep_and_crooked_files_are_refused_in_time(file: bytes) -> None:
    """Both refuse, without a trace, and quickly."""
    began = time.monotonic()
    step, accepted = verdicts(file, LEDGER, KEYS)
    assert ("file", False) == (step, accepted)
    assert True is (time.monotonic() - began < SECONDS_MAX)


@pytest.mark.parametrize("depth", [5, 300, 330, 500, 990, 5_000])
def test_a_leaf_with_deeply_nested_records_gets_one_verdict(depth: int) -> None:
    """A dishonest ledger may put anything under its root; neither verifier falls over."""
    step, accepted = verdicts(with_item(b"\x92\xa3zzz" + b"\x91" * depth + b"\x01"), LEDGER, KEYS)
    assert (not step) == accepted


@pytest.mark.parametrize(
    "item",
    [
        b"\xa3zzz",
        b"\xa8emission",
        b"\x05",
        b"\xc0",
        b"\xc4\x03zzz",
        b"\x90",
        b"\x91\xa3zzz",
        b"\x91\x05",
        b"\x91\x91\xa3zzz",
        b"\x92\xa3zzz\x80",
        b"\x92\xa3zzz\xcb\x40\x09\x21\xfb\x54\x44\x2d\x18",
        b"\x92\xa3zzz\xd6\xff\x00\x00\x00\x01",
        b"\x92\xa3zzz\xcf" + b"\xff" * 8,
        b"\x92\xa3zzz\xd3\x80" + bytes(7),
        b"\x92\xa3zzz\xa1\xff",
        b"\x91\xa4\xf0\x9f\x98\x80",
    ],
)
def test_a_leaf_with_a_strange_item_gets_one_verdict(item: bytes) -> None:
    """Both verifiers agree on what a record is."""
    step, accepted = verdicts(with_item(item), LEDGER, KEYS)
    assert (not step) == accepted


def test_a_claimed_certificate_with_a_text_beside_it_gets_one_verdict() -> None:
    """The same under the claimed certificate, where nothing else stands."""
    records = Story()._leaves()[CLAIMED]
    assert records is not None
    (record,) = msgspec.msgpack.decode(records)
    forged = msgspec.msgpack.encode([record, "production"])
    step, accepted = verdicts(Story(raw_leaves={CLAIMED: forged}).tell(), LEDGER, KEYS)
    assert (not step) == accepted


def with_item(item: bytes) -> bytes:
    """Return the proof of a ledger that keeps one more item under the consumption."""
    records = Story()._leaves()[CONSUMPTION]
    assert records is not None
    count = len(msgspec.msgpack.decode(records))
    forged = bytes([0x90 + count + 1]) + records[1:] + item
    return Story(raw_leaves={CONSUMPTION: forged}).tell()


def paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value that is not an object."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from paths(each, (*above, key))
        return
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from paths(each, (*above, place))
    yield above


def at(value: Any, path: tuple[Any, ...]) -> Any:
    """Return what stands at the end of a way."""
    for step in path:
        value = value[step]
    return value


def written(value: Any) -> bytes:
    """Return a proof file in its one form."""
    return (json.dumps(value, separators=(",", ":"), ensure_ascii=False) + "\n").encode()
