"""Tell the story of the allowances: what was emitted, what was traded, what it proves."""

from collections.abc import Mapping
from datetime import UTC, datetime

from tallystick.base.identifiers import PublicKey

from .allowances_cast import LEAVING, PLANTS, SHORT, YEARS
from .allowances_certified import Certified, name_of
from .allowances_charts import EUROS, balance, emissions, prices, stock
from .allowances_facts import Facts, UnitYear
from .allowances_model import WH_PER_MWH
from .allowances_proofs import CLAIMS
from .allowances_terms import PENALTY
from .report_data import (
    Block,
    Fact,
    Gauge,
    Hue,
    Listing,
    Report,
    Section,
    Share,
    Table,
    Unit,
    write_amount,
)

KILOGRAMS_PER_MWH = Unit("kg/MWh", base=1_000, decimals=3)
CENTS = Unit("EUR", base=100, decimals=2)
ANONYMOUS = "the clearing account"
SHOWN_FIRST = {
    "each_allowance_in_one_place": "every allowance accounted for",
    "certified_record_verified": "certified record verified",
    "audited": "both ledgers audited",
}
COLOPHON = (
    "Zones, companies, units, prices and what units emit are invented; the model of emissions is "
    "stated in scenarios/allowances_model.py, the baseline formula in the programme's terms. Who "
    "stands behind an account is known here because a demonstration holds all the keys."
)


def allowances_report(facts: Facts, proved: Mapping[str, bool]) -> Report:
    """Put the whole report together."""
    vintages = [each for zone in facts.zones for each in zone.vintages]
    issued, used = (
        sum(getattr(each, name) for each in vintages) for name in ("issued", "surrendered")
    )
    short = next(each for each in _units(facts) if each.missing)
    return Report(
        title="Two years of NOx allowances in two zones",
        headline=(
            f"{issued:,} allowances, each followed to its end; {short.name} fell "
            f"{short.missing:,} short"
        ),
        lead=_lead(facts, short),
        gauges=(
            Gauge(
                "Allowances that cover an emission",
                f"{used:,} of {issued:,} issued",
                Share(used, issued),
                Hue.GREEN,
            ),
            Gauge(
                f"{SHORT}'s emissions of {YEARS[0]} that were covered in time",
                f"{short.surrendered:,} of {short.due:,} allowances",
                Share(short.surrendered, short.due),
                Hue.BLUE,
            ),
        ),
        facts=(
            Fact("measurements", f"{facts.readings:,}"),
            Fact("auctions", f"{sum(len(zone.auctions) for zone in facts.zones):,}"),
            *(
                Fact(label, "yes" if proved[name] else "NO", proved[name])
                for name, label in SHOWN_FIRST.items()
            ),
            Fact("claims proven", f"{sum(proved.values())} of {len(proved)}", all(proved.values())),
        ),
        sections=(
            _units_section(facts),
            _market_section(facts),
            _accounts_section(facts),
            _credit_section(facts.certified, facts.names),
            _stranger_section(facts),
            _proof_section(facts, proved),
        ),
        colophon=COLOPHON,
    )


def _lead(facts: Facts, short: UnitYear) -> str:
    """Say in a few sentences what came out."""
    undelivered = sum(zone.undelivered for zone in facts.zones)
    return (
        f"Two zones, each a ledger of its own with its members and the regulator; eight units, "
        f"whose meters reported {facts.readings:,} hourly figures. Units that emit less than their "
        "baseline sold to units that emit more, at auctions in which nobody learns with whom. "
        f"{SHORT} had bought ahead; {undelivered:,} allowances were never delivered. It got the "
        f"price difference, but no allowances: {short.missing:,} were missing at the deadline. "
        f"That cost {write_amount(short.missing * PENALTY.amount, EUROS)} and as many allowances "
        f"of the next year. {LEAVING} left in the second summer, with nothing outstanding."
    )


def _units_section(facts: Facts) -> Section:
    """Show units, baselines and emissions."""
    first = {each.name: each for each in _units(facts) if each.period == 0}
    rows = tuple(
        (
            plant.name,
            plant.company,
            plant.zone,
            plant.facts.type,
            f"{plant.facts.size_mw}",
            plant.facts.postcode,
            write_amount(first[plant.name].rate_g_per_mwh, KILOGRAMS_PER_MWH, with_symbol=False),
            *(_measured_rate(facts, plant.name, period) for period in range(len(YEARS))),
        )
        for plant in PLANTS
    )
    header = (
        *("Unit", "Holder", "Zone", "Type", "MW", "Area", "Rate"),
        *(f"Emitted {year}" for year in YEARS),
    )
    text = (
        "A baseline is the rate of the unit's type, times a factor for its size, its postcode and "
        "its operating conditions, as the programme published them; the Director may depart from "
        "it by 10 %, with a reason, and did for Corran Mill. Which holder runs which unit, this "
        "page knows and the ledger does not."
    )
    table = Table("Baseline rates and what was measured, in kg NOx per MWh", header, rows)
    return Section("Eight units", text, (table, emissions(facts)))


