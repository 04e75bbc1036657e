"""Rules of those who are represented: give a delegation, and take it back."""

from typing import Final

from msgspec.structs import replace

from tallystick.core.context import Context

from .commands import Delegate, RevokeDelegation
from .errors import (
    DelegateIsVoter,
    DelegationIsRevoked,
    DelegationIsUsed,
    DelegationNotFound,
    DelegationStands,
    OutOfOrder,
    UnknownQuestion,
)
from .events import DelegationGiven, DelegationRevoked
from .model import Delegation, delegation_id
from .persons import Fields, insist_signed, insist_sure
from .proxies import count, counted_as, insist_room, name_of, proxies_of
from .votes import ballot_at, insist_not_closed, note

VOTER: Final = Fields("voter")

DELEGATE: Final = Fields("delegate", "acceptance")


def delegate(context: Context, command: Delegate) -> None:
    """
    Let somebody vote in one's place.

    It needs no roll yet: whether the voter may vote is seen when the delegate does.
    """
    # READ
    ballot = ballot_at(context, command.ballot)
    terms = ballot.terms
    place = delegation_id(command.ballot, command.voter)
    before = context.read(Delegation, place)
    # CHECK
    assurance = insist_signed(context, terms, command.voter, command.evidence, VOTER)
    insist_signed(context, terms, command.delegate, command.acceptance, DELEGATE)
    insist_not_closed(ballot, command.ballot)
    insist_sure(assurance, terms)
    name = counted_as(context, terms, command.delegate, command.acceptance, DELEGATE)
    if command.voter in {command.delegate, name} or name_of(context, command.voter) == name:
        raise DelegateIsVoter(command.delegate)
    if before is not None and not before.revoked_at:
        raise DelegationStands(before.delegate)
    proxies = proxies_of(context, command.ballot, name)
    insist_room(proxies, terms)
    for n, number in enumerate(command.questions):
        if number >= len(terms.questions):
            field, questions = f"questions[{n}]", len(terms.questions)
            raise UnknownQuestion(field, question=number, questions=questions)
    if list(command.questions) != sorted(set(command.questions)):
        raise OutOfOrder("questions")
    # COMPUTE
    given = Delegation(
        ballot=command.ballot,
        voter=command.voter,
        delegate=command.delegate,
        questions=command.questions,
        used=False,
        revoked_at=0,
        counted_as=name,
    )
    event = DelegationGiven(command.ballot, command.voter, command.delegate, command.questions)
    # WRITE
    context.write(place, given)
    count(context, proxies, 1)
    note(context, command.ballot, event)


def revoke_delegation(context: Context, command: RevokeDelegation) -> None:
    """
    Take back what was delegated.

    Once the delegate has voted by it, it stands: nobody votes, sees how it goes, and votes again
    through another.
    """
    # READ
    ballot = ballot_at(context, command.ballot)
    place = delegation_id(command.ballot, command.voter)
    given = context.read(Delegation, place)
    if given is None:
        raise DelegationNotFound(command.voter)
    proxies = proxies_of(context, command.ballot, given.counted_as)
    # CHECK
    insist_signed(context, ballot.terms, command.voter, command.evidence, VOTER)
    insist_not_closed(ballot, command.ballot)
    if given.revoked_at:
        raise DelegationIsRevoked(command.voter, field="voter")
    if given.used:
        raise DelegationIsUsed(given.delegate)
    # WRITE
    context.write(place, replace(given, revoked_at=context.time))
    count(context, proxies, -1)
    note(
        context,
        command.ballot,
        DelegationRevoked(command.ballot, command.voter, given.delegate),
    )
