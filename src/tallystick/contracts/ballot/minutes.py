"""
The minutes of a vote in words: what was asked, and what its options are called, beside the totals.

The record holds numbers alone, because its terms say what they mean and never change.
"""

from msgspec import Struct

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.identifiers import Hash, RecordId

from .outcome import Findings, Minutes, Result
from .terms import OptionNumber, Question, QuestionNumber, Terms


class ResultView(Struct, frozen=True):
    """What became of one question, in words."""

    question: QuestionNumber
    """The question."""

    text: str
    """What was asked."""

    chosen: OptionNumber | None
    """The motion that is carried; nothing if none is."""

    chosen_option: str | None
    """What it is called; nothing if none is carried."""

    options: tuple[str, ...]
    """What the options are called, in the order of the totals."""

    totals: tuple[Amount, ...]
    """The weight of each option."""

    eligible: Amount
    """The weight of all who might vote on it."""

    base: Amount
    """The weight of which a majority is a part."""

    voted: Amount
    """The weight of those who did vote."""

    findings: Findings
    """Every reason that is the question's own."""


class MinutesView(Struct, frozen=True):
    """What a vote came to, with what its questions and options are called."""

    ballot: RecordId
    """The vote."""

    title: str
    """What people call it."""

    record: Hash
    """Chain over all that happened, from the call to the last vote."""

    voters: Amount
    """How many entries of the roll have voted."""

    weight: Amount
    """What they weigh."""

    findings: Findings
    """The formal check: every reason that concerns the vote as a whole."""

    results: tuple[ResultView, ...]
    """What became of each question."""

    closed_at: Milliseconds
    """When it was counted. [ms since the epoch, UTC]"""

    signed_by: RecordId | None
    """The administrator who signed; nothing until then."""

    signed_at: Milliseconds
    """When; 0 until then. [ms since the epoch, UTC]"""


def minutes_view(terms: Terms, minutes: Minutes) -> MinutesView:
    """Return minutes in the words of the terms under which the vote was held."""
    return MinutesView(
        ballot=minutes.ballot,
        title=terms.title,
        record=minutes.record,
        voters=minutes.voters,
        weight=minutes.weight,
        findings=minutes.findings,
        results=tuple(_in_words(terms.questions[each.question], each) for each in minutes.results),
        closed_at=minutes.closed_at,
        signed_by=minutes.signed_by,
        signed_at=minutes.signed_at,
    )


def minutes_of(view: MinutesView) -> Minutes:
    """Return the record that was shown, which whoever counts again holds a recount against."""
    return Minutes(
        ballot=view.ballot,
        record=view.record,
        voters=view.voters,
        weight=view.weight,
        findings=view.findings,
        results=tuple(
            Result(
                question=each.question,
                chosen=each.chosen,
                eligible=each.eligible,
                base=each.base,
                voted=each.voted,
                totals=each.totals,
                findings=each.findings,
            )
            for each in view.results
        ),
        closed_at=view.closed_at,
        signed_by=view.signed_by,
        signed_at=view.signed_at,
    )


def _in_words(question: Question, found: Result) -> ResultView:
    """Return a question's result with what was asked and what its options are called."""
    return ResultView(
        question=found.question,
        text=question.text,
        chosen=found.chosen,
        chosen_option=None if found.chosen is None else question.options[found.chosen],
        options=question.options,
        totals=found.totals,
        eligible=found.eligible,
        base=found.base,
        voted=found.voted,
        findings=found.findings,
    )
