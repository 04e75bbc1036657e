"""Titles' read model: folding events gives what the state says, and every line of the history."""

from pathlib import Path
from typing import Any

from tallystick.contracts.title.commands import Amend, Confirm, Retire, Transfer
from tallystick.contracts.title.history import history_of
from tallystick.contracts.title.model import Attribute, Standing, standing
from tallystick.contracts.title.projection import PROJECTION
from tallystick.core.holding import Release
from tallystick.index.index import Index
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted
from tests.contracts.title.cases import (
    ALICE,
    BOB,
    CLERK,
    CONTRACTS,
    FIRST,
    INSURER,
    LOCK,
    NOW,
    POLICY,
    SECOND,
    STRANGER,
    Kept,
    Town,
    car,
    do,
    founded,
    locked,
    title_of,
)
from tests.contracts.title.test_rules_dependence import rebinding
from tests.contracts.title.test_rules_share import ROOF, Roof

Rows = dict[str, list[dict[str, Any]]]
GREEN = (Attribute("colour", "green"), Attribute("doors", "5"))


def rows_of(trial: Kept, file: Path) -> Rows:
    """Return what a real index makes of everything that happened."""
    trial.close_block()
    index = Index(file, CONTRACTS, trial.state.ledger)
    try:
        index.catch_up(trial.blocks)
        with index.read() as queries:
            return {
                table.name: [dict(row) for row in queries.rows(table.name).rows]
                for table in PROJECTION.tables
            }
    finally:
        index.close()


def test_the_life_of_a_car(tmp_path: Path) -> None:
    """Its row says how it stands, its attributes what was said last, its history everything."""
    trial = founded()
    do(trial, car("VIN-1"), ALICE, CLERK)
    do(trial, Amend(FIRST, GREEN), ALICE, CLERK)
    locked(trial, until=NOW + 9)
    do(trial, car("VIN-2"), ALICE, CLERK)
    locked(trial, SECOND)
    assert accepted == trial.execute(Release("title", SECOND, LOCK), signers=[1], caller="market")
    do(trial, Transfer(SECOND, key(BOB)), ALICE)
    do(trial, Retire(SECOND), BOB)
    events = list(enumerate(trial.events))
    rows = rows_of(trial, tmp_path / "index.sqlite")
    one, other = sorted(rows["titles"], key=lambda row: str(row["name"]))
    assert ("car", "VIN-1", key(ALICE), NOW, 0, 3, "market", NOW + 9) == tuple(one.values())[1:9]
    assert ("car", "VIN-2", key(BOB), NOW, NOW, 5, "", 0) == tuple(other.values())[1:9]
    assert (b"", b"", 0, "independent") == tuple(other.values())[9:]
    said = [
        (row["name"], row["value"]) for row in rows["title_attributes"] if row["title"] == FIRST
    ]
    assert [("colour", "green"), ("doors", "5")] == said
    lines = [
        (row["what"], row["owner"] or None, row["detail"])
        for row in rows["title_history"]
        if row["title"] == SECOND
    ]
    assert [(step.what, step.owner, step.detail) for step in history_of(SECOND, events)] == lines


def test_the_life_of_an_insurance(tmp_path: Path) -> None:
    """What was proven last, and how it stands since, is what the state says."""
    town = Town()
    town.insure()
    do(town.policies, rebinding(town), ALICE, INSURER)
    town.finish(town.holding(SECOND))
    stood = [standing(title_of(town.policies, POLICY))]
    do(town.policies, Transfer(POLICY, key(BOB)), ALICE)
    stood.append(standing(title_of(town.policies, POLICY)))
    town.wait()
    do(town.policies, Confirm(POLICY, town.cars.prove(SECOND)), STRANGER)
    stood.append(standing(title_of(town.policies, POLICY)))
    assert [Standing.IN_FORCE, Standing.UNPROVEN, Standing.LAPSED] == stood
    title = title_of(town.policies, POLICY)
    (row,) = rows_of(town.policies, tmp_path / "index.sqlite")["titles"]
    assert title.depends_on is not None
    proven = (title.depends_on.ledger, title.depends_on.title, title.depends_on.as_of, "lapsed")
    assert (*proven,) == tuple(row.values())[9:]
    assert (title.owner, title.revision) == (row["owner"], row["revision"])


def test_the_income_of_a_roof(tmp_path: Path) -> None:
    """Each distribution has its number."""
    roof = Roof()
    for amount in (100, 42):
        do(roof.trial, roof.distribute(amount=amount), INSURER)
    rows = rows_of(roof.trial, tmp_path / "index.sqlite")
    assert [{"title": ROOF, "asset": roof.shares, "shared_at": NOW + 1}] == rows["title_shares"]
    seen = [
        (row["distribution"], row["unit"], row["payer"], row["amount"], row["holders"])
        for row in rows["title_distributions"]
    ]
    payer = key(INSURER)
    assert [(1, roof.money, payer, 100, 3), (2, roof.money, payer, 42, 3)] == seen
