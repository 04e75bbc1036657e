"""
Locks: what every contract that keeps holdings understands, declared once.

A lock hands one holding to one contract: until it is released, the owner's signature moves nothing,
and the contract named in the lock moves it with the lock's id. A caller reaches these two commands
by the name of the contract that keeps the holding, without naming it in `requires`.
"""

from typing import Annotated

import msgspec

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, RecordId

ContractName = Annotated[str, msgspec.Meta(min_length=1, max_length=32, pattern=r"^[a-z][a-z-]*\Z")]


class LockedFor(Record, tag="locked-for"):
    """To whom a holding is handed, and until when."""

    holder: ContractName
    """The only contract that may move the holding."""

    lock_id: LockId
    """Which of the holder's affairs it is locked for; its commands carry it."""

    until: Milliseconds
    """It has lapsed from this block time on; 0 means it never does. [ms since the epoch, UTC]"""


class Lock(Record, tag="lock"):
    """Hand an active holding to the calling contract."""

    contract: ContractName
    """The contract that keeps the holding."""

    holding: RecordId
    """The holding."""

    lock_id: LockId
    """Chosen by the caller, carried by each of its later commands."""

    until: Milliseconds
    """When the lock lapses by itself; 0 means never. [ms since the epoch, UTC]"""


class Release(Record, tag="release"):
    """Hand a locked holding back to its owner."""

    contract: ContractName
    """The contract that keeps the holding."""

    holding: RecordId
    """The holding."""

    lock_id: LockId
    """The lock that ends."""


def in_force(lock: LockedFor | None, *, time: int) -> bool:
    """Tell whether a lock binds at a block time."""
    return lock is not None and (lock.until == 0 or time < lock.until)
