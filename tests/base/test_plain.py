"""Records as people and programs write them, there and back."""

import json
from enum import Enum
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.amounts import MILLISECONDS_MAX, SECONDS_MAX, Amount, Milliseconds, Seconds
from tallystick.base.encoding import Malformed, Record, decode, encode
from tallystick.base.identifiers import (
    Hash,
    LedgerId,
    LockId,
    PublicKey,
    RecordId,
    TransactionId,
)
from tallystick.base.plain import (
    SCALAR_CHARACTERS_MAX,
    bare_hint,
    field_hints,
    format_milliseconds,
    from_plain,
    is_optional,
    item_hint,
    parse_milliseconds,
    read_value,
    to_plain,
)
from tallystick.contracts import CONTRACTS
from tallystick.core.block import BlockHeader
from tallystick.core.genesis import Genesis
from tallystick.core.holding import Lock, LockedFor, Release
from tallystick.core.transaction import Header
from tallystick.testing.strategies import records

KINDS: list[type[Record]] = [
    kind
    for contract in CONTRACTS
    for kind in (
        *contract.commands,
        *contract.views,
        *contract.records,
        *contract.events,
        contract.parameters,
    )
]
KERNEL: list[type[Record]] = [BlockHeader, Genesis, Header, Lock, LockedFor, Release]


class Colour(Enum):
    """A choice."""

    RED = "red"
    DARK_BLUE = "dark-blue"


class Leaf(Record):
    """A part of a sample."""

    amount: Amount
    """A number."""

    colour: Colour
    """A choice."""


class Sample(Record, tag="sample"):
    """One field of every sort."""

    id: RecordId
    """32 bytes with a prefix."""

    key: PublicKey
    """33 bytes with a prefix."""

    lock_id: LockId | None
    """Something or nothing."""

    digest: Hash
    """32 bytes without a prefix."""

    blob: Annotated[bytes, msgspec.Meta(max_length=4)]
    """Some bytes."""

    text: Annotated[str, msgspec.Meta(max_length=8)]
    """Some text."""

    amount: Amount
    """A number."""

    begin: Seconds
    """A time."""

    at: Milliseconds
    """A finer time."""

    later: Seconds | None
    """A time or nothing."""

    yes: bool
    """A truth value."""

    colour: Colour
    """A choice."""

    leaf: Leaf
    """A record within."""

    leaves: Annotated[tuple[Leaf, ...], msgspec.Meta(max_length=3)]
    """A list of records."""

    ids: tuple[RecordId, ...]
    """A list of values."""

    size: Annotated[int, msgspec.Meta(ge=1)] = 1
    """A number that need not be given."""


class SampleView(msgspec.Struct, frozen=True):
    """What a view answers: no record, but it holds some."""

    at: Milliseconds
    """A time."""

    sample: Sample | None
    """A record."""


SAMPLE = Sample(
    id=RecordId(bytes([1]) * 32),
    key=PublicKey(b"\x02" + bytes(32)),
    lock_id=None,
    digest=Hash(bytes([3]) * 32),
    blob=b"\x00\xff",
    text="dé",
    amount=2**53 - 1,
    begin=1_467_374_400,
    at=1_467_374_400_007,
    later=0,
    yes=True,
    colour=Colour.DARK_BLUE,
    leaf=Leaf(amount=1, colour=Colour.RED),
    leaves=(Leaf(amount=2, colour=Colour.RED), Leaf(amount=3, colour=Colour.DARK_BLUE)),
    ids=(RecordId(bytes(32)),),
    size=7,
)
PLAIN: dict[str, Any] = {
    "id": "id_" + "01" * 32,
    "key": "key_02" + "00" * 32,
    "lock_id": None,
    "digest": "03" * 32,
    "blob": "00ff",
    "text": "dé",
    "amount": 9_007_199_254_740_991,
    "begin": "2016-07-01T12:00:00Z",
    "at": "2016-07-01T12:00:00.007Z",
    "later": "1970-01-01T00:00:00Z",
    "yes": True,
    "colour": "dark-blue",
    "leaf": {"amount": 1, "colour": "red"},
    "leaves": [{"amount": 2, "colour": "red"}, {"amount": 3, "colour": "dark-blue"}],
    "ids": ["id_" + "00" * 32],
    "size": 7,
}


