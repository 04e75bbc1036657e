"""
What the contract keeps about who may buy: companies' accounts, and what buyers have reserved.

Reserving costs nothing, so it is counted for each buyer, and what was given up is others' first.
"""

from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import PublicKey, RecordId

from .model import RESERVATIONS_MAX, CompanyName

TAG_CLEARING_ID: Final = b"tallystick/benefit/clearing-id/1"
TAG_BUYER_ID: Final = b"tallystick/benefit/buyer-id/1"
TAG_COOL_DOWN_ID: Final = b"tallystick/benefit/cool-down-id/1"


class ClearingAccount(Record, tag="benefit-clearing-account"):
    """That a key is a company's account; it stands under `clearing_id` and never goes."""

    company: CompanyName
    """Whose; the first one's, if several share it."""


class Buyer(Record, tag="benefit-buyer"):
    """How much an employee has reserved; it stands under `buyer_id`, whatever keys come and go."""

    identity: RecordId
    """Who."""

    reservations: Annotated[int, Meta(ge=0, le=RESERVATIONS_MAX)]
    """How many benefits are reserved for purchases of that one now."""


class CoolDown(Record, tag="benefit-cool-down"):
    """That a buyer gave a benefit up, and others have their turn; under `cool_down_id`."""

    until: Milliseconds
    """From this block time on that one may reserve it again. [ms since the epoch, UTC]"""


def clearing_id(key: PublicKey) -> RecordId:
    """Return the id under which it stands that a key is a company's account."""
    return RecordId(tagged_hash(TAG_CLEARING_ID, key))


def buyer_id(identity: RecordId) -> RecordId:
    """Return the id under which it stands how much somebody has reserved."""
    return RecordId(tagged_hash(TAG_BUYER_ID, identity))


def cool_down_id(identity: RecordId, benefit: RecordId) -> RecordId:
    """Return the id under which it stands that somebody gave a benefit up."""
    return RecordId(tagged_hash(TAG_COOL_DOWN_ID, identity, benefit))
