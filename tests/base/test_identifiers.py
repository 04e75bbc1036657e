"""Identifiers keep their kinds apart, in memory, in bytes and as text."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base import identifiers
from tallystick.base.encoding import Malformed, Record, decode, encode
from tallystick.base.identifiers import (
    EIC_ALPHABET,
    Eic,
    Gsrn,
    Hash,
    LedgerId,
    LockId,
    PublicKey,
    RecordId,
    Signature,
    TransactionId,
    eic_check_character,
    gsrn_check_digit,
    parse_eic,
    parse_gsrn,
    parse_lock_id,
    parse_public_key,
    parse_record_id,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/identifiers.json").read_text())

KINDS = [
    ("record_id", "id_", 32),
    ("ledger_id", "ledger_", 32),
    ("transaction_id", "tx_", 32),
    ("lock_id", "lock_", 32),
    ("public_key", "key_", 33),
]


def both(kind: str) -> tuple[Callable[[bytes], str], Callable[[str], bytes]]:
    """Return what formats and what parses one kind."""
    return getattr(identifiers, f"format_{kind}"), getattr(identifiers, f"parse_{kind}")


@pytest.mark.parametrize(("kind", "prefix", "length"), KINDS)
@given(data=st.data())
def test_text_reads_back(kind: str, prefix: str, length: int, data: st.DataObject) -> None:
    """Parsing what was formatted gives the same bytes, behind the kind's prefix."""
    write, read = both(kind)
    value = bytes([2]) + data.draw(st.binary(min_size=length - 1, max_size=length - 1))
    assert prefix + value.hex() == write(value)
    assert value == read(write(value))


@pytest.mark.parametrize(
    ("kind", "other"), [(kind, other) for kind in KINDS for other in KINDS if kind != other]
)
def test_no_kind_reads_another(kind: tuple[str, str, int], other: tuple[str, str, int]) -> None:
    """A text of another kind is refused by that kind's name."""
    name, prefix, length = other
    with pytest.raises(ValueError, match=f"found '{prefix}', a {name.replace('_', ' ')}"):
        both(kind[0])[1](prefix + "02" * length)


ZEROS = "0" * 64


@pytest.mark.parametrize(
    ("parse", "text", "message"),
    [
        (parse_record_id, "", "record id: expected a text that begins with 'id_', found ''"),
        (parse_record_id, ZEROS, f"begins with 'id_', found '{ZEROS[:20]}'"),
        (parse_record_id, " id_" + ZEROS, "begins with 'id_', found ' id_0000000000000000'"),
        (parse_record_id, "id_" + ZEROS + "\n", "expected 67 characters, found 68"),
        (parse_record_id, "id_" + ZEROS[1:], "expected 67 characters, found 66"),
        (parse_record_id, "id_" + ZEROS[2:] + "A0", "character 66 is 'A', expected a digit"),
        (parse_record_id, "id_" + ZEROS[1:] + "\u0660", "character 67 is '\u0660', expected"),
        (parse_record_id, "ID_" + ZEROS, "begins with 'id_', found 'ID_00000000000000000'"),
        (parse_lock_id, "lock_" + " " + ZEROS[1:], "lock id: character 6 is ' '"),
        (parse_public_key, "key_04" + ZEROS, "are '04', expected '02', '03' or '00', a vault's"),
        (parse_record_id, "id_" + "0" * 10**6, "expected 67 characters, found 1000003"),
    ],
)  # fmt: skip
def test_wrong_text_is_refused_where_it_is_wrong(
    parse: Callable[[str], bytes], text: str, message: str
) -> None:
    """The error names the character, the length or the prefix."""
    with pytest.raises(ValueError, match=message):
        parse(text)


def rewrite(kind: str, text: str) -> str:
    """Read a text and write it again."""
    write, read = both(kind)
    return write(read(text))


def refused_in_one_line(attempt: Callable[[], str], otherwise: str) -> str:
    """Return the outcome of an attempt, or `otherwise` if it was refused in one line."""
    try:
        return attempt()
    except ValueError as error:
        message = str(error)
    assert "\n" not in message
    return otherwise


