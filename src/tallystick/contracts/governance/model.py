"""
What the contract keeps: proposals, each bound to the question of a ballot that decides it.

A question of a ballot names the hash of a resolution, so nobody can let a vote on one thing decide
another, and whoever votes can read what it is before.
"""

from enum import Enum
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record, encode
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash, LedgerId, RecordId
from tallystick.contracts.ballot.model import Fraction
from tallystick.contracts.identity.commands import Appoint, Dismiss, Disown, Recognise
from tallystick.contracts.identity.model import Scope
from tallystick.core.genesis import PARAMETERS_BYTES_MAX
from tallystick.core.holding import ContractName
from tallystick.core.release import Height, Release, Setting

CHANGES_MAX: Final = 16
NOTICE_BLOCKS_MAX: Final = 10_000_000
QUESTION_NUMBER_MAX: Final = 255

TAG_RESOLUTION: Final = b"tallystick/governance/resolution/1"
TAG_PROPOSAL_ID: Final = b"tallystick/governance/proposal-id/1"

Notice = Annotated[int, Meta(ge=1, le=NOTICE_BLOCKS_MAX)]
"""How far ahead a height lies. [blocks]"""

QuestionNumber = Annotated[int, Meta(ge=0, le=QUESTION_NUMBER_MAX)]
"""Which question of a ballot, counted from 0."""


class SetParameters(Record, tag="governance.set-parameters"):
    """Let a contract have other parameters."""

    contract: ContractName
    """The contract."""

    parameters: Annotated[bytes, Meta(max_length=PARAMETERS_BYTES_MAX)]
    """All of them, in canonical encoding, as the version takes them that is in force then."""


class SetVersion(Record, tag="governance.set-version"):
    """Let another version of a contract's rules be in force, or a contract that was not there."""

    contract: ContractName
    """The contract."""

    version: Annotated[int, Meta(ge=1, le=65_535)]
    """The version of its rules."""


Act = Appoint | Dismiss | Recognise | Disown
"""What identity does on a decision, once its height has come."""

ACTS: Final = (Appoint, Dismiss, Recognise, Disown)

Change = SetParameters | SetVersion | Appoint | Dismiss | Recognise | Disown
"""One thing that is to be different."""


class Resolution(Record, tag="governance-resolution"):
    """What is put to the vote and enacted as a whole, or not at all."""

    title: Annotated[str, Meta(min_length=1, max_length=256)]
    """What people call it."""

    height: Height
    """The first block in which it holds."""

    expiry: Milliseconds
    """From when on nothing more can be done about it, exclusive. [ms since the epoch, UTC]"""

    changes: Annotated[tuple[Change, ...], Meta(min_length=1, max_length=CHANGES_MAX)]
    """What is to be different, in this order."""


class Status(Enum):
    """How far a proposal has come."""

    PROPOSED = "proposed"
    """Its ballot decides, or has decided."""

    ENACTED = "enacted"
    """What it plans is sure to hold from its height on; identity may then do its part."""

    APPLIED = "applied"
    """Identity has done what it was told."""

    LAPSED = "lapsed"
    """Its time was over before it was enacted; it can be proposed again."""


class Proposal(Record, tag="governance-proposal"):
    """A resolution with the ballot that decides it."""

    resolution: Resolution
    """What is to be different."""

    ballot: RecordId
    """The ballot."""

    question: QuestionNumber
    """Which of its questions."""

    proposed_height: Height
    """In which block it was proposed."""

    enacted_height: Height
    """In which block it was enacted; 0 if it was not."""

    applied_height: Height
    """In which block identity did its part; 0 if it did not."""


class GovernanceParameters(Record, tag="governance-parameters"):
    """Whose ballots decide, and what they need beside what carries them."""

    body: Scope = "governors"
    """The body whose ballots decide; its administrators call them."""

    notice_blocks_min: Notice = 100
    """How many blocks lie at least between an enactment and its height. [blocks]"""

    notice_blocks_max: Notice = 10_000_000
    """How many lie at most between a proposal and its height. [blocks]"""

    turnout: Fraction = Fraction(1, 2)
    """Which part of the roll's whole weight must have voted, whatever a ballot's own terms say."""

    majority: Fraction = Fraction(1, 2)
    """Of which part of the weight that has voted more must be for it."""


def problem_with(parameters: GovernanceParameters) -> str:
    """Say what is wrong with settings under which nothing could ever be decided; else nothing."""
    turnout, majority = parameters.turnout, parameters.majority
    if parameters.notice_blocks_max < parameters.notice_blocks_min:
        return "notice_blocks_max: it is less than notice_blocks_min"
    if turnout.numerator > turnout.denominator:
        return "turnout: it is more than the whole"
    if majority.numerator >= majority.denominator:
        return "majority: nothing is more than the whole"
    return ""


def resolution_hash(ledger: LedgerId, resolution: Resolution) -> Hash:
    """Return what a ballot's question names as its document, if this is what it decides."""
    return tagged_hash(TAG_RESOLUTION, ledger, encode(resolution))


def proposal_id(ballot: RecordId, question: int) -> RecordId:
    """Return the id of what a question decides: there is one, so no vote counts twice."""
    return RecordId(tagged_hash(TAG_PROPOSAL_ID, ballot, question.to_bytes(4, "big")))


def releases_of(resolution: Resolution) -> tuple[Release, ...]:
    """Return the versions that a resolution plans."""
    return tuple(
        Release(height=resolution.height, contract=each.contract, version=each.version)
        for each in resolution.changes
        if isinstance(each, SetVersion)
    )


def settings_of(resolution: Resolution) -> tuple[Setting, ...]:
    """Return the parameters that a resolution plans."""
    return tuple(
        Setting(height=resolution.height, contract=each.contract, parameters=each.parameters)
        for each in resolution.changes
        if isinstance(each, SetParameters)
    )


def acts_of(resolution: Resolution) -> tuple[Act, ...]:
    """Return what a resolution lets identity do."""
    return tuple(each for each in resolution.changes if isinstance(each, ACTS))


def status_of(proposal: Proposal, *, time: int) -> Status:
    """Tell how far a proposal has come at a time. [ms since the epoch, UTC]"""
    if proposal.applied_height:
        return Status.APPLIED
    if proposal.enacted_height:
        return Status.ENACTED
    return Status.LAPSED if proposal.resolution.expiry <= time else Status.PROPOSED
