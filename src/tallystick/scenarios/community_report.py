"""Tell the story of the lane's week: who sold what to whom, at what price, and who pays what."""

from .community_bills_report import bills_section, house_section
from .community_claims import CLAIMS, SHOWN_FIRST
from .community_figures import QUARTERS_AN_HOUR, Figures, coverage
from .community_rules import RETAIL_PRICE
from .local_time import clock_changes, name_day, to_local
from .report_data import (
    KILOWATT_HOURS,
    KILOWATTS,
    Areas,
    Bars,
    Fact,
    Gauge,
    HeatMap,
    Hue,
    Report,
    Section,
    Series,
    Share,
    Table,
    Tick,
    Unit,
    write_amount,
)
from .village_figures import QUARTERS_PER_DAY, name_quarter

CENTS_A_KWH = Unit("ct/kWh", base=10, decimals=1)
EUROS = Unit("EUR", base=1_000_000, decimals=2)
SECONDS = Unit("s", base=1_000, decimals=2)
COLOPHON = (
    "Readings: excerpt of the SimBench database, University of Kassel, TU Dortmund, RWTH Aachen "
    "and Fraunhofer IEE. Database under the Open Database License 1.0, contents under the Database "
    "Contents License 1.0. Forecasts, prices, shares, the broken line and the silent meter are "
    "invented. Times are those of a clock in Berlin."
)


def community_report(figures: Figures) -> Report:
    """Put the whole report together."""
    matched, used = sum(figures.matched_wh), sum(figures.used_wh)
    made = matched + sum(figures.surplus_wh)
    return Report(
        title="A lane that trades its electricity",
        headline=(
            f"{_kwh(matched)} from roof to neighbour at {_mean_price(figures)} on average; "
            "every bill adds up"
        ),
        lead=_lead(figures),
        gauges=(
            Gauge(
                "Receivers' use that came from a neighbour's roof",
                f"{_kwh(matched)} of {_kwh(used)}",
                Share(matched, used),
                Hue.BLUE,
            ),
            Gauge(
                "Donors' production that a neighbour bought and used",
                f"{_kwh(matched)} of {_kwh(made)}",
                Share(matched, made),
                Hue.ORANGE,
            ),
        ),
        facts=_facts(figures),
        sections=(
            _market_section(figures),
            _promise_section(figures),
            bills_section(figures),
            house_section(figures),
            _ledger_section(figures),
            _proof_section(figures),
        ),
        colophon=COLOPHON,
    )


def _lead(figures: Figures) -> str:
    """Say in a few sentences what came out."""
    log = figures.log
    saved = sum(
        RETAIL_PRICE * bill.bought_wh - bill.paid - sum(bill.charges) for bill in figures.receivers
    )
    return (
        f"{len(figures.donors)} donors with roofs and {len(figures.receivers)} receivers without "
        f"traded for {len(figures.days)} days in quarter hours. They placed "
        f"{log.counts['orders']:,} orders; {log.counts['auctions']:,} auctions, each a day before "
        f"its delivery, made {log.counts['trades']:,} trades of them. Meters, not promises, "
        f"decided what was paid. Receivers paid {_eur(saved)} less than a supplier would have "
        "taken for the same energy, all charges included."
    )


def _facts(figures: Figures) -> tuple[Fact, ...]:
    """Say what was done, and of how many claims it proves how many."""
    counts, proved = figures.log.counts, figures.proved
    return (
        *(Fact(name, f"{counts[name]:,}") for name in ("auctions", "trades")),
        *(
            Fact(label, "yes" if proved[name] else "NO", proved[name])
            for name, label in SHOWN_FIRST.items()
        ),
        Fact("claims proven", f"{sum(proved.values())} of {len(proved)}", all(proved.values())),
    )


def _market_section(figures: Figures) -> Section:
    """Show volumes, prices and coverage by quarter hour."""
    rows, values = coverage(figures)
    names = tuple(name_quarter(place) for place in range(QUARTERS_PER_DAY))
    heat = HeatMap(
        title="Part of the receivers' use that came from a neighbour, for every quarter hour",
        summary="Middays are covered, mornings and evenings in part, nights never.",
        rows=rows,
        columns=names,
        ticks=tuple(
            Tick(place, names[place]) for place in range(0, QUARTERS_PER_DAY, 3 * QUARTERS_AN_HOUR)
        ),
        values=values,
    )
    text = (
        "A day before each quarter hour its gate closes, and all orders meet at one price: the one "
        "at which most is traded. Where roofs offer plenty, the price is what the last donor "
        "needed asks; where they do not, it is what the last receiver served bids."
    )
    return Section("The market", text, (_volume(figures), _prices(figures), heat))


