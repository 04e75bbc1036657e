"""Why a vote is not opened, cast, delegated or counted; see `errors`."""

from tallystick.base.identifiers import (
    PublicKey,
    RecordId,
    format_public_key,
    format_record_id,
)
from tallystick.base.plain import format_milliseconds

from .errors_terms import BallotRejected


class BallotIsNotOpen(BallotRejected):
    """Before a vote is open there is no roll."""

    code = 930

    def __init__(self, ballot: RecordId) -> None:
        super().__init__(f"the vote {format_record_id(ballot)} is not open yet")


class BallotIsOpenAlready(BallotRejected):
    """A vote is opened once."""

    code = 931

    def __init__(self, ballot: RecordId) -> None:
        super().__init__(f"the vote {format_record_id(ballot)} is open already")


class BallotIsClosed(BallotRejected):
    """What is counted does not change any more."""

    code = 932

    def __init__(self, ballot: RecordId) -> None:
        super().__init__(f"the vote {format_record_id(ballot)} is closed")


class RecordDateIsAhead(BallotRejected):
    """Nobody knows a roll before the date as of which it is."""

    code = 933

    def __init__(self, *, record_date: int, time: int) -> None:
        super().__init__(
            f"the record date {format_milliseconds(record_date)} is ahead, "
            f"it is {format_milliseconds(time)}"
        )


class VotingHasNotBegun(BallotRejected):
    """Votes are taken from the begin on."""

    code = 934

    def __init__(self, *, begin: int, time: int) -> None:
        super().__init__(
            f"votes are taken from {format_milliseconds(begin)} on, "
            f"it is {format_milliseconds(time)}"
        )


class VotingIsOver(BallotRejected):
    """Votes are taken until the end, and not at it."""

    code = 935

    def __init__(self, *, end: int, time: int) -> None:
        super().__init__(
            f"votes were taken until {format_milliseconds(end)}, it is {format_milliseconds(time)}"
        )


class VotingGoesOn(BallotRejected):
    """A vote is counted when everybody's time is over."""

    code = 936

    def __init__(self, *, until: int, time: int) -> None:
        super().__init__(
            f"votes are taken until {format_milliseconds(until)}, it is {format_milliseconds(time)}"
        )


class RollIsInconsistent(BallotRejected):
    """The sums of a roll fit each other and the questions."""

    code = 937

    def __init__(self) -> None:
        super().__init__("the sums of the roll are those of no list for these questions")


class NotEnoughAvailable(BallotRejected):
    """A sitting opens with its quorum."""

    code = 938

    def __init__(self, *, available: int, needed: int) -> None:
        super().__init__(f"a weight of {available} is available, {needed} is needed")


class NotInRoll(BallotRejected):
    """A voter's line is proven to stand in the roll."""

    code = 939

    def __init__(self, voter: PublicKey) -> None:
        super().__init__(
            f"the path does not lead from {format_public_key(voter)} with this weight to the roll"
        )


class DeliveryIsForPerRollam(BallotRejected):
    """In a sitting nothing is delivered."""

    code = 940

    def __init__(self) -> None:
        super().__init__("nothing is delivered to members of a sitting")


class DeliveredAlready(BallotRejected):
    """A member's time begins once."""

    code = 941

    def __init__(self, until: int) -> None:
        super().__init__(
            f"it was delivered before, the time runs until {format_milliseconds(until)}"
        )


class NotDelivered(BallotRejected):
    """A member's time begins with delivery."""

    code = 942

    def __init__(self, voter: PublicKey) -> None:
        super().__init__(f"the proposal was not delivered to {format_public_key(voter)}")


class StatementIsLate(BallotRejected):
    """Per rollam a statement comes in the member's own time."""

    code = 943

    def __init__(self, *, until: int, time: int) -> None:
        super().__init__(
            f"the time ended at {format_milliseconds(until)}, it is {format_milliseconds(time)}"
        )


class AssuranceTooLow(BallotRejected):
    """A statement is as sure as the terms want it."""

    code = 944

    def __init__(self, *, found: str, needed: str) -> None:
        super().__init__(f"the statement is {found}, {needed} is needed")


class DelegateIsVoter(BallotRejected):
    """Nobody represents himself."""

    code = 945

    def __init__(self, delegate: PublicKey) -> None:
        super().__init__(f"{format_public_key(delegate)} is the voter")


