"""What the contract keeps: certificates, settlements, pledges and the settings of a ledger."""

from enum import Enum
from hashlib import sha256
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds, Seconds
from tallystick.base.encoding import Record
from tallystick.base.hashing import TAG_CHILD_ID
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts.measurement.model import REVISION_MAX, Quality, Sector
from tallystick.core.holding import ContractName, LockedFor, in_force

PARTS_MAX: Final = 256
LEAVES_MAX: Final = 4_096
EXPIRY_SECONDS_MAX: Final = 100 * 366 * 86_400

CodeText = Annotated[str, Meta(min_length=1, max_length=16)]
"""An AIB code; the rule that issues a certificate judges it, and its pair, once."""

Revision = Annotated[int, Meta(ge=0, le=REVISION_MAX)]
"""How many times a measurement had been corrected."""


class Action(Enum):
    """What ended a certificate's life as an active holding."""

    TRANSFER = "TRANSFER"
    SPLIT = "SPLIT"
    RETIRE = "RETIRE"
    WITHDRAW = "WITHDRAW"


class Status(Enum):
    """Where a certificate stands at a moment; computed, never stored."""

    ACTIVE = "active"
    LOCKED = "locked"
    EXPIRED = "expired"
    TRANSFERRED = "transferred"
    SPLIT = "split"
    CLAIMED = "claimed"
    WITHDRAWN = "withdrawn"
    BROKEN = "broken"


class IntervalRule(Enum):
    """How close in time production must lie to the consumption that it is claimed for."""

    SAME = "same"
    """Both intervals are equal."""

    WITHIN = "within"
    """The production's interval lies within the consumption's."""

    HOUR = "hour"
    """Both lie within the same UTC hour."""


class SectorRule(Enum):
    """How close in space production must lie to the consumption that it is claimed for."""

    SAME = "same"
    """Both are in the same sector."""

    ANY = "any"
    """The sectors do not matter."""


class Next(Record):
    """What happened to a certificate; written once and never changed."""

    action: Action
    """What was done."""

    addresses: Annotated[tuple[RecordId, ...], Meta(max_length=PARTS_MAX)]
    """The certificates that follow it, or the settlement that it was retired to."""

    time: Milliseconds
    """When. [ms since the epoch, UTC]"""


class Certificate(Record, tag="certificate"):
    """A granular guarantee of origin: an amount of electricity from one production interval."""

    origin: RecordId
    """Where it came from: the measurement's id if it was issued, else the certificate before it."""

    measurement: RecordId
    """The production measurement at the root of its tree."""

    begin: Seconds
    """Start of the production interval, inclusive. [s since the epoch, UTC]"""

    end: Seconds
    """End of the production interval, exclusive. [s since the epoch, UTC]"""

    amount_wh: Amount
    """Electricity that it stands for; zero only once it is withdrawn. [Wh]"""

    sector: Sector
    """The area in which the electricity was produced."""

    technology: CodeText
    """AIB code of the technology that produced it."""

    fuel: CodeText
    """AIB code of the fuel or energy source."""

    owner: PublicKey
    """Whose signature moves it."""

    created_at: Milliseconds
    """When it came to be. [ms since the epoch, UTC]"""

    lock: LockedFor | None = None
    """To whom it was last locked; binding only while the lock is in force and `next` is empty."""

    next: Next | None = None
    """What happened to it; nothing while it can still be used."""

    withdrawn: bool = False
    """Whether the issuing body took it back, or a correction left nothing of it."""

    corrected: Revision = 0
    """The revision of the measurement whose correction touched it last; 0 if none did."""

    broken: bool = False
    """Whether a correction undid its claim; what it kept was reborn as another certificate."""

    unclaimed: bool = False
    """Whether it left its settlement after it had been withdrawn, with nothing reborn."""


class Part(Record):
    """One retired certificate in a settlement."""

    certificate: RecordId
    """The retired certificate."""

    amount_wh: Amount
    """Its amount, repeated here so that the total needs no other record. [Wh]"""

    withdrawn: bool
    """Whether the certificate was withdrawn after it had been claimed."""


class Settlement(Record, tag="settlement"):
    """What was retired to one consumption measurement; it stands under the same id."""

    measurement: RecordId
    """The consumption measurement."""

    parts: Annotated[tuple[Part, ...], Meta(max_length=PARTS_MAX)]
    """Every certificate retired to it, earliest first."""

    total_wh: Amount
    """Sum of the parts, never more than was measured. [Wh]"""


