"""
Count a vote again from its public record, as anybody can who has the journal.

Nothing is taken from the ledger's totals. What a stranger gets is held against the minutes: the
chain over the record, the totals, the results with their reasons. Whoever has the roll besides
holds it against its root and sums, and every statement against its line.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, PublicKey, RecordId

from .events import (
    BallotCalled,
    BallotDelivered,
    BallotOpened,
    DelegationGiven,
    DelegationRevoked,
    VoteCast,
)
from .model import (
    Base,
    Choices,
    Findings,
    Kind,
    Minutes,
    Progress,
    QuestionTotals,
    Result,
    Roll,
    RollEntry,
    Terms,
    by_question,
    continued,
    may_vote,
    roll_of,
)
from .tally import PUBLIC, at_opening, findings_of, holds, result_of

PROBLEMS_MAX: Final = 100

PUBLIC_RECORD: Final = (
    BallotCalled,
    BallotOpened,
    BallotDelivered,
    DelegationGiven,
    DelegationRevoked,
    VoteCast,
)
"""The events that a vote's public record is made of."""

Entry = tuple[PublicKey, str]
"""Whose line of the roll it is, and of which class."""

Timed = tuple[int, Record]
"""An event with its block's time. [ms since the epoch, UTC]"""


class Recount(Struct, frozen=True):
    """What a stranger gets from a public record."""

    record: Hash
    """Chain over the record."""

    voters: int
    """How many entries of the roll have voted."""

    weight: int
    """What they weigh."""

    findings: Findings
    """The formal check."""

    results: tuple[Result, ...]
    """What became of each question."""

    problems: tuple[str, ...]
    """What no rule would have let happen, the first hundred; nothing if all is well."""


def recount(
    ballot: RecordId, events: Iterable[Timed], roll: Sequence[RollEntry] | None = None
) -> Recount:
    """
    Count a vote from all events of a journal, those of other affairs among them.

    `roll` is the list of who may vote, if it is at hand. Raises `ValueError` if the vote was not
    called, or not opened.
    """
    reading = _Reading(ballot, roll)
    for time, event in events:
        if isinstance(event, PUBLIC_RECORD) and event.ballot == ballot:
            reading.take(time, event)
    return reading.counted()


def agrees(found: Recount, minutes: Minutes) -> bool:
    """Tell whether a stranger finds no fault, and comes to what the minutes say."""
    return not found.problems and (
        (found.record, found.voters, found.weight, found.findings, found.results)
        == (minutes.record, minutes.voters, minutes.weight, minutes.findings, minutes.results)
    )


