"""Rules of those who are represented: give a delegation, and take it back."""

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
    TooManyProxies,
    UnknownQuestion,
)
from .events import DelegationGiven, DelegationRevoked
from .model import Delegation, Proxies, delegation_id, proxies_id
from .persons import insist_signed, insist_sure
from .votes import ballot_at, insist_not_closed, note


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
    counter = proxies_id(command.ballot, command.delegate)
    proxies = context.read(Proxies, counter) or Proxies(command.ballot, command.delegate, 0)
    # CHECK
    assurance = insist_signed(context, terms, command.voter, command.evidence)
    insist_signed(context, terms, command.delegate, command.acceptance)
    insist_not_closed(ballot, command.ballot)
    insist_sure(assurance, terms)
    if command.delegate == command.voter:
        raise DelegateIsVoter(command.delegate)
    if before is not None and not before.revoked_at:
        raise DelegationStands(before.delegate)
    if proxies.count >= terms.proxies_max:
        raise TooManyProxies(terms.proxies_max)
    for number in command.questions:
        if number >= len(terms.questions):
            raise UnknownQuestion(number)
    if list(command.questions) != sorted(set(command.questions)):
        raise OutOfOrder
    # COMPUTE
    given = Delegation(
        ballot=command.ballot,
        voter=command.voter,
        delegate=command.delegate,
        questions=command.questions,
        used=False,
        revoked_at=0,
    )
    event = DelegationGiven(command.ballot, command.voter, command.delegate, command.questions)
    # WRITE
    context.write(place, given)
    context.write(counter, replace(proxies, count=proxies.count + 1))
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
    counter = proxies_id(command.ballot, given.delegate)
    proxies = context.read(Proxies, counter)
    # CHECK
    insist_signed(context, ballot.terms, command.voter, command.evidence)
    insist_not_closed(ballot, command.ballot)
    if given.revoked_at:
        raise DelegationIsRevoked(command.voter)
    if given.used:
        raise DelegationIsUsed(given.delegate)
    if proxies is None:
        raise AssertionError(f"nobody counted the delegation {place.hex()}")
    # WRITE
    context.write(place, replace(given, revoked_at=context.time))
    context.write(counter, replace(proxies, count=proxies.count - 1))
    note(
        context,
        command.ballot,
        DelegationRevoked(command.ballot, command.voter, given.delegate),
    )
