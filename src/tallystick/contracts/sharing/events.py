"""What happened to shared productions."""

from tallystick.base.amounts import Amount, Seconds
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.event import Event

from .model import Income, Member, Method


class KeyAgreed(Event, tag="sharing-key-agreed"):
    """A key came to be."""

    key: RecordId
    """Its id."""

    name: str
    """What people call it."""

    method: Method
    """How it divides."""

    members: tuple[Member, ...]
    """Who consumes."""

    incomes: tuple[Income, ...]
    """Who is paid."""


class ConsumptionEnrolled(Event, tag="sharing-consumption-enrolled"):
    """A member said which measurement will be its consumption in an interval."""

    key: RecordId
    """The agreement."""

    member: PublicKey
    """Who."""

    begin: Seconds
    """Start of the interval. [s since the epoch, UTC]"""

    measurement: RecordId
    """The measurement."""


class ProductionEnrolled(Event, tag="sharing-production-enrolled"):
    """An owner of the plant said which measurement will be its production in an interval."""

    key: RecordId
    """The agreement."""

    owner: PublicKey
    """Who."""

    begin: Seconds
    """Start of the interval. [s since the epoch, UTC]"""

    measurement: RecordId
    """The measurement."""


class DepositPaidIn(Event, tag="sharing-deposit-paid-in"):
    """A member locked money."""

    key: RecordId
    """The agreement."""

    member: PublicKey
    """Who."""

    amount: Amount
    """How much. [minor units of money]"""


class DepositWithdrawn(Event, tag="sharing-deposit-withdrawn"):
    """A member took back what was left."""

    key: RecordId
    """The agreement."""

    member: PublicKey
    """Who."""

    amount: Amount
    """How much. [minor units of money]"""


class ProductionShared(Event, tag="sharing-production-shared"):
    """A production was divided."""

    key: RecordId
    """The agreement."""

    production: RecordId
    """The production measurement."""

    produced_wh: Amount
    """What was measured. [Wh]"""

    credited_wh: Amount
    """What members were credited with together. [Wh]"""

    paid: Amount
    """What they paid together. [minor units of money]"""


class MemberCredited(Event, tag="sharing-member-credited"):
    """A member was credited with a part of a production, and paid for it."""

    key: RecordId
    """The agreement."""

    member: PublicKey
    """Who."""

    consumption: RecordId
    """For which consumption its certificate was claimed."""

    energy_wh: Amount
    """How much. [Wh]"""

    cost: Amount
    """What it paid. [minor units of money]"""


class MemberNotCovered(Event, tag="sharing-member-not-covered"):
    """A member's deposit would not have paid for what it consumed, so it was credited nothing."""

    key: RecordId
    """The agreement."""

    member: PublicKey
    """Who."""

    consumption: RecordId
    """For which consumption."""

    cost: Amount
    """What all that it consumed would have cost, or the largest amount. [minor units of money]"""

    left: Amount
    """What was left of its deposit. [minor units of money]"""


class IncomePaid(Event, tag="sharing-income-paid"):
    """An owner of the plant was paid."""

    key: RecordId
    """The agreement."""

    account: PublicKey
    """Who."""

    amount: Amount
    """How much. [minor units of money]"""
