"""
A village to try rules in: who is who, a genesis, and valid commands to vary.

Every factory returns something that its rule accepts; a test names only what it wants different.
"""

from collections.abc import Sequence
from typing import Final

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.identity.commands import Appoint, Enrol
from tallystick.contracts.identity.model import (
    EVERYWHERE,
    Founder,
    IdentityParameters,
    KeyBinding,
    Role,
    key_id,
)
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import (
    Kind,
    MeasurementParameters,
    Quality,
    measurement_id,
)
from tallystick.core.contract import Contract

from .keys import key
from .tables import Trial, genesis_of

REGISTRAR: Final = 1
"""Number of the only registrar's key."""

ISSUING_BODY: Final = 2
"""Number of the key of the village's issuing body."""

PUBLISHER: Final = 3
"""Number of the key of the village's publisher of measurements."""

OTHER_ISSUING_BODY: Final = 4
"""Number of the key of the issuing body of another sector, the valley."""

OTHER_PUBLISHER: Final = 5
"""Number of the key of the publisher of that other sector."""

STRANGER: Final = 9
"""Number of a key that the ledger has never heard of."""

VILLAGE: Final = "village"
VALLEY: Final = "valley"

BEGIN: Final = 1_467_374_400
"""The begin of the standard interval, noon of 2016-07-01. [s since the epoch, UTC]"""

QUARTER: Final = 900
"""The length of the standard interval. [s]"""

GENESIS_TIME: Final = (BEGIN - 43_200) * 1000
"""The time of block 0, the midnight before. [ms since the epoch, UTC]"""

TIME: Final = (BEGIN + 43_200) * 1000
"""The time at which a trial starts, the midnight after. [ms since the epoch, UTC]"""

FOUNDERS: Final = (
    (REGISTRAR, Role.REGISTRAR, EVERYWHERE),
    (ISSUING_BODY, Role.ISSUING_BODY, VILLAGE),
    (PUBLISHER, Role.PUBLISHER, VILLAGE),
    (OTHER_ISSUING_BODY, Role.ISSUING_BODY, VALLEY),
    (OTHER_PUBLISHER, Role.PUBLISHER, VALLEY),
)


def identity_parameters(
    founders: Sequence[tuple[int, Role, str]] = FOUNDERS,
) -> IdentityParameters:
    """Return the village's founders: key number, role and scope of each."""
    return IdentityParameters(
        authorities=tuple(
            Founder(key=key(number), role=role, scope=scope) for number, role, scope in founders
        )
    )


def measurement_parameters(
    *,
    sectors: Sequence[str] = (VILLAGE, VALLEY),
    interval_seconds: Sequence[int] = (QUARTER,),
) -> MeasurementParameters:
    """Return what the village measures: two sectors, in quarter hours."""
    return MeasurementParameters(sectors=tuple(sectors), interval_seconds=tuple(interval_seconds))


def village(*parameters: Record, contracts: Sequence[Contract]) -> Trial:
    """
    Return the village's ledger under these contracts, at midnight after the standard interval.

    Given parameters replace the standard ones of their kind; contracts other than identity and
    measurement need theirs given.
    """
    standard = (identity_parameters(), measurement_parameters())
    genesis = genesis_of(contracts, (*standard, *parameters), time=GENESIS_TIME, name="village")
    trial = Trial(contracts, genesis)
    trial.move_to(TIME)
    return trial


def identity_of(trial: Trial, number: int) -> RecordId:
    """Return the identity to which the key with a number is or was bound."""
    binding = trial.read(KeyBinding, key_id(key(number)))
    if binding is None:
        raise LookupError(f"the key with number {number} is not enrolled")
    return binding.identity


def enrol(trial: Trial, number: int) -> RecordId:
    """Enrol the key with a number by the registrar, and return its identity."""
    verdict = trial.execute(Enrol(key=key(number), scope=EVERYWHERE), signers=[REGISTRAR])
    if verdict != "accepted":
        raise AssertionError(f"enrolling {number}: {trial.message}")
    return identity_of(trial, number)


def appoint(
    trial: Trial, number: int, role: Role, scope: str, *, begin: int = 0, end: int = 0
) -> RecordId:
    """Appoint the key with a number by the registrar, enrolled if need be; return its identity."""
    if trial.read(KeyBinding, key_id(key(number))) is None:
        enrol(trial, number)
    holder = identity_of(trial, number)
    command = Appoint(identity=holder, role=role, scope=scope, begin=begin, end=end)
    verdict = trial.execute(command, signers=[REGISTRAR])
    if verdict != "accepted":
        raise AssertionError(f"appointing {number}: {trial.message}")
    return holder


def publish(
    owner: int | PublicKey = 100,
    *,
    begin: int = BEGIN,
    end: int | None = None,
    sector: str = VILLAGE,
    kind: Kind = Kind.PRODUCTION,
    amount: int = 1_000,
    quality: Quality = Quality.MEASURED,
) -> Publish:
    """Return a valid publication: 1,000 Wh measured in the standard interval, owned by key 100."""
    return Publish(
        owner=_key(owner),
        begin=begin,
        end=begin + QUARTER if end is None else end,
        sector=sector,
        kind=kind,
        amount=amount,
        quality=quality,
    )


def measurement_of(owner: int | PublicKey = 100, *, begin: int = BEGIN) -> RecordId:
    """Return the id of the measurement that `publish` with the same owner and begin makes."""
    return measurement_id(_key(owner), begin)


def _key(owner: int | PublicKey) -> PublicKey:
    """Return an owner's key."""
    return key(owner) if isinstance(owner, int) else owner
