"""
What the contract keeps: hash-time locks, parts of joint changes, and the decisions on them.

A joint change is known by the hash of all that it says, so whoever prepares a part has agreed to
every other part, to the deadline, and to the ledger that decides.
"""

from enum import Enum
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record, encode
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash, LedgerId, LockId, PublicKey, RecordId
from tallystick.core.holding import ContractName

CONTRACT_NAME: Final = "exchange"
PARTS_MAX: Final = 16
SALT_BYTES: Final = 16
PREIMAGE_BYTES: Final = 32
DAY_MILLISECONDS: Final = 86_400_000

TAG_CHANGE: Final = b"tallystick/exchange/change/1"
TAG_PREPARED_ID: Final = b"tallystick/exchange/prepared-id/1"
TAG_DECISION_ID: Final = b"tallystick/exchange/decision-id/1"
TAG_RESERVATION_ID: Final = b"tallystick/exchange/reservation-id/1"

PartIndex = Annotated[int, Meta(ge=0, lt=PARTS_MAX)]
"""Which part of a change, counted from 0."""


class Part(Record, tag="exchange-part"):
    """What changes on one ledger: a holding, or an amount of it, goes from its owner to another."""

    ledger: LedgerId
    """Where."""

    contract: ContractName
    """The contract that keeps the holding."""

    holding: RecordId
    """The holding."""

    owner: PublicKey
    """Who has it, and keeps it if the change is aborted."""

    amount: Amount
    """How much of it, in its own unit; 0 for the whole, as of a one-of-a-kind thing."""

    target: PublicKey
    """Who has it if the change is committed; the owner, if it is only to be held meanwhile."""


class Change(Record, tag="exchange-change"):
    """Several parts of which all take effect or none."""

    deciding: LedgerId
    """The one ledger whose record says whether they do."""

    deadline: Milliseconds
    """From that ledger's block time on nothing is committed. [ms since the epoch, UTC]"""

    parts: Annotated[tuple[Part, ...], Meta(min_length=1, max_length=PARTS_MAX)]
    """The parts, ascending by ledger, contract and holding, no holding twice."""

    salt: Annotated[bytes, Meta(min_length=SALT_BYTES, max_length=SALT_BYTES)]
    """Random bytes: the same change can be tried again under another id."""


class PartState(Enum):
    """How far a part has come."""

    PREPARED = "prepared"
    """It is held, and waits for the decision."""

    CHANGED = "changed"
    """The change was committed."""

    UNCHANGED = "unchanged"
    """The change was aborted, and the part is its owner's as before."""


class Outcome(Enum):
    """What a deciding ledger says."""

    COMMITTED = "committed"
    """Every part takes effect."""

    ABORTED = "aborted"
    """None does."""


class Prepared(Record, tag="exchange-prepared"):
    """A part that its ledger holds for a change; it stands under `prepared_id` and never goes."""

    change: LockId
    """The change."""

    deciding: LedgerId
    """Who decides."""

    deadline: Milliseconds
    """Until when the change may be committed there. [ms since the epoch, UTC]"""

    index: PartIndex
    """Which part of it."""

    part: Part
    """What it says."""

    state: PartState
    """How far it has come."""

    prepared_at: Milliseconds
    """When it was prepared. [ms since the epoch, UTC]"""


class Decision(Record, tag="exchange-decision"):
    """What became of a change; it stands under `decision_id` and never changes."""

    change: LockId
    """The change."""

    outcome: Outcome
    """Whether it took effect."""

    deadline: Milliseconds
    """Until when it could. [ms since the epoch, UTC]"""

    decided_at: Milliseconds
    """When that was recorded. [ms since the epoch, UTC]"""


class HashLockState(Enum):
    """How far a hash-time lock has come."""

    OPEN = "open"
    """It waits for the preimage or its deadline."""

    REDEEMED = "redeemed"
    """The preimage was shown in time, and the beneficiary was paid."""

    REFUNDED = "refunded"
    """Its time passed, and the owner has back what was held."""


class HashLock(Record, tag="exchange-hash-lock"):
    """A holding that is paid out for a preimage before a deadline, and given back from it on."""

    contract: ContractName
    """The contract that keeps the holding."""

    holding: RecordId
    """The holding."""

    amount: Amount
    """How much of it, in its own unit; 0 for the whole."""

    digest: Hash
    """SHA-256 of the preimage."""

    beneficiary: PublicKey
    """Who is paid, whoever shows the preimage."""

    until: Milliseconds
    """It is paid before this block time, and given back from it on. [ms since the epoch, UTC]"""

    state: HashLockState
    """How far it has come."""

    preimage: Annotated[bytes, Meta(max_length=PREIMAGE_BYTES)]
    """What was shown; empty until then."""


class Reservation(Record, tag="exchange-reservation"):
    """Who holds the whole of a holding and until when, so that whoever comes second is told."""

    lock_id: LockId
    """The change or the hash-time lock."""

    until: Milliseconds
    """Its deadline. [ms since the epoch, UTC]"""


class ExchangeParameters(Record, tag="exchange-parameters"):
    """How long things may be held."""

    horizon_max: Annotated[int, Meta(ge=1_000, le=366 * DAY_MILLISECONDS)] = 30 * DAY_MILLISECONDS
    """How far ahead a deadline may lie. [ms]"""


def change_id(change: Change) -> LockId:
    """Return the hash of all that a change says, under which each of its parts is held."""
    return LockId(tagged_hash(TAG_CHANGE, encode(change)))


def prepared_id(change: LockId, index: int) -> RecordId:
    """Return the id under which a part stands on its own ledger."""
    return RecordId(tagged_hash(TAG_PREPARED_ID, change, index.to_bytes(4, "big")))


def decision_id(change: LockId) -> RecordId:
    """Return the id under which the decision stands on the deciding ledger."""
    return RecordId(tagged_hash(TAG_DECISION_ID, change))


def reservation_id(contract: str, holding: RecordId) -> RecordId:
    """Return the id under which it stands who holds the whole of a holding."""
    return RecordId(tagged_hash(TAG_RESERVATION_ID, contract.encode(), holding))
