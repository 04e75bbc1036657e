"""
Tell the village's story: enough energy by volume is not enough energy when it is needed.

Two inputs meet here: what was made and used, and what the ledger answered. The report is the same
on a terminal and on a page; this module decides what it says, the faces decide how it looks.
"""

from .ledger_facts import LedgerFacts, is_conserved
from .local_time import clock_changes, name_day, to_local
from .report_data import (
    KILOWATT_HOURS,
    KILOWATTS,
    MEGAWATT_HOURS,
    WATT_HOURS,
    Areas,
    Bars,
    Fact,
    Gauge,
    HeatMap,
    Hue,
    Listing,
    Report,
    Section,
    Series,
    Share,
    Table,
    Tick,
    Unit,
    write_amount,
    write_percent,
)
from .village_data import INTERVAL_SECONDS
from .village_figures import (
    QUARTERS_PER_DAY,
    Balance,
    EnergySeries,
    by_day,
    by_hour,
    coverage,
    name_quarter,
    total,
)

COLOPHON = (
    "Data: excerpt of the SimBench database, University of Kassel, TU Dortmund, RWTH Aachen and "
    "Fraunhofer IEE. Database under the Open Database License 1.0, contents under the Database "
    "Contents License 1.0. The village owns a share of each plant on the medium-voltage grid. "
    "Times are those of a clock in Berlin."
)
_HOURS_PER_TICK = 3


def village_report(energy: EnergySeries, ledger: LedgerFacts) -> Report:
    """Put the whole report together."""
    whole = total(energy)
    by_volume = Share(whole.produced_wh, whole.consumed_wh)
    in_time = Share(whole.matched_wh, whole.consumed_wh)
    made = f"{_mwh(whole.produced_wh)} made, {_mwh(whole.consumed_wh)} used"
    met = f"{_mwh(whole.matched_wh)} made and used in the same quarter hour"
    return Report(
        title="A village and its electricity",
        headline=(
            f"{write_percent(by_volume)} by volume, "
            f"{write_percent(in_time)} in the same quarter hour"
        ),
        lead=_lead(energy, whole),
        gauges=(
            Gauge("Made, compared with used, over the whole period", made, by_volume, Hue.GREY),
            Gauge("Used in the quarter hour in which it was made", met, in_time, Hue.BLUE),
        ),
        facts=_facts(ledger),
        sections=(
            _when_section(energy),
            _match_section(energy),
            _what_section(energy),
            _conservation_section(ledger),
            _work_section(ledger),
            _proof_section(ledger),
        ),
        colophon=COLOPHON,
    )


def _lead(energy: EnergySeries, whole: Balance) -> str:
    """Say in a few sentences what came out."""
    begin, end = (to_local(energy.begins[place]).date() for place in (0, -1))
    plants = sum(source.plants for source in energy.sources)
    return (
        f"From {name_day(begin)} to {name_day(end)} {end.year} the {energy.homes} homes of this "
        f"village used {_mwh(whole.consumed_wh)}, and its {plants} plants made "
        f"{_mwh(whole.produced_wh)}: nearly as much, if one looks at the sum. Quarter hour by "
        f"quarter hour it is another story. Only {_mwh(whole.matched_wh)} were used when they "
        f"were made; {_mwh(whole.missing_wh)} had to come from elsewhere while "
        f"{_mwh(whole.surplus_wh)} of surplus went away at other times."
    )


def _facts(ledger: LedgerFacts) -> tuple[Fact, ...]:
    """Say what was done and whether it holds."""
    conserved = is_conserved(ledger)
    return (
        Fact("readings", f"{ledger.readings:,}"),
        Fact("measurements", f"{ledger.measurements:,}"),
        Fact("certificates", f"{ledger.certificates:,}"),
        Fact("claims", f"{ledger.claims:,}"),
        Fact("energy conserved", "yes" if conserved else "NO", conserved),
        Fact("ledger audited", "yes" if ledger.is_audited else "NO", ledger.is_audited),
        Fact("proof verified", "yes" if ledger.is_verified else "NO", ledger.is_verified),
    )


