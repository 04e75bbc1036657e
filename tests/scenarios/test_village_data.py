"""The village is loaded to the watt-hour, and nothing wrong with its files gets through."""

import csv
import math
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.scenarios.sheet import BadProfile
from tallystick.scenarios.village_data import (
    METERS_FILE,
    PROFILES_FILE,
    MeterKind,
    Village,
    load_village,
    register,
)

SHIPPED = files("tallystick.scenarios") / "data" / "simbench_village"

METERS = """name,node,kind,technology,profile,rated_kw
Home,Bus 1,load,,H0,3.000
Roof,Bus 1,generator,PV,PV1,7.6
"""
PROFILES = """local_time_start,H0,PV1
2016-03-27T01:30,0.1,0
2016-03-27T01:45,0.25,-1e-6
2016-03-27T03:00,0.5,1
"""

BAD_METERS = [
    ("profile,rated_kw", "profile", "row 1, column 'rated_kw': this column is missing"),
    (
        "name,node",
        "node,name",
        (
            "row 1, value 'node,name,kind,technology,profile,rated_kw': "
            "the header must be name,node,kind,technology,profile,rated_kw"
        ),
    ),
    ("Home,", ",", "row 2, column 'name', value '': a meter needs a name"),
    ("Roof,", "Home,", "row 3, column 'name', value 'Home': this meter occurs twice"),
    (",load,", ",lord,", "row 2, column 'kind', value 'lord': neither load nor generator"),
    (
        ",load,,",
        ",load,PV,",
        "row 2, column 'technology', value 'PV': a load has no technology",
    ),
    (
        "PV,PV1",
        "Fusion,PV1",
        (
            "row 3, column 'technology', value 'Fusion': "
            "not one of Biomass_MV, Hydro_MV, Wind_MV, PV_MV, PV"
        ),
    ),
    (
        "PV,PV1",
        ",PV1",
        "row 3, column 'technology', value '': not one of Biomass_MV, Hydro_MV, Wind_MV, PV_MV, PV",
    ),
    ("H0,3", "H1,3", "row 2, column 'profile', value 'H1': profiles.csv has no such column"),
    (
        "H0,3",
        "local_time_start,3",
        "row 2, column 'profile', value 'local_time_start': profiles.csv has no such column",
    ),
    ("3.000", "-3.000", "row 2, column 'rated_kw', value '-3.000': must be above zero"),
    ("3.000", "0", "row 2, column 'rated_kw', value '0': must be above zero"),
    ("3.000", "1e8", "row 2, column 'rated_kw', value '1e8': must be at most 10000000"),
    ("3.000", "3.0001", "row 2, column 'rated_kw', value '3.0001': more than 3 decimals"),
    ("3.000", "three", "row 2, column 'rated_kw', value 'three': not a number"),
]

BAD_PROFILES = [
    ("local_time_start", "time", "row 1, column 'local_time_start': this column is missing"),
    (
        "local_time_start,H0",
        "H0,local_time_start",
        "row 1, value 'H0,local_time_start,PV1': the header must begin with local_time_start",
    ),
    ("0.25", "nan", "row 3, column 'H0', value 'nan': not a number"),
    ("0.25", "inf", "row 3, column 'H0', value 'inf': not a number"),
    ("0.25", "", "row 3, column 'H0', value '': not a number"),
    ("0.25", " 0.25", "row 3, column 'H0', value ' 0.25': not a number"),
    ("0.25", "0_25", "row 3, column 'H0', value '0_25': not a number"),
    ("0.25", "٢", "row 3, column 'H0', value '٢': not a number"),
    ("0.25", "0x1", "row 3, column 'H0', value '0x1': not a number"),
    ("0.25", "100.1", "row 3, column 'H0', value '100.1': more than 100 times the rated power"),
    ("0.25", "-1e99", "row 3, column 'H0', value '-1e99': more than 100 times the rated power"),
    ("0.25", "1e-19", "row 3, column 'H0', value '1e-19': more than 18 decimals"),
    (
        "T01:45",
        "T01:30",
        (
            "row 3, column 'local_time_start', value '2016-03-27T01:30': "
            "this time occurs twice; 2016-03-27T01:45 comes next"
        ),
    ),
    (
        "T01:45",
        "T01:15",
        (
            "row 3, column 'local_time_start', value '2016-03-27T01:15': "
            "rows are not in order of time; 2016-03-27T01:45 comes next"
        ),
    ),
    (
        "T01:45",
        "T03:00",
        (
            "row 3, column 'local_time_start', value '2016-03-27T03:00': "
            "gap; 2016-03-27T01:45 comes next"
        ),
    ),
    (
        "T03:00",
        "T02:00",
        (
            "row 4, column 'local_time_start', value '2016-03-27T02:00': "
            "clocks skip this time when summer begins"
        ),
    ),
    (
        "T01:45",
        "T01:45+01:00",
        (
            "row 3, column 'local_time_start', value '2016-03-27T01:45+01:00': "
            "not a local time like 2016-03-21T00:15"
        ),
    ),
    (
        "T01:45",
        "T01:50",
        (
            "row 3, column 'local_time_start', value '2016-03-27T01:50': "
            "not the start of a quarter hour"
        ),
    ),
    (
        "2016-03-27T01:30",
        "1970-01-01T00:00",
        (
            "row 2, column 'local_time_start', value '1970-01-01T00:00': "
            "must lie between 1996 and 2199"
        ),
    ),
]


