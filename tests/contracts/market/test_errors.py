"""Every rejection occurs, in the published order and under its published code."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest

from tallystick.contracts import market
from tallystick.contracts.market import errors

CODES = {
    "MarketNotFound": 501,
    "OrderNotFound": 502,
    "SignerIsNotOperator": 503,
    "SignerIsNotOwner": 504,
    "RulesContradict": 505,
    "OrderNotOpen": 506,
    "NotContinuous": 507,
    "NotAdmitted": 508,
    "AccountSuspended": 509,
    "PaymentDue": 510,
    "UnitDiffers": 511,
    "LengthNotAllowed": 512,
    "NotAligned": 513,
    "OutsidePeriods": 514,
    "BookNotOpen": 515,
    "GateClosed": 516,
    "ValidityTooShort": 517,
    "OrderLapsed": 518,
    "LevelOutside": 519,
    "BelowFeedInFloor": 520,
    "LeastExceedsLots": 521,
    "LotsNotAvailable": 522,
    "BelowLeast": 523,
    "PartnerNotAllowed": 524,
    "OrderIsForAnother": 525,
    "ValueTooLarge": 526,
    "DeviceNotExpected": 528,
    "DeviceNotNamed": 529,
    "DeviceNotFound": 530,
    "DeviceOfAnother": 531,
    "DeviceRetired": 532,
    "DeviceInOutage": 533,
    "BatteryNotReady": 534,
    "BatteryTooEmpty": 535,
    "MetersDoNotCover": 536,
    "MeterHasNotSigned": 537,
    "MetersDiffer": 538,
    "LevelFull": 539,
    "TradingIsContinuous": 540,
    "BookNotFound": 541,
    "AlreadyCleared": 542,
    "GateNotClosed": 543,
    "FillNotFound": 550,
    "FillSettledAlready": 551,
    "FillNotSettled": 552,
    "FillIsNotOfEnergy": 553,
    "FillsOfSeveralAccounts": 554,
    "BookNotCleared": 555,
    "DeliveryNotOver": 556,
    "ReadingMissing": 557,
    "DeliveryNotBegun": 558,
    "SellerHasNotSigned": 559,
    "DeliveriesOutstanding": 560,
    "NothingChanged": 561,
    "NoOpenPeriod": 562,
    "PeriodNotFound": 563,
    "PeriodNotOver": 564,
    "StatementNotFound": 565,
    "StatementClosedAlready": 566,
    "FillsStillOpen": 567,
    "NotDue": 568,
    "BalancingAccountShort": 569,
    "GoodsNotKept": 570,
    "MandateNotFound": 590,
    "MandateHasEnded": 591,
    "SignerIsNotAgent": 592,
    "MandateDoesNotFit": 593,
    "OutsideMandate": 594,
    "PeriodIsBehind": 595,
    "NothingToProduce": 596,
    "NotCleared": 597,
    "MandateIsNotTheirs": 598,
}
"""Part of consensus: a code is never given to another reason."""

SOURCES = sorted(Path(str(market.__file__)).parent.glob("*.py"))
TESTS = sorted(Path(__file__).parent.glob("test_*.py"))


def test_codes_are_as_published() -> None:
    """The contract lists every rejection once, in order of precedence, lowest code first."""
    listed = {kind.__name__: kind.code for kind in errors.REJECTIONS}
    assert list(CODES.items()) == list(listed.items())
    assert errors.REJECTIONS == market.CONTRACT.rejections
    assert sorted(CODES.values()) == list(CODES.values())
    assert len(errors.REJECTIONS) == len(set(CODES.values()))


@pytest.mark.parametrize("name", CODES)
def test_every_rejection_is_raised_and_expected(name: str) -> None:
    """Some rule gives each reason, and some test's table or comparison names it as its verdict."""
    assert any(name in _raised(tree) for tree in _functions(SOURCES))
    assert any(name in _named(path) for path in TESTS if path.name != Path(__file__).name)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_rules_check_in_order_of_precedence(path: Path) -> None:
    """In each function, what is raised first has the lower code."""
    for function in _functions([path]):
        codes = [CODES[name] for name in _raised(function) if name in CODES]
        assert all(before <= after for before, after in pairwise(codes)), function.name


def _functions(paths: list[Path]) -> list[ast.FunctionDef]:
    """Return every function of some modules."""
    return [
        node
        for path in paths
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    ]


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


def _named(path: Path) -> set[str]:
    """Return every name that a test module uses, apart from importing it."""
    return {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
