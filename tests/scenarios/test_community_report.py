"""The report says what the numbers say."""

from dataclasses import replace

from tallystick.scenarios.community_claims import CLAIMS
from tallystick.scenarios.community_report import community_report
from tallystick.scenarios.report_data import Areas, Bars, Block, HeatMap, Report, Table
from tests.scenarios.lane import SMALL, played


def blocks(report: Report) -> dict[str, Block]:
    """Return every block by its title."""
    return {block.title: block for section in report.sections for block in section.blocks}


def test_headline_and_gauges() -> None:
    """They show what went from roof to neighbour, against what was used and what was made."""
    figures = played().figures
    report = community_report(figures)
    matched = sum(figures.matched_wh)
    shares = [(gauge.share.part, gauge.share.whole) for gauge in report.gauges]
    wholes = (sum(figures.used_wh), matched + sum(figures.surplus_wh))
    assert [(matched, whole) for whole in wholes] == shares
    assert f"{matched / 1000:.1f} kWh from roof to neighbour" in report.headline


def test_charts() -> None:
    """Power is four times a quarter hour's energy, and the broken line is marked."""
    figures = played().figures
    found = blocks(community_report(figures))
    volume = found["Power from the donors' roofs, and power that receivers used"]
    assert isinstance(volume, Areas)
    assert 4 * sum(figures.matched_wh) == sum(volume.layers[0].values)
    assert ["Eva's line breaks"] == [mark.label for mark in volume.marks]
    bars = found["What became of the energy that was sold"]
    assert isinstance(bars, Bars)
    assert SMALL.days == len(bars.labels)
    heat = next(block for block in found.values() if isinstance(block, HeatMap))
    assert SMALL.days == len(heat.rows)


def test_claims_have_a_meaning() -> None:
    """Each stands in the table with a sentence, and a false one is seen at the head, too."""
    figures = played().figures
    report = community_report(figures)
    claims = blocks(report)["Claims"]
    assert isinstance(claims, Table)
    assert [*CLAIMS.values()] == [row[1] for row in claims.rows]
    assert f"{len(CLAIMS)} of {len(CLAIMS)}" == report.facts[-1].value
    wrong = community_report(replace(figures, proved={**figures.proved, "bills_add_up": False}))
    assert {"bills add up", "claims proven"} == {
        fact.label for fact in wrong.facts if fact.is_good is False
    }
