"""What a vote comes to: a result for each question with every reason, and the minutes."""

from enum import Enum
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, RecordId

from .terms import OPTIONS_MAX, QUESTIONS_MAX, OptionNumber, QuestionNumber

FINDINGS_MAX: Final = 8


class Check(Enum):
    """What a result depends on."""

    QUORUM = "quorum"
    """Enough weight was available when a sitting opened."""

    DELIVERY = "delivery"
    """A proposal per rollam was delivered to everybody in the roll."""

    VOTERS = "voters"
    """Enough entries of the roll have voted."""

    TURNOUT = "turnout"
    """Enough of the weight that may vote on the question has voted."""

    MAJORITY = "majority"
    """The leading motion has the weight that it needs."""

    LEAD = "lead"
    """No other motion has as much; found and needed are the leader's and the next one's plus 1."""


class Finding(Record):
    """One reason for a result."""

    check: Check
    """What was looked at."""

    holds: bool
    """Whether it is as it must be."""

    found: Amount
    """What there was: a weight, or a number of entries."""

    needed: Amount
    """What there must be at least."""


Findings = Annotated[tuple[Finding, ...], Meta(max_length=FINDINGS_MAX)]


class Result(Record):
    """What became of one question."""

    question: QuestionNumber
    """The question."""

    chosen: OptionNumber | None
    """The motion that is carried; nothing if none is."""

    eligible: Amount
    """The weight of all who might vote on it."""

    base: Amount
    """The weight of which a majority is a part."""

    voted: Amount
    """The weight of those who did vote."""

    totals: Annotated[tuple[Amount, ...], Meta(max_length=OPTIONS_MAX)]
    """The weight of each option."""

    findings: Findings
    """Every reason that is the question's own."""


class Minutes(Record, tag="ballot-minutes"):
    """What a vote came to, in place of a notary's record."""

    ballot: RecordId
    """The vote."""

    record: Hash
    """Chain over all that happened, from the call to the last vote; see `continued`."""

    voters: Amount
    """How many entries of the roll have voted."""

    weight: Amount
    """What they weigh."""

    findings: Findings
    """The formal check: every reason that concerns the vote as a whole."""

    results: Annotated[tuple[Result, ...], Meta(max_length=QUESTIONS_MAX)]
    """What became of each question."""

    closed_at: Milliseconds
    """When it was counted. [ms since the epoch, UTC]"""

    signed_by: RecordId | None
    """The administrator who signed; nothing until then."""

    signed_at: Milliseconds
    """When; 0 until then. [ms since the epoch, UTC]"""
