"""The rules by which companies offer benefits, and owners offer theirs again."""

from msgspec.structs import replace

from tallystick.base.dids import did_of_record
from tallystick.base.identifiers import RecordId
from tallystick.core.context import Context

from .checks import (
    BENEFIT,
    benefit_at,
    check_administrator,
    check_attributes,
    check_free,
    check_offered,
    check_owned,
    check_owner,
    check_present,
)
from .commands import Create, List, Remove, Unlist, Update
from .errors import BenefitIsNotListed, TooManyBenefits
from .events import (
    BenefitCreated,
    BenefitListed,
    BenefitRemoved,
    BenefitUnlisted,
    BenefitUpdated,
)
from .model import (
    BENEFITS_MAX,
    BENEFITS_PER_PAGE,
    Benefit,
    BenefitPage,
    BenefitState,
    Company,
    company_id,
    page_id,
)
from .standing import company_at


def create(context: Context, command: Create) -> None:
    """Offer a new benefit; the company's clearing key owns it until somebody buys it."""
    # READ
    company = company_at(context, command.company)
    # CHECK
    check_administrator(context, command.company, field="company")
    check_present(company)
    check_attributes(command.attributes)
    if company.benefits == BENEFITS_MAX:
        raise TooManyBenefits(BENEFITS_MAX)
    # COMPUTE
    id = context.derive_id()
    benefit = Benefit(
        company=command.company,
        title=command.title,
        attributes=command.attributes,
        price=command.price,
        sold_for=0,
        owner=company.clearing,
        employer=command.company,
        state=BenefitState.OFFERED,
        credential=None,
        hold=None,
        created_at=context.time,
    )
    # WRITE
    context.create(id, benefit)
    _add_to_page(context, company, id)
    context.emit(
        BenefitCreated(
            benefit=id,
            did=did_of_record(context.ledger, id),
            company=command.company,
            title=command.title,
            attributes=command.attributes,
            price=command.price,
            owner=company.clearing,
        )
    )


def update(context: Context, command: Update) -> None:
    """Change what is said of a benefit, which nobody but its company has."""
    # READ
    benefit = benefit_at(context, command.benefit)
    # CHECK
    check_administrator(context, benefit.company, field=BENEFIT)
    check_offered(context, command.benefit, benefit)
    check_attributes(command.attributes)
    # COMPUTE
    title, attributes, price = command.title, command.attributes, command.price
    # WRITE
    changed = replace(benefit, title=title, attributes=attributes, price=price)
    context.write(command.benefit, changed)
    context.emit(BenefitUpdated(command.benefit, title, attributes, price))


def remove(context: Context, command: Remove) -> None:
    """Take a benefit off the market for good; what somebody owns stays somebody's."""
    # READ
    benefit = benefit_at(context, command.benefit)
    # CHECK
    check_administrator(context, benefit.company, field=BENEFIT)
    check_offered(context, command.benefit, benefit)
    # WRITE
    context.write(command.benefit, replace(benefit, state=BenefitState.REMOVED))
    context.emit(BenefitRemoved(command.benefit))


def list_again(context: Context, command: List) -> None:
    """Offer a benefit that one owns, while both its company and the owner's take part."""
    # READ
    benefit = benefit_at(context, command.benefit)
    # CHECK
    check_owner(context, benefit)
    check_present(company_at(context, benefit.company), field=BENEFIT)
    if benefit.employer is not None:
        check_present(company_at(context, benefit.employer), field=BENEFIT)
    check_owned(context, command.benefit, benefit)
    # WRITE
    listed = replace(benefit, state=BenefitState.LISTED, price=command.price)
    context.write(command.benefit, listed)
    context.emit(BenefitListed(command.benefit, command.price))


def unlist(context: Context, command: Unlist) -> None:
    """Take a benefit that one owns off the list; whoever left may do so too."""
    # READ
    benefit = benefit_at(context, command.benefit)
    # CHECK
    check_owner(context, benefit)
    check_free(context, command.benefit, benefit)
    if benefit.state is not BenefitState.LISTED:
        raise BenefitIsNotListed(benefit.state.value)
    # WRITE
    context.write(command.benefit, replace(benefit, state=BenefitState.OWNED))
    context.emit(BenefitUnlisted(command.benefit))


def _add_to_page(context: Context, company: Company, id: RecordId) -> None:
    """Write a new benefit on its company's last page, and count it."""
    place = page_id(company.name, company.benefits // BENEFITS_PER_PAGE)
    page = context.read(BenefitPage, place) or BenefitPage(())
    context.write(place, BenefitPage((*page.benefits, id)))
    counted = replace(company, benefits=company.benefits + 1)
    context.write(company_id(company.name), counted)
