"""Rejections of assets: their codes are published, and every one of them occurs."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest

from tallystick.contracts import asset
from tallystick.contracts.asset import errors
from tallystick.core.errors import UnknownCommand
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.asset import test_rules, test_rules_lock, test_views

CODES = {
    "AssetNotFound": 401,
    "AccountNotFound": 402,
    "SignerIsNotAssetIssuer": 410,
    "SignerIsNotIssuer": 411,
    "SignerIsNotOwner": 412,
    "SignerMayNotBurn": 413,
    "CallerIsNoContract": 414,
    "VaultIsNotBurned": 415,
    "IssuerNamedTwice": 420,
    "OwnerIsNoKey": 421,
    "AmountIsZero": 422,
    "EvidenceMissing": 423,
    "OwnerAndClaim": 424,
    "EvidenceUsed": 425,
    "MintingHasEnded": 426,
    "SupplyCapExceeded": 427,
    "NotTransferable": 430,
    "NothingToClaim": 431,
    "ProofIsWrong": 432,
    "UntilHasPassed": 440,
    "UntilMovesForward": 441,
    "LockNotFound": 442,
    "LockHasLapsed": 443,
    "LockInForce": 444,
    "NotEnough": 450,
}
"""Part of consensus: a code is never given to another reason."""

RULES = sorted(Path(str(asset.__file__)).parent.glob("rules*.py"))
OF_TIME: set[Verdict] = {errors.MintingHasEnded, errors.LockHasLapsed}
"""What only tests that let time pass meet."""


def test_codes_are_as_published() -> None:
    """The contract lists every rejection once, in order of precedence, lowest code first."""
    listed = {kind.__name__: kind.code for kind in errors.REJECTIONS}
    assert list(CODES.items()) == list(listed.items())
    assert errors.REJECTIONS == asset.CONTRACT.rejections
    assert sorted(CODES.values()) == list(CODES.values())


def test_every_rejection_occurs() -> None:
    """The tables of the rules meet every rejection that the contract lists."""
    verdicts: set[Verdict] = set(OF_TIME)
    for table in (
        test_rules.DEFINE,
        test_rules.MINT,
        test_rules.BURN,
        test_rules.TRANSFER,
        test_rules.CLAIMING,
    ):
        verdicts |= {verdict for _, _, verdict in table}
    for rows in (
        test_rules_lock.LOCKING,
        test_rules_lock.RELEASE,
        test_rules_lock.MOVING,
        test_rules_lock.RECLAIM,
    ):
        verdicts |= {verdict for _, _, _, verdict in rows}
    verdicts |= {expected for _, expected in test_views.ABSENT}
    assert set(errors.REJECTIONS) == verdicts - {accepted, UnknownCommand}


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
