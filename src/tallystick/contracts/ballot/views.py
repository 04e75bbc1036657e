"""What can be asked about votes, by people, by strangers who count again, and by other rules."""

from msgspec import Struct

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.identity.model import Scope
from tallystick.core.contract import Reader

from .errors import (
    AttestationNotFound,
    BallotNotFound,
    DelegationNotFound,
    DeviceIsNotEnrolled,
    MinutesNotFound,
    StatementNotFound,
)
from .minutes import MinutesView, ResultView, minutes_of, minutes_view
from .model import (
    Assurance,
    Attestation,
    Ballot,
    Choices,
    Delegation,
    Minutes,
    Progress,
    Proxies,
    Questions,
    QuestionTotals,
    Result,
    Roll,
    Statement,
    Status,
    Terms,
    VoterClass,
    VotingDevice,
    attestation_id,
    delegation_id,
    minutes_id,
    progress_id,
    proxies_id,
    statement_id,
    totals_id,
    voting_device_id,
)
from .recount import Recount, agrees, recount

__all__ = [
    "BallotView",
    "DelegationView",
    "MinutesView",
    "Recount",
    "ResultView",
    "ShowAttestation",
    "ShowBallot",
    "ShowDelegation",
    "ShowDevice",
    "ShowMinutes",
    "ShowVote",
    "VoteView",
    "agrees",
    "minutes_of",
    "recount",
    "result",
    "show",
    "show_attestation",
    "show_delegation",
    "show_device",
    "show_minutes",
    "show_vote",
]


class ShowBallot(Record, tag="ballot.show"):
    """Show a vote: its terms, how far it has come, and its running totals."""

    ballot: RecordId
    """Which."""


class ShowVote(Record, tag="ballot.show-vote"):
    """Show what an entry of the roll has said so far."""

    ballot: RecordId
    """In which vote."""

    voter: PublicKey
    """Whose weight it is."""

    voter_class: VoterClass = ""
    """Of which class; empty where there are none."""


class ShowMinutes(Record, tag="ballot.show-minutes"):
    """Show what a vote came to, with every reason."""

    ballot: RecordId
    """Which."""


class ShowDelegation(Record, tag="ballot.show-delegation"):
    """Show who votes for somebody."""

    ballot: RecordId
    """In which vote."""

    voter: PublicKey
    """For whom."""


class ShowDevice(Record, tag="ballot.show-device"):
    """Show a device that votes are cast with."""

    body: Scope
    """For whose votes."""

    device: PublicKey
    """The key inside it."""


class ShowAttestation(Record, tag="ballot.show-attestation"):
    """Show how sure it is who holds a key."""

    body: Scope
    """For whose votes."""

    key: PublicKey
    """The key."""


class BallotView(Struct, frozen=True):
    """A vote as it stands."""

    ballot: RecordId
    """Its id."""

    terms: Terms
    """How it is held."""

    status: Status
    """How far it has come."""

    called_at: Milliseconds
    """When it was called. [ms since the epoch, UTC]"""

    roll: Roll | None
    """Who may vote; nothing until it opens."""

    delivered: int
    """To how many entries of the roll it was delivered."""

    closes_at: Milliseconds
    """When everybody's time is over, as far as it is known. [ms since the epoch, UTC]"""

    voters: int
    """How many entries of the roll have voted."""

    weight: int
    """What they weigh."""

    totals: tuple[QuestionTotals, ...]
    """What was said on each question so far; nothing until it opens."""


class VoteView(Struct, frozen=True):
    """What an entry of the roll has said."""

    weight: int
    """How much it weighs."""

    choices: Choices
    """What counts."""

    delegate: PublicKey | None
    """Who cast it last; nothing if the voter did."""

    assurance: Assurance
    """How sure the last statement was."""

    cast_at: Milliseconds
    """When that was. [ms since the epoch, UTC]"""


