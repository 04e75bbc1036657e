"""What can be done with shared productions."""

from typing import Annotated

from msgspec import Meta

from tallystick.base.amounts import Amount
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId

from .model import (
    DELAY_SECONDS_MAX,
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


class Share(Record, tag="sharing.share"):
    """Divide one interval's production; anybody may ask for it."""

    key: RecordId
    """The agreement."""

    production: RecordId
    """The production measurement, pledged to this contract under the key."""

    consumptions: Annotated[tuple[RecordId | None, ...], Meta(max_length=MEMBERS_MAX)]
    """For each member its consumption measurement, pledged likewise; nothing if it has none."""
