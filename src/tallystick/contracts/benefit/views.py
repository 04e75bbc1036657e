"""What can be asked about benefits, companies and credentials; about debts, see `views_debts`."""

from msgspec import Struct

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.dids import did_of_key, did_of_record
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, LockId, PublicKey, RecordId
from tallystick.contracts.exchange.model import Part
from tallystick.contracts.identity.model import contract_issuer
from tallystick.core.contract import Reader

from .checks import BENEFIT, benefit_at, check_free, check_may_reserve, check_recipient
from .errors import (
    BenefitIsNotOnOffer,
    BuyerIsOwner,
    CredentialNotFound,
    OthersHaveTheirTurn,
    TooManyReservations,
)
from .model import (
    BENEFITS_PER_PAGE,
    CONTRACT_NAME,
    Attributes,
    Benefit,
    BenefitPage,
    BenefitState,
    CompanyName,
    Credential,
    CredentialIndex,
    Marketplace,
    PageNumber,
    Rate,
    RateChange,
    Removal,
    credential_id,
    marketplace_id,
    page_id,
)
from .passing import status_entry
from .standing import (
    OPEN_STATES,
    company_at,
    identity_of,
    rate_at,
    rate_due,
    state_at,
    why_not_in_force,
)
from .terms import purchase_parts
from .views_debts import DebtsView, DebtView, PositionView, ShowDebt, ShowDebts, debt, debts

__all__ = [
    "BenefitView",
    "BenefitsView",
    "Browse",
    "CompanyView",
    "CredentialView",
    "DebtView",
    "DebtsView",
    "PositionView",
    "Quote",
    "QuoteView",
    "ShowBenefit",
    "ShowCompany",
    "ShowCredential",
    "ShowDebt",
    "ShowDebts",
    "browse",
    "debt",
    "debts",
    "quote",
    "show",
    "show_company",
    "show_credential",
]


class Browse(Record, tag="benefit.browse"):
    """Show a page of what a company has created, as it stands."""

    company: CompanyName
    """Whose."""

    page: PageNumber = 0
    """Which page, counted from 0; the company says how many there are."""


class ShowBenefit(Record, tag="benefit.show"):
    """Show a benefit."""

    benefit: RecordId
    """Which."""


class Quote(Record, tag="benefit.quote"):
    """Tell what the parts of a purchase are at the rates in force, or why it would be rejected."""

    benefit: RecordId
    """What is to be bought."""

    buyer: PublicKey
    """By whom."""

    company: CompanyName
    """As whose employee."""


class ShowCompany(Record, tag="benefit.show-company"):
    """Show a company."""

    company: CompanyName
    """Which."""


class ShowCredential(Record, tag="benefit.show-credential"):
    """Show an ownership credential, and whether it counts."""

    credential: CredentialIndex
    """Which."""


class BenefitView(Struct, frozen=True):
    """A benefit as it stands now, whoever left meanwhile."""

    benefit: RecordId
    """Its id."""

    did: str
    """The same as a decentralised identifier."""

    company: CompanyName
    """Who offered it."""

    title: str
    """What it is."""

    attributes: Attributes
    """What else is said of it."""

    price: Amount
    """What is asked, or was when it was last on offer. [common units]"""

    state: BenefitState
    """How it stands."""

    owner: PublicKey
    """Who has it."""

    employer: CompanyName | None
    """As whose employee."""

    credential: CredentialIndex | None
    """The owner's credential; nothing while nobody owns it."""

    in_force: bool
    """Whether that counts now."""

    reserved_for: LockId | None
    """The change, or other affair, that holds it."""


class BenefitsView(Struct, frozen=True):
    """A page of benefits."""

    benefits: tuple[BenefitView, ...]
    """In the order in which they were created."""


class QuoteView(Struct, frozen=True):
    """What a purchase says."""

    price: Amount
    """What is asked. [common units]"""

    parts: tuple[Part, ...]
    """The parts of the change, in their order."""

    wait: str
    """Why the buyer may not reserve it yet, and until when; empty if now is the time."""


class CompanyView(Struct, frozen=True):
    """A company as it stands."""

    company: CompanyName
    """Its name."""

    ledger: LedgerId
    """Its own ledger."""

    unit: RecordId
    """Its tokens there."""

    clearing: PublicKey
    """Its account there."""

    rate: Rate
    """What its tokens are worth now."""

    next_rate: RateChange | None
    """What they will be worth, and from when on; nothing while no change is due."""

    benefits: int
    """How many benefits it has created."""

    pages: int
    """On how many pages they stand."""

    admitted_at: Milliseconds
    """Since when it takes part. [ms since the epoch, UTC]"""

    removal: Removal | None
    """That it left; nothing while it takes part."""


