"""
Those who leave: an employee is dismissed, a month is netted, a company goes.

Nothing is written on what they offered or held. It is off the market, and counts no more, because
whoever reads it sees that they left.
"""

from dataclasses import dataclass

from tallystick.contracts.benefit.commands import (
    Create,
    List,
    Net,
    Redeem,
    RemoveCompany,
    Transfer,
)
from tallystick.contracts.benefit.errors import (
    BenefitIsNotOnOffer,
    CompanyIsRemoved,
    CredentialIsNotInForce,
    MonthIsNetted,
    MonthIsNotOver,
)
from tallystick.contracts.benefit.model import BenefitState, NetPosition
from tallystick.contracts.benefit.views import (
    CompanyView,
    DebtsView,
    ShowCompany,
    ShowDebts,
)
from tallystick.contracts.identity.commands import Dismiss
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import FindIdentity, IdentityView

from .loyalty_buying import Buying, benefit_view, buy_of
from .loyalty_founding import House
from .loyalty_life import all_benefits, is_refused, owned

LISTED_UNITS = 30


@dataclass(frozen=True, slots=True)
class Leaving:
    """What became of those who left, and of the month."""

    dismissed: str
    """Who was dismissed."""
    listing_fell: bool
    """Whether nobody could buy what that one had listed."""
    handed_on: bool
    """Whether the company handed it to a colleague, and the old credential is revoked."""
    company: str
    """Which company left."""
    offers_fallen: int
    """How many offers, its own and its employees', fell with it."""
    events: int
    """How many things were written for that."""
    nothing_offered: bool
    """Whether nothing of it was on offer any more, and it could create nothing."""
    redeemed_in_time: bool
    """Whether a holder still used one of its benefits before the date."""
    refused_later: bool
    """Whether another holder was refused from that date on."""
    positions: tuple[NetPosition, ...]
    """The month, netted."""
    netted_once: bool
    """Whether it was netted only when it was over, and only once."""


def leave(buying: Buying, *, month: int, month_end: int) -> Leaving:
    """Let somebody be dismissed, the month end, and a company leave."""
    house = buying.house
    dismissed, fell, handed_on = dismiss(buying)
    positions, netted_once = net(house, month=month, month_end=month_end)
    company = house.cast.companies[-1].name
    before = all_benefits(house)
    receipt = house.shared.send(RemoveCompany(company), [house.cast.system])
    offers = {BenefitState.OFFERED, BenefitState.LISTED}
    open_before = {each.benefit for each in before if each.state in offers}
    open_after = {each.benefit for each in all_benefits(house) if each.state in offers}
    of_it = {each.benefit for each in before if company in (each.company, each.employer)}
    create = Create(company, "one more", (), LISTED_UNITS)
    administrator = house.cast.companies[-1].administrator
    is_closed = is_refused(house.shared, create, administrator, CompanyIsRemoved)
    in_time, later = _use_until_the_date(house, company)
    return Leaving(
        dismissed=dismissed,
        listing_fell=fell,
        handed_on=handed_on,
        company=company,
        offers_fallen=len(open_before - open_after),
        events=len(house.shared.events(receipt)),
        nothing_offered=is_closed and not open_after & of_it and open_before - open_after <= of_it,
        redeemed_in_time=in_time,
        refused_later=later,
        positions=positions,
        netted_once=netted_once,
    )


def dismiss(buying: Buying) -> tuple[str, bool, bool]:
    """Dismiss somebody with a listing; tell who, if it fell, and if it was handed on."""
    house = buying.house
    leaver, benefit = next(owned(house))
    company = house.branches[leaver.company].cast
    colleague = next(each for each in company.people if each != leaver)
    house.shared.send(List(benefit, LISTED_UNITS), [leaver.secret])
    buy = buy_of(buying.plan(colleague, benefit), colleague)
    found = house.shared.ask(FindIdentity(leaver.key))
    if not isinstance(found, IdentityView):
        raise TypeError(f"FindIdentity is answered with a {type(found).__name__}")
    dismissing = Dismiss(found.identity, Role.EMPLOYEE, company.name)
    house.shared.send(dismissing, [company.administrator])
    fell = is_refused(house.shared, buy, colleague.secret, BenefitIsNotOnOffer)
    fell &= not benefit_view(house.shared, benefit).in_force
    transfer = Transfer(benefit, colleague.key, company.name)
    house.shared.send(transfer, [company.administrator])
    after = benefit_view(house.shared, benefit)
    return leaver.name, fell, after.owner == colleague.key and after.in_force


def net(house: House, *, month: int, month_end: int) -> tuple[tuple[NetPosition, ...], bool]:
    """Net a month as a stranger, before it ends, when it has ended, and again."""
    shared, stranger = house.shared, house.cast.stranger
    early = is_refused(shared, Net(month), stranger, MonthIsNotOver)
    house.clock.milliseconds = month_end
    shared.send(Net(month), [stranger])
    again = is_refused(shared, Net(month), stranger, MonthIsNetted)
    found = shared.ask(ShowDebts(month))
    if not isinstance(found, DebtsView):
        raise TypeError(f"ShowDebts is answered with a {type(found).__name__}")
    return found.netted, early and again


def _use_until_the_date(house: House, company: str) -> tuple[bool, bool]:
    """Use a benefit of a company that left just before the date, and another from it on."""
    found = house.shared.ask(ShowCompany(company))
    if not isinstance(found, CompanyView) or found.removal is None:
        raise AssertionError("the company has just left")
    holders = [
        (person, benefit)
        for person, benefit in owned(house)
        if benefit_view(house.shared, benefit).company == company and person.company != company
    ]
    (early, one), (late, other) = holders[:2]
    house.clock.milliseconds = found.removal.until - 1_000
    house.shared.send(Redeem(one), [early.secret])
    house.clock.milliseconds = found.removal.until
    return (
        benefit_view(house.shared, one).state is BenefitState.REDEEMED,
        is_refused(house.shared, Redeem(other), late.secret, CredentialIsNotInForce),
    )
