"""Technology and fuel codes are well formed and go together as fact sheet 5 has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.codes import (
    DANISH_TYPES,
    TECHNOLOGIES,
    FuelCode,
    TechnologyCode,
    check_pair,
    parse_fuel,
    parse_technology,
    technology_name,
)
from tallystick.base.encoding import Malformed, Record, decode, encode


@pytest.mark.parametrize("text", ["T020002", "T010000", "T060101", "T050000", "T000000", "T999999"])
def test_technologies_are_read(text: str) -> None:
    """`T` and six digits is a technology code, whatever the digits mean."""
    assert text == parse_technology(text)


@pytest.mark.parametrize("text", ["F01050100", "F01040100", "F03010101", "F00000000"])
def test_fuels_are_read(text: str) -> None:
    """`F` and eight digits is a fuel code."""
    assert text == parse_fuel(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "technology code: expected 7 characters, found 0"),
        ("T1023431", "technology code: expected 7 characters, found 8"),
        ("T02000", "technology code: expected 7 characters, found 6"),
        ("T" + "0" * 10**6, "technology code: expected 7 characters, found 1000001"),
        ("t020002", "technology code: character 1 is 't', expected 'T'"),
        ("F020002", "technology code: character 1 is 'F', expected 'T'"),
        ("0200020", "technology code: character 1 is '0', expected 'T'"),
        ("T0200O2", "technology code: character 6 is 'O', expected a digit 0-9"),
        ("T02000 ", "technology code: character 7 is ' ', expected a digit 0-9"),
        ("T02000\n", "technology code: character 7 is '\\n', expected a digit 0-9"),
        ("T\u0660\u0662\u0660\u0660\u0660\u0662", "character 2 is '\u0660', expected a digit 0-9"),
    ],
)
def test_wrong_technologies_are_refused_where_they_are_wrong(text: str, message: str) -> None:
    """The error names the length or the character."""
    with pytest.raises(ValueError, match=r"^") as caught:
        parse_technology(text)
    assert str(caught.value).endswith(message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("F0105010", "fuel code: expected 9 characters, found 8"),
        ("F010501000", "fuel code: expected 9 characters, found 10"),
        ("T01050100", "fuel code: character 1 is 'T', expected 'F'"),
        ("F0105-100", "fuel code: character 6 is '-', expected a digit 0-9"),
        ("F0105010\u00b2", "fuel code: character 9 is '\u00b2', expected a digit 0-9"),
    ],
)
def test_wrong_fuels_are_refused_where_they_are_wrong(text: str, message: str) -> None:
    """The error names the length or the character."""
    with pytest.raises(ValueError, match=r"^") as caught:
        parse_fuel(text)
    assert message == str(caught.value)


PAIRS = [
    # technology, fuel, permitted
    ("T010000", "F01040100", True),
    ("T010102", "F01040100", True),
    ("T010000", "F01040101", False),
    ("T010000", "F01040000", False),
    ("T010000", "F01050100", False),
    ("T020000", "F01050100", True),
    ("T020002", "F01050100", True),
    ("T020002", "F01050199", True),
    ("T020002", "F01040100", False),
    ("T020002", "F01050200", False),
    ("T020002", "F01050000", False),
    ("T030000", "F01050200", True),
    ("T030000", "F01050212", True),
    ("T030000", "F01050100", False),
    ("T040000", "F01050200", True),
    ("T040000", "F01050300", False),
    ("T050000", "F00000000", True),
    ("T050000", "F00000001", False),
    ("T050000", "F01000000", True),
    ("T050000", "F01001234", True),
    ("T050000", "F01010000", True),
    ("T050000", "F01020304", True),
    ("T050000", "F01030000", True),
    ("T050000", "F01040100", True),
    ("T050000", "F01050000", True),
    ("T050000", "F01050099", True),
    ("T050000", "F01050100", False),
    ("T050000", "F01050200", False),
    ("T050000", "F01060000", False),
    ("T050000", "F02010100", True),
    ("T050000", "F02999999", True),
    ("T050000", "F03010100", False),
    ("T060000", "F03000000", True),
    ("T060101", "F03010101", True),
    ("T060000", "F02010100", False),
    ("T060000", "F00000000", False),
    ("T070000", "F00000000", True),
    ("T070000", "F99999999", True),
    ("T000000", "F00000000", False),
    ("T000000", "F01040100", False),
    ("T080000", "F01040100", False),
    ("T990000", "F99999999", False),
]


@pytest.mark.parametrize(("technology", "fuel", "permitted"), PAIRS)
def test_pairs(technology: str, fuel: str, permitted: bool) -> None:  # noqa: FBT001 - A column.
    """A pair is permitted exactly as the table says, and an error names what is wrong."""
    if permitted:
        check_pair(technology, fuel)
        assert technology_name(parse_technology(technology)) != "unspecified"
    else:
        with pytest.raises(ValueError, match=f"code {technology}"):
            check_pair(technology, fuel)


@pytest.mark.parametrize(
    ("technology", "fuel", "message"),
    [
        ("T020002", "F01040100", "fuel code F01040100 is not permitted with technology code T0"),
        ("T020002", "F01040100", "T020002 (wind), which takes F010501xx"),
        (
            "T050000",
            "F01050100",
            "(thermal), which takes F00000000, F0100xxxx, F0101xxxx, F0102xxxx",
        ),
        ("T000000", "F00000000", "T000000: characters 2 and 3 are 00, expected 01 to 07"),
        ("T1023431", "F00000000", "technology code: expected 7 characters, found 8"),
        ("T010000", "F0104010", "fuel code: expected 9 characters, found 8"),
        ("T020000\n", "F01050100", "technology code: expected 7 characters, found 8"),
    ],
)
def test_a_refused_pair_says_why(technology: str, fuel: str, message: str) -> None:
    """Plain texts are parsed first, so their form is judged before the pair."""
    with pytest.raises(ValueError, match=r"^") as caught:
        check_pair(technology, fuel)
    assert message in str(caught.value)


@given(st.text(max_size=10), st.text(max_size=10))
def test_arbitrary_texts_are_refused_in_one_line(technology: str, fuel: str) -> None:
    """Texts that are no codes raise ValueError and nothing else."""
    with pytest.raises(ValueError, match=r"^(technology|fuel) code.*\Z") as caught:
        check_pair(technology, fuel)
    assert "\n" not in str(caught.value)


@given(st.sampled_from(sorted(TECHNOLOGIES)), st.from_regex(r"[0-9]{4}", fullmatch=True))
def test_lower_levels_of_the_technology_do_not_matter(level: str, rest: str) -> None:
    """Every technology of a first level takes the same fuels."""
    for start in TECHNOLOGIES[level].fuels:
        check_pair(f"T{level}{rest}", f"F{start:0<8}")


@pytest.mark.parametrize("name", DANISH_TYPES)
def test_danish_types_are_permitted_pairs(name: str) -> None:
    """What Danish data name has codes that go together."""
    check_pair(*DANISH_TYPES[name])


@pytest.mark.parametrize(
    ("technology", "expected"),
    [
        ("T010000", "solar"),
        ("T020002", "wind"),
        ("T030000", "hydro"),
        ("T040000", "marine"),
        ("T050000", "thermal"),
        ("T060101", "nuclear"),
        ("T070000", "other"),
        ("T000000", "unspecified"),
        ("T080000", "unspecified"),
    ],
)
def test_technologies_have_names(technology: str, expected: str) -> None:
    """The first level has a name for people."""
    assert expected == technology_name(TechnologyCode(technology))


class Plant(Record):
    """A record with codes."""

    technology: TechnologyCode
    fuel: FuelCode


def test_records_refuse_malformed_codes() -> None:
    """Their form travels with the types."""
    plant = Plant(TechnologyCode("T020000"), FuelCode("F01050100"))
    assert plant == decode(encode(plant), Plant)
    for text in ("T020000\n", "t020000", "T02000", "T0200000", "T02000\u0660"):
        with pytest.raises(Malformed, match=r"^Plant\.technology: "):
            decode(encode(Plant(TechnologyCode(text), plant.fuel)), Plant)
    for text in ("F01050100\n", "F0105010", "F010501000"):
        with pytest.raises(Malformed, match=r"^Plant\.fuel: "):
            decode(encode(Plant(plant.technology, FuelCode(text))), Plant)
