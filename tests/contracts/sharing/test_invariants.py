"""Each of the contract's invariants sees the damage that it is there for."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.sharing.model import (
    Deposit,
    Enrolled,
    Shared,
    SharingKey,
    deposit_id,
    enrolled_consumption_id,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.sharing.cases import (
    BEGIN,
    CARL,
    KEY,
    PRODUCTION,
    STRANGER,
    UNKNOWN,
    cast,
    do,
    sharing_of,
)


def shared_one() -> Trial:
    """Return a ledger on which a production was shared."""
    trial, id = cast()
    do(trial, sharing_of(id), STRANGER)
    trial.close_block()
    return trial


def changed(kind: type[Record], id: RecordId, **fields: object) -> tuple[RecordId, Record]:
    """Return damage to some fields of a record."""
    found = shared_one().read(kind, id)
    assert found is not None
    return id, replace(found, **fields)


DAMAGES: list[tuple[tuple[RecordId, Record], str]] = [
    (changed(SharingKey, KEY, name="barn"), "was rewritten"),
    (changed(Shared, PRODUCTION, shared_at=1), "was rewritten"),
    (
        (enrolled_consumption_id(KEY, key(CARL), BEGIN), Enrolled(UNKNOWN)),
        "was rewritten",
    ),
    (
        (UNKNOWN, Shared(KEY, 10, (6, 5), (1, 1), (2,), 0)),
        "more was credited than produced",
    ),
    ((UNKNOWN, Shared(KEY, 10, (6, 4), (1, 1), (1,), 0)), "2 was paid, 1 received"),
    ((deposit_id(KEY, key(CARL)), Deposit(-1)), "below zero"),
]


@pytest.mark.parametrize(("damage", "message"), DAMAGES)
def test_damage_is_seen(damage: tuple[RecordId, Record], message: str) -> None:
    """In the block that does it."""
    trial = shared_one()
    assert [] == list(trial.violations())
    trial.plant(*damage)
    assert any(message in each for each in trial.violations())
