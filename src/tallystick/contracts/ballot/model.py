"""
What the contract keeps: votes that were called, running totals, statements, and minutes.

How a vote is held is in `terms`, who may take part in `roll`, how people are known in `devices`,
what it comes to in `outcome`, and how ids are computed in `ids`; all is shown here. Opening writes
nothing for a voter. A statement is one record under an id that its voter's line of the roll makes,
so that nobody votes twice.
"""

from collections.abc import Iterable
from enum import Enum
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, PublicKey, RecordId

from .devices import Attestation, Evidence, VotingDevice
from .ids import (
    attestation_id,
    continued,
    delegation_id,
    delivery_id,
    minutes_id,
    progress_id,
    proxies_id,
    statement_id,
    totals_id,
    voting_device_id,
)
from .outcome import Check, Finding, Findings, Minutes, Result
from .roll import (
    Electorate,
    Path,
    Roll,
    RollEntry,
    Weight,
    identity_of,
    may_vote,
    roll_of,
    roll_paths,
    voter_of,
)
from .terms import (
    DAY_MILLISECONDS,
    OPTIONS_MAX,
    QUESTIONS_MAX,
    Assurance,
    Base,
    Fraction,
    Kind,
    Majority,
    OptionNumber,
    Question,
    QuestionNumber,
    Questions,
    Terms,
    Text,
    VoterClass,
    least,
    statement_period,
    suffices,
)

__all__ = [
    "DAY_MILLISECONDS",
    "OPTIONS_MAX",
    "QUESTIONS_MAX",
    "Assurance",
    "Attestation",
    "Ballot",
    "BallotParameters",
    "Base",
    "Check",
    "Choice",
    "Choices",
    "Delegation",
    "Delivery",
    "Electorate",
    "Evidence",
    "Finding",
    "Findings",
    "Fraction",
    "Kind",
    "Majority",
    "Minutes",
    "Path",
    "Progress",
    "Proxies",
    "Question",
    "QuestionTotals",
    "Questions",
    "Result",
    "Roll",
    "RollEntry",
    "SomeChoices",
    "Statement",
    "Status",
    "Terms",
    "Text",
    "VoterClass",
    "VotingDevice",
    "Weight",
    "attestation_id",
    "by_question",
    "continued",
    "delegation_id",
    "delivery_id",
    "identity_of",
    "least",
    "may_vote",
    "minutes_id",
    "progress_id",
    "proxies_id",
    "roll_of",
    "roll_paths",
    "statement_id",
    "statement_period",
    "suffices",
    "totals_id",
    "voter_of",
    "voting_device_id",
]

CHOICES_MAX: Final = QUESTIONS_MAX * OPTIONS_MAX


class Status(Enum):
    """How far a vote has come."""

    CALLED = "called"
    """Its terms are known; proxies may be given."""

    OPEN = "open"
    """The roll is fixed; votes are taken in their time."""

    CLOSED = "closed"
    """It is counted."""


class Choice(Record):
    """Weight that is given to an option."""

    question: QuestionNumber
    """The question."""

    option: OptionNumber
    """The option."""

    weight: Weight
    """How much of the voter's weight."""


Choices = Annotated[tuple[Choice, ...], Meta(max_length=CHOICES_MAX)]
"""In ascending order of question and option, each pair once."""


SomeChoices = Annotated[tuple[Choice, ...], Meta(min_length=1, max_length=CHOICES_MAX)]


class Ballot(Record, tag="ballot"):
    """A vote: its terms, how far it has come, and its roll."""

    terms: Terms
    """How it is held."""

    status: Status
    """How far it has come."""

    called_by: RecordId
    """The administrator's identity."""

    called_at: Milliseconds
    """When. [ms since the epoch, UTC]"""

    roll: Roll | None
    """Who may vote; nothing until it opens."""


class Progress(Record, tag="ballot-progress"):
    """What happened in a vote so far."""

    record: Hash
    """Chain over all that happened; see `continued`."""

    delivered: Amount
    """To how many entries of the roll it was delivered."""

    deadline: Milliseconds
    """When the last member's own time ends; 0 if none runs. [ms since the epoch, UTC]"""

    voters: Amount
    """How many entries have voted."""

    weight: Amount
    """What they weigh."""


class QuestionTotals(Record, tag="ballot-totals"):
    """What was said on one question so far."""

    ballot: RecordId
    """The vote."""

    question: QuestionNumber
    """The question."""

    eligible: Amount
    """The weight of all who may vote on it."""

    base: Amount
    """The weight of which a majority is a part."""

    voted: Amount
    """The weight of those who voted on it."""

    totals: Annotated[tuple[Amount, ...], Meta(max_length=OPTIONS_MAX)]
    """The weight of each option."""


class Statement(Record, tag="ballot-statement"):
    """What one entry of the roll has said so far."""

    ballot: RecordId
    """The vote."""

    voter: PublicKey
    """Whose weight it is."""

    voter_class: VoterClass
    """Of which class."""

    weight: Weight
    """How much that is."""

    choices: Choices
    """What counts."""

    delegate: PublicKey | None
    """Who cast it last; nothing if the voter did."""

    assurance: Assurance
    """How sure the last statement was."""

    cast_at: Milliseconds
    """When that was. [ms since the epoch, UTC]"""


class Delivery(Record, tag="ballot-delivery"):
    """That a proposal per rollam has reached a member."""

    ballot: RecordId
    """The vote."""

    delivered_at: Milliseconds
    """When. [ms since the epoch, UTC]"""

    until: Milliseconds
    """When the member's time ends, exclusive. [ms since the epoch, UTC]"""


class Delegation(Record, tag="ballot-delegation"):
    """Who votes for somebody."""

    ballot: RecordId
    """The vote."""

    voter: PublicKey
    """For whom."""

    delegate: PublicKey
    """Who."""

    questions: Questions
    """On which questions, in ascending order; empty for all."""

    used: bool
    """Whether the delegate has voted: from then on it stands."""

    revoked_at: Milliseconds
    """When it was revoked; 0 if it was not. [ms since the epoch, UTC]"""

    counted_as: PublicKey
    """Under which of the delegate's names it counts; see `proxies`."""


class Proxies(Record, tag="ballot-proxies"):
    """How many others a delegate represents."""

    ballot: RecordId
    """The vote."""

    delegate: PublicKey
    """Who: the mark of an identity, or a key that has none."""

    count: Amount
    """How many."""


class BallotParameters(Record, tag="ballot-parameters"):
    """Nothing to set."""


def by_question(choices: Iterable[Choice]) -> dict[int, tuple[Choice, ...]]:
    """Return what is chosen on each question that is named."""
    found: dict[int, tuple[Choice, ...]] = {}
    for each in choices:
        found[each.question] = (*found.get(each.question, ()), each)
    return found
