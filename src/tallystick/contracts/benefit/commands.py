"""What can be done with benefits; `Lock`, `Release` and `Move` are declared in core."""

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, PublicKey, RecordId
from tallystick.contracts.exchange.model import Change, PartIndex

from .model import Attributes, CompanyName, Month, Price, Rate, Text


class AdmitCompany(Record, tag="benefit.admit-company"):
    """
    Let a company take part, and connect its ledger.

    Signed by the system administrator. The ledger is recognised before, by identity.
    """

    company: CompanyName
    """Its name, never used before."""

    ledger: LedgerId
    """Its own ledger."""

    unit: RecordId
    """The class of asset there that its tokens are."""

    clearing: PublicKey
    """Whose account there receives and pays for the company."""

    rate: Rate
    """What its tokens are worth."""


class RemoveCompany(Record, tag="benefit.remove-company"):
    """
    Let a company take part no more: what it and its employees offer is off the market at once.

    Signed by the system administrator. What its benefits' owners may still do, the marketplace's
    parameters say; the date is written down. Purchases that are under way end as they are decided.
    """

    company: CompanyName
    """Its name."""


class SetRate(Record, tag="benefit.set-rate"):
    """
    Tell what a company's tokens will be worth, as its administrator.

    It holds once the marketplace's notice is over, so that listings can be taken down before.
    """

    company: CompanyName
    """Its name."""

    rate: Rate
    """What its tokens will be worth."""


class Create(Record, tag="benefit.create"):
    """Offer a new benefit, as the company's administrator. Its id is derived; see the event."""

    company: CompanyName
    """Who offers it."""

    title: Text
    """What it is."""

    attributes: Attributes
    """What else is said of it, each name once."""

    price: Price
    """What is asked. [common units]"""


class Update(Record, tag="benefit.update"):
    """Change what a company says of a benefit that it offers, as its administrator."""

    benefit: RecordId
    """Which."""

    title: Text
    """What it is."""

    attributes: Attributes
    """What else is said of it, each name once."""

    price: Price
    """What is asked. [common units]"""


class Remove(Record, tag="benefit.remove"):
    """Take a benefit that the company offers off the market for good, as its administrator."""

    benefit: RecordId
    """Which."""


class List(Record, tag="benefit.list"):
    """Offer a benefit that one owns again, or at another price; signed by its owner."""

    benefit: RecordId
    """Which."""

    price: Price
    """What is asked. [common units]"""


class Unlist(Record, tag="benefit.unlist"):
    """Offer a benefit that one owns no longer; signed by its owner."""

    benefit: RecordId
    """Which."""


class Buy(Record, tag="benefit.buy"):
    """
    Reserve a benefit for a joint change that pays for it, and prepare the benefit's part of it.

    Signed by the buyer, an employee. The other parts pay exactly what the view `benefit.quote`
    says. Whoever comes second is told who has reserved it and until when. Of one buyer only some
    purchases are open at once, and what that one gave up is left to others for a while.
    """

    change: Change
    """The whole change, which this ledger decides."""

    part: PartIndex
    """Which part of it is the benefit."""

    company: CompanyName
    """As whose employee one buys."""


class Refund(Record, tag="benefit.refund"):
    """
    Give a benefit of a company that left back, for a joint change that pays what the company got.

    Signed by the benefit's owner, if the marketplace refunds, before the date that the removal set.
    The holder's own company pays the tokens, and the company that left owes it as much.
    """

    change: Change
    """The whole change, which this ledger decides."""

    part: PartIndex
    """Which part of it is the benefit."""


class Transfer(Record, tag="benefit.transfer"):
    """
    Give a benefit to another employee, of whichever company.

    Signed by the owner; once the owner is no employee any more, by the administrator of the company
    whose employee it was. Who got it by an exchange first gives it to itself, and so says as whose
    employee it has it.
    """

    benefit: RecordId
    """Which."""

    target: PublicKey
    """To whom."""

    company: CompanyName
    """As whose employee that one gets it."""


class Swap(Record, tag="benefit.swap"):
    """Let two benefits change hands against each other; both owners sign."""

    benefit: RecordId
    """One."""

    other: RecordId
    """The other."""


class Redeem(Record, tag="benefit.redeem"):
    """Use a benefit, which ends it; signed by its owner."""

    benefit: RecordId
    """Which."""


class Net(Record, tag="benefit.net"):
    """Net what companies owe each other for a month that is over; anybody may, once."""

    month: Month
    """The month. [months since January 1970]"""
