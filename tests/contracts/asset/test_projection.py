"""Assets' read model: folding events gives what the state says, whatever happened."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.encoding import Record
from tallystick.contracts.asset.commands import Burn, Claim, Reclaim, Transfer
from tallystick.contracts.asset.model import AssetClass, Balance, Series
from tallystick.contracts.asset.projection import BALANCES, CLASSES, PROJECTION, SERIES, SUPPLIES
from tallystick.core.holding import Move, Release
from tallystick.core.projection import Add, Insert
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.asset.cases import (
    ANNA,
    ANNAS_MONEY,
    BEN,
    ISSUER,
    LAPSING_LOCK,
    LATER,
    LOCK,
    MONEY,
    NOW,
    PROOF,
    R1,
    R2,
    SHORT,
    STAMP,
    TOKEN,
    cast,
    locking,
    minting,
)

Rows = dict[tuple[Any, ...], dict[str, int]]

STEPS: list[tuple[Record, int, str]] = [
    (minting(MONEY, amount=7), ISSUER, ""),
    (minting(MONEY, owner=BEN, evidence="E"), ISSUER, ""),
    (minting(TOKEN, evidence="R5"), ISSUER, ""),
    (minting(SHORT, amount=9), ISSUER, ""),
    (Transfer(MONEY, key(ANNA), key(BEN), 11), ANNA, ""),
    (Transfer(MONEY, key(BEN), key(ANNA), 3), BEN, ""),
    (Transfer(R1, key(ANNA), key(BEN), 4), ANNA, ""),
    (Burn(MONEY, key(ANNA), 6, "x"), ANNA, ""),
    (Burn(R1, key(BEN), 2, "x"), BEN, ""),
    (Claim(R2, key(BEN), PROOF), BEN, ""),
    (locking(amount=8), ANNA, "market"),
    (Release("asset", ANNAS_MONEY, LOCK, 5), ANNA, "market"),
    (Move("asset", ANNAS_MONEY, LOCK, 6, key(BEN)), ANNA, "market"),
    (Reclaim(MONEY, key(ANNA), "market", LAPSING_LOCK), ANNA, ""),
]


def folded(trial: Trial) -> dict[str, Rows]:
    """Return the rows that all events so far make."""
    rows: dict[str, Rows] = {table.name: {} for table in PROJECTION.tables}
    for event in trial.events:
        for change in PROJECTION.fold(event, NOW):
            table = rows[change.table.name]
            if isinstance(change, Insert):
                names = [name for name, _ in change.table.columns]
                row = dict(zip(names, change.values, strict=True))
                place = tuple(row[name] for name in change.table.key)
                assert place not in table
                table[place] = row
            else:
                assert isinstance(change, Add)
                row = table.setdefault(change.key, {})
                for name, amount in change.amounts.items():
                    row[name] = row.get(name, 0) + amount
    return rows


@settings(max_examples=40)
@given(steps=st.lists(st.sampled_from(STEPS), max_size=30), is_late=st.booleans())
def test_rows_say_what_the_state_says(
    steps: list[tuple[Record, int, str]], *, is_late: bool
) -> None:
    """Balances, supplies and tokens, after any history."""
    trial = cast()
    if is_late:
        trial.move_to(LATER)
    for command, signer, caller in steps:
        trial.execute(command, signers=[signer], caller=caller)
    rows = folded(trial)
    records = [
        record for _, _, after in trial.candidate.overlay.changes() for record in after.values()
    ]
    balances = {
        (each.unit, each.owner): (each.spendable, each.locked)
        for each in records
        if isinstance(each, Balance)
    }
    assert balances == {
        place: (row.get("spendable", 0), row.get("locked", 0))
        for place, row in rows[BALANCES.name].items()
    }
    series = [each for each in records if isinstance(each, Series)]
    assert len(series) == len(rows[SERIES.name])
    assert {MONEY, TOKEN, STAMP, SHORT} == {place[0] for place in rows[CLASSES.name]}
    money = trial.read(AssetClass, MONEY)
    assert money is not None
    supplies = rows[SUPPLIES.name][(MONEY,)]
    assert (money.minted, money.burned) == (supplies["minted"], supplies.get("burned", 0))
    held = sum(sum(each) for (unit, _), each in balances.items() if unit == MONEY)
    assert money.minted - money.burned == held