def _market_section(facts: Facts) -> Section:
    """Show auctions and forecasts."""
    auctions = [each for zone in facts.zones for each in zone.auctions]
    rows = tuple(
        (
            each.zone,
            "future" if each.is_future else "spot",
            f"{each.day:%d %b %Y}",
            f"{YEARS[each.period]}",
            f"{each.wanted:,}",
            f"{each.offered:,}",
            f"{each.volume:,}",
            write_amount(each.price, EUROS, with_symbol=False) if each.volume else "-",
        )
        for each in auctions
    )
    header = ("Zone", "Kind", "Cleared", "Vintage", "Wanted", "Offered", "Traded", "Price")
    text = (
        "Four times for each vintage, whoever the ledger's forecast says will have too much offers "
        "a part of it, and whoever will have too little bids. In July they also trade ahead, for "
        "delivery in the next March. The clearing account is everybody's counterparty. In the "
        "south the trader sold futures and never bought what it had sold: its deposit paid the "
        "price difference, and the exchange suspended it."
    )
    charts = tuple(prices(auctions, zone.zone) for zone in facts.zones)
    return Section(
        "Who sells, who buys",
        text,
        (*charts, Table("Auctions, prices in EUR", header, rows), _forecasts(facts)),
    )


def _forecasts(facts: Facts) -> Table:
    """Show what the ledger foresaw, and what came."""
    came = {(each.name, each.period): each for each in _units(facts)}
    rows = tuple(
        (
            each.name,
            f"{each.asked:%d %b %Y}",
            f"{each.needed:,}",
            f"{each.covered:,}",
            f"{each.shortfall:,}",
            f"{came[each.name, each.period].due:,}",
            f"{came[each.name, each.period].missing:,}",
        )
        for each in facts.foreseen
    )
    header = ("Unit", "Asked on", "Will need", "Has", "Will lack", "Needed", "Lacked")
    return Table("Who will fall short: the ledger's forecasts, and what came", header, rows)


def _accounts_section(facts: Facts) -> Section:
    """Show every unit's account of both years, and every vintage."""
    rows = tuple(
        (
            each.name,
            f"{YEARS[each.period]}",
            *(
                f"{amount:,}"
                for amount in (
                    *(each.granted, each.deduction, each.bought, each.sold),
                    *(each.due, each.surrendered, each.missing),
                )
            ),
        )
        for each in _units(facts)
    )
    header = (
        *("Unit", "Year", "Granted", "Deducted", "Received", "Handed over"),
        *("Needed", "Surrendered", "Lacked"),
    )
    text = (
        "Allocations were trued up to measured output after each year. What was missing was "
        f"deducted from {SHORT}'s next vintage; what {LEAVING} had not earned was cancelled when "
        "it left, and what it had saved it could still sell. Whatever was left at a deadline ended."
    )
    blocks: tuple[Block, ...] = (
        *(stock(facts, zone) for zone in facts.zones),
        *(balance(zone) for zone in facts.zones),
        Table("Every unit's account; what was granted is net of what was deducted", header, rows),
        _vintages(facts),
        _fees(facts),
    )
    return Section("What became of the allowances", text, blocks)


def _vintages(facts: Facts) -> Table:
    """Show what was issued of each vintage, and what came of it."""
    rows = []
    for zone in facts.zones:
        for year, each in zip(YEARS, zone.vintages, strict=True):
            ended = each.surrendered + each.cancelled + each.expired
            amounts = (each.issued, each.surrendered, each.cancelled, each.expired, each.held)
            rows.append(
                (
                    zone.zone,
                    f"{year}",
                    *(f"{amount:,}" for amount in amounts),
                    f"{each.issued - ended - each.held:,}",
                )
            )
    header = ("Zone", "Vintage", "Issued", "Surrendered", "Cancelled", "Expired", "Held", "Lost")
    return Table("Conservation: every vintage of every zone", header, tuple(rows))


