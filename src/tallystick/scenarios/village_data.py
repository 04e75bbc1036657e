"""
Load the village: 192 meters and two weeks of quarter hours, as exact watt-hours.

The files hold local times without an offset and powers relative to each meter's rating. What
leaves this module are UTC seconds and whole watt-hours, computed with integers only: a reading
that was a float once cannot be checked by anyone else. A file that is not exactly as described is
refused as a whole, because a hole in a profile would silently shift all energy after it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from .local_time import YEAR_MAX, YEAR_MIN, from_local, to_local
from .sheet import BadProfile, Row, Sheet, fault, read_sheet

INTERVAL_SECONDS = 900
METERS_FILE = "meters.csv"
PROFILES_FILE = "profiles.csv"
METER_COLUMNS = ("name", "node", "kind", "technology", "profile", "rated_kw")
TIME_COLUMN = "local_time_start"

METERS_MAX = 10_000
INTERVALS_MAX = 40_000
RATED_KW_MAX = 10**7
PER_UNIT_MAX = 100
DECIMALS_MAX = 18

_DECIMAL = re.compile(r"([+-]?)([0-9]{1,18})(?:\.([0-9]{1,30}))?(?:[eE]([+-]?[0-9]{1,2}))?")
_STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
_PARTS_PER_UNIT = 10**DECIMALS_MAX
_PARTS_PER_WH = _PARTS_PER_UNIT * 3600 // INTERVAL_SECONDS
_WATTS_PER_KW_DECIMALS = 3


class MeterKind(Enum):
    """What a meter counts."""

    LOAD = "load"
    GENERATOR = "generator"


@dataclass(frozen=True, slots=True)
class Technology:
    """How a plant makes electricity, in the source's words and in AIB's codes."""

    text: str
    """What the source calls it."""
    label: str
    """What people call it."""
    technology_code: str
    """AIB technology code, `T` and six digits."""
    fuel_code: str
    """AIB fuel code, `F` and eight digits."""
    is_roof: bool
    """Whether the plant stands on a roof of the village; all others are shared plants."""


TECHNOLOGIES = (
    Technology("Biomass_MV", "Biomass", "T050000", "F01010000", is_roof=False),
    Technology("Hydro_MV", "Hydro", "T030000", "F01050200", is_roof=False),
    Technology("Wind_MV", "Wind", "T020000", "F01050100", is_roof=False),
    Technology("PV_MV", "Solar parks", "T010000", "F01040100", is_roof=False),
    Technology("PV", "Rooftop solar", "T010000", "F01040100", is_roof=True),
)


@dataclass(frozen=True, slots=True)
class Meter:
    """One meter of the village."""

    name: str
    """Unique in the village."""
    node: str
    """Where in the grid it sits."""
    kind: MeterKind
    """Whether it counts consumption or production."""
    technology: Technology | None
    """Nothing for a load."""
    profile: str
    """The column of the profile file that it follows."""
    rated_w: int
    """Power at a profile value of one. [W]"""


@dataclass(frozen=True, slots=True)
class Village:
    """All meters with everything they measured."""

    meters: tuple[Meter, ...]
    """In the order of the file."""
    begins: tuple[int, ...]
    """Start of each quarter hour, each `INTERVAL_SECONDS` after the one before. [UTC s]"""
    energy_wh: tuple[tuple[int, ...], ...]
    """For each meter, the energy of each quarter hour. [Wh]"""


def load_village(folder: Path | Traversable | None = None) -> Village:
    """
    Read the village from a folder, or the one that is shipped with the package.

    Raises `BadProfile` at the first fault of the files.
    """
    source = folder or files("tallystick.scenarios") / "data" / "simbench_village"
    meters = read_sheet(source, METERS_FILE, rows_max=METERS_MAX)
    profiles = read_sheet(source, PROFILES_FILE, rows_max=INTERVALS_MAX)
    _check_columns(meters, METER_COLUMNS, is_exact=True)
    _check_columns(profiles, (TIME_COLUMN,), is_exact=False)
    names = profiles.header[1:]
    checked = tuple(_read_meters(meters, profiles=names))
    begins = tuple(_read_begins(profiles))
    values = {name: _read_profile(profiles, name) for name in names}
    return Village(
        meters=checked,
        begins=begins,
        energy_wh=tuple(
            register(values[meter.profile], rated_w=meter.rated_w) for meter in checked
        ),
    )


def register(values: Sequence[int], *, rated_w: int) -> tuple[int, ...]:
    """
    Count energy [Wh] as a register does: whole watt-hours out, the fraction kept for later.

    Values are per unit of the rating, times 10¹⁸. A negative one, a turbine's own use, leaves a
    production register standing still; it is not made up for later.
    """
    kept = 0
    counted = []
    for value in values:
        if value > 0:
            kept += value * rated_w
        whole_wh, kept = divmod(kept, _PARTS_PER_WH)
        counted.append(whole_wh)
    return tuple(counted)


def _check_columns(sheet: Sheet, columns: Sequence[str], *, is_exact: bool) -> None:
    """Require the columns to come first and in this order, and nothing else if exact."""
    for column in columns:
        if column not in sheet.header:
            raise BadProfile("this column is missing", file=sheet.file, row=1, column=column)
    if sheet.header[: None if is_exact else len(columns)] != tuple(columns):
        raise BadProfile(
            f"the header must {'be' if is_exact else 'begin with'} {','.join(columns)}",
            file=sheet.file,
            row=1,
            value=",".join(sheet.header),
        )


def _read_meters(sheet: Sheet, *, profiles: Sequence[str]) -> Iterator[Meter]:
    """Yield the meters, each checked by itself and against the profiles there are."""
    technologies = {technology.text: technology for technology in TECHNOLOGIES}
    kinds = {kind.value: kind for kind in MeterKind}
    names: set[str] = set()
    for row in sheet.rows:
        cells = row.cells
        if cells["name"] == "":
            raise fault(row, "name", "a meter needs a name")
        if cells["name"] in names:
            raise fault(row, "name", "this meter occurs twice")
        if cells["kind"] not in kinds:
            raise fault(row, "kind", "neither load nor generator")
        kind = kinds[cells["kind"]]
        if kind is MeterKind.LOAD and cells["technology"] != "":
            raise fault(row, "technology", "a load has no technology")
        if kind is MeterKind.GENERATOR and cells["technology"] not in technologies:
            raise fault(row, "technology", f"not one of {', '.join(technologies)}")
        if cells["profile"] not in profiles:
            raise fault(row, "profile", f"{PROFILES_FILE} has no such column")
        names.add(cells["name"])
        yield Meter(
            name=cells["name"],
            node=cells["node"],
            kind=kind,
            technology=technologies.get(cells["technology"]),
            profile=cells["profile"],
            rated_w=_read_rated_w(row),
        )


def _read_rated_w(row: Row) -> int:
    """Read a rated power as whole watts."""
    rated_kw = _read_decimal(row, "rated_kw", decimals_max=_WATTS_PER_KW_DECIMALS)
    if rated_kw <= 0:
        raise fault(row, "rated_kw", "must be above zero")
    if rated_kw > RATED_KW_MAX * 10**_WATTS_PER_KW_DECIMALS:
        raise fault(row, "rated_kw", f"must be at most {RATED_KW_MAX}")
    return rated_kw


def _read_begins(sheet: Sheet) -> Iterator[int]:
    """
    Yield the UTC seconds of the local times.

    Only the first time is looked up. Each later one must be what a clock shows a quarter hour
    after the one before; so the hour that autumn repeats needs no mark, and no gap, duplicate or
    disorder passes.
    """
    last: int | None = None
    for row in sheet.rows:
        local = _read_stamp(row)
        instants = from_local(local)
        if not instants:
            raise fault(row, TIME_COLUMN, "clocks skip this time when summer begins")
        if last is None:
            last = instants[0]
        else:
            _check_follows(row, instants, last)
            last += INTERVAL_SECONDS
        yield last


def _check_follows(row: Row, instants: Sequence[int], last: int) -> None:
    """Say how a time that is not a quarter hour after the last one is wrong."""
    expected = last + INTERVAL_SECONDS
    if expected in instants:
        return
    wanted = to_local(expected).isoformat(timespec="minutes")
    if last in instants:
        raise fault(row, TIME_COLUMN, f"this time occurs twice; {wanted} comes next")
    if max(instants) < expected:
        raise fault(row, TIME_COLUMN, f"rows are not in order of time; {wanted} comes next")
    raise fault(row, TIME_COLUMN, f"gap; {wanted} comes next")


def _read_stamp(row: Row) -> datetime:
    """Read a local time at the start of a quarter hour."""
    text = row.cells[TIME_COLUMN]
    if not _STAMP.fullmatch(text):
        raise fault(row, TIME_COLUMN, "not a local time like 2016-03-21T00:15")
    try:
        local = datetime.fromisoformat(text)
    except ValueError as error:
        raise fault(row, TIME_COLUMN, f"no such time: {error}") from error
    if not YEAR_MIN < local.year < YEAR_MAX:
        raise fault(row, TIME_COLUMN, f"must lie between {YEAR_MIN} and {YEAR_MAX}")
    if local.minute * 60 % INTERVAL_SECONDS:
        raise fault(row, TIME_COLUMN, "not the start of a quarter hour")
    return local


def _read_profile(sheet: Sheet, column: str) -> tuple[int, ...]:
    """Read a column of per-unit values as integers of 10⁻¹⁸."""
    values = []
    for row in sheet.rows:
        value = _read_decimal(row, column, decimals_max=DECIMALS_MAX)
        if abs(value) > PER_UNIT_MAX * _PARTS_PER_UNIT:
            raise fault(row, column, f"more than {PER_UNIT_MAX} times the rated power")
        values.append(value)
    return tuple(values)


def _read_decimal(row: Row, column: str, *, decimals_max: int) -> int:
    """Read a decimal number exactly, as an integer of its last permitted decimal."""
    matched = _DECIMAL.fullmatch(row.cells[column])
    if matched is None:
        raise fault(row, column, "not a number")
    sign, whole, decimals, exponent = matched.groups(default="")
    digits = int(whole + decimals)
    scale = decimals_max + int(exponent or 0) - len(decimals)
    power: int = 10 ** abs(scale)
    number, lost = (digits * power, 0) if scale >= 0 else divmod(digits, power)
    if lost:
        raise fault(row, column, f"more than {decimals_max} decimals")
    return -number if sign == "-" else number
