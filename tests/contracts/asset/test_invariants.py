"""Each of the contract's invariants sees the damage that it is there for."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.asset.model import AssetClass, Balance, LockedAmount, Series
from tallystick.contracts.asset.model import lock_record_id as lock_at
from tallystick.core.holding import holding_id
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.asset.cases import (
    ANNA,
    ANNAS_MONEY,
    BEN,
    LOCK,
    MONEY,
    R1,
    R2,
    SHORT,
    TOKEN,
    cast,
)

Damage = Callable[[Trial], tuple[RecordId, Record]]


def changed(kind: type[Record], id: RecordId, **fields: object) -> Damage:
    """Return damage to some fields of a record."""

    def damage(trial: Trial) -> tuple[RecordId, Record]:
        found = trial.read(kind, id)
        assert found is not None
        return id, replace(found, **fields)

    return damage


ELSEWHERE = RecordId(b"\x09" * 32)


def series_of(trial: Trial) -> Series:
    """Return what was minted for R1."""
    found = trial.read(Series, R1)
    assert found is not None
    return found


DAMAGES: list[tuple[Damage, str]] = [
    (changed(Balance, ANNAS_MONEY, spendable=51), "do not gain"),
    (changed(Balance, ANNAS_MONEY, spendable=49), "do not gain"),
    (changed(AssetClass, MONEY, minted=101), "do not gain"),
    (changed(AssetClass, MONEY, burned=1), "do not gain"),
    (changed(AssetClass, TOKEN, burned=1), "accounts of series do not gain"),
    (changed(Balance, holding_id(R1, key(ANNA)), spendable=11), "accounts of series"),
    (
        lambda _trial: (holding_id(R1, key(BEN)), Balance(R1, key(BEN), 1, 0)),
        "accounts of series",
    ),
    (changed(Balance, ANNAS_MONEY, spendable=49, locked=51), "1 locked that nobody holds"),
    (
        changed(LockedAmount, lock_at(ANNAS_MONEY, "market", LOCK), amount=29),
        "1 locked that nobody holds",
    ),
    (changed(AssetClass, MONEY, name="gold"), "was rewritten"),
    (changed(AssetClass, MONEY, minted=99), "was rewritten"),
    (changed(AssetClass, MONEY, minted=0, burned=100), "more was burned than minted"),
    (changed(AssetClass, SHORT, supply_cap=39), "exceeds its cap"),
    (changed(AssetClass, TOKEN, minted=21), "its series say 0"),
    (changed(Balance, ANNAS_MONEY, spendable=-1), "below zero"),
    (changed(Balance, ANNAS_MONEY, locked=-1), "below zero"),
    (changed(Balance, ANNAS_MONEY, owner=key(BEN)), "stands under another's id"),
    (changed(LockedAmount, lock_at(ANNAS_MONEY, "market", LOCK), amount=0), "holds nothing"),
    (
        changed(LockedAmount, lock_at(ANNAS_MONEY, "market", LOCK), holder="exchange"),
        "stands under another's id",
    ),
    (lambda trial: (ELSEWHERE, series_of(trial)), "stands under another reading's id"),
    (lambda trial: (ELSEWHERE, series_of(trial)), "minted nothing, its series say 10"),
    (changed(Series, R1, nonce=9), "was rewritten"),
    (changed(Series, R1, kwh=9), "was rewritten"),
]


@pytest.mark.parametrize(("damage", "message"), DAMAGES)
def test_damage_is_seen(damage: Damage, message: str) -> None:
    """In the block that does it."""
    trial = cast()
    trial.close_block()
    assert [] == list(trial.violations())
    trial.plant(*damage(trial))
    found = list(trial.violations())
    assert any(message in each for each in found), found


def test_no_series_grows_at_the_cost_of_another() -> None:
    """Their sum is the same, and yet it is seen."""
    trial = cast()
    trial.close_block()
    trial.plant(holding_id(R1, key(ANNA)), Balance(R1, key(ANNA), 0, 0))
    trial.plant(holding_id(R2, key(ANNA)), Balance(R2, key(ANNA), 10, 0))
    assert [f"accounts of series {R2.hex()} gain 10, minted 0"] == list(trial.violations())


def test_everything_holds_on_the_whole() -> None:
    """What the cases did is sound, seen as an audit sees it."""
    trial = cast()
    assert [] == list(trial.violations())
