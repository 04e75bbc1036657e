"""Certificates' read model: folding events gives what the state says, whatever happened."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from hypothesis import given, settings

from tallystick.contracts.certificate.commands import Issue
from tallystick.contracts.certificate.model import Certificate, Status, is_leaf, status_at
from tallystick.contracts.certificate.projection import HOLDINGS, PARTS, PROJECTION, TOTALS
from tallystick.core.projection import Add, Insert, RowChange, Table, Update
from tallystick.testing.factories import BEGIN, ISSUING_BODY, QUARTER, VILLAGE
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.certificate import locker
from tests.contracts.certificate.cases import (
    LATER,
    LOCK,
    NOW,
    PLEDGED,
    PLEDGED_OWNER,
    SOLAR,
    UNISSUED,
    UNISSUED_OWNER,
    cast,
    certified,
    do,
)
from tests.contracts.certificate.histories import (
    Step,
    begin_history,
    certificates,
    everything_measured_wh,
    play,
    settlements,
    steps,
)
from tests.contracts.certificate.locker import Free, Keep

Rows = dict[Table, dict[tuple[Any, ...], dict[str, Any]]]


def names(table: Table) -> list[str]:
    """Return a table's column names."""
    return [name for name, _ in table.columns]


def apply(rows: Rows, changes: Iterable[RowChange]) -> None:
    """Do to rows what an index does: a row is inserted once, and only what is there changes."""
    for change in changes:
        table = rows[change.table]
        match change:
            case Insert(values=values):
                row = dict(zip(names(change.table), values, strict=True))
                key = tuple(row[name] for name in change.table.key)
                assert key not in table
                table[key] = row
            case Update(key=key, values=columns):
                assert columns.keys() <= table[key].keys()
                table[key] |= columns
            case Add(key=key, amounts=amounts):
                zeros = dict.fromkeys(names(change.table), 0)
                fresh = zeros | dict(zip(change.table.key, key, strict=True))
                row = table.setdefault(key, fresh)
                for name, amount in amounts.items():
                    row[name] += amount
            case _:
                del table[change.key]


class Model:
    """A read model in dictionaries that follows a trial."""

    def __init__(self) -> None:
        self.rows: Rows = {table: {} for table in PROJECTION.tables}
        self._height = 0
        self._folded = 0

    def follow(self, trial: Trial) -> None:
        """Fold the events of the block in the making that were not folded yet."""
        if self._height != trial.candidate.height:
            self._height, self._folded = trial.candidate.height, 0
        for event in trial.events[self._folded :]:
            apply(self.rows, PROJECTION.fold(event, trial.time))
        self._folded = len(trial.events)


def held(id: bytes, each: Certificate) -> dict[str, Any]:
    """Return the row that a certificate should have."""
    status = status_at(each, time=0, expiry_seconds=0)
    lock = each.lock
    return {
        "certificate": id,
        "measurement": each.measurement,
        "origin": each.origin,
        "owner": each.owner,
        "amount_wh": each.amount_wh,
        "sector": each.sector,
        "technology": each.technology,
        "fuel": each.fuel,
        "begin": each.begin,
        "end": each.end,
        "created_at": each.created_at,
        "status": "active" if status is Status.LOCKED else status.value,
        "leaf": int(is_leaf(each)),
        "lock_holder": "" if lock is None else lock.holder,
        "lock_until": 0 if lock is None else lock.until,
    }


def totals(trial: Trial) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Return the totals, counted from scratch."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = defaultdict(dict)
    measured = everything_measured_wh(trial)
    for id, each in certificates(trial).items():
        key = (each.sector, each.technology, each.begin, each.end)
        row = rows[key]
        row |= dict(zip(TOTALS.key, key, strict=True))
        claimed = status_at(each, time=0, expiry_seconds=0) is Status.CLAIMED
        amounts = {
            "issued_wh": measured[id] if id == each.measurement else 0,
            "claimed_wh": each.amount_wh if claimed else 0,
            "withdrawn_wh": each.amount_wh if each.withdrawn else 0,
        }
        for name, amount in amounts.items():
            row[name] = row.get(name, 0) + amount
    return dict(rows)


@settings(max_examples=100, deadline=None)
@given(history=steps)
def test_rows_agree_with_the_state_after_any_history(history: list[Step]) -> None:
    """Every certificate has its row, every claim its part, and totals are what they count."""
    trial, model = certified(), Model()
    for _ in play(trial, history):
        model.follow(trial)
    expected = {(id,): held(id, each) for id, each in certificates(trial).items()}
    assert expected == model.rows[HOLDINGS]
    assert totals(trial) == model.rows[TOTALS]
    parts = {
        (consumption, part.certificate): (part.amount_wh, int(part.withdrawn))
        for consumption, settled in settlements(trial).items()
        for part in settled.parts
    }
    rows = model.rows[PARTS].items()
    assert parts == {place: (row["amount_wh"], row["withdrawn"]) for place, row in rows}


def test_an_issue_becomes_a_holding_and_a_total() -> None:
    """The row says everything that a wallet asks for, the lock of a pledge included."""
    trial = cast()
    before = len(trial.events)
    do(trial, [Issue(UNISSUED, *SOLAR), Issue(PLEDGED, *SOLAR)], ISSUING_BODY)
    rows = [row for event in trial.events[before:] for row in PROJECTION.fold(event, NOW)]
    place = (VILLAGE, SOLAR[0], BEGIN, BEGIN + QUARTER)
    source = (VILLAGE, *SOLAR, BEGIN, BEGIN + QUARTER, NOW, "active", 1)
    expected = [
        Insert(
            HOLDINGS,
            (UNISSUED, UNISSUED, UNISSUED, key(UNISSUED_OWNER), 1_000, *source, "", 0),
        ),
        Add(TOTALS, place, {"issued_wh": 1_000}),
        Insert(
            HOLDINGS,
            (PLEDGED, PLEDGED, PLEDGED, key(PLEDGED_OWNER), 1_000, *source, locker.NAME, LATER),
        ),
        Add(TOTALS, place, {"issued_wh": 1_000}),
    ]
    assert expected == rows


def test_locks_and_releases_become_columns() -> None:
    """Who asks at a time tells from the columns whether a holding is locked."""
    trial = certified()
    begin_history(trial)
    id = next(iter(certificates(trial)))
    owner = 400 if certificates(trial)[id].owner == key(400) else 401
    before = len(trial.events)
    do(trial, Keep(id, LOCK, LATER), owner)
    do(trial, Free(id, LOCK), owner)
    rows = [row for event in trial.events[before:] for row in PROJECTION.fold(event, NOW)]
    expected = [
        Update(HOLDINGS, (id,), {"lock_holder": locker.NAME, "lock_until": LATER}),
        Update(HOLDINGS, (id,), {"lock_holder": "", "lock_until": 0}),
    ]
    assert expected == rows


def test_key_columns_come_first() -> None:
    """Every key and every index names columns of its table."""
    for table in PROJECTION.tables:
        columns = names(table)
        assert list(table.key) == columns[: len(table.key)]
        assert {name for index in table.indexes for name in index} <= set(columns)