class CredentialView(Struct, frozen=True):
    """An ownership credential; its transferable format follows later."""

    credential: CredentialIndex
    """Its index."""

    benefit: str
    """The benefit's decentralised identifier."""

    holder: str
    """The holder's, of the method `did:key`."""

    employer: CompanyName | None
    """As whose employee."""

    issued_at: Milliseconds
    """Since when. [ms since the epoch, UTC]"""

    revoked_at: Milliseconds
    """When it was revoked; 0 if it was not. [ms since the epoch, UTC]"""

    issuer: RecordId
    """Whose status list says so: this contract's, by its name for identity."""

    status_list: int
    """Which of the issuer's lists."""

    status_page: int
    """Which page of it."""

    status_entry: int
    """Which entry of the page."""

    in_force: bool
    """Whether it counts now: not revoked, and nobody left."""

    reason: str
    """Why not; empty if it does."""


def browse(reader: Reader, question: Browse) -> BenefitsView:
    """Show a page; one that does not exist yet is empty."""
    company_at(reader, question.company)
    page = reader.read(BenefitPage, page_id(question.company, question.page))
    ids = () if page is None else page.benefits
    return BenefitsView(tuple(_view(reader, id, benefit_at(reader, id)) for id in ids))


def show(reader: Reader, question: ShowBenefit) -> BenefitView:
    """Show a benefit, or reject if there is none."""
    return _view(reader, question.benefit, benefit_at(reader, question.benefit))


def quote(reader: Reader, question: Quote) -> QuoteView:
    """
    Tell what a purchase must say, or reject as `benefit.buy` would.

    Who has only to wait is quoted as well, and told so. Whether the buyer has the tokens nobody
    knows here: they lie on another ledger.
    """
    home = company_at(reader, question.company)
    benefit, buyer = benefit_at(reader, question.benefit), question.buyer
    check_recipient(reader, buyer, home, field="buyer")
    check_free(reader, question.benefit, benefit)
    state = state_at(reader, benefit)
    if state not in OPEN_STATES:
        raise BenefitIsNotOnOffer(state.value, field=BENEFIT)
    if buyer == benefit.owner:
        raise BuyerIsOwner(buyer, field="buyer")
    parts = purchase_parts(
        _ledger(reader),
        question.benefit,
        benefit,
        buyer=buyer,
        home=home,
        away=company_at(reader, benefit.employer or benefit.company),
        time=reader.time,
    )
    return QuoteView(benefit.price, parts, _why_wait(reader, buyer, question.benefit))


def show_company(reader: Reader, question: ShowCompany) -> CompanyView:
    """Show a company, or reject if none of this name was ever admitted."""
    found = company_at(reader, question.company)
    return CompanyView(
        company=found.name,
        ledger=found.ledger,
        unit=found.unit,
        clearing=found.clearing,
        rate=rate_at(found, reader.time),
        next_rate=rate_due(found, reader.time),
        benefits=found.benefits,
        pages=-(-found.benefits // BENEFITS_PER_PAGE),
        admitted_at=found.admitted_at,
        removal=found.removal,
    )


def show_credential(reader: Reader, question: ShowCredential) -> CredentialView:
    """Show a credential, or reject if it was never issued."""
    found = reader.read(Credential, credential_id(question.credential))
    if found is None:
        raise CredentialNotFound(question.credential)
    reason = "it was revoked"
    if not found.revoked_at:
        reason = why_not_in_force(reader, benefit_at(reader, found.benefit))
    list, page, entry = status_entry(found.index)
    return CredentialView(
        credential=found.index,
        benefit=did_of_record(_ledger(reader), found.benefit),
        holder=did_of_key(found.holder),
        employer=found.employer,
        issued_at=found.issued_at,
        revoked_at=found.revoked_at,
        issuer=contract_issuer(CONTRACT_NAME),
        status_list=list,
        status_page=page,
        status_entry=entry,
        in_force=not reason,
        reason=reason,
    )


def _ledger(reader: Reader) -> LedgerId:
    """Return the ledger's id; wherever there is a company, it is written down."""
    place = reader.read(Marketplace, marketplace_id())
    if place is None:
        raise AssertionError("there is a company and no marketplace")
    return place.ledger


def _why_wait(reader: Reader, buyer: PublicKey, id: RecordId) -> str:
    """Return why a buyer may not reserve a benefit yet; empty if nothing is in the way."""
    person = identity_of(reader, buyer)
    if person is None:
        return ""
    try:
        check_may_reserve(reader, person, id, field="buyer")
    except (TooManyReservations, OthersHaveTheirTurn) as reason:
        return str(reason)
    return ""


def _view(reader: Reader, id: RecordId, benefit: Benefit) -> BenefitView:
    """Return a benefit as it stands."""
    return BenefitView(
        benefit=id,
        did=did_of_record(_ledger(reader), id),
        company=benefit.company,
        title=benefit.title,
        attributes=benefit.attributes,
        price=benefit.price,
        state=state_at(reader, benefit),
        owner=benefit.owner,
        employer=benefit.employer,
        credential=benefit.credential,
        in_force=not why_not_in_force(reader, benefit),
        reserved_for=None if benefit.hold is None else benefit.hold.lock_id,
    )
