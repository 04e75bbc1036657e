"""
A contract that exists only in tests: it locks allowances, and moves what it has locked.

It stands for every market to come, and names nobody in `requires`.
"""

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.core import holding
from tallystick.core.context import Context
from tallystick.core.contract import Contract

NAME = "locker"


class LockerParameters(Record, tag="locker-parameters"):
    """Nothing to set."""


class Keep(Record, tag="locker.keep"):
    """Lock allowances for the locker."""

    holding: RecordId
    """Whose."""

    lock_id: LockId
    """Under which id."""

    until: Milliseconds = 0
    """Until when; 0 for ever. [ms since the epoch, UTC]"""

    amount: Amount = 0
    """How many; 0 for all."""


class Free(Record, tag="locker.free"):
    """Release allowances."""

    holding: RecordId
    """Whose."""

    lock_id: LockId
    """Under which id."""

    amount: Amount = 0
    """How many; 0 for all."""


class Hand(Record, tag="locker.hand"):
    """Move allowances."""

    holding: RecordId
    """Whose."""

    lock_id: LockId
    """Under which lock, or from which vault."""

    amount: Amount
    """How many."""

    target: PublicKey
    """To whom."""


def keep(context: Context, command: Keep) -> None:
    """Lock allowances for the locker."""
    context.call(
        holding.Lock("allowance", command.holding, command.lock_id, command.until, command.amount)
    )


def free(context: Context, command: Free) -> None:
    """Release allowances."""
    context.call(holding.Release("allowance", command.holding, command.lock_id, command.amount))


def hand(context: Context, command: Hand) -> None:
    """Move allowances."""
    context.call(
        holding.Move("allowance", command.holding, command.lock_id, command.amount, command.target)
    )


CONTRACT = Contract(
    name=NAME,
    records=(),
    commands={Keep: keep, Free: free, Hand: hand},
    parameters=LockerParameters,
)
