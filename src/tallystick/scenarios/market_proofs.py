"""Hold a month in the market to what it claims, from events, views and the read model."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.asset.views import BalanceView, ShowBalance
from tallystick.contracts.market.events import Cut, LineKind, MarketFilled
from tallystick.contracts.market.model import balancing_vault, statement_id
from tallystick.contracts.market.views import ShowStatement, StatementView
from tallystick.core.holding import vault

from .market_cast import FACTORY, HOMES, PEOPLE, ROOFS, SAVER
from .market_month import BALANCING_FUNDS, BUDGET, EVENING, FUNDS, NOON, Month, hour_of
from .market_rules import CHARGES, DSO_PER_MWH, OPERATOR_PER_MWH, PLATFORM_PPM, product_at
from .scenario import AllRows

MILLION = 1_000_000
FULL_MONTH = 31
PAID_OUT = {LineKind.SALE, LineKind.COMPENSATION, LineKind.REST}
"""What an account gains; what a correction returns is in the lines that it corrects."""

PAID_IN = {LineKind.PURCHASE, LineKind.SHORTFALL, LineKind.RESERVE}
"""What an account gives."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What a month came to for one account."""

    name: str
    """Whose."""
    bought_wh: int
    """Consumed of what was bought. [Wh]"""
    sold_wh: int
    """Delivered of what was sold. [Wh]"""
    items: tuple[tuple[str, int], ...]
    """Every item of the statement. [millionths of a euro]"""
    total: int
    """What the statement says that they sum to. [millionths of a euro]"""
    by_entries: int
    """What the entries say that the account gained. [millionths of a euro]"""
    gained: int
    """What the account really gained. [millionths of a euro]"""
    charges: tuple[int, ...]
    """What each of the market's charges came to. [millionths of a euro]"""
    expected: tuple[int, ...]
    """The same, computed from the month's totals. [millionths of a euro]"""


def bills_of(month: Month) -> list[Bill]:
    """Return everybody's bill, with what it is held against."""
    return [_bill(month, name) for name in PEOPLE]


def prove(month: Month, bills: Sequence[Bill], rows: AllRows) -> dict[str, bool]:
    """Return each claim, and whether it holds."""
    told, plan = month.told, month.plan
    outage = fills_at(month, plan.outage_day, EVENING)
    weak = fills_at(month, plan.weak_day, EVENING)
    claimed = sum(each.settled.claimed_wh for each in told.settled.values())
    matched = sum(
        min(each.settled.delivered_wh, each.settled.consumed_wh) for each in told.settled.values()
    )
    money = sum(row["spendable"] + row["locked"] for row in rows("asset_balances"))
    energy = [
        row["issued_wh"] - row["claimed_wh"] - row["withdrawn_wh"]
        for row in rows("certificate_totals")
    ]
    held = sum(
        row["amount_wh"] for row in rows("certificate_holdings") if row["status"] == "active"
    )
    return {
        "one_order_sold_to_many": all(
            _sells_to_many(month, day) for day in range(plan.days) if day != plan.outage_day
        ),
        "one_order_bought_from_many": all(_buys_from_many(month, day) for day in range(plan.days)),
        "outage_cancelled_its_trades": bool(outage)
        and all(told.settled[each.fill].cut is Cut.OUTAGE for each in outage)
        and not any(told.settled[each.fill].settled.buyer_pays for each in outage),
        "shortfall_paid_by_its_cause": any(
            told.settled[each.fill].settled.seller_pays for each in weak
        ),
        "correction_posted_as_difference": bool(told.corrected)
        and all(each.after.buyer_pays < each.before.buyer_pays for each in told.corrected.values()),
        "bills_add_up": all(
            each.total == sum(amount for _, amount in each.items) == each.by_entries
            for each in bills
        ),
        "bills_are_what_was_traded": paid_of(bills)
        == sum(each.buyer_pays for each in told.outcomes()),
        "accounts_match_bills": all(each.gained == each.by_entries for each in bills),
        "commissions_rounded_once": all(each.charges == each.expected for each in bills)
        and received_by(month)
        == tuple(map(sum, zip(*(each.charges for each in bills), strict=True))),
        "money_conserved": money == len(PEOPLE) * FUNDS + BALANCING_FUNDS,
        "energy_conserved": sum(energy) == held,
        "matched_production_claimed": claimed == matched,
        "budget_was_the_limit": _within_budget(month, bills),
        "everybody_sums_to_zero": everybody_of(month, bills)[-1] == ("All", 0),
        "misuse_refused": all(told.refused.values()),
    }