def write(folder: Path, *, meters: str = METERS, profiles: str = PROFILES) -> Path:
    """Write a village."""
    (folder / METERS_FILE).write_text(meters, encoding="utf-8")
    (folder / PROFILES_FILE).write_text(profiles, encoding="utf-8")
    return folder


def message_of(folder: Path) -> str:
    """Load a bad village and return what it is refused with."""
    with pytest.raises(BadProfile) as caught:
        load_village(folder)
    return str(caught.value)


def read_rows(name: str) -> list[dict[str, str]]:
    """Read a shipped file."""
    return list(csv.DictReader(SHIPPED.joinpath(name).read_text(encoding="utf-8").splitlines()))


def test_energy_is_exact(village: Village) -> None:
    """Every one of the readings is what fractions of the printed decimals give."""
    profiles = read_rows(PROFILES_FILE)
    registers: dict[tuple[str, str], tuple[int, ...]] = {}
    expected = []
    for meter in read_rows(METERS_FILE):
        key = (meter["profile"], meter["rated_kw"])
        if key not in registers:
            total, counted = Fraction(0), []
            for row in profiles:
                before = math.floor(total)
                share = max(Fraction(0), Fraction(row[meter["profile"]]))
                total += share * Fraction(meter["rated_kw"]) * 250
                counted.append(math.floor(total) - before)
            registers[key] = tuple(counted)
        expected.append(registers[key])
    assert tuple(expected) == village.energy_wh


def test_shipped_village(village: Village) -> None:
    """There are 153 loads and 39 generators with 257,280 readings, from midnight to midnight."""
    kinds = [meter.kind for meter in village.meters]
    counts = (kinds.count(MeterKind.LOAD), kinds.count(MeterKind.GENERATOR))
    assert (153, 39) == counts
    assert 257_280 == sum(map(len, village.energy_wh))
    first = int(datetime(2016, 3, 20, 23, 0, tzinfo=UTC).timestamp())
    assert tuple(range(first, first + 1340 * 900, 900)) == village.begins
    assert int(datetime(2016, 4, 3, 22, 0, tzinfo=UTC).timestamp()) == village.begins[-1] + 900


def test_shipped_totals(village: Village) -> None:
    """The village makes 98 % of what it uses."""
    produced = consumed = above_zero = 0
    for meter, energy_wh in zip(village.meters, village.energy_wh, strict=True):
        if meter.kind is MeterKind.GENERATOR:
            produced += sum(energy_wh)
            above_zero += sum(amount > 0 for amount in energy_wh)
        else:
            consumed += sum(energy_wh)
    assert (16_551_964, 16_930_658, 29_867) == (produced, consumed, above_zero)
    assert 98 == round(100 * produced / consumed)


def test_shipped_technologies(village: Village) -> None:
    """Each plant has the codes of its technology, and 27 of them are roofs."""
    found: dict[tuple[str, str, str], int] = {}
    for meter in village.meters:
        if technology := meter.technology:
            key = (technology.text, technology.technology_code, technology.fuel_code)
            found[key] = found.get(key, 0) + 1
    expected = {
        ("PV", "T010000", "F01040100"): 27,
        ("PV_MV", "T010000", "F01040100"): 2,
        ("Wind_MV", "T020000", "F01050100"): 6,
        ("Hydro_MV", "T030000", "F01050200"): 1,
        ("Biomass_MV", "T050000", "F01010000"): 3,
    }
    assert expected == found
    roofs = [meter for meter in village.meters if meter.technology and meter.technology.is_roof]
    assert 27 == len(roofs)


def test_licence_is_shipped() -> None:
    """The notice travels with the data."""
    notice = SHIPPED.joinpath("README.md").read_text(encoding="utf-8")
    assert "Open Database License 1.0" in notice
    assert "Database Contents License 1.0" in notice


def test_small_village(tmp_path: Path) -> None:
    """Values, ratings and times of a small village come out as computed by hand."""
    village = load_village(write(tmp_path))
    first = int(datetime(2016, 3, 27, 0, 30, tzinfo=UTC).timestamp())
    assert (first, first + 900, first + 1800) == village.begins
    assert ((75, 187, 375), (0, 0, 1900)) == village.energy_wh
    assert [("Bus 1", 3000), ("Bus 1", 7600)] == [(one.node, one.rated_w) for one in village.meters]


def test_fraction_is_kept() -> None:
    """A third of a watt-hour a quarter is a watt-hour every third quarter; zero keeps it."""
    third = 10**18 * 4 // 3
    assert (0, 0, 0, 1, 0, 0, 1) == register(
        [third, third, 0, third + 1, third, third, third + 1], rated_w=1
    )


def test_negative_stands_still() -> None:
    """A turbine's own use is neither counted nor made up for."""
    assert (2, 0, 2) == register([8 * 10**18, -100 * 10**18, 8 * 10**18], rated_w=1)


