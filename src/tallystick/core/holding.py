"""
Locks: what every contract that keeps holdings understands, declared once.

A lock hands a holding, or an amount of it, to one contract: until it is released, the owner's
signature moves nothing, and the contract named in the lock moves it with the lock's id. A caller
reaches these commands by the name of the contract that keeps the holding, without naming it in
`requires`: so a market trades tokens and allowances without knowing either.
"""

from functools import lru_cache
from hashlib import sha256
from typing import Annotated, Final

import msgspec

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.hashing import TAG_HOLDING_ID, TAG_VAULT, tagged_hash
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.base.signatures import is_public_key

WHOLE: Final = 0
"""The amount that stands for all there is."""

VAULT_HEAD: Final = b"\x00"
"""The first byte of a vault's key; that of a key that can sign is 2 or 3."""

ContractName = Annotated[str, msgspec.Meta(min_length=1, max_length=32, pattern=r"^[a-z][a-z-]*\Z")]


class LockedFor(Record, tag="locked-for"):
    """To whom a holding is handed, and until when."""

    holder: ContractName
    """The only contract that may move the holding."""

    lock_id: LockId
    """Which of the holder's affairs it is locked for; its commands carry it."""

    until: Milliseconds
    """It has lapsed from this block time on; 0 means it never does. [ms since the epoch, UTC]"""


class Lock(Record, tag="lock"):
    """Hand an active holding to the calling contract."""

    contract: ContractName
    """The contract that keeps the holding."""

    holding: RecordId
    """The holding."""

    lock_id: LockId
    """Chosen by the caller, carried by each of its later commands."""

    until: Milliseconds
    """When the lock lapses by itself; 0 means never. [ms since the epoch, UTC]"""

    amount: Amount = WHOLE
    """How much of an account, which is always named; 0 for a one-of-a-kind thing as a whole."""


class Release(Record, tag="release"):
    """Hand a locked holding back to its owner."""

    contract: ContractName
    """The contract that keeps the holding."""

    holding: RecordId
    """The holding."""

    lock_id: LockId
    """The lock that ends."""

    amount: Amount = WHOLE
    """How much of what is locked, in the holding's own unit; 0 for all of it."""


class Move(Record, tag="move"):
    """
    Hand an amount of a locked holding, or of a vault, to another owner.

    Only contracts whose holdings are divisible accounts understand it.
    """

    contract: ContractName
    """The contract that keeps the holding."""

    holding: RecordId
    """The holding that the amount leaves; see `holding_id`."""

    lock_id: LockId
    """The lock under which it is held, or the id of the vault."""

    amount: Amount
    """How much, in the holding's own unit; 0 for all that is locked so, or lies in the vault."""

    target: PublicKey
    """Who owns it from now on: a key, or a vault."""


SHARED_COMMANDS: Final = (Lock, Release, Move)
"""What is addressed to a contract by name, because several understand it."""


def in_force(lock: LockedFor | None, *, time: int) -> bool:
    """Tell whether a lock binds at a block time."""
    return lock is not None and (lock.until == 0 or time < lock.until)


_HOLDING_HEAD: Final = (
    len(TAG_HOLDING_ID).to_bytes(1, "big") + TAG_HOLDING_ID + (32).to_bytes(4, "big")
)
_HOLDING_OWNER: Final = (33).to_bytes(4, "big")


@lru_cache(16_384)
def holding_id(unit: RecordId, owner: PublicKey) -> RecordId:
    """
    Return the id of an account: what an owner holds of one unit.

    Every contract that keeps accounts uses it, so that others find an account without asking. It is
    `tagged_hash(TAG_HOLDING_ID, unit, owner)` with what never changes laid out beforehand, because
    every payment computes it.
    """
    return RecordId(sha256(b"".join((_HOLDING_HEAD, unit, _HOLDING_OWNER, owner))).digest())


@lru_cache(65_536)
def can_own(owner: PublicKey) -> bool:
    """Tell whether this owner could ever give anything away: it is a key that signs, or a vault."""
    return owner.startswith(VAULT_HEAD) or is_public_key(owner)


@lru_cache(1_024)
def vault(contract: str, lock_id: LockId) -> PublicKey:
    """
    Return the owner of what belongs to a contract's affair and to nobody: no key signs for it.

    A contract that keeps accounts lets `Move` take from it iff it is the vault of the caller under
    the lock id that the command carries.
    """
    return PublicKey(VAULT_HEAD + tagged_hash(TAG_VAULT, contract.encode(), lock_id))
