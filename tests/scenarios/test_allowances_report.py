"""The page tells the story, and says so if something does not hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tallystick.scenarios.allowances_cast import LEAVING, PLANTS, SHORT
from tallystick.scenarios.allowances_facts import Facts
from tallystick.scenarios.allowances_proofs import CLAIMS
from tallystick.scenarios.allowances_report import allowances_report
from tallystick.scenarios.report import print_report, write_page
from tallystick.scenarios.report_data import Bars, HeatMap, Table
from tests.scenarios.small import stage_in
from tests.scenarios.test_allowances_facts import both_zones

PROVED = dict.fromkeys(CLAIMS, True)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Facts]:
    """Play the whole story once."""
    with both_zones(tmp_path_factory.mktemp("zones")) as (_, facts):
        yield facts


def test_the_page_names_everybody(facts: Facts, tmp_path: Path) -> None:
    """Every unit and claim; the same on the terminal."""
    report = allowances_report(facts, PROVED)
    write_page(report, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert all(plant.name in page for plant in PLANTS)
    assert SHORT in report.headline
    assert LEAVING in report.lead
    stage = stage_in(tmp_path)
    print_report(report, stage.console)
    tables = [
        block for section in report.sections for block in section.blocks if isinstance(block, Table)
    ]
    lost = next(table for table in tables if "Lost" in table.header)
    assert {"0"} == {row[-1] for row in lost.rows}
    claims = next(table for table in tables if table.title == "Claims")
    assert [("yes")] * len(CLAIMS) == [row[-1] for row in claims.rows]


def test_pictures(facts: Facts) -> None:
    """Emissions of 24 months; what a unit got is as much as what became of it."""
    blocks = [
        block for section in allowances_report(facts, PROVED).sections for block in section.blocks
    ]
    heat = next(block for block in blocks if isinstance(block, HeatMap))
    assert [24] * 8 == [len(row) for row in heat.values]
    balances = [block for block in blocks if isinstance(block, Bars) and block.below]
    assert 2 == len(balances)
    for chart in balances:
        above, below = (
            [sum(column) for column in zip(*(each.values for each in side), strict=True)]
            for side in (chart.above, chart.below)
        )
        assert above == below


def test_what_does_not_hold_is_said(facts: Facts) -> None:
    """In the facts and in the table."""
    report = allowances_report(facts, {**PROVED, "audited": False})
    assert [False] * 2 == [each.is_good for each in report.facts if each.is_good is False]
    claims = report.sections[-1].blocks[-1]
    assert isinstance(claims, Table)
    assert "NO" == claims.rows[-1][-1]
