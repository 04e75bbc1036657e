"""What the contract keeps: keys that divide a production, what is enrolled, deposits, divisions."""

from enum import Enum
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId

MEMBERS_MAX: Final = 64
INCOMES_MAX: Final = 16
ONE_PPM: Final = 1_000_000
WH_PER_MWH: Final = 1_000_000
DELAY_SECONDS_MAX: Final = 366 * 86_400
ENROLLED_MAX: Final = 255
"""One less than may sign a transaction: each interval has a key, and the account signs too."""

AHEAD_SECONDS_MAX: Final = 366 * 86_400
"""How far ahead an interval may be enrolled. [s]"""

SHARING_SECONDS_MAX: Final = 40 * 86_400
"""How long after an interval could first be shared its pledges lapse by themselves. [s]"""

TAG_DEPOSIT_ID: Final = b"tallystick/sharing/deposit-id/1"
TAG_CONSUMPTION_ID: Final = b"tallystick/sharing/consumption-id/1"
TAG_PRODUCTION_ID: Final = b"tallystick/sharing/production-id/1"

KeyName = Annotated[
    str, Meta(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z")
]
"""The scope in which a market operator agrees to the key."""

Ppm = Annotated[int, Meta(ge=0, le=ONE_PPM)]
"""Millionths of a whole."""


class Method(Enum):
    """How a production is divided among members."""

    STATIC = "static"
    """By fixed shares, as far as each member consumes its own."""

    DYNAMIC = "dynamic"
    """In proportion to what each member consumed."""

    HYBRID = "hybrid"
    """By fixed shares first; what they leave over in proportion to what is uncovered."""

    PRIORITY = "priority"
    """In the order in which members are listed, each as much as it consumed."""


class Member(Record):
    """Somebody who consumes a part of a shared production, and pays for it."""

    account: PublicKey
    """Whose deposit pays."""

    share_ppm: Ppm
    """Its fixed share; without meaning in a dynamic key and in one by priority."""


class Income(Record):
    """Somebody who owns a part of the plant."""

    account: PublicKey
    """Who is paid."""

    share_ppm: Ppm
    """Its part of what members pay."""


class SharingKey(Record, tag="sharing-key"):
    """An agreement by which a production is divided."""

    name: KeyName
    """What people call it."""

    sector: Annotated[str, Meta(min_length=1, max_length=32)]
    """The sector in which plant and members are connected."""

    method: Method
    """How."""

    members: Annotated[tuple[Member, ...], Meta(min_length=1, max_length=MEMBERS_MAX)]
    """Who consumes; in a key by priority the first is served first."""

    incomes: Annotated[tuple[Income, ...], Meta(min_length=1, max_length=INCOMES_MAX)]
    """Who is paid; the shares make a whole."""

    money: RecordId
    """In which class of `asset` is paid."""

    price_per_mwh: Amount
    """What members pay. [minor units of money per MWh]"""

    delay: Annotated[int, Meta(ge=0, le=DELAY_SECONDS_MAX)]
    """How long after an interval its readings may still be corrected before they are shared. [s]"""

    agreed_at: Milliseconds
    """When it was agreed. [ms since the epoch, UTC]"""


class Deposit(Record, tag="sharing-deposit"):
    """What a member has locked to pay with; it stands under `deposit_id`."""

    left: Amount
    """What is still there. [minor units of money]"""


class Enrolled(Record, tag="sharing-enrolled"):
    """
    Which measurement is a member's consumption, or the plant's production, in one interval.

    It stands under `enrolled_consumption_id` or `enrolled_production_id`, so that whoever asks for
    a division finds it and has nothing to choose.
    """

    measurement: RecordId
    """The measurement, pledged to this contract under the key before it was published."""


class Shared(Record, tag="sharing-shared"):
    """How one interval's production was divided; it stands under the production's id."""

    key: RecordId
    """The agreement."""

    produced_wh: Amount
    """What was measured then. [Wh]"""

    credited_wh: Annotated[tuple[Amount, ...], Meta(max_length=MEMBERS_MAX)]
    """For each member what it was credited with. [Wh]"""

    paid: Annotated[tuple[Amount, ...], Meta(max_length=MEMBERS_MAX)]
    """For each member what it paid. [minor units of money]"""

    received: Annotated[tuple[Amount, ...], Meta(max_length=INCOMES_MAX)]
    """For each owner of the plant what it was paid. [minor units of money]"""

    shared_at: Milliseconds
    """When. [ms since the epoch, UTC]"""


class SharingParameters(Record, tag="sharing-parameters"):
    """Nothing to set: each key says what holds for it."""


def deposit_id(key: RecordId, account: PublicKey) -> RecordId:
    """Return the id of what a member has deposited under a key."""
    return RecordId(tagged_hash(TAG_DEPOSIT_ID, key, account))


def enrolled_consumption_id(key: RecordId, account: PublicKey, begin: int) -> RecordId:
    """Return the id of what a member has enrolled for the interval that begins at a second."""
    return RecordId(tagged_hash(TAG_CONSUMPTION_ID, key, account, begin.to_bytes(8, "big")))


def enrolled_production_id(key: RecordId, begin: int) -> RecordId:
    """Return the id of what the plant's owners have enrolled for an interval."""
    return RecordId(tagged_hash(TAG_PRODUCTION_ID, key, begin.to_bytes(8, "big")))


def lock_id_of(key: RecordId) -> LockId:
    """Return the id under which deposits are locked, and production and consumption pledged."""
    return LockId(Hash(key))


def cost_of(key: SharingKey, energy_wh: int) -> int:
    """Return what an amount of energy costs a member, rounded down. [minor units of money]"""
    return energy_wh * key.price_per_mwh // WH_PER_MWH