class DelegationView(Struct, frozen=True):
    """Who votes for somebody."""

    delegate: PublicKey
    """Who."""

    questions: Questions
    """On which questions; empty for all."""

    used: bool
    """Whether the delegate has voted."""

    revoked_at: Milliseconds
    """When it was revoked; 0 if it was not. [ms since the epoch, UTC]"""

    represented: int
    """How many others the delegate represents in this vote by all names, the voter among them."""


def show(reader: Reader, question: ShowBallot) -> BallotView:
    """Show a vote, or reject if there is none."""
    ballot = _ballot_at(reader, question.ballot)
    progress = reader.read(Progress, progress_id(question.ballot))
    if progress is None:
        raise AssertionError(f"the vote {question.ballot.hex()} was called without its progress")
    numbers = range(len(ballot.terms.questions))
    totals = (reader.read(QuestionTotals, totals_id(question.ballot, n)) for n in numbers)
    return BallotView(
        ballot=question.ballot,
        terms=ballot.terms,
        status=ballot.status,
        called_at=ballot.called_at,
        roll=ballot.roll,
        delivered=progress.delivered,
        closes_at=max(ballot.terms.end, progress.deadline),
        voters=progress.voters,
        weight=progress.weight,
        totals=tuple(each for each in totals if each is not None),
    )


def show_vote(reader: Reader, question: ShowVote) -> VoteView:
    """Show a statement, or reject if there is none."""
    _ballot_at(reader, question.ballot)
    place = statement_id(question.ballot, question.voter, question.voter_class)
    found = reader.read(Statement, place)
    if found is None:
        raise StatementNotFound(question.voter)
    return VoteView(found.weight, found.choices, found.delegate, found.assurance, found.cast_at)


def show_minutes(reader: Reader, question: ShowMinutes) -> MinutesView:
    """Show a vote's minutes, or reject as long as there are none."""
    terms = _ballot_at(reader, question.ballot).terms
    found = reader.read(Minutes, minutes_id(question.ballot))
    if found is None:
        raise MinutesNotFound(question.ballot)
    return minutes_view(terms, found)


def show_delegation(reader: Reader, question: ShowDelegation) -> DelegationView:
    """Show a delegation, or reject if there never was one."""
    _ballot_at(reader, question.ballot)
    found = reader.read(Delegation, delegation_id(question.ballot, question.voter))
    if found is None:
        raise DelegationNotFound(question.voter)
    proxies = reader.read(Proxies, proxies_id(question.ballot, found.counted_as))
    return DelegationView(
        delegate=found.delegate,
        questions=found.questions,
        used=found.used,
        revoked_at=found.revoked_at,
        represented=0 if proxies is None else proxies.count,
    )


def show_device(reader: Reader, question: ShowDevice) -> VotingDevice:
    """Show a device, or reject if it was never enrolled."""
    found = reader.read(VotingDevice, voting_device_id(question.body, question.device))
    if found is None:
        raise DeviceIsNotEnrolled(device=question.device, body=question.body)
    return found


def show_attestation(reader: Reader, question: ShowAttestation) -> Attestation:
    """Show what is attested of a key, or reject if nothing ever was."""
    found = reader.read(Attestation, attestation_id(question.body, question.key))
    if found is None:
        raise AttestationNotFound(key=question.key, body=question.body)
    return found


def result(reader: Reader, ballot: RecordId, question: int) -> Result | None:
    """
    Return what became of a question, nothing as long as the vote is not closed.

    For other contracts. `result.chosen` is the motion that is carried; whoever acts on it looks at
    the terms, too: which body decided, what its option says, and the hash of what was decided.
    """
    found = reader.read(Minutes, minutes_id(ballot))
    if found is None or question >= len(found.results):
        return None
    return found.results[question]


def _ballot_at(reader: Reader, id: RecordId) -> Ballot:
    """Return a vote, or reject if there is none."""
    found = reader.read(Ballot, id)
    if found is None:
        raise BallotNotFound(id)
    return found
