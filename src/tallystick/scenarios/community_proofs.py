"""What the lane's week proves: each answer is yes or no, from the ledger's own figures."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.market.model import balancing_vault, clearing_vault
from tallystick.contracts.sharing.model import lock_id_of
from tallystick.core.holding import vault

from .community_auctions import refuted
from .community_bills import Bill, Came, bills, statements_agree, trades, trades_agree
from .community_cast import Office
from .community_founding import BALANCING_FUNDS, FLAT_FUNDS, MEMBER_FUNDS
from .community_rules import book_at
from .community_shares import Roof, answers, roof_of, shares_agree, sums_agree
from .community_week import Week
from .scenario import AllRows

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What came out, and what of it is proven."""

    came: tuple[Came, ...]
    """Every trade."""
    bills: tuple[Bill, ...]
    """Every member's bill, donors first."""
    roof: Roof
    """What the shared roof has given."""
    balancing: int
    """What the balancing account has gained. [minor units of money]"""
    proved: dict[str, bool]
    """The answers."""


def prove(week: Week, rows: AllRows) -> Found:
    """Hold the ledger against what everybody can compute."""
    cast, seen = week.company.cast, week.seen
    members = (*cast.donors, *cast.receivers)
    came = trades(week.lane, seen)
    owed = bills(members, came.values())
    owners = {week.company.account(each.meter).public: owed[each.name] for each in members}
    shared = answers(week.ledger, week.lane)
    roof = roof_of(week.lane, shared.values())
    fills = list(rows("market_fills"))
    accounts = {
        row["owner"]: (row["spendable"], row["locked"])
        for row in rows("asset_balances")
        if row["unit"] == seen.money
    }
    supply = sum(row["minted"] - row["burned"] for row in rows("asset_supplies"))
    statements, entries = list(rows("market_statements")), list(rows("market_entries"))
    balancing = _balance(accounts, vault("market", balancing_vault(seen.market))) - BALANCING_FUNDS
    places = _whereabouts(rows("certificate_holdings"))
    proved = {
        "auctions_checked_by_a_stranger": _all_cleared(week)
        and not refuted(seen.clearings.values(), seen.orders.values(), seen.fills),
        "trades_settled_as_measured": trades_agree(fills, came),
        "bills_add_up": statements_agree(statements, entries, owners),
        "accounts_match_bills": _accounts_agree(week, owners, accounts),
        "sum_over_everybody_is_zero": _sum_is_zero(owners, accounts, week, balancing),
        "money_conserved": supply == sum(map(sum, accounts.values())),
        "energy_conserved": _is_conserved(week, places),
        "claims_are_matched_production": places["claimed"]
        == sum(each.claimed_wh for each in came.values()) + sum(roof.got_wh),
        "boast_cut_or_paid": _boast_is_answered(week, fills, came),
        "outage_cancelled_trades": _outage_is_answered(week, fills, came),
        "late_reading_corrected": _late_is_answered(week),
        "roof_shared_as_computed": shares_agree(week.lane, shared)
        and sums_agree(
            week.lane,
            seen.agreement,
            roof,
            members=rows("sharing_members"),
            incomes=rows("sharing_incomes"),
        ),
        "shared_roof_paid_out": _roof_is_paid_out(week, roof, accounts),
        "misuse_refused": all(is_right for _, _, is_right in week.log.refusals),
    }
    ordered = tuple(owed[member.name] for member in members)
    return Found(tuple(came.values()), ordered, roof, balancing, proved)


def _all_cleared(week: Week) -> bool:
    """Tell whether the book of every quarter hour with an offer has a price, and no others."""
    books = {
        book_at(week.seen.market, week.lane.begin(quarter))
        for day in range(len(week.days))
        for quarter in week.lane.trading_quarters(day)
    }
    return books == set(week.seen.clearings) == week.seen.ended


def _balance(accounts: Mapping[PublicKey, tuple[int, int]], owner: PublicKey) -> int:
    """Return all that an account has."""
    return sum(accounts.get(owner, (0, 0)))


def _accounts_agree(
    week: Week, owners: Mapping[PublicKey, Bill], accounts: Mapping[PublicKey, tuple[int, int]]
) -> bool:
    """Tell whether accounts have changed by their bills, nothing is locked, nothing is left."""
    clearing = vault("market", clearing_vault(week.seen.market))
    changed = all(
        _balance(accounts, owner) == MEMBER_FUNDS + bill.total for owner, bill in owners.items()
    )
    is_free = not any(locked for _, locked in accounts.values())
    return changed and is_free and _balance(accounts, clearing) == 0


