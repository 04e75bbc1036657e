"""Rejections of benefits: their codes are published, and every one of them occurs."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest

from tallystick.contracts import benefit
from tallystick.contracts.benefit import errors
from tallystick.contracts.exchange.errors import DeadlineHasPassed
from tallystick.contracts.identity.errors import LedgerNotRecognised
from tallystick.core.errors import UnknownCommand
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.benefit import (
    test_rules_company,
    test_rules_lock,
    test_rules_offer,
    test_rules_trade,
    test_views,
)

CODES = {
    "CompanyNotFound": 1001,
    "PartNotFound": 1002,
    "BenefitNotFound": 1003,
    "CredentialNotFound": 1004,
    "SignerIsNotSystemAdministrator": 1010,
    "SignerIsNotCompanyAdministrator": 1011,
    "OwnerHasNotSigned": 1012,
    "BuyerHasNotSigned": 1013,
    "CallerIsNoContract": 1014,
    "CompanyNameIsTaken": 1020,
    "TooManyCompanies": 1021,
    "ClearingKeyIsNoKey": 1022,
    "CompanyIsRemoved": 1023,
    "KeyIsNotEmployee": 1024,
    "ClearingKeyOwnsNothing": 1025,
    "BenefitIsReserved": 1030,
    "BenefitIsNotOffered": 1031,
    "BenefitIsNotOwned": 1032,
    "BenefitIsNotListed": 1033,
    "BenefitIsNotOnOffer": 1034,
    "CredentialIsNotInForce": 1035,
    "NothingToRefund": 1036,
    "BuyerIsOwner": 1040,
    "BenefitNamedTwice": 1041,
    "OwnersAreTheSame": 1042,
    "AttributeNamedTwice": 1043,
    "TooManyBenefits": 1044,
    "TooManyReservations": 1045,
    "OthersHaveTheirTurn": 1046,
    "DecidedElsewhere": 1050,
    "ReservedTooLong": 1051,
    "PartIsNotTheBenefit": 1052,
    "PaymentDiffers": 1053,
    "HoldNotFound": 1060,
    "HoldMayNotLapse": 1061,
    "BenefitIsOneThing": 1062,
    "MonthIsNotOver": 1070,
    "MonthIsNetted": 1071,
    "NothingToNet": 1072,
}
"""Part of consensus: a code is never given to another reason."""

FOLDER = Path(str(benefit.__file__)).parent
RULES = sorted((*FOLDER.glob("rules*.py"), FOLDER / "checks.py"))
OTHERS: set[Verdict] = {accepted, UnknownCommand, LedgerNotRecognised, DeadlineHasPassed}
"""What is no reason of this contract."""


def test_codes_are_as_published() -> None:
    """The contract lists every rejection once, in order of precedence, lowest code first."""
    listed = {kind.__name__: kind.code for kind in errors.REJECTIONS}
    assert list(CODES.items()) == list(listed.items())
    assert errors.REJECTIONS == benefit.CONTRACT.rejections
    assert sorted(CODES.values()) == list(CODES.values())


def test_every_rejection_occurs() -> None:
    """The tables of the rules meet every rejection that the contract lists."""
    verdicts: set[Verdict] = set(test_rules_company.OF_TIME | test_rules_offer.OF_TIME)
    verdicts |= test_rules_trade.OF_TIME
    for module in (test_rules_company, test_rules_offer, test_rules_trade):
        verdicts |= {verdict for table in module.TABLES for _, _, verdict in table}
    verdicts |= {verdict for _, _, verdict in test_rules_offer.RESERVED}
    verdicts |= {row[-1] for row in test_rules_trade.REFUND}
    for rows in (test_rules_lock.LOCKING, test_rules_lock.ENDING):
        verdicts |= {verdict for _, _, _, verdict in rows}
    verdicts |= {expected for _, expected in test_views.ABSENT}
    assert set(errors.REJECTIONS) == verdicts - OTHERS


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rules_check_in_order_of_precedence(path: Path) -> None:
    """In each function, what is raised first has the lower code."""
    checked = 0
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef):
            codes = [CODES[name] for name in _raised(function) if name in CODES]
            checked += len(codes)
            assert all(before <= after for before, after in pairwise(codes)), function.name
    assert checked > 0


def _raised(function: ast.FunctionDef) -> list[str]:
    """Return the names of what a function raises, from top to bottom."""
    raises = [node for node in ast.walk(function) if isinstance(node, ast.Raise)]
    found = []
    for node in sorted(raises, key=lambda each: each.lineno):
        name = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        if isinstance(name, ast.Name):
            found.append(name.id)
    return found
