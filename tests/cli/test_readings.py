"""Importing readings: all of a folder or, where its files are wrong, nothing."""

from hashlib import sha256
from pathlib import Path

import pytest

from tallystick import compose
from tallystick.base.identifiers import format_record_id
from tallystick.cli import readings
from tallystick.contracts.measurement.model import measurement_id
from tests.cli.shell import Shell

METERS = """name,node,kind,technology,profile,rated_kw
Home,Bus 1,load,,H0,3.000
Flat,Bus 1,load,,H0,2.000
Roof,Bus 1,generator,PV,PV1,7.6
Mill,Bus 2,generator,Hydro_MV,H0,10
"""
PROFILES = """local_time_start,H0,PV1
2016-03-27T01:30,0.1,0
2016-03-27T01:45,0.25,-1e-6
2016-03-27T03:00,0.5,1
"""
BEGINS = (1_459_038_600, 1_459_039_500, 1_459_040_400)
"""UTC: the clocks went forward between the second and the third."""

ENERGY_WH = {0: (75, 187, 375), 1: (50, 125, 250), 2: (0, 0, 1_900), 3: (250, 625, 1_250)}
"""Of each meter; what is below a watt-hour is kept for the next quarter hour."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with four meters and three quarter hours."""
    folder = tmp_path / "readings"
    folder.mkdir()
    (folder / "meters.csv").write_text(METERS)
    (folder / "profiles.csv").write_text(PROFILES)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its digest."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).digest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def totals(shell: Shell, index: Path) -> list[tuple[str, int, int]]:
    """Return what the ledger measured, by kind."""
    with compose.open_ledger(shell.ledger) as ledger:
        rows = compose.read_model(ledger, index)("measurement_totals")
        return [(row["kind"], row["begin"], row["amount"]) for row in rows]


def test_every_reading_becomes_a_measurement(shell: Shell, folder: Path) -> None:
    """Each under its meter's key of that quarter hour, and production above zero is certified."""
    said = shell.on_ledger("import", str(folder)).json
    assert {"measurements": 12, "certificates": 4, "meters": 4, "height": 1} == said
    with compose.open_ledger(shell.ledger) as ledger:
        wallet = compose.open_wallet(shell.ledger, ledger.id)
        keys = {n: wallet.measurement_keys(n, BEGINS) for n in ENERGY_WH}
        assert [(n, BEGINS[0], BEGINS[-1] + 900) for n in ENERGY_WH] == [
            (each.meter, each.begin, each.end) for each in wallet.meters
        ]
    for n, amounts in ENERGY_WH.items():
        for key, begin, amount in zip(keys[n], BEGINS, amounts, strict=True):
            id = format_record_id(measurement_id(key, begin))
            measured = shell.on_ledger("measurement", "show", "--measurement", id).json
            assert (amount, "production" if n > 1 else "consumption") == (
                measured["amount"],
                measured["kind"],
            )
            shown = shell.tally("certificate", "show", "--certificate", id, *shell.place)
            assert (0 if n > 1 and amount else 1) == shown.code


def test_people_see_a_table(shell: Shell, folder: Path) -> None:
    """With the counts, and no bar where nobody watches."""
    said = shell.tally("import", str(folder), *shell.place)
    assert (0, "") == (said.code, said.err)
    assert ["measurements", "12"] == said.out.splitlines()[0].split()


def test_certificates_can_wait(shell: Shell, folder: Path) -> None:
    """With `--no-issue` readings are published and nothing else."""
    said = shell.on_ledger("import", str(folder), "--no-issue").json
    assert (12, 0) == (said["measurements"], said["certificates"])


def test_many_readings_are_many_transactions(
    shell: Shell, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However they are cut, all of them arrive, each certificate behind its measurement."""
    monkeypatch.setattr(readings, "COMMANDS_A_TRANSACTION", 3)
    monkeypatch.setattr(readings, "QUARTERS_AT_ONCE", 2)
    said = shell.on_ledger("import", str(folder)).json
    assert (12, 4) == (said["measurements"], said["certificates"])
    assert 0 == shell.tally("audit", *shell.place).code


def test_readings_are_imported_once(shell: Shell, folder: Path) -> None:
    """The second time the ledger has them already and passes them over: nothing counts twice."""
    shell.on_ledger("import", str(folder))
    before = totals(shell, folder / "index")
    again = shell.on_ledger("import", str(folder)).json
    assert (0, 0) == (again["measurements"], again["certificates"])
    assert before == totals(shell, folder / "index")


def test_another_sector_is_refused(shell: Shell, folder: Path) -> None:
    """The contract says that the ledger has no such sector."""
    said = shell.refused("import", str(folder), "--sector", "valley")
    assert (1, True) == (said.code, "valley" in said.err)


BAD = [
    ("meters.csv", "rated_kw", "kw", "meters.csv, row 1, column 'rated_kw': this column is miss"),
    ("meters.csv", "Flat,", "Home,", "meters.csv, row 3, column 'name', value 'Home': this meter "),
    ("meters.csv", "7.6", "much", "meters.csv, row 4, column 'rated_kw', value 'much': not a "),
    ("meters.csv", ",H0,2", ",H9,2", "meters.csv, row 3, column 'profile', value 'H9': profiles."),
    (
        "profiles.csv",
        "local_time_start,",
        "time,",
        "profiles.csv, row 1, column 'local_time_start': this column is missing",
    ),
    (
        "profiles.csv",
        "2016-03-27T01:45,0.25,-1e-6\n",
        "",
        "profiles.csv, row 3, column 'local_time_start', value '2016-03-27T03:00': gap; 2016-",
    ),
    ("profiles.csv", "0.25", "nan", "profiles.csv, row 3, column 'H0', value 'nan': not a number"),
    ("profiles.csv", ",0.5,1", ",0.5", "profiles.csv, row 4: 2 cells below a header of 3"),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), BAD)
def test_what_is_wrong_with_a_file_is_named(
    shell: Shell, folder: Path, file: str, old: str, new: str, message: str
) -> None:
    """By file, row, column and value; the ledger is not even opened."""
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    before = contents(shell.ledger)
    said = shell.refused("import", str(folder))
    assert 2 == said.code
    assert said.err.startswith(f"tally: {message}")
    assert before == contents(shell.ledger)


@pytest.mark.parametrize("file", ["meters.csv", "profiles.csv"])
def test_a_missing_file_is_named(shell: Shell, folder: Path, file: str) -> None:
    """With its whole path; and nothing is written."""
    (folder / file).unlink()
    before = contents(shell.ledger)
    said = shell.refused("import", str(folder))
    assert (2, f"tally: {folder / file}: there is no such file\n") == (said.code, said.err)
    assert before == contents(shell.ledger)
