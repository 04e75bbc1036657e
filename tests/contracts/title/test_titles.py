"""What all rules insist on, and how each change makes the next revision."""

import pytest

from tallystick.base.identifiers import PublicKey
from tallystick.contracts.title.commands import Amend, Retire, Transfer
from tallystick.contracts.title.errors import AttributesNotAscending, TargetIsNoKey, TitleRejected
from tallystick.contracts.title.events import TitleTransferred
from tallystick.contracts.title.model import Attribute, Standing
from tallystick.contracts.title.titles import check_attributes, check_owner
from tallystick.core.holding import Move, vault
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted
from tests.contracts.title.cases import (
    ALICE,
    BAD_KEY,
    BLUE,
    BOB,
    FIRST,
    INSURER,
    LOCK,
    NOW,
    POLICY,
    cast,
    do,
    insured,
    locked,
    title_of,
)

NO_POINT = PublicKey(b"\x02" + b"\xff" * 32)
"""Begins as a key does, and is no point of the curve."""


@pytest.mark.parametrize(
    ("names", "refused"),
    [("", ""), ("a", ""), ("abc", ""), ("Ba", ""), ("aa", "'a'"), ("ba", "'a'"), ("acb", "'b'")],
)
def test_attributes_have_one_order(names: str, refused: str) -> None:
    """Each name once, ascending; the first that does not is named."""
    attributes = tuple(Attribute(name, "") for name in names)
    if not refused:
        assert check_attributes(attributes) is None  # type: ignore[func-returns-value]
        return
    with pytest.raises(AttributesNotAscending, match=refused):
        check_attributes(attributes)


def test_who_can_own_a_title() -> None:
    """Keys that sign and vaults, and nothing else: nobody could give it away again."""
    refused: list[type[TitleRejected]] = []
    for owner in (key(ALICE), vault("market", LOCK), BAD_KEY, NO_POINT):
        try:
            check_owner(owner)
        except TargetIsNoKey as rejected:
            refused.append(type(rejected))
            assert owner.hex() in str(rejected)
    assert [TargetIsNoKey] * 2 == refused


def test_since_when_a_dependant_is_somebody_s() -> None:
    """Since it was handed over, or registered; what leaves it to its owner is no hand-over."""
    trial = insured().policies
    trial.move_to(NOW + 100)
    do(trial, Amend(POLICY, BLUE), ALICE, INSURER)
    locked(trial, POLICY)
    stays = Move("title", POLICY, LOCK, 1, key(ALICE))
    assert accepted == trial.execute(stays, signers=[ALICE], caller="market")
    assert NOW == since(trial)
    do(trial, Transfer(POLICY, key(BOB)), ALICE)
    assert NOW + 100 == since(trial)
    trial.move_to(NOW + 101)
    do(trial, Transfer(POLICY, key(ALICE)), BOB)
    assert NOW + 101 == since(trial)


def since(trial: Trial) -> int:
    """Return since when the insurance is its owner's. [ms since the epoch, UTC]"""
    found = title_of(trial, POLICY).depends_on
    assert found is not None
    return found.insured_since


def test_revisions_count_every_change() -> None:
    """Also those of one block, and each is told with its number."""
    trial = cast()
    told = [
        *do(trial, Transfer(FIRST, key(BOB)), ALICE),
        *do(trial, Transfer(FIRST, key(ALICE)), BOB),
    ]
    expected = [
        TitleTransferred(FIRST, 2, key(ALICE), key(BOB), "", Standing.INDEPENDENT),
        TitleTransferred(FIRST, 3, key(BOB), key(ALICE), "", Standing.INDEPENDENT),
    ]
    assert expected == told
    do(trial, Retire(FIRST), ALICE)
    assert 4 == title_of(trial, FIRST).revision
