"""Each of identity's invariants sees the damage that it is there for."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts import identity, measurement
from tallystick.contracts.identity.model import (
    EVERYWHERE,
    Authority,
    Identity,
    KeyBinding,
    Registrars,
    Role,
    authority_id,
    key_id,
    registrars_id,
)
from tallystick.core.invariant import Change, Changes
from tallystick.testing.factories import (
    PUBLISHER,
    REGISTRAR,
    STRANGER,
    appoint,
    enrol,
    identity_of,
    village,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial

CONTRACTS = (identity.CONTRACT, measurement.CONTRACT)
SECOND, METER = 20, 21
OTHER = RecordId(b"\x07" * 32)
Damage = Callable[[Trial], tuple[RecordId, Record]]


def read(trial: Trial, kind: type[Record], id: RecordId) -> Record:
    """Return a record that is there."""
    found = trial.read(kind, id)
    assert found is not None
    return found


def registrar_authority(trial: Trial) -> RecordId:
    """Return the id of the first registrar's authority."""
    return authority_id(identity_of(trial, REGISTRAR), Role.REGISTRAR, EVERYWHERE)


def nobody(_trial: Trial) -> tuple[RecordId, Record]:
    """Empty the list of registrars."""
    return registrars_id(), Registrars(identities=())


def forgotten(trial: Trial) -> tuple[RecordId, Record]:
    """Leave a permanent registrar out of the list."""
    return registrars_id(), Registrars(identities=(identity_of(trial, REGISTRAR),))


def invented(trial: Trial) -> tuple[RecordId, Record]:
    """List somebody who is no registrar."""
    listed = (identity_of(trial, REGISTRAR), identity_of(trial, SECOND), OTHER)
    return registrars_id(), Registrars(identities=listed)


def repeated(trial: Trial) -> tuple[RecordId, Record]:
    """List somebody twice."""
    both = (identity_of(trial, REGISTRAR), identity_of(trial, SECOND))
    return registrars_id(), Registrars(identities=(*both, both[0]))


def second_list(trial: Trial) -> tuple[RecordId, Record]:
    """Keep another list elsewhere."""
    return OTHER, read(trial, Registrars, registrars_id())


def ended(trial: Trial) -> tuple[RecordId, Record]:
    """End a listed registrar's authority."""
    id = registrar_authority(trial)
    return id, replace(read(trial, Authority, id), end=1)


def misplaced(trial: Trial) -> tuple[RecordId, Record]:
    """Put an authority under another id."""
    publisher = identity_of(trial, PUBLISHER)
    id = authority_id(publisher, Role.PUBLISHER, "village")
    return OTHER, read(trial, Authority, id)


def unbound(trial: Trial) -> tuple[RecordId, Record]:
    """Give an identity a key that is bound to nobody."""
    id = identity_of(trial, METER)
    return id, replace(read(trial, Identity, id), key=key(STRANGER))


def stolen(trial: Trial) -> tuple[RecordId, Record]:
    """Bind a key to another identity."""
    id = key_id(key(METER))
    return id, replace(read(trial, KeyBinding, id), identity=OTHER)


@pytest.mark.parametrize(
    ("damage", "violation"),
    [
        (nobody, "the list of permanent registrars is empty"),
        (forgotten, "and the list of registrars disagree"),
        (invented, f"identity {OTHER.hex()} and the list of registrars disagree"),
        (repeated, "the list names somebody twice"),
        (second_list, f"a second list stands under {OTHER.hex()}"),
        (ended, "and the list of registrars disagree"),
        (misplaced, f"authority {OTHER.hex()} stands under another's id"),
        (unbound, "is not bound to it"),
        (stolen, "was bound before"),
    ],
)
def test_damage_in_a_block_is_seen(damage: Damage, violation: str) -> None:
    """What no rule would write is reported from the block's changes alone."""
    trial = village(contracts=CONTRACTS)
    appoint(trial, SECOND, Role.REGISTRAR, EVERYWHERE)
    enrol(trial, METER)
    trial.close_block()
    id, record = damage(trial)
    trial.plant(id, record)
    assert any(violation in each for each in trial.violations())


def test_vanished_records_are_seen() -> None:
    """Identities, bindings, authorities and the list stay for ever."""
    trial = village(contracts=CONTRACTS)
    meter = enrol(trial, METER)
    trial.close_block()
    gone: list[tuple[RecordId, type[Record]]] = [
        (meter, Identity),
        (key_id(key(METER)), KeyBinding),
        (registrar_authority(trial), Authority),
        (registrars_id(), Registrars),
    ]
    for id, kind in gone:
        changes = Changes([Change(id, {kind: read(trial, kind, id)}, {})], time=trial.time)
        broken = [
            each for rule in identity.CONTRACT.invariants for each in rule.violations(changes)
        ]
        assert broken != []


def test_the_whole_ledger_is_sound() -> None:
    """An audit, in which everything is new, finds nothing wrong with what rules have written."""
    trial = village(contracts=CONTRACTS)
    appoint(trial, SECOND, Role.REGISTRAR, EVERYWHERE)
    appoint(trial, METER, Role.REGISTRAR, EVERYWHERE, end=trial.time + 1)
    trial.close_block()
    state = trial.state
    whole = [Change(id, {}, state.decode(data)) for id, data in state.store.items()]
    changes = Changes(whole, time=state.time)
    broken = [each for rule in identity.CONTRACT.invariants for each in rule.violations(changes)]
    assert broken == []
