"""What identity's rules write, what holds whatever happens, and who may found a ledger."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.encoding import Record
from tallystick.contracts.identity.commands import Appoint, Dismiss, Enrol, RotateKey
from tallystick.contracts.identity.errors import (
    KeyWasBoundBefore,
    SignerMayNotEnrol,
)
from tallystick.contracts.identity.events import (
    AuthorityAppointed,
    AuthorityDismissed,
    IdentityEnrolled,
    KeyRotated,
)
from tallystick.contracts.identity.model import (
    EVERYWHERE,
    Authority,
    Founder,
    Identity,
    IdentityParameters,
    KeyBinding,
    Registrars,
    Role,
    authority_id,
    in_force,
    key_id,
    registrars_id,
)
from tallystick.testing.factories import (
    GENESIS_TIME,
    ISSUING_BODY,
    PUBLISHER,
    REGISTRAR,
    TIME,
    VILLAGE,
    appoint,
    enrol,
    identity_of,
    identity_parameters,
    village,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted
from tests.contracts.identity.cast import (
    CONTRACTS,
    FRESH,
    HOUR,
    METER,
    NOT_ON_CURVE,
    NOW,
    cast,
    dismissing,
)


def test_enrol_writes() -> None:
    """Enrolment creates an identity and binds its key from now on."""
    trial = cast()
    trial.execute(Enrol(key=key(FRESH), scope=VILLAGE), signers=[ISSUING_BODY])
    enroller = identity_of(trial, ISSUING_BODY)
    fresh = identity_of(trial, FRESH)
    expected = Identity(key=key(FRESH), enrolled_by=enroller, enrolled_at=NOW)
    assert expected == trial.read(Identity, fresh)
    bound = KeyBinding(identity=fresh, bound_at=NOW, retired_at=0)
    assert bound == trial.read(KeyBinding, key_id(key(FRESH)))
    event = IdentityEnrolled(identity=fresh, key=key(FRESH), enrolled_by=enroller)
    assert event == trial.events[-1]


def test_appoint_writes() -> None:
    """A begin that has passed means at once; the event says whether a period was replaced."""
    trial = cast()
    meter, body = identity_of(trial, METER), identity_of(trial, ISSUING_BODY)
    id = authority_id(meter, Role.PUBLISHER, VILLAGE)
    for replaces, end in ((False, NOW + HOUR), (True, 0)):
        command = Appoint(identity=meter, role=Role.PUBLISHER, scope=VILLAGE, begin=5, end=end)
        assert accepted == trial.execute(command, signers=[ISSUING_BODY])
        expected = Authority(
            identity=meter,
            role=Role.PUBLISHER,
            scope=VILLAGE,
            begin=NOW,
            end=end,
            appointed_by=body,
            appointed_at=NOW,
            dismissed_at=0,
        )
        assert expected == trial.read(Authority, id)
        event = AuthorityAppointed(
            identity=meter,
            role=Role.PUBLISHER,
            scope=VILLAGE,
            begin=NOW,
            end=end,
            appointed_by=body,
            replaces=replaces,
        )
        assert event == trial.events[-1]


def test_dismissal_acts_at_once() -> None:
    """Whoever is dismissed may do nothing more in the same block; the record says when it ended."""
    trial = cast()
    fired = identity_of(trial, ISSUING_BODY)
    boss = identity_of(trial, REGISTRAR)
    command = Dismiss(identity=fired, role=Role.ISSUING_BODY, scope=VILLAGE)
    assert accepted == trial.execute(command, signers=[REGISTRAR])
    found = trial.read(Authority, authority_id(fired, Role.ISSUING_BODY, VILLAGE))
    assert found is not None
    assert (GENESIS_TIME, NOW) == (found.begin, found.dismissed_at)
    event = AuthorityDismissed(
        identity=fired, role=Role.ISSUING_BODY, scope=VILLAGE, dismissed_by=boss
    )
    assert event == trial.events[-1]
    again = Enrol(key=key(FRESH), scope=VILLAGE)
    assert trial.execute(again, signers=[ISSUING_BODY]) == SignerMayNotEnrol


def test_old_key_stops_acting_at_that_moment() -> None:
    """After a rotation, in the same transaction too, authority belongs to the new key alone."""
    trial = cast()
    body = identity_of(trial, ISSUING_BODY)
    rotation = RotateKey(identity=body, key=key(FRESH))
    enrolment = Enrol(key=key(30), scope=VILLAGE)
    assert accepted == trial.execute([rotation, enrolment], signers=[ISSUING_BODY, FRESH])
    assert KeyRotated(identity=body, old_key=key(ISSUING_BODY), new_key=key(FRESH)) in trial.events
    another = Enrol(key=key(31), scope=VILLAGE)
    assert trial.execute(another, signers=[ISSUING_BODY]) == SignerMayNotEnrol
    assert accepted == trial.execute(another, signers=[FRESH])
    retired = trial.read(KeyBinding, key_id(key(ISSUING_BODY)))
    assert KeyBinding(identity=body, bound_at=GENESIS_TIME, retired_at=NOW) == retired


def test_a_refused_transaction_changes_nothing() -> None:
    """When the second command is refused, the first has no effect either."""
    trial = cast()
    events = list(trial.events)
    commands = [Enrol(key=key(FRESH), scope=VILLAGE), Enrol(key=key(FRESH), scope=VILLAGE)]
    assert trial.execute(commands, signers=[REGISTRAR]) == KeyWasBoundBefore
    assert trial.read(KeyBinding, key_id(key(FRESH))) is None
    assert events == trial.events


def test_the_last_registrar_may_go_once_there_is_another() -> None:
    """A registrar without an end who took office at once frees the first."""
    trial = cast()
    appoint(trial, METER, Role.REGISTRAR, EVERYWHERE)
    command = dismissing(REGISTRAR, Role.REGISTRAR, EVERYWHERE)(trial)
    assert accepted == trial.execute(command, signers=[REGISTRAR])
    expected = Registrars(identities=(identity_of(trial, METER),))
    assert expected == trial.read(Registrars, registrars_id())


@pytest.mark.parametrize(
    ("founders", "message"),
    [
        (
            [Founder(key=key(1), role=Role.PUBLISHER, scope=VILLAGE)],
            "authorities names no registrar, there must be one",
        ),
        (
            [Founder(key=key(1), role=Role.REGISTRAR, scope=VILLAGE)],
            "authorities[0].scope: 'village' was given, a registrar's is '*'",
        ),
        (
            [Founder(key=key(1), role=Role.REGISTRAR, scope=EVERYWHERE)] * 2,
            "authorities[1]: the same key, role and scope stand there twice",
        ),
        (
            [Founder(key=NOT_ON_CURVE, role=Role.REGISTRAR, scope=EVERYWHERE)],
            (f"authorities[0].key: {NOT_ON_CURVE.hex()} is no point of secp256k1"),
        ),
    ],
)
def test_impossible_founders(founders: list[Founder], message: str) -> None:
    """A ledger that nobody could govern is not founded."""
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the whole message is compared below.
        village(IdentityParameters(authorities=tuple(founders)), contracts=CONTRACTS)
    assert f"parameters of contract identity: {message}" == str(error.value)


def test_founder_with_two_roles_is_one_identity() -> None:
    """A key that genesis names twice stands for one identity with both roles."""
    founders = [(1, Role.REGISTRAR, EVERYWHERE), (1, Role.ISSUING_BODY, VILLAGE)]
    trial = village(identity_parameters(founders), contracts=CONTRACTS)
    one = identity_of(trial, 1)
    for role, scope in ((Role.REGISTRAR, EVERYWHERE), (Role.ISSUING_BODY, VILLAGE)):
        found = trial.read(Authority, authority_id(one, role, scope))
        assert found is not None
        assert in_force(found, time=TIME)


PEOPLE = [REGISTRAR, ISSUING_BODY, PUBLISHER, 20, 21]
SCOPES = [EVERYWHERE, VILLAGE]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["appoint", "dismiss", "rotate"]),
        st.sampled_from(range(len(PEOPLE))),
        st.sampled_from(list(Role)),
        st.sampled_from(SCOPES),
        st.sampled_from([0, 1, 5]),
        st.sampled_from([0, 3, 9]),
        st.integers(0, 4),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(STEPS)
def test_there_is_always_a_registrar(
    steps: list[tuple[str, int, Role, str, int, int, int]],
) -> None:
    """
    Whatever happens and however late it gets, some registrar can act.

    Every step is signed by everybody's present key, so that nothing but the rules stands in the
    way.
    """
    trial = village(contracts=CONTRACTS)
    keys = list(PEOPLE)
    for number in PEOPLE[3:]:
        enrol(trial, number)
    people = [identity_of(trial, number) for number in PEOPLE]
    fresh = iter(range(100, 200))
    for what, who, role, scope, begin, end, pause in steps:
        command: Record
        if what == "appoint":
            command = Appoint(
                identity=people[who],
                role=role,
                scope=scope,
                begin=begin and trial.time + begin,
                end=end and trial.time + end,
            )
        elif what == "dismiss":
            command = Dismiss(identity=people[who], role=role, scope=scope)
        else:
            command = RotateKey(identity=people[who], key=key(next(fresh)))
        new = [command.key] if isinstance(command, RotateKey) else []
        verdict = trial.execute(command, signers=[*keys, *new])
        if verdict == accepted and what == "rotate":
            keys[who] = next(n for n in range(100, 200) if key(n) == new[0])
        trial.move_to(trial.time + pause)
    trial.move_to(trial.time + HOUR)
    enrolment = Enrol(key=key(99), scope=EVERYWHERE)
    assert accepted == trial.execute(enrolment, signers=keys)
