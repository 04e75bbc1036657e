"""A report reaches both the terminal and the page."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from tallystick.scenarios.ledger_facts import LedgerFacts
from tallystick.scenarios.report import print_report, write_page
from tallystick.scenarios.report_data import Report
from tallystick.scenarios.village_figures import EnergySeries
from tallystick.scenarios.village_report import village_report


@pytest.fixture
def report(energy: EnergySeries, facts: LedgerFacts) -> Report:
    """Build the village's report."""
    return village_report(energy, facts)


def show(report: Report, *, width: int) -> list[str]:
    """Print a report without colour and return its lines."""
    stream = io.StringIO()
    print_report(report, Console(file=stream, width=width, color_system=None))
    return [line.rstrip() for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("width", [80, 100, 200])
def test_print_report(report: Report, facts: LedgerFacts, width: int) -> None:
    """All sections are there, and only what is to be copied may be wider than the terminal."""
    lines = show(report, width=width)
    assert "98 % by volume, 64 % in the same quarter hour" in lines[1]
    for section in report.sections:
        assert 1 == sum(line.startswith(f"{section.title} \u2500") for line in lines)
    assert facts.verify_command in lines
    copied = {*facts.verify_command.splitlines(), *facts.checkpoint.splitlines()}
    wide = [line for line in lines if len(line) > width and line not in copied]
    assert [] == [line for line in wide if not line.startswith(("ledger", "proof"))]


def test_print_report_in_80_columns(report: Report) -> None:
    """In 80 columns the pictures are whole: each row of a chart or table is one line."""
    lines = show(report, width=80)
    assert "  Sun 27 Mar ▏████xx███▓▓████████████████████████████▒░░░░▒▓██▏" in lines
    assert "  Wind                 6    7,522.0    4,396.0     3,126.0   ██████░░░░  58 %" in lines
    claimed = ["Claimed", "510,422", "61,457", "4,396,027", "11,003", "5,781,533", "10,760,442"]
    assert claimed in [line.split() for line in lines]


def test_plain_terminal(report: Report) -> None:
    """A terminal that knows only ASCII can show all but a checkpoint's dash."""
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding="ascii", errors="replace")
    print_report(report, Console(file=stream, width=80, color_system=None))
    stream.flush()
    odd = [line for line in buffer.getvalue().decode("ascii").splitlines() if "?" in line]
    assert ["? tallystick.example/village c2ln"] == [line.rstrip() for line in odd]


def test_write_page(report: Report, tmp_path: Path) -> None:
    """The page is one file of moderate size."""
    path = tmp_path / "report.html"
    write_page(report, path)
    written = path.read_text(encoding="utf-8")
    assert written.startswith('<!doctype html>\n<html lang="en">')
    assert written.endswith("</html>\n")
    assert len(written) < 500_000
