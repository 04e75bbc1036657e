"""Options are derived from the fields of commands and questions."""

import json
import re
from typing import Any

import click
import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.encoding import Malformed, Record
from tallystick.base.identifiers import (
    LockId,
    PublicKey,
    RecordId,
    format_lock_id,
    format_public_key,
    format_record_id,
)
from tallystick.base.plain import field_hints, is_optional, to_plain
from tallystick.cli.options import (
    HOW_NESTED,
    field_docstrings,
    options_for,
    parameter_of,
    read_options,
)
from tallystick.cli.scalars import HOW_LOCK, HOW_MONTH
from tallystick.contracts import CONTRACTS
from tallystick.contracts.ballot.commands import RevokeDelegation
from tallystick.contracts.certificate.commands import Correct, Pledge, Split, SplitPart, Transfer
from tallystick.contracts.certificate.model import CertificateParameters
from tallystick.contracts.certificate.views import ShowCertificate
from tallystick.contracts.exchange.commands import Commit
from tallystick.contracts.identity.commands import Appoint
from tallystick.contracts.identity.model import Role
from tallystick.contracts.market.commands import Open, Place
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality
from tallystick.contracts.title.views import ListTitles
from tallystick.core.holding import Lock
from tallystick.testing.keys import key
from tallystick.testing.strategies import records

KINDS: list[type[Record]] = sorted(
    {kind for contract in CONTRACTS for kind in (*contract.commands, *contract.views)},
    key=lambda kind: str(kind.__struct_config__.tag),
)
ID = RecordId(bytes([1]) * 32)
LOCK_ID = LockId(bytes([2]) * 32)
OWNER = key(1)
OTHER = key(2)
KEY_BYTES = len(OWNER)


def invoke(kind: type[Record], *words: str) -> Any:
    """Return what a command line with these words gives, or click's complaint."""
    found: list[Any] = []
    command = click.Command(
        "try", params=options_for(kind), callback=lambda **given: found.append(given)
    )
    result = CliRunner().invoke(command, list(words))
    if result.exit_code:
        return result.output
    return read_options(kind, found[0])


def written(plain: Any) -> str:
    """Return a plain value as a person writes it: simple parts with colons, else JSON."""
    if isinstance(plain, bool):
        return json.dumps(plain)
    if not isinstance(plain, dict):
        return str(plain)
    if all(isinstance(each, int) or str(each).startswith("key_") for each in plain.values()):
        return ":".join(map(str, plain.values()))
    return json.dumps(plain)


def with_keys(value: Any) -> Any:
    """Return a value in which everything as long as a key begins like one."""
    if isinstance(value, bytes) and len(value) == KEY_BYTES:
        return PublicKey(b"\x02" + value[1:])
    if isinstance(value, tuple):
        return tuple(map(with_keys, value))
    if isinstance(value, msgspec.Struct):
        fields = {name: with_keys(getattr(value, name)) for name in value.__struct_fields__}
        return type(value)(**fields)
    return value


def words_for(record: Record) -> list[str]:
    """Return the command line that a person would write for a record."""
    words: list[str] = []
    plain = to_plain(record)
    for option, name in zip(options_for(type(record)), plain, strict=True):
        value = plain[name]
        if isinstance(value, list):
            given = ["-" if each is None else each for each in value]
        else:
            given = [] if value is None else [value]
        words += [f"{option.opts[0]}={written(each)}" for each in given]
    return words


