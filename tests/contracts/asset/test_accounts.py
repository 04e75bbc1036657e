"""What all rules on accounts stand on."""

import pytest

from tallystick.base.identifiers import LockId, PublicKey
from tallystick.contracts.asset.accounts import check_owner
from tallystick.contracts.asset.errors import OwnerIsNoKey
from tallystick.core.holding import vault
from tallystick.testing.keys import key
from tests.contracts.asset.cases import ANNA, BEN, MONEY, STRANGER, balance, cast, do
from tests.contracts.asset.test_rules import burning


@pytest.mark.parametrize("head", range(256))
def test_owners_are_keys_and_vaults(head: int) -> None:
    """No other first byte is taken, nor a key that is no point of the curve: nobody could sign."""
    off_the_curve = PublicKey(bytes([head]) + bytes(32))
    if head == 0:
        check_owner(off_the_curve)
        return
    with pytest.raises(OwnerIsNoKey):
        check_owner(off_the_curve)


def test_keys_and_vaults_are_owners() -> None:
    """Both forms that there are."""
    for owner in (key(ANNA), key(BEN), key(STRANGER), vault("market", LockId(bytes(32)))):
        check_owner(owner)


def test_an_empty_account_stays() -> None:
    """It is zero, not absent."""
    trial = cast()
    do(trial, burning(amount=50), ANNA)
    assert (0, 50) == balance(trial, MONEY, ANNA)
