"""
Say what a report consists of, without saying how it looks.

A scenario builds one `Report` from its own numbers; the terminal and the page draw the same one,
so they cannot disagree. Amounts are integers of a base unit until the moment they are written.
"""

from dataclasses import dataclass
from enum import Enum


class Hue(Enum):
    """
    A colour by its role in a chart, apart from what each face makes of it.

    The eight are those of Okabe and Ito, which people with any colour vision can tell apart.
    """

    ORANGE = "orange"
    SKY = "sky"
    GREEN = "green"
    YELLOW = "yellow"
    BLUE = "blue"
    VERMILION = "vermilion"
    PURPLE = "purple"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Unit:
    """How amounts are written."""

    symbol: str
    """What follows the number."""
    base: int
    """How many base units make one."""
    decimals: int
    """How many decimals are written."""


COUNT = Unit("", base=1, decimals=0)
PERCENT = Unit("%", base=1, decimals=0)
WATT_HOURS = Unit("Wh", base=1, decimals=0)
KILOWATT_HOURS = Unit("kWh", base=1000, decimals=1)
MEGAWATT_HOURS = Unit("MWh", base=1_000_000, decimals=1)
KILOWATTS = Unit("kW", base=1000, decimals=1)


@dataclass(frozen=True, slots=True)
class Series:
    """One named row of amounts."""

    name: str
    """What a legend calls it."""
    hue: Hue
    """Its colour in every chart of the report."""
    values: tuple[int, ...]
    """Never negative. [base units]"""


@dataclass(frozen=True, slots=True)
class Tick:
    """A named place on an axis."""

    at: int
    """Number of the category at whose beginning it stands."""
    label: str
    """What stands there."""


@dataclass(frozen=True, slots=True)
class Bars:
    """A column for each category, stacked upwards and downwards from a line."""

    title: str
    """What is shown."""
    summary: str
    """What one sees in it, for those who see it not."""
    unit: Unit
    """Of all values."""
    labels: tuple[str, ...]
    """The categories, at least one."""
    caption_title: str
    """What the captions say, in a word or two."""
    captions: tuple[str, ...]
    """A short text at the end of each column."""
    above: tuple[Series, ...]
    """Stacked upwards, at least one, the first at the bottom."""
    below: tuple[Series, ...] = ()
    """Stacked downwards, the first at the top."""


@dataclass(frozen=True, slots=True)
class Areas:
    """Areas stacked over a long axis, with a line across them."""

    title: str
    """What is shown."""
    summary: str
    """What one sees in it, for those who see it not."""
    unit: Unit
    """Of all values."""
    labels: tuple[str, ...]
    """The full name of each point, at least one."""
    ticks: tuple[Tick, ...]
    """Where the axis is labelled."""
    marks: tuple[Tick, ...]
    """What happened when."""
    layers: tuple[Series, ...]
    """At least one, the first at the bottom."""
    line: Series
    """What the areas are compared with."""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A coloured cell for each row and column."""

    title: str
    """What is shown."""
    summary: str
    """What one sees in it, for those who see it not."""
    rows: tuple[str, ...]
    """Names of the rows."""
    columns: tuple[str, ...]
    """Names of the columns, at least one."""
    ticks: tuple[Tick, ...]
    """Where the column axis is labelled."""
    values: tuple[tuple[int | None, ...], ...]
    """Per row and column, or nothing where there is no such cell. [0 to 100 %]"""
    absent: str = "no such hour"
    """What it means that there is no such cell, in a few words."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, drawn as a bar inside a table."""

    part: int
    """At most the whole. [base units]"""
    whole: int
    """May be zero, and then there is no share. [base units]"""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text and numbers."""

    title: str
    """What is shown."""
    header: tuple[str, ...]
    """Names of the columns."""
    rows: tuple[tuple[str | Share, ...], ...]
    """As long as the header."""
    has_total: bool = False
    """Whether the last row adds up the others."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Text that is kept exactly as it is: a checkpoint, a command line."""

    title: str
    """What it is."""
    text: str
    """Its lines."""


Block = Bars | Areas | HeatMap | Table | Listing


@dataclass(frozen=True, slots=True)
class Section:
    """One step of the story."""

    title: str
    """A few words."""
    text: str
    """What to look for."""
    blocks: tuple[Block, ...]
    """What is shown, in order."""


@dataclass(frozen=True, slots=True)
class Gauge:
    """A share that the headline speaks of."""

    label: str
    """What is shared."""
    note: str
    """The amounts behind it."""
    share: Share
    """The number itself."""
    hue: Hue
    """Its colour."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One number or one answer that stands for itself."""

    label: str
    """What it is."""
    value: str
    """As it is shown."""
    is_good: bool | None = None
    """The outcome of a check; nothing if it is none."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a scenario shows at its end."""

    title: str
    """Which story it is."""
    headline: str
    """What came out, in one line."""
    lead: str
    """What came out, in a few sentences."""
    gauges: tuple[Gauge, ...]
    """The numbers of the headline."""
    facts: tuple[Fact, ...]
    """What was done and whether it holds."""
    sections: tuple[Section, ...]
    """The story."""
    colophon: str
    """Where the data come from, and under which licence."""


def write_amount(amount: int, unit: Unit, *, with_symbol: bool = True) -> str:
    """Write an amount in a unit, rounded half away from zero, computed without floats."""
    scale: int = 10**unit.decimals
    rounded = (2 * abs(amount) * scale + unit.base) // (2 * unit.base)
    whole, decimals = divmod(rounded, scale)
    text = f"{'-' if amount < 0 and rounded else ''}{whole:,}"
    text += f".{decimals:0{unit.decimals}d}" if unit.decimals else ""
    return f"{text} {unit.symbol}" if with_symbol and unit.symbol else text


def write_percent(share: Share, *, decimals: int = 0) -> str:
    """Write a share in percent, or a hyphen where there is no whole."""
    if share.whole == 0:
        return "-"
    return write_amount(100 * share.part, Unit("%", base=share.whole, decimals=decimals))


def is_numeric(table: Table, column: int) -> bool:
    """Tell whether all cells of a column are numbers, so that they stand right."""
    cells = (row[column] for row in table.rows)
    return all(isinstance(cell, Share) or not cell.strip("0123456789,. %-") for cell in cells)
