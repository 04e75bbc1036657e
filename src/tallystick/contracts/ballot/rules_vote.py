"""Rules of those who vote: receive a proposal, and say what they want."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from tallystick.base.amounts import MILLISECONDS_MAX
from tallystick.base.identifiers import PublicKey
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import acting_identity
from tallystick.core.context import Context

from .commands import Deliver, Vote
from .errors import (
    DelegationDoesNotCover,
    DelegationIsAnothers,
    DelegationIsRevoked,
    DelegationNotFound,
    DeliveredAlready,
    DeliveryIsForPerRollam,
    MayNotSplit,
    NotDelivered,
    NotInRoll,
    OutOfOrder,
    RollIsExhausted,
    StatementIsLate,
    UnknownOption,
    UnknownQuestion,
    VotedAlready,
    VoteIsDelegated,
    VoterIsExcluded,
    VoterIsNotOfClass,
    VotingHasNotBegun,
    VotingIsOver,
    WeightAboveEntry,
)
from .events import BallotDelivered, VoteCast
from .model import (
    Assurance,
    Ballot,
    Choice,
    Choices,
    Delegation,
    Delivery,
    Kind,
    QuestionTotals,
    Roll,
    RollEntry,
    Statement,
    Terms,
    by_question,
    delegation_id,
    delivery_id,
    may_vote,
    statement_id,
    statement_period,
    totals_id,
)
from .persons import Fields, insist_signed, insist_sure
from .proxies import first_use, use
from .roll import is_in
from .tally import after_vote
from .votes import ballot_at, insist_open, insist_within, note, progress_of, totals_of

VOTER: Final = Fields("entry.voter")

DELEGATE: Final = Fields("delegate")

Said = Mapping[int, Choices]
"""What is chosen on each question."""


def deliver(context: Context, command: Deliver) -> None:
    """
    Record that a proposal per rollam has reached a member.

    The member's time runs from this block on. Whoever has the proposal may sign that himself, and
    vote in the same transaction.
    """
    # READ
    ballot = ballot_at(context, command.ballot)
    terms, entry = ballot.terms, command.entry
    place = delivery_id(command.ballot, entry.voter, entry.voter_class)
    before = context.read(Delivery, place)
    progress = progress_of(context, command.ballot)
    # CHECK
    if acting_identity(context, Role.BALLOT_ADMINISTRATOR, terms.body) is None:
        insist_signed(context, terms, entry.voter, command.evidence, VOTER)
    roll = insist_open(ballot, command.ballot)
    if terms.end <= context.time:
        raise VotingIsOver(end=terms.end, time=context.time)
    if not is_in(roll, entry, command.index, command.path):
        raise NotInRoll(entry.voter)
    if terms.kind is not Kind.PER_ROLLAM:
        raise DeliveryIsForPerRollam
    if before is not None:
        raise DeliveredAlready(before.until)
    insist_within(roll, progress, delivered=1)
    # COMPUTE
    runs_from = max(context.time, terms.begin)
    until = min(runs_from + statement_period(terms), MILLISECONDS_MAX)
    event = BallotDelivered(command.ballot, entry.voter, entry.voter_class, command.document, until)
    # WRITE
    context.write(place, Delivery(command.ballot, context.time, until))
    note(
        context,
        command.ballot,
        event,
        delivered=progress.delivered + 1,
        deadline=max(progress.deadline, until),
    )


def vote(context: Context, command: Vote) -> None:
    """
    Count what somebody says.

    A delegate's own weight and those he represents are statements of their own, under their own
    lines of the roll. Who has delegated a question revokes that before voting on it himself.
    """
    # READ
    ballot, entry = ballot_at(context, command.ballot), command.entry
    terms = ballot.terms
    place = statement_id(command.ballot, entry.voter, entry.voter_class)
    before = context.read(Statement, place)
    delegation = context.read(Delegation, delegation_id(command.ballot, entry.voter))
    if command.delegate is not None and delegation is None:
        raise DelegationNotFound(entry.voter, field="delegate")
    progress = progress_of(context, command.ballot)
    # CHECK
    if command.delegate is None:
        assurance = insist_signed(context, terms, entry.voter, command.evidence, VOTER)
    else:
        assurance = insist_signed(context, terms, command.delegate, command.evidence, DELEGATE)
    roll = _insist_in_time(context, ballot, command, before)
    insist_sure(assurance, terms)
    used = first_use(context, terms, delegation, command.delegate, command.evidence)
    said = by_question(command.choices)
    _insist_own_or_covered(delegation, command.delegate, sorted(said))
    _insist_on_choices(terms, entry, command.choices)
    spoken = before.choices if before is not None else ()
    replaced = tuple(each for each in spoken if each.question in said)
    if replaced and not terms.changeable:
        raise VotedAlready(replaced[0].question)
    _insist_on_weights(entry, said)
    totals = tuple(_totals_after(context, command, terms, said, by_question(replaced)))
    voters, weight = (1, entry.weight) if before is None else (0, 0)
    insist_within(roll, progress, voters=voters, weight=weight)
    # COMPUTE
    kept = tuple(each for each in spoken if each.question not in said)
    statement = _statement(context, command, kept, assurance)
    event = _event(command, replaced, assurance)
    # WRITE
    context.write(place, statement)
    for each in totals:
        context.write(totals_id(command.ballot, each.question), each)
    if delegation is not None and used is not None:
        use(context, delegation, used)
    note(
        context,
        command.ballot,
        event,
        voters=progress.voters + voters,
        weight=progress.weight + weight,
    )


def _statement(context: Context, command: Vote, kept: Choices, assurance: Assurance) -> Statement:
    """Return what an entry has said by now: what stays, and what is new."""
    entry = command.entry
    return Statement(
        ballot=command.ballot,
        voter=entry.voter,
        voter_class=entry.voter_class,
        weight=entry.weight,
        choices=tuple(sorted((*kept, *command.choices), key=_order)),
        delegate=command.delegate,
        assurance=assurance,
        cast_at=context.time,
    )


def _event(command: Vote, replaced: Choices, assurance: Assurance) -> VoteCast:
    """Return what is reported of a vote."""
    return VoteCast(
        ballot=command.ballot,
        entry=command.entry,
        choices=command.choices,
        replaced=replaced,
        delegate=command.delegate,
        device=command.evidence.device,
        assurance=assurance,
    )


def _insist_in_time(
    context: Context, ballot: Ballot, command: Vote, before: Statement | None
) -> Roll:
    """
    Insist that votes are taken, that the voter is in the roll, and that it is not too late.

    Returns the roll.
    """
    terms, entry = ballot.terms, command.entry
    roll = insist_open(ballot, command.ballot)
    if context.time < terms.begin:
        raise VotingHasNotBegun(begin=terms.begin, time=context.time)
    if terms.kind is Kind.SITTING and terms.end <= context.time:
        raise VotingIsOver(end=terms.end, time=context.time)
    names_twice = before is not None and before.weight != entry.weight
    if names_twice or not is_in(roll, entry, command.index, command.path):
        raise NotInRoll(entry.voter)
    if terms.kind is Kind.SITTING:
        return roll
    place = delivery_id(command.ballot, entry.voter, entry.voter_class)
    delivery = context.read(Delivery, place)
    if delivery is None:
        raise NotDelivered(entry.voter)
    if delivery.until <= context.time:
        raise StatementIsLate(until=delivery.until, time=context.time)
    return roll


def _insist_own_or_covered(
    delegation: Delegation | None, delegate: PublicKey | None, questions: list[int]
) -> None:
    """Insist that whoever votes may vote on these questions, as the voter or by a delegation."""
    if delegation is None:
        return
    covered = [each for each in questions if _covers(delegation, each)]
    if delegate is not None:
        if delegation.revoked_at:
            raise DelegationIsRevoked(delegation.voter, field="delegate")
        if delegation.delegate != delegate:
            raise DelegationIsAnothers(delegation.delegate)
        if covered != questions:
            raise DelegationDoesNotCover(next(each for each in questions if each not in covered))
    elif covered and not delegation.revoked_at:
        raise VoteIsDelegated(question=covered[0], delegate=delegation.delegate)


def _insist_on_choices(terms: Terms, entry: RollEntry, choices: Choices) -> None:
    """Insist on questions and options that there are, and on the voter's right to choose."""
    for place, choice in enumerate(choices):
        if choice.question >= len(terms.questions):
            field, questions = f"choices[{place}].question", len(terms.questions)
            raise UnknownQuestion(field, question=choice.question, questions=questions)
    for place, choice in enumerate(choices):
        options = terms.questions[choice.question].options
        if choice.option >= len(options):
            raise UnknownOption(
                place, question=choice.question, option=choice.option, options=options
            )
    if any(_order(one) >= _order(other) for one, other in pairwise(choices)):
        raise OutOfOrder("choices")
    for place, choice in enumerate(choices):
        if choice.question in entry.excluded:
            raise VoterIsExcluded(place, question=choice.question)
    for place, choice in enumerate(choices):
        question = terms.questions[choice.question]
        if not may_vote(entry, choice.question, question):
            voter_class = question.majority.voter_class
            raise VoterIsNotOfClass(place, question=choice.question, voter_class=voter_class)


