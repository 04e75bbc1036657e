"""Every rejection occurs, in the published order and under its published code."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest

from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts import allowance
from tallystick.contracts.allowance import errors
from tallystick.contracts.allowance.terms import PeriodTimes

CODES = {
    "ProgrammeNotFound": 601,
    "ZoneUnknown": 602,
    "AccountNotFound": 603,
    "UnitNotFound": 604,
    "PeriodUnknown": 605,
    "HoldingNotFound": 606,
    "LockNotFound": 607,
    "MeasurementNotFound": 608,
    "RecordNotFound": 609,
    "BaselineNotSet": 610,
    "SignerIsNotDirector": 620,
    "SignerIsNotOperator": 621,
    "SignerIsNotOwner": 622,
    "MeterHasNotSigned": 623,
    "PayerHasNotSigned": 624,
    "CallerIsNoContract": 625,
    "ZoneNamedTwice": 630,
    "PeriodsNotInOrder": 631,
    "CoefficientsNotInOrder": 632,
    "MoneyNotNamed": 633,
    "CollectorIsNoOwner": 634,
    "AccountExists": 640,
    "AccountIsClosed": 641,
    "AccountIsNotCompliance": 642,
    "AccountServesUnit": 643,
    "AccountNotEmpty": 644,
    "TargetIsVault": 645,
    "UnitTypeUnknown": 650,
    "ConditionUnknown": 651,
    "MeterTaken": 652,
    "AlreadyDecided": 653,
    "UnitNotAdmitted": 654,
    "PeriodBeforeUnit": 655,
    "BaselineFixed": 656,
    "BaselineNeedsReason": 657,
    "BaselineTooFarOff": 658,
    "MeasurementNotOfUnit": 660,
    "MeasurementIsMissing": 661,
    "MeasurementOutsidePeriods": 662,
    "NothingToCount": 663,
    "PeriodNotBegun": 670,
    "DeadlineNotPassed": 671,
    "DeadlineHasPassed": 672,
    "PeriodNotNext": 673,
    "PeriodNotClosed": 674,
    "VintageEnded": 675,
    "AmountIsZero": 680,
    "TransferToItself": 681,
    "UntilHasPassed": 682,
    "LockNotInForce": 683,
    "LockInForce": 684,
    "AmountTooLarge": 685,
    "NothingToAllocate": 686,
    "ExceedsHolding": 687,
    "ExceedsLock": 688,
    "VintageFromTheFuture": 689,
    "SurrenderExceedsHolding": 690,
    "SaleBelowEmissions": 691,
    "TooManyBlocks": 692,
    "UnitOwesAllowances": 693,
    "UnitOwesMoney": 694,
    "NothingToPay": 695,
}
"""Part of consensus: a code is never given to another reason."""

BEGIN = 1_700_000_000
YEAR = PeriodTimes(BEGIN, BEGIN + 3_600, BEGIN + 7_200)
"""From 2023-11-14T22:13:20Z on, with its end and deadline an hour apart."""

ZONES = [f"z{n}" for n in range(9)]
KEY, ID, LOCK_ID = PublicKey(b"\2" * 33), RecordId(b"\3" * 32), LockId(b"\4" * 32)
MESSAGES: list[tuple[errors.AllowanceRejected, str]] = [
    (
        errors.ZoneUnknown("x", ZONES[:2]),
        "zone: 'x' is none of the programme's, which are z0, z1",
    ),
    (
        errors.ZoneUnknown("x", ZONES),
        "zone: 'x' is none of the programme's, which are z0, z1, z2, z3, z4, z5, z6, z7, …",
    ),
    (
        errors.LockNotFound(ID, LOCK_ID, "market"),
        f"lock_id: nothing of holding id_{'03' * 32} is locked under lock_{'04' * 32} for 'market'",
    ),
    (
        errors.LockNotFound(ID, LOCK_ID, ""),
        (
            f"lock_id: nothing of holding id_{'03' * 32} is locked under lock_{'04' * 32} "
            "for a person; only contracts hold locks"
        ),
    ),
    (
        errors.PayerHasNotSigned(None, 5),
        "payer: nobody is named to pay 5 minor units; name who does, and sign with its key",
    ),
    (
        errors.PayerHasNotSigned(KEY, 5),
        (
            f"payer: key_{'02' * 33} has not signed to pay 5 minor units; "
            "name who does, and sign with its key"
        ),
    ),
    (
        errors.ZoneNamedTwice(["a", "b", "b"]),
        "terms.zones: 'b' stands there twice; name each zone once",
    ),
    (
        errors.PeriodsNotInOrder(0, YEAR, None),
        (
            "terms.periods[0]: begin 2023-11-14T22:13:20Z, end 2023-11-14T23:13:20Z "
            "and deadline 2023-11-15T00:13:20Z do not ascend"
        ),
    ),
    (
        errors.PeriodsNotInOrder(1, YEAR, YEAR),
        (
            "terms.periods[1]: begin 2023-11-14T22:13:20Z or deadline 2023-11-15T00:13:20Z "
            "is too early after the one before; begin from 2023-11-14T23:13:20Z on, "
            "with the deadline after 2023-11-15T00:13:20Z"
        ),
    ),
    (errors.PeriodNotNext(0, 1), "period: 0 is closed already"),
    (errors.PeriodNotNext(2, 1), "period: 2 was given; close 1 first"),
    (
        errors.UntilHasPassed(1_000, 1_000 * BEGIN),
        "until: 1970-01-01T00:00:01.000Z was given; give 0, or later than 2023-11-14T22:13:20.000Z",
    ),
    (
        errors.LockInForce("market", 1_000 * BEGIN),
        "lock_id: it is locked for 'market' until 2023-11-14T22:13:20.000Z; wait until then",
    ),
    (
        errors.LockInForce("market", 0),
        "lock_id: it is locked for 'market' until it is released",
    ),
]
"""Those that say different things in different cases."""

SOURCES = sorted(Path(str(allowance.__file__)).parent.glob("*.py"))
TESTS = sorted(Path(__file__).parent.glob("test_rules_*.py"))


def test_codes_are_as_published() -> None:
    """The contract lists every rejection once, in order of precedence, lowest code first."""
    listed = {kind.__name__: kind.code for kind in errors.REJECTIONS}
    assert list(CODES.items()) == list(listed.items())
    assert errors.REJECTIONS == allowance.CONTRACT.rejections
    assert sorted(CODES.values()) == list(CODES.values())


def test_every_rejection_occurs() -> None:
    """Each rejection is a verdict that some test of a rule expects."""
    expected = set()
    for path in TESTS:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Tuple | ast.Compare):
                expected |= {
                    each.id for each in ast.iter_child_nodes(node) if isinstance(each, ast.Name)
                }
    assert set(CODES) - expected == set()


@pytest.mark.parametrize(("rejection", "message"), MESSAGES)
def test_messages(rejection: errors.AllowanceRejected, message: str) -> None:
    """Each names its field, says what is wrong with it, and what to do."""
    assert message == str(rejection)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_rules_check_in_order_of_precedence(path: Path) -> None:
    """In each function, what is raised first has the lower code."""
    functions = [
        node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)
    ]
    for function in functions:
        codes = [CODES[name] for name in _raised(function) if name in CODES]
        assert all(before <= after for before, after in pairwise(codes)), function.name


def test_every_rejection_is_raised_somewhere() -> None:
    """No reason is listed that no rule gives."""
    raised = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                raised |= set(_raised(node))
    assert set(CODES) - raised == set()


def _raised(function: ast.FunctionDef) -> list[str]:
    """Return the names of what a function raises, from top to bottom."""
    raises = [node for node in ast.walk(function) if isinstance(node, ast.Raise)]
    called = [(node.lineno, node.exc) for node in raises]
    named = [(line, each.func if isinstance(each, ast.Call) else each) for line, each in called]
    return [
        each.id for _, each in sorted(named, key=lambda pair: pair[0]) if isinstance(each, ast.Name)
    ]
