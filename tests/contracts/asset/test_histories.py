"""Whatever happens, and through whatever contract, units are neither made nor lost."""

from collections import Counter

import pytest
from hypothesis import given, settings

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId
from tallystick.contracts import asset
from tallystick.contracts.asset.commands import Reclaim, Transfer
from tallystick.contracts.asset.errors import (
    CallerIsNoContract,
    LockHasLapsed,
    LockInForce,
    LockNotFound,
    NotEnough,
    NotTransferable,
    SignerIsNotOwner,
)
from tallystick.contracts.asset.model import AssetClass, Balance, LockedAmount, Series
from tallystick.core.holding import Lock, holding_id, vault
from tallystick.core.invariant import Change, Changes
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.asset.cases import (
    ANNA,
    ANNAS_MONEY,
    ANNAS_STAMPS,
    BEN,
    LATER,
    LOCK,
    MONEY,
    NOW,
    OTHER_LOCK,
    STRANGER,
    balance,
    cast,
    do,
)
from tests.contracts.asset.histories import CLASSES, MORE, Step, leaves, played, steps
from tests.contracts.asset.locker import NAME, Free, Keep, Pay


@settings(max_examples=60, deadline=None)
@given(history=steps)
def test_supply_is_what_is_held(history: list[Step]) -> None:
    """Of each class, what was minted and not burned is in accounts, what waits included."""
    trial = played(history)
    everything = leaves(trial)
    held: Counter[bytes] = Counter()
    locked: Counter[bytes] = Counter()
    for id, leaf in everything.items():
        account, lock = leaf.get(Balance), leaf.get(LockedAmount)
        if isinstance(account, Balance):
            series = everything[account.unit].get(Series)
            unit = series.asset if isinstance(series, Series) else account.unit
            held[unit] += account.spendable + account.locked
            locked[id] += account.locked
        if isinstance(lock, LockedAmount):
            locked[lock.holding] -= lock.amount
    assert not any(locked.values())
    for id in CLASSES:
        terms = everything[id].get(AssetClass)
        assert isinstance(terms, AssetClass)
        assert terms.minted - terms.burned == held[id]


@settings(max_examples=30, deadline=None)
@given(history=steps)
def test_an_audit_of_the_whole_finds_nothing(history: list[Step]) -> None:
    """The laws hold on everything that stands, not only on what the last block changed."""
    trial = played(history)
    changes = Changes((Change(id, {}, leaf) for id, leaf in leaves(trial).items()), time=trial.time)
    found = [each for law in asset.CONTRACT.invariants for each in law.violations(changes)]
    assert [] == found


@settings(max_examples=20, deadline=None)
@given(history=steps)
def test_the_same_history_gives_the_same_root(history: list[Step]) -> None:
    """On every node."""
    roots = {played(history).close_block().header.state_root for _ in range(2)}
    assert 1 == len(roots)


def kept() -> Trial:
    """Return a ledger on which the locker holds 10 of Anna's for ever, and 5 until LATER."""
    trial = cast(MORE)
    do(trial, Keep(ANNAS_MONEY, LOCK, 0, 10), ANNA)
    do(trial, Keep(ANNAS_MONEY, OTHER_LOCK, LATER, 5), ANNA)
    return trial


THROUGH: list[tuple[Record, list[int], int, Verdict]] = [
    (Keep(ANNAS_MONEY, LOCK, 0, 35), [ANNA], NOW, accepted),
    (Keep(ANNAS_MONEY, LOCK, 0, 36), [ANNA], NOW, NotEnough),
    (Keep(ANNAS_MONEY, LOCK, 0, 1), [STRANGER], NOW, SignerIsNotOwner),
    (Keep(ANNAS_STAMPS, LOCK, 0, 1), [ANNA], NOW, NotTransferable),
    (Free(ANNAS_MONEY, LOCK, 0), [STRANGER], NOW, accepted),
    (Free(ANNAS_MONEY, OTHER_LOCK, 5), [STRANGER], LATER, accepted),
    (Free(ANNAS_MONEY, LOCK, 11), [STRANGER], NOW, NotEnough),
    (Free(ANNAS_MONEY, LockId(bytes(32)), 0), [ANNA], NOW, LockNotFound),
    (Pay(ANNAS_MONEY, LOCK, 10, key(BEN)), [STRANGER], LATER, accepted),
    (Pay(ANNAS_MONEY, LOCK, 11, key(BEN)), [ANNA], NOW, NotEnough),
    (Pay(ANNAS_MONEY, OTHER_LOCK, 5, key(BEN)), [ANNA], LATER, LockHasLapsed),
    (Reclaim(MONEY, key(ANNA), NAME, OTHER_LOCK), [ANNA], LATER, accepted),
    (Reclaim(MONEY, key(ANNA), NAME, OTHER_LOCK), [ANNA], LATER - 1, LockInForce),
    (Reclaim(MONEY, key(ANNA), NAME, LOCK), [ANNA], LATER, LockInForce),
    (Reclaim(MONEY, key(ANNA), NAME, OTHER_LOCK), [BEN], LATER, SignerIsNotOwner),
    (Lock("asset", ANNAS_MONEY, LOCK, 0, 1), [ANNA], NOW, CallerIsNoContract),
]


@pytest.mark.parametrize(("command", "signers", "time", "verdict"), THROUGH)
def test_a_contract_holds_parts_of_accounts(
    command: Record, signers: list[int], time: int, verdict: Verdict
) -> None:
    """It reaches the asset contract by name, without requiring it, as a market does."""
    assert verdict == kept().execute(command, signers=signers, time=time)


def test_a_contract_pays_from_its_vault() -> None:
    """What anybody paid in leaves under the vault's id alone, with nobody's signature."""
    trial = cast(MORE)
    till = vault(NAME, LOCK)
    do(trial, Transfer(MONEY, key(ANNA), till, 40), ANNA)
    wrong = Pay(holding_id(MONEY, till), OTHER_LOCK, 40, key(BEN))
    assert LockNotFound == trial.execute(wrong, signers=[STRANGER])
    do(trial, Pay(holding_id(MONEY, till), LOCK, 40, key(BEN)), STRANGER)
    assert ((0, 0), (40, 0)) == (balance(trial, MONEY, till), balance(trial, MONEY, BEN))
