"""Tell the story of a month in the market: who sold to whom, what meters said, who paid what."""

from collections import defaultdict
from collections.abc import Sequence

from .market_cast import BATTERY, FACTORY, HOMES, ROOFS, SAVER, SELLERS
from .market_month import EVENING, NOON, Month
from .market_proofs import Bill, fills_at, totals_of
from .market_rules import CHARGES, SCALE
from .report_data import (
    KILOWATT_HOURS,
    Bars,
    Fact,
    Gauge,
    Hue,
    Report,
    Section,
    Series,
    Share,
    Table,
    Unit,
    write_amount,
)

EURO = Unit("EUR", base=10**SCALE, decimals=6)
ROUND_EURO = Unit("EUR", base=10**SCALE, decimals=2)
HUES = dict(zip(SELLERS, (Hue.BLUE, Hue.ORANGE, Hue.YELLOW, Hue.GREEN), strict=True))
CLAIMS = {
    "one_order_sold_to_many": "each evening one order of the battery went to five homes",
    "one_order_bought_from_many": "each noon one order of the factory took from several roofs",
    "outage_cancelled_its_trades": "while the line had failed nobody paid anything",
    "shortfall_paid_by_its_cause": "what the battery did not deliver, the battery paid for",
    "correction_posted_as_difference": "a corrected reading left the old lines and added new ones",
    "bills_add_up": "each statement is the sum of its entries",
    "bills_are_what_was_traded": "buyers' bills come to what their trades came to, corrections in",
    "accounts_match_bills": "each account changed by exactly its bill",
    "commissions_rounded_once": "each commission is the rate on the month's total, rounded once",
    "money_conserved": "no money was made or lost",
    "energy_conserved": "issued certificates are held or claimed, to the watt-hour",
    "matched_production_claimed": "all that was delivered and consumed was claimed",
    "budget_was_the_limit": "the standing order never cost more than its budget, and ended with it",
    "everybody_sums_to_zero": "what some gained others lost, to the last millionth",
    "misuse_refused": "everything that should be refused was, for the right reason",
    "audited": "replaying the ledger meets every root",
}


def market_report(
    month: Month,
    bills: Sequence[Bill],
    everybody: Sequence[tuple[str, int]],
    proved: dict[str, bool],
) -> Report:
    """Put the whole report together; `everybody` is who gained what, with the sum last."""
    told = month.told
    outcomes = told.outcomes()
    sold = sum(each.lots for each in told.fills)
    delivered = sum(each.delivered_wh for each in outcomes)
    paid = sum(each.buyer_pays for each in outcomes)
    commissions = sum(totals_of([each.charges for each in bills]))
    return Report(
        title="A month in the town's market",
        headline=f"{len(told.fills)} trades, {len(bills)} bills, not a millionth lost",
        lead=(
            f"In {month.plan.days} days {write_amount(sold, KILOWATT_HOURS)} were sold, "
            f"{write_amount(delivered, KILOWATT_HOURS)} were delivered, and consumers paid "
            f"{write_amount(paid, ROUND_EURO)} for them and "
            f"{write_amount(commissions, ROUND_EURO)} of commissions. One evening the line failed "
            "and its trades were cancelled, one evening the battery gave less than it sold, one "
            "reading was corrected long after it was paid for."
        ),
        gauges=(
            Gauge(
                "Sold energy that was delivered",
                f"{write_amount(delivered, KILOWATT_HOURS)} of "
                f"{write_amount(sold, KILOWATT_HOURS)}",
                Share(delivered, sold),
                Hue.BLUE,
            ),
        ),
        facts=(
            Fact("orders", f"{len(told.orders):,}"),
            Fact("trades", f"{len(told.fills):,}"),
            Fact("lines on statements", f"{len(told.entries):,}"),
            Fact("claims proven", f"{sum(proved.values())} of {len(proved)}", all(proved.values())),
        ),
        sections=(
            _days(month),
            _first_day(month),
            _bills(bills, everybody),
            _refused(month),
            _proved(proved),
        ),
        colophon="What meters count is a model that is stated in scenarios/market_cast.py.",
    )


