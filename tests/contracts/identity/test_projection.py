"""Identity's read model."""

from tallystick.contracts import identity, measurement
from tallystick.contracts.identity.commands import Dismiss, RotateKey
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.projection import AUTHORITIES, IDENTITIES, PROJECTION
from tallystick.core.projection import Insert, Update
from tallystick.testing.factories import REGISTRAR, TIME, VILLAGE, appoint, identity_of, village
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted

CONTRACTS = (identity.CONTRACT, measurement.CONTRACT)
METER, NEW = 20, 21


def test_events_become_rows() -> None:
    """Enrolment and first appointment insert rows; everything later updates them."""
    trial = village(contracts=CONTRACTS)
    boss = identity_of(trial, REGISTRAR)
    meter = appoint(trial, METER, Role.PUBLISHER, VILLAGE)
    appoint(trial, METER, Role.PUBLISHER, VILLAGE, end=TIME + 9)
    rotation = RotateKey(identity=meter, key=key(NEW))
    assert accepted == trial.execute(rotation, signers=[METER, NEW])
    dismissal = Dismiss(identity=meter, role=Role.PUBLISHER, scope=VILLAGE)
    assert accepted == trial.execute(dismissal, signers=[REGISTRAR])
    rows = [row for event in trial.events for row in PROJECTION.fold(event, TIME)]
    row_key = (meter, "publisher", VILLAGE)
    expected = [
        Insert(IDENTITIES, (meter, key(METER), boss, TIME)),
        Insert(AUTHORITIES, (*row_key, TIME, 0, boss, 0)),
        Update(
            AUTHORITIES,
            row_key,
            {"begin": TIME, "end": TIME + 9, "appointed_by": boss, "dismissed_at": 0},
        ),
        Update(IDENTITIES, (meter,), {"key": key(NEW)}),
        Update(AUTHORITIES, row_key, {"dismissed_at": TIME}),
    ]
    assert expected == rows


def test_rows_fit_their_tables() -> None:
    """Every inserted row has a value for each column, and every key column is a column."""
    trial = village(contracts=CONTRACTS)
    appoint(trial, METER, Role.PUBLISHER, VILLAGE)
    inserted = [row for event in trial.events for row in PROJECTION.fold(event, TIME)]
    assert {IDENTITIES, AUTHORITIES} == {row.table for row in inserted}
    for row in inserted:
        assert isinstance(row, Insert)
        assert len(row.table.columns) == len(row.values)
    for table in PROJECTION.tables:
        names = [name for name, _ in table.columns]
        assert list(table.key) == names[: len(table.key)]
