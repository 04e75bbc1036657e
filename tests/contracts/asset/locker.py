"""
A contract that exists only in tests: it locks parts of accounts, and moves what it has locked.

It names nobody in `requires`: it reaches whoever keeps the account by name, as every market does.
"""

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.core.context import Context
from tallystick.core.contract import Contract
from tallystick.core.holding import Lock, Move, Release

NAME = "locker"


class LockerParameters(Record, tag="locker-parameters"):
    """Nothing to set."""


class Keep(Record, tag="locker.keep"):
    """Lock a part of an account for the locker."""

    holding: RecordId
    """Which account."""

    lock_id: LockId
    """Under which id."""

    until: Milliseconds
    """Until when; 0 for ever. [ms since the epoch, UTC]"""

    amount: Amount
    """How much; 0 for all that is spendable. [base units]"""


class Free(Record, tag="locker.free"):
    """Release a part of an account."""

    holding: RecordId
    """Which account."""

    lock_id: LockId
    """Under which id it is held."""

    amount: Amount
    """How much; 0 for all that is held. [base units]"""


class Pay(Record, tag="locker.pay"):
    """Move a part of an account, or of the locker's vault."""

    holding: RecordId
    """Which account."""

    lock_id: LockId
    """Under which id it is held."""

    amount: Amount
    """How much. [base units]"""

    target: PublicKey
    """To whom."""


def keep(context: Context, command: Keep) -> None:
    """Lock a part of an account for the locker."""
    context.call(Lock("asset", command.holding, command.lock_id, command.until, command.amount))


def free(context: Context, command: Free) -> None:
    """Release a part of an account."""
    context.call(Release("asset", command.holding, command.lock_id, command.amount))


def pay(context: Context, command: Pay) -> None:
    """Move a part of an account, or of the locker's vault."""
    context.call(Move("asset", command.holding, command.lock_id, command.amount, command.target))


CONTRACT = Contract(
    name=NAME,
    requires=(),
    records=(),
    commands={Keep: keep, Free: free, Pay: pay},
    parameters=LockerParameters,
)