class DelegationStands(BallotRejected):
    """What is delegated is revoked before it is delegated anew."""

    code = 946

    def __init__(self, delegate: PublicKey) -> None:
        super().__init__(f"it is delegated to {format_public_key(delegate)} already")


class TooManyProxies(BallotRejected):
    """A delegate represents no more than the terms allow."""

    code = 947

    def __init__(self, proxies_max: int) -> None:
        super().__init__(f"a delegate may represent {proxies_max}")


class DelegationIsRevoked(BallotRejected):
    """What was revoked cannot be used, or revoked again."""

    code = 948

    def __init__(self, voter: PublicKey) -> None:
        super().__init__(f"{format_public_key(voter)} has revoked the delegation")


class DelegationIsUsed(BallotRejected):
    """Once the delegate has voted, the delegation stands."""

    code = 949

    def __init__(self, delegate: PublicKey) -> None:
        super().__init__(f"{format_public_key(delegate)} has voted by it")


class DelegationIsAnothers(BallotRejected):
    """A voter is represented by the one delegate whom he named."""

    code = 950

    def __init__(self, delegate: PublicKey) -> None:
        super().__init__(f"it is delegated to {format_public_key(delegate)}")


class DelegationDoesNotCover(BallotRejected):
    """A delegate votes on the questions that were delegated."""

    code = 951

    def __init__(self, question: int) -> None:
        super().__init__(f"question {question} is not delegated")


class VoteIsDelegated(BallotRejected):
    """Who votes himself revokes first what he delegated."""

    code = 952

    def __init__(self, *, question: int, delegate: PublicKey) -> None:
        super().__init__(f"question {question} is delegated to {format_public_key(delegate)}")


class UnknownQuestion(BallotRejected):
    """A vote is on a question that is asked, and on at least one."""

    code = 953

    def __init__(self, question: int) -> None:
        super().__init__(f"there is no question {question}")


class UnknownOption(BallotRejected):
    """A choice is among the options."""

    code = 954

    def __init__(self, *, question: int, option: int) -> None:
        super().__init__(f"question {question} has no option {option}")


class OutOfOrder(BallotRejected):
    """Questions and options stand in ascending order, none twice."""

    code = 955

    def __init__(self) -> None:
        super().__init__("questions and options stand in ascending order, none twice")


class VoterIsExcluded(BallotRejected):
    """Who has a conflict of interest does not vote on that question."""

    code = 956

    def __init__(self, question: int) -> None:
        super().__init__(f"the voter is excluded from question {question}")


class VoterIsNotOfClass(BallotRejected):
    """On a matter of a class only that class votes."""

    code = 957

    def __init__(self, *, question: int, voter_class: str) -> None:
        super().__init__(f"question {question} is for the class {voter_class!r}")


class VotedAlready(BallotRejected):
    """A vote is cast once, unless the terms let it be changed."""

    code = 958

    def __init__(self, question: int) -> None:
        super().__init__(f"the vote on question {question} stands")


class MayNotSplit(BallotRejected):
    """Only who holds for others splits a weight; everybody else gives all of it to one option."""

    code = 959

    def __init__(self, *, question: int, weight: int) -> None:
        super().__init__(f"question {question}: all of the weight {weight} goes to one option")


class WeightAboveEntry(BallotRejected):
    """A vote weighs no more than the roll says."""

    code = 960

    def __init__(self, *, question: int, given: int, weight: int) -> None:
        super().__init__(
            f"question {question}: a weight of {given} is given, the roll says {weight}"
        )


class RollIsExhausted(BallotRejected):
    """All votes together weigh no more than the sums of the roll."""

    code = 961

    def __init__(self, what: str, *, bound: int) -> None:
        super().__init__(f"{what}: more than the {bound} of the roll")


class DeviceIsEnrolledAlready(BallotRejected):
    """A device is enrolled once."""

    code = 962

    def __init__(self, device: PublicKey) -> None:
        super().__init__(f"device {format_public_key(device)} is or was enrolled")


class AttestationIsOver(BallotRejected):
    """What is attested holds for some time."""

    code = 963

    def __init__(self, *, until: int, time: int) -> None:
        super().__init__(
            f"until: {format_milliseconds(until)} has passed, it is {format_milliseconds(time)}"
        )


class MinutesAreSigned(BallotRejected):
    """Minutes are signed once."""

    code = 964

    def __init__(self, ballot: RecordId) -> None:
        super().__init__(f"the minutes of {format_record_id(ballot)} are signed")