@given(st.text(max_size=80))
def test_arbitrary_text_is_read_back_or_refused(text: str) -> None:
    """Whatever the text, the answer is an identifier that is written like it, or ValueError."""
    for kind, _, _ in KINDS:
        assert text == refused_in_one_line(partial(rewrite, kind, text), text)


class Every(Record, tag="every"):
    """One field of each kind."""

    hash: Hash
    record: RecordId
    ledger: LedgerId
    transaction: TransactionId
    lock: LockId
    key: PublicKey
    signature: Signature
    meter: Gsrn
    area: Eic


GOOD: list[Any] = [b"h" * 32, b"r" * 32, b"l" * 32, b"t" * 32, b"k" * 32, b"p" * 33, b"s" * 64,
                   "571234567890123450", "10YDK-1--------W"]  # fmt: skip


@pytest.mark.parametrize("position", range(len(GOOD)))
@pytest.mark.parametrize("change", [-1, 1])
def test_lengths_travel_with_the_types(position: int, change: int) -> None:
    """Decoding refuses an identifier of the wrong length by its field's name."""
    assert Every(*GOOD) == decode(encode(Every(*GOOD)), Every)
    wrong = list(GOOD)
    wrong[position] = wrong[position][:-1] if change < 0 else wrong[position] + wrong[position][:1]
    with pytest.raises(Malformed) as caught:
        decode(encode(Every(*wrong)), Every)
    assert f"Every.{Every.__struct_fields__[position]}" == caught.value.field


@pytest.mark.parametrize("case", VECTORS["gsrn"], ids=lambda case: case["text"])
def test_gsrn_vectors(case: dict[str, str]) -> None:
    """Meter numbers are accepted, or refused where they are wrong."""
    judge(parse_gsrn, case)


@pytest.mark.parametrize("case", VECTORS["eic"], ids=lambda case: case["text"])
def test_eic_vectors(case: dict[str, str]) -> None:
    """Area codes are accepted, or refused where they are wrong."""
    judge(parse_eic, case)


def judge(parse: Callable[[str], str], case: dict[str, str]) -> None:
    """Assert that a text is accepted as it stands or refused with the error of the vector."""
    if "error" in case:
        with pytest.raises(ValueError, match=r"^") as caught:
            parse(case["text"])
        assert case["error"] == str(caught.value)
    else:
        assert case["text"] == parse(case["text"])


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_gsrn_check_digit_catches_every_single_digit(body: str, index: int, step: int) -> None:
    """A meter number with one digit changed is never accepted."""
    text = body + gsrn_check_digit(body)
    assert text == parse_gsrn(text)
    changed = text[:index] + str((int(text[index]) + step) % 10) + text[index + 1 :]
    with pytest.raises(ValueError, match="check digit"):
        parse_gsrn(changed)


EIC_BODIES = st.builds(
    "{}{}{}".format,
    st.text(EIC_ALPHABET[:36], min_size=2, max_size=2),
    st.sampled_from(EIC_ALPHABET[10:36]),
    st.text(EIC_ALPHABET, min_size=12, max_size=12),
)


@given(EIC_BODIES, st.integers(3, 14), st.integers(1, 36))
def test_eic_check_character_catches_every_single_character(
    body: str, index: int, step: int
) -> None:
    """An area code with one character changed is never accepted, nor one whose check is '-'."""
    text = body + eic_check_character(body)
    if text[15] == "-":
        with pytest.raises(ValueError, match="no such code is ever issued"):
            parse_eic(text)
        return
    assert text == parse_eic(text)
    other = EIC_ALPHABET[(EIC_ALPHABET.index(text[index]) + step) % 37]
    with pytest.raises(ValueError, match="check character"):
        parse_eic(text[:index] + other + text[index + 1 :])


@given(st.text(max_size=20))
def test_arbitrary_text_is_no_meter_and_no_area(text: str) -> None:
    """Whatever the text, the answer is the text itself or ValueError in one line."""
    for parse in (parse_gsrn, parse_eic):
        assert text == refused_in_one_line(partial(parse, text), text)
