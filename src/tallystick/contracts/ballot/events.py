"""What happened in votes. The first six are a vote's public record."""

from tallystick.base.amounts import Milliseconds
from tallystick.base.identifiers import Hash, PublicKey, RecordId
from tallystick.core.event import Event

from .model import (
    Assurance,
    Choices,
    Questions,
    Result,
    Roll,
    RollEntry,
    Terms,
    VoterClass,
)


class BallotCalled(Event, tag="ballot-called"):
    """A vote was called."""

    ballot: RecordId
    """Its id."""

    called_by: RecordId
    """The administrator's identity."""

    terms: Terms
    """How it is held."""


class BallotOpened(Event, tag="ballot-opened"):
    """Voters can vote: it is time to tell them."""

    ballot: RecordId
    """The vote."""

    roll: Roll
    """Who may, as the root and the sums of the list."""


class BallotDelivered(Event, tag="ballot-delivered"):
    """A proposal per rollam has reached a member."""

    ballot: RecordId
    """The vote."""

    voter: PublicKey
    """Who."""

    voter_class: VoterClass
    """Of which class."""

    document: Hash | None
    """Of the receipt."""

    until: Milliseconds
    """When the member's time ends, exclusive. [ms since the epoch, UTC]"""


class DelegationGiven(Event, tag="ballot-delegation-given"):
    """Somebody is represented."""

    ballot: RecordId
    """The vote."""

    voter: PublicKey
    """Who."""

    delegate: PublicKey
    """By whom."""

    questions: Questions
    """On which questions; empty for all."""


class DelegationRevoked(Event, tag="ballot-delegation-revoked"):
    """Somebody is represented no more."""

    ballot: RecordId
    """The vote."""

    voter: PublicKey
    """Who."""

    delegate: PublicKey
    """By whom."""


class VoteCast(Event, tag="ballot-vote-cast"):
    """Somebody has voted, or changed a vote."""

    ballot: RecordId
    """The vote."""

    entry: RollEntry
    """Whose weight it is, as it stands in the roll."""

    choices: Choices
    """What is chosen on the questions that are named."""

    replaced: Choices
    """What was chosen on them before, and counts no more."""

    delegate: PublicKey | None
    """Who cast it; nothing if the voter did."""

    device: PublicKey | None
    """With which device; nothing if with none."""

    assurance: Assurance
    """How sure the statement is."""


class BallotClosed(Event, tag="ballot-closed"):
    """A vote was counted."""

    ballot: RecordId
    """The vote."""

    record: Hash
    """Chain over its public record."""

    valid: bool
    """Whether the formal check holds."""

    results: tuple[Result, ...]
    """What became of each question, with every reason."""


class MinutesSigned(Event, tag="ballot-minutes-signed"):
    """The administrator has signed the minutes."""

    ballot: RecordId
    """The vote."""

    signed_by: RecordId
    """The administrator's identity."""


class VotingDeviceEnrolled(Event, tag="ballot-device-enrolled"):
    """Votes can be cast with a device."""

    body: str
    """For whose votes."""

    device: PublicKey
    """The key inside it."""

    member: PublicKey | None
    """Whose it is; nothing if it stands at a place."""

    place: str
    """Where it is, or what."""

    assurance: Assurance
    """How sure what it signs is."""


class VotingDeviceRetired(Event, tag="ballot-device-retired"):
    """A device is out of use."""

    body: str
    """For whose votes it was."""

    device: PublicKey
    """The key inside it."""


class AssuranceAttested(Event, tag="ballot-assurance-attested"):
    """Somebody said how sure it is who holds a key."""

    body: str
    """For whose votes."""

    key: PublicKey
    """The key."""

    assurance: Assurance
    """How sure its statements are."""

    until: Milliseconds
    """Until when, exclusive. [ms since the epoch, UTC]"""

    attested_by: RecordId
    """The identity that says so."""
