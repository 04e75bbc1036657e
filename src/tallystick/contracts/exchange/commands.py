"""What can be done across ledgers."""

from typing import Annotated

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.core.foreign import ForeignProof
from tallystick.core.holding import ContractName

from .model import PARTS_MAX, PREIMAGE_BYTES, Change, PartIndex


class LockHash(Record, tag="exchange.lock"):
    """
    Hold something for whoever shows the preimage of a hash, until a deadline.

    Signed by its owner. The lock's id is derived; see the event.
    """

    contract: ContractName
    """The contract that keeps the holding."""

    holding: RecordId
    """The holding."""

    amount: Amount
    """How much of it, in its own unit; 0 for the whole."""

    digest: Hash
    """SHA-256 of a preimage of 32 bytes."""

    beneficiary: PublicKey
    """Who is paid."""

    until: Milliseconds
    """It is paid before this block time, and given back from it on. [ms since the epoch, UTC]"""


class Redeem(Record, tag="exchange.redeem"):
    """Show the preimage before the deadline, so that the beneficiary is paid; anybody may."""

    lock: RecordId
    """The hash-time lock."""

    preimage: Annotated[bytes, Meta(max_length=2 * PREIMAGE_BYTES)]
    """32 bytes whose SHA-256 is the lock's digest; public from now on."""


class Refund(Record, tag="exchange.refund"):
    """Give back what is held, from the deadline on; anybody may."""

    lock: RecordId
    """The hash-time lock."""


class Prepare(Record, tag="exchange.prepare"):
    """
    Hold one part of a joint change until its decision is proven.

    Signed by the part's owner, who so agrees to the whole change.
    """

    change: Change
    """The whole change."""

    part: PartIndex
    """Which part; it must be of this ledger."""


class Commit(Record, tag="exchange.commit"):
    """Record on the deciding ledger, before the deadline, that every part takes effect."""

    change: Change
    """The whole change."""

    proofs: Annotated[tuple[ForeignProof, ...], Meta(max_length=PARTS_MAX)]
    """That each part of another ledger is prepared there, in the order of the parts."""


class Abort(Record, tag="exchange.abort"):
    """
    Record on the deciding ledger that no part takes effect.

    Before the deadline an owner or a target of a part signs; from then on anybody may.
    """

    change: Change
    """The whole change."""


class Finish(Record, tag="exchange.finish"):
    """End a prepared part as the deciding ledger has decided; anybody may."""

    change: LockId
    """The change's id."""

    part: PartIndex
    """Which part."""

    proof: ForeignProof | None
    """The decision; nothing on the deciding ledger itself, which knows it."""
