"""The read model says what the state says, and keeps public from confidential."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from hypothesis import HealthCheck, given, settings

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.allowance.commands import CloseAccount, WithdrawUnit
from tallystick.contracts.allowance.model import (
    Account,
    Baseline,
    Holder,
    Holding,
    LockedBlocks,
    Obligation,
    Programme,
    Unit,
    Vintage,
    account_id,
    amount_of,
    due,
    vintage_id,
)
from tallystick.contracts.allowance.projection import (
    ACCOUNTS,
    BASELINES,
    CONFIDENTIAL,
    HOLDERS,
    HOLDINGS,
    MOVEMENTS,
    OBLIGATIONS,
    PROGRAMMES,
    PROJECTION,
    PUBLIC,
    UNITS,
    VINTAGES,
)
from tallystick.core.projection import Add, Insert, RowChange, Table, Update
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.allowance import locker
from tests.contracts.allowance.cases import (
    DIRECTOR,
    LOCK,
    OPERATOR,
    PLANT,
    TERMS,
    TRADER,
    audit,
    close,
    do,
    emit,
    market,
    place,
    produce,
    register,
    surrender,
    terms,
    transfer,
)
from tests.contracts.allowance.histories import History, Step, leaves, steps

Rows = dict[Table, dict[tuple[Any, ...], dict[str, Any]]]


def names(table: Table) -> list[str]:
    """Return the names of a table's columns."""
    return [name for name, _ in table.columns]


def apply(rows: Rows, changes: Iterable[RowChange]) -> None:
    """Do to rows what an index does: a row is inserted once, and only what is there changes."""
    for change in changes:
        table = rows[change.table]
        match change:
            case Insert(values=values):
                row = dict(zip(names(change.table), values, strict=True))
                key_of_row = tuple(row[name] for name in change.table.key)
                assert key_of_row not in table
                table[key_of_row] = row
            case Update(key=at, values=columns):
                assert columns.keys() <= table[at].keys()
                table[at] |= columns
            case Add(key=at, amounts=amounts):
                zeros = dict.fromkeys(names(change.table), 0)
                fresh = zeros | dict(zip(change.table.key, at, strict=True))
                row = table.setdefault(at, fresh)
                for name, amount in amounts.items():
                    row[name] += amount
            case _:
                raise AssertionError(change)


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

    def column(self, table: Table, *wanted: str) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        """Return some columns of a table by key, without rows of zeros."""
        found = {at: tuple(row[name] for name in wanted) for at, row in self.rows[table].items()}
        return {at: values for at, values in found.items() if any(values)}


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_rows_follow_the_state(history: list[Step]) -> None:
    """In any history the rows, folded from events alone, say what the records say."""
    given_terms = terms(banking_ppm=300_000)
    market_of = History(given_terms)
    model = Model()
    model.follow(market_of.trial)
    for _ in market_of.play(history):
        model.follow(market_of.trial)
    everything = leaves(market_of.trial)
    held: defaultdict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    vintages, owed = {}, {}
    for id, leaf in everything.items():
        places: tuple[type[Record], ...] = (Holding, LockedBlocks)
        for n, kind in enumerate(places):
            kept: Any = leaf.get(kind)
            if kept is not None:
                of = vintage_id(programme=kept.programme, zone=kept.zone, period=kept.period)
                held[of, kept.owner][n] += amount_of(kept.blocks)
        vintage, obligation = leaf.get(Vintage), leaf.get(Obligation)
        if isinstance(vintage, Vintage):
            ended = (vintage.surrendered, vintage.cancelled, vintage.expired)
            vintages[id,] = (vintage.issued, *ended)
        if isinstance(obligation, Obligation):
            at = (obligation.unit, obligation.period)
            figures = (obligation.emitted_g, obligation.carried_g, obligation.produced_wh)
            owed[at] = (*figures, obligation.surrendered, obligation.missing)
    assert {at: tuple(amounts) for at, amounts in held.items()} == model.column(
        HOLDINGS, "spendable", "locked"
    )
    assert vintages == model.column(VINTAGES, "issued", "surrendered", "cancelled", "expired")
    columns = ("emitted_g", "carried_g", "produced_wh", "surrendered", "missing")
    assert {at: row for at, row in owed.items() if any(row)} == model.column(OBLIGATIONS, *columns)


