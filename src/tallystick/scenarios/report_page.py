"""
Build the page of a report: one file that needs no network, no server and no script to be read.

Its style and its script stand beside this module as they are; the script only adds tooltips and
a switch between light and dark. The page forbids itself to load anything.
"""

from importlib.resources import files

from .charts import (
    HEAT_LEFT,
    HEAT_TOP,
    LEFT,
    RIGHT,
    ROW_HEIGHT,
    WIDTH,
    draw_areas,
    draw_bars,
    draw_heat_map,
)
from .markup import Markup, data, element, join, text
from .report_data import (
    Areas,
    Bars,
    Block,
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
    Unit,
    is_numeric,
    write_amount,
    write_percent,
)

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
_NOTCHES = (
    '<svg class="stick" viewBox="0 0 132 26" aria-hidden="true">'
    '<path d="M1 6h130v14H1z"/><path class="notch" d="M18 6v8M27 6v8M36 6v8M45 6v8M54 6v8'
    'M74 6v8M83 6v8M92 6v8M101 6v8M117 6v8M1 14h130"/></svg>'
)


def page(report: Report) -> str:
    """Return the whole page as HTML."""
    head = element(
        "head",
        Markup('<meta charset="utf-8">'),
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'),
        Markup('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", text(f"{report.title}: {report.headline}")),
        element("style", _resource("report.css")),
    )
    sections = [_section(number, section) for number, section in enumerate(report.sections)]
    body = element(
        "body",
        _masthead(report),
        element("main", _hero(report), *sections),
        element("footer", element("p", text(report.colophon))),
        element("div", id="tip", role="status", hidden="hidden"),
        element("script", _resource("report.js")),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n"


def _masthead(report: Report) -> Markup:
    """Write the line at the top, with the switch that the script brings to life."""
    switch = element("button", text("Dark"), id="theme", type="button", hidden="hidden")
    brand = element("span", Markup(_NOTCHES), text("Tallystick"), class_="brand")
    return element("header", brand, element("span", text(report.title), class_="story"), switch)


def _hero(report: Report) -> Markup:
    """Write the headline with its numbers and what was done for them."""
    return element(
        "section",
        element("h1", text(report.headline)),
        element("p", text(report.lead), class_="lead"),
        element("div", *map(_gauge, report.gauges), class_="gauges"),
        element("dl", *map(_fact, report.facts), class_="facts"),
        class_="hero",
    )


def _gauge(gauge: Gauge) -> Markup:
    """Write one number of the headline with its bar."""
    return element(
        "div",
        element("p", text(write_percent(gauge.share)), class_="number"),
        element("p", text(gauge.label), class_="label"),
        _meter(gauge.share, gauge.hue),
        element("p", text(f"{gauge.note}."), class_="note"),
        class_="gauge",
    )


def _meter(share: Share, hue: Hue) -> Markup:
    """Draw a share as a bar; the number stands beside it as text."""
    full = min(10_000, 10_000 * share.part // share.whole) if share.whole else 0
    fill = element("i", class_=f"fill {hue.value}", style=f"width:{full // 100}.{full % 100:02d}%")
    return element("span", fill, class_="meter", aria_hidden="true")


def _fact(fact: Fact) -> Markup:
    """Write one number or answer."""
    sign, name = {None: ("", ""), True: ("✓ ", "good"), False: ("✗ ", "bad")}[fact.is_good]
    return element(
        "div",
        element("dt", text(fact.label)),
        element("dd", text(f"{sign}{fact.value}"), class_=name),
    )


def _section(number: int, section: Section) -> Markup:
    """Write one step of the story."""
    blocks = [
        _block(f"figure-{number}-{place}", block) for place, block in enumerate(section.blocks)
    ]
    heading = f"section-{number}"
    return element(
        "section",
        element("h2", text(section.title), id=heading),
        element("p", text(section.text), class_="intro"),
        *blocks,
        aria_labelledby=heading,
    )


def _block(name: str, block: Block) -> Markup:
    """Write one block."""
    match block:
        case Areas():
            legend = _legend(block.layers, block.line)
            tips = _tips(block, (*reversed(block.layers),), block.line)
            return _figure(name, block, legend, draw_areas(block), tips)
        case Bars():
            legend = _legend((*block.above, *block.below))
            tips = _tips(block, (*reversed(block.above), *block.below))
            return _figure(name, block, legend, draw_bars(block), tips, _numbers(block))
        case HeatMap():
            return _figure(
                name, block, _heat_legend(block), draw_heat_map(block), _heat_tips(block)
            )
        case Table():
            return element("figure", _title(block.title), _table(block), class_="card")
        case Listing():
            kept = element("pre", text(block.text))
            return element("figure", _title(block.title), kept, class_="card")


def _figure(name: str, block: Areas | Bars | HeatMap, legend: Markup, *rest: Markup) -> Markup:
    """Wrap a chart: title, legend, drawing, and its summary for everyone."""
    drawing, *others = rest
    return element(
        "figure",
        _title(block.title),
        legend,
        element("div", drawing, class_="canvas"),
        element("p", text(block.summary), class_="summary"),
        *others,
        id=name,
        class_="card chart",
    )


def _title(title: str) -> Markup:
    """Write the title of a figure."""
    return element("figcaption", text(title))


def _legend(series: tuple[Series, ...], line: Series | None = None) -> Markup:
    """Name the series of a chart beside their colours."""
    items = [
        element("li", element("i", class_=f"swatch {one.hue.value}"), text(one.name))
        for one in series
    ]
    if line:
        items.append(element("li", element("i", class_="swatch stroke"), text(line.name)))
    return element("ul", *items, class_="legend")


def _heat_legend(block: HeatMap) -> Markup:
    """Show which colour is which percentage, and what it means where there is none."""
    ramp = [element("i", class_=f"swatch heat{step}") for step in range(11)]
    items = [element("li", text("0 %"), element("span", *ramp, class_="ramp"), text("100 %"))]
    if any(None in row for row in block.values):
        items.append(element("li", element("i", class_="swatch none"), text(block.absent)))
    return element("ul", *items, class_="legend")


def _tips(block: Areas | Bars, series: tuple[Series, ...], line: Series | None = None) -> Markup:
    """Give the script what it shows at the pointer, in the order from top to bottom."""
    shown = [(one.name, one.hue.value, one.values) for one in series]
    if line:
        shown.insert(0, (line.name, "stroke", line.values))
    return data(
        {
            "frame": [WIDTH, LEFT, RIGHT],
            "labels": block.labels,
            "unit": _unit(block.unit),
            "series": [
                {"name": name, "swatch": swatch, "values": values} for name, swatch, values in shown
            ],
        },
        class_="tips",
    )


def _heat_tips(heat: HeatMap) -> Markup:
    """Give the script what it shows at the pointer."""
    return data(
        {
            "frame": [WIDTH, HEAT_LEFT, RIGHT, HEAT_TOP, ROW_HEIGHT],
            "rows": heat.rows,
            "columns": heat.columns,
            "cells": heat.values,
        },
        class_="tips",
    )


def _unit(unit: Unit) -> dict[str, str | int]:
    """Describe a unit to the script."""
    return {"symbol": unit.symbol, "base": unit.base, "decimals": unit.decimals}


def _numbers(bars: Bars) -> Markup:
    """Give the numbers behind a chart as a table that opens on demand."""
    series = (*bars.above, *bars.below)
    rows = tuple(
        (
            label,
            *(write_amount(one.values[place], bars.unit, with_symbol=False) for one in series),
            bars.captions[place],
        )
        for place, label in enumerate(bars.labels)
    )
    header = ("", *(f"{one.name} {bars.unit.symbol}" for one in series), bars.caption_title)
    return element(
        "details",
        element("summary", text("Show the numbers")),
        _table(Table(bars.title, header, rows)),
    )


def _table(table: Table) -> Markup:
    """Write a table; one that is too wide scrolls by itself."""
    columns = range(len(table.header))
    names = [None if is_numeric(table, column) else "words" for column in columns]
    header = [
        element("th", text(title), scope="col", class_=name)
        for title, name in zip(table.header, names, strict=True)
    ]
    rows = []
    for place, row in enumerate(table.rows):
        first, *others = map(_cell, row)
        cells = [
            element("td", cell, class_=name) for cell, name in zip(others, names[1:], strict=True)
        ]
        is_total = table.has_total and place == len(table.rows) - 1
        title = element("th", first, scope="row", class_=names[0])
        rows.append(element("tr", title, *cells, class_="total" if is_total else None))
    body = element("table", element("thead", element("tr", *header)), element("tbody", *rows))
    return element("div", body, class_="scroll", tabindex=0, role="region", aria_label=table.title)


def _cell(cell: str | Share) -> Markup:
    """Write a text as it is, and a share as a bar and a number."""
    if isinstance(cell, str):
        return text(cell)
    percent = element("span", text(write_percent(cell)), class_="percent")
    return join((_meter(cell, Hue.BLUE), percent))


def _resource(name: str) -> Markup:
    """Read a part of the page that stands beside this module."""
    source = files("tallystick.scenarios") / "data" / "report" / name
    return Markup(source.read_text(encoding="utf-8"))