def with_key(record: Any) -> Any:
    """Return a record whose public keys have the form of compressed ones, as all real ones do."""
    if isinstance(record, msgspec.Struct):
        hints = field_hints(type(record))
        values = {
            name: _headed(getattr(record, name), bare_hint(hint)) for name, hint in hints.items()
        }
        return type(record)(**values)
    return record


def _headed(value: Any, bare: Any) -> Any:
    """Return a public key with a head, and anything else with its parts so treated."""
    if bare is PublicKey and isinstance(value, bytes):
        return PublicKey(b"\x03" + value[1:])
    if isinstance(value, tuple):
        return tuple(_headed(item, bare_hint(item_hint(bare, n))) for n, item in enumerate(value))
    return with_key(value)


def test_each_sort_of_field_has_its_form() -> None:
    """Bytes, times, choices and records are written as people expect them."""
    assert PLAIN == to_plain(SAMPLE)


def test_what_is_written_is_read_back() -> None:
    """The plain form says everything, also after a detour through JSON."""
    assert SAMPLE == from_plain(PLAIN, Sample)
    assert SAMPLE == from_plain(json.loads(json.dumps(to_plain(SAMPLE))), Sample)


@pytest.mark.parametrize("kind", [*KINDS, *KERNEL], ids=lambda kind: str(kind.__name__))
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_every_record_survives(kind: type[Record], data: st.DataObject) -> None:
    """Commands, questions, records, events and parameters of all contracts, there and back."""
    record = with_key(data.draw(records(kind)))
    plain = json.loads(json.dumps(to_plain(record)))
    assert list(field_hints(kind)) == list(plain)
    assert record == from_plain(plain, kind)
    assert encode(record) == encode(from_plain(to_plain(record), kind))


@pytest.mark.parametrize(
    ("field", "given_as", "expected"),
    [
        ("yes", False, False),
        ("begin", 1_467_374_400, 1_467_374_400),
        ("begin", 999, 999),
        ("begin", 10_000, 10_000),
        ("begin", "1970-01-01T00:00:00Z", 0),
        ("at", 1_467_374_400_007, 1_467_374_400_007),
        ("at", "2016-07-01T12:00:00Z", 1_467_374_400_000),
        ("at", "2016-07-01T12:00:00.999Z", 1_467_374_400_999),
        ("at", 0, 0),
        ("later", None, None),
        ("later", "2016-07-01T12:00:00Z", 1_467_374_400),
        ("lock_id", "lock_" + "0a" * 32, LockId(bytes([10]) * 32)),
        ("blob", "", b""),
        ("leaves", (), ()),
        ("ids", ["id_" + "ff" * 32] * 2, (RecordId(b"\xff" * 32),) * 2),
        ("colour", "red", Colour.RED),
    ],
)
def test_other_forms_that_are_read(field: str, given_as: object, expected: object) -> None:
    """A time may be a number, and what need not be there may be nothing."""
    assert expected == getattr(from_plain({**PLAIN, field: given_as}, Sample), field)


HUGE = 10**5_000


