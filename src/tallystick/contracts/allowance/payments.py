"""Fees and penalties: money that moves in the asset contract, by core's shared commands."""

from typing import Final

from tallystick.base.identifiers import LockId, PublicKey
from tallystick.core.context import Context
from tallystick.core.holding import Lock, Move, holding_id

from .errors import PayerHasNotSigned
from .terms import Terms

MONEY_CONTRACT: Final = "asset"
LOCK_ORDINAL: Final = 1


def check_payer(context: Context, payer: PublicKey | None, amount: int) -> None:
    """Refuse a payment for which nobody is named, or who is named has not signed."""
    if amount and (payer is None or payer not in context.signers):
        raise PayerHasNotSigned(payer, amount)


def pay(context: Context, terms: Terms, payer: PublicKey | None, amount: int) -> None:
    """
    Move money from the payer's account to the collector's.

    It is locked for this contract and moved at once, so this contract needs to know nothing of the
    one that keeps the money but its name; that refuses a payer who has too little.
    """
    if not amount:
        return
    if terms.money is None or terms.collector is None or payer is None:
        raise AssertionError("there is something to pay, but no money, collector or payer")
    holding, lock_id = holding_id(terms.money, payer), LockId(context.derive_id(LOCK_ORDINAL))
    context.call(Lock(MONEY_CONTRACT, holding, lock_id, until=0, amount=amount))
    context.call(Move(MONEY_CONTRACT, holding, lock_id, amount, terms.collector))
