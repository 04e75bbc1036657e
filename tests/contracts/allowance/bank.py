"""
A contract that exists only in tests: it keeps money in purses, and understands core's commands.

It stands for `asset`, under whose name the allowance contract pays.
"""

from msgspec.structs import replace

from tallystick.base.amounts import Amount
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.core.context import Context
from tallystick.core.contract import Contract
from tallystick.core.errors import Rejected
from tallystick.core.holding import Lock, Move, holding_id

MONEY = RecordId(b"\x4d" * 32)


class BankParameters(Record, tag="bank-parameters"):
    """Nothing to set."""


class Purse(Record, tag="purse"):
    """Somebody's money."""

    owner: PublicKey
    """Whose."""

    amount: Amount
    """How much is spendable."""

    locked: Amount = 0
    """How much is locked."""

    lock_id: LockId | None = None
    """For which affair."""


class Mint(Record, tag="bank.mint"):
    """Give somebody money."""

    owner: PublicKey
    """Whom."""

    amount: Amount
    """How much."""


class PurseTooSmall(Rejected):
    """More is to be locked than is there, or without its owner."""

    contract = "asset"
    code = 499

    def __init__(self) -> None:
        super().__init__("amount: more than its owner, who must sign, has")


def mint(context: Context, command: Mint) -> None:
    """Give somebody money."""
    id = holding_id(MONEY, command.owner)
    context.write(id, Purse(command.owner, money_of(context, command.owner) + command.amount))


def lock(context: Context, command: Lock) -> None:
    """Lock money for the caller."""
    purse = context.read(Purse, command.holding)
    if purse is None or purse.amount < command.amount or purse.owner not in context.signers:
        raise PurseTooSmall
    context.write(
        command.holding,
        replace(
            purse,
            amount=purse.amount - command.amount,
            locked=command.amount,
            lock_id=command.lock_id,
        ),
    )


def move(context: Context, command: Move) -> None:
    """Pay what is locked to somebody else."""
    purse = context.read(Purse, command.holding)
    assert purse is not None
    assert (purse.locked, purse.lock_id) == (command.amount, command.lock_id)
    context.write(command.holding, Purse(purse.owner, purse.amount))
    target = holding_id(MONEY, command.target)
    amount = money_of(context, command.target) + command.amount
    context.write(target, Purse(command.target, amount))


def money_of(context: Context, owner: PublicKey) -> int:
    """Return how much somebody has."""
    purse = context.read(Purse, holding_id(MONEY, owner))
    return 0 if purse is None else purse.amount


CONTRACT = Contract(
    name="asset",
    records=(Purse,),
    commands={Mint: mint, Lock: lock, Move: move},
    rejections=(PurseTooSmall,),
    parameters=BankParameters,
)
