"""
Whether a ballot has decided a proposal: the only module that knows what ballots are like.

A ballot's administrator states what carries it. The ledger's own parameters ask for more, or an
administrator could call a vote that a single voice carries.
"""

from tallystick.base.identifiers import Hash
from tallystick.contracts.ballot.model import (
    Ballot,
    Base,
    Minutes,
    Question,
    Result,
    Roll,
    Terms,
    least,
    minutes_id,
)
from tallystick.core.context import Context

from .errors import (
    BallotIsNotClosed,
    BallotIsOfAnotherBody,
    ProposalNotCarried,
    QuestionIsAboutAnother,
    QuestionIsNotYesOrNo,
    SupportIsTooSmall,
)
from .model import GovernanceParameters, Proposal

MOTION = 0
"""The option that is for the proposal: the only motion."""

OPTIONS = ("for", "against", "abstain")
"""What a question's options are called, the last of which may be missing."""

OPTIONS_MIN = 2


def insist_governs(terms: Terms, parameters: GovernanceParameters, *, field: str) -> None:
    """Insist that a ballot is of the body that governs."""
    if terms.body != parameters.body:
        raise BallotIsOfAnotherBody(terms.body, parameters.body, field=field)


def insist_about(question: Question, document: Hash) -> None:
    """
    Insist that a question asks the whole body for or against what has this hash.

    The options are called what they do: an administrator who turned the labels round would let
    those carry a proposal who mean to vote against it.
    """
    options = question.options
    if question.document != document:
        raise QuestionIsAboutAnother(document, question.document)
    if question.motions != 1 or question.majority.base is Base.CLASS:
        raise QuestionIsNotYesOrNo(motions=question.motions, options=options)
    if len(options) < OPTIONS_MIN or options != OPTIONS[: len(options)]:
        raise QuestionIsNotYesOrNo(motions=question.motions, options=options)


def insist_carried(context: Context, proposal: Proposal, parameters: GovernanceParameters) -> None:
    """Insist that a proposal's ballot is counted, and that it has carried the proposal."""
    ballot = context.read(Ballot, proposal.ballot)
    minutes = context.read(Minutes, minutes_id(proposal.ballot))
    if ballot is None:
        raise AssertionError(f"the ballot of proposal {proposal.ballot.hex()} vanished")
    insist_governs(ballot.terms, parameters, field="proposal")
    if minutes is None or ballot.roll is None:
        raise BallotIsNotClosed(proposal.ballot)
    result = minutes.results[proposal.question]
    if result.chosen != MOTION:
        raise ProposalNotCarried(proposal.question)
    _insist_supported(result, ballot.roll, parameters)


def _insist_supported(result: Result, roll: Roll, parameters: GovernanceParameters) -> None:
    """
    Insist that enough have voted, and enough of them for the proposal.

    The turnout is a part of the whole roll. Who is excluded from a question is its administrator's
    word, and whoever excludes nearly all must not let the few that are left decide.
    """
    enough = least(max(roll.weight, result.eligible), parameters.turnout, more_than=False)
    if result.voted < enough:
        raise SupportIsTooSmall(weight=result.voted, needed=enough, what="has voted")
    enough = least(result.voted, parameters.majority, more_than=True)
    if result.totals[MOTION] < enough:
        raise SupportIsTooSmall(weight=result.totals[MOTION], needed=enough, what="is for it")
