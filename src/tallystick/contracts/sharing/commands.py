"""What can be done with shared productions."""

from typing import Annotated

from msgspec import Meta

from tallystick.base.amounts import Amount, Seconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId

from .model import (
    DELAY_SECONDS_MAX,
    ENROLLED_MAX,
    INCOMES_MAX,
    MEMBERS_MAX,
    Income,
    KeyName,
    Member,
    Method,
)


class Agree(Record, tag="sharing.agree"):
    """Agree on a key, as the operator, every member and every owner of the plant together."""

    name: KeyName
    """What people call it, in which a signer is market operator."""

    sector: Annotated[str, Meta(min_length=1, max_length=32)]
    """The sector in which plant and members are connected."""

    method: Method
    """How a production is divided."""

    members: Annotated[tuple[Member, ...], Meta(min_length=1, max_length=MEMBERS_MAX)]
    """Who consumes; their accounts sign."""

    incomes: Annotated[tuple[Income, ...], Meta(min_length=1, max_length=INCOMES_MAX)]
    """Who is paid; their accounts sign."""

    money: RecordId
    """In which class of `asset` is paid."""

    price_per_mwh: Amount
    """What members pay. [minor units of money per MWh]"""

    delay: Annotated[int, Meta(ge=0, le=DELAY_SECONDS_MAX)]
    """How long after an interval its readings may still be corrected before they are shared. [s]"""


class PayIn(Record, tag="sharing.pay-in"):
    """Lock money for what a member will be credited with, as the member."""

    key: RecordId
    """The agreement."""

    member: PublicKey
    """The member's account, which signs."""

    amount: Amount
    """How much, at least one. [minor units of money]"""


class Withdraw(Record, tag="sharing.withdraw"):
    """Take back what is left of a deposit, as the member; without one it is credited nothing."""

    key: RecordId
    """The agreement."""

    member: PublicKey
    """The member's account, which signs."""


class MeterKey(Record):
    """Names the measurement of an interval before there is one, by the key that will own it."""

    owner: PublicKey
    """The measurement's owner key, which signs."""

    begin: Seconds
    """Start of its interval. [s since the epoch, UTC]"""


class Enrol(Record, tag="sharing.enrol"):
    """Say in advance which meter is a member's in which intervals, as the member and the meter."""

    key: RecordId
    """The agreement."""

    member: PublicKey
    """The member's account, which signs and whose deposit pays."""

    meters: Annotated[tuple[MeterKey, ...], Meta(min_length=1, max_length=ENROLLED_MAX)]
    """Its consumption, one for each interval; their keys sign."""


class EnrolProduction(Record, tag="sharing.enrol-production"):
    """Say in advance which meter is the plant's in which intervals, as an owner and the meter."""

    key: RecordId
    """The agreement."""

    owner: PublicKey
    """The account of somebody whom the key pays, which signs."""

    meters: Annotated[tuple[MeterKey, ...], Meta(min_length=1, max_length=ENROLLED_MAX)]
    """The plant's production, one for each interval; their keys sign."""


class Share(Record, tag="sharing.share"):
    """Divide one interval's production; anybody may ask for it, and has nothing to choose."""

    key: RecordId
    """The agreement."""

    begin: Seconds
    """Start of the interval. [s since the epoch, UTC]"""
