"""What can be done about votes."""

from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, PublicKey, RecordId
from tallystick.contracts.identity.model import Scope

from .model import (
    Assurance,
    Evidence,
    Path,
    Questions,
    Roll,
    RollEntry,
    SomeChoices,
    Terms,
    Text,
)

INDEX_MAX: Final = 2**40

NO_EVIDENCE: Final = Evidence()

Index = Annotated[int, Meta(ge=0, lt=INDEX_MAX)]
"""A line of a roll, counted from 0."""


class Call(Record, tag="ballot.call"):
    """Call a vote, as administrator of its body: say what is asked, when, and what carries it."""

    terms: Terms
    """Everything that is settled from now on."""


class Open(Record, tag="ballot.open"):
    """
    Open a vote, as its administrator: fix the roll and, for a sitting, show that enough are there.

    It tells every voter by an event, and writes nothing for any of them.
    """

    ballot: RecordId
    """The vote."""

    roll: Roll
    """Who may vote: the root of the list, and its sums under the terms."""


class Deliver(Record, tag="ballot.deliver"):
    """
    Record that a proposal per rollam has reached a member, whose time runs from now on.

    Signed by the administrator, who holds the receipt, or by the member.
    """

    ballot: RecordId
    """The vote."""

    entry: RollEntry
    """The member's line of the roll."""

    index: Index
    """Which line that is."""

    path: Path
    """That it stands there."""

    document: Hash | None
    """Of the receipt."""

    evidence: Evidence = NO_EVIDENCE
    """Of the member's own statement, if the member signs."""


class Delegate(Record, tag="ballot.delegate"):
    """
    Let somebody vote in one's place, on all or some questions.

    Signed by the voter and by the delegate, who so accepts: places are few, and nobody is to fill
    them with votes that the delegate doesn't want.
    """

    ballot: RecordId
    """The vote."""

    voter: PublicKey
    """Who is represented."""

    delegate: PublicKey
    """By whom."""

    questions: Questions
    """On which questions, in ascending order; empty for all."""

    evidence: Evidence = NO_EVIDENCE
    """Of the voter's statement."""

    acceptance: Evidence = NO_EVIDENCE
    """Of the delegate's."""


class RevokeDelegation(Record, tag="ballot.revoke-delegation"):
    """Take back what was delegated, as the voter, as long as it was not used."""

    ballot: RecordId
    """The vote."""

    voter: PublicKey
    """Who was represented."""

    evidence: Evidence = NO_EVIDENCE
    """Of the voter's statement."""


class Vote(Record, tag="ballot.vote"):
    """
    Vote on some questions, as a voter or as a voter's delegate.

    A delegate's own votes, and those for each who is represented, are commands of their own. What
    is said on a question replaces what was said on it before, if the terms allow that.
    """

    ballot: RecordId
    """The vote."""

    entry: RollEntry
    """The voter's line of the roll."""

    index: Index
    """Which line that is."""

    path: Path
    """That it stands there."""

    choices: SomeChoices
    """What is chosen, in ascending order of question and option."""

    delegate: PublicKey | None = None
    """Who casts it in the voter's place; nothing if the voter does."""

    evidence: Evidence = NO_EVIDENCE
    """Of the statement of whoever casts it."""


class Close(Record, tag="ballot.close"):
    """Count a vote once its time is over, and write its minutes; anybody may."""

    ballot: RecordId
    """The vote."""


class SignMinutes(Record, tag="ballot.sign-minutes"):
    """Sign the minutes as administrator of the body, where somebody else has closed the vote."""

    ballot: RecordId
    """The vote."""


class EnrolDevice(Record, tag="ballot.enrol-device"):
    """
    Let votes of a body be cast with a device.

    Signed by the body's administrator and by the key inside the device; if it is a member's own, by
    the member, for whom it speaks by itself from now on.
    """

    body: Scope
    """For whose votes."""

    device: PublicKey
    """The key inside it."""

    member: PublicKey | None
    """Whose it is; nothing if it stands at a place and members sign along."""

    place: Text
    """Where it is, or what."""

    assurance: Assurance
    """How sure what it signs is."""


class RetireDevice(Record, tag="ballot.retire-device"):
    """Take a device out of use, as the body's administrator or the member whose it is."""

    body: Scope
    """For whose votes it was."""

    device: PublicKey
    """The key inside it."""


class Attest(Record, tag="ballot.attest"):
    """
    Say how sure it is who holds a key, as the body's administrator or as registrar.

    Saying it again sets it anew.
    """

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
