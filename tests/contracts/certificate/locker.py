"""
A contract that exists only in tests: it locks certificates, and moves what it has locked.

It stands for every market to come. It names `certificate` in `requires` only because it also moves;
to lock and to release, nobody needs that.
"""

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts.certificate.commands import Claim, Split, SplitPart, Transfer
from tallystick.core.context import Context
from tallystick.core.contract import Contract
from tallystick.core.holding import Lock, Release

NAME = "locker"


class LockerParameters(Record, tag="locker-parameters"):
    """Nothing to set."""


class Keep(Record, tag="locker.keep"):
    """Lock a certificate for the locker."""

    certificate: RecordId
    """Which."""

    lock_id: LockId
    """Under which id."""

    until: Milliseconds
    """Until when; 0 for ever. [ms since the epoch, UTC]"""


class Free(Record, tag="locker.free"):
    """Release a certificate, or a pledge."""

    certificate: RecordId
    """Which."""

    lock_id: LockId
    """Under which id it is held."""


class Move(Record, tag="locker.move"):
    """Transfer a certificate."""

    certificate: RecordId
    """Which."""

    owner: PublicKey
    """To whom."""

    lock_id: LockId | None
    """Under which lock."""


class Cut(Record, tag="locker.cut"):
    """Split a certificate."""

    certificate: RecordId
    """Which."""

    parts: tuple[SplitPart, ...]
    """Into what."""

    lock_id: LockId | None
    """Under which lock."""


class Use(Record, tag="locker.use"):
    """Claim a certificate."""

    certificate: RecordId
    """Which."""

    consumption: RecordId
    """For what."""

    lock_id: LockId | None
    """Under which lock, and which pledge."""


def keep(context: Context, command: Keep) -> None:
    """Lock a certificate for the locker."""
    context.call(Lock("certificate", command.certificate, command.lock_id, command.until))


def free(context: Context, command: Free) -> None:
    """Release a certificate, or a pledge."""
    context.call(Release("certificate", command.certificate, command.lock_id))


def move(context: Context, command: Move) -> None:
    """Transfer a certificate."""
    context.call(Transfer(command.certificate, command.owner, command.lock_id))


def cut(context: Context, command: Cut) -> None:
    """Split a certificate."""
    context.call(Split(command.certificate, command.parts, command.lock_id))


def use(context: Context, command: Use) -> None:
    """Claim a certificate."""
    context.call(Claim(command.certificate, command.consumption, command.lock_id))


CONTRACT = Contract(
    name=NAME,
    requires=("certificate",),
    records=(),
    commands={Keep: keep, Free: free, Move: move, Cut: cut, Use: use},
    parameters=LockerParameters,
)
