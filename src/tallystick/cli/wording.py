"""
What is wrong with a value, in the words of somebody who typed it.

Decoding says where a bound was broken in the words of the source: `Place.lots: expected `int` >= 1,
found -1`. Here that becomes `--lots: at least 1, found -1`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from tallystick.base.encoding import Malformed

FOUND_CHARACTERS_MAX: Final = 40

BOUND: Final = re.compile(
    r"expected `(?P<kind>int|str|bytes|array)`(?P<length> of length)? (?P<sign><=|>=|==|<|>) "
    r"(?P<bound>-?[0-9]+)(?P<rest>.*)",
    re.DOTALL,
)
PATTERN: Final = re.compile(
    r"expected `str` matching regex (?P<quoted>'.*?'|\".*?\")(?P<rest>, found .*|\Z)", re.DOTALL
)

FOUND: Final = re.compile(r"found (an array of|bytes of length) ")

UNITS: Final[Mapping[str, str]] = {"str": "character", "bytes": "byte", "array": "entry"}
SIGNS: Final[Mapping[str, Callable[[int], str]]] = {
    ">=": lambda bound: f"at least {bound}",
    ">": lambda bound: f"at least {bound + 1}",
    "<=": lambda bound: f"at most {bound}",
    "<": lambda bound: f"at most {bound - 1}",
    "==": lambda bound: f"exactly {bound}",
}
CHARACTERS: Final[Mapping[str, str]] = {
    "A-Za-z0-9": "letters, digits",
    "a-z0-9": "small letters, digits",
    "A-Za-z": "letters",
    "a-z": "small letters",
    "A-Z": "capital letters",
    "0-9": "digits",
}
"""How the ranges of a pattern's characters are said, the longest first."""
CODES: Final[Mapping[str, str]] = {
    r"^T[0-9]{6}\Z": "T and six digits, such as T010000",
    r"^F[0-9]{8}\Z": "F and eight digits, such as F01040100",
}
"""Patterns that are said better by an example."""

_LAST_CLASS: Final = re.compile(r"\[([^]]+)\]\*?\)?\\Z\Z")


def check_text(text: str, hint: Any, option: str) -> None:
    """Raise `Malformed` if a text is not as a field wants it that it will be put into."""
    try:
        msgspec.convert(text, hint)
    except msgspec.ValidationError as error:
        problem = in_words(f"expected {str(error).removeprefix('Expected ')}")
        raise Malformed(option, f"{problem}, found {text[:FOUND_CHARACTERS_MAX]!r}") from error


def in_words(problem: str) -> str:
    """Return what `Malformed` says of a value, without the words of the source."""
    if found := BOUND.fullmatch(problem):
        return f"{_bound(found)}{FOUND.sub('found ', found['rest'])}"
    if found := PATTERN.fullmatch(problem):
        return f"{pattern_in_words(_unquoted(found['quoted']))}{found['rest']}"
    return problem


def pattern_in_words(pattern: str) -> str:
    """Return which texts a pattern lets pass, such as `letters, digits, . _ -; no spaces`."""
    if pattern in CODES:
        return CODES[pattern]
    found = _LAST_CLASS.search(pattern)
    if found is None:
        return f"a text of the form {pattern}"
    allowed, words = found[1], []
    for characters, said in CHARACTERS.items():
        if characters in allowed:
            allowed = allowed.replace(characters, "")
            words.append(said)
    signs = " ".join(each for each in allowed if each != " ")
    words += [signs] if signs else []
    spaces = "spaces" if " " in allowed else "no spaces"
    first = _first_in_words(pattern)
    return f"{', '.join(words)}; {spaces}{first}"


def _first_in_words(pattern: str) -> str:
    """Return what a pattern says of the first character."""
    star = ", or * alone" if pattern.startswith(r"^(\*|") else ""
    classes = re.findall(r"\[([^]]+)\]", pattern)
    if len(classes) < 2:  # noqa: PLR2004 - a class for the first character, and one for the rest.
        return star
    first = " or ".join(said for each, said in CHARACTERS.items() if each == classes[0])
    singular = first.replace("letters, digits", "letter or digit").replace("letters", "letter")
    return f"; first a {singular}{star}" if first else star


def _bound(found: re.Match[str]) -> str:
    """Return a bound of a number or of a length."""
    bound = SIGNS[found["sign"]](int(found["bound"]))
    if not found["length"]:
        return bound
    unit = UNITS[found["kind"]]
    if bound.endswith(" 1"):
        return f"{bound} {unit}"
    return f"{bound} {'entries' if unit == 'entry' else f'{unit}s'}"


def _unquoted(quoted: str) -> str:
    """Return a pattern as it stands in the source, of which msgspec shows the representation."""
    return quoted[1:-1].replace("\\\\", "\\")