def _insist_on_weights(entry: RollEntry, said: Said) -> None:
    """Insist that a weight is given whole, or split by who may, and never exceeded."""
    for number, given in said.items():
        if not entry.for_others and (len(given) != 1 or given[0].weight < entry.weight):
            raise MayNotSplit(question=number, weight=entry.weight)
    for number, given in said.items():
        total = sum(each.weight for each in given)
        if total > entry.weight:
            raise WeightAboveEntry(question=number, given=total, weight=entry.weight)


def _totals_after(
    context: Context, command: Vote, terms: Terms, said: Said, replaced: Said
) -> Iterator[QuestionTotals]:
    """Yield the totals of each question that is voted on, or reject if they pass the roll's."""
    for number, given in said.items():
        totals = after_vote(
            totals_of(context, command.ballot, number),
            terms.questions[number],
            command.entry,
            old=replaced.get(number, ()),
            new=given,
        )
        if max(totals.voted, totals.base) > totals.eligible:
            raise RollIsExhausted(f"the weight on question {number}", bound=totals.eligible)
        yield totals


def _covers(delegation: Delegation, question: int) -> bool:
    """Tell whether a delegation is for a question."""
    return not delegation.questions or question in delegation.questions


def _order(choice: Choice) -> tuple[int, int]:
    """Return what choices are sorted by."""
    return choice.question, choice.option
