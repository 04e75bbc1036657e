"""Under which ids things stand: every one is computed, so nobody can occupy another's."""

from typing import Final

from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId

TAG_VINTAGE_ID: Final = b"tallystick/allowance/vintage-id/1"
TAG_ACCOUNT_ID: Final = b"tallystick/allowance/account-id/1"
TAG_COMMITMENT: Final = b"tallystick/allowance/commitment/1"
TAG_METER_ID: Final = b"tallystick/allowance/meter-id/1"
TAG_BASELINE_ID: Final = b"tallystick/allowance/baseline-id/1"
TAG_OBLIGATION_ID: Final = b"tallystick/allowance/obligation-id/1"
TAG_COUNTED_ID: Final = b"tallystick/allowance/counted-id/1"
TAG_LOCKED_ID: Final = b"tallystick/allowance/locked-id/1"
TAG_RETIREMENT_ID: Final = b"tallystick/allowance/retirement-id/1"
TAG_RECORD_DIGEST: Final = b"tallystick/allowance/record-digest/1"


def vintage_id(*, programme: RecordId, zone: str, period: int) -> RecordId:
    """Return the id of a vintage, which is also the unit of `core.holding.holding_id`."""
    return RecordId(
        tagged_hash(TAG_VINTAGE_ID, programme, zone.encode(), period.to_bytes(4, "big"))
    )


def account_id(*, programme: RecordId, zone: str, key: PublicKey) -> RecordId:
    """Return the id of the account of a key in a zone."""
    return RecordId(tagged_hash(TAG_ACCOUNT_ID, programme, zone.encode(), key))


def commitment(*, holder: RecordId, key: PublicKey, salt: bytes) -> Hash:
    """
    Return what an account's record says of its holder: nothing without the salt.

    The salt is `SALT_BYTES` random bytes, told to the Director and the registry operator outside of
    the ledger. The key is part of it, so two accounts never show the same commitment.
    """
    return tagged_hash(TAG_COMMITMENT, holder, key, salt)


def meter_id(*, programme: RecordId, key: PublicKey) -> RecordId:
    """Return the id of the binding of a meter's key in a programme."""
    return RecordId(tagged_hash(TAG_METER_ID, programme, key))


def baseline_id(*, unit: RecordId, period: int) -> RecordId:
    """Return the id of a unit's baseline for a period."""
    return RecordId(tagged_hash(TAG_BASELINE_ID, unit, period.to_bytes(4, "big")))


def obligation_id(*, unit: RecordId, period: int) -> RecordId:
    """Return the id of what a unit owes for a period; apart from the baseline, which is public."""
    return RecordId(tagged_hash(TAG_OBLIGATION_ID, unit, period.to_bytes(4, "big")))


def counted_id(*, programme: RecordId, measurement: RecordId) -> RecordId:
    """Return the id under which a programme remembers that it counted a measurement."""
    return RecordId(tagged_hash(TAG_COUNTED_ID, programme, measurement))


def locked_id(*, holding: RecordId, holder: str, lock_id: LockId) -> RecordId:
    """Return the id of what a holding has locked for an affair of a contract."""
    return RecordId(tagged_hash(TAG_LOCKED_ID, holding, holder.encode(), lock_id))


def retirement_id(*, vintage: RecordId, n: int) -> RecordId:
    """Return the id of the n-th retirement of a vintage, from 0."""
    return RecordId(tagged_hash(TAG_RETIREMENT_ID, vintage, n.to_bytes(8, "big")))


def record_digest(*encodings: bytes) -> Hash:
    """Return the digest of what stands under one id, encoded, in the order of the tags."""
    return tagged_hash(TAG_RECORD_DIGEST, *encodings)
