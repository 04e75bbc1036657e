"""By what a statement is known to be somebody's: devices, and what is attested of keys."""

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, PublicKey, RecordId
from tallystick.contracts.identity.model import Scope
from tallystick.core.foreign import ForeignProof

from .terms import Assurance, Text


class Evidence(Record):
    """By what a statement is shown to be somebody's, besides signatures."""

    device: PublicKey | None = None
    """The voting device that it was made with, which signs."""

    proof: ForeignProof | None = None
    """That an identity is known on the ledger that keeps them, and by which key it acts."""


class VotingDevice(Record, tag="ballot-device"):
    """A device that votes are cast with: a member's own, or one that stands at a place."""

    body: Scope
    """For whose votes."""

    key: PublicKey
    """The key inside it."""

    member: PublicKey | None
    """For whom it speaks by itself; nothing if it stands at a place for whoever signs along."""

    place: Text
    """Where it is, or what."""

    assurance: Assurance
    """How sure what it signs is, by how it checks who uses it."""

    enrolled_by: RecordId
    """The administrator's identity."""

    enrolled_at: Milliseconds
    """When. [ms since the epoch, UTC]"""

    retired_at: Milliseconds
    """From when on it is not used; 0 while it is. [ms since the epoch, UTC]"""


class Attestation(Record, tag="ballot-attestation"):
    """How sure it is who holds a key."""

    body: Scope
    """For whose votes."""

    key: PublicKey
    """The key."""

    assurance: Assurance
    """How sure its statements are."""

    until: Milliseconds
    """Until when, exclusive. [ms since the epoch, UTC]"""

    document: Hash | None
    """Of what it rests on, such as a certificate."""

    attested_by: RecordId
    """The identity that says so."""

    attested_at: Milliseconds
    """When. [ms since the epoch, UTC]"""
