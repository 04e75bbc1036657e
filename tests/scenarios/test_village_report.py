"""The report says what the numbers say."""

from dataclasses import replace

import pytest

from tallystick.scenarios.ledger_facts import LedgerFacts
from tallystick.scenarios.report_data import (
    Areas,
    Bars,
    Block,
    HeatMap,
    Listing,
    Report,
    Table,
)
from tallystick.scenarios.village_figures import EnergySeries
from tallystick.scenarios.village_report import village_report


@pytest.fixture
def report(energy: EnergySeries, facts: LedgerFacts) -> Report:
    """Build the village's report."""
    return village_report(energy, facts)


def find(report: Report, title: str) -> Block:
    """Return the block with a title."""
    blocks = {block.title: block for section in report.sections for block in section.blocks}
    return blocks[title]


def test_headline(report: Report) -> None:
    """The headline has both percentages, and the gauges show the same ones."""
    assert "98 % by volume, 64 % in the same quarter hour" == report.headline
    shares = [(gauge.share.part, gauge.share.whole) for gauge in report.gauges]
    assert [(16_551_964, 16_930_658), (10_760_442, 16_930_658)] == shares


def test_lead(report: Report) -> None:
    """The lead names the period, the village and where the rest went."""
    for part in ("Mon 21 Mar to Sun 3 Apr 2016", "153 homes", "39 plants", "6.2 MWh", "5.8 MWh"):
        assert part in report.lead


def test_two_weeks(report: Report) -> None:
    """Power is four times the energy of a quarter hour, and the short day is marked."""
    chart = find(report, "Power made by technology, and power used")
    assert isinstance(chart, Areas)
    assert 4 * 16_551_964 == sum(sum(layer.values) for layer in chart.layers)
    assert 4 * 16_930_658 == sum(chart.line.values)
    assert [0, 96, 192, 288, 384, 480, 576, 668] == [tick.at for tick in chart.ticks[:8]]
    assert [(584, "clocks go forward")] == [(mark.at, mark.label) for mark in chart.marks]
    assert ("Sun 27 Mar 01:45", "Sun 27 Mar 03:00") == chart.labels[583:585]


@pytest.mark.parametrize(
    ("title", "count"),
    [
        ("Matched and unmatched energy per day", 14),
        ("Matched and unmatched energy per hour of the day", 24),
    ],
)
def test_matched_bars(report: Report, title: str, count: int) -> None:
    """Bars add up to the whole, whatever they are divided by."""
    bars = find(report, title)
    assert isinstance(bars, Bars)
    assert (count, count) == (len(bars.labels), len(bars.captions))
    sums = {series.name: sum(series.values) for series in (*bars.above, *bars.below)}
    assert {"Matched": 10_760_442, "Missing": 6_170_216, "Surplus": 5_791_522} == sums


def test_heat_map(report: Report) -> None:
    """There is a row for each day and a column for each quarter hour."""
    heat = find(report, "Part of the use that is covered, for every quarter hour")
    assert isinstance(heat, HeatMap)
    assert (14, 96, {96}) == (len(heat.rows), len(heat.columns), set(map(len, heat.values)))
    assert "06:00" == heat.columns[heat.ticks[2].at]


def test_conservation_table(report: Report) -> None:
    """The table sums every state over the technologies."""
    table = find(report, "Where every watt-hour is")
    assert isinstance(table, Table)
    sums = {row[0]: row[-1] for row in table.rows}
    assert {
        "Measured": "16,551,964",
        "Issued": "16,551,964",
        "Held": "5,791,522",
        "Locked": "0",
        "Claimed": "10,760,442",
        "Withdrawn": "0",
        "Expired": "0",
        "Difference": "0",
    } == sums


def test_throughput(report: Report) -> None:
    """A rate is a number divided by a time, and there is none without time."""
    table = find(report, "How fast it went")
    assert isinstance(table, Table)
    assert (("Published", "257,280", "12.9", "20,000"), ("Opened", "1", "0.0", "-")) == table.rows


def test_how_to_verify(report: Report, facts: LedgerFacts) -> None:
    """The command line and the checkpoint are shown as they are."""
    title = "Check the proof"
    assert Listing(title, facts.verify_command) == find(report, title)
    assert Listing("Checkpoint", facts.checkpoint) == find(report, "Checkpoint")


@pytest.mark.parametrize(
    ("change", "label"),
    [
        ({}, "none"),
        ({"conservation": ()}, "energy conserved"),
        ({"is_audited": False}, "ledger audited"),
        ({"is_verified": False}, "proof verified"),
    ],
)
def test_a_failed_check_is_shown(
    energy: EnergySeries, facts: LedgerFacts, change: dict[str, object], label: str
) -> None:
    """What does not hold is said, and nothing else is."""
    report = village_report(energy, replace(facts, **change))  # type: ignore[arg-type]
    bad = [fact.label for fact in report.facts if fact.is_good is False]
    assert ([] if label == "none" else [label]) == bad


def test_lost_energy_is_shown(energy: EnergySeries, facts: LedgerFacts) -> None:
    """A watt-hour that is nowhere turns the answer and stands in the table."""
    first, *others = facts.conservation
    lost = replace(facts, conservation=(replace(first, held_wh=first.held_wh - 1), *others))
    report = village_report(energy, lost)
    assert [("energy conserved", "NO")] == [
        (fact.label, fact.value) for fact in report.facts if fact.is_good is False
    ]
    table = find(report, "Where every watt-hour is")
    assert isinstance(table, Table)
    assert ("Difference", "1", "0", "0", "0", "0", "1") == table.rows[-1]
