"""Rejections of titles: their codes are published, and every one of them occurs."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec import Struct

from tallystick.base.identifiers import LockId, RecordId
from tallystick.contracts import asset, exchange, identity, title
from tallystick.contracts.title import errors
from tallystick.contracts.title.commands import Named
from tallystick.core.errors import UnknownCommand
from tallystick.core.holding import LockedFor
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.title import (
    test_rules,
    test_rules_dependence,
    test_rules_lock,
    test_rules_share,
    test_views,
)

CODES = {
    "TitleNotFound": 851,
    "ShareClassNotFound": 852,
    "TitleIsNotShared": 853,
    "PageNotFound": 854,
    "NameNotFound": 855,
    "SignerIsNotTitleRegistrar": 857,
    "OwnerHasNotSigned": 858,
    "PayerHasNotSigned": 859,
    "CallerIsNoContract": 860,
    "LapseIsRecent": 861,
    "AttributesNotAscending": 863,
    "TargetIsNoKey": 864,
    "AmountIsNotOne": 865,
    "AmountIsZero": 866,
    "HoldersNotAscending": 867,
    "NameIsTaken": 868,
    "TargetIsOwner": 869,
    "TitleIsRetired": 870,
    "TitleIsLocked": 871,
    "UntilHasPassed": 872,
    "LockNotFound": 873,
    "LockHasLapsed": 874,
    "DependsOnNothing": 876,
    "ProofOfAnotherTitle": 877,
    "ProofIsAhead": 878,
    "ProofIsStale": 879,
    "ProofIsOlder": 880,
    "NamedTitleIsGone": 881,
    "NamedTitleIsAnothers": 882,
    "NamedTitleIsNotHeld": 883,
    "HeldForAnotherLedger": 884,
    "ChangeWasDecided": 885,
    "OwnerIsNotIssuer": 890,
    "ShareClassIsSerial": 891,
    "SupplyIsNotFixed": 892,
    "TitleIsShared": 893,
    "SharesAreOut": 894,
    "HoldersAreNotAll": 895,
    "NobodyToPay": 896,
}
"""Part of consensus: a code is never given to another reason."""

ID, KEY, CHANGE = RecordId(b"\x01" * 32), key(1), LockId(b"\x02" * 32)
NOW = 1_700_000_000_000
SAID = [
    errors.TitleNotFound(ID),
    errors.TitleNotFound(ID, field="holding"),
    errors.ShareClassNotFound(ID),
    errors.TitleIsNotShared(ID),
    errors.PageNotFound(3, 2),
    errors.PageNotFound(1, 0),
    errors.NameNotFound("car", "nix"),
    errors.SignerIsNotTitleRegistrar("car", field="kind"),
    errors.OwnerHasNotSigned(KEY, field="owner"),
    errors.PayerHasNotSigned(KEY),
    errors.CallerIsNoContract(),
    errors.LapseIsRecent(NOW),
    errors.AttributesNotAscending("colour"),
    errors.TargetIsNoKey(KEY),
    errors.AmountIsNotOne(2),
    errors.AmountIsZero(),
    errors.HoldersNotAscending(KEY),
    errors.NameIsTaken("car", "VIN-1"),
    errors.TargetIsOwner(KEY),
    errors.TitleIsRetired(ID),
    errors.TitleIsLocked(ID, LockedFor("exchange", CHANGE, 0)),
    errors.TitleIsLocked(ID, LockedFor("market", CHANGE, NOW)),
    errors.TitleIsLocked(ID, LockedFor("market", CHANGE, 0), field="holding"),
    errors.UntilHasPassed(NOW, NOW),
    errors.LockNotFound("", CHANGE),
    errors.LockHasLapsed(NOW),
    errors.DependsOnNothing(ID),
    errors.ProofOfAnotherTitle(ID, ID, field="depends_on.proof"),
    errors.ProofIsAhead(NOW, NOW, field="proof"),
    errors.ProofIsStale(NOW, NOW, field="depends_on.proof"),
    errors.ProofIsOlder(NOW, NOW, field="proof"),
    errors.NamedTitleIsGone(ID, "retired"),
    errors.NamedTitleIsAnothers(ID, KEY),
    errors.NamedTitleIsNotHeld(ID, CHANGE),
    errors.HeldForAnotherLedger(CHANGE),
    errors.ChangeWasDecided(CHANGE, NOW),
    errors.OwnerIsNotIssuer(ID, KEY),
    errors.ShareClassIsSerial(ID),
    errors.SupplyIsNotFixed("nothing was minted yet; mint the shares first"),
    errors.TitleIsShared(ID, field="asset"),
    errors.SharesAreOut(1, 2),
    errors.HoldersAreNotAll(1, 2),
    errors.NobodyToPay(),
]
"""Every rejection, with whatever it can say."""

ASKED: set[type[Struct]] = {*title.CONTRACT.commands, *title.CONTRACT.views, Named}
FIELDS = {field for kind in ASKED for field in kind.__struct_fields__}
"""What a command or question of this contract names."""

FOLDER = Path(str(title.__file__)).parent
RULES = [*sorted(FOLDER.glob("rules*.py")), FOLDER / "dependence.py", FOLDER / "titles.py"]
IN_TESTS_OF_THEIR_OWN: set[Verdict] = {
    errors.LapseIsRecent,
    errors.LockHasLapsed,
    errors.TitleIsShared,
    errors.SharesAreOut,
    errors.NobodyToPay,
}
"""What needs time to pass, or more than one command."""

OTHERS = {*asset.CONTRACT.rejections, *exchange.CONTRACT.rejections, *identity.CONTRACT.rejections}


def test_codes_are_as_published() -> None:
    """The contract lists every rejection once, in order of precedence, lowest code first."""
    listed = {kind.__name__: kind.code for kind in errors.REJECTIONS}
    assert list(CODES.items()) == list(listed.items())
    assert errors.REJECTIONS == title.CONTRACT.rejections
    assert sorted(CODES.values()) == list(CODES.values())


def test_every_rejection_occurs() -> None:
    """The tables of the rules meet every rejection that the contract lists."""
    verdicts: set[Verdict] = set(IN_TESTS_OF_THEIR_OWN)
    for table in test_rules.TABLES:
        verdicts |= {verdict for _, _, verdict in table}
    for locks in test_rules_lock.TABLES:
        verdicts |= {verdict for _, _, _, verdict in locks}
    for proofs in test_rules_dependence.TABLES:
        verdicts |= {verdict for _, _, _, verdict in proofs}
    verdicts |= {verdict for _, _, _, verdict in test_rules_share.SHARE}
    verdicts |= {verdict for _, _, _, verdict in test_rules_share.DISTRIBUTE}
    verdicts |= {expected for _, expected in test_views.ABSENT}
    assert set(errors.REJECTIONS) == verdicts - {accepted, UnknownCommand} - OTHERS


def test_every_message_is_here() -> None:
    """None can be forgotten below."""
    assert set(errors.REJECTIONS) == {type(each) for each in SAID}


@pytest.mark.parametrize("rejected", SAID, ids=lambda each: type(each).__name__)
def test_a_message_names_its_field_and_says_what_to_do(rejected: errors.TitleRejected) -> None:
    """The field stands before the colon, the advice after the semicolon."""
    field, _, rest = str(rejected).partition(": ")
    problem, _, advice = rest.partition("; ")
    assert set() == set(field.split(".")) - FIELDS
    assert problem
    assert advice


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