def _when_section(energy: EnergySeries) -> Section:
    """Show production against consumption over the whole period."""
    per_hour = 3600 // INTERVAL_SECONDS
    layers = tuple(
        Series(source.label, source.hue, tuple(per_hour * wh for wh in source.produced_wh))
        for source in energy.sources
    )
    line = Series("Use", Hue.GREY, tuple(per_hour * wh for wh in energy.consumed_wh))
    peaks = [max(map(sum, zip(*(layer.values for layer in layers), strict=True)))]
    peaks.append(max(line.values))
    chart = Areas(
        title="Power made by technology, and power used",
        summary=(
            f"Production peaks at {write_amount(peaks[0], KILOWATTS)} around noon and falls to "
            f"what wind and biomass give at night; use peaks at {write_amount(peaks[1], KILOWATTS)}"
            " and hardly follows production."
        ),
        unit=KILOWATTS,
        labels=tuple(_name_point(begin) for begin in energy.begins),
        ticks=_day_ticks(energy),
        marks=_clock_change_marks(energy),
        layers=layers,
        line=line,
    )
    text = (
        "Where the line runs above the coloured areas, the village needs electricity from "
        "elsewhere; where the areas rise above the line, it has too much."
    )
    return Section("When the village makes electricity, and when it uses it", text, (chart,))


