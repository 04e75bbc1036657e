"""
Why a command across ledgers is rejected, in order of precedence.

When several reasons apply, the one with the lowest code is given. Codes are never reused; the gaps
leave room for reasons to come. A proof that doesn't hold is refused by identity, with its reasons.
"""

from tallystick.base.identifiers import (
    LedgerId,
    LockId,
    PublicKey,
    RecordId,
    format_ledger_id,
    format_lock_id,
    format_public_key,
    format_record_id,
)
from tallystick.base.plain import format_milliseconds
from tallystick.core.errors import Rejected

from .model import PREIMAGE_BYTES


class ExchangeRejected(Rejected):
    """Base of every reason of this contract."""

    contract = "exchange"


class HashLockNotFound(ExchangeRejected):
    """There must be a hash-time lock with this id."""

    code = 801

    def __init__(self, lock: RecordId) -> None:
        super().__init__(f"lock: there is no hash-time lock {format_record_id(lock)}")


class PartNotFound(ExchangeRejected):
    """The part must be one of the change's."""

    code = 802

    def __init__(self, part: int, parts: int) -> None:
        super().__init__(f"part: {part} was given, the change has parts 0 to {parts - 1}")


class NothingPrepared(ExchangeRejected):
    """Only a part that was prepared on this ledger can be finished here."""

    code = 803

    def __init__(self, change: LockId, part: int) -> None:
        super().__init__(f"part: {part} of change {format_lock_id(change)} is not prepared here")


class ChangeNotFound(ExchangeRejected):
    """Nothing stands here of the change."""

    code = 804

    def __init__(self, change: LockId) -> None:
        super().__init__(f"change: nothing is decided here about {format_lock_id(change)}")


class PartIsElsewhere(ExchangeRejected):
    """A part is prepared on its own ledger."""

    code = 810

    def __init__(self, ledger: LedgerId) -> None:
        super().__init__(f"part: it is of {format_ledger_id(ledger)}, prepare it there")


class DecidedElsewhere(ExchangeRejected):
    """Only the deciding ledger records a decision."""

    code = 811

    def __init__(self, ledger: LedgerId) -> None:
        super().__init__(f"change: {format_ledger_id(ledger)} decides on it, send this there")


class SignerIsNoParty(ExchangeRejected):
    """Before the deadline only those whom a change touches may abort it."""

    code = 812

    def __init__(self, deadline: int) -> None:
        super().__init__(
            "change: no signer is owner or target of a part; anybody may abort it "
            f"from {format_milliseconds(deadline)} on"
        )


class OwnerHasNotSigned(ExchangeRejected):
    """Whoever a part names as its owner signs when it is prepared."""

    code = 813

    def __init__(self, owner: PublicKey) -> None:
        super().__init__(f"part.owner: {format_public_key(owner)} has not signed")


class CannotBeMoved(ExchangeRejected):
    """Only what its contract can hand on is held for somebody else."""

    code = 814

    def __init__(self, contract: str) -> None:
        super().__init__(f"contract: {contract!r} keeps nothing that could be locked and moved")


class PartsOutOfOrder(ExchangeRejected):
    """The parts ascend by ledger, contract and holding, so no holding stands there twice."""

    code = 820

    def __init__(self, part: int) -> None:
        super().__init__(f"change.parts: part {part} does not come after the one before it")


class TargetIsNoOwner(ExchangeRejected):
    """Whoever is to receive something must be able to own it."""

    code = 821

    def __init__(self, target: PublicKey) -> None:
        super().__init__(f"target: {format_public_key(target)} is neither a key nor a vault")


class DeadlineHasPassed(ExchangeRejected):
    """Nothing new begins, and nothing is committed, at or after its deadline."""

    code = 822

    def __init__(self, deadline: int, time: int) -> None:
        super().__init__(
            f"deadline: {format_milliseconds(deadline)} has passed, "
            f"it is {format_milliseconds(time)}"
        )


class DeadlineIsTooFar(ExchangeRejected):
    """Nothing is held longer than the ledger allows."""

    code = 823

    def __init__(self, deadline: int, latest: int) -> None:
        super().__init__(
            f"deadline: {format_milliseconds(deadline)} was given, "
            f"it may be {format_milliseconds(latest)} at the latest"
        )


