"""
What the contract keeps: companies, the benefits that they offer, who owns them, and who owes whom.

Prices are in a common unit that nobody holds: each company publishes what its tokens are worth in
it. Tokens lie on the companies' own ledgers; what one company owes another for its employees'
purchases is counted here, and netted once a month.
"""

from enum import Enum
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import LedgerId, LockId, PublicKey, RecordId
from tallystick.core.holding import ContractName

CONTRACT_NAME: Final = "benefit"
COMPANIES_MAX: Final = 256
BENEFITS_MAX: Final = 2**20
BENEFITS_PER_PAGE: Final = 256
ATTRIBUTES_MAX: Final = 16
TEXT_CHARACTERS_MAX: Final = 256
PRICE_MAX: Final = 10**9
RATE_MAX: Final = 10**6
TOTAL_MAX: Final = 2**63 - 1
MONTH_MAX: Final = 12 * (6053 - 1970) + 11
RESERVATIONS_MAX: Final = 1_000
DAY_MILLISECONDS: Final = 86_400_000

TAG_MARKETPLACE_ID: Final = b"tallystick/benefit/marketplace-id/1"
TAG_ISSUANCE_ID: Final = b"tallystick/benefit/issuance-id/1"
TAG_COMPANY_ID: Final = b"tallystick/benefit/company-id/1"
TAG_PAGE_ID: Final = b"tallystick/benefit/page-id/1"
TAG_CREDENTIAL_ID: Final = b"tallystick/benefit/credential-id/1"