def _volume(figures: Figures) -> Areas:
    """Show what was traded and used, and what roofs made besides."""
    traded = _power("Traded, delivered and used", Hue.BLUE, figures.matched_wh)
    surplus = _power("Other production of the roofs", Hue.YELLOW, figures.surplus_wh)
    return Areas(
        title="Power from the donors' roofs, and power that receivers used",
        summary=(
            f"At most {write_amount(max(traded.values), KILOWATTS)} went to neighbours; the "
            "receivers' use goes on when the sun has set."
        ),
        unit=KILOWATTS,
        labels=tuple(map(_name_point, figures.begins)),
        ticks=_day_ticks(figures),
        marks=_marks(figures),
        layers=(traded, surplus),
        line=_power("Receivers' use", Hue.GREY, figures.used_wh),
    )


def _prices(figures: Figures) -> Areas:
    """Show the price of every auction against what a supplier takes."""
    known = [price for price in figures.price if price]
    low, high = min(known, default=0), max(known, default=0)
    elsewhere = tuple(RETAIL_PRICE for _ in figures.price)
    return Areas(
        title="Price of each auction that traded, before charges",
        summary=(
            f"Between {write_amount(low, CENTS_A_KWH)} at midday and "
            f"{write_amount(high, CENTS_A_KWH)} where roofs give little."
        ),
        unit=CENTS_A_KWH,
        labels=tuple(map(_name_point, figures.begins)),
        ticks=_day_ticks(figures),
        marks=(),
        layers=(Series("Price in the lane", Hue.GREEN, figures.price),),
        line=Series("A supplier's price, charges included", Hue.GREY, elsewhere),
    )