class PreparedBefore(ExchangeRejected):
    """A part is prepared once."""

    code = 824

    def __init__(self, change: LockId, part: int) -> None:
        super().__init__(f"part: {part} of change {format_lock_id(change)} is prepared already")


class HoldingIsReserved(ExchangeRejected):
    """What is held for one change or swap is not held for another."""

    code = 825

    def __init__(self, lock_id: LockId, until: int) -> None:
        super().__init__(
            f"holding: {format_lock_id(lock_id)} holds it, "
            f"to be decided by {format_milliseconds(until)}"
        )


class ChangeIsDecided(ExchangeRejected):
    """A change is decided once."""

    code = 830

    def __init__(self, change: LockId, outcome: str) -> None:
        super().__init__(f"change: {format_lock_id(change)} is {outcome} already")


class ProofIsMissing(ExchangeRejected):
    """There is one proof for each part, or decision, of another ledger, and for nothing else."""

    code = 831

    def __init__(self, given: int, needed: int) -> None:
        super().__init__(f"proofs: {given} were given, {needed} of other ledgers are needed")


class ProofIsOfAnother(ExchangeRejected):
    """A proof is about the very part, or decision, that it is given for."""

    code = 832

    def __init__(self, expected: RecordId, id: RecordId) -> None:
        super().__init__(
            f"proof: it is about {format_record_id(id)}, not {format_record_id(expected)}"
        )


class PartIsNotPrepared(ExchangeRejected):
    """A change is committed when all its parts are held."""

    code = 833

    def __init__(self, part: int) -> None:
        super().__init__(f"change.parts: part {part} is not held on its ledger")


class ChangeIsNotDecided(ExchangeRejected):
    """A part waits until the deciding ledger has spoken; its own clock ends nothing."""

    code = 834

    def __init__(self, change: LockId) -> None:
        super().__init__(f"proof: nothing is decided there about {format_lock_id(change)}")


class PartIsFinished(ExchangeRejected):
    """A part ends once."""

    code = 835

    def __init__(self, part: int, state: str) -> None:
        super().__init__(f"part: {part} is {state} already")


class HashLockIsOver(ExchangeRejected):
    """A hash-time lock is redeemed or refunded, once."""

    code = 840

    def __init__(self, lock: RecordId, state: str) -> None:
        super().__init__(f"lock: {format_record_id(lock)} is {state} already")


class PreimageLengthIsWrong(ExchangeRejected):
    """A preimage has 32 bytes on every ledger, or it might open one lock and not the other."""

    code = 841

    def __init__(self, length: int) -> None:
        super().__init__(f"preimage: it has {length} bytes, it must have {PREIMAGE_BYTES}")


class PreimageIsWrong(ExchangeRejected):
    """The SHA-256 of the preimage is the lock's digest."""

    code = 842

    def __init__(self) -> None:
        super().__init__("preimage: its SHA-256 is not the lock's digest")


class TooLateToRedeem(ExchangeRejected):
    """A hash-time lock is paid out before its deadline."""

    code = 843

    def __init__(self, until: int) -> None:
        super().__init__(f"lock: it could be redeemed before {format_milliseconds(until)}")


class TooEarlyToRefund(ExchangeRejected):
    """A hash-time lock is given back from its deadline on."""

    code = 844

    def __init__(self, until: int) -> None:
        super().__init__(f"lock: it is refunded from {format_milliseconds(until)} on")


REJECTIONS = (
    HashLockNotFound,
    PartNotFound,
    NothingPrepared,
    ChangeNotFound,
    PartIsElsewhere,
    DecidedElsewhere,
    SignerIsNoParty,
    OwnerHasNotSigned,
    CannotBeMoved,
    PartsOutOfOrder,
    TargetIsNoOwner,
    DeadlineHasPassed,
    DeadlineIsTooFar,
    PreparedBefore,
    HoldingIsReserved,
    ChangeIsDecided,
    ProofIsMissing,
    ProofIsOfAnother,
    PartIsNotPrepared,
    ChangeIsNotDecided,
    PartIsFinished,
    HashLockIsOver,
    PreimageLengthIsWrong,
    PreimageIsWrong,
    TooLateToRedeem,
    TooEarlyToRefund,
)
