"""What always holds about the money of orders is checked: damage of every sort is reported."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LockId, RecordId
from tallystick.contracts.asset.model import LockedAmount, lock_record_id
from tallystick.contracts.market.funding import lock_id_of
from tallystick.contracts.market.model import Fill, Order
from tallystick.contracts.market.model import Mandate as Given
from tallystick.core.holding import holding_id
from tallystick.testing.keys import key
from tests.contracts.market.ground import Damage, Ground, audit, changed, settled
from tests.contracts.market.house import BEN

WHOLE: list[tuple[Damage, str]] = [
    (changed(Order, "offer", funded=1), "has 1 funded and binds"),
    (changed(Fill, "fill", level=1_000), "is priced outside the market's band"),
    (settled(buyer_pays=10**6), "costs its buyer more than was agreed"),
    (settled(delivered_wh=401), "was settled for more than 400 Wh"),
]


@pytest.mark.parametrize(("damage", "violation"), WHOLE)
def test_an_audit_sees_what_a_market_s_rules_forbid(damage: Damage, violation: str) -> None:
    """Where the rules are among the changes, so in an audit, amounts are held against them."""
    ground = Ground()
    ground.house.trial.plant(*damage(ground))
    assert any(violation in each for each in audit(ground.house)), audit(ground.house)


def lock_of(ground: Ground, lock_id: LockId) -> tuple[RecordId, LockedAmount]:
    """Return what is locked of Ben's money under an id."""
    holding = holding_id(ground.house.money, key(BEN))
    id = lock_record_id(holding, "market", lock_id)
    found = ground.house.trial.read(LockedAmount, id)
    return id, found or LockedAmount(holding, "market", lock_id, 0, 0)


def too_much_released(ground: Ground) -> tuple[RecordId, Record]:
    """Take money from the lock of an order that has as much as before."""
    id, lock = lock_of(ground, lock_id_of(ground.the(Order, ground.bid)))
    return id, replace(lock, amount=lock.amount - 1)


def locked_for_nobody(ground: Ground) -> tuple[RecordId, Record]:
    """Lock money for an order that there is not."""
    id, lock = lock_of(ground, LockId(Hash(bytes(32))))
    return id, replace(lock, amount=1)


IN_A_BLOCK: list[tuple[Damage, str]] = [
    (changed(Order, "offer", funded=1), "more is funded under"),
    (changed(Given, "mandate", funded=301), "1 more is funded under"),
    (locked_for_nobody, f"lock {bytes(32).hex()} is for no order"),
]


@pytest.mark.parametrize(("damage", "violation"), IN_A_BLOCK)
def test_a_block_locks_what_it_funds(damage: Damage, violation: str) -> None:
    """No more and no less, and nothing for nobody."""
    ground = Ground()
    assert [] == list(ground.house.trial.violations())
    ground.house.trial.plant(*damage(ground))
    found = list(ground.house.trial.violations())
    assert any(violation in each for each in found), found


def test_an_audit_sees_a_lock_that_is_short() -> None:
    """Whichever of the account's orders it is that will miss its money."""
    ground = Ground()
    ground.house.trial.plant(*too_much_released(ground))
    found = audit(ground.house)
    assert any("more is funded under" in each for each in found), found
