"""The laws of allowances hold in any history, and see the damage that they are there for."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts import allowance as contract
from tallystick.contracts.allowance.model import (
    Account,
    AccountKind,
    Block,
    Holding,
    LockedBlocks,
    Obligation,
    Retirement,
    Unit,
    Vintage,
    account_id,
    amount_of,
    locked_id,
    obligation_id,
    retirement_id,
    vintage_id,
)
from tallystick.core.invariant import Change, Changes
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.allowance import locker
from tests.contracts.allowance.cases import (
    FRESH,
    LOCK,
    NORTH,
    OTHER_LOCK,
    PLANT,
    PROGRAMME,
    TRADER,
    UNIT,
    UNKNOWN,
    audit,
    do,
    market,
    place,
    surrender,
    terms,
    transfer,
)
from tests.contracts.allowance.histories import History, Step, leaves, steps

VINTAGE = vintage_id(programme=PROGRAMME, zone=NORTH, period=0)
HOLDING, TRADED = place(PROGRAMME, PLANT), place(PROGRAMME, TRADER)
LOCKED = locked_id(holding=TRADED, holder=locker.NAME, lock_id=LOCK)
ENDED = retirement_id(vintage=VINTAGE, n=0)
OWED = obligation_id(unit=UNIT, period=0)
ACCOUNT = account_id(programme=PROGRAMME, zone=NORTH, key=key(PLANT))

Damage = tuple[RecordId, type[Any], dict[str, object]]
"""Which record, and which of its fields become what."""


def scene() -> Trial:
    """Return a ledger with 1 to 7 surrendered, 8 to 20 traded, of which 5 are locked."""
    trial, programme, unit = market()
    surrender(trial, unit, 7)
    transfer(trial, programme, PLANT, TRADER, 13)
    do(trial, locker.Keep(TRADED, LOCK, 0, 5), TRADER)
    trial.close_block()
    return trial


DAMAGES: list[tuple[Damage, str]] = [
    ((HOLDING, Holding, {"blocks": (Block(22, 200),)}), "is in -1 places too many"),
    ((HOLDING, Holding, {"blocks": (Block(20, 200),)}), "is in +1 places too many"),
    ((LOCKED, LockedBlocks, {"blocks": (Block(8, 11),)}), "is in -1 places too many"),
    ((HOLDING, Holding, {"period": 1}), "places too many"),
    ((VINTAGE, Vintage, {"issued": 201}), "is in -1 places too many"),
    ((VINTAGE, Vintage, {"surrendered": 8}), "retirements are -1 off what is surrendered"),
    ((VINTAGE, Vintage, {"expired": 194}), "more has ended than was issued"),
    ((ENDED, Retirement, {"blocks": (Block(1, 8),)}), "did not stay as it was"),
    ((OWED, Obligation, {"surrendered": 8}), "are told by one side"),
    ((OWED, Obligation, {"period": 1}), "stands under another's id"),
    ((HOLDING, Holding, {"owner": key(FRESH)}), "stands under another's id"),
    ((LOCKED, LockedBlocks, {"lock_id": OTHER_LOCK}), "stands under another's id"),
    ((HOLDING, Holding, {"blocks": ()}), "keeps nothing"),
    ((HOLDING, Holding, {"blocks": (Block(21, 30), Block(31, 200))}), "are not in order"),
    ((HOLDING, Holding, {"blocks": (Block(31, 200), Block(21, 30))}), "are not in order"),
    ((VINTAGE, Vintage, {"retirements": 2}), "retirement 1 of vintage"),
    ((ACCOUNT, Account, {"unit": None}), "do not tell of each other"),
    ((ACCOUNT, Account, {"kind": AccountKind.TRADING}), "changed in what never changes"),
    ((UNIT, Unit, {"zone": "south"}), "changed in what never changes"),
]


@pytest.mark.parametrize(("damage", "violation"), DAMAGES)
def test_damage_in_a_block_is_seen(damage: Damage, violation: str) -> None:
    """What no rule would write is reported from the block's changes alone."""
    trial = scene()
    id, kind, fields = damage
    found = trial.read(kind, id)
    assert found is not None
    trial.plant(id, replace(found, **fields))
    assert any(violation in each for each in trial.violations())


VANISHING: list[tuple[RecordId, type[Record]]] = [
    (VINTAGE, Vintage),
    (HOLDING, Holding),
    (LOCKED, LockedBlocks),
    (ENDED, Retirement),
    (OWED, Obligation),
    (ACCOUNT, Account),
    (UNIT, Unit),
]


@pytest.mark.parametrize(("id", "kind"), VANISHING)
def test_vanished_records_are_seen(id: RecordId, kind: type[Record]) -> None:
    """Nothing that counts just vanishes."""
    trial = scene()
    record = trial.read(kind, id)
    assert record is not None
    changes = Changes([Change(id, {kind: record}, {})], time=trial.time)
    broken = [each for law in contract.CONTRACT.invariants for each in law.violations(changes)]
    assert broken != []


def test_a_period_is_closed_once() -> None:
    """The time of a close never changes."""
    trial = scene()
    found = trial.read(Obligation, OWED)
    assert found is not None
    before, after = replace(found, closed_at=5), replace(found, closed_at=6)
    changes = Changes([Change(OWED, {Obligation: before}, {Obligation: after})], time=7)
    broken = [each for law in contract.CONTRACT.invariants for each in law.violations(changes)]
    assert ["closed twice" in each for each in broken] == [True]


def test_an_audit_sees_what_blocks_did_not() -> None:
    """The same functions find damage in the whole, however it came about."""
    trial = scene()
    assert [] == audit(trial)
    copied = trial.read(Holding, HOLDING)
    assert copied is not None
    trial.plant(UNKNOWN, copied)
    every = [Change(id, {}, leaf) for id, leaf in leaves(trial).items()]
    whole = Changes(every, time=trial.time)
    found = [each for law in contract.CONTRACT.invariants for each in law.violations(whole)]
    assert any("is in +1 places too many" in each for each in found)
    assert any("stands under another's id" in each for each in found)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_any_history_conserves(history: list[Step]) -> None:
    """Whatever happens, each allowance is in one place, and every total is what it should be."""
    _check(History(terms(banking_ppm=300_000)), history)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_any_history_conserves_without_banking(history: list[Step]) -> None:
    """The same holds where nothing outlives its deadline."""
    _check(History(terms()), history)


def _check(market: History, history: list[Step]) -> None:
    """Play a history, then count everything from scratch."""
    for _ in market.play(history):
        pass
    places: Counter[tuple[RecordId, int]] = Counter()
    issued: dict[RecordId, int] = {}
    for id, leaf in leaves(market.trial).items():
        for kind in (Holding, LockedBlocks, Retirement):
            kept: Any = leaf.get(kind)
            if kept is not None:
                of = vintage_id(programme=kept.programme, zone=kept.zone, period=kept.period)
                assert 0 < amount_of(kept.blocks)
                places.update(
                    (of, n) for each in kept.blocks for n in range(each.first, each.last + 1)
                )
        vintage = leaf.get(Vintage)
        if isinstance(vintage, Vintage):
            issued[id] = vintage.issued
    expected = {(id, n): 1 for id, count in issued.items() for n in range(1, count + 1)}
    assert expected == dict(places)
    assert [] == audit(market.trial)
