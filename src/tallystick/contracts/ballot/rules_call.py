"""Rules of the administrator: call a vote, open it; and of anybody: close it."""

from msgspec.structs import replace

from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import acting_identity
from tallystick.core.context import Context

from .commands import Call, Close, Open, SignMinutes
from .errors import (
    BallotIsClosed,
    BallotIsNotOpen,
    BallotIsOpenAlready,
    MinutesAreSigned,
    MinutesNotFound,
    NotEnoughAvailable,
    RecordDateIsAhead,
    RollIsInconsistent,
    SignerIsNotAdministrator,
    VotingGoesOn,
    VotingIsOver,
)
from .events import BallotCalled, BallotClosed, BallotOpened, MinutesSigned
from .model import (
    Ballot,
    Kind,
    Minutes,
    Progress,
    Status,
    continued,
    minutes_id,
    progress_id,
    totals_id,
)
from .roll import excess_of
from .tally import at_opening, findings_of, holds, part_of, result_of
from .validity import insist_possible
from .votes import ballot_at, note, progress_of, totals_of


def call(context: Context, command: Call) -> None:
    """
    Call a vote.

    Nothing about it can be changed afterwards, by nobody: a mistake is called again.
    """
    # READ
    terms = command.terms
    administrator = acting_identity(context, Role.BALLOT_ADMINISTRATOR, terms.body)
    # CHECK
    if administrator is None:
        raise SignerIsNotAdministrator(terms.body, field="terms.body")
    insist_possible(terms, time=context.time)
    # COMPUTE
    id = context.derive_id()
    ballot = Ballot(terms, Status.CALLED, administrator, context.time, roll=None)
    event = BallotCalled(id, administrator, terms)
    record = continued(b"", context.time, event)
    # WRITE
    context.create(id, ballot)
    context.write(progress_id(id), Progress(record, 0, 0, 0, 0))
    context.emit(event)


def open_vote(context: Context, command: Open) -> None:
    """
    Open a vote on a roll.

    A sitting without its quorum does not open. Per rollam everybody is asked, so nobody needs to
    be there.
    """
    # READ
    ballot = ballot_at(context, command.ballot)
    terms, roll = ballot.terms, command.roll
    excess = excess_of(roll, terms)
    administrator = acting_identity(context, Role.BALLOT_ADMINISTRATOR, terms.body)
    # CHECK
    if administrator is None:
        raise SignerIsNotAdministrator(terms.body, field="ballot")
    if ballot.status is Status.OPEN:
        raise BallotIsOpenAlready(command.ballot)
    if ballot.status is Status.CLOSED:
        raise BallotIsClosed(command.ballot)
    if context.time < terms.record_date:
        raise RecordDateIsAhead(record_date=terms.record_date, time=context.time)
    if terms.end <= context.time:
        raise VotingIsOver(end=terms.end, time=context.time)
    if excess is not None:
        raise RollIsInconsistent(excess.field, found=excess.found, bounds=excess.bounds)
    needed = part_of(roll.weight, terms.quorum)
    if terms.kind is Kind.SITTING and roll.available < needed:
        raise NotEnoughAvailable(available=roll.available, needed=needed)
    # COMPUTE
    totals = at_opening(command.ballot, terms, roll)
    # WRITE
    context.write(command.ballot, replace(ballot, status=Status.OPEN, roll=roll))
    for each in totals:
        context.write(totals_id(command.ballot, each.question), each)
    note(context, command.ballot, BallotOpened(command.ballot, roll))


def close(context: Context, command: Close) -> None:
    """
    Count a vote and write its minutes.

    Anybody may, once everybody's time is over: no administrator can keep a result back. If the
    administrator does it, the minutes are signed at once.
    """
    # READ
    ballot = ballot_at(context, command.ballot)
    terms, roll = ballot.terms, ballot.roll
    administrator = acting_identity(context, Role.BALLOT_ADMINISTRATOR, terms.body)
    progress = progress_of(context, command.ballot)
    # CHECK
    if roll is None:
        raise BallotIsNotOpen(command.ballot)
    if ballot.status is Status.CLOSED:
        raise BallotIsClosed(command.ballot)
    until = max(terms.end, progress.deadline)
    if context.time < until:
        raise VotingGoesOn(until=until, time=context.time)
    # COMPUTE
    findings = findings_of(terms, roll, progress)
    results = tuple(
        result_of(terms, totals_of(context, command.ballot, number), valid=holds(findings))
        for number in range(len(terms.questions))
    )
    minutes = Minutes(
        ballot=command.ballot,
        record=progress.record,
        voters=progress.voters,
        weight=progress.weight,
        findings=findings,
        results=results,
        closed_at=context.time,
        signed_by=administrator,
        signed_at=0 if administrator is None else context.time,
    )
    # WRITE
    context.write(command.ballot, replace(ballot, status=Status.CLOSED))
    context.write(minutes_id(command.ballot), minutes)
    context.emit(BallotClosed(command.ballot, minutes.record, holds(findings), results))
    if administrator is not None:
        context.emit(MinutesSigned(command.ballot, administrator))


def sign_minutes(context: Context, command: SignMinutes) -> None:
    """Put the administrator's name under what was counted; it changes nothing of it."""
    # READ
    ballot = ballot_at(context, command.ballot)
    minutes = context.read(Minutes, minutes_id(command.ballot))
    if minutes is None:
        raise MinutesNotFound(command.ballot)
    administrator = acting_identity(context, Role.BALLOT_ADMINISTRATOR, ballot.terms.body)
    # CHECK
    if administrator is None:
        raise SignerIsNotAdministrator(ballot.terms.body, field="ballot")
    if minutes.signed_by is not None:
        raise MinutesAreSigned(command.ballot)
    # WRITE
    context.write(
        minutes_id(command.ballot),
        replace(minutes, signed_by=administrator, signed_at=context.time),
    )
    context.emit(MinutesSigned(command.ballot, administrator))
