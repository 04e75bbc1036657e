"""The page needs nothing but itself, escapes everything and can be read without seeing it."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import pytest

from tallystick.scenarios.ledger_facts import LedgerFacts
from tallystick.scenarios.report_data import Areas, Fact, Gauge, Hue, Report, Section, Share, Table
from tallystick.scenarios.report_page import page
from tallystick.scenarios.village_figures import EnergySeries
from tallystick.scenarios.village_report import village_report

NASTY = "<script>alert('&\"')</script>"


@dataclass(frozen=True)
class Reader:
    """What a browser would see."""

    elements: list[tuple[str, dict[str, str]]]
    texts: list[tuple[str, str]]
    scripts: list[str]


def read(written: str) -> Reader:
    """
    Parse a page as XML, which forgives nothing.

    What HTML writes differently is taken out before: scripts, the style and elements without end.
    """
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", written, flags=re.DOTALL)
    written = re.sub(r"(<(script|style)[^>]*>).*?(</\2>)", r"\1\3", written, flags=re.DOTALL)
    written = re.sub(r"<meta ([^>]*)>", r"<meta \1/>", written).removeprefix("<!doctype html>")
    elements = list(ET.fromstring(written).iter())  # noqa: S314 - we wrote it
    texts = [
        (one.tag, text)
        for one in elements
        for text in (one.text, *(child.tail for child in one))
        if text
    ]
    return Reader([(one.tag, one.attrib) for one in elements], texts, scripts)


@pytest.fixture
def report(energy: EnergySeries, facts: LedgerFacts) -> Report:
    """Build the village's report."""
    return village_report(energy, facts)


@pytest.fixture
def reader(report: Report) -> Reader:
    """Read the village's page."""
    return read(page(report))


def test_page_loads_nothing(report: Report, reader: Reader) -> None:
    """No element, style or script asks for anything, and the page forbids it besides."""
    written = page(report)
    assert [] == re.findall(r"https?:|@import|url\(|\bfetch\(|XMLHttpRequest|import\(", written)
    asked = {"src", "href", "srcset", "data", "action"}
    assert [] == [tag for tag, attributes in reader.elements if asked & attributes.keys()]
    policies = [
        attributes["content"] for tag, attributes in reader.elements if "http-equiv" in attributes
    ]
    assert ["default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"] == policies


def test_page_has_the_story(report: Report, reader: Reader) -> None:
    """Headline, sections, figures and their numbers are there, in order."""
    assert [report.headline] == [text for tag, text in reader.texts if tag == "h1"]
    titles = [section.title for section in report.sections]
    assert titles == [text for tag, text in reader.texts if tag == "h2"]
    captions = [block.title for section in report.sections for block in section.blocks]
    assert captions == [text for tag, text in reader.texts if tag == "figcaption"]
    assert ["98 %", "64 %"] == [text for tag, text in reader.texts if text in {"98 %", "64 %"}][:2]


def test_page_is_accessible(reader: Reader) -> None:
    """Each drawing has a description, each table its headers, and ids are unique."""
    drawings = [attributes for tag, attributes in reader.elements if tag == "svg"]
    assert [] == [one for one in drawings if not (one.get("aria-label") or one.get("aria-hidden"))]
    scopes = [attributes.get("scope") for tag, attributes in reader.elements if tag == "th"]
    assert {"col", "row"} == set(scopes)
    ids = Counter(attributes["id"] for _, attributes in reader.elements if "id" in attributes)
    assert [] == [name for name, count in ids.items() if count > 1]
    named = [one["aria-labelledby"] for _, one in reader.elements if "aria-labelledby" in one]
    assert [] == [name for name in named if name not in ids]
    assert ("html", {"lang": "en"}) == reader.elements[0]


def test_tips_match_the_charts(report: Report, reader: Reader) -> None:
    """What the script shows at the pointer are the numbers of the charts."""
    tips = [json.loads(script) for script in reader.scripts if script.startswith("{")]
    assert 4 == len(tips)
    chart = report.sections[0].blocks[0]
    assert isinstance(chart, Areas)
    expected = [chart.line, *reversed(chart.layers)]
    assert [one.name for one in expected] == [one["name"] for one in tips[0]["series"]]
    assert [list(one.values) for one in expected] == [one["values"] for one in tips[0]["series"]]


def test_everything_is_escaped() -> None:
    """A text may hold markup and is still shown as it is."""
    report = Report(
        title=NASTY,
        headline=NASTY,
        lead=NASTY,
        gauges=(Gauge(NASTY, NASTY, Share(1, 2), Hue.BLUE),),
        facts=(Fact(NASTY, NASTY, is_good=False),),
        sections=(Section(NASTY, NASTY, (Table(NASTY, (NASTY,), ((NASTY,),)),)),),
        colophon=NASTY,
    )
    reader = read(page(report))
    assert 1 == sum(tag == "script" for tag, _ in reader.elements)
    shown = [tag for tag, text in reader.texts if NASTY in text]
    assert [
        "title",
        "span",
        "h1",
        "p",
        "p",
        "p",
        "dt",
        "dd",
        "h2",
        "p",
        "figcaption",
        "th",
        "th",
    ] == shown[:-1]
    assert "p" == shown[-1]


def test_colours_have_contrast(report: Report) -> None:
    """Text reaches a contrast of 4.5 on page and card, in light and in dark."""
    style = page(report).split("<style>")[1].split("</style>")[0]
    themes = [dict(re.findall(r"--(\w+): (#\w{6})", part)) for part in style.split(":root")[1:4]]
    assert 3 == len(themes)
    assert themes[1] == themes[2]
    for theme in themes:
        for text in ("ink", "muted", "good", "bad"):
            for ground in ("page", "card", "faint"):
                assert contrast(theme[text], theme[ground]) >= 4.5


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour as WCAG 2 defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    ]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