CompanyName = Annotated[
    str, Meta(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z")
]
"""A company's name; the scope in which identity appoints its administrators and employees."""

Text = Annotated[str, Meta(min_length=1, max_length=TEXT_CHARACTERS_MAX)]
"""A short text for people."""

Price = Annotated[int, Meta(ge=1, le=PRICE_MAX)]
"""What is asked, in the common unit; nothing is sold for nothing. [common units]"""

PageNumber = Annotated[int, Meta(ge=0, lt=BENEFITS_MAX // BENEFITS_PER_PAGE)]
"""Which page of a company's benefits, counted from 0."""

CredentialIndex = Annotated[int, Meta(ge=0, le=2**39 - 1)]
"""Which credential of this ledger, counted from 0; its entry in the status list too."""

Month = Annotated[int, Meta(ge=0, le=MONTH_MAX)]
"""A calendar month of UTC, counted from January 1970. [months]"""


Total = Annotated[int, Meta(ge=0, le=TOTAL_MAX)]
"""A sum over many purchases. [common units]"""


class Treatment(Enum):
    """What becomes of benefits that people own when the company that offered them leaves."""

    REDEEMABLE = "redeemable"
    """They stay good until a date."""

    REFUNDED = "refunded"
    """They are good for nothing; until a date their holder may have back what the company got."""


class BenefitState(Enum):
    """How things stand with a benefit."""

    OFFERED = "offered"
    """Its company offers it."""

    OWNED = "owned"
    """Somebody has it."""

    LISTED = "listed"
    """Somebody has it and offers it again."""

    RESERVED = "reserved"
    """A joint change, or a hash-time lock, holds it."""

    REDEEMED = "redeemed"
    """It was used."""

    REFUNDED = "refunded"
    """Its holder had back what the company got for it."""

    REMOVED = "removed"
    """Its company took it back before anybody had it."""


class Rate(Record):
    """What a company's tokens are worth, as an exact fraction."""

    units: Annotated[int, Meta(ge=1, le=RATE_MAX)]
    """So many common units [common units] are worth"""

    tokens: Annotated[int, Meta(ge=1, le=RATE_MAX)]
    """so many tokens. [base units of the token]"""


class RateChange(Record):
    """What a company's tokens will be worth, told beforehand."""

    rate: Rate
    """As an exact fraction."""

    since: Milliseconds
    """From this block time on. [ms since the epoch, UTC]"""


class Removal(Record):
    """That a company left, and what that means for those who hold its benefits."""

    removed_at: Milliseconds
    """When. [ms since the epoch, UTC]"""

    treatment: Treatment
    """What becomes of benefits of the company that people own."""

    until: Milliseconds
    """Until when they can be redeemed, or refunded; as long count its employees. [ms, UTC]"""


class Company(Record, tag="benefit-company"):
    """A company of the marketplace, and its own ledger."""

    name: CompanyName
    """Its name."""

    ledger: LedgerId
    """Where its employees hold its tokens."""

    unit: RecordId
    """The class of asset there that its tokens are."""

    clearing: PublicKey
    """Whose account there receives and pays for the company; it owns what the company offers."""

    rate: Rate
    """What its tokens are worth, until `next_rate` holds."""

    next_rate: RateChange | None
    """What they are worth from a time on, which may have come; nothing if that was never told."""

    benefits: Annotated[int, Meta(ge=0, le=BENEFITS_MAX)]
    """How many benefits it has ever created."""

    admitted_at: Milliseconds
    """Since when it takes part. [ms since the epoch, UTC]"""

    removal: Removal | None
    """That it left; nothing while it takes part."""


class Marketplace(Record, tag="benefit-marketplace"):
    """Who takes part or ever did; netting goes through this list."""

    ledger: LedgerId
    """This ledger, which every benefit's identifier names."""

    companies: Annotated[tuple[CompanyName, ...], Meta(max_length=COMPANIES_MAX)]
    """In the order in which they were admitted; who leaves stays in it."""


class Issuance(Record, tag="benefit-issuance"):
    """How many credentials there are."""

    credentials: CredentialIndex
    """Issued so far; the next one's index."""


class Attribute(Record):
    """Something that a company says of a benefit."""

    name: Text
    """What it is about."""

    value: Text
    """What is said."""


Attributes = Annotated[tuple[Attribute, ...], Meta(max_length=ATTRIBUTES_MAX)]
"""What is said of a benefit, each name once."""


class Deal(Record):
    """What takes effect together with a reserved benefit's change of hands."""

    taker: PublicKey
    """Who gets it: the buyer, or for a refund the company's clearing account."""

    company: CompanyName
    """As whose employee; for a refund the company that takes it back."""

    price: Price
    """What is paid for it. [common units]"""

    buyer: RecordId | None
    """The buyer's identity; nothing for a refund, by which the company takes it back for good."""


class Hold(Record):
    """Who holds a benefit so that its owner cannot act alone."""

    holder: ContractName
    """The contract."""

    lock_id: LockId
    """The joint change, or whichever affair of that contract."""

    held: bool
    """Whether the contract has taken hold; not yet only while the reservation is being written."""

    before: BenefitState
    """How it stood, and stands again if it is released."""

    deal: Deal | None
    """What was agreed; nothing if the owner handed it to the contract directly."""


class Benefit(Record, tag="benefit"):
    """One thing of a kind that a company offers and somebody may come to own and use."""

    company: CompanyName
    """Who offered it, and honours it."""

    title: Text
    """What it is."""

    attributes: Attributes
    """What else is said of it."""

    price: Price
    """What is asked, or was when it was last on offer. [common units]"""

    sold_for: Amount
    """What its company got when it was first sold; 0 until then. [common units]"""

    owner: PublicKey
    """Who has it; the company's clearing key while the company offers it."""

    employer: CompanyName | None
    """As whose employee; nothing until who got it by an exchange has said so."""

    state: BenefitState
    """How it stands, as written; who left meanwhile is seen only on reading."""

    credential: CredentialIndex | None
    """The ownership credential; nothing while nobody owns it."""

    hold: Hold | None
    """Who holds it; nothing unless it is reserved."""

    created_at: Milliseconds
    """When. [ms since the epoch, UTC]"""


class BenefitPage(Record, tag="benefit-page"):
    """A page of a company's benefits, in the order in which they were created."""

    benefits: Annotated[tuple[RecordId, ...], Meta(max_length=BENEFITS_PER_PAGE)]
    """Their ids."""


class Credential(Record, tag="benefit-credential"):
    """That somebody owns a benefit. The ledger's status list tells whether it still holds."""

    index: CredentialIndex
    """Its number, and its entry in the status list."""

    benefit: RecordId
    """What is owned."""

    holder: PublicKey
    """By whom."""

    employer: CompanyName | None
    """As whose employee."""

    issued_at: Milliseconds
    """Since when. [ms since the epoch, UTC]"""

    revoked_at: Milliseconds
    """When it ended by an act on the benefit; 0 while it has not. [ms since the epoch, UTC]"""


class NetPosition(Record):
    """What a company receives or pays once a month is netted."""

    company: CompanyName
    """Which."""

    net: Annotated[int, Meta(ge=-TOTAL_MAX, le=TOTAL_MAX)]
    """What it receives; negative if it pays. [common units]"""


class BenefitParameters(Record, tag="benefit-parameters"):
    """What the marketplace promises."""

    reservation_max: Annotated[int, Meta(ge=1_000, le=366 * DAY_MILLISECONDS)] = 600_000
    """How far ahead the deadline of a purchase may lie: as long nobody else can buy. [ms]"""

    reservations_max: Annotated[int, Meta(ge=1, le=RESERVATIONS_MAX)] = 3
    """How many benefits may be reserved for one buyer at once."""

    cool_down: Annotated[int, Meta(ge=0, le=366 * DAY_MILLISECONDS)] = 600_000
    """How long a buyer who gave a benefit up may not reserve it again, so others can. [ms]"""

    rate_notice: Annotated[int, Meta(ge=1_000, le=366 * DAY_MILLISECONDS)] = DAY_MILLISECONDS
    """How long before it holds a rate is told, so that listings can be taken down. [ms]"""

    treatment: Treatment = Treatment.REDEEMABLE
    """What becomes of owned benefits when their company is removed."""

    grace: Annotated[int, Meta(ge=0, le=3_660 * DAY_MILLISECONDS)] = 30 * DAY_MILLISECONDS
    """How long after a removal benefits are redeemed or refunded, and its employees count. [ms]"""


def marketplace_id() -> RecordId:
    """Return the id under which the list of companies stands."""
    return RecordId(tagged_hash(TAG_MARKETPLACE_ID))


def issuance_id() -> RecordId:
    """Return the id under which the number of credentials stands."""
    return RecordId(tagged_hash(TAG_ISSUANCE_ID))


def company_id(name: str) -> RecordId:
    """Return the id under which a company stands."""
    return RecordId(tagged_hash(TAG_COMPANY_ID, name.encode()))


def page_id(company: str, page: int) -> RecordId:
    """Return the id under which a page of a company's benefits stands."""
    return RecordId(tagged_hash(TAG_PAGE_ID, company.encode(), page.to_bytes(4, "big")))


def credential_id(index: int) -> RecordId:
    """Return the id under which a credential stands."""
    return RecordId(tagged_hash(TAG_CREDENTIAL_ID, index.to_bytes(8, "big")))
