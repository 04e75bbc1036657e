"""The rules by which a ledger's rules change."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from tallystick.base.encoding import Malformed, decode
from tallystick.base.identifiers import RecordId
from tallystick.contracts.ballot.model import Ballot
from tallystick.contracts.ballot.model import Status as BallotStatus
from tallystick.contracts.identity.model import GOVERNANCE, Role
from tallystick.contracts.identity.views import authorised
from tallystick.core.context import Context

from .commands import Apply, Enact, Propose
from .deciding import insist_about, insist_carried, insist_governs
from .errors import (
    AppliedBefore,
    BallotIsClosed,
    BallotNotFound,
    ContractChangedTwice,
    EnactedBefore,
    HeightIsAhead,
    HeightIsTooFar,
    HeightIsTooNear,
    NewBodyHasNotSigned,
    NotEnacted,
    NothingToApply,
    ProposalHasLapsed,
    ProposalNotFound,
    ProposedBefore,
    QuestionNotFound,
)
from .events import ChangeApplied, ChangeEnacted, ChangeProposed
from .flaws import insist_flawless
from .model import (
    GovernanceParameters,
    Proposal,
    Resolution,
    SetParameters,
    SetVersion,
    acts_of,
    proposal_id,
    releases_of,
    resolution_hash,
    settings_of,
)


class Fields(NamedTuple):
    """Which fields of a command say what a resolution does; rejections name them."""

    height: str
    """Where its height stands."""

    expiry: str
    """Where its expiry stands."""

    changes: str
    """Where its changes stand."""


PROPOSED: Final = Fields("resolution.height", "resolution.expiry", "resolution.changes")
"""As the command has them that brings the resolution."""

ENACTED: Final = Fields("proposal", "proposal", "proposal")
"""As commands have them that name a proposal."""


def propose(context: Context, command: Propose) -> None:
    """
    Put a resolution on the ledger before its ballot is counted.

    Whether it can work is asked last: software that lacks a version refuses to say, and what other
    software would reject for another reason must not depend on that.
    """
    # READ
    resolution = command.resolution
    id = proposal_id(command.ballot, command.question)
    parameters = context.parameters(GovernanceParameters)
    ballot = context.read(Ballot, command.ballot)
    document = resolution_hash(context.ledger, resolution)
    # CHECK
    if ballot is None:
        raise BallotNotFound(command.ballot)
    if command.question >= len(ballot.terms.questions):
        raise QuestionNotFound(command.question, len(ballot.terms.questions))
    if context.read(Proposal, id) is not None:
        raise ProposedBefore(id)
    insist_governs(ballot.terms, parameters, field="ballot")
    insist_about(ballot.terms.questions[command.question], document)
    if ballot.status is BallotStatus.CLOSED:
        raise BallotIsClosed(command.ballot)
    _insist_in_time(context, resolution, parameters, PROPOSED)
    latest = context.height + parameters.notice_blocks_max
    if resolution.height > latest:
        raise HeightIsTooFar(resolution.height, latest)
    _insist_unambiguous(resolution)
    insist_flawless(context, resolution, field=PROPOSED.changes)
    _insist_new_body_agrees(context, resolution)
    # COMPUTE
    proposal = Proposal(
        resolution=resolution,
        ballot=command.ballot,
        question=command.question,
        proposed_height=context.height,
        enacted_height=0,
        applied_height=0,
    )
    # WRITE
    context.write(id, proposal)
    context.emit(ChangeProposed(id, command.ballot, command.question, document, resolution))


def enact(context: Context, command: Enact) -> None:
    """
    Let what a ballot has carried hold from its height on.

    Everything is asked again: since the proposal another body may have come to govern, and other
    decisions may have changed what this one builds upon.
    """
    # READ
    proposal = _proposal_at(context, command.proposal)
    resolution = proposal.resolution
    parameters = context.parameters(GovernanceParameters)
    # CHECK
    if proposal.enacted_height:
        raise EnactedBefore(proposal.enacted_height)
    insist_carried(context, proposal, parameters)
    _insist_in_time(context, resolution, parameters, ENACTED)
    insist_flawless(context, resolution, field=ENACTED.changes)
    # WRITE
    context.plan(releases_of(resolution), settings_of(resolution))
    context.write(command.proposal, replace(proposal, enacted_height=context.height))
    context.emit(ChangeEnacted(command.proposal, resolution.height))


def apply(context: Context, command: Apply) -> None:
    """
    Let identity do what was enacted.

    It judges by what is the case now, and may reject: then nothing is done, and somebody may try
    again until the proposal expires.
    """
    # READ
    proposal = _proposal_at(context, command.proposal)
    resolution = proposal.resolution
    acts = acts_of(resolution)
    # CHECK
    if not proposal.enacted_height:
        raise NotEnacted(command.proposal)
    if not acts:
        raise NothingToApply(command.proposal)
    if proposal.applied_height:
        raise AppliedBefore(proposal.applied_height)
    if resolution.expiry <= context.time:
        raise ProposalHasLapsed(resolution.expiry, context.time, field=ENACTED.expiry)
    if context.height < resolution.height:
        raise HeightIsAhead(resolution.height, context.height)
    # WRITE
    for act in acts:
        context.call(act)
    context.write(command.proposal, replace(proposal, applied_height=context.height))
    context.emit(ChangeApplied(command.proposal))


def _proposal_at(context: Context, id: RecordId) -> Proposal:
    """Return a proposal, or reject if there is none."""
    proposal = context.read(Proposal, id)
    if proposal is None:
        raise ProposalNotFound(id)
    return proposal


def _insist_in_time(
    context: Context, resolution: Resolution, parameters: GovernanceParameters, fields: Fields
) -> None:
    """Insist that a resolution has not lapsed, and that there is notice enough from here on."""
    if resolution.expiry <= context.time:
        raise ProposalHasLapsed(resolution.expiry, context.time, field=fields.expiry)
    earliest = context.height + parameters.notice_blocks_min
    if resolution.height < earliest:
        raise HeightIsTooNear(resolution.height, earliest, field=fields.height)


def _insist_unambiguous(resolution: Resolution) -> None:
    """Insist that each contract gets at most one version, and one set of parameters."""
    for kind in (SetVersion, SetParameters):
        _insist_distinct([each.contract for each in resolution.changes if isinstance(each, kind)])


def _insist_distinct(contracts: Sequence[str]) -> None:
    """Insist that no contract stands there twice."""
    for n, contract in enumerate(contracts):
        if contract in contracts[:n]:
            raise ContractChangedTwice(contract)


def _insist_new_body_agrees(context: Context, resolution: Resolution) -> None:
    """Insist on an administrator's signature of a body that is to govern from then on."""
    for setting in settings_of(resolution):
        if setting.contract != GOVERNANCE:
            continue
        try:
            body = decode(setting.parameters, GovernanceParameters).body
        except Malformed:
            continue  # They are those of another version, which comes with its own rules.
        if body != context.parameters(GovernanceParameters).body and not authorised(
            context, Role.BALLOT_ADMINISTRATOR, body
        ):
            raise NewBodyHasNotSigned(body)