def _match_section(energy: EnergySeries) -> Section:
    """Show what was matched per day, per hour of the day and per quarter hour."""
    days, hours = by_day(energy, name_day), by_hour(energy)
    per_day = _matched_bars("Matched and unmatched energy per day", days, "day")
    per_hour = _matched_bars("Matched and unmatched energy per hour of the day", hours, "hour")
    quarters = tuple(name_quarter(place) for place in range(QUARTERS_PER_DAY))
    heat = HeatMap(
        title="Part of the use that is covered, for every quarter hour",
        summary="Most middays are covered; nights and evenings are only when the wind blows.",
        rows=tuple(day.label for day in days),
        columns=quarters,
        ticks=tuple(
            Tick(place, quarters[place])
            for place in range(0, QUARTERS_PER_DAY, _HOURS_PER_TICK * QUARTERS_PER_DAY // 24)
        ),
        values=coverage(energy),
    )
    text = (
        "Each quarter hour matches as much as it can: the roofs first, then the shared plants, "
        "each home its fair part. What is missing comes from elsewhere; what is left over goes "
        "away."
    )
    return Section("What meets in the same quarter hour", text, (per_day, per_hour, heat))


def _matched_bars(title: str, balances: tuple[Balance, ...], stretch: str) -> Bars:
    """Show what was matched and missing upwards, and the surplus downwards."""
    shares = [Share(balance.matched_wh, balance.consumed_wh) for balance in balances]
    covered = [100 * share.part // max(1, share.whole) for share in shares]
    least, most = covered.index(min(covered)), covered.index(max(covered))
    return Bars(
        title=title,
        summary=(
            f"The least covered {stretch} is {balances[least].label} with "
            f"{write_percent(shares[least])} of its use, the most covered is "
            f"{balances[most].label} with {write_percent(shares[most])}."
        ),
        unit=KILOWATT_HOURS,
        labels=tuple(balance.label for balance in balances),
        caption_title="Covered",
        captions=tuple(write_percent(share) for share in shares),
        above=(
            Series("Matched", Hue.BLUE, tuple(balance.matched_wh for balance in balances)),
            Series("Missing", Hue.VERMILION, tuple(balance.missing_wh for balance in balances)),
        ),
        below=(Series("Surplus", Hue.GREY, tuple(balance.surplus_wh for balance in balances)),),
    )


def _what_section(energy: EnergySeries) -> Section:
    """Show what each technology made and what of it was matched."""
    whole = total(energy)
    amounts = [
        (source.label, source.plants, sum(source.produced_wh), sum(source.matched_wh))
        for source in energy.sources
    ]
    plants = sum(source.plants for source in energy.sources)
    amounts.append(("All", plants, whole.produced_wh, whole.matched_wh))
    rows = tuple(
        (
            label,
            f"{count}",
            write_amount(produced, KILOWATT_HOURS, with_symbol=False),
            write_amount(matched, KILOWATT_HOURS, with_symbol=False),
            write_amount(produced - matched, KILOWATT_HOURS, with_symbol=False),
            Share(matched, produced),
        )
        for label, count, produced, matched in amounts
    )
    header = ("Technology", "Plants", "Made", "Matched", "Unmatched", "Matched part")
    table = Table("What each technology made, in kWh", header, rows, has_total=True)
    text = (
        "The roofs come first in every quarter hour, and the shared plants share what use is left. "
        "So a plant that produces when the roofs do finds few users."
    )
    return Section("Which plants find a user", text, (table,))


def _conservation_section(ledger: LedgerFacts) -> Section:
    """Show that no energy was created or lost on the ledger."""
    states = (
        ("Measured", [row.measured_wh for row in ledger.conservation]),
        ("Issued", [row.issued_wh for row in ledger.conservation]),
        ("Held", [row.held_wh for row in ledger.conservation]),
        ("Locked", [row.locked_wh for row in ledger.conservation]),
        ("Claimed", [row.claimed_wh for row in ledger.conservation]),
        ("Withdrawn", [row.withdrawn_wh for row in ledger.conservation]),
        ("Expired", [row.expired_wh for row in ledger.conservation]),
        ("Difference", [row.difference_wh for row in ledger.conservation]),
    )
    rows = tuple(
        (
            label,
            *(write_amount(amount, WATT_HOURS, with_symbol=False) for amount in amounts),
            write_amount(sum(amounts), WATT_HOURS, with_symbol=False),
        )
        for label, amounts in states
    )
    header = ("Wh", *(row.label for row in ledger.conservation), "All")
    table = Table("Where every watt-hour is", header, rows, has_total=True)
    text = (
        "Everything issued is held, locked, claimed, withdrawn or expired: to the watt-hour, "
        "for each technology."
    )
    return Section("Nothing created, nothing lost", text, (table,))


def _work_section(ledger: LedgerFacts) -> Section:
    """Show what the ledger did and what a stranger learns from it."""
    work = tuple(
        (
            stage.label,
            f"{stage.count:,}",
            write_amount(stage.milliseconds, Unit("s", base=1000, decimals=1), with_symbol=False),
            f"{stage.count * 1000 // stage.milliseconds:,}" if stage.milliseconds else "-",
        )
        for stage in ledger.stages
    )
    findings = tuple((finding.question, finding.answer) for finding in ledger.findings)
    text = (
        "Every step is a signed transaction under a published rule. Keys are fresh for every "
        "meter and quarter hour, and shuffled across meters before they are published."
    )
    blocks = (
        Table("How fast it went", ("Step", "Number", "Seconds", "Per second"), work),
        Table("What a stranger can find out", ("Question", "Answer"), findings),
    )
    return Section("The ledger's work", text, blocks)


def _proof_section(ledger: LedgerFacts) -> Section:
    """Say how anybody can check a claim without the ledger."""
    text = (
        f"One claim was written to a file of {ledger.proof_bytes:,} bytes, with everything "
        "between it and the meter readings behind it. Whoever is given this ledger's id and its "
        "checkpoint key can check it without a network and without asking anyone. From a checkout, "
        "put ./dev run before the command."
    )
    blocks = (
        Listing("Check the proof", ledger.verify_command),
        Listing("Checkpoint", ledger.checkpoint),
        Listing(
            "Where everything is",
            f"ledger     {ledger.ledger_path}\nledger id  {ledger.ledger_id}\n"
            f"proof      {ledger.proof_file}",
        ),
    )
    return Section("Do not believe us", text, blocks)


def _day_ticks(energy: EnergySeries) -> tuple[Tick, ...]:
    """Mark the beginning of each local day, whatever its length."""
    days = [to_local(begin).date() for begin in energy.begins]
    return tuple(
        Tick(place, name_day(day))
        for place, day in enumerate(days)
        if place == 0 or day != days[place - 1]
    )


def _clock_change_marks(energy: EnergySeries) -> tuple[Tick, ...]:
    """Mark where clocks are put forward or back."""
    years = range(to_local(energy.begins[0]).year, to_local(energy.begins[-1]).year + 1)
    changes = {
        instant: label
        for year in years
        for instant, label in zip(
            clock_changes(year), ("clocks go forward", "clocks go back"), strict=True
        )
    }
    return tuple(
        Tick(place, changes[begin]) for place, begin in enumerate(energy.begins) if begin in changes
    )


def _name_point(begin: int) -> str:
    """Name a quarter hour by its local day and time."""
    local = to_local(begin)
    return f"{name_day(local.date())} {local.hour:02d}:{local.minute:02d}"


def _mwh(amount_wh: int) -> str:
    """Write an amount in MWh."""
    return write_amount(amount_wh, MEGAWATT_HOURS)
