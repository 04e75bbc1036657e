"""A village in which there is somebody of every sort that identity's rules could meet."""

from collections.abc import Callable

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts import identity, measurement
from tallystick.contracts.identity.commands import Appoint, Dismiss, RotateKey
from tallystick.contracts.identity.model import (
    EVERYWHERE,
    Role,
)
from tallystick.testing.factories import (
    REGISTRAR,
    STRANGER,
    TIME,
    VILLAGE,
    appoint,
    enrol,
    identity_of,
    village,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted

CONTRACTS = (identity.CONTRACT, measurement.CONTRACT)
METER, DEPUTY, HEIR, LAPSED, DISMISSED, EARLY, OLD, NEW, FRESH = range(20, 29)
HOUR = 3_600_000
NOW = TIME + 10
UNKNOWN = RecordId(bytes(32))
NOT_ON_CURVE = PublicKey(b"\x02" + b"\xff" * 32)
Build = Callable[[Trial], Record]


def cast() -> Trial:
    """Return a village in which there is somebody of every sort that a rule could meet."""
    trial = village(contracts=CONTRACTS)
    enrol(trial, METER)
    appoint(trial, DEPUTY, Role.REGISTRAR, EVERYWHERE, end=NOW + HOUR)
    appoint(trial, HEIR, Role.REGISTRAR, EVERYWHERE, begin=NOW + HOUR)
    appoint(trial, LAPSED, Role.ISSUING_BODY, VILLAGE, end=NOW)
    appoint(trial, LAPSED, Role.PUBLISHER, VILLAGE, end=NOW)
    fired = appoint(trial, DISMISSED, Role.ISSUING_BODY, VILLAGE)
    appoint(trial, EARLY, Role.ISSUING_BODY, VILLAGE, begin=NOW + HOUR)
    rotating = appoint(trial, OLD, Role.ISSUING_BODY, VILLAGE)
    dismissal = Dismiss(identity=fired, role=Role.ISSUING_BODY, scope=VILLAGE)
    rotation = RotateKey(identity=rotating, key=key(NEW))
    assert accepted == trial.execute(dismissal, signers=[REGISTRAR])
    assert accepted == trial.execute(rotation, signers=[OLD, NEW])
    trial.move_to(NOW)
    return trial


def holder(trial: Trial, who: int) -> RecordId:
    """Return the identity of a key's number, and an unknown one for a stranger's."""
    return UNKNOWN if who == STRANGER else identity_of(trial, who)


def appointing(
    who: int, role: Role, scope: str, *, begin: int = 0, end: int = 0
) -> Callable[[Trial], Appoint]:
    """Return the command for a trial's own identities."""
    return lambda trial: Appoint(
        identity=holder(trial, who), role=role, scope=scope, begin=begin, end=end
    )


def dismissing(who: int, role: Role, scope: str) -> Callable[[Trial], Dismiss]:
    """Return the command for a trial's own identities."""
    return lambda trial: Dismiss(identity=holder(trial, who), role=role, scope=scope)


def rotating(who: int, new: int) -> Callable[[Trial], RotateKey]:
    """Return the command for a trial's own identities."""
    return lambda trial: RotateKey(identity=holder(trial, who), key=key(new))
