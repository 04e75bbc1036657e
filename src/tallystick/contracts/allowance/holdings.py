"""
Allowances as blocks of numbers: a vintage, who holds what of it, and what has come to its end.

Of each vintage the numbers from 1 to `issued` are at every moment in exactly one place: in a
holding, locked, or in a retirement.
"""

from enum import Enum
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import AMOUNT_MAX, Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.core.holding import ContractName

from .terms import Period, Zone

BLOCKS_MAX: Final = 256
BLOCKS_HELD_MAX: Final = 4_096

Serial = Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
"""The number of an allowance within its vintage, from 1."""


class End(Enum):
    """How an allowance came to its end."""

    SURRENDERED = "surrendered"
    """It covers an emission."""

    CANCELLED = "cancelled"
    """It was taken back: output was lower than expected, a penalty, or a withdrawal."""

    EXPIRED = "expired"
    """It was left over, beyond what may be banked."""


class Block(Record):
    """Allowances with consecutive numbers."""

    first: Serial
    """The lowest number."""

    last: Serial
    """The highest number."""


Blocks = Annotated[tuple[Block, ...], Meta(max_length=BLOCKS_HELD_MAX)]
"""Blocks in ascending order that neither overlap nor touch."""


class Vintage(Record, tag="vintage"):
    """The allowances of a programme, zone and period: what was issued, and what came of it."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone."""

    period: Period
    """The period that they are for; they also serve later ones as far as banking goes."""

    issued: Amount = 0
    """The highest number given out. [allowances]"""

    surrendered: Amount = 0
    """How many cover emissions. [allowances]"""

    cancelled: Amount = 0
    """How many were taken back. [allowances]"""

    expired: Amount = 0
    """How many were left over. [allowances]"""

    retirements: Amount = 0
    """How many retirements there are; the n-th stands under `retirement_id`."""


class Holding(Record, tag="holding"):
    """What an account, or a vault, holds of a vintage and may dispose of."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone."""

    period: Period
    """The vintage."""

    owner: PublicKey
    """The account's key, or a vault."""

    carried_to: Period
    """The period until whose deadline they are good: the vintage's own, or later by banking."""

    blocks: Blocks
    """The allowances."""


class LockedBlocks(Record, tag="locked-blocks"):
    """What one account has locked for one affair of one contract."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone."""

    period: Period
    """The vintage."""

    owner: PublicKey
    """Whose they are."""

    carried_to: Period
    """The period until whose deadline they are good."""

    blocks: Blocks
    """The allowances."""

    holder: ContractName
    """The contract that disposes of them."""

    lock_id: LockId
    """Which of its affairs they are locked for."""

    until: Milliseconds
    """When the lock lapses; 0 if it never does. [ms since the epoch, UTC]"""


class Retirement(Record, tag="retirement"):
    """Allowances that have come to their end, all in the same way."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone."""

    period: Period
    """The vintage."""

    end: End
    """How."""

    blocks: Blocks
    """The allowances."""

    unit: RecordId | None
    """For which unit; nothing if they expired outside of its account."""

    covers: Period
    """The period whose emissions they cover, or in whose course they ended."""

    time: Milliseconds
    """When. [ms since the epoch, UTC]"""


def amount_of(blocks: tuple[Block, ...]) -> int:
    """Return how many allowances blocks hold."""
    return sum(each.last - each.first + 1 for each in blocks)
