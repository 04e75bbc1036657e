"""What has happened across ledgers."""

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.identifiers import Hash, LedgerId, LockId, PublicKey, RecordId
from tallystick.core.event import Event
from tallystick.core.holding import ContractName

from .model import Outcome, Part, PartIndex, PartState


class HashLocked(Event, tag="exchange-hash-locked"):
    """Something is held for whoever shows a preimage."""

    lock: RecordId
    """The new lock."""

    contract: ContractName
    """The contract that keeps the holding."""

    holding: RecordId
    """The holding."""

    amount: Amount
    """How much of it, in its own unit; 0 for the whole."""

    digest: Hash
    """SHA-256 of the preimage."""

    beneficiary: PublicKey
    """Who is paid."""

    until: Milliseconds
    """It is paid before this block time, and given back from it on. [ms since the epoch, UTC]"""


class HashLockRedeemed(Event, tag="exchange-hash-lock-redeemed"):
    """The preimage was shown in time; it is public now."""

    lock: RecordId
    """The lock."""

    preimage: bytes
    """What opens every lock with this digest."""


class HashLockRefunded(Event, tag="exchange-hash-lock-refunded"):
    """The owner has back what was held."""

    lock: RecordId
    """The lock."""


class PartPrepared(Event, tag="exchange-part-prepared"):
    """A part of a joint change is held until its decision is proven."""

    change: LockId
    """The change."""

    index: PartIndex
    """Which part."""

    part: Part
    """What it says."""

    deciding: LedgerId
    """Who decides."""

    deadline: Milliseconds
    """Until when. [ms since the epoch, UTC]"""


class ChangeDecided(Event, tag="exchange-change-decided"):
    """The deciding ledger has spoken."""

    change: LockId
    """The change."""

    outcome: Outcome
    """What it said."""


class PartFinished(Event, tag="exchange-part-finished"):
    """A part has ended as was decided."""

    change: LockId
    """The change."""

    index: PartIndex
    """Which part."""

    state: PartState
    """How."""
