"""
What all rules do to accounts: add, take, and move between what is spendable and what is locked.

An account that is empty stays: it is small, its owner often comes back, and an id that was absent
yesterday and today proves nothing about the days between.
"""

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.context import Context
from tallystick.core.holding import can_own, holding_id

from .errors import (
    AccountNotFound,
    AmountIsZero,
    AssetNotFound,
    NotEnough,
    NotTransferable,
    OwnerIsNoKey,
)
from .model import AssetClass, Balance, LockedAmount, Series


def class_of(context: Context, unit: RecordId) -> tuple[RecordId, AssetClass]:
    """Return the class of a unit with its id: the unit itself, or what its series belongs to."""
    found = context.read(AssetClass, unit)
    if found is not None:
        return unit, found
    series = context.read(Series, unit)
    if series is None:
        raise AssetNotFound(unit)
    asset = context.read(AssetClass, series.asset)
    if asset is None:
        raise AssertionError(f"class {series.asset.hex()} vanished")
    return series.asset, asset


def account_at(context: Context, holding: RecordId, *, field: str = "holding") -> Balance:
    """Return the account that stands under an id: `field` is what names it."""
    balance = context.read(Balance, holding)
    if balance is None:
        raise AccountNotFound(holding, field=field)
    return balance


def check_transferable(asset: AssetClass, *, field: str) -> None:
    """Refuse to pass on what stays where it is minted: `field` is what names it."""
    if not asset.transferable:
        raise NotTransferable(asset.name, field=field)


def check_owner(owner: PublicKey, *, field: str = "owner") -> None:
    """Refuse an owner that is neither a key nor a vault."""
    if not can_own(owner):
        raise OwnerIsNoKey(owner, field=field)


def check_amount(amount: int) -> None:
    """Refuse to move nothing."""
    if amount == 0:
        raise AmountIsZero


def check_spendable(balance: Balance | None, amount: int) -> None:
    """Refuse to take more than an owner may move."""
    spendable = 0 if balance is None else balance.spendable
    if amount > spendable:
        raise NotEnough(amount, spendable)


def add(context: Context, unit: RecordId, owner: PublicKey, amount: int) -> None:
    """
    Put an amount into an account, which is made if there is none.

    It never overflows: of each class no more is ever minted than an amount can say.
    """
    holding = holding_id(unit, owner)
    balance = context.read(Balance, holding)
    if balance is None:
        context.write(holding, Balance(unit, owner, amount, 0))
    else:
        context.write(holding, Balance(unit, owner, balance.spendable + amount, balance.locked))


def change(
    context: Context, holding: RecordId, balance: Balance, *, spendable: int = 0, locked: int = 0
) -> None:
    """Add to both parts of an account; either may be negative."""
    context.write(
        holding,
        Balance(
            balance.unit, balance.owner, balance.spendable + spendable, balance.locked + locked
        ),
    )


def keep(context: Context, id: RecordId, held: LockedAmount, *, amount: int) -> None:
    """Write how much a contract still holds of an account; nothing is written away."""
    if amount:
        held = LockedAmount(held.holding, held.holder, held.lock_id, held.until, amount)
        context.write(id, held)
    else:
        context.delete(LockedAmount, id)
