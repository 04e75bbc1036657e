"""
Count votes and judge what they come to, as functions of integers.

How statements become totals is behind one small interface. In public counting a choice is a weight
in the open; in a secret vote it would be a ciphertext with a proof, totals would be products of
ciphertexts, and `reveal` would take the talliers' shares. Nothing else would change.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from msgspec.structs import replace

from tallystick.base.identifiers import RecordId

from .model import (
    Base,
    Check,
    Choice,
    Choices,
    Finding,
    Findings,
    Fraction,
    Kind,
    Progress,
    Question,
    QuestionTotals,
    Result,
    Roll,
    RollEntry,
    Terms,
    least,
)

Totals = tuple[int, ...]
"""The weight of each option."""


class Counting(Protocol):
    """How statements become totals."""

    def start(self, question: Question) -> Totals:
        """Return the totals of a question on which nobody has voted."""

    def replace(self, totals: Totals, *, old: Sequence[Choice], new: Sequence[Choice]) -> Totals:
        """Return totals in which new choices of somebody on this question take the place of old."""

    def count(
        self, questions: Sequence[Question], statements: Iterable[Choices]
    ) -> tuple[Totals, ...]:
        """Return every question's totals over all statements at once."""

    def reveal(self, totals: Totals) -> Totals:
        """Return the weight of each option, once votes are taken no more."""


class PublicCounting:
    """Choices are open, and totals are sums."""

    def start(self, question: Question) -> Totals:
        """Return a zero for each option."""
        return (0,) * len(question.options)

    def replace(self, totals: Totals, *, old: Sequence[Choice], new: Sequence[Choice]) -> Totals:
        """Take old weights away and add new ones."""
        sums = list(totals)
        for choice in old:
            sums[choice.option] -= choice.weight
        for choice in new:
            sums[choice.option] += choice.weight
        return tuple(sums)

    def count(
        self, questions: Sequence[Question], statements: Iterable[Choices]
    ) -> tuple[Totals, ...]:
        """Add all up."""
        sums = [[0] * len(question.options) for question in questions]
        for choices in statements:
            for choice in choices:
                sums[choice.question][choice.option] += choice.weight
        return tuple(map(tuple, sums))

    def reveal(self, totals: Totals) -> Totals:
        """Return them: there is nothing to reveal."""
        return totals


PUBLIC: Final[Counting] = PublicCounting()


def at_opening(
    ballot: RecordId, terms: Terms, roll: Roll, counting: Counting = PUBLIC
) -> tuple[QuestionTotals, ...]:
    """Return every question's totals when a vote opens."""
    return tuple(
        QuestionTotals(
            ballot=ballot,
            question=number,
            eligible=electorate.eligible,
            base=electorate.available if _counts_present(question) else electorate.eligible,
            voted=0,
            totals=counting.start(question),
        )
        for number, (question, electorate) in enumerate(
            zip(terms.questions, roll.electorates, strict=True)
        )
    )


def after_vote(
    totals: QuestionTotals,
    question: Question,
    entry: RollEntry,
    *,
    old: Sequence[Choice],
    new: Sequence[Choice],
    counting: Counting = PUBLIC,
) -> QuestionTotals:
    """
    Return a question's totals after somebody's statement on it.

    Who votes is present: the weight of somebody who came after the roll was made joins the base.
    """
    weight = 0 if old else entry.weight
    comes_late = _counts_present(question) and not entry.available
    return replace(
        totals,
        base=totals.base + (weight if comes_late else 0),
        voted=totals.voted + weight,
        totals=counting.replace(totals.totals, old=old, new=new),
    )


def findings_of(terms: Terms, roll: Roll, progress: Progress) -> Findings:
    """Make the formal check: return every reason that concerns the vote as a whole."""
    voters = _finding(Check.VOTERS, progress.voters, terms.voters_min)
    if terms.kind is Kind.PER_ROLLAM:
        return (_finding(Check.DELIVERY, progress.delivered, roll.entries), voters)
    return (_finding(Check.QUORUM, roll.available, part_of(roll.weight, terms.quorum)), voters)


def result_of(
    terms: Terms, totals: QuestionTotals, *, valid: bool, counting: Counting = PUBLIC
) -> Result:
    """
    Judge one question, and give every reason.

    A motion is chosen if the vote as a whole is valid, enough have voted, the motion has what its
    majority needs, and no other motion has as much. Silence is in the base, so it refuses.
    """
    question = terms.questions[totals.question]
    weights = counting.reveal(totals.totals)
    motions = weights[: question.motions]
    leader = max(range(len(motions)), key=motions.__getitem__)
    next_best = max((each for n, each in enumerate(motions) if n != leader), default=0)
    majority = question.majority
    needed = least(totals.base, majority.fraction, more_than=majority.more_than)
    findings = (
        _finding(Check.TURNOUT, totals.voted, part_of(totals.eligible, terms.turnout)),
        _finding(Check.MAJORITY, motions[leader], needed),
        _finding(Check.LEAD, motions[leader], next_best + 1),
    )
    return Result(
        question=totals.question,
        chosen=leader if valid and holds(findings) else None,
        eligible=totals.eligible,
        base=totals.base,
        voted=totals.voted,
        totals=weights,
        findings=findings,
    )


def part_of(whole: int, fraction: Fraction) -> int:
    """Return the smallest weight that is at least a part of a whole; 0 for no part."""
    return -(-whole * fraction.numerator // fraction.denominator)


def holds(findings: Findings) -> bool:
    """Tell whether every reason speaks for it."""
    return all(each.holds for each in findings)


def _counts_present(question: Question) -> bool:
    """Tell whether a majority is one of those who are there."""
    return question.majority.base is Base.PRESENT


def _finding(check: Check, found: int, needed: int) -> Finding:
    """Return a reason."""
    return Finding(check, found >= needed, found, needed)
