"""Each reason has its code for ever, is checked in its place, and occurs."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest

from tallystick.contracts import sharing
from tallystick.contracts.asset.errors import NotEnough
from tallystick.contracts.certificate.errors import PledgeInForce, SignerIsNotOwner
from tallystick.contracts.sharing import errors
from tallystick.contracts.sharing.errors import NotShared, SharedBefore, TooEarly
from tallystick.core.errors import UnknownCommand
from tallystick.testing.tables import accepted
from tests.contracts.sharing.test_enrolment import ENROL, ENROL_PRODUCTION, LIMITS
from tests.contracts.sharing.test_rules import AGREE, DEPOSITS, LARGE, PRODUCTIONS, SHARE

CODES = {
    "KeyNotFound": 751,
    "NotShared": 752,
    "SignerIsNotOperator": 760,
    "PartyHasNotSigned": 761,
    "NotAMember": 762,
    "NamedTwice": 763,
    "SharesExceedWhole": 764,
    "IncomesAreNoWhole": 765,
    "AmountIsZero": 766,
    "NothingDeposited": 767,
    "SharedBefore": 771,
    "ReadingNotFound": 772,
    "WrongReading": 773,
    "TooEarly": 775,
    "NotPledged": 776,
    "TooManyMembers": 777,
    "NotAnOwner": 778,
    "EnrolledBefore": 779,
    "MeasuredBefore": 780,
    "TooFarAhead": 781,
    "NotEnrolled": 782,
    "MoneyIsUnfit": 783,
}
"""Part of consensus: a code is never given to another reason."""


def test_codes_are_as_published() -> None:
    """The contract lists every rejection once, lowest code first, and every one occurs."""
    listed = {kind.__name__: kind.code for kind in errors.REJECTIONS}
    assert list(CODES.items()) == list(listed.items())
    tables = (AGREE, DEPOSITS, SHARE, LARGE, PRODUCTIONS, ENROL, ENROL_PRODUCTION, LIMITS)
    verdicts = {row[-1] for table in tables for row in table}
    others = {accepted, UnknownCommand, NotEnough, SignerIsNotOwner, PledgeInForce}
    assert set(errors.REJECTIONS) == verdicts - others | {TooEarly, SharedBefore, NotShared}


@pytest.mark.parametrize("module", ["rules", "enrolment", "readings", "claims"])
def test_rules_check_in_order_of_precedence(module: str) -> None:
    """In each function, what is raised first has the lower code."""
    tree = ast.parse((Path(str(sharing.__file__)).parent / f"{module}.py").read_text())
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            names = [
                name.id
                for node in sorted(_raises(function), key=lambda each: each.lineno)
                for name in [node.exc.func if isinstance(node.exc, ast.Call) else node.exc]
                if isinstance(name, ast.Name) and name.id in CODES
            ]
            codes = [CODES[name] for name in names]
            assert all(before <= after for before, after in pairwise(codes)), function.name


def _raises(function: ast.FunctionDef) -> list[ast.Raise]:
    """Return where a function raises."""
    return [node for node in ast.walk(function) if isinstance(node, ast.Raise)]