HOW = re.compile(
    f"({re.escape(HOW_NESTED)})?({re.escape(HOW_MONTH)}|{re.escape(HOW_LOCK)})?( By default .+[.])?"
)
"""What an option's help may add to the first line of the field's docstring."""


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__struct_config__.tag))
def test_every_field_has_an_option_with_help(kind: type[Record]) -> None:
    """Every command and question has an option for each field, explained by its docstring."""
    options = options_for(kind)
    assert [parameter_of(each) for each in field_hints(kind)] == [each.name for each in options]
    names = [name for option in options for name in option.opts]
    assert len(names) == len(set(names))
    for option, field in zip(options, field_hints(kind), strict=True):
        assert isinstance(option, click.Option)
        assert (option.help or "").strip()
        first = field_docstrings(kind)[field].splitlines()[0]
        how = str(option.help).removeprefix(first)
        assert first + how == option.help
        assert ("@FILE" in (option.metavar or "")) == how.startswith(HOW_NESTED)
        assert HOW.fullmatch(how)
    page = CliRunner().invoke(click.Command("try", params=options), ["--help"])
    assert 0 == page.exit_code
    assert [] == [name for name in names if name not in page.output]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__struct_config__.tag))
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_every_record_can_be_written_as_options(kind: type[Record], data: st.DataObject) -> None:
    """Whatever a command or question says, a command line can say."""
    record = with_keys(data.draw(records(kind)))
    assert record == invoke(kind, *words_for(record))


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        (Split, "parts", ("--part", True, False, "AMOUNT_WH:OWNER")),
        (Split, "certificate", ("--certificate", False, True, "RECORD-ID")),
        (Split, "lock_id", ("--lock-id", False, False, "LOCK-ID")),
        (Correct, "leaves", ("--leaf", True, False, "RECORD-ID")),
        (Correct, "amount_wh", ("--amount-wh", False, True, "N")),
        (Publish, "owner", ("--owner", False, True, "PUBLIC-KEY")),
        (Publish, "begin", ("--begin", False, True, "TIME")),
        (Publish, "sector", ("--sector", False, True, "TEXT")),
        (Pledge, "until", ("--until", False, True, "TIME")),
        (Publish, "kind", ("--kind", False, True, None)),
        (Open, "rules", ("--rules", False, True, "JSON|@FILE")),
        (Place, "product", ("--product", False, True, "UNIT:BEGIN:END")),
        (Place, "meters", ("--meter", True, False, "OWNER:BEGIN")),
        (Commit, "proofs", ("--proof", True, False, "JSON|@FILE")),
        (CertificateParameters, "qualities", ("--quality", True, False, None)),
    ],
)
def test_what_an_option_is_like(
    kind: type[Record], name: str, expected: tuple[str, bool, bool, str | None]
) -> None:
    """Its name, whether it repeats, whether it is needed, and what stands for the value."""
    (option,) = [each for each in options_for(kind) if each.name == name]
    assert isinstance(option, click.Option)
    assert expected == (option.opts[0], option.multiple, option.required, option.metavar)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__struct_config__.tag))
def test_what_has_a_default_is_not_required(kind: type[Record]) -> None:
    """An option is required only if the record cannot do without; the help says what is usual."""
    for option, field in zip(options_for(kind), msgspec.structs.fields(kind), strict=True):
        assert isinstance(option, click.Option)
        wanted = field.required and not option.multiple and not is_optional(field.type)
        assert (field.name, wanted) == (field.name, option.required)
        if field.default not in (msgspec.NODEFAULT, None, ()):
            said = json.dumps(to_plain(field.default))
            assert f" By default {said}." in str(option.help)


def test_who_says_nothing_means_the_default() -> None:
    """As in Python, where the same records are built."""
    assert ListTitles("car", 0, retired=False) == invoke(ListTitles, "--kind=car")
    assert ListTitles("car", 2, retired=True) == invoke(
        ListTitles, "--kind=car", "--page=2", "--retired=true"
    )
    ballot = f"--ballot={format_record_id(ID)}"
    assert RevokeDelegation(ID, OWNER) == invoke(RevokeDelegation, ballot, f"--voter={KEY}")


def test_choices_are_offered() -> None:
    """An enumeration is a choice of its values, also in a list."""
    found = {
        option.name: list(option.type.choices)
        for kind in (Publish, Appoint, CertificateParameters)
        for option in options_for(kind)
        if isinstance(option.type, click.Choice)
    }
    assert [each.value for each in Kind] == found["kind"]
    assert [each.value for each in Quality] == found["quality"] == found["qualities"]
    assert [each.value for each in Role] == found["role"]