def _promise_section(figures: Figures) -> Section:
    """Show what became of what was sold, and of three mishaps."""
    bars = Bars(
        title="What became of the energy that was sold",
        summary="Most was delivered; cuts were announced before delivery, shortfalls were not.",
        unit=KILOWATT_HOURS,
        labels=tuple(day.label for day in figures.days),
        caption_title="Mean price",
        captions=tuple(
            write_amount(day.value // max(1, day.sold_wh), CENTS_A_KWH) for day in figures.days
        ),
        above=(
            Series("Delivered", Hue.BLUE, tuple(day.delivered_wh for day in figures.days)),
            Series("Cut beforehand", Hue.SKY, tuple(day.cut_wh for day in figures.days)),
            Series("Missing", Hue.VERMILION, tuple(day.missing_wh for day in figures.days)),
        ),
    )
    text = (
        f"{figures.boaster} offers 40 % more than the roof is expected to make. Where the "
        "controller admits it at dawn, trades are cut, and neighbours know it and pay nothing for "
        "the rest; where it does not, others deliver it. Either way each kWh sold and not there "
        "costs the seller 40 ct less its price. "
        f"{figures.cut_off}'s line broke one afternoon: the grid operator declared it, and "
        "trades behind it ended at nobody's cost. "
        f"{figures.late}'s meter was silent on "
        f"{figures.late_day}: after 36 hours it counted as nothing, and when it spoke again the "
        "difference was billed."
    )
    return Section(
        "What was promised, and what came", text, (bars, _boast(figures), _mishaps(figures))
    )


def _boast(figures: Figures) -> Table:
    """Show the days of the donor who promises too much."""
    rows = tuple(
        (
            day.label,
            "what there is" if day.is_honest else "what was offered",
            *(
                write_amount(wh, KILOWATT_HOURS, with_symbol=False)
                for wh in (
                    day.offered_wh,
                    day.sold_wh,
                    day.cut_wh,
                    day.delivered_wh,
                    day.missing_wh,
                )
            ),
            write_amount(day.paid, EUROS, with_symbol=False),
        )
        for day in figures.boast
    )
    header = ("Day", "Promised at dawn", "Offered", "Sold", "Cut", "Delivered", "Missing", "Fine")
    return Table(f"{figures.boaster}'s week, in kWh and EUR", header, rows)


def _mishaps(figures: Figures) -> Table:
    """Show the broken line and the silent meter."""
    before = [each.before for each in figures.corrections]
    after = [each.after for each in figures.corrections]
    late = f"{figures.late}'s silent meter"
    rows = (
        (
            f"{figures.cut_off}'s broken line",
            f"{figures.outage_trades} trades ended, {_kwh(figures.outage_wh)}",
            _eur(0),
        ),
        (
            late,
            f"{len(before)} trades settled after 36 hours, {_kwh(0)} counted",
            _eur(sum(each.buyer_pays for each in before)),
        ),
        (
            late,
            f"settled anew, {_kwh(sum(each.consumed_wh for each in after))} counted",
            _eur(sum(each.buyer_pays for each in after)),
        ),
        (late, "the difference was due, and paid", _eur(figures.log.late_due)),
    )
    return Table("A broken line and a silent meter", ("What", "What it meant", "Buyer pays"), rows)


def _ledger_section(figures: Figures) -> Section:
    """Show what the ledger did, and what it refused."""
    log = figures.log
    work = tuple(
        (
            label,
            f"{log.counts[label]:,}",
            write_amount(int(1_000 * seconds), SECONDS, with_symbol=False),
            f"{int(log.counts[label] / seconds):,}" if seconds else "-",
        )
        for label, seconds in log.seconds.items()
    )
    refused = tuple(
        (label, by, "yes" if is_right else "NO") for label, by, is_right in log.refusals
    )
    text = (
        "Every order is signed by its account and by the key of its meter's interval, and money "
        f"and production are bound before anything is traded. A stranger finished {log.resumed} "
        "auctions that the operator had left half done, and anybody settles and closes."
    )
    blocks = (
        Table("How fast it went", ("Step", "Number", "Seconds", "Per second"), work),
        Table("What was tried and refused", ("Attempt", "Refused by", "As it should be"), refused),
    )
    return Section("The ledger's work", text, blocks)


def _proof_section(figures: Figures) -> Section:
    """Say what everybody can check, and whether it holds."""
    rows = tuple(
        (name.replace("_", " "), CLAIMS[name], "yes" if is_true else "NO")
        for name, is_true in figures.proved.items()
    )
    text = (
        "Prices, parts, bills and balances were computed a second time, from meter readings, "
        "promises and what the ledger tells everybody, without calling any rule of the market."
    )
    return Section("What it proves", text, (Table("Claims", ("Claim", "Meaning", "Holds"), rows),))


def _power(name: str, hue: Hue, energy_wh: tuple[int, ...]) -> Series:
    """Return mean power by quarter hour. [W]"""
    return Series(name, hue, tuple(QUARTERS_AN_HOUR * wh for wh in energy_wh))


def _mean_price(figures: Figures) -> str:
    """Return what a kWh was sold for on average."""
    value, sold = (sum(getattr(day, name) for day in figures.days) for name in ("value", "sold_wh"))
    return write_amount(value // max(1, sold), CENTS_A_KWH)


def _marks(figures: Figures) -> tuple[Tick, ...]:
    """Mark the broken line and the change of clocks."""
    spring = clock_changes(to_local(figures.begins[0]).year)[0]
    marks = [(figures.outage.start, f"{figures.cut_off}'s line breaks")]
    if spring in figures.begins:
        marks.append((figures.begins.index(spring), "clocks go forward"))
    return tuple(Tick(at, label) for at, label in sorted(marks))


def _day_ticks(figures: Figures) -> tuple[Tick, ...]:
    """Mark the beginning of each local day, whatever its length."""
    days = [to_local(begin).date() for begin in figures.begins]
    return tuple(
        Tick(place, name_day(day))
        for place, day in enumerate(days)
        if place == 0 or day != days[place - 1]
    )


def _name_point(begin: int) -> str:
    """Name a quarter hour by its local day and time."""
    local = to_local(begin)
    return f"{name_day(local.date())} {local.hour:02d}:{local.minute:02d}"


def _kwh(amount_wh: int) -> str:
    """Write energy."""
    return write_amount(amount_wh, KILOWATT_HOURS)


def _eur(amount: int) -> str:
    """Write money."""
    return write_amount(amount, EUROS)
