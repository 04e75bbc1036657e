"""What the contract keeps about money: who owes whom for a month, and what it comes to."""

from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import RecordId

from .model import COMPANIES_MAX, CompanyName, Month, NetPosition, Total

TAG_DEBT_ID: Final = b"tallystick/benefit/debt-id/1"
TAG_POSITION_ID: Final = b"tallystick/benefit/position-id/1"
TAG_NETTING_ID: Final = b"tallystick/benefit/netting-id/1"


class Debt(Record, tag="benefit-debt"):
    """What one company owes another for a month's purchases; it only grows."""

    month: Month
    """The month. [months since January 1970]"""

    debtor: CompanyName
    """Who owes: its clearing account received tokens."""

    creditor: CompanyName
    """Whom: it gave a benefit, or paid the seller."""

    total: Total
    """How much. [common units]"""


class Position(Record, tag="benefit-position"):
    """What a company is owed and owes in a month, over all others."""

    month: Month
    """The month. [months since January 1970]"""

    company: CompanyName
    """Whose."""

    claims: Total
    """What others owe it. [common units]"""

    debts: Total
    """What it owes others. [common units]"""


class Netting(Record, tag="benefit-netting"):
    """A month's debts, netted; it is written once."""

    month: Month
    """The month. [months since January 1970]"""

    positions: Annotated[tuple[NetPosition, ...], Meta(max_length=COMPANIES_MAX)]
    """Those of every company that owed or was owed; they sum to zero."""

    netted_at: Milliseconds
    """When. [ms since the epoch, UTC]"""


def debt_id(month: int, *, debtor: str, creditor: str) -> RecordId:
    """Return the id under which it stands what one company owes another for a month."""
    return RecordId(
        tagged_hash(TAG_DEBT_ID, month.to_bytes(4, "big"), debtor.encode(), creditor.encode())
    )


def position_id(month: int, company: str) -> RecordId:
    """Return the id under which a company's position of a month stands."""
    return RecordId(tagged_hash(TAG_POSITION_ID, month.to_bytes(4, "big"), company.encode()))


def netting_id(month: int) -> RecordId:
    """Return the id under which a month's netting stands."""
    return RecordId(tagged_hash(TAG_NETTING_ID, month.to_bytes(4, "big")))
