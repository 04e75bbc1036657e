"""What can be asked about how a ledger is ruled."""

from msgspec import Struct

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.core.contract import Reader
from tallystick.core.genesis import parameters_id
from tallystick.core.holding import ContractName
from tallystick.core.release import (
    ParametersPlan,
    Release,
    ReleasePlan,
    Setting,
    releases_id,
)

from .errors import ContractNotInForce, ProposalNotFound
from .model import Change, Proposal, QuestionNumber, Status, status_of


class ShowProposal(Record, tag="governance.show-proposal"):
    """Show a proposal and how far it has come."""

    proposal: RecordId
    """Which; `proposal_id` says how it follows from its ballot."""


class ShowPlan(Record, tag="governance.show-plan"):
    """Show what is planned of a contract, and what was."""

    contract: ContractName
    """Which."""


class ProposalView(Struct, frozen=True):
    """A proposal at the latest block."""

    title: str
    """What people call it."""

    ballot: RecordId
    """The ballot that decides."""

    question: QuestionNumber
    """Which of its questions."""

    status: Status
    """How far it has come."""

    height: int
    """The first block in which it holds."""

    expiry: Milliseconds
    """From when on nothing more can be done about it. [ms since the epoch, UTC]"""

    changes: tuple[Change, ...]
    """What is to be different."""

    proposed_height: int
    """In which block it was proposed."""

    enacted_height: int
    """In which it was enacted; 0 if it was not."""

    applied_height: int
    """In which identity did its part; 0 if it did not."""


class PlanView(Struct, frozen=True):
    """What rules a contract, from which heights on."""

    releases: tuple[Release, ...]
    """Each version that was ever planned, in order of height."""

    settings: tuple[Setting, ...]
    """The parameters that were planned last, in order of height; empty if those of genesis hold."""


def show_proposal(reader: Reader, question: ShowProposal) -> ProposalView:
    """Return a proposal, or reject if there is none."""
    found = reader.read(Proposal, question.proposal)
    if found is None:
        raise ProposalNotFound(question.proposal)
    resolution = found.resolution
    return ProposalView(
        title=resolution.title,
        ballot=found.ballot,
        question=found.question,
        status=status_of(found, time=reader.time),
        height=resolution.height,
        expiry=resolution.expiry,
        changes=resolution.changes,
        proposed_height=found.proposed_height,
        enacted_height=found.enacted_height,
        applied_height=found.applied_height,
    )


def show_plan(reader: Reader, question: ShowPlan) -> PlanView:
    """Return what is planned of a contract, or reject if it never was in force nor will be."""
    plan = reader.read(ReleasePlan, releases_id()) or ReleasePlan(releases=())
    releases = tuple(each for each in plan.releases if each.contract == question.contract)
    if not releases:
        raise ContractNotInForce(question.contract)
    settings = reader.read(ParametersPlan, parameters_id(question.contract))
    return PlanView(releases, () if settings is None else settings.settings)
