"""What stands behind an option is read in one way, with times and names of keys in it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.amounts import SECONDS_MAX, Amount, Milliseconds, Seconds
from tallystick.base.encoding import Malformed, Record
from tallystick.base.identifiers import PublicKey, RecordId, format_public_key
from tallystick.base.intervals import format_time
from tallystick.base.plain import field_hints, format_milliseconds
from tallystick.cli.texts import FILE_CHARACTERS_MAX, is_nested, read_text, split_fields
from tallystick.contracts.allowance.commands import OpenProgramme
from tallystick.contracts.certificate.commands import SplitPart
from tallystick.contracts.governance.commands import Propose
from tallystick.contracts.market.commands import MeterKey, Open, Place
from tallystick.contracts.market.model import Product
from tallystick.contracts.sharing.commands import Agree
from tallystick.testing.keys import key

ID = "id_" + "07" * 32
KEY = format_public_key(key(1))
NOON, LATER = "2026-11-22T12:00:00Z", "2026-11-22T13:00:00Z"
NAMED = {"receive/0": KEY, f"meter/0/{NOON}": format_public_key(key(2))}


class Mixed(Record):
    """A key and two sorts of times, with something between and behind them."""

    owner: PublicKey
    """A key."""

    begin: Seconds
    """A time."""

    amount: Amount
    """A number."""

    at: Milliseconds
    """A finer time."""

    payee: PublicKey
    """Another key."""

    note: str
    """A text."""


def named(text: str) -> str:
    """Return the key of a name, as the command line does."""
    if text.startswith("key_"):
        return text
    if text not in NAMED:
        raise ValueError(f"{text!r} names no key")
    return NAMED[text]


def read(text: Any, kind: type[Record], field: str) -> Any:
    """Read what an option for a field was given."""
    return read_text(text, field_hints(kind)[field], f"--{field}", named)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (Product, f"{ID}:{NOON}:{LATER}", [ID, NOON, LATER]),
        (Product, f"{ID}:1795348800:{LATER}", [ID, "1795348800", LATER]),
        (Product, f"{ID}:{NOON}:1795352400", [ID, NOON, "1795352400"]),
        (Product, f"{ID}:2026-11-22T12:00Z:{LATER}", [ID, "2026-11-22T12:00Z", LATER]),
        (MeterKey, f"meter/0/{NOON}:1795258080", [f"meter/0/{NOON}", "1795258080"]),
        (MeterKey, f"meter/0/{NOON}:{NOON}", [f"meter/0/{NOON}", NOON]),
        (MeterKey, f"{KEY}:{NOON}", [KEY, NOON]),
        (MeterKey, f"receive/0:{NOON}", ["receive/0", NOON]),
        (SplitPart, f"600:meter/0/{NOON}", ["600", f"meter/0/{NOON}"]),
        (SplitPart, "600:", ["600", ""]),
    ],
)
def test_colons_within_times_and_names_part_nothing(
    kind: type[Record], text: str, expected: list[str]
) -> None:
    """A time is one field, and so is a key's name that ends in one."""
    assert expected == list(split_fields(text, kind, "--it").values())


@pytest.mark.parametrize(
    ("text", "found"),
    [(ID, 1), (f"{ID}:{NOON}", 2), (f"{ID}:{NOON}:{LATER}:", 4), (f"{ID}:12:00:13:00", 5), ("", 1)],
)
def test_other_numbers_of_fields_are_refused(text: str, found: int) -> None:
    """And counted."""
    with pytest.raises(Malformed, match=f"expected unit:begin:end, found {found} of 3 fields"):
        split_fields(text, Product, "--product")


KEYS = st.sampled_from(
    [KEY, "receive/7", "publisher", f"meter/3/{NOON}", "meter/12/2026-03-29T01:15:00Z"]
)
SECONDS = st.integers(10_000, SECONDS_MAX)
WORDS = st.text(st.characters(exclude_characters=":", exclude_categories=["Cs"]), max_size=12)


PARTS = st.tuples(
    KEYS,
    SECONDS.map(format_time) | SECONDS.map(str),
    st.integers(0, 2**53).map(str),
    SECONDS.map(lambda each: format_milliseconds(1_000 * each + 7)) | SECONDS.map(str),
    KEYS,
    WORDS,
)


@given(PARTS)
def test_what_is_joined_is_parted_again(parts: tuple[str, ...]) -> None:
    """Whatever forms keys and times have, the fields come apart as they were put together."""
    assert list(parts) == list(split_fields(":".join(parts), Mixed, "--mixed").values())


@given(st.text("0123456789-:TZ/._meterkey{}@ ", max_size=60))
def test_no_text_is_read_in_two_ways(text: str) -> None:
    """What is accepted is, joined again, what was given; anything else is refused by its place."""
    try:
        parts = split_fields(text, Mixed, "--mixed")
    except Malformed as malformed:
        assert "--mixed" == malformed.field
    else:
        assert text == ":".join(parts.values())