def test_lists() -> None:
    """Programmes, holders, units, baselines and accounts have a row each."""
    trial, programme, unit = market()
    holder = register(trial, programme, "Acme Power")
    model = Model()
    model.follow(trial)
    everything = leaves(trial)
    for kind, table in (
        (Programme, PROGRAMMES),
        (Holder, HOLDERS),
        (Unit, UNITS),
        (Account, ACCOUNTS),
        (Baseline, BASELINES),
    ):
        count = sum(kind in leaf for leaf in everything.values())
        assert count == len(model.rows[table])
    assert "NOx" == model.rows[PROGRAMMES][programme,]["pollutant"]
    assert "Acme Power" == model.rows[HOLDERS][holder,]["name"]
    assert "admitted" == model.rows[UNITS][unit,]["status"]
    assert 2_000 == model.rows[BASELINES][unit, 0]["rate_g_per_mwh"]


def test_status_of_units_and_accounts() -> None:
    """A withdrawn unit and a closed account are marked."""
    trial, programme, unit = market()
    id = account_id(programme=programme, zone="north", key=key(TRADER))
    do(trial, CloseAccount(id), OPERATOR)
    do(trial, WithdrawUnit(unit), DIRECTOR, PLANT)
    model = Model()
    model.follow(trial)
    assert "withdrawn" == model.rows[UNITS][unit,]["status"]
    assert trial.time == model.rows[ACCOUNTS][id,]["closed_at"]


def test_way_of_a_number() -> None:
    """The rows whose blocks contain a number are its history."""
    trial, programme, unit = market()
    emit(trial, unit, 60)
    produce(trial, unit, 100, at=1)
    transfer(trial, programme, PLANT, TRADER, 50)
    do(trial, locker.Keep(place(programme, TRADER), LOCK, 0, 50), TRADER)
    do(trial, locker.Free(place(programme, TRADER), LOCK, 20), TRADER)
    transfer(trial, programme, TRADER, PLANT, 5)
    surrender(trial, unit, 3)
    model = Model()
    model.follow(trial)
    assert ["allocated", "locked", "released", "surrendered", "transferred", "transferred"] == (
        ways(model, programme, 2)
    )
    assert ["allocated", "locked", "transferred"] == ways(model, programme, 40)
    assert ["allocated"] == ways(model, programme, 51)


def ways(model: Model, programme: RecordId, number: int) -> list[str]:
    """Return what happened to a number, sorted by name."""
    vintage = vintage_id(programme=programme, zone="north", period=0)
    return sorted(
        row["what"]
        for row in model.rows[MOVEMENTS].values()
        if row["vintage"] == vintage and row["first"] <= number <= row["last"]
    )


def test_due_after_the_close() -> None:
    """The row of a closed period says what was due."""
    trial, _, unit = market()
    emit(trial, unit, 60)
    close(trial, unit)
    model = Model()
    model.follow(trial)
    row = model.rows[OBLIGATIONS][unit, 0]
    assert (60, trial.time) == (row["due"], row["closed_at"])
    assert 60 == due(Obligation(unit, 0, emitted_g=60_000), TERMS)
    assert [] == audit(trial)


def test_tables_are_public_or_confidential() -> None:
    """Each table is one or the other, and no public one has a column for keys."""
    assert set(PROJECTION.tables) == set(PUBLIC) | set(CONFIDENTIAL)
    assert set(PUBLIC) & set(CONFIDENTIAL) == set()
    columns = {name for table in PUBLIC for name in names(table)}
    assert columns & {"key", "owner", "source", "target", "account", "commitment"} == set()
