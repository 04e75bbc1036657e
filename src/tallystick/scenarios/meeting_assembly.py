"""One vote of the company, step by step, with what should be refused tried on the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.client.ledger import Ledger, TransactionRejected
from tallystick.contracts.ballot.commands import (
    Call,
    Close,
    Delegate,
    Deliver,
    Open,
    RevokeDelegation,
    Vote,
)
from tallystick.contracts.ballot.events import BallotCalled
from tallystick.contracts.ballot.model import (
    Choice,
    Evidence,
    Minutes,
    RollEntry,
    Terms,
    roll_of,
    roll_paths,
)
from tallystick.contracts.ballot.views import MinutesView, ShowMinutes, minutes_of
from tallystick.core.errors import Rejected

from .market_cast import Key
from .meeting_cast import MEMBERS, TRUSTEE, TRUSTEE_SPLIT, Cast, Member, opinion
from .village_weeks import DayClock

BY_APPLICATION = "application"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A statement that was accepted."""

    member: Member
    """Whose shares they are."""
    how: str
    """By application, with the device, or by whom."""
    choices: tuple[Choice, ...]
    """What was said."""


@dataclass
class Told:
    """What happened."""

    spoken: list[Spoken] = field(default_factory=list)
    """Statements, in order."""
    refused: dict[str, bool] = field(default_factory=dict)
    """What should be refused, and whether it was, for the right reason."""
    delivered: dict[str, int] = field(default_factory=dict)
    """When a proposal reached a member. [ms since the epoch, UTC]"""


class Assembly:
    """A vote, and everything that is done in it."""

    def __init__(
        self, ledger: Ledger, cast: Cast, clock: DayClock, terms: Terms, lines: Sequence[RollEntry]
    ) -> None:
        self.ledger, self.cast, self.clock, self.terms = ledger, cast, clock, terms
        self.lines = tuple(lines)
        self.paths = tuple(roll_paths(lines))
        self.told = Told()
        self.ballot = RecordId(bytes(32))

    def call(self) -> None:
        """Call the vote."""
        administrator = self.cast.key("administrator")
        receipt = self.ledger.send(Call(self.terms), [administrator.secret])
        (event,) = self.ledger.events(receipt)
        if not isinstance(event, BallotCalled):
            raise AssertionError("a call reports a vote")
        self.ballot = event.ballot

    def opening(self, lines: Sequence[RollEntry] | None = None) -> Open:
        """Return the command that opens it, with the company's list or another one."""
        return Open(self.ballot, roll_of(self.lines if lines is None else lines, self.terms))

    def delegation(self, member: str, delegate: str, *questions: int) -> Delegate:
        """Return a delegation of all questions, or of some."""
        voter, other = self.cast.key(member).public, self.cast.key(delegate).public
        return Delegate(self.ballot, voter, other, questions)

    def revocation(self, member: str) -> RevokeDelegation:
        """Return a revocation."""
        return RevokeDelegation(self.ballot, self.cast.key(member).public)

    def delivery(self, member: Member) -> Deliver:
        """Return the delivery of the proposal to a member."""
        place = member.number
        return Deliver(self.ballot, self.lines[place], place, self.paths[place], None)

    def statement(
        self,
        member: Member,
        questions: Iterable[int] = (0, 1, 2),
        *,
        delegate: str = "",
        device: str = "",
    ) -> Vote:
        """Return what a member thinks of some questions, from which he is not excluded."""
        place = member.number
        line = self.lines[place]
        return Vote(
            ballot=self.ballot,
            entry=line,
            index=place,
            path=self.paths[place],
            choices=tuple(
                each
                for question in questions
                if question not in line.excluded
                for each in choices_of(member, question)
            ),
            delegate=self.cast.key(delegate).public if delegate else None,
            evidence=Evidence(device=self.cast.key(device).public if device else None),
        )

    def say(self, vote: Vote, how: str, *names: str) -> None:
        """Cast a vote, and write down that it was accepted."""
        self.do(vote, *names)
        self.told.spoken.append(Spoken(MEMBERS[vote.index], how, vote.choices))

    def do(self, command: Record | Sequence[Record], *names: str) -> None:
        """Insist that something is accepted."""
        self.ledger.send(command, [key.secret for key in self._keys(names)])

    def attempt(self, what: str, reason: type[Rejected], command: Record, *names: str) -> None:
        """Try what must be refused, and write down whether it was, for this reason."""
        try:
            self.do(command, *names)
        except TransactionRejected as rejected:
            expected = reason.contract, reason.code
            self.told.refused[what] = (rejected.contract, rejected.code) == expected
        else:
            self.told.refused[what] = False

    def close(self, *names: str) -> Minutes:
        """Count it, and return the minutes."""
        self.do(Close(self.ballot), *names)
        return self.minutes()

    def minutes(self) -> Minutes:
        """Return what it came to."""
        found = self.ledger.ask(ShowMinutes(self.ballot))
        if not isinstance(found, MinutesView):
            raise TypeError("minutes were asked for")
        return minutes_of(found)

    def at(self, time: int) -> None:
        """Let it be later. [ms since the epoch, UTC]"""
        self.clock.milliseconds = max(self.clock.milliseconds, time)

    def _keys(self, names: Iterable[str]) -> Iterable[Key]:
        """Yield the keys of those who sign."""
        return (self.cast.key(name) for name in names)


def choices_of(member: Member, question: int) -> tuple[Choice, ...]:
    """Return what a member gives to the options of a question; the trustee splits."""
    if member.name != TRUSTEE:
        return (Choice(question, opinion(member, question), member.shares),)
    return tuple(Choice(question, option, each) for option, each in enumerate(TRUSTEE_SPLIT))