def deep(levels: int) -> list[Any]:
    """Return a list within a list within a list."""
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("amount", 1.0, "Sample.amount: expected a whole number, found a float"),
        ("amount", True, "Sample.amount: expected a whole number, found true"),
        ("amount", None, "Sample.amount: expected a whole number, found nothing"),
        ("amount", -1, "Sample.amount: expected `int` >= 0, found -1"),
        ("amount", "1", "Sample.amount: expected a whole number, found '1'"),
        ("amount", 2**53, "Sample.amount: expected `int` <= 9007199254740991, found"),
        ("amount", 2**64, "Sample.amount: expected a number between"),
        ("amount", HUGE, "Sample.amount: expected a number between"),
        ("amount", -HUGE, "Sample.amount: expected a number between"),
        ("amount", "9" * 5_000, "Sample.amount: expected a whole number, found '999"),
        ("amount", "", "Sample.amount: expected a whole number, found ''"),
        ("amount", "-", "Sample.amount: expected a whole number, found '-'"),
        ("amount", "--1", "found '--1'"),
        ("amount", "+1", "found '+1'"),
        ("amount", " 1", "found ' 1'"),
        ("amount", "1_000", "found '1_000'"),
        ("amount", "1e3", "found '1e3'"),
        ("amount", "٣", "found '٣'"),
        ("amount", "２", "found '２'"),
        ("amount", "²", "found '²'"),
        ("amount", "2016-07-01T12:00:00Z", "Sample.amount: expected a whole number, found '2016"),
        ("amount", [1], "Sample.amount: expected a whole number, found a list of 1"),
        ("amount", {"a": 1}, "Sample.amount: expected a whole number, found an object"),
        ("amount", b"1", "Sample.amount: expected a whole number, found a bytes"),
        ("begin", "2016-07-01T12:00:00", "Sample.begin: time: expected 20 characters, found 19"),
        ("begin", "2016-02-30T12:00:00Z", "Sample.begin: time: 2016-02-30T12:00:00Z does not"),
        ("begin", "2016-07-01T12:00:00.5Z", "Sample.begin: time: expected 20"),
        ("begin", 2027, "Sample.begin: 2027 would be in 1970: give a time such as 2027-01-01T00"),
        ("begin", 1_000, "would be in 1970"),
        ("begin", 9_999, "would be in 1970"),
        ("begin", "2027", "or a time such as 2016-03-27T01:00:00Z, found '2027'"),
        ("begin", "1467374400", "found '1467374400'"),
        ("at", 2027, "2027 would be in 1970"),
        ("begin", "noon", "or a time such as 2016-03-27T01:00:00Z, found 'noon'"),
        ("begin", SECONDS_MAX + 1, f"Sample.begin: expected `int` <= {SECONDS_MAX}"),
        ("at", "2016-07-01T12:00:00.07Z", "Sample.at: time: expected 20"),
        ("at", "2016-07-01T12:00:00.٠٠٧Z", "Sample.at: time: expected 20"),
        ("at", MILLISECONDS_MAX + 1, f"Sample.at: expected `int` <= {MILLISECONDS_MAX}"),
        ("later", False, "Sample.later: expected a whole number or a time"),
        ("yes", 1, "Sample.yes: expected true or false, found 1"),
        ("yes", "true", "Sample.yes: expected true or false, found 'true'"),
        ("yes", "True", "Sample.yes: expected true or false, found 'True'"),
        ("yes", None, "Sample.yes: expected true or false, found nothing"),
        ("yes", [], "Sample.yes: expected true or false, found a list of 0"),
        ("text", 1, "Sample.text: expected a text, found 1"),
        ("text", None, "Sample.text: expected a text, found nothing"),
        ("text", "x" * 9, "Sample.text: expected `str` of length <= 8, found 'xxxxxxxxx'"),
        ("text", "x" * (SCALAR_CHARACTERS_MAX + 1), "Sample.text: text of 4097 characters"),
        ("text", "\ud800", "Sample.text: expected Unicode characters, found '?'"),
        ("text", HUGE, "Sample.text: expected a text, found a huge number"),
        ("text", deep(2_000), "Sample.text: expected a text, found a list of 1"),
        ("blob", "0", "Sample.blob: expected pairs of the digits 0-9 and a-f, found '0'"),
        ("blob", "0G", "found '0G'"),
        ("blob", "AB", "found 'AB'"),
        ("blob", "00 ff", "found '00 ff'"),
        ("blob", "00\n", "found '00?'"),
        ("blob", "٠٠", "found '٠٠'"),
        ("blob", "0000000000", "Sample.blob: expected `bytes` of length <= 4"),
        ("blob", b"\x00", "Sample.blob: expected a text, found a bytes"),
        ("digest", "03", "Sample.digest: expected `bytes` of length >= 32"),
        ("digest", None, "Sample.digest: expected a text, found nothing"),
        ("id", "01" * 32, "Sample.id: record id: expected a text that begins with 'id_'"),
        ("id", "key_02" + "00" * 32, "found 'key_', a public key"),
        ("id", "id_01", "Sample.id: record id: expected 67 characters, found 5"),
        ("id", "id_" + "0٣" * 32, "character 5 is '٣', expected a digit 0-9 or a-f"),
        ("id", 5, "Sample.id: expected a text, found 5"),
        ("id", None, "Sample.id: expected a text, found nothing"),
        ("id", ["id_" + "00" * 32], "Sample.id: expected a text, found a list of 1"),
        ("key", "key_05" + "00" * 32, "'05', expected '02', '03' or '00', a vault's"),
        ("lock_id", "", "Sample.lock_id: lock id: expected a text that begins with 'lock_'"),
        ("colour", "green", "Sample.colour: expected one of red, dark-blue, found 'green'"),
        ("colour", "RED", "found 'RED'"),
        ("colour", 0, "Sample.colour: expected one of red, dark-blue, found 0"),
        ("colour", None, "found nothing"),
        ("colour", ["red"], "found a list of 1"),
        ("leaf", None, "Sample.leaf: expected an object, found nothing"),
        ("leaf", [1, "red"], "Sample.leaf: expected an object, found a list of 2"),
        ("leaf", {"amount": 1}, "Sample.leaf.colour: missing"),
        ("leaf", {"amount": -1, "colour": "red"}, "Sample.leaf.amount: expected `int` >= 0"),
        ("leaf", {"amount": 1, "colour": "x"}, "Sample.leaf.colour: expected one of"),
        ("leaf", {**PLAIN["leaf"], "a": 1}, "Sample.leaf: unknown field 'a', it has amount, colo"),
        ("leaves", {}, "Sample.leaves: expected a list, found an object"),
        ("leaves", "ab", "Sample.leaves: expected a list, found 'ab'"),
        ("leaves", None, "Sample.leaves: expected a list, found nothing"),
        ("leaves", [PLAIN["leaf"], 5], "Sample.leaves[1]: expected an object, found 5"),
        ("leaves", [{"amount": 1.5, "colour": "red"}], "Sample.leaves[0].amount: expected a whole"),
        ("leaves", [{"amount": -2, "colour": "red"}], "Sample.leaves[0].amount: expected `int` >="),
        ("leaves", [PLAIN["leaf"]] * 4, "Sample.leaves: expected `array` of length <= 3"),
        ("leaves", deep(50_000), "Sample.leaves[0]: expected an object, found a list of 1"),
        ("ids", [None], "Sample.ids[0]: expected a text, found nothing"),
        ("ids", ["id_"], "Sample.ids[0]: record id: expected 67 characters"),
        ("ids", "id_" + "00" * 32, "Sample.ids: expected a list, found 'id_0000"),
        ("size", 0, "Sample.size: expected `int` >= 1, found 0"),
        ("colours", "red", "Sample: unknown field 'colours', it has id, key, lock_id"),
        (7, "red", "Sample: unknown field 7, it has id"),
        ("a\nb" * 100, "red", "Sample: unknown field 'a?ba?b"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else type(value).__name__,
)
def test_what_is_refused(field: str, value: object, message: str) -> None:
    """Anything else is refused by field and value, on one line of bounded length."""
    with pytest.raises(Malformed) as caught:
        from_plain({**PLAIN, field: value}, Sample)
    text = str(caught.value)
    assert message in text
    assert text.isprintable()
    assert len(text) < 400


