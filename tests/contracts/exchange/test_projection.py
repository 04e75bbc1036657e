"""Exchange's read model: locks, parts and decisions as they ended."""

from pathlib import Path
from typing import Any

from tallystick.contracts.exchange.commands import Redeem, Refund
from tallystick.contracts.exchange.events import HashLocked
from tallystick.index.index import Index
from tallystick.testing.foreign import Neighbour
from tallystick.testing.tables import accepted

from .sides import ALICE, BOB, CONTRACTS, DEADLINE, PREIMAGE, Sides


def rows_of(side: Neighbour, file: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what a real index makes of all that happened since genesis."""
    index = Index(file, CONTRACTS, side.state.ledger)
    try:
        index.catch_up([side.founding, side.close_block()])
        with index.read() as queries:
            return {
                table: [dict(row) for row in queries.rows(table).rows]
                for table in ("exchange_locks", "exchange_parts", "exchange_decisions")
            }
    finally:
        index.close()


def test_hash_locks(tmp_path: Path) -> None:
    """One was paid, one given back, one waits."""
    sides = Sides()
    for until in (DEADLINE, DEADLINE + 1, DEADLINE + 2):
        command = sides.hash_lock(until=until, amount=10)
        assert accepted == sides.one.execute(command, signers=[ALICE])
    first, second, third = (each.lock for each in sides.one.events if isinstance(each, HashLocked))
    assert accepted == sides.one.execute(Redeem(third, PREIMAGE), signers=[BOB], time=DEADLINE)
    assert accepted == sides.one.execute(Refund(first), signers=[BOB])
    rows = rows_of(sides.one, tmp_path / "index.sqlite")["exchange_locks"]
    seen = {row["lock"]: (row["state"], row["preimage"], row["until"]) for row in rows}
    assert {
        first: ("refunded", b"", DEADLINE),
        second: ("open", b"", DEADLINE + 1),
        third: ("redeemed", PREIMAGE, DEADLINE + 2),
    } == seen


def test_joint_changes(tmp_path: Path) -> None:
    """What was decided, and how the part ended."""
    sides = Sides()
    for side, owner in zip(sides.ends, (ALICE, BOB), strict=True):
        assert accepted == side.execute(sides.prepare(side), signers=[owner])
    assert accepted == sides.one.execute(sides.commit(), signers=[BOB])
    assert accepted == sides.one.execute(sides.finish(sides.one), signers=[BOB])
    rows = rows_of(sides.one, tmp_path / "index.sqlite")
    (decision,) = rows["exchange_decisions"]
    assert (sides.lock_id, "committed") == (decision["change"], decision["outcome"])
    (part,) = rows["exchange_parts"]
    assert ("changed", sides.index(sides.one)) == (part["state"], part["part"])
