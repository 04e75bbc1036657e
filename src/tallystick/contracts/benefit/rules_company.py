"""The rules by which companies come, set their rates, leave, and settle with each other."""

from msgspec.structs import replace

from tallystick.base.signatures import is_public_key
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised, recognised
from tallystick.core.context import Context

from .checks import check_administrator, check_present
from .commands import AdmitCompany, Net, RemoveCompany, SetRate
from .errors import (
    ClearingKeyIsNoKey,
    CompanyNameIsTaken,
    MonthIsNetted,
    MonthIsNotOver,
    NothingToNet,
    SignerIsNotSystemAdministrator,
    TooManyCompanies,
)
from .events import CompanyAdmitted, CompanyRemoved, MonthNetted, RateSet
from .model import (
    COMPANIES_MAX,
    BenefitParameters,
    Company,
    Marketplace,
    NetPosition,
    RateChange,
    Removal,
    company_id,
    marketplace_id,
)
from .model_buyers import ClearingAccount, clearing_id
from .model_debts import Netting, Position, netting_id, position_id
from .months import format_month, month_end
from .standing import cleared_by, company_at, rate_at


def admit_company(context: Context, command: AdmitCompany) -> None:
    """
    Let a company take part.

    Its ledger must be recognised here, or no purchase with its tokens could ever be committed.
    """
    # READ
    name, id = command.company, company_id(command.company)
    place = context.read(Marketplace, marketplace_id()) or Marketplace(context.ledger, ())
    # CHECK
    if not authorised(context, Role.SYSTEM_ADMINISTRATOR, name):
        raise SignerIsNotSystemAdministrator(name)
    if context.read(Company, id) is not None:
        raise CompanyNameIsTaken(name)
    if len(place.companies) == COMPANIES_MAX:
        raise TooManyCompanies(COMPANIES_MAX)
    if not is_public_key(command.clearing):
        raise ClearingKeyIsNoKey(command.clearing)
    if command.ledger != context.ledger:
        recognised(context, command.ledger)
    # COMPUTE
    company = Company(
        name=name,
        ledger=command.ledger,
        unit=command.unit,
        clearing=command.clearing,
        rate=command.rate,
        next_rate=None,
        benefits=0,
        admitted_at=context.time,
        removal=None,
    )
    # WRITE
    context.write(id, company)
    if not cleared_by(context, command.clearing):
        context.create(clearing_id(command.clearing), ClearingAccount(name))
    context.write(marketplace_id(), replace(place, companies=(*place.companies, name)))
    context.emit(
        CompanyAdmitted(name, command.ledger, command.unit, command.clearing, command.rate)
    )


def remove_company(context: Context, command: RemoveCompany) -> None:
    """
    Let a company take part no more.

    One record changes, however much the company offers: offers fall and credentials end when they
    are read. How its holders are treated is written down, so that later parameters change nothing
    for them.
    """
    # READ
    company = company_at(context, command.company)
    parameters = context.parameters(BenefitParameters)
    # CHECK
    if not authorised(context, Role.SYSTEM_ADMINISTRATOR, command.company):
        raise SignerIsNotSystemAdministrator(command.company)
    check_present(company)
    # COMPUTE
    removal = Removal(context.time, parameters.treatment, context.time + parameters.grace)
    # WRITE
    context.write(company_id(command.company), replace(company, removal=removal))
    context.emit(CompanyRemoved(command.company, removal.treatment, removal.until))


def set_rate(context: Context, command: SetRate) -> None:
    """
    Tell what a company's tokens will be worth, once the notice is over.

    Whoever listed a benefit is paid at the rate in force and did not agree to any other, so there
    is time to take listings down. A rate that was told before and does not hold yet is replaced,
    with a notice of its own. Purchases that are reserved keep theirs.
    """
    # READ
    company = company_at(context, command.company)
    notice = context.parameters(BenefitParameters).rate_notice
    # CHECK
    check_administrator(context, command.company, field="company")
    check_present(company)
    # COMPUTE
    present, since = rate_at(company, context.time), context.time + notice
    changed = replace(company, rate=present, next_rate=RateChange(command.rate, since))
    # WRITE
    context.write(company_id(command.company), changed)
    context.emit(RateSet(command.company, present, command.rate, since))


def net(context: Context, command: Net) -> None:
    """
    Net what companies owe each other for a month.

    A debt is booked in the month of the block in which a purchase takes effect, so a month that is
    over gets no more of them.
    """
    # READ
    month, id = command.month, netting_id(command.month)
    found = context.read(Netting, id)
    positions = _positions(context, month)
    # CHECK
    if context.time < month_end(month):
        raise MonthIsNotOver(format_month(month))
    if found is not None:
        raise MonthIsNetted(format_month(month), found.netted_at)
    if not positions:
        raise NothingToNet(format_month(month))
    # WRITE
    context.write(id, Netting(month, positions, context.time))
    context.emit(MonthNetted(month, positions))


def _positions(context: Context, month: int) -> tuple[NetPosition, ...]:
    """Return the net position of each company that owes or is owed in a month."""
    place = context.read(Marketplace, marketplace_id())
    names = () if place is None else place.companies
    found = (context.read(Position, position_id(month, name)) for name in names)
    return tuple(
        NetPosition(each.company, each.claims - each.debts) for each in found if each is not None
    )
