"""
What else becomes of benefits: resold across companies, swapped, used; and two that go wrong.

One buyer has no tokens, another reserves and is never heard of again. Neither costs anybody
anything but a few minutes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.client.ledger import Ledger, TransactionRejected
from tallystick.contracts.asset.commands import Transfer
from tallystick.contracts.asset.errors import NotEnough
from tallystick.contracts.benefit.commands import List, Redeem, Swap
from tallystick.contracts.benefit.errors import BenefitIsNotOwned
from tallystick.contracts.benefit.model import CONTRACT_NAME, BenefitState
from tallystick.contracts.benefit.views import BenefitsView, BenefitView, Browse
from tallystick.contracts.exchange.commands import Abort, Finish
from tallystick.contracts.exchange.model import Outcome, change_id
from tallystick.core.errors import Rejected

from .loyalty_buying import Buying, balance, benefit_view, buy_of, owner_of
from .loyalty_founding import House
from .loyalty_parties import Person

RESALE_PRICE_UNITS = 75


@dataclass(frozen=True, slots=True)
class Resale:
    """A benefit that went from one company's employee to another's."""

    seller: str
    """Who sold."""
    buyer: str
    """Who bought."""
    price_units: int
    """For how much. [common units]"""
    paid_tokens: int
    """What left the buyer's account. [tokens of the buyer's company]"""
    received_tokens: int
    """What the seller got. [tokens of the seller's company]"""
    is_right: bool
    """Whether owner and balances are what they should be."""


@dataclass(frozen=True, slots=True)
class Life:
    """What was done with single benefits, and what was refused."""

    resale: Resale
    """One is sold again across companies."""
    swapped: bool
    """Whether two owners swapped theirs in one step."""
    redeemed: bool
    """Whether one was used, and nobody can use it again."""
    short_is_refused: bool
    """Whether a buyer without tokens was refused, and the benefit is on offer as before."""
    vanished_blocks_nothing: bool
    """Whether somebody else bought what was reserved for a buyer who never came back."""
    interrupted_ends: bool
    """Whether a purchase whose coordinator stopped midway was finished by another."""


def live(buying: Buying) -> Life:
    """Play the lives of a few benefits."""
    return Life(
        resale=resell(buying),
        swapped=swap(buying.house),
        redeemed=redeem(buying.house),
        short_is_refused=run_short(buying),
        vanished_blocks_nothing=vanish(buying),
        interrupted_ends=interrupt(buying),
    )


def resell(buying: Buying) -> Resale:
    """Let somebody list a benefit, and an employee of another company buy it."""
    house = buying.house
    seller, benefit = next(owned(house))
    buyer = next(each for each in house.cast.people if each.company != seller.company)
    house.shared.send(List(benefit, RESALE_PRICE_UNITS), [seller.secret])
    parts = buying.plan(buyer, benefit).parts
    before = balance(house, buyer)[0], balance(house, seller)[0]
    bought = buying.buy(buyer, benefit)
    paid = before[0] - balance(house, buyer)[0]
    received = balance(house, seller)[0] - before[1]
    said = {part.owner: part.amount for part in parts}, {p.target: p.amount for p in parts}
    is_right = bought and (paid, received) == (said[0][buyer.key], said[1][seller.key])
    return Resale(seller.name, buyer.name, RESALE_PRICE_UNITS, paid, received, is_right)


def swap(house: House) -> bool:
    """Let two owners of different companies swap what they have; tell whether both have it."""
    one, first = next(owned(house))
    other, second = next(each for each in owned(house) if each[0].company != one.company)
    house.shared.send(Swap(first, second), [one.secret, other.secret])
    owners = benefit_view(house.shared, first).owner, benefit_view(house.shared, second).owner
    return owners == (other.key, one.key)


def redeem(house: House) -> bool:
    """Let an owner use a benefit; tell whether it is used up."""
    owner, benefit = next(owned(house))
    house.shared.send(Redeem(benefit), [owner.secret])
    again = is_refused(house.shared, Redeem(benefit), owner.secret, BenefitIsNotOwned)
    return again and benefit_view(house.shared, benefit).state is BenefitState.REDEEMED


def run_short(buying: Buying) -> bool:
    """Let somebody without tokens try; tell if the token ledger refused and nothing changed."""
    house = buying.house
    poor, friend = house.cast.companies[0].people[:2]
    branch, benefit = house.branches[poor.company], on_offer(house)
    rest = balance(house, poor)[0]
    before = benefit_view(house.shared, benefit)
    branch.ledger.send(Transfer(branch.unit, poor.key, friend.key, rest), [poor.secret])
    (ended,) = buying.settle(buying.reserve([(poor, benefit)]))
    branch.ledger.send(Transfer(branch.unit, friend.key, poor.key, rest), [friend.secret])
    refusal = ended.refusal
    is_short = refusal is not None and (refusal.contract, refusal.code) == ("asset", NotEnough.code)
    same = benefit_view(house.shared, benefit) == before
    return ended.outcome is Outcome.ABORTED and is_short and same


def vanish(buying: Buying) -> bool:
    """Let somebody reserve and go away; tell if another bought it once the deadline had passed."""
    house, benefit = buying.house, on_offer(buying.house)
    ghost, other = house.cast.companies[1].people[:2]
    (reserved,) = buying.reserve([(ghost, benefit)])
    change = reserved.change
    raw = house.shared.transaction(buy_of(change, other), [other.secret])
    refused = not house.shared.submit(raw).accepted
    house.clock.milliseconds = change.deadline
    (place,) = (n for n, part in enumerate(change.parts) if part.contract == CONTRACT_NAME)
    freeing: list[Record] = [Abort(change), Finish(change_id(change), place, None)]
    house.shared.send(freeing, [house.cast.stranger])
    people = {person.key: person for person in house.cast.people}
    bought = buying.buy(other, benefit)
    return refused and bought and owner_of(people, house.shared, benefit) == other


def interrupt(buying: Buying) -> bool:
    """Stop a purchase once tokens are held; tell if another coordinator brought it to its end."""
    house, benefit = buying.house, on_offer(buying.house)
    buyer = house.cast.companies[0].people[2]
    (reserved,) = buying.reserve([(buyer, benefit)])
    buying.begin(reserved)
    is_held = balance(house, buyer)[1] == reserved.price_tokens
    (ended,) = buying.settle([reserved])
    is_paid = balance(house, buyer)[1] == 0
    is_owner = benefit_view(house.shared, benefit).owner == buyer.key
    return is_held and is_paid and is_owner and ended.outcome is Outcome.COMMITTED


def owned(house: House) -> Iterator[tuple[Person, RecordId]]:
    """Yield who has what, unless it is listed."""
    people = {person.key: person for person in house.cast.people}
    for each in all_benefits(house):
        if each.state is BenefitState.OWNED and each.in_force:
            yield people[each.owner], each.benefit


def on_offer(house: House) -> RecordId:
    """Return something that its company still offers."""
    return next(each.benefit for each in all_benefits(house) if each.state is BenefitState.OFFERED)


def all_benefits(house: House) -> Sequence[BenefitView]:
    """Return every benefit as it stands."""
    found: list[BenefitView] = []
    for name in house.branches:
        page = house.shared.ask(Browse(name, 0))
        if not isinstance(page, BenefitsView):
            raise TypeError(f"Browse is answered with a {type(page).__name__}")
        found += page.benefits
    return found


def is_refused(ledger: Ledger, command: Record, secret: bytes, reason: type[Rejected]) -> bool:
    """Tell whether a command is rejected for exactly this reason."""
    try:
        ledger.send(command, [secret])
    except TransactionRejected as rejected:
        return (rejected.contract, rejected.code) == (reason.contract, reason.code)
    return False