@pytest.mark.parametrize(
    "field", [name for name in PLAIN if name not in {"lock_id", "later", "size"}]
)
def test_a_missing_field_is_named(field: str) -> None:
    """What has no default and may not be nothing must be given."""
    plain = {name: value for name, value in PLAIN.items() if name != field}
    with pytest.raises(Malformed) as caught:
        from_plain(plain, Sample)
    assert (f"Sample.{field}", "missing") == (caught.value.field, caught.value.problem)


def test_what_need_not_be_given() -> None:
    """A field that may hold nothing holds nothing, one with a default that."""
    kept = {
        name: value for name, value in PLAIN.items() if name not in {"lock_id", "later", "size"}
    }
    found = from_plain(kept, Sample)
    assert (None, None, 1) == (found.lock_id, found.later, found.size)


@pytest.mark.parametrize(
    "plain",
    [None, [], "a", 5, 1.5, [PLAIN], True, HUGE],
    ids=lambda plain: type(plain).__name__,
)
def test_a_record_is_an_object(plain: object) -> None:
    """Nothing else is one, and it is told by the record's name."""
    with pytest.raises(Malformed, match="Sample: expected an object, found"):
        from_plain(plain, Sample)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=10)
    | st.sampled_from(["red", "2016-07-01T12:00:00Z", "id_" + "00" * 32, "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*PLAIN, "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(PLAIN)), JSON)
