"""What was done with benefits."""

from enum import Enum

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.identifiers import LedgerId, LockId, PublicKey, RecordId
from tallystick.core.event import Event
from tallystick.core.holding import ContractName

from .model import Attributes, CompanyName, CredentialIndex, NetPosition, Rate, Treatment


class Cause(Enum):
    """Why a benefit changed hands."""

    BOUGHT = "bought"
    """A joint change paid for it."""

    GIVEN = "given"
    """Its owner, or its company's administrator for one that left, gave it."""

    SWAPPED = "swapped"
    """It went against another benefit."""

    EXCHANGED = "exchanged"
    """A contract moved it, as its owner had agreed."""


class CompanyAdmitted(Event, tag="benefit-company-admitted"):
    """A company takes part."""

    company: CompanyName
    """Its name."""

    ledger: LedgerId
    """Its own ledger."""

    unit: RecordId
    """Its tokens."""

    clearing: PublicKey
    """Its account."""

    rate: Rate
    """What its tokens are worth."""


class CompanyRemoved(Event, tag="benefit-company-removed"):
    """A company takes part no more."""

    company: CompanyName
    """Its name."""

    treatment: Treatment
    """What becomes of its benefits that people own."""

    until: Milliseconds
    """Until when that can be done. [ms since the epoch, UTC]"""


class RateSet(Event, tag="benefit-rate-set"):
    """A company's tokens are worth something else from a time on."""

    company: CompanyName
    """Its name."""

    present: Rate
    """What they are worth until then."""

    rate: Rate
    """What they are worth from then on."""

    since: Milliseconds
    """That time. [ms since the epoch, UTC]"""


class BenefitCreated(Event, tag="benefit-created"):
    """A company offers a new benefit."""

    benefit: RecordId
    """Its id."""

    did: str
    """The same as a decentralised identifier."""

    company: CompanyName
    """Who offers it."""

    title: str
    """What it is."""

    attributes: Attributes
    """What else is said of it."""

    price: Amount
    """What is asked. [common units]"""

    owner: PublicKey
    """The company's clearing key."""


class BenefitUpdated(Event, tag="benefit-updated"):
    """A company says something else of a benefit that it offers."""

    benefit: RecordId
    """Which."""

    title: str
    """What it is."""

    attributes: Attributes
    """What else is said of it."""

    price: Amount
    """What is asked. [common units]"""


class BenefitRemoved(Event, tag="benefit-removed"):
    """A company took a benefit off the market."""

    benefit: RecordId
    """Which."""


class BenefitListed(Event, tag="benefit-listed"):
    """An owner offers a benefit again."""

    benefit: RecordId
    """Which."""

    price: Amount
    """What is asked. [common units]"""


class BenefitUnlisted(Event, tag="benefit-unlisted"):
    """An owner offers a benefit no longer."""

    benefit: RecordId
    """Which."""


class BenefitReserved(Event, tag="benefit-reserved"):
    """A contract holds a benefit."""

    benefit: RecordId
    """Which."""

    holder: ContractName
    """The contract."""

    lock_id: LockId
    """For which of its affairs."""


class BenefitReleased(Event, tag="benefit-released"):
    """A benefit stands again as it did before it was held."""

    benefit: RecordId
    """Which."""

    state: str
    """How."""


class BenefitPassed(Event, tag="benefit-passed"):
    """A benefit changed hands."""

    benefit: RecordId
    """Which."""

    source: PublicKey
    """Who had it."""

    target: PublicKey
    """Who has it."""

    employer: CompanyName | None
    """As whose employee."""

    cause: Cause
    """Why."""

    price: Amount
    """What was paid; 0 unless it was bought. [common units]"""

    credential: CredentialIndex
    """The new owner's credential."""

    revoked: CredentialIndex | None
    """The old owner's; nothing if it was the company's."""


class BenefitRedeemed(Event, tag="benefit-redeemed"):
    """A benefit was used."""

    benefit: RecordId
    """Which."""

    owner: PublicKey
    """By whom."""

    revoked: CredentialIndex
    """Its owner's credential."""


class BenefitRefunded(Event, tag="benefit-refunded"):
    """A benefit's owner had back what the company got for it."""

    benefit: RecordId
    """Which."""

    owner: PublicKey
    """Who had it."""

    amount: Amount
    """What was paid back. [common units]"""

    revoked: CredentialIndex
    """Its owner's credential."""


class DebtBooked(Event, tag="benefit-debt-booked"):
    """One company owes another more."""

    month: int
    """The month. [months since January 1970]"""

    debtor: CompanyName
    """Who owes."""

    creditor: CompanyName
    """Whom."""

    amount: Amount
    """How much more. [common units]"""


class MonthNetted(Event, tag="benefit-month-netted"):
    """What companies owed each other for a month comes to this."""

    month: int
    """The month. [months since January 1970]"""

    positions: tuple[NetPosition, ...]
    """What each receives or pays; they sum to zero."""