@given(st.lists(st.integers(-(10**20), 10**20), max_size=30), st.integers(1, 10**10))
def test_register_loses_less_than_a_watt_hour(values: list[int], rated_w: int) -> None:
    """However energy is spread, what was counted is the whole of what came."""
    exact = sum(Fraction(max(0, value) * rated_w, 4 * 10**18) for value in values)
    assert math.floor(exact) == sum(register(values, rated_w=rated_w))


def test_autumn_day_has_a_hundred_quarters(tmp_path: Path) -> None:
    """The hour that occurs twice needs no mark: rows are converted in order."""
    day = datetime(2016, 10, 30)  # noqa: DTZ001
    places = [*range(12), *range(8, 96)]
    stamps = [
        (day + timedelta(minutes=15 * place)).isoformat(timespec="minutes") for place in places
    ]
    rows = "".join(f"{stamp},0,0\n" for stamp in stamps)
    village = load_village(write(tmp_path, profiles=f"local_time_start,H0,PV1\n{rows}"))
    first = int(datetime(2016, 10, 29, 22, 0, tzinfo=UTC).timestamp())
    assert tuple(range(first, first + 100 * 900, 900)) == village.begins


@pytest.mark.parametrize(
    ("stamps", "message"),
    [
        (
            ["02:45", "03:00"],
            (
                "row 3, column 'local_time_start', value '2016-10-30T03:00': "
                "gap; 2016-10-30T02:00 comes next"
            ),
        ),
        (
            ["02:45", "02:00", "02:00"],
            (
                "row 4, column 'local_time_start', value '2016-10-30T02:00': "
                "this time occurs twice; 2016-10-30T02:15 comes next"
            ),
        ),
        (
            ["02:45", "02:00", "02:15", "02:30", "02:45", "02:00"],
            (
                "row 7, column 'local_time_start', value '2016-10-30T02:00': "
                "rows are not in order of time; 2016-10-30T03:00 comes next"
            ),
        ),
    ],
)
def test_autumn_hour_must_be_whole(tmp_path: Path, stamps: list[str], message: str) -> None:
    """The hour that occurs twice occurs exactly twice."""
    rows = "".join(f"2016-10-30T{stamp},0,0\n" for stamp in stamps)
    folder = write(tmp_path, profiles=f"local_time_start,H0,PV1\n{rows}")
    assert f"{PROFILES_FILE}, {message}" == message_of(folder)


@pytest.mark.parametrize(("old", "new", "message"), BAD_METERS)
def test_bad_meters(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Each fault of a meter names row, column and value."""
    assert old in METERS
    meters = METERS.replace(old, new, 1)
    if old == "profile,rated_kw":
        meters = "\n".join(line.rsplit(",", 1)[0] for line in METERS.splitlines())
    folder = write(tmp_path, meters=meters)
    assert f"{METERS_FILE}, {message}" == message_of(folder)


@pytest.mark.parametrize(("old", "new", "message"), BAD_PROFILES)
def test_bad_profiles(tmp_path: Path, old: str, new: str, message: str) -> None:
    """Each fault of a profile names row, column and value."""
    assert old in PROFILES
    folder = write(tmp_path, profiles=PROFILES.replace(old, new, 1))
    assert f"{PROFILES_FILE}, {message}" == message_of(folder)


def test_no_such_day(tmp_path: Path) -> None:
    """A day that no calendar has is refused, whatever words Python finds for it."""
    folder = write(tmp_path, profiles=PROFILES.replace("2016-03-27T01:45", "2016-02-30T01:45"))
    expected = (
        "profiles.csv, row 3, column 'local_time_start', value '2016-02-30T01:45': no such time"
    )
    assert message_of(folder).startswith(expected)


@pytest.mark.parametrize("file", [METERS_FILE, PROFILES_FILE])
def test_missing_file(tmp_path: Path, file: str) -> None:
    """A missing file is named."""
    folder = write(tmp_path)
    (folder / file).unlink()
    assert f"{folder / file}: there is no such file" == message_of(folder)


@given(st.binary(max_size=200))
def test_arbitrary_bytes(content: bytes) -> None:
    """Whatever a file holds, it is loaded or refused, never anything else."""
    with TemporaryDirectory() as name:
        folder = write(Path(name))
        (folder / PROFILES_FILE).write_bytes(content)
        with pytest.raises(BadProfile):
            load_village(folder)


@given(st.integers(0, len(PROFILES) - 1), st.characters(codec="utf-8"))
def test_mutated_profile(place: int, character: str) -> None:
    """One wrong character is refused with a message, or the file is still a whole village."""
    mutated = PROFILES[:place] + character + PROFILES[place + 1 :]
    with TemporaryDirectory() as name:
        folder = write(Path(name), profiles=mutated)
        outcome: Village | BadProfile
        try:
            outcome = load_village(folder)
        except BadProfile as error:
            outcome = error
    if isinstance(outcome, BadProfile):
        assert str(outcome).startswith((PROFILES_FILE, METERS_FILE))
    else:
        assert {len(outcome.begins)} == {len(row) for row in outcome.energy_wh}
