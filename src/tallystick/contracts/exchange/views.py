"""What can be asked about hash-time locks and joint changes."""

from msgspec import Struct

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LedgerId, LockId, PublicKey, RecordId
from tallystick.core.contract import Reader
from tallystick.core.holding import ContractName

from .errors import ChangeNotFound, HashLockNotFound, NothingPrepared
from .model import (
    Decision,
    HashLock,
    HashLockState,
    Outcome,
    Part,
    PartIndex,
    PartState,
    Prepared,
    Reservation,
    decision_id,
    prepared_id,
    reservation_id,
)


class ShowHashLock(Record, tag="exchange.show-lock"):
    """Show a hash-time lock."""

    lock: RecordId
    """Which."""


class ShowPart(Record, tag="exchange.show-part"):
    """Show a part of a joint change that this ledger holds or held."""

    change: LockId
    """The change."""

    part: PartIndex
    """Which part."""


class ShowDecision(Record, tag="exchange.show-decision"):
    """Show what this ledger decided about a joint change."""

    change: LockId
    """The change."""


class ShowReservation(Record, tag="exchange.show-reservation"):
    """Show what holds the whole of a holding, and until when."""

    contract: ContractName
    """The contract that keeps it."""

    holding: RecordId
    """The holding."""


class HashLockView(Struct, frozen=True):
    """A hash-time lock as it stands at the latest block."""

    lock: RecordId
    """Its id."""

    contract: ContractName
    """The contract that keeps the holding."""

    holding: RecordId
    """The holding."""

    amount: Amount
    """How much of it, in its own unit; 0 for the whole."""

    digest: Hash
    """SHA-256 of the preimage."""

    beneficiary: PublicKey
    """Who is paid."""

    until: Milliseconds
    """It is paid before this block time, and given back from it on. [ms since the epoch, UTC]"""

    state: HashLockState
    """How far it has come."""

    preimage: bytes
    """What was shown; empty until then."""


class PartView(Struct, frozen=True):
    """A part of a joint change as it stands here."""

    change: LockId
    """The change."""

    part: Part
    """What it says."""

    state: PartState
    """How far it has come."""

    deciding: LedgerId
    """Who decides."""

    deadline: Milliseconds
    """Until when. [ms since the epoch, UTC]"""

    prepared_at: Milliseconds
    """When it was prepared. [ms since the epoch, UTC]"""


class DecisionView(Struct, frozen=True):
    """What this ledger decided about a joint change."""

    change: LockId
    """The change."""

    outcome: Outcome
    """Whether it took effect."""

    deadline: Milliseconds
    """Until when it could. [ms since the epoch, UTC]"""

    decided_at: Milliseconds
    """When that was recorded. [ms since the epoch, UTC]"""


class ReservationView(Struct, frozen=True):
    """What holds the whole of a holding."""

    lock_id: LockId | None
    """The change or the hash-time lock; nothing if the holding is free."""

    until: Milliseconds
    """Its deadline; 0 if the holding is free. [ms since the epoch, UTC]"""


def show_hash_lock(reader: Reader, question: ShowHashLock) -> HashLockView:
    """Return a hash-time lock, or raise `HashLockNotFound`."""
    found = reader.read(HashLock, question.lock)
    if found is None:
        raise HashLockNotFound(question.lock)
    return HashLockView(
        lock=question.lock,
        contract=found.contract,
        holding=found.holding,
        amount=found.amount,
        digest=found.digest,
        beneficiary=found.beneficiary,
        until=found.until,
        state=found.state,
        preimage=found.preimage,
    )


def show_part(reader: Reader, question: ShowPart) -> PartView:
    """Return a part, or raise `NothingPrepared`."""
    found = reader.read(Prepared, prepared_id(question.change, question.part))
    if found is None:
        raise NothingPrepared(question.change, question.part)
    return PartView(
        change=found.change,
        part=found.part,
        state=found.state,
        deciding=found.deciding,
        deadline=found.deadline,
        prepared_at=found.prepared_at,
    )


def show_decision(reader: Reader, question: ShowDecision) -> DecisionView:
    """Return a decision, or raise `ChangeNotFound` while there is none."""
    found = reader.read(Decision, decision_id(question.change))
    if found is None:
        raise ChangeNotFound(question.change)
    return DecisionView(found.change, found.outcome, found.deadline, found.decided_at)


def show_reservation(reader: Reader, question: ShowReservation) -> ReservationView:
    """Tell what holds the whole of a holding."""
    found = reader.read(Reservation, reservation_id(question.contract, question.holding))
    if found is None:
        return ReservationView(lock_id=None, until=0)
    return ReservationView(found.lock_id, found.until)
