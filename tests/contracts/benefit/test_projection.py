"""Benefits' read model: companies, benefits with their owners, credentials, and debts."""

from pathlib import Path
from typing import Any

from tallystick.contracts.benefit.commands import List, Net, Redeem, SetRate, Swap, Unlist, Update
from tallystick.contracts.benefit.model import Credential, Rate, Treatment, credential_id
from tallystick.contracts.benefit.months import month_end
from tallystick.core.block import Block
from tallystick.index.index import Index
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.benefit.cases import (
    ADMIN_A,
    AMOS,
    ANNA,
    BEN,
    CONTRACTS,
    DAY,
    GONE_OWNED,
    LEFT,
    LISTED,
    MONTH,
    NOW,
    OFFERED,
    OFFERED_B,
    OWNED,
    OWNED_B,
    REDEEMED,
    REMOVED,
    STRANGER,
    A,
    B,
    C,
    benefit_of,
    bought,
    buying,
    cast,
    do,
    give_up,
    settle,
)
from tests.contracts.benefit.test_rules_trade import refunding


def rows_of(trial: Trial, blocks: list[Block], file: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what a real index makes of everything that happened."""
    index = Index(file, CONTRACTS, trial.state.ledger)
    try:
        index.catch_up([trial.founding, *blocks, trial.close_block()])
        with index.read() as queries:
            return {
                table: [dict(row) for row in queries.rows(table).rows]
                for table in (
                    "benefit_companies",
                    "benefits",
                    "benefit_credentials",
                    "benefit_debts",
                    "benefit_nettings",
                )
            }
    finally:
        index.close()


def lived() -> tuple[Trial, list[Block]]:
    """Return a ledger on which every event has happened, and its blocks but the last."""
    trial = cast(Treatment.REFUNDED)
    refund = refunding(trial)
    do(trial, refund, ANNA)
    settle(trial, refund.change)
    do(trial, SetRate(A, Rate(5, 7)), ADMIN_A)
    do(trial, Update(OFFERED, "opera", (), 12), ADMIN_A)
    command = buying(trial, OFFERED, AMOS, salt=60)
    do(trial, command, AMOS)
    give_up(trial, command.change, AMOS)
    bought(trial, OFFERED_B, ANNA, salt=61)
    do(trial, List(OWNED, 8), ANNA)
    do(trial, Unlist(OWNED), ANNA)
    do(trial, Swap(OWNED, OWNED_B), ANNA, BEN)
    do(trial, Redeem(OWNED_B), ANNA)
    block = trial.close_block()
    trial.move_to(month_end(MONTH))
    do(trial, Net(MONTH), STRANGER)
    return trial, [block]


def test_rows_say_what_the_records_say(tmp_path: Path) -> None:
    """Of each benefit and each credential, whatever happened to it."""
    trial, blocks = lived()
    rows = rows_of(trial, blocks, tmp_path / "index.sqlite")
    for row in rows["benefits"]:
        found = benefit_of(trial, row["benefit"])
        assert (found.company, found.title, found.price) == (
            row["company"],
            row["title"],
            row["price"],
        )
        assert (found.state.value, found.owner, found.employer) == (
            row["state"],
            row["owner"],
            row["employer"],
        )
    for row in rows["benefit_credentials"]:
        credential = trial.read(Credential, credential_id(row["credential"]))
        assert credential is not None
        assert (credential.benefit, credential.holder, credential.issued_at) == (
            row["benefit"],
            row["holder"],
            row["issued_at"],
        )
        assert credential.revoked_at == row["revoked_at"]
    assert 10 == len(rows["benefits"])
    assert list(range(9)) == [row["credential"] for row in rows["benefit_credentials"]]


def test_each_kind_of_row(tmp_path: Path) -> None:
    """As a reader of the index sees them."""
    trial, blocks = lived()
    rows = rows_of(trial, blocks, tmp_path / "index.sqlite")
    states = {row["benefit"]: row["state"] for row in rows["benefits"]}
    expected = {
        OFFERED: "offered",
        OFFERED_B: "owned",
        OWNED: "owned",
        LISTED: "listed",
        OWNED_B: "redeemed",
        REDEEMED: "redeemed",
        REMOVED: "removed",
        LEFT: "owned",
        GONE_OWNED: "refunded",
    }
    assert expected == {id: states[id] for id in expected}
    rates = {
        row["company"]: (row["rate_units"], row["rate_tokens"]) for row in rows["benefit_companies"]
    }
    assert {A: (1, 2), B: (3, 1), C: (1, 1)} == rates
    to_come = {
        row["company"]: (row["next_rate_units"], row["next_rate_tokens"], row["next_rate_since"])
        for row in rows["benefit_companies"]
    }
    assert {A: (5, 7, NOW + DAY), B: (0, 0, 0), C: (0, 0, 0)} == to_come
    left = {row["company"]: (row["removed_at"], row["until"]) for row in rows["benefit_companies"]}
    assert {A: (0, 0), B: (0, 0), C: (NOW, NOW + 30 * DAY)} == left
    debts = {(row["debtor"], row["creditor"]): row["total"] for row in rows["benefit_debts"]}
    assert {(A, C): 10, (C, A): 10, (A, B): 10} == debts
    nets = {row["company"]: row["net"] for row in rows["benefit_nettings"]}
    assert {A: -10, B: 10, C: 0} == nets
    causes = {
        row["credential"]: (row["cause"], row["price"]) for row in rows["benefit_credentials"]
    }
    assert ("bought", 10) == causes[0]
    assert ("swapped", 0) == causes[7]
    assert {key(BEN)} == {row["owner"] for row in rows["benefits"] if row["benefit"] == OWNED}
