"""What can be asked about how a ledger is ruled."""

from collections.abc import Sequence

from msgspec import DecodeError, Struct, msgpack

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
from .model import Change, Proposal, QuestionNumber, Status, proposal_id, status_of


class ShowProposal(Record, tag="governance.show-proposal"):
    """Show a proposal and how far it has come."""

    proposal: RecordId
    """Which; `proposal_id` says how it follows from its ballot."""


class ShowQuestion(Record, tag="governance.show-question"):
    """Show the proposal that a ballot's question decides, and how far it has come."""

    ballot: RecordId
    """The ballot."""

    question: QuestionNumber
    """Which of its questions."""


class ShowPlan(Record, tag="governance.show-plan"):
    """Show what is planned of a contract, and what was."""

    contract: ContractName
    """Which."""


class ProposalView(Struct, frozen=True):
    """A proposal at the latest block."""

    proposal: RecordId
    """Its id, by which it is enacted and applied."""

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


class SettingView(Struct, frozen=True):
    """One contract's parameters from one height on."""

    contract: ContractName
    """The contract's name."""

    height: int
    """The first block that they rule."""

    values: str
    """What they say: their tag and fields in order, as in the reference; bytes in hexadecimal."""

    parameters: bytes
    """The same in canonical encoding."""


class PlanView(Struct, frozen=True):
    """What rules a contract, from which heights on."""

    contract: ContractName
    """The contract's name."""

    summary: str
    """What is planned of its parameters, in words."""

    releases: tuple[Release, ...]
    """Each version that was ever planned, in order of height."""

    settings: tuple[SettingView, ...]
    """The parameters that were planned last, in order of height; empty if those of genesis hold."""


def show_proposal(reader: Reader, question: ShowProposal) -> ProposalView:
    """Return a proposal, or reject if there is none."""
    found = reader.read(Proposal, question.proposal)
    if found is None:
        raise ProposalNotFound(question.proposal)
    return _view(reader, question.proposal, found)


def show_question(reader: Reader, question: ShowQuestion) -> ProposalView:
    """Return the proposal that a question decides, or reject if it decides none."""
    id = proposal_id(question.ballot, question.question)
    found = reader.read(Proposal, id)
    if found is None:
        raise ProposalNotFound(id, field="question")
    return _view(reader, id, found)


def show_plan(reader: Reader, question: ShowPlan) -> PlanView:
    """Return what is planned of a contract, or reject if it never was in force nor will be."""
    plan = reader.read(ReleasePlan, releases_id()) or ReleasePlan(releases=())
    releases = tuple(each for each in plan.releases if each.contract == question.contract)
    if not releases:
        raise ContractNotInForce(question.contract, field="contract")
    plan_of_parameters = reader.read(ParametersPlan, parameters_id(question.contract))
    settings = () if plan_of_parameters is None else plan_of_parameters.settings
    return PlanView(
        contract=question.contract,
        summary=_summary(settings),
        releases=releases,
        settings=tuple(
            SettingView(each.contract, each.height, _values(each.parameters), each.parameters)
            for each in settings
        ),
    )


def _view(reader: Reader, id: RecordId, found: Proposal) -> ProposalView:
    """Return a proposal as it stands."""
    resolution = found.resolution
    return ProposalView(
        proposal=id,
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


def _summary(settings: Sequence[Setting]) -> str:
    """Say what is planned of parameters."""
    if not settings:
        return "no other parameters than those of genesis were ever planned"
    return f"parameters from block {', '.join(str(each.height) for each in settings)} on"


def _values(parameters: bytes) -> str:
    """
    Return encoded parameters as text.

    Their names are their contract's, of which nothing is known here. Of what was planned for a
    height and replaced at once nobody has asked whether it can be read: then the text is empty.
    """
    try:
        found: object = msgpack.decode(parameters)
    except DecodeError:
        return ""
    return _text(found)


def _text(value: object) -> str:
    """Return a value of MessagePack as text."""
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    return value.hex() if isinstance(value, bytes) else repr(value)
