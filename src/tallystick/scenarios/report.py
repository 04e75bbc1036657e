"""Show a report: on a terminal as text, and as a page that needs nothing but itself."""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from .report_data import Listing, Report
from .report_page import page
from .terminal_charts import WIDTH_MAX, draw, draw_facts, draw_gauge, draw_headline


def print_report(report: Report, console: Console) -> None:
    """Print the whole report."""
    width = min(console.width, WIDTH_MAX)
    console.print(draw_headline(report.headline, console))
    console.print(Text(report.lead), width=width)
    console.print()
    for gauge in report.gauges:
        console.print(draw_gauge(gauge, console))
    console.print()
    console.print(draw_facts(report.facts))
    for section in report.sections:
        console.print()
        console.rule(Text(section.title), align="left")
        console.print(Text(section.text), width=width)
        console.print()
        for block in section.blocks:
            is_copied = isinstance(block, Listing)
            console.print(draw(block, console), soft_wrap=is_copied)
    console.print(Text(report.colophon, style="dim"), width=width)


def write_page(report: Report, path: Path) -> None:
    """Write the report as one self-contained HTML file."""
    path.write_text(page(report), encoding="utf-8")