class _Reading:
    """A public record as far as it was read."""

    def __init__(self, ballot: RecordId, lines: Sequence[RollEntry] | None) -> None:
        self.ballot = ballot
        self.lines = lines
        self.entries = None if lines is None else frozenset(lines)
        self.terms: Terms | None = None
        self.roll: Roll | None = None
        self.record = Hash(b"")
        self.until: dict[Entry, int] = {}
        self.delegates: dict[PublicKey, DelegationGiven] = {}
        self.said: dict[Entry, VoteCast] = {}
        self.problems: list[str] = []

    def take(self, time: int, event: Record) -> None:
        """Take one event in."""
        self.record = continued(self.record, time, event)
        match event:
            case VoteCast():
                self._cast(time, event)
            case BallotCalled(terms=terms):
                self.terms = terms
            case BallotOpened(roll=roll):
                self._open(roll)
            case BallotDelivered(voter=voter, voter_class=voter_class, until=until):
                self.until[voter, voter_class] = until
            case DelegationGiven(voter=voter):
                self.delegates[voter] = event
            case DelegationRevoked(voter=voter):
                self.delegates.pop(voter, None)

    def counted(self) -> Recount:
        """Count what was read."""
        if self.terms is None or self.roll is None:
            raise ValueError(f"the record of the vote {self.ballot.hex()} has no beginning")
        weight = sum(said.entry.weight for said in self.said.values())
        progress = Progress(self.record, len(self.until), 0, len(self.said), weight)
        findings = findings_of(self.terms, self.roll, progress)
        return Recount(
            record=self.record,
            voters=len(self.said),
            weight=weight,
            findings=findings,
            results=tuple(
                result_of(self.terms, totals, valid=holds(findings))
                for totals in self._totals(self.terms, self.roll)
            ),
            problems=tuple(self.problems),
        )

    def _totals(self, terms: Terms, roll: Roll) -> Iterator[QuestionTotals]:
        """Yield what was said on each question, added up at once."""
        counted = PUBLIC.count(terms.questions, (said.choices for said in self.said.values()))
        voted, late = [0] * len(terms.questions), [0] * len(terms.questions)
        for said in self.said.values():
            entry = said.entry
            for number in by_question(said.choices):
                voted[number] += entry.weight
                late[number] += 0 if entry.available else entry.weight
        for each in at_opening(self.ballot, terms, roll):
            number = each.question
            is_of_present = terms.questions[number].majority.base is Base.PRESENT
            yield replace(
                each,
                base=each.base + (late[number] if is_of_present else 0),
                voted=voted[number],
                totals=counted[number],
            )

    def _open(self, roll: Roll) -> None:
        """Hold the roll against the list, if there is one."""
        self.roll = roll
        lines, terms = self.lines, self.terms
        if lines is not None and terms is not None and roll_of(lines, terms) != roll:
            self.problems.append("the roll is not that of the list")

    def _cast(self, time: int, event: VoteCast) -> None:
        """Take a statement in, in place of what was said on the same questions before."""
        place = event.entry.voter, event.entry.voter_class
        before = self.said.get(place)
        faults = self._faults(time, event, before)
        if faults:
            self._object(event, faults)
        elif before is None:
            self.said[place] = event
        else:
            named = by_question(event.choices)
            kept = (each for each in before.choices if each.question not in named)
            self.said[place] = replace(event, choices=(*kept, *event.choices))

    def _faults(self, time: int, event: VoteCast, before: VoteCast | None) -> list[str]:
        """Return why a statement should not have been taken."""
        terms, entry = self.terms, event.entry
        if terms is None or self.roll is None:
            return ["before the roll was known"]
        faults = []
        place = entry.voter, entry.voter_class
        end = terms.end if terms.kind is Kind.SITTING else self.until.get(place, 0)
        if not terms.begin <= time < end:
            faults.append("not in its time")
        if self.entries is not None and entry not in self.entries:
            faults.append("not in the list")
        if not _is_asked(terms, entry, event.choices):
            faults.append("on what is not asked")
        said = by_question(event.choices)
        if not _weighs(entry, said.values()):
            faults.append("with another weight")
        if before is not None:
            if before.entry != entry:
                faults.append("in the roll twice")
            if not terms.changeable and any(each.question in said for each in before.choices):
                faults.append("twice")
        if not self._is_entitled(event, said):
            faults.append("by the wrong hand")
        return faults

    def _is_entitled(self, event: VoteCast, questions: Iterable[int]) -> bool:
        """Tell whether the voter or the delegate was the one to vote on these questions."""
        given = self.delegates.get(event.entry.voter)
        if given is None:
            return event.delegate is None
        covered = [not given.questions or each in given.questions for each in questions]
        if event.delegate is None:
            return not any(covered)
        return event.delegate == given.delegate and all(covered)

    def _object(self, event: VoteCast, faults: Sequence[str]) -> None:
        """Remember a statement that counts for nothing, unless there are many."""
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(f"{event.entry.voter.hex()} voted {', '.join(faults)}")


def _is_asked(terms: Terms, entry: RollEntry, choices: Choices) -> bool:
    """Tell whether choices are among the options of questions on which an entry counts."""
    questions = terms.questions
    for each in choices:
        if each.question >= len(questions):
            return False
        question = questions[each.question]
        if each.option >= len(question.options) or not may_vote(entry, each.question, question):
            return False
    return True


def _weighs(entry: RollEntry, said: Iterable[Choices]) -> bool:
    """Tell whether an entry gives its whole weight to one option, or may split and keeps to it."""
    for given in said:
        if entry.for_others:
            if sum(each.weight for each in given) > entry.weight:
                return False
        elif len(given) != 1 or given[0].weight != entry.weight:
            return False
    return True
