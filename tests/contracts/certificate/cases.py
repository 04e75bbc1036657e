"""A village in which there is a certificate of every sort that a rule could meet."""

from collections.abc import Sequence

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts import CONTRACTS
from tallystick.contracts.certificate.commands import (
    Claim,
    Correct,
    Issue,
    Pledge,
    Split,
    SplitPart,
    Transfer,
    Withdraw,
)
from tallystick.contracts.certificate.model import (
    Certificate,
    CertificateParameters,
    Settlement,
    Status,
    child_id,
    status_at,
)
from tallystick.contracts.measurement.model import Kind, Measurement, Quality
from tallystick.core.contract import Contract
from tallystick.core.invariant import Change, Changes
from tallystick.testing.factories import (
    BEGIN,
    ISSUING_BODY,
    OTHER_ISSUING_BODY,
    OTHER_PUBLISHER,
    PUBLISHER,
    QUARTER,
    TIME,
    VALLEY,
    VILLAGE,
    measurement_of,
    measurement_parameters,
    publish,
    village,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, accepted
from tests.contracts.certificate import locker
from tests.contracts.certificate.locker import Keep

SOLAR = ("T010000", "F01040100")
RULEBOOK: Sequence[Contract] = (*CONTRACTS, locker.CONTRACT)
NOW = TIME + 1_000
LATER = NOW + 60_000
LOCK = LockId(b"\x0a" * 32)
OTHER_LOCK = LockId(b"\x0b" * 32)
UNKNOWN = RecordId(bytes(32))

BUYER, CONSUMER, HEIR = 101, 102, 103
"""Numbers of keys that own no measurement of production."""

(
    ACTIVE_OWNER,
    UNISSUED_OWNER,
    ZERO_OWNER,
    ESTIMATED_OWNER,
    MOVED_OWNER,
    CUT_OWNER,
    CLAIMED_OWNER,
    WITHDRAWN_OWNER,
    RECLAIMED_OWNER,
    LOCKED_OWNER,
    LAPSED_OWNER,
    BROKEN_OWNER,
    VALLEY_OWNER,
    EMITTER,
    PLEDGED_OWNER,
    PLEDGE_LAPSED_OWNER,
    FREE_CONSUMER,
    SMALL_CONSUMER,
    LATE_CONSUMER,
    VALLEY_CONSUMER,
    COVERED_CONSUMER,
    PLEDGED_CONSUMER,
    LAPSED_CONSUMER,
) = range(200, 223)
"""Numbers of the keys that own a measurement each."""

ACTIVE = measurement_of(ACTIVE_OWNER)
UNISSUED = measurement_of(UNISSUED_OWNER)
ZERO = measurement_of(ZERO_OWNER)
ESTIMATED = measurement_of(ESTIMATED_OWNER)
MOVED = measurement_of(MOVED_OWNER)
MOVED_CHILD = child_id(MOVED, "TRANSFER", 0)
CUT = measurement_of(CUT_OWNER)
CUT_PARTS = tuple(child_id(CUT, "SPLIT", n) for n in range(2))
CLAIMED = measurement_of(CLAIMED_OWNER)
WITHDRAWN = measurement_of(WITHDRAWN_OWNER)
RECLAIMED = measurement_of(RECLAIMED_OWNER)
LOCKED = measurement_of(LOCKED_OWNER)
LAPSED = measurement_of(LAPSED_OWNER)
BROKEN = measurement_of(BROKEN_OWNER)
VALLEY_CERTIFICATE = measurement_of(VALLEY_OWNER)
EMISSION = measurement_of(EMITTER)
PLEDGED = measurement_of(PLEDGED_OWNER)
PLEDGE_LAPSED = measurement_of(PLEDGE_LAPSED_OWNER)
FREE_CONSUMPTION = measurement_of(FREE_CONSUMER)
SMALL_CONSUMPTION = measurement_of(SMALL_CONSUMER)
LATE_CONSUMPTION = measurement_of(LATE_CONSUMER, begin=BEGIN + QUARTER)
VALLEY_CONSUMPTION = measurement_of(VALLEY_CONSUMER)
COVERED_CONSUMPTION = measurement_of(COVERED_CONSUMER)
PLEDGED_CONSUMPTION = measurement_of(PLEDGED_CONSUMER)
LAPSED_CONSUMPTION = measurement_of(LAPSED_CONSUMER)


def certified(*parameters: Record) -> Trial:
    """Return the village's ledger with certificates, and a contract that locks them."""
    given = {type(each) for each in parameters}
    standard = (CertificateParameters(), locker.LockerParameters())
    rest = [each for each in standard if type(each) not in given]
    return village(*parameters, *rest, contracts=RULEBOOK)


def two_lengths() -> Record:
    """Return parameters under which quarter hours and whole hours are measured."""
    return measurement_parameters(interval_seconds=(QUARTER, 4 * QUARTER))


def do(trial: Trial, commands: Record | list[Record], *signers: int) -> None:
    """Execute a transaction that must be accepted."""
    verdict = trial.execute(commands, signers=signers)
    assert verdict == accepted, f"{verdict}: {trial.message}"


def produce(
    trial: Trial,
    owner: int,
    amount_wh: int = 1_000,
    *,
    begin: int = BEGIN,
    end: int | None = None,
    sector: str = VILLAGE,
) -> RecordId:
    """Publish production and issue its certificate; return the id of both."""
    publisher = PUBLISHER if sector == VILLAGE else OTHER_PUBLISHER
    issuer = ISSUING_BODY if sector == VILLAGE else OTHER_ISSUING_BODY
    do(trial, publish(owner, amount=amount_wh, begin=begin, end=end, sector=sector), publisher)
    id = measurement_of(owner, begin=begin)
    do(trial, Issue(id, *SOLAR), issuer)
    return id


def consume(
    trial: Trial,
    owner: int,
    amount_wh: int = 1_000,
    *,
    begin: int = BEGIN,
    end: int | None = None,
    sector: str = VILLAGE,
) -> RecordId:
    """Publish consumption; return its id."""
    publisher = PUBLISHER if sector == VILLAGE else OTHER_PUBLISHER
    command = publish(
        owner, amount=amount_wh, begin=begin, end=end, sector=sector, kind=Kind.CONSUMPTION
    )
    do(trial, command, publisher)
    return measurement_of(owner, begin=begin)


def transfer(trial: Trial, id: RecordId, source: int, target: int) -> RecordId:
    """Transfer a certificate between two keys; return the id of what follows."""
    do(trial, Transfer(id, key(target), None), source)
    return child_id(id, "TRANSFER", 0)


def split(
    trial: Trial, id: RecordId, owner: int, parts: Sequence[tuple[int, int]]
) -> list[RecordId]:
    """Split a certificate into amounts with owners; return the parts' ids."""
    pieces = tuple(SplitPart(amount_wh, key(target)) for amount_wh, target in parts)
    do(trial, Split(id, pieces, None), owner)
    return [child_id(id, "SPLIT", n) for n in range(len(parts))]


def claim(trial: Trial, id: RecordId, owner: int, consumption: RecordId, consumer: int) -> None:
    """Claim a certificate with both signatures."""
    do(trial, Claim(id, consumption, None), owner, consumer)


def correct(
    trial: Trial, measurement: RecordId, amount_wh: int, leaves: Sequence[RecordId] = ()
) -> None:
    """Correct a measurement, as the issuing body."""
    command = Correct(measurement, amount_wh, Quality.MEASURED, tuple(leaves))
    do(trial, command, ISSUING_BODY)


def certificate(trial: Trial, id: RecordId) -> Certificate:
    """Return a certificate that is there."""
    found = trial.read(Certificate, id)
    assert found is not None
    return found


def measured_wh(trial: Trial, id: RecordId) -> int:
    """Return what a measurement says now."""
    found = trial.read(Measurement, id)
    assert found is not None
    return found.amount


def settlement(trial: Trial, id: RecordId) -> Settlement:
    """Return a settlement that is there."""
    found = trial.read(Settlement, id)
    assert found is not None
    return found


def status(trial: Trial, id: RecordId) -> Status:
    """Return where a certificate stands at the trial's time."""
    expiry_seconds = trial.parameters(CertificateParameters).expiry_seconds
    return status_at(certificate(trial, id), time=trial.time, expiry_seconds=expiry_seconds)


def amounts(trial: Trial, *ids: RecordId) -> list[tuple[int, Status]]:
    """Return amount and status of certificates."""
    return [(certificate(trial, id).amount_wh, status(trial, id)) for id in ids]


def owner_of(trial: Trial, id: RecordId) -> PublicKey:
    """Return the owner's key."""
    return certificate(trial, id).owner


def audit(trial: Trial) -> list[str]:
    """Close the block and return what is wrong with the whole ledger."""
    trial.close_block()
    state = trial.state
    whole = [Change(id, {}, state.decode(data)) for id, data in state.store.items()]
    changes = Changes(whole, time=state.time)
    return [
        violation
        for contract in state.contracts
        for invariant in contract.invariants
        for violation in invariant.violations(changes)
    ]


def cast() -> Trial:
    """Return a village with a certificate and a consumption of every sort."""
    trial = certified()
    _publish_everything(trial)
    transfer(trial, MOVED, MOVED_OWNER, BUYER)
    split(trial, CUT, CUT_OWNER, [(300, CUT_OWNER), (700, BUYER)])
    claim(trial, CLAIMED, CLAIMED_OWNER, COVERED_CONSUMPTION, COVERED_CONSUMER)
    do(trial, Withdraw(WITHDRAWN, "sensor fault"), ISSUING_BODY)
    claim(trial, RECLAIMED, RECLAIMED_OWNER, COVERED_CONSUMPTION, COVERED_CONSUMER)
    do(trial, Withdraw(RECLAIMED, "sensor fault"), ISSUING_BODY)
    claim(trial, BROKEN, BROKEN_OWNER, COVERED_CONSUMPTION, COVERED_CONSUMER)
    correct(trial, COVERED_CONSUMPTION, 2_000)
    do(trial, Keep(LOCKED, LOCK, LATER), LOCKED_OWNER)
    do(trial, Keep(LAPSED, LOCK, NOW), LAPSED_OWNER)
    for owner, until in (
        (PLEDGED_OWNER, LATER),
        (PLEDGE_LAPSED_OWNER, NOW),
        (PLEDGED_CONSUMER, LATER),
        (LAPSED_CONSUMER, NOW),
    ):
        do(trial, Pledge(key(owner), BEGIN, locker.NAME, LOCK, until), owner)
    trial.move_to(NOW)
    return trial


def _publish_everything(trial: Trial) -> None:
    """Publish every measurement of the cast, and issue what is to be issued."""
    for owner in (UNISSUED_OWNER, PLEDGED_OWNER, PLEDGE_LAPSED_OWNER):
        do(trial, publish(owner), PUBLISHER)
    do(trial, publish(ZERO_OWNER, amount=0), PUBLISHER)
    do(trial, publish(ESTIMATED_OWNER, quality=Quality.ESTIMATED), PUBLISHER)
    do(trial, publish(EMITTER, kind=Kind.EMISSION), PUBLISHER)
    for owner in (
        ACTIVE_OWNER,
        MOVED_OWNER,
        CUT_OWNER,
        CLAIMED_OWNER,
        WITHDRAWN_OWNER,
        RECLAIMED_OWNER,
        LOCKED_OWNER,
        LAPSED_OWNER,
        BROKEN_OWNER,
    ):
        produce(trial, owner)
    produce(trial, VALLEY_OWNER, sector=VALLEY)
    for owner in (FREE_CONSUMER, PLEDGED_CONSUMER, LAPSED_CONSUMER):
        consume(trial, owner)
    consume(trial, SMALL_CONSUMER, 999)
    consume(trial, LATE_CONSUMER, begin=BEGIN + QUARTER)
    consume(trial, VALLEY_CONSUMER, sector=VALLEY)
    consume(trial, COVERED_CONSUMER, 3_000)
