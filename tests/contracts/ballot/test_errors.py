"""Rejections of votes: their codes are published, and every one of them occurs."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest

from tallystick.contracts import ballot
from tallystick.contracts.ballot import errors
from tallystick.core.errors import UnknownCommand
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.ballot import (
    test_persons,
    test_rules_call,
    test_rules_delegate,
    test_rules_device,
    test_rules_vote,
    test_validity,
    test_views,
)

CODES = {
    "BallotNotFound": 901,
    "MinutesNotFound": 902,
    "StatementNotFound": 903,
    "DelegationNotFound": 904,
    "DeviceIsNotEnrolled": 905,
    "AttestationNotFound": 906,
    "SignerIsNotAdministrator": 910,
    "SignerMayNotAttest": 911,
    "DeviceIsRetired": 912,
    "DeviceHasNotSigned": 913,
    "DeviceIsAnothers": 914,
    "ProofIsMissing": 915,
    "ProofIsOfAnother": 916,
    "ProofIsStale": 917,
    "IdentityIsUnknown": 918,
    "PersonHasNotSigned": 919,
    "FractionIsImpossible": 920,
    "OptionNamedTwice": 921,
    "TooManyMotions": 922,
    "ClassDoesNotFitBase": 923,
    "PresentIsForSittings": 924,
    "QuorumIsForSittings": 925,
    "StatementPeriodIsForPerRollam": 926,
    "PeriodIsEmpty": 927,
    "PeriodHasBegun": 928,
    "RecordDateIsLater": 929,
    "BallotIsNotOpen": 930,
    "BallotIsOpenAlready": 931,
    "BallotIsClosed": 932,
    "RecordDateIsAhead": 933,
    "VotingHasNotBegun": 934,
    "VotingIsOver": 935,
    "VotingGoesOn": 936,
    "RollIsInconsistent": 937,
    "NotEnoughAvailable": 938,
    "NotInRoll": 939,
    "DeliveryIsForPerRollam": 940,
    "DeliveredAlready": 941,
    "NotDelivered": 942,
    "StatementIsLate": 943,
    "AssuranceTooLow": 944,
    "DelegateIsVoter": 945,
    "DelegationStands": 946,
    "TooManyProxies": 947,
    "DelegationIsRevoked": 948,
    "DelegationIsUsed": 949,
    "DelegationIsAnothers": 950,
    "DelegationDoesNotCover": 951,
    "VoteIsDelegated": 952,
    "UnknownQuestion": 953,
    "UnknownOption": 954,
    "OutOfOrder": 955,
    "VoterIsExcluded": 956,
    "VoterIsNotOfClass": 957,
    "VotedAlready": 958,
    "MayNotSplit": 959,
    "WeightAboveEntry": 960,
    "RollIsExhausted": 961,
    "DeviceIsEnrolledAlready": 962,
    "AttestationIsOver": 963,
    "MinutesAreSigned": 964,
}
"""Part of consensus: a code is never given to another reason."""

SOURCES = sorted(
    path
    for path in Path(str(ballot.__file__)).parent.glob("*.py")
    if path.stem.startswith("rules") or path.stem in {"persons", "proxies", "validity", "votes"}
)
IN_TESTS_OF_TIME_AND_STATE: set[Verdict] = {
    errors.BallotIsClosed,
    errors.BallotIsOpenAlready,
    errors.DeliveryIsForPerRollam,
    errors.DelegationIsUsed,
    errors.MinutesAreSigned,
    errors.RollIsExhausted,
    errors.StatementIsLate,
    errors.VotedAlready,
}
"""What only tests that let something happen before meet."""


def test_codes_are_as_published() -> None:
    """The contract lists every rejection once, in order of precedence, lowest code first."""
    listed = {kind.__name__: kind.code for kind in errors.REJECTIONS}
    assert list(CODES.items()) == list(listed.items())
    assert errors.REJECTIONS == ballot.CONTRACT.rejections
    assert sorted(set(CODES.values())) == list(CODES.values())
    assert set(CODES) | {"REJECTIONS", "BallotRejected"} == set(errors.__all__)


def test_every_rejection_occurs() -> None:
    """The tables of the rules meet every rejection that the contract lists."""
    verdicts: set[Verdict] = set(IN_TESTS_OF_TIME_AND_STATE)
    for table in (
        test_rules_call.CALL,
        test_rules_call.OPEN,
        test_rules_call.CLOSE,
        test_rules_delegate.DELEGATE,
        test_rules_delegate.REVOKE,
        test_rules_device.ENROL,
        test_rules_device.RETIRE,
        test_rules_device.ATTEST,
        test_rules_vote.VOTE,
        test_rules_vote.DELIVER,
        test_persons.FOREIGN,
    ):
        verdicts |= {verdict for *_, verdict in table}
    verdicts |= {verdict for _, verdict in test_validity.TERMS}
    verdicts |= {verdict for _, verdict in test_rules_call.QUORUM}
    verdicts |= {verdict for _, verdict in test_rules_call.UNOPENED}
    verdicts |= {verdict for _, verdict in test_rules_vote.WHEN}
    verdicts |= {verdict for *_, verdict in test_rules_vote.LEVELS}
    verdicts |= {verdict for _, verdict in test_views.ABSENT}
    own = {each for each in verdicts if getattr(each, "contract", "") == "ballot"}
    assert set(errors.REJECTIONS) == own - {accepted, UnknownCommand}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
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