def test_names_do_wherever_a_key_is_wanted() -> None:
    """Alone, between colons, in JSON, and deep within it."""
    assert KEY == read("receive/0", Place, "owner")
    member = {"account": KEY, "share_ppm": 500_000}
    assert [member] == read(["receive/0:500000"], Agree, "members")
    assert [member] == read(
        [json.dumps({"account": "receive/0", "share_ppm": 500_000})], Agree, "members"
    )
    meter = {"owner": NAMED[f"meter/0/{NOON}"], "begin": 1_795_258_080}
    assert [meter] == read([f"meter/0/{NOON}:1795258080"], Place, "meters")
    charges = [{"name": "commission", "payee": "receive/0"}, {"payee": KEY}]
    rules = read(json.dumps({"charges": charges, "sector": "receive/0"}), Open, "rules")
    assert [KEY, KEY] == [each["payee"] for each in rules["charges"]]
    assert "receive/0" == rules["sector"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("nobody:5", "--members[0].account: 'nobody' names no key"),
        ('{"account": "nobody"}', "--members[0].account: 'nobody' names no key"),
    ],
)
def test_an_unknown_name_is_refused_where_it_stands(text: str, place: str) -> None:
    """The place says which of the names it is."""
    with pytest.raises(Malformed) as caught:
        read([text], Agree, "members")
    assert place == str(caught.value)


def test_numbers_and_truth_are_text_only_where_text_is_typed() -> None:
    """Between colons `5` is a number; in JSON it has to be one."""
    assert 5 == read("5", Place, "lots")
    assert -5 == read("-5", Place, "lots")
    assert "5.5" == read("5.5", Place, "lots")
    assert {"account": KEY, "share_ppm": "5"} == read(
        [json.dumps({"account": KEY, "share_ppm": "5"})], Agree, "members"
    )[0]


@pytest.mark.parametrize(
    ("kind", "field", "nested"),
    [
        (Open, "rules", True),
        (OpenProgramme, "terms", True),
        (Propose, "resolution", True),
        (Place, "product", False),
        (Place, "meters", False),
        (Place, "lots", False),
    ],
)
def test_what_colons_cannot_express(kind: type[Record], field: str, *, nested: bool) -> None:
    """A record with a list or a record within."""
    assert nested == is_nested(field_hints(kind)[field])


def test_a_nested_record_says_how_it_is_given() -> None:
    """The colon form is refused with what to do instead, and with its fields."""
    with pytest.raises(Malformed) as caught:
        read("energy:village", Open, "rules")
    assert str(caught.value).startswith("--rules: give JSON or @file, an object with subject, sect")


def test_a_file_may_hold_it(tmp_path: Path) -> None:
    """As JSON; names of keys do there too."""
    file = tmp_path / "part.json"
    file.write_text('{"amount_wh": 5, "owner": "receive/0"}', encoding="utf-8")
    part = read_text(f"@{file}", SplitPart, "--part", named)
    assert {"amount_wh": 5, "owner": KEY} == part


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """Each says what is wrong with it, in a few words."""
    (tmp_path / "latin.json").write_bytes(b'{"note": "\xe9"}')
    (tmp_path / "long.json").write_text(" " * (FILE_CHARACTERS_MAX + 1), encoding="utf-8")
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    (tmp_path / "cut.json").write_text('{"a": ', encoding="utf-8")
    (tmp_path / "twice.json").write_text('{"a": 1, "a": 2}', encoding="utf-8")
    for name, problem in (
        ("none.json", "there is no file "),
        ("latin.json", "is not text in UTF-8"),
        ("long.json", "has more than 1048576 characters"),
        ("list.json", "expected a JSON object"),
        ("cut.json", "not JSON: "),
        ("twice.json", "not JSON: the field 'a' stands there twice"),
        ("", "cannot be read: Is a directory"),
    ):
        with pytest.raises(Malformed, match=problem):
            read_text(f"@{tmp_path / name}", SplitPart, "--part", named)


def test_what_may_be_nothing_is_a_dash() -> None:
    """In a list of what may be nothing."""
    assert [None, ID] == read_text(["-", ID], tuple[RecordId | None, ...], "--it", named)


def test_a_file_that_is_named_without_its_sign_is_seen(tmp_path: Path) -> None:
    """Whoever forgot the `@` is told so, and nobody else."""
    file = tmp_path / "rules.json"
    file.write_text("{}", encoding="utf-8")
    rules = field_hints(Open)["rules"]
    with pytest.raises(Malformed, match=f"colons do not express it; for the file write @{file}"):
        read_text(str(file), rules, "--rules", named)
    for text in ("rules", "\0", "x" * 10_000):
        with pytest.raises(Malformed, match=r"colons do not express it$"):
            read_text(text, rules, "--rules", named)