def test_the_parts_of_a_split_are_given_in_colon_form() -> None:
    """Each part is an amount and an owner; the order is that of the command line."""
    found = invoke(
        Split,
        f"--part=600:{format_public_key(OWNER)}",
        f"--certificate={format_record_id(ID)}",
        f"--part=400:{format_public_key(OTHER)}",
    )
    assert Split(ID, (SplitPart(600, OWNER), SplitPart(400, OTHER)), None) == found


def test_times_may_be_given_as_text() -> None:
    """A person writes ISO 8601, a program may write seconds or milliseconds."""
    expected = Pledge(
        owner=OWNER, begin=1_467_374_400, holder="market", lock_id=LOCK_ID, until=1_467_374_400_500
    )
    words = [
        f"--owner={format_public_key(OWNER)}",
        "--holder=market",
        f"--lock-id={format_lock_id(LOCK_ID)}",
    ]
    for begin, until in (
        ("2016-07-01T12:00:00Z", "2016-07-01T12:00:00.500Z"),
        ("1467374400", "1467374400500"),
    ):
        assert expected == invoke(Pledge, *words, f"--begin={begin}", f"--until={until}")


def test_a_list_may_stay_empty_and_a_lock_away() -> None:
    """What need not be given is nothing."""
    found = invoke(
        Correct, f"--measurement={format_record_id(ID)}", "--amount-wh=5", "--quality=measured"
    )
    assert Correct(ID, 5, Quality.MEASURED, ()) == found
    moved = invoke(
        Transfer,
        f"--certificate={format_record_id(ID)}",
        f"--owner={format_public_key(OWNER)}",
    )
    assert Transfer(ID, OWNER, None) == moved


KEY = format_public_key(OWNER)


@pytest.mark.parametrize(
    ("kind", "given_as", "message"),
    [
        (
            Split,
            {"parts": ("600",)},
            "--part[0]: expected amount_wh:owner, found 1 of 2 fields",
        ),
        (Split, {"parts": (f"600:{KEY}:1",)}, "--part[0]: expected amount_wh:owner, found 3"),
        (Split, {"parts": (f"600:{KEY}", "")}, "--part[1]: expected amount_wh:owner, found 1"),
        (Split, {"parts": (f"6.5:{KEY}",)}, "--part[0].amount_wh: expected a whole number"),
        (Split, {"parts": (f":{KEY}",)}, "--part[0].amount_wh: expected a whole number"),
        (Split, {"parts": ("5:key_02",)}, "--part[0].owner: public key: expected 70"),
        (Split, {"parts": ()}, "--part: at least 1 entry, found 0"),
        (Split, {"certificate": "ledger_00"}, "found 'ledger_', a ledger id"),
        (Split, {"certificate": None}, "--certificate: missing"),
        (Split, {"lock_id": "lock_00"}, "--lock-id: lock id: expected 69 characters"),
        (Split, {"colour": "red"}, "Split: unknown field 'colour', it has certificate, parts"),
    ],
)
def test_errors_name_field_and_value(
    kind: type[Record], given_as: dict[str, Any], message: str
) -> None:
    """What click does not catch is `Malformed`, which says where and what."""
    good = {"certificate": format_record_id(ID), "parts": (f"5:{KEY}",), "lock_id": None}
    with pytest.raises(Malformed) as caught:
        read_options(kind, {**good, **given_as})
    assert message in str(caught.value)


def test_click_names_what_is_missing_or_not_offered() -> None:
    """What is needed is asked for, and a choice is explained."""
    assert "Missing option '--certificate'" in invoke(ShowCertificate)
    answer = invoke(Correct, f"--measurement={format_record_id(ID)}", "--quality=good")
    assert "'good' is not one of 'measured', 'calculated'" in answer


def test_docstrings_are_read_from_the_source() -> None:
    """Field docstrings exist only in the source; those of several lines are whole."""
    found = field_docstrings(Lock)
    assert ["contract", "holding", "lock_id", "until", "amount"] == list(found)
    assert "The contract that keeps the holding." == found["contract"]
