"""Every rejection occurs, in the published order and under its published code."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest

from tallystick.contracts import certificate
from tallystick.contracts.certificate import errors
from tallystick.contracts.measurement.errors import NothingToCorrect
from tallystick.core.errors import UnknownCommand
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.certificate import (
    test_rules,
    test_rules_claim,
    test_rules_correction,
    test_rules_lock,
    test_views,
)

CODES = {
    "CertificateNotFound": 301,
    "MeasurementNotFound": 302,
    "PledgeNotFound": 303,
    "SignerIsNotIssuingBody": 310,
    "CallerIsNoContract": 311,
    "LockedForAnother": 312,
    "WrongLockId": 313,
    "LockNotInForce": 314,
    "SignerIsNotOwner": 315,
    "SignerIsNotConsumer": 316,
    "CertificateNotActive": 320,
    "CertificateNotWithdrawable": 321,
    "NotProduction": 330,
    "NotConsumption": 331,
    "NotElectricity": 332,
    "AlreadyIssued": 333,
    "NotIssued": 334,
    "QualityNotAllowed": 335,
    "NothingToIssue": 336,
    "CodesNotPermitted": 337,
    "TooManyParts": 340,
    "PartBelowOneWattHour": 341,
    "PartsDoNotSumToWhole": 342,
    "SectorsDiffer": 350,
    "IntervalsDiffer": 351,
    "ClaimExceedsConsumption": 352,
    "SettlementFull": 353,
    "PartNotFound": 360,
    "PartNotWithdrawn": 361,
    "LeavesNotExpected": 370,
    "TooManyLeaves": 371,
    "LeafNamedTwice": 372,
    "LeafNotFound": 373,
    "LeafOfAnotherMeasurement": 374,
    "NotALeaf": 375,
    "LeavesDoNotSumToMeasurement": 376,
    "UntilHasPassed": 380,
    "AlreadyLocked": 381,
    "PledgeInForce": 382,
    "LockedInPart": 383,
}
"""Part of consensus: a code is never given to another reason."""

RULES = sorted(Path(str(certificate.__file__)).parent.glob("rules*.py"))


def test_codes_are_as_published() -> None:
    """The contract lists every rejection once, in order of precedence, lowest code first."""
    listed = {kind.__name__: kind.code for kind in errors.REJECTIONS}
    assert list(CODES.items()) == list(listed.items())
    assert errors.REJECTIONS == certificate.CONTRACT.rejections
    assert sorted(CODES.values()) == list(CODES.values())


def test_every_rejection_occurs() -> None:
    """The tables of the rules and views meet every rejection that the contract lists."""
    verdicts: set[Verdict] = set()
    for table in (
        test_rules.ISSUE,
        test_rules.TRANSFER,
        test_rules.SPLIT,
        test_rules_claim.CLAIM,
        test_rules_claim.WITHDRAW,
        test_rules_claim.UNCLAIM,
        test_rules_correction.CORRECT,
        test_rules_lock.LOCKING,
        test_rules_lock.RELEASE,
        test_rules_lock.PLEDGE,
    ):
        verdicts |= {verdict for _, _, _, verdict in table}
    for limit in (
        test_rules.FEW_PARTS,
        test_rules_claim.FEW_CLAIMS,
        test_rules_correction.FEW_LEAVES,
    ):
        verdicts |= {verdict for _, verdict in limit}
    verdicts |= {expected for _, expected in test_views.ABSENT}
    others = {accepted, UnknownCommand, NothingToCorrect}
    assert set(errors.REJECTIONS) == verdicts - others


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rules_check_in_order_of_precedence(path: Path) -> None:
    """In each function, what is raised first has the lower code."""
    functions = [
        node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)
    ]
    checked = 0
    for function in functions:
        codes = [CODES[name] for name in _raised(function) if name in CODES]
        checked += len(codes)
        assert all(before <= after for before, after in pairwise(codes)), function.name
    assert checked > 0


def _raised(function: ast.FunctionDef) -> list[str]:
    """Return the names of what a function raises, from top to bottom."""
    raises = [node for node in ast.walk(function) if isinstance(node, ast.Raise)]
    called = [(node.lineno, node.exc) for node in raises]
    found = []
    for line, exception in sorted(called, key=lambda each: each[0]):
        name = exception.func if isinstance(exception, ast.Call) else exception
        if isinstance(name, ast.Name):
            found.append((line, name.id))
    return [name for _, name in found]
