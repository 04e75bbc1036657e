"""
A day at the market, and then a hundred rushes on the same benefit.

In a rush a dozen people of all companies ask for it at one moment. One gets it and pays; everybody
else is told who has it and until when, and has what they had. Then the winner lists it again.
"""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.benefit.commands import List
from tallystick.contracts.benefit.model import BenefitState
from tallystick.contracts.exchange.model import Outcome

from .loyalty_buying import Buying, Try, balance, benefit_view, owner_of
from .loyalty_parties import Person
from .scenario import Advance

RIVALS = 12
RUSH_PRICE_UNITS = 40


@dataclass
class Rushes:
    """What came of the rushes."""

    played: int = 0
    """How many there were."""
    attempts: int = 0
    """How many wanted it, over all of them."""
    one_winner: int = 0
    """In how many exactly one had it reserved, paid the price and owned it afterwards."""
    told: int = 0
    """How many losers were told who has it and until when."""
    unharmed: int = 0
    """How many losers had afterwards, to the token, what they had before."""
    across: int = 0
    """In how many buyer and seller were of different companies."""
    wins: Counter[str] = field(default_factory=Counter)
    """How often each company's people won."""

    @property
    def losers(self) -> int:
        """Return how many got nothing."""
        return self.attempts - self.played


@dataclass(frozen=True, slots=True)
class MarketDay:
    """What came of the first day, on which everybody bought."""

    wanted: int
    """How many purchases were tried."""
    bought: int
    """How many came about."""
    refused: int
    """How many were refused, because somebody was faster."""


def market_day(buying: Buying, chance: random.Random, *, each: int) -> MarketDay:
    """Let everybody try to buy some benefits, of whichever company, all at one moment."""
    house = buying.house
    offered = [id for ids in house.benefits.values() for id in ids][1:]
    wanted = [
        (person, benefit)
        for person in house.cast.people
        for benefit in chance.sample(offered, each)
    ]
    chance.shuffle(wanted)
    tries = buying.reserve(wanted)
    ended = buying.settle(tries)
    bought = sum(one.outcome is Outcome.COMMITTED for one in ended)
    return MarketDay(len(wanted), bought, sum(one.is_told_who for one in tries))


def rush_often(
    buying: Buying, benefit: RecordId, chance: random.Random, *, times: int, advance: Advance
) -> Rushes:
    """Let people rush on one benefit again and again."""
    rushes = Rushes()
    for _ in range(times):
        rush(buying, benefit, chance, rushes)
        advance(1)
    return rushes


def rush(buying: Buying, benefit: RecordId, chance: random.Random, rushes: Rushes) -> None:
    """Let a dozen want a benefit at one moment, see who wins, and let the winner list it again."""
    house, people = buying.house, {person.key: person for person in buying.house.cast.people}
    seller = owner_of(people, house.shared, benefit)
    others = [person for person in house.cast.people if person != seller]
    rivals = chance.sample(others, min(RIVALS, len(others)))
    before = {person.key: balance(house, person) for person in rivals}
    tries = buying.reserve([(person, benefit) for person in rivals])
    buying.settle(tries)
    owner = owner_of(people, house.shared, benefit)
    winners = [each for each in tries if each.is_reserved]
    paid = {person.key: before[person.key][0] - balance(house, person)[0] for person in rivals}
    _count(rushes, tries, winners, owner, paid)
    rushes.across += owner is not None and seller is not None and owner.company != seller.company
    if owner is not None:
        house.shared.send(List(benefit, RUSH_PRICE_UNITS), [owner.secret])
    if benefit_view(house.shared, benefit).state is not BenefitState.LISTED:
        raise AssertionError("what was won is not on the list again")


def _count(
    rushes: Rushes,
    tries: list[Try],
    winners: list[Try],
    owner: Person | None,
    paid: Mapping[PublicKey, int],
) -> None:
    """Count a rush in."""
    rushes.played += 1
    rushes.attempts += len(tries)
    is_one = [each.buyer for each in winners] == [owner]
    rushes.one_winner += is_one and paid[winners[0].buyer.key] == winners[0].price_tokens
    losers = [each for each in tries if not each.is_reserved]
    rushes.told += sum(each.is_told_who for each in losers)
    rushes.unharmed += sum(paid[each.buyer.key] == 0 for each in losers)
    if owner is not None:
        rushes.wins[owner.company] += 1