def _days(month: Month) -> Section:
    """Show what each seller sold and what of it was not delivered, day by day."""
    sold: dict[str, list[int]] = {name: [] for name in SELLERS}
    missing, captions, labels = [], [], []
    for day in range(month.plan.days):
        amounts: dict[str, int] = defaultdict(int)
        lost = 0
        for fill in (*fills_at(month, day, NOON), *fills_at(month, day, EVENING)):
            settled = month.told.settled[fill.fill].settled
            amounts[_seller(month, fill.sell)] += settled.delivered_wh
            lost += fill.lots - settled.delivered_wh
        for name in SELLERS:
            sold[name].append(amounts[name])
        missing.append(lost)
        labels.append(f"{day + 1}")
        captions.append(write_amount(lost, KILOWATT_HOURS, with_symbol=False) if lost else "")
    chart = Bars(
        title="Delivered energy by seller, and what was sold and did not come",
        summary=(
            f"On day {month.plan.outage_day + 1} the battery's line failed in the evening; on day "
            f"{month.plan.weak_day + 1} the battery gave less than it had sold."
        ),
        unit=KILOWATT_HOURS,
        labels=tuple(labels),
        caption_title="Missing",
        captions=tuple(captions),
        above=tuple(Series(name, HUES[name], tuple(sold[name])) for name in SELLERS),
        below=(Series("Not delivered", Hue.VERMILION, tuple(missing)),),
    )
    text = (
        "At noon the factory's one order takes from all roofs, the cheapest first, and a home's "
        "standing order takes some, too, until its budget is spent. In the evening five homes "
        "take their parts of the battery's one order."
    )
    return Section("Thirty-one days of trade", text, (chart,))


def _first_day(month: Month) -> Section:
    """Show every trade of the first day."""
    rows = []
    for hour in (NOON, EVENING):
        for fill in fills_at(month, 0, hour):
            settled = month.told.settled[fill.fill].settled
            rows.append(
                (
                    f"{hour}:00",
                    _seller(month, fill.sell),
                    _buyer(month, fill.buy),
                    f"{fill.lots:,}",
                    f"{settled.claimed_wh:,}",
                    write_amount(settled.buyer_pays, EURO, with_symbol=False),
                    write_amount(settled.seller_gets, EURO, with_symbol=False),
                )
            )
    header = ("Hour", "Seller", "Buyer", "Wh", "Claimed Wh", "Buyer pays", "Seller gets")
    table = Table("All trades of day 1, in EUR", header, tuple(rows))
    text = (
        "Certificates move in the same act as the money. A buyer that consumes less than it bought "
        "gets the excess price for the rest."
    )
    return Section("One day in full", text, (table,))


def _bills(bills: Sequence[Bill], sums_of: Sequence[tuple[str, int]]) -> Section:
    """Show everybody's bill."""
    rows = [(bill.name, *_amounts(bill)) for bill in bills]
    sums = [sum(column) for column in zip(*(row[1:] for row in rows), strict=True)]
    shown = tuple(
        (str(name), *(write_amount(int(each), EURO, with_symbol=False) for each in amounts))
        for name, *amounts in (*rows, ("All", *sums))
    )
    header = ("Account", "Energy", "Platform", "Operator", "DSO", "Bill")
    table = Table("Statements of March, in EUR", header, shown, has_total=True)
    commissions = tuple(
        (name, write_amount(total, EURO, with_symbol=False))
        for name, total in zip(CHARGES, totals_of([each.charges for each in bills]), strict=True)
    )
    received = Table("What the commissions came to, in EUR", ("Receiver", "EUR"), commissions)
    everybody = Table(
        "Everybody, in EUR",
        ("Who", "Gained"),
        tuple((name, write_amount(gained, EURO, with_symbol=False)) for name, gained in sums_of),
        has_total=True,
    )
    text = (
        "The rates are crooked on purpose, so that rounding is seen: each commission is computed "
        "from a consumer's total of the month and rounded down once."
    )
    return Section("The bills of the month", text, (table, received, everybody))


def _amounts(bill: Bill) -> tuple[int, ...]:
    """Return a bill's amounts: energy with its imbalance, charges, and the sum."""
    items = dict(bill.items)
    charges = [items.pop(name) for name in CHARGES]
    return (sum(items.values()), *charges, bill.total)


def _refused(month: Month) -> Section:
    """Show what was tried and refused."""
    rows = tuple(
        (what, "refused" if was_refused else "ACCEPTED")
        for what, was_refused in month.told.refused.items()
    )
    text = "Whatever a rule forbids leaves no trace but its rejection."
    return Section("What was tried", text, (Table("Attempts", ("Attempt", "Outcome"), rows),))


def _proved(proved: dict[str, bool]) -> Section:
    """Show what was proved."""
    rows = tuple((CLAIMS[name], "yes" if holds else "NO") for name, holds in proved.items())
    text = "Each claim was computed a second time, from what the ledger reported."
    return Section("What it proves", text, (Table("Claims", ("Claim", "Holds"), rows),))


def _seller(month: Month, order: bytes | None) -> str:
    """Return the name of who placed a selling order."""
    return _named(month, order, (BATTERY, *ROOFS))


def _buyer(month: Month, order: bytes | None) -> str:
    """Return the name of who placed a buying order."""
    return _named(month, order, (FACTORY, SAVER, *HOMES))


def _named(month: Month, order: bytes | None, names: Sequence[str]) -> str:
    """Return which of some people placed an order."""
    placed = next((each for id, each in month.told.orders.items() if id == order), None)
    if placed is None:
        return "nobody"
    return next(name for name in names if month.cast.account(name).public == placed.owner)