def _sum_is_zero(
    owners: Mapping[PublicKey, Bill],
    accounts: Mapping[PublicKey, tuple[int, int]],
    week: Week,
    balancing: int,
) -> bool:
    """Tell whether what members lost is what operators and the balancing account gained."""
    payees = (Office.PLATFORM, Office.MARKET_OPERATOR, Office.GRID_OPERATOR, Office.TREASURY)
    gained = sum(_balance(accounts, week.company.office(each).public) for each in payees)
    return sum(bill.total for bill in owners.values()) + gained + balancing == 0


def _whereabouts(holdings: Iterator[Row]) -> Counter[str]:
    """Add up certificates by what became of them; what was issued as `issued`."""
    places: Counter[str] = Counter()
    for row in holdings:
        if row["certificate"] == row["measurement"]:
            places["issued"] += row["amount_wh"]
        if row["leaf"]:
            places[row["status"]] += row["amount_wh"]
    return places


def _is_conserved(week: Week, places: Mapping[str, int]) -> bool:
    """Tell whether all that was made was issued, and is claimed or free in somebody's hands."""
    cast = week.company.cast
    roofs = (*(donor.meter for donor in cast.donors), cast.house.roof)
    quarters = range(week.days[0].first, week.days[-1].end)
    made = sum(week.lane.measured_wh(roof, quarter) for roof in roofs for quarter in quarters)
    return made == places["issued"] == places["claimed"] + places["active"]


def _boast_is_answered(week: Week, fills: list[Row], came: Mapping[RecordId, Came]) -> bool:
    """
    Tell whether the boaster's trades were cut when announced, delivered by others when not.

    Either way the boaster pays, and buyers only for what is left.
    """
    boaster = week.company.cast.donors[week.company.cast.boaster].name
    honest = {
        quarter
        for day in week.plan.honest_days & set(range(len(week.days)))
        for quarter in range(week.days[day].first, week.days[day].end)
    }
    cuts = {row["fill"] for row in fills if row["cut"] == "availability"}
    mine = {id: each for id, each in came.items() if each.seller == boaster}
    announced = [each for id, each in mine.items() if id in cuts and each.quarter in honest]
    is_silent = not any(id in cuts for id, each in mine.items() if each.quarter not in honest)
    paid = sum(each.seller_pays for each in mine.values() if each.quarter not in honest)
    return (
        bool(announced)
        and all(each.seller_pays > 0 for each in announced)
        and all(each.buyer_pays <= (each.lots - each.cut_lots) * each.price for each in announced)
        and is_silent
        and paid > 0
    )


def _outage_is_answered(week: Week, fills: list[Row], came: Mapping[RecordId, Came]) -> bool:
    """Tell whether the trades behind the broken line, and only those, came to nothing."""
    donor = week.company.cast.donors[week.company.cast.cut_off].name
    behind = {
        id for id, each in came.items() if each.seller == donor and each.quarter in week.lane.outage
    }
    ended = {row["fill"] for row in fills if row["cut"] == "outage"}
    money = sum(came[id].buyer_pays + came[id].seller_gets for id in behind)
    return bool(behind) and behind == ended and money == 0


def _late_is_answered(week: Week) -> bool:
    """Tell whether a silent meter's trades counted nothing at first, and everything later."""
    before = [each.before for each in week.seen.corrections]
    after = [each.after for each in week.seen.corrections]
    paid = sum(new.buyer_pays - old.buyer_pays for old, new in zip(before, after, strict=True))
    return (
        bool(before)
        and all(each.missing and not each.consumed_wh for each in before)
        and not any(each.missing for each in after)
        and paid == week.log.late_due > 0
    )


def _roof_is_paid_out(
    week: Week, roof: Roof, accounts: Mapping[PublicKey, tuple[int, int]]
) -> bool:
    """Tell whether all that flats paid has reached the owners, and deposits are free again."""
    company = week.company
    till = vault("sharing", lock_id_of(week.seen.agreement))
    flats = zip(company.cast.house.flats, roof.paid, roof.income, strict=True)
    return (
        sum(roof.income) == sum(roof.paid) > 0
        and _balance(accounts, till) == 0
        and all(
            accounts.get(company.account(flat).public) == (FLAT_FUNDS - paid + income, 0)
            for flat, paid, income in flats
        )
    )
