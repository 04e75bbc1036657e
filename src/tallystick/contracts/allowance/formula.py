"""
The baseline formula: how much a unit may emit for each megawatt-hour, from what is known of it.

The formula is ours. The regulation asks for a rate that depends on size, type, place and operating
conditions, and leaves the model to the authority. So there is one product of published factors,
whose coefficients stand in each programme:

    rate = floor(type's rate × size factor × postcode factor × each condition's factor)

The type's rate is in grams per megawatt-hour. Factors are parts per million of one, so that the
rate is a whole number that everybody comes to: it is rounded down once, at the end.
"""

from math import prod
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import AMOUNT_MAX, Amount
from tallystick.base.encoding import Record

ONE_PPM: Final = 1_000_000
FACTOR_PPM_MAX: Final = 100 * ONE_PPM
SIZE_MW_MAX: Final = 1_000_000
ENTRIES_MAX: Final = 256
CONDITIONS_MAX: Final = 8

Name = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z")]
"""A type of unit, or an operating condition, as a programme calls it."""

Postcode = Annotated[
    str, Meta(min_length=1, max_length=16, pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]*\Z")
]
"""A postcode, or the beginning of several."""

Megawatts = Annotated[int, Meta(ge=1, le=SIZE_MW_MAX)]
"""The electrical size of a unit. [MW]"""

Factor = Annotated[int, Meta(ge=0, le=FACTOR_PPM_MAX)]
"""What a rate is multiplied by. [parts per million]"""


class TypeRate(Record):
    """The rate of a type of unit, before factors."""

    type: Name
    """The type, such as `coal` or `gas-turbine`."""

    rate_g_per_mwh: Amount
    """What it may emit for each megawatt-hour. [g/MWh]"""


class SizeFactor(Record):
    """The factor of units from a size on."""

    least_mw: Megawatts
    """The smallest unit that it is for; a larger entry takes over from its own on. [MW]"""

    factor_ppm: Factor
    """The factor. [parts per million]"""


class PostcodeFactor(Record):
    """The factor of a place."""

    prefix: Postcode
    """How the postcodes begin; the longest that fits counts."""

    factor_ppm: Factor
    """The factor. [parts per million]"""


class ConditionFactor(Record):
    """The factor of an operating condition."""

    condition: Name
    """The condition, such as `peaking` or `catalyst`."""

    factor_ppm: Factor
    """The factor. [parts per million]"""


class Formula(Record):
    """The coefficients of a programme's baseline formula."""

    types: Annotated[tuple[TypeRate, ...], Meta(min_length=1, max_length=ENTRIES_MAX)]
    """The types that there are, each once."""

    sizes: Annotated[tuple[SizeFactor, ...], Meta(max_length=ENTRIES_MAX)] = ()
    """Factors by size, smallest first; a unit below all of them has factor one."""

    postcodes: Annotated[tuple[PostcodeFactor, ...], Meta(max_length=ENTRIES_MAX)] = ()
    """Factors by place, each prefix once; any other place has factor one."""

    conditions: Annotated[tuple[ConditionFactor, ...], Meta(max_length=ENTRIES_MAX)] = ()
    """The operating conditions that there are, each once."""


class Facts(Record):
    """What is known of a generating unit; public, because its baseline follows from it."""

    size_mw: Megawatts
    """Its electrical size. [MW]"""

    type: Name
    """Its type, one of the programme's."""

    postcode: Postcode
    """Where it stands."""

    conditions: Annotated[tuple[Name, ...], Meta(max_length=CONDITIONS_MAX)] = ()
    """Under which of the programme's operating conditions it runs, each once."""


def baseline_formula(formula: Formula, facts: Facts) -> int:
    """
    Return the rate that a programme's formula gives a unit. [g/MWh]

    Type and conditions are known to the programme: that is checked when the unit applies. A rate
    beyond the largest amount is that amount.
    """
    rate = next(each.rate_g_per_mwh for each in formula.types if each.type == facts.type)
    factors = [_size_factor(formula, facts.size_mw), _postcode_factor(formula, facts.postcode)]
    factors += [
        each.factor_ppm for each in formula.conditions if each.condition in facts.conditions
    ]
    return min(rate * prod(factors) // prod(ONE_PPM for _ in factors), AMOUNT_MAX)


def _size_factor(formula: Formula, size_mw: int) -> int:
    """Return the factor of the largest entry that is not larger than the unit."""
    fitting = [each.factor_ppm for each in formula.sizes if each.least_mw <= size_mw]
    return fitting[-1] if fitting else ONE_PPM


def _postcode_factor(formula: Formula, postcode: str) -> int:
    """Return the factor of the longest prefix that fits."""
    fitting = [each for each in formula.postcodes if postcode.startswith(each.prefix)]
    return max(fitting, key=lambda each: len(each.prefix)).factor_ppm if fitting else ONE_PPM