class Pledge(Record, tag="pledge"):
    """Hands a contract, in advance, what a measurement that is still to come will bring."""

    holder: ContractName
    """The contract for which production is born locked, and which may claim for consumption."""

    lock_id: LockId
    """Which of the holder's affairs it is pledged for."""

    until: Milliseconds
    """It has lapsed from this block time on. [ms since the epoch, UTC]"""


class CertificateParameters(Record, tag="certificate-parameters"):
    """Settings of a ledger's certificates, fixed at genesis."""

    interval_rule: IntervalRule = IntervalRule.SAME
    """How a certificate's interval must match the consumption's."""

    sector_rule: SectorRule = SectorRule.SAME
    """How a certificate's sector must match the consumption's."""

    qualities: Annotated[tuple[Quality, ...], Meta(min_length=1, max_length=8)] = (
        Quality.MEASURED,
        Quality.CALCULATED,
    )
    """The qualities of a measurement for which certificates are issued."""

    expiry_seconds: Annotated[int, Meta(ge=0, le=EXPIRY_SECONDS_MAX)] = 0
    """How long after its interval's end a certificate can be used; 0 means for ever. [s]"""

    parts_max: Annotated[int, Meta(ge=1, le=PARTS_MAX)] = PARTS_MAX
    """How many parts a settlement may have."""

    split_parts_max: Annotated[int, Meta(ge=1, le=PARTS_MAX)] = PARTS_MAX
    """How many parts a certificate may be split into at once."""

    leaves_max: Annotated[int, Meta(ge=1, le=LEAVES_MAX)] = LEAVES_MAX
    """How many leaves of a tree one correction may name."""


TRANSFER: Final = "TRANSFER"
SPLIT: Final = "SPLIT"
CORRECT: Final = "CORRECT"
BREAK: Final = "BREAK"

_ID_HEAD: Final = len(TAG_CHILD_ID).to_bytes(1, "big") + TAG_CHILD_ID + (32).to_bytes(4, "big")
_ID_MIDDLES: Final = {
    action: len(action).to_bytes(4, "big") + action.encode() + (4).to_bytes(4, "big")
    for action in (TRANSFER, SPLIT, CORRECT, BREAK)
}
_PASSED_ON: Final = (Action.TRANSFER, Action.SPLIT)
_STATUS_AFTER: Final = {
    Action.TRANSFER: Status.TRANSFERRED,
    Action.SPLIT: Status.SPLIT,
    Action.RETIRE: Status.CLAIMED,
    Action.WITHDRAW: Status.WITHDRAWN,
}


def child_id(parent: RecordId, action: str, n: int) -> RecordId:
    """
    Return the id of what follows a certificate: nobody can occupy it, because it names the parent.

    `action` and `n` are TRANSFER and 0, SPLIT and the part's ordinal, CORRECT and the revision of
    the production, or BREAK and the revision of the consumption whose correction broke the claim.
    It is `tagged_hash(TAG_CHILD_ID, parent, action, n as 4 bytes)` with what never changes laid
    out beforehand, because every movement computes it.
    """
    return RecordId(
        sha256(b"".join((_ID_HEAD, parent, _ID_MIDDLES[action], n.to_bytes(4, "big")))).digest()
    )


def expires_at(certificate: Certificate, *, expiry_seconds: int) -> int:
    """Return the first block time at which it can no longer be used; 0 means never. [ms]"""
    return (certificate.end + expiry_seconds) * 1_000 if expiry_seconds else 0


def status_at(certificate: Certificate, *, time: int, expiry_seconds: int) -> Status:
    """Return where a certificate stands at a block time. [ms]"""
    if certificate.broken:
        return Status.BROKEN
    if certificate.withdrawn:
        return Status.WITHDRAWN
    if certificate.next is not None:
        return _STATUS_AFTER[certificate.next.action]
    if expiry_seconds and time >= expires_at(certificate, expiry_seconds=expiry_seconds):
        return Status.EXPIRED
    return Status.LOCKED if in_force(certificate.lock, time=time) else Status.ACTIVE


def is_leaf(certificate: Certificate) -> bool:
    """
    Tell whether a certificate still stands for its amount itself.

    The leaves of a tree are what is neither transferred, split nor broken: what is held, claimed or
    withdrawn. They always add up to what was measured.
    """
    next = certificate.next
    return next is None or (next.action not in _PASSED_ON and not certificate.broken)
