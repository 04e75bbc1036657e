"""Ask the four ledgers for everything, and hold it against what the story claims."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tallystick.contracts.benefit.model import NetPosition

from .loyalty_founding import House
from .loyalty_leaving import Leaving
from .loyalty_life import Life
from .loyalty_rush import MarketDay, Rushes
from .scenario import AllRows

HAVING = ("owned", "listed", "reserved")
"""States in which somebody has a benefit."""


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """A company at the end."""

    name: str
    """Which."""
    rate: str
    """What its tokens are worth, for people."""
    people: int
    """How many it employed at first."""
    minted: int
    """Its tokens, as they were made. [tokens]"""
    held: int
    """The same as they lie in accounts. [tokens]"""
    locked: int
    """What is still held by a change. [tokens]"""
    net_units: int
    """What it receives for the month; negative if it pays. [common units]"""


@dataclass(frozen=True, slots=True)
class LoyaltyFacts:
    """What the story came to."""

    companies: tuple[CompanyFacts, ...]
    """The three of them."""
    benefits: int
    """How many there were."""
    states: Mapping[str, int]
    """How many ended in which state."""
    day: MarketDay
    """The first day."""
    rushes: Rushes
    """The rushes."""
    life: Life
    """Single benefits."""
    leaving: Leaving
    """Who left."""
    seconds: float
    """How long the rushes took."""
    proved: Mapping[str, bool]
    """Each claim, and whether it held."""


def company_facts(
    house: House, rows: Mapping[str, AllRows], leaving: Leaving
) -> tuple[CompanyFacts, ...]:
    """Count each company's tokens on its own ledger."""
    nets = {each.company: each.net for each in leaving.positions}
    found = []
    for name, branch in house.branches.items():
        accounts = list(rows[name]("asset_balances"))
        rate = branch.cast.rate
        found.append(
            CompanyFacts(
                name=name,
                rate=f"{rate.units} for {rate.tokens}",
                people=len(branch.cast.people),
                minted=branch.minted,
                held=sum(row["spendable"] + row["locked"] for row in accounts),
                locked=sum(row["locked"] for row in accounts),
                net_units=nets.get(name, 0),
            )
        )
    return tuple(found)


def prove(
    shared: AllRows,
    companies: Sequence[CompanyFacts],
    *,
    day: MarketDay,
    rushes: Rushes,
    life: Life,
    leaving: Leaving,
) -> dict[str, bool]:
    """Return each claim, and whether it holds."""
    benefits = list(shared("benefits"))
    credentials = list(shared("benefit_credentials"))
    debts = list(shared("benefit_debts"))
    return {
        "exactly_one_winner": rushes.one_winner == rushes.played > 0,
        "losers_told_by_whom_and_until_when": rushes.told == rushes.losers,
        "losers_keep_every_token": rushes.unharmed == rushes.losers,
        "everybody_served_or_told": day.bought + day.refused == day.wanted,
        "tokens_conserved": all(each.held == each.minted for each in companies),
        "nothing_left_reserved": is_nothing_held(companies, benefits),
        "one_owner_with_one_credential": is_owned_once(benefits, credentials),
        "debts_net_to_zero": is_netted(debts, leaving.positions),
        "no_balance_on_the_marketplace": not list(shared("asset_balances")),
        "resold_across_companies": life.resale.is_right,
        "swapped": life.swapped,
        "used_once": life.redeemed,
        "short_of_tokens_changes_nothing": life.short_is_refused,
        "vanished_buyer_blocks_nothing": life.vanished_blocks_nothing,
        "interrupted_purchase_ends": life.interrupted_ends,
        "dismissal_takes_listings_down": leaving.listing_fell and leaving.handed_on,
        "removal_takes_offers_down": leaving.nothing_offered and leaving.events == 1,
        "holders_treated_as_stated": leaving.redeemed_in_time and leaving.refused_later,
        "netted_once": leaving.netted_once,
    }


def is_nothing_held(
    companies: Sequence[CompanyFacts], benefits: Sequence[Mapping[str, Any]]
) -> bool:
    """Tell whether no token and no benefit is still held by a change."""
    reserved = [row for row in benefits if row["state"] == "reserved"]
    return not reserved and not any(each.locked for each in companies)


def is_owned_once(
    benefits: Sequence[Mapping[str, Any]], credentials: Sequence[Mapping[str, Any]]
) -> bool:
    """Tell whether exactly who has a benefit has a credential of it that is not revoked."""
    owners = {row["benefit"]: row["owner"] for row in benefits if row["state"] in HAVING}
    counting = [row for row in credentials if not row["revoked_at"]]
    holders = {row["benefit"]: row["holder"] for row in counting}
    return owners == holders and len(counting) == len(holders)


def is_netted(debts: Sequence[Mapping[str, Any]], positions: Sequence[NetPosition]) -> bool:
    """Tell whether the month's net positions are what debts add up to, and sum to zero."""
    nets: defaultdict[str, int] = defaultdict(int)
    for row in debts:
        nets[row["creditor"]] += row["total"]
        nets[row["debtor"]] -= row["total"]
    stated = {each.company: each.net for each in positions}
    return dict(nets) == stated and sum(stated.values()) == 0 and len(stated) > 1


def states_of(shared: AllRows) -> dict[str, int]:
    """Return how many benefits are written in which state."""
    return dict(sorted(Counter(row["state"] for row in shared("benefits")).items()))