def test_hostile_values_only_ever_make_malformed(field: str, value: object) -> None:
    """A field with any value is either valid, and then canonical, or `Malformed`."""
    try:
        record = from_plain({**PLAIN, field: value}, Sample)
    except Malformed as malformed:
        assert malformed.field.startswith("Sample")
    else:
        assert record == decode(encode(record), Sample)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(KINDS), st.dictionaries(st.text(max_size=8), JSON, max_size=3) | JSON)
def test_no_kind_of_record_crashes(kind: type[Record], plain: object) -> None:
    """The same holds for what is declared elsewhere."""
    try:
        record = from_plain(plain, kind)
    except Malformed as malformed:
        assert malformed.field.startswith(kind.__name__)
    else:
        assert isinstance(record, kind)


def test_an_answer_of_a_view_survives() -> None:
    """What a view answers is no record, and is read back all the same."""
    view = SampleView(at=SAMPLE.at, sample=SAMPLE)
    plain = json.loads(json.dumps(to_plain(view)))
    assert {"at": PLAIN["at"], "sample": PLAIN} == plain
    assert view == from_plain(plain, SampleView)
    with pytest.raises(Malformed, match=r"SampleView: .*\$\.at"):
        from_plain({**plain, "at": -1}, SampleView)


def test_every_time_of_a_view_is_shown_as_a_time() -> None:
    """A view's field whose unit is s or ms since the epoch has the type that says so."""
    for contract in CONTRACTS:
        for view in contract.views.values():
            answer = view.__annotations__["return"]
            for name, hint in field_hints(answer).items():
                if name in {"begin", "end", "until"} or name.endswith("_at"):
                    known = hint in (Seconds, Milliseconds) or bare_hint(hint) is RecordId
                    assert known, f"{answer.__name__}.{name}"


@pytest.mark.parametrize(
    ("value", "hint", "expected"),
    [
        (None, Seconds, None),
        (5, None, 5),
        (5, Amount, 5),
        (0, Seconds, "1970-01-01T00:00:00Z"),
        (0, Milliseconds, 0),
        (1, Milliseconds, "1970-01-01T00:00:00.001Z"),
        (1, Milliseconds | None, "1970-01-01T00:00:00.001Z"),
        (1, Seconds | None, "1970-01-01T00:00:01Z"),
        (True, None, True),
        ("a", None, "a"),
        (b"\x01", None, "01"),
        (b"\x01", bytes, "01"),
        (bytes(32), Hash, "00" * 32),
        (bytes(32), LedgerId, "ledger_" + "00" * 32),
        (bytes(32), TransactionId, "tx_" + "00" * 32),
        (bytes(32), LockId | None, "lock_" + "00" * 32),
        (Colour.RED, None, "red"),
        ([1, 2], None, [1, 2]),
        ((0, 0), tuple[Seconds, Amount], ["1970-01-01T00:00:00Z", 0]),
        ((0, 0), tuple[Seconds, ...], ["1970-01-01T00:00:00Z"] * 2),
    ],
)
def test_values_without_a_record(value: object, hint: object, expected: object) -> None:
    """A value is written as its declared type says; 0 ms, which stands for never, as 0."""
    assert expected == to_plain(value, hint)


@given(st.integers(0, MILLISECONDS_MAX))
def test_times_in_milliseconds_survive(time: int) -> None:
    """Every time has one text, and that text is this time."""
    assert time == parse_milliseconds(format_milliseconds(time))


def test_reading_a_value_names_the_place_that_it_is_told() -> None:
    """A caller that reads single values says where they stand."""
    assert 5 == read_value(5, Amount, "--amount")
    with pytest.raises(Malformed, match=r"--amount: expected a whole number, found 'five'"):
        read_value("five", Amount, "--amount")


@pytest.mark.parametrize(
    ("hint", "bare", "optional"),
    [
        (Amount, int, False),
        (Amount | None, int, True),
        (RecordId, RecordId, False),
        (RecordId | None, RecordId, True),
        (Hash, bytes, False),
        (str, str, False),
        (Annotated[str | None, "note"], str, True),
        (int | str, int | str, False),
    ],
)
def test_declared_types_are_taken_apart(hint: object, bare: object, *, optional: bool) -> None:
    """Bounds, `None` and mere names come off; identifiers keep the name that gives their form."""
    assert (bare, optional) == (bare_hint(hint), is_optional(hint))
