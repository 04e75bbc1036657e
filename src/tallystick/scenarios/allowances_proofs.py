"""What the two years prove: each answer is yes or no, from the ledgers' figures and the model's."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.allowance.events import PenaltyPaid, PeriodClosed, UnitWithdrawn
from tallystick.contracts.market.events import (
    MarketCleared,
    MarketFilled,
    MarketSettled,
    OrderPlaced,
)
from tallystick.contracts.market.model import clearing_vault
from tallystick.contracts.market.views import ClearingView, ShowClearing
from tallystick.core.holding import vault

from .allowances_cast import LEAVING, NORTH, SHORT, SOUTH, YEARS, Office
from .allowances_desk import Desk
from .allowances_facts import UnitYear, ZoneFacts
from .allowances_floor import Floor
from .allowances_model import ONE_PPM, WH_PER_MWH, second_of
from .allowances_stranger import BOTH_PARTIES
from .allowances_terms import (
    EXCHANGE_PPM,
    FEES,
    FUTURE_DEPOSIT,
    FUTURE_SHORTFALL,
    PENALTY,
)
from .allowances_years import Years
from .community_auctions import refuted
from .scenario import AllRows

CLAIMS: Final = {
    "each_allowance_in_one_place": "Followed number by number, every allowance was at each month's "
    "end where its ledger says, and nowhere else.",
    "issued_as_earned": "Every unit was issued its baseline times its measured output, less what "
    "the year before cost it.",
    "emissions_counted": "Every hour of the model was counted, once, to the right year.",
    "emissions_covered_or_paid_for": "What each unit emitted is surrendered for, or missing and "
    "penalised.",
    "one_unit_short": "Exactly one unit fell short, paid the penalty, and got as many fewer of the "
    "next vintage.",
    "unit_left_with_nothing_outstanding": "The unit that left had covered its emissions and "
    "returned what it had not earned.",
    "leftovers_ended": "No vintage has outlived its deadline.",
    "futures_delivered_or_compensated": "Each future was delivered, or its buyer got the price "
    "difference out of the deposit.",
    "auctions_checked_by_a_stranger": "Price, volume and every part of every auction were computed "
    "a second time, from the orders alone.",
    "no_trade_names_two_parties": "No trade, payment or delivery of a market names two parties.",
    "stranger_learns_no_more": "What a stranger infers stays within what is said beforehand.",
    "forecast_named_who_fell_short": "A week before each deadline the forecast named exactly those "
    "who fell short.",
    "fees_collected": "Treasury and exchange have, to the cent, what fees, penalties and charges "
    "come to.",
    "money_conserved": "All money that was made is in somebody's account, and none is locked.",
    "credit_history_whole": "The certified allowance's life has no gap, from allocation to end.",
    "certified_record_verified": "The certified record convinces whoever trusts the checkpoint's "
    "key.",
    "forgery_refused": "The same record with one allowance more convinces nobody.",
    "misuse_refused": "Everything that must not work was tried, and refused by the right rule.",
    "audited": "Replaying both ledgers from genesis meets every root and invariant.",
}

_COLLECTORS: Final = (Office.TREASURY, Office.EXCHANGE)


def prove_units(
    units: Sequence[UnitYear], *, unit_grams: int, desks: Sequence[Desk]
) -> dict[str, bool]:
    """Hold every unit's account against the model."""
    desk_of = {desk.zone: desk for desk in desks}
    short = [(each.name, each.period) for each in units if each.missing]
    return {
        "issued_as_earned": all(each.granted == _earned(each, unit_grams) for each in units),
        "emissions_counted": all(_is_counted(each, desk_of[each.zone]) for each in units),
        "emissions_covered_or_paid_for": all(
            each.surrendered + each.missing == each.due == -(-each.emitted_g // unit_grams)
            for each in units
        ),
        "one_unit_short": short == [(SHORT, 0)] and _is_punished(units, desk_of[SOUTH]),
        "unit_left_with_nothing_outstanding": _has_left(units, desk_of[SOUTH]),
    }


def prove_zone(desk: Desk, floor: Floor, facts: ZoneFacts, rows: AllRows) -> dict[str, bool]:
    """Hold a zone's markets, money and vintages against what everybody can compute."""
    auctions = [_clearing(desk, each.book) for each in floor.auctions]
    named = next(each for each in facts.inferences if each.question == BOTH_PARTIES)
    return {
        "leftovers_ended": all(
            not each.held and each.issued == each.surrendered + each.cancelled + each.expired
            for each in facts.vintages
        ),
        "futures_delivered_or_compensated": _is_compensated(desk, floor, facts),
        "auctions_checked_by_a_stranger": bool(auctions)
        and not refuted(auctions, desk.seen.of(OrderPlaced), desk.seen.of(MarketFilled)),
        "no_trade_names_two_parties": named.whole > 0 and named.leaked == 0,
        "stranger_learns_no_more": all(each.is_within for each in facts.inferences),
        "fees_collected": _are_collected(desk, facts, rows),
        "money_conserved": _is_conserved(desk, rows),
        "misuse_refused": all(each.code == each.wanted for each in facts.refusals),
    }


def prove_forecasts(years: Years, units: Sequence[UnitYear]) -> bool:
    """Tell whether the last forecast of each year named exactly those who fell short."""
    last = {each for each in years.foreseen if each.asked.month == date(1, 3, 1).month}
    named = {(each.name, each.period) for each in last if each.shortfall}
    return bool(last) and named == {(each.name, each.period) for each in units if each.missing}


def both(parts: Sequence[dict[str, bool]]) -> dict[str, bool]:
    """Return what holds in every zone."""
    return {name: all(part[name] for part in parts) for name in parts[0]}


def fees_of(desk: Desk, transfers: int) -> dict[str, int]:
    """Return what a zone's treasury and exchange should have collected, by what for."""
    return {
        "applications": FEES.application * len(desk.units),
        "accounts": FEES.account * len(desk.cast.members),
        "transfers": FEES.transfer * transfers,
        "penalties": sum(each.amount for each in desk.seen.of(PenaltyPaid)),
        "exchange": sum(paid * EXCHANGE_PPM // ONE_PPM for paid in _paid(desk).values()),
    }


def _earned(each: UnitYear, unit_grams: int) -> int:
    """Return what a unit's measured output is worth, less its deduction."""
    worth = each.rate_g_per_mwh * each.produced_wh // (WH_PER_MWH * unit_grams)
    return max(0, worth - each.deduction)


def _is_counted(each: UnitYear, desk: Desk) -> bool:
    """Tell whether the ledger counted what the model made."""
    owed = desk.obligation(each.name, each.period)
    return (owed.emitted_g, owed.carried_g, owed.produced_wh) == (
        each.emitted_g,
        0,
        each.produced_wh,
    )


def _is_punished(units: Sequence[UnitYear], desk: Desk) -> bool:
    """Tell whether what was missing drew the penalty and the deduction, and was paid."""
    missing = sum(each.missing for each in units)
    deduction = sum(each.deduction for each in units if (each.name, each.period) == (SHORT, 1))
    closed = sum(each.penalty for each in desk.seen.of(PeriodClosed))
    paid = sum(each.amount for each in desk.seen.of(PenaltyPaid))
    return closed == paid == missing * PENALTY.amount and deduction == missing


def _has_left(units: Sequence[UnitYear], desk: Desk) -> bool:
    """Tell whether the unit that left owed nothing, and got nothing more."""
    last = next(each for each in units if each.has_left)
    owed = desk.obligation(LEAVING, last.period)
    return (
        last.name == LEAVING
        and owed.surrendered == owed.due
        and owed.debt == 0
        and {each.unit for each in desk.seen.of(UnitWithdrawn)} == {desk.units[LEAVING]}
    )


def _is_compensated(desk: Desk, floor: Floor, facts: ZoneFacts) -> bool:
    """Tell whether defaults cost the price difference, and were where the story has them."""
    price = next(each.price for each in floor.auctions if each.is_future)
    due = facts.undelivered * min(FUTURE_DEPOSIT, FUTURE_SHORTFALL - price)
    paid = sum(each.settled.seller_pays for each in desk.seen.of(MarketSettled))
    settled = {each.fill for each in desk.seen.of(MarketSettled)}
    return (
        paid == due
        and (facts.undelivered > 0) == (desk.zone != NORTH)
        and all(each.fill in settled for each in desk.seen.of(MarketFilled))
    )


def _are_collected(desk: Desk, facts: ZoneFacts, rows: AllRows) -> bool:
    """Tell whether the treasury and the exchange have what they should."""
    has = {row["owner"]: row["spendable"] for row in rows("asset_balances")}
    treasury = sum(amount for what, amount in facts.fees.items() if what != "exchange")
    found = tuple(has.get(desk.office(each).public, 0) for each in _COLLECTORS)
    return found == (treasury, facts.fees["exchange"])


def _is_conserved(desk: Desk, rows: AllRows) -> bool:
    """Tell whether all money is in somebody's free account, and none with the markets."""
    made = sum(row["minted"] - row["burned"] for row in rows("asset_supplies"))
    balances = list(rows("asset_balances"))
    vaults = {vault("market", clearing_vault(desk.ids[name])) for name in ("spot", "futures")}
    return made == sum(row["spendable"] for row in balances) and not any(
        row["locked"] or (row["owner"] in vaults and row["spendable"]) for row in balances
    )


def _paid(desk: Desk) -> Counter[tuple[PublicKey, RecordId, int]]:
    """Return what each account paid for purchases, by market and billing period."""
    owners = {each.order: each.owner for each in desk.seen.of(OrderPlaced)}
    books = {each.book: each for each in desk.seen.of(MarketCleared)}
    pays = {each.fill: each.settled.buyer_pays for each in desk.seen.of(MarketSettled)}
    begins = [second_of(date(year, 1, 1)) for year in (*YEARS, YEARS[-1] + 1)]
    paid: Counter[tuple[PublicKey, RecordId, int]] = Counter()
    for fill in desk.seen.of(MarketFilled):
        if fill.buy is not None:
            book = books[fill.book]
            period = bisect_right(begins, book.product.begin)
            paid[owners[fill.buy], book.market, period] += pays.get(fill.fill, 0)
    return paid


def _clearing(desk: Desk, book: RecordId) -> ClearingView:
    """Return an auction's published result."""
    found = desk.ledger.ask(ShowClearing(book))
    if not isinstance(found, ClearingView):
        raise AssertionError("every book was cleared")
    return found
