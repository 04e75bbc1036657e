"""Where the records of a vote stand, and the chain over its public record."""

from functools import lru_cache
from hashlib import sha256
from typing import Final

from tallystick.base.encoding import Record, encode
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash, PublicKey, RecordId

IDS_REMEMBERED_MAX: Final = 1_024

TAG_RECORD: Final = b"tallystick/ballot/record/1"
TAG_PROGRESS_ID: Final = b"tallystick/ballot/progress-id/1"
TAG_TOTALS_ID: Final = b"tallystick/ballot/totals-id/1"
TAG_STATEMENT_ID: Final = b"tallystick/ballot/statement-id/1"
TAG_DELIVERY_ID: Final = b"tallystick/ballot/delivery-id/1"
TAG_DELEGATION_ID: Final = b"tallystick/ballot/delegation-id/1"
TAG_PROXIES_ID: Final = b"tallystick/ballot/proxies-id/1"
TAG_MINUTES_ID: Final = b"tallystick/ballot/minutes-id/1"
TAG_DEVICE_ID: Final = b"tallystick/ballot/device-id/1"
TAG_ATTESTATION_ID: Final = b"tallystick/ballot/attestation-id/1"

_RECORD_HEAD: Final = len(TAG_RECORD).to_bytes(1, "big") + TAG_RECORD
_TIME_BYTES: Final = (8).to_bytes(4, "big")


def continued(record: bytes, time: int, event: Record) -> Hash:
    """
    Return the chain over a public record that one more event makes longer.

    It begins with no bytes. So whoever has the events with their block times [ms since the epoch,
    UTC] comes to the hash in the minutes, and nobody can leave one out or move it. It is
    `tagged_hash(TAG_RECORD, record, time, event)` written out, because every statement computes it.
    """
    body = encode(event)
    size, length = len(record).to_bytes(4, "big"), len(body).to_bytes(4, "big")
    return Hash(
        sha256(
            b"".join(
                (_RECORD_HEAD, size, record, _TIME_BYTES, time.to_bytes(8, "big"), length, body)
            )
        ).digest()
    )


@lru_cache(IDS_REMEMBERED_MAX)
def progress_id(ballot: RecordId) -> RecordId:
    """Return the id under which it stands what happened in a vote so far."""
    return RecordId(tagged_hash(TAG_PROGRESS_ID, ballot))


@lru_cache(IDS_REMEMBERED_MAX)
def totals_id(ballot: RecordId, question: int) -> RecordId:
    """Return the id under which a question's totals stand."""
    return RecordId(tagged_hash(TAG_TOTALS_ID, ballot, question.to_bytes(4, "big")))


def statement_id(ballot: RecordId, voter: PublicKey, voter_class: str) -> RecordId:
    """Return the one id for what an entry of the roll says."""
    return RecordId(tagged_hash(TAG_STATEMENT_ID, ballot, voter, voter_class.encode()))


def delivery_id(ballot: RecordId, voter: PublicKey, voter_class: str) -> RecordId:
    """Return the id under which it stands when a proposal has reached an entry of the roll."""
    return RecordId(tagged_hash(TAG_DELIVERY_ID, ballot, voter, voter_class.encode()))


def delegation_id(ballot: RecordId, voter: PublicKey) -> RecordId:
    """Return the id under which it stands who votes for somebody."""
    return RecordId(tagged_hash(TAG_DELEGATION_ID, ballot, voter))


def proxies_id(ballot: RecordId, delegate: PublicKey) -> RecordId:
    """Return the id under which it stands how many others somebody represents."""
    return RecordId(tagged_hash(TAG_PROXIES_ID, ballot, delegate))


def minutes_id(ballot: RecordId) -> RecordId:
    """Return the id under which a vote's minutes stand."""
    return RecordId(tagged_hash(TAG_MINUTES_ID, ballot))


def voting_device_id(body: str, key: PublicKey) -> RecordId:
    """Return the id under which a voting device stands."""
    return RecordId(tagged_hash(TAG_DEVICE_ID, body.encode(), key))


def attestation_id(body: str, key: PublicKey) -> RecordId:
    """Return the id under which it stands how sure it is who holds a key."""
    return RecordId(tagged_hash(TAG_ATTESTATION_ID, body.encode(), key))
