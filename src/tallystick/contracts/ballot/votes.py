"""The records of a vote as its rules use them."""

from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.core.context import Context

from .errors import BallotIsClosed, BallotIsNotOpen, BallotNotFound, RollIsExhausted
from .model import (
    Ballot,
    Progress,
    QuestionTotals,
    Roll,
    Status,
    continued,
    progress_id,
    totals_id,
)


def ballot_at(context: Context, id: RecordId) -> Ballot:
    """Return a vote, or reject if there is none."""
    ballot = context.read(Ballot, id)
    if ballot is None:
        raise BallotNotFound(id)
    return ballot


def insist_open(ballot: Ballot, id: RecordId) -> Roll:
    """Return the roll of a vote that is open, or reject if it is not."""
    if ballot.roll is None:
        raise BallotIsNotOpen(id)
    insist_not_closed(ballot, id)
    return ballot.roll


def insist_not_closed(ballot: Ballot, id: RecordId) -> None:
    """Reject if a vote is counted already."""
    if ballot.status is Status.CLOSED:
        raise BallotIsClosed(id)


def insist_within(
    roll: Roll, progress: Progress, *, voters: int = 0, weight: int = 0, delivered: int = 0
) -> None:
    """
    Reject if more would take part than the roll says, on whatever questions.

    Lines may weigh more than the sums of their roll, if an administrator wants it: so it is counted
    for the vote as a whole, too.
    """
    if progress.voters + voters > roll.entries:
        raise RollIsExhausted("the number of voters", bound=roll.entries)
    if progress.weight + weight > roll.weight:
        raise RollIsExhausted("the weight of all who vote", bound=roll.weight)
    if progress.delivered + delivered > roll.entries:
        raise RollIsExhausted("the number of deliveries", bound=roll.entries)


def progress_of(context: Context, id: RecordId) -> Progress:
    """Return what happened in a vote so far."""
    progress = context.read(Progress, progress_id(id))
    if progress is None:
        raise AssertionError(f"the vote {id.hex()} was called without its progress")
    return progress


def totals_of(context: Context, id: RecordId, question: int) -> QuestionTotals:
    """Return what was said on a question so far."""
    totals = context.read(QuestionTotals, totals_id(id, question))
    if totals is None:
        raise AssertionError(f"the vote {id.hex()} was opened without totals of {question}")
    return totals


def note(context: Context, id: RecordId, event: Record, **changes: int) -> None:
    """Report what happened in a vote, make its public record longer, and count it."""
    progress = progress_of(context, id)
    record = continued(progress.record, context.time, event)
    context.write(progress_id(id), replace(progress, record=record, **changes))
    context.emit(event)
