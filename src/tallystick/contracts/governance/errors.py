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
        super().__init__(
            f"ballot: there is no vote {format_record_id(ballot)} here; call it first, "
            "its id stands in the event ballot-called"
        )


class QuestionNotFound(GovernanceRejected):
    """The ballot must have the question that decides."""

    code = 972

    def __init__(self, question: int, questions: int) -> None:
        super().__init__(
            f"question: the ballot has no question {question}, it has 0 to {questions - 1}"
        )


class ProposalNotFound(GovernanceRejected):
    """There must be a proposal with this id."""

    code = 973

    def __init__(self, proposal: RecordId, *, field: str = "proposal") -> None:
        super().__init__(
            f"{field}: there is no proposal {format_record_id(proposal)} here; "
            "its id stands in the event governance-change-proposed"
        )


class ProposedBefore(GovernanceRejected):
    """A question decides one proposal, once."""

    code = 974

    def __init__(self, proposal: RecordId) -> None:
        super().__init__(
            f"question: it decides proposal {format_record_id(proposal)} already; ask another"
        )


class EnactedBefore(GovernanceRejected):
    """A proposal is enacted once."""

    code = 975

    def __init__(self, height: int) -> None:
        super().__init__(f"proposal: it was enacted before, in block {height}")


class NotEnacted(GovernanceRejected):
    """Only what was enacted before its height is done from it on."""

    code = 976

    def __init__(self, proposal: RecordId) -> None:
        super().__init__(
            f"proposal: {format_record_id(proposal)} was not enacted; "
            "governance.enact does so, in time before its height"
        )


class NothingToApply(GovernanceRejected):
    """Parameters and versions come into force by themselves."""

    code = 977

    def __init__(self, proposal: RecordId) -> None:
        super().__init__(
            f"proposal: {format_record_id(proposal)} tells identity nothing; "
            "what it sets comes into force by itself"
        )


class AppliedBefore(GovernanceRejected):
    """A proposal is applied once."""

    code = 978

    def __init__(self, height: int) -> None:
        super().__init__(f"proposal: it was applied before, in block {height}")


class BallotIsOfAnotherBody(GovernanceRejected):
    """Only ballots of the body that governs decide."""

    code = 979

    def __init__(self, body: str, governing: str, *, field: str) -> None:
        super().__init__(
            f"{field}: its ballot is of {body!r}, the ledger is governed by {governing!r}; "
            "let that body call one"
        )


class QuestionIsAboutAnother(GovernanceRejected):
    """The question must name the resolution's hash as what is to be decided."""

    code = 980

    def __init__(self, expected: bytes, document: bytes | None) -> None:
        named = "nothing" if document is None else document.hex()
        super().__init__(
            f"question: its document is {named}, this resolution's hash is {expected.hex()}; "
            "call a ballot whose question names that"
        )


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
        super().__init__(
            f"ballot: {format_record_id(ballot)} is counted already; "
            "call another, and propose before it is closed"
        )


class BallotIsNotClosed(GovernanceRejected):
    """Only votes that were counted decide."""

    code = 983

    def __init__(self, ballot: RecordId) -> None:
        super().__init__(
            f"proposal: its ballot {format_record_id(ballot)} is not counted yet; "
            "ballot.close does so once its time is over"
        )


class ProposalNotCarried(GovernanceRejected):
    """The ballot must have carried the proposal."""

    code = 984

    def __init__(self, question: int) -> None:
        super().__init__(
            f"proposal: its ballot did not carry question {question}; it takes another ballot"
        )


class SupportIsTooSmall(GovernanceRejected):
    """Enough must have voted and been for it, however easy the ballot's own terms are."""

    code = 985

    def __init__(self, *, weight: int, needed: int, what: str) -> None:
        super().__init__(
            f"proposal: a weight of {weight} {what}, it takes {needed}; it takes another ballot"
        )


class ProposalHasLapsed(GovernanceRejected):
    """After its expiry a proposal must be proposed again."""

    code = 986

    def __init__(self, expiry: int, time: int, *, field: str) -> None:
        super().__init__(
            f"{field}: {format_milliseconds(expiry)}, its expiry, has passed, "
            f"it is {format_milliseconds(time)}; propose it anew with a later one"
        )


class HeightIsTooNear(GovernanceRejected):
    """Everybody gets some blocks' notice before something changes."""

    code = 987

    def __init__(self, height: int, earliest: int, *, field: str) -> None:
        super().__init__(
            f"{field}: {height}, its height, is too near, from here the earliest is {earliest}"
        )


class HeightIsTooFar(GovernanceRejected):
    """Nobody decides for a time too far away."""

    code = 988

    def __init__(self, height: int, latest: int) -> None:
        super().__init__(
            f"resolution.height: {height} is too far, from here the latest is {latest}"
        )


class HeightIsAhead(GovernanceRejected):
    """Identity does what it is told from the height on."""

    code = 989

    def __init__(self, height: int, present: int) -> None:
        super().__init__(
            f"proposal: its height {height} has not come, this is block {present}; apply it then"
        )


class ContractChangedTwice(GovernanceRejected):
    """A resolution says one thing about a contract's version, and one about its parameters."""

    code = 990

    def __init__(self, contract: str) -> None:
        super().__init__(f"resolution.changes: two of them are about {contract!r}; say it in one")


class PlanIsFull(GovernanceRejected):
    """What is planned for later is bounded."""

    code = 991

    def __init__(self, bound: str, *, field: str) -> None:
        super().__init__(f"{field}: no more than {bound} can be planned; wait until some have come")


class ContractNotInForce(GovernanceRejected):
    """Parameters are set of a contract that is in force by then."""

    code = 992

    def __init__(self, contract: str, *, field: str) -> None:
        super().__init__(
            f"{field}: {contract!r} is not in force on this ledger by then; "
            "it begins with governance.set-version"
        )


class RequirementIsMissing(GovernanceRejected):
    """What a contract requires is in force with it."""

    code = 993

    def __init__(self, contract: str, *, required: str, height: int, field: str) -> None:
        super().__init__(
            f"{field}: {contract!r} requires {required!r}, which is not in force in "
            f"block {height}; let that begin as well"
        )


class ContractMustBeSown(GovernanceRejected):
    """A contract that sows a seed can begin only with the ledger."""

    code = 994

    def __init__(self, contract: str, *, field: str) -> None:
        super().__init__(f"{field}: {contract!r} can only be there from genesis on; leave it out")


class ParametersDoNotFit(GovernanceRejected):
    """A contract's parameters are those that its version takes, at each height ahead."""

    code = 995

    def __init__(self, contract: str, *, height: int, problem: str, field: str) -> None:
        super().__init__(
            f"{field}: the version of {contract!r} in force in block {height} takes other "
            f"parameters: {problem}"
        )


class ParametersAreUnsound(GovernanceRejected):
    """A contract's parameters must make sense to it."""

    code = 996

    def __init__(self, contract: str, *, problem: str, field: str) -> None:
        super().__init__(f"{field}: parameters of {contract!r} make no sense: {problem}")


class NewBodyHasNotSigned(GovernanceRejected):
    """Whoever is to govern from now on has an administrator, who agrees: nobody is locked out."""

    code = 997

    def __init__(self, body: str) -> None:
        super().__init__(
            f"resolution.changes: no signer is ballot administrator of {body!r}, "
            "which is to govern; one must sign"
        )


REJECTIONS: tuple[type[GovernanceRejected], ...] = tuple(GovernanceRejected.__subclasses__())
"""Every reason above, in the order in which they stand: none can be forgotten."""
