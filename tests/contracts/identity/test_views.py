"""What identity answers."""

import pytest

from tallystick.base.dids import did_of_key
from tallystick.base.identifiers import RecordId, format_public_key, format_record_id
from tallystick.contracts import identity, measurement
from tallystick.contracts.identity.commands import RotateKey
from tallystick.contracts.identity.errors import AuthorityNotFound, IdentityNotFound
from tallystick.contracts.identity.model import EVERYWHERE, Role
from tallystick.contracts.identity.views import (
    AuthorityView,
    FindIdentity,
    IdentityView,
    ShowAuthority,
    ShowIdentity,
    acting_identity,
    authorised,
)
from tallystick.core.context import Context
from tallystick.testing.factories import (
    GENESIS_TIME,
    ISSUING_BODY,
    OTHER_PUBLISHER,
    PUBLISHER,
    REGISTRAR,
    STRANGER,
    TIME,
    VALLEY,
    VILLAGE,
    appoint,
    identity_of,
    village,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted

CONTRACTS = (identity.CONTRACT, measurement.CONTRACT)
EVERYBODY, NEW = 20, 21
UNKNOWN = RecordId(bytes(32))


def context(trial: Trial, signers: list[int]) -> Context:
    """Return what a rule would see, signed by these keys."""
    keys = tuple(sorted(key(number) for number in signers))
    return Context(trial.candidate, identity.CONTRACT, signers=keys, nonce=bytes(16), ordinal=0)


def test_show_and_find_follow_a_rotated_key() -> None:
    """Both keys of an identity find it, and it names the present one."""
    trial = village(contracts=CONTRACTS)
    who = identity_of(trial, PUBLISHER)
    before = IdentityView(
        identity=who,
        did=did_of_key(key(PUBLISHER)),
        key=key(PUBLISHER),
        enrolled_by=who,
        enrolled_at=GENESIS_TIME,
        key_bound_at=GENESIS_TIME,
    )
    assert before == trial.ask(ShowIdentity(identity=who))
    assert before == trial.ask(FindIdentity(key=key(PUBLISHER)))
    rotation = RotateKey(identity=who, key=key(NEW))
    assert accepted == trial.execute(rotation, signers=[PUBLISHER, NEW])
    after = IdentityView(
        identity=who,
        did=did_of_key(key(NEW)),
        key=key(NEW),
        enrolled_by=who,
        enrolled_at=GENESIS_TIME,
        key_bound_at=TIME,
    )
    assert after == trial.ask(ShowIdentity(identity=who))
    assert after == trial.ask(FindIdentity(key=key(PUBLISHER)))
    assert after == trial.ask(FindIdentity(key=key(NEW)))


def test_show_authority_judges_at_the_latest_block() -> None:
    """An authority is shown whether or not it is in force, and says which."""
    trial = village(contracts=CONTRACTS)
    who = appoint(trial, EVERYBODY, Role.PUBLISHER, VILLAGE, begin=TIME + 5, end=TIME + 9)
    question = ShowAuthority(identity=who, role=Role.PUBLISHER, scope=VILLAGE)
    for time, holds in ((TIME, False), (TIME + 5, True), (TIME + 9, False)):
        trial.move_to(time)
        expected = AuthorityView(
            identity=who,
            role=Role.PUBLISHER,
            scope=VILLAGE,
            begin=TIME + 5,
            end=TIME + 9,
            appointed_by=identity_of(trial, REGISTRAR),
            dismissed_at=0,
            in_force=holds,
        )
        assert expected == trial.ask(question)


def test_what_is_not_there_is_named() -> None:
    """A question about nothing raises the rejection that a rule would raise."""
    trial = village(contracts=CONTRACTS)
    with pytest.raises(IdentityNotFound, match=format_record_id(UNKNOWN)):
        trial.ask(ShowIdentity(identity=UNKNOWN))
    with pytest.raises(IdentityNotFound, match=format_public_key(key(STRANGER))):
        trial.ask(FindIdentity(key=key(STRANGER)))
    with pytest.raises(AuthorityNotFound, match=format_record_id(UNKNOWN)):
        trial.ask(ShowAuthority(identity=UNKNOWN, role=Role.PUBLISHER, scope=VILLAGE))


@pytest.mark.parametrize(
    ("signers", "role", "scope", "expected"),
    [
        ([PUBLISHER], Role.PUBLISHER, VILLAGE, PUBLISHER),
        ([PUBLISHER, STRANGER], Role.PUBLISHER, VILLAGE, PUBLISHER),
        ([PUBLISHER, OTHER_PUBLISHER], Role.PUBLISHER, VALLEY, OTHER_PUBLISHER),
        ([EVERYBODY], Role.PUBLISHER, VILLAGE, EVERYBODY),
        ([EVERYBODY], Role.PUBLISHER, EVERYWHERE, EVERYBODY),
        ([PUBLISHER], Role.PUBLISHER, EVERYWHERE, None),
        ([PUBLISHER], Role.PUBLISHER, VALLEY, None),
        ([PUBLISHER], Role.ISSUING_BODY, VILLAGE, None),
        ([ISSUING_BODY], Role.PUBLISHER, VILLAGE, None),
        ([STRANGER], Role.PUBLISHER, VILLAGE, None),
        ([], Role.PUBLISHER, VILLAGE, None),
    ],
)
def test_authorised(signers: list[int], role: Role, scope: str, expected: int | None) -> None:
    """A signer acts by a role in exactly its scope, or in all of them if it holds it everywhere."""
    trial = village(contracts=CONTRACTS)
    appoint(trial, EVERYBODY, Role.PUBLISHER, EVERYWHERE)
    seen = context(trial, signers)
    who = None if expected is None else identity_of(trial, expected)
    assert who == acting_identity(seen, role, scope)
    assert (who is not None) == authorised(seen, role, scope)
