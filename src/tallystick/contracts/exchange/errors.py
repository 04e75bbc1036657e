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
        super().__init__(
            f"lock: there is no hash-time lock {format_record_id(lock)} here; "
            "its id stands in the event exchange-hash-locked"
        )


class PartNotFound(ExchangeRejected):
    """The part must be one of the change's."""

    code = 802

    def __init__(self, part: int, parts: int) -> None:
        super().__init__(f"part: {part} was given, the change has parts 0 to {parts - 1}")


class NothingPrepared(ExchangeRejected):
    """Only a part that was prepared on this ledger can be finished here."""

    code = 803

    def __init__(self, change: LockId, part: int) -> None:
        super().__init__(
            f"part: {part} of change {format_lock_id(change)} is not prepared here; "
            "exchange.prepare does so, on its own ledger"
        )


class ChangeNotFound(ExchangeRejected):
    """Nothing stands here of the change."""

    code = 804

    def __init__(self, change: LockId) -> None:
        super().__init__(
            f"change: nothing is decided here about {format_lock_id(change)}; "
            "ask its deciding ledger, after exchange.commit or exchange.abort"
        )


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

    def __init__(self, owner: PublicKey, *, part: int) -> None:
        super().__init__(
            f"change.parts[{part}].owner: {format_public_key(owner)} has not signed, and must"
        )


class CannotBeMoved(ExchangeRejected):
    """Only what its contract can hand on is held for somebody else."""

    code = 814

    def __init__(self, contract: str, *, field: str) -> None:
        super().__init__(
            f"{field}: {contract!r} keeps nothing that could be locked and moved; "
            "name the contract that keeps the holding"
        )


class PartsOutOfOrder(ExchangeRejected):
    """The parts ascend by ledger, contract and holding, so no holding stands there twice."""

    code = 820

    def __init__(self, part: int) -> None:
        super().__init__(
            f"change.parts[{part}]: it does not come after the one before it; "
            "sort the parts by ledger, contract and holding, none twice"
        )


class TargetIsNoOwner(ExchangeRejected):
    """Whoever is to receive something holds a key that signs."""

    code = 821

    def __init__(self, target: PublicKey, *, field: str) -> None:
        super().__init__(
            f"{field}: {format_public_key(target)} is no key that signs, "
            "and could never be paid; name another"
        )


class DeadlineHasPassed(ExchangeRejected):
    """Nothing new begins, and nothing is committed, at or after its deadline."""

    code = 822

    def __init__(self, deadline: int, time: int, *, field: str) -> None:
        super().__init__(
            f"{field}: {format_milliseconds(deadline)} has passed, "
            f"it is {format_milliseconds(time)}"
        )


class DeadlineIsTooFar(ExchangeRejected):
    """Nothing is held longer than the ledger allows."""

    code = 823

    def __init__(self, deadline: int, latest: int, *, field: str) -> None:
        super().__init__(
            f"{field}: {format_milliseconds(deadline)} was given, "
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

    def __init__(self, lock_id: LockId, until: int, *, field: str = "holding") -> None:
        super().__init__(
            f"{field}: {format_lock_id(lock_id)} holds it, "
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

    def __init__(self, given: int, needed: int, *, field: str) -> None:
        super().__init__(
            f"{field}: {given} were given, {needed} of other ledgers are needed, neither more "
            "nor less"
        )


class ProofIsOfAnother(ExchangeRejected):
    """A proof is about the very part, or decision, that it is given for."""

    code = 832

    def __init__(self, expected: RecordId, id: RecordId, *, field: str) -> None:
        super().__init__(
            f"{field}: it is about {format_record_id(id)}, not {format_record_id(expected)}"
        )


class PartIsNotPrepared(ExchangeRejected):
    """A change is committed when all its parts are held."""

    code = 833

    def __init__(self, part: int) -> None:
        super().__init__(
            f"change.parts[{part}]: it is not held on its ledger; prepare it there first"
        )


class ChangeIsNotDecided(ExchangeRejected):
    """A part waits until the deciding ledger has spoken; its own clock ends nothing."""

    code = 834

    def __init__(self, change: LockId) -> None:
        super().__init__(
            f"change: nothing is decided yet about {format_lock_id(change)}; "
            "commit or abort it on its deciding ledger first"
        )


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
        super().__init__("preimage: its SHA-256 is not the lock's digest; show the right one")


class TooLateToRedeem(ExchangeRejected):
    """A hash-time lock is paid out before its deadline."""

    code = 843

    def __init__(self, until: int) -> None:
        super().__init__(
            f"lock: it could be redeemed before {format_milliseconds(until)}; "
            "exchange.refund gives it back"
        )


class TooEarlyToRefund(ExchangeRejected):
    """A hash-time lock is given back from its deadline on."""

    code = 844

    def __init__(self, until: int) -> None:
        super().__init__(f"lock: it is refunded from {format_milliseconds(until)} on, try then")


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