def paid_of(bills: Sequence[Bill]) -> int:
    """Return what buyers' bills say they paid for energy. [millionths of a euro]"""
    spent = -sum(each.gained for each in bills if each.gained < 0)
    return spent - sum(sum(each.charges) for each in bills)


def totals_of(charges: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Return what each charge came to for everybody. [millionths of a euro]"""
    return tuple(map(sum, zip(*charges, strict=True)))


def fills_at(month: Month, day: int, hour: int) -> list[MarketFilled]:
    """Return the trades of one hour."""
    _, book = product_at(month.market, hour_of(day, hour))
    return [each for each in month.told.fills if each.book == book]


def received_by(month: Month) -> tuple[int, ...]:
    """Return what each receiver of a charge has received. [millionths of a euro]"""
    return tuple(_balance(month, month.cast.office(name).public) for name in CHARGES)


def everybody_of(month: Month, bills: Sequence[Bill]) -> list[tuple[str, int]]:
    """Return who gained what, with the sum, which is nothing, last. [millionths of a euro]"""
    rows: list[tuple[str, int]] = [
        ("Sellers", sum(each.gained for each in bills if each.gained > 0)),
        ("Buyers", sum(each.gained for each in bills if each.gained < 0)),
        *zip(CHARGES, received_by(month), strict=True),
        ("Balancing account", balancing_of(month)),
    ]
    return [*rows, ("All", sum(gained for _, gained in rows))]


def balancing_of(month: Month) -> int:
    """Return what the balancing account gained. [millionths of a euro]"""
    account = vault("market", balancing_vault(month.market))
    return _balance(month, account) - BALANCING_FUNDS


def _within_budget(month: Month, bills: Sequence[Bill]) -> bool:
    """Tell whether the saver never paid more than its budget, and was stopped by it if at all."""
    saver = next(each for each in bills if each.name == SAVER)
    is_whole_month = month.plan.days == FULL_MONTH
    return -saver.total <= BUDGET and (month.told.beyond_budget > 0 or not is_whole_month)


def _sells_to_many(month: Month, day: int) -> bool:
    """Tell whether the battery's one order of an evening went to every home."""
    fills = fills_at(month, day, EVENING)
    buyers = {_owner(month, each.buy) for each in fills}
    return len({each.sell for each in fills}) == 1 and len(buyers) == len(HOMES)


def _buys_from_many(month: Month, day: int) -> bool:
    """Tell whether the factory's one order of a noon took from at least two roofs."""
    factory = month.cast.account(FACTORY).public
    fills = [each for each in fills_at(month, day, NOON) if _owner(month, each.buy) == factory]
    sellers = {_owner(month, each.sell) for each in fills}
    return len({each.buy for each in fills}) == 1 and 1 < len(sellers) <= len(ROOFS)


def _owner(month: Month, order: RecordId | None) -> PublicKey:
    """Return whose order it is."""
    if order is None:
        raise AssertionError("in this market each trade names both orders")
    return month.told.orders[order].owner


def _bill(month: Month, name: str) -> Bill:
    """Return one account's bill, with what it is held against."""
    owner = month.cast.account(name).public
    view = month.ledger.ask(ShowStatement(month.market, owner, 0))
    if not isinstance(view, StatementView):
        raise TypeError("a statement was asked for")
    statement = statement_id(month.market, owner, 0)
    sums: defaultdict[LineKind, int] = defaultdict(int)
    charges: dict[str, int] = dict.fromkeys(CHARGES, 0)
    for entry in month.told.entries:
        if entry.statement == statement:
            sums[entry.kind] += entry.amount
            if entry.kind is LineKind.CHARGE:
                charges[entry.name] += entry.amount
    by_entries = sum(sums[kind] for kind in PAID_OUT) - sum(sums[kind] for kind in PAID_IN)
    value, energy_wh = sums[LineKind.PURCHASE] - sums[LineKind.COMPENSATION], view.bought_wh
    return Bill(
        name=name,
        bought_wh=view.bought_wh,
        sold_wh=view.sold_wh,
        items=tuple((item.name, item.amount) for item in view.items),
        total=view.total,
        by_entries=by_entries,
        gained=_balance(month, owner) - FUNDS,
        charges=tuple(charges.values()),
        expected=(
            value * PLATFORM_PPM // MILLION,
            energy_wh * OPERATOR_PER_MWH // MILLION,
            energy_wh * DSO_PER_MWH // MILLION,
        ),
    )


def _balance(month: Month, owner: PublicKey) -> int:
    """Return what an account holds, locked or not."""
    view = month.ledger.ask(ShowBalance(month.money, owner))
    if not isinstance(view, BalanceView):
        raise TypeError("a balance was asked for")
    return view.spendable + view.locked
