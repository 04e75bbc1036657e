"""The baseline formula, case by case."""

import pytest

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.contracts.allowance.formula import Facts, Formula, TypeRate, baseline_formula
from tests.contracts.allowance.cases import FORMULA

CASES: list[tuple[int, str, str, tuple[str, ...], int]] = [
    (50, "coal", "2000", (), 2_000),
    (50, "gas", "2000", (), 500),
    (99, "coal", "2000", (), 2_000),
    (100, "coal", "2000", (), 1_800),
    (999, "coal", "2000", (), 1_800),
    (1_000, "coal", "2000", (), 1_000),
    (50, "coal", "1099", (), 1_600),
    (50, "coal", "1012 AB", (), 1_200),
    (50, "coal", "2000", ("peaking",), 3_000),
    (50, "coal", "2000", ("catalyst",), 500),
    (50, "coal", "2000", ("catalyst", "peaking"), 750),
    (50, "coal", "2000", ("peaking", "catalyst"), 750),
    (100, "gas", "1012", ("catalyst",), 67),
]
"""Size, type, postcode and conditions; the last is 500 × 0.9 × 0.6 × 0.25 = 67.5, rounded down."""


@pytest.mark.parametrize(("size_mw", "type_", "postcode", "conditions", "rate"), CASES)
def test_formula(
    size_mw: int, type_: str, postcode: str, conditions: tuple[str, ...], rate: int
) -> None:
    """The rate is the product of the published factors, rounded down once."""
    assert rate == baseline_formula(FORMULA, Facts(size_mw, type_, postcode, conditions))


def test_largest_rate() -> None:
    """A rate never exceeds what a ledger counts to."""
    formula = Formula((TypeRate("coal", AMOUNT_MAX),), conditions=FORMULA.conditions)
    assert AMOUNT_MAX == baseline_formula(formula, Facts(1, "coal", "1", ("peaking",)))
