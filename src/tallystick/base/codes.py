"""
Technology and fuel codes of AIB / EECS fact sheet 5, and which of them go together.

A technology is `T` and three levels of two digits, a fuel (energy source) is `F` and four levels;
`00` leaves a level unspecified, whatever follows it (T020002 is offshore wind). Parsing judges the
form only, because the association adds codes; pairs are judged by the technology's first level.
"""

import re
from types import MappingProxyType
from typing import Annotated, Final, NewType

from msgspec import Meta, Struct

TechnologyCode = NewType("TechnologyCode", Annotated[str, Meta(pattern=r"^T[0-9]{6}\Z")])
FuelCode = NewType("FuelCode", Annotated[str, Meta(pattern=r"^F[0-9]{8}\Z")])


class Technology(Struct, frozen=True):
    """A first level of the technology codes."""

    name: str
    """What people call it."""
    fuels: tuple[str, ...]
    """How the digits of the fuels begin that it may run on."""


TECHNOLOGIES: Final = MappingProxyType(
    {
        "01": Technology("solar", ("01040100",)),
        "02": Technology("wind", ("010501",)),
        "03": Technology("hydro", ("010502",)),
        "04": Technology("marine", ("010502",)),
        "05": Technology(
            "thermal", ("00000000", "0100", "0101", "0102", "0103", "0104", "010500", "02")
        ),
        "06": Technology("nuclear", ("03",)),
        "07": Technology("other", ("",)),
    }
)
"""
The permitted pairs by the technology's first level. Source: fact sheet 5.

The first level 00 (unspecified) isn't among them: a certificate says at least what kind of
technology made the energy, and what is of no listed kind is 07.
"""

DANISH_TYPES: Final = MappingProxyType(
    {
        "biogas": (TechnologyCode("T050000"), FuelCode("F01030000")),
        "biomass": (TechnologyCode("T050000"), FuelCode("F01010000")),
        "coal": (TechnologyCode("T050000"), FuelCode("F02010100")),
        "gas": (TechnologyCode("T050000"), FuelCode("F02030100")),
        "hydro": (TechnologyCode("T030000"), FuelCode("F01050200")),
        "marine": (TechnologyCode("T040000"), FuelCode("F01050200")),
        "nuclear": (TechnologyCode("T060000"), FuelCode("F03010100")),
        "oil": (TechnologyCode("T050000"), FuelCode("F02020000")),
        "solar": (TechnologyCode("T010000"), FuelCode("F01040100")),
        "waste": (TechnologyCode("T050000"), FuelCode("F02010400")),
        "wind": (TechnologyCode("T020000"), FuelCode("F01050100")),
    }
)
"""The codes of each production type that Danish settlement data name."""

_TECHNOLOGY: Final = re.compile(r"T[0-9]{6}")
_FUEL: Final = re.compile(r"F[0-9]{8}")


def parse_technology(text: str) -> TechnologyCode:
    """Return `text` as a technology code, or raise ValueError saying which character is wrong."""
    if not _TECHNOLOGY.fullmatch(text):
        raise ValueError(_what_is_wrong("technology code", text, head="T", digits=6))
    return TechnologyCode(text)


def parse_fuel(text: str) -> FuelCode:
    """Return `text` as a fuel code, or raise ValueError saying which character is wrong."""
    if not _FUEL.fullmatch(text):
        raise ValueError(_what_is_wrong("fuel code", text, head="F", digits=8))
    return FuelCode(text)


def check_pair(technology: str, fuel: str) -> None:
    """Raise ValueError unless fact sheet 5 permits this fuel for this technology."""
    level = parse_technology(technology)[1:3]
    digits = parse_fuel(fuel)[1:]
    permitted = TECHNOLOGIES.get(level)
    if permitted is None:
        raise ValueError(
            f"technology code {technology}: characters 2 and 3 are {level}, expected 01 to 07"
        )
    if not digits.startswith(permitted.fuels):
        fuels = ", ".join(f"F{start:x<8}" for start in permitted.fuels)
        raise ValueError(
            f"fuel code {fuel} is not permitted with technology code {technology}"
            f" ({permitted.name}), which takes {fuels}"
        )


def technology_name(technology: TechnologyCode) -> str:
    """Return what people call the technology's first level, `unspecified` if it isn't listed."""
    listed = TECHNOLOGIES.get(technology[1:3])
    return listed.name if listed else "unspecified"


def _what_is_wrong(name: str, text: str, *, head: str, digits: int) -> str:
    """Say what keeps `text` from being `head` followed by `digits` digits."""
    length = 1 + digits
    if len(text) != length:
        return f"{name}: expected {length} characters, found {len(text)}"
    if text[0] != head:
        return f"{name}: character 1 is {text[0]!r}, expected {head!r}"
    index = next(n for n in range(1, length) if text[n] not in "0123456789")
    return f"{name}: character {index + 1} is {text[index]!r}, expected a digit 0-9"
