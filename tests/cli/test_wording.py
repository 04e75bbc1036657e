"""What is wrong with a value is said without the words of the source."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.encoding import Malformed, Record
from tallystick.base.plain import from_plain, to_plain
from tallystick.cli.wording import in_words, pattern_in_words
from tallystick.contracts import CONTRACTS
from tallystick.testing.strategies import records

NAME = r"expected `str` matching regex '^[A-Za-z0-9][A-Za-z0-9._-]*\\Z', found 'a b'"


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        ("expected `int` >= 1, found -1", "at least 1, found -1"),
        ("expected `int` <= 9, found 99", "at most 9, found 99"),
        ("expected `int` < 65536, found 70000", "at most 65535, found 70000"),
        ("expected `int` > 0, found 0", "at least 1, found 0"),
        ("expected `str` of length >= 1, found ''", "at least 1 character, found ''"),
        ("expected `str` of length <= 8, found 'x'", "at most 8 characters, found 'x'"),
        (
            "expected `bytes` of length >= 32, found bytes of length 1",
            "at least 32 bytes, found 1",
        ),
        ("expected `array` of length <= 3, found an array of 4", "at most 3 entries, found 4"),
        (NAME, "letters, digits, . _ -; no spaces; first a letter or digit, found 'a b'"),
        ("expected a whole number, found '6.5'", "expected a whole number, found '6.5'"),
        ("missing", "missing"),
    ],
)
def test_bounds_in_words(problem: str, expected: str) -> None:
    """Numbers, lengths and patterns; whatever is plain already stays as it is."""
    assert expected == in_words(problem)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"^T[0-9]{6}\Z", "T and six digits, such as T010000"),
        (r"^[a-z][a-z-]*\Z", "small letters, -; no spaces; first a small letter"),
        (r"^[A-Za-z0-9._-]*\Z", "letters, digits, . _ -; no spaces"),
        (
            r"^[A-Za-z0-9][A-Za-z0-9 -]*\Z",
            "letters, digits, -; spaces; first a letter or digit",
        ),
        (
            r"^(\*|[A-Za-z0-9][A-Za-z0-9._-]*)\Z",
            "letters, digits, . _ -; no spaces; first a letter or digit, or * alone",
        ),
        ("x+", "a text of the form x+"),
    ],
)
def test_patterns_in_words(pattern: str, expected: str) -> None:
    """Which characters, whether spaces, and what the first has to be."""
    assert expected == pattern_in_words(pattern)


COMMANDS: list[type[Record]] = [kind for each in CONTRACTS for kind in each.commands]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(COMMANDS), st.data())
def test_no_bound_of_any_command_is_said_in_the_words_of_the_source(
    kind: type[Record], data: st.DataObject
) -> None:
    """Each field in turn gets what is far too small, too long or of odd signs."""
    plain = to_plain(data.draw(records(kind)))
    name = data.draw(st.sampled_from(list(plain)))
    odd = data.draw(
        st.sampled_from([-(2**60), 2**60, "", " ~" * 99, "ff" * 999, [], ["a b"] * 999])
    )
    try:
        from_plain({**plain, name: odd}, kind)
    except Malformed as malformed:
        said = in_words(malformed.problem)
        assert "`" not in said
        assert "regex" not in said