def _fees(facts: Facts) -> Table:
    """Show what was collected."""
    names = tuple(facts.zones[0].fees)
    rows = tuple(
        (
            zone.zone,
            *(write_amount(zone.fees[name], CENTS, with_symbol=False) for name in names),
            write_amount(sum(zone.fees.values()), CENTS, with_symbol=False),
        )
        for zone in facts.zones
    )
    header = ("Zone", *(name.capitalize() for name in names), "Total")
    return Table("Fees and penalties collected, in EUR", header, rows)


def _credit_section(certified: Certified, names: Mapping[PublicKey, str]) -> Section:
    """Tell the life of one allowance."""
    rows = tuple(
        (
            _time(step.time),
            step.what,
            _name(step.source, names),
            _name(step.target, names),
        )
        for step in certified.steps
    )
    text = (
        f"Allowance {certified.serial:,} of the {certified.zone}'s vintage {YEARS[0]} has been "
        "through as many hands as any. At the administration's request the registry operator "
        "certified the record of its end: the ledger keeps who asked, who signed, and a digest of "
        "the record. The proof holds the record, the certificate, the transaction with both "
        "signatures, and the hashes that lead from there to the signed checkpoint."
    )
    listing = Listing(
        "What is certified, and the proof",
        f"record       {name_of(certified.subject)}\n"
        f"certificate  {name_of(certified.certificate)}\n"
        f"proof        {certified.path}\n"
        f"             {certified.size:,} bytes; trusting nothing but the checkpoint's key: "
        f"{'it holds' if certified.is_verified else 'IT FAILS'}",
    )
    check = Listing(
        "Check the proof: what it shows, and who signed, under this ledger's key",
        certified.check_command,
    )
    table = Table(
        "Its life, as the ledger's history tells it", ("When", "What", "From", "To"), rows
    )
    return Section("The life of one allowance", text, (table, listing, check))


def _stranger_section(facts: Facts) -> Section:
    """Show what a stranger finds out."""
    rows = []
    for found in zip(*(zone.inferences for zone in facts.zones), strict=True):
        whole, public, leaked = (
            sum(getattr(each, name) for each in found) for name in ("whole", "public", "leaked")
        )
        rows.append((found[0].question, f"{whole:,}", f"{public:,}", f"{leaked:,}"))
    text = (
        "Public are the names of holders, units, baselines and the totals of vintages. All else is "
        "confidential by access: whoever runs a node sees it. Then a unit's account is known for "
        "what it is, and so is all that it holds, emits and trades; but not which company runs "
        "it, unless its postcode and size say so to people who know the area, and not with whom "
        "it traded, unless the auction was so small that there was nobody else."
    )
    header = ("Question", "Answers there are", "From the public view", "If everything leaks")
    table = Table("What a stranger can infer, both zones together", header, tuple(rows))
    return Section("What a stranger can infer", text, (table,))


def _proof_section(facts: Facts, proved: Mapping[str, bool]) -> Section:
    """Say what everybody can check, and whether it holds."""
    tried: dict[tuple[str, int], list[bool]] = {}
    for zone in facts.zones:
        for each in zone.refusals:
            tried.setdefault((each.what, each.wanted), []).append(each.code == each.wanted)
    refused = tuple(
        (what, f"{code}", f"{len(right)}", "yes" if all(right) else "NO")
        for (what, code), right in tried.items()
    )
    rows = tuple(
        (name.replace("_", " "), CLAIMS[name], "yes" if is_true else "NO")
        for name, is_true in proved.items()
    )
    text = "Each claim is checked against the model, the events or the orders, not by the contract."
    blocks = (
        Table("What was tried and refused", ("Attempt", "Code", "Times", "As due"), refused),
        Table("Claims", ("Claim", "Meaning", "Holds"), rows),
    )
    return Section("What it proves", text, blocks)


def _units(facts: Facts) -> list[UnitYear]:
    """Return every unit's account of every year."""
    return [each for zone in facts.zones for each in zone.units]


def _measured_rate(facts: Facts, name: str, period: int) -> str:
    """Return what a unit emitted per MWh in a year."""
    each = next(each for each in _units(facts) if (each.name, each.period) == (name, period))
    rate = each.emitted_g * WH_PER_MWH // max(1, each.produced_wh)
    return write_amount(rate, KILOGRAMS_PER_MWH, with_symbol=False)


def _name(key: PublicKey | None, names: Mapping[PublicKey, str]) -> str:
    """Return whose key it is, as the registry knows it."""
    return "-" if key is None else names.get(key, ANONYMOUS)


def _time(milliseconds: int) -> str:
    """Return a block's time."""
    return f"{datetime.fromtimestamp(milliseconds // 1_000, tz=UTC):%d %b %Y %H:%M}"
