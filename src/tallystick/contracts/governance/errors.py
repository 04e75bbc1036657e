"""
Why a command on how a ledger is ruled is rejected, in order of precedence.

When several reasons apply, the one with the lowest code is given. Codes are never reused.
"""

from collections.abc import Sequence

from tallystick.base.identifiers import RecordId, format_record_id
from tallystick.base.plain import format_milliseconds
from tallystick.core.errors import Rejected


class GovernanceRejected(Rejected):
    """Base of every reason of this contract."""

    contract = "governance"


class BallotNotFound(GovernanceRejected):
    """There must be a ballot that decides."""

    code = 971

    def __init__(self, ballot: RecordId) -> None:
        super().__init__(f"there is no ballot {format_record_id(ballot)}")


class QuestionNotFound(GovernanceRejected):
    """The ballot must have the question that decides."""

    code = 972

    def __init__(self, question: int) -> None:
        super().__init__(f"question: the ballot has no question {question}")


class ProposalNotFound(GovernanceRejected):
    """There must be a proposal with this id."""

    code = 973

    def __init__(self, proposal: RecordId) -> None:
        super().__init__(f"there is no proposal {format_record_id(proposal)}")


class ProposedBefore(GovernanceRejected):
    """A question decides one proposal, once."""

    code = 974

    def __init__(self, proposal: RecordId) -> None:
        super().__init__(f"the question decides proposal {format_record_id(proposal)} already")


class EnactedBefore(GovernanceRejected):
    """A proposal is enacted once."""

    code = 975

    def __init__(self, height: int) -> None:
        super().__init__(f"the proposal was enacted in block {height}")


class NotEnacted(GovernanceRejected):
    """Only what was enacted before its height is done from it on."""

    code = 976

    def __init__(self, proposal: RecordId) -> None:
        super().__init__(f"proposal {format_record_id(proposal)} was not enacted")


class NothingToApply(GovernanceRejected):
    """Parameters and versions come into force by themselves."""

    code = 977

    def __init__(self, proposal: RecordId) -> None:
        super().__init__(f"proposal {format_record_id(proposal)} tells identity nothing")


class AppliedBefore(GovernanceRejected):
    """A proposal is applied once."""

    code = 978

    def __init__(self, height: int) -> None:
        super().__init__(f"the proposal was applied in block {height}")


class BallotIsOfAnotherBody(GovernanceRejected):
    """Only ballots of the body that governs decide."""

    code = 979

    def __init__(self, body: str, governing: str) -> None:
        super().__init__(f"ballot: it is of {body!r}, the ledger is governed by {governing!r}")


class QuestionIsAboutAnother(GovernanceRejected):
    """The question must name the resolution's hash as what is to be decided."""

    code = 980

    def __init__(self, expected: bytes, document: bytes | None) -> None:
        named = "nothing" if document is None else document.hex()
        super().__init__(f"question: it is about {named}, the resolution is {expected.hex()}")


class QuestionIsNotYesOrNo(GovernanceRejected):
    """The question is for, against or abstain: one motion, on which the whole body votes."""

    code = 981

    def __init__(self, *, motions: int, options: Sequence[str]) -> None:
        named = ", ".join(map(repr, options))
        super().__init__(
            f"question: its options are {named}, of which {motions} are motions, and perhaps only "
            "a class votes; they must be 'for', 'against' and perhaps 'abstain', in this order, "
            "with one motion, and all vote"
        )


class BallotIsClosed(GovernanceRejected):
    """What is voted on is on the ledger before the votes are counted."""

    code = 982

    def __init__(self, ballot: RecordId) -> None:
        super().__init__(f"ballot {format_record_id(ballot)} is counted already")


class BallotIsNotClosed(GovernanceRejected):
    """Only votes that were counted decide."""

    code = 983

    def __init__(self, ballot: RecordId) -> None:
        super().__init__(f"ballot {format_record_id(ballot)} is not counted yet")


class ProposalNotCarried(GovernanceRejected):
    """The ballot must have carried the proposal."""

    code = 984

    def __init__(self, question: int) -> None:
        super().__init__(f"the ballot did not carry question {question}")


class SupportIsTooSmall(GovernanceRejected):
    """Enough must have voted and been for it, however easy the ballot's own terms are."""

    code = 985

    def __init__(self, *, weight: int, needed: int, what: str) -> None:
        super().__init__(f"a weight of {weight} {what}, it takes {needed}")


class ProposalHasLapsed(GovernanceRejected):
    """After its expiry a proposal must be proposed again."""

    code = 986

    def __init__(self, expiry: int, time: int) -> None:
        super().__init__(
            f"expiry: {format_milliseconds(expiry)} has passed, it is {format_milliseconds(time)}"
        )


class HeightIsTooNear(GovernanceRejected):
    """Everybody gets some blocks' notice before something changes."""

    code = 987

    def __init__(self, height: int, earliest: int) -> None:
        super().__init__(f"height: {height} is too near, from here the earliest is {earliest}")


class HeightIsTooFar(GovernanceRejected):
    """Nobody decides for a time too far away."""

    code = 988

    def __init__(self, height: int, latest: int) -> None:
        super().__init__(f"height: {height} is too far, from here the latest is {latest}")


class HeightIsAhead(GovernanceRejected):
    """Identity does what it is told from the height on."""

    code = 989

    def __init__(self, height: int, present: int) -> None:
        super().__init__(f"height: {height} has not come, this is block {present}")


class ContractChangedTwice(GovernanceRejected):
    """A resolution says one thing about a contract's version, and one about its parameters."""

    code = 990

    def __init__(self, contract: str) -> None:
        super().__init__(f"changes: two of them say different things about {contract!r}")


class PlanIsFull(GovernanceRejected):
    """What is planned for later is bounded."""

    code = 991

    def __init__(self, bound: str) -> None:
        super().__init__(f"no more than {bound} can be planned")


class ContractNotInForce(GovernanceRejected):
    """Parameters are set of a contract that is in force by then."""

    code = 992

    def __init__(self, contract: str) -> None:
        super().__init__(f"contract {contract!r} is not in force on this ledger")


class RequirementIsMissing(GovernanceRejected):
    """What a contract requires is in force with it."""

    code = 993

    def __init__(self, contract: str, *, required: str, height: int) -> None:
        super().__init__(f"contract {contract!r} requires {required!r} in block {height}")


class ContractMustBeSown(GovernanceRejected):
    """A contract that sows a seed can begin only with the ledger."""

    code = 994

    def __init__(self, contract: str) -> None:
        super().__init__(f"contract {contract!r} can only be there from genesis on")


class ParametersDoNotFit(GovernanceRejected):
    """A contract's parameters are those that its version takes, at each height ahead."""

    code = 995

    def __init__(self, contract: str, *, height: int, problem: str) -> None:
        super().__init__(f"parameters of {contract!r} in block {height}: {problem}")


class ParametersAreUnsound(GovernanceRejected):
    """A contract's parameters must make sense to it."""

    code = 996

    def __init__(self, contract: str, *, problem: str) -> None:
        super().__init__(f"parameters of {contract!r}: {problem}")


class NewBodyHasNotSigned(GovernanceRejected):
    """Whoever is to govern from now on has an administrator, who agrees: nobody is locked out."""

    code = 997

    def __init__(self, body: str) -> None:
        super().__init__(f"no signer is ballot administrator of {body!r}, which is to govern")


REJECTIONS: tuple[type[GovernanceRejected], ...] = tuple(GovernanceRejected.__subclasses__())
"""Every reason above, in the order in which they stand: none can be forgotten."""
