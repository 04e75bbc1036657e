"""Why a vote is not cast, delegated or counted; see `errors`."""

from collections.abc import Sequence

from tallystick.base.identifiers import (
    PublicKey,
    RecordId,
    format_public_key,
    format_record_id,
)
from tallystick.base.plain import format_milliseconds

from .errors_terms import BallotRejected


class VotingHasNotBegun(BallotRejected):
    """Votes are taken from the begin on."""

    code = 934

    def __init__(self, *, begin: int, time: int) -> None:
        super().__init__(
            f"ballot: its votes are taken from {format_milliseconds(begin)} on, "
            f"it is {format_milliseconds(time)}; vote then"
        )


class VotingIsOver(BallotRejected):
    """Votes are taken until the end, and not at it."""

    code = 935

    def __init__(self, *, end: int, time: int) -> None:
        super().__init__(
            f"ballot: its votes were taken until {format_milliseconds(end)}, "
            f"it is {format_milliseconds(time)}; what was missed is called again"
        )


class VotingGoesOn(BallotRejected):
    """A vote is counted when everybody's time is over."""

    code = 936

    def __init__(self, *, until: int, time: int) -> None:
        super().__init__(
            f"ballot: its votes are taken until {format_milliseconds(until)}, "
            f"it is {format_milliseconds(time)}; close it from then on"
        )


class RollIsInconsistent(BallotRejected):
    """The sums of a roll fit each other and the questions."""

    code = 937

    def __init__(self, field: str, *, found: int, bounds: str) -> None:
        super().__init__(
            f"roll{field}: {found}, but a list for these questions has {bounds}; add it up again"
        )


class NotEnoughAvailable(BallotRejected):
    """A sitting opens with its quorum."""

    code = 938

    def __init__(self, *, available: int, needed: int) -> None:
        super().__init__(
            f"roll.available: a weight of {available}, terms.quorum needs {needed}; "
            "open it when as much is there"
        )


class NotInRoll(BallotRejected):
    """A voter's line is proven to stand in the roll."""

    code = 939

    def __init__(self, voter: PublicKey) -> None:
        super().__init__(
            f"path: it does not lead from this entry of {format_public_key(voter)} at this index "
            "to the root of the roll; take all three from the list that the ballot was opened on"
        )


class DeliveryIsForPerRollam(BallotRejected):
    """In a sitting nothing is delivered."""

    code = 940

    def __init__(self) -> None:
        super().__init__("ballot: it is a sitting, in which nothing is delivered; vote in its time")


class DeliveredAlready(BallotRejected):
    """A member's time begins once."""

    code = 941

    def __init__(self, until: int) -> None:
        super().__init__(
            "entry.voter: it was delivered before, "
            f"vote before {format_milliseconds(until)}, when the time ends"
        )


class NotDelivered(BallotRejected):
    """A member's time begins with delivery."""

    code = 942

    def __init__(self, voter: PublicKey) -> None:
        super().__init__(
            f"entry.voter: nothing was delivered to {format_public_key(voter)}; "
            "record that with ballot.deliver, then vote"
        )


class StatementIsLate(BallotRejected):
    """Per rollam a statement comes in the member's own time."""

    code = 943

    def __init__(self, *, until: int, time: int) -> None:
        super().__init__(
            f"entry.voter: the time ended at {format_milliseconds(until)}, "
            f"it is {format_milliseconds(time)}; what was missed is called again"
        )


class AssuranceTooLow(BallotRejected):
    """A statement is as sure as the terms want it."""

    code = 944

    def __init__(self, *, found: str, needed: str) -> None:
        super().__init__(
            f"evidence: the statement is {found}, {needed} is needed; "
            "sign with a device, or have the key attested, as sure as that"
        )


class DelegateIsVoter(BallotRejected):
    """Nobody represents himself."""

    code = 945

    def __init__(self, delegate: PublicKey) -> None:
        super().__init__(f"delegate: {format_public_key(delegate)} is the voter; name another")


class DelegationStands(BallotRejected):
    """What is delegated is revoked before it is delegated anew."""

    code = 946

    def __init__(self, delegate: PublicKey) -> None:
        super().__init__(
            f"voter: it is delegated to {format_public_key(delegate)} already; "
            "revoke that first with ballot.revoke-delegation"
        )


class TooManyProxies(BallotRejected):
    """A delegate represents no more than the terms allow."""

    code = 947

    def __init__(self, proxies_max: int) -> None:
        super().__init__(
            f"delegate: terms.proxies_max is {proxies_max}, and as many are represented; "
            "name another"
        )


class DelegationIsRevoked(BallotRejected):
    """What was revoked cannot be used, or revoked again."""

    code = 948

    def __init__(self, voter: PublicKey, *, field: str) -> None:
        super().__init__(
            f"{field}: {format_public_key(voter)} has revoked the delegation; "
            "it takes a new one to be represented"
        )


class DelegationIsUsed(BallotRejected):
    """Once the delegate has voted, the delegation stands."""

    code = 949

    def __init__(self, delegate: PublicKey) -> None:
        super().__init__(
            f"voter: {format_public_key(delegate)} has voted by the delegation, so it stands"
        )


class DelegationIsAnothers(BallotRejected):
    """A voter is represented by the one delegate whom he named."""

    code = 950

    def __init__(self, delegate: PublicKey) -> None:
        super().__init__(
            f"delegate: it is delegated to {format_public_key(delegate)}, who alone may use it"
        )


class DelegationDoesNotCover(BallotRejected):
    """A delegate votes on the questions that were delegated."""

    code = 951

    def __init__(self, question: int) -> None:
        super().__init__(f"choices: question {question} is not delegated; leave it to the voter")


class VoteIsDelegated(BallotRejected):
    """Who votes himself revokes first what he delegated."""

    code = 952

    def __init__(self, *, question: int, delegate: PublicKey) -> None:
        super().__init__(
            f"choices: question {question} is delegated to {format_public_key(delegate)}; "
            "revoke that first with ballot.revoke-delegation"
        )


class UnknownQuestion(BallotRejected):
    """A vote is on a question that is asked, and on at least one."""

    code = 953

    def __init__(self, field: str, *, question: int, questions: int) -> None:
        super().__init__(
            f"{field}: there is no question {question}, there are 0 to {questions - 1}"
        )


class UnknownOption(BallotRejected):
    """A choice is among the options."""

    code = 954

    def __init__(self, choice: int, *, question: int, option: int, options: Sequence[str]) -> None:
        named = ", ".join(f"{number} for {text!r}" for number, text in enumerate(options))
        super().__init__(
            f"choices[{choice}].option: question {question} has no option {option}, it has {named}"
        )


class OutOfOrder(BallotRejected):
    """Questions and options stand in ascending order, none twice."""

    code = 955

    def __init__(self, field: str) -> None:
        super().__init__(
            f"{field}: put questions, and the options of each, in ascending order, none twice"
        )


class VoterIsExcluded(BallotRejected):
    """Who has a conflict of interest does not vote on that question."""

    code = 956

    def __init__(self, choice: int, *, question: int) -> None:
        super().__init__(
            f"choices[{choice}].question: this line of the roll is excluded from "
            f"question {question}; leave it out"
        )


class VoterIsNotOfClass(BallotRejected):
    """On a matter of a class only that class votes."""

    code = 957

    def __init__(self, choice: int, *, question: int, voter_class: str) -> None:
        super().__init__(
            f"choices[{choice}].question: question {question} is for the class {voter_class!r}, "
            "which entry.voter_class is not; leave it out"
        )


class VotedAlready(BallotRejected):
    """A vote is cast once, unless the terms let it be changed."""

    code = 958

    def __init__(self, question: int) -> None:
        super().__init__(
            f"choices: question {question} was voted on, and this ballot's votes stand; "
            "leave it out"
        )


class MayNotSplit(BallotRejected):
    """Only who holds for others splits a weight; everybody else gives all of it to one option."""

    code = 959

    def __init__(self, *, question: int, weight: int) -> None:
        super().__init__(
            f"choices: on question {question} all of the weight {weight} goes to one option; "
            "only who holds for others may split it"
        )


class WeightAboveEntry(BallotRejected):
    """A vote weighs no more than the roll says."""

    code = 960

    def __init__(self, *, question: int, given: int, weight: int) -> None:
        super().__init__(
            f"choices: on question {question} a weight of {given} is given, "
            f"entry.weight allows {weight}"
        )


class RollIsExhausted(BallotRejected):
    """All votes together weigh no more than the sums of the roll."""

    code = 961

    def __init__(self, what: str, *, bound: int) -> None:
        super().__init__(
            f"entry: {what} would be more than the {bound} of the roll; "
            "have its administrator say whether its sums are right"
        )


class DeviceIsEnrolledAlready(BallotRejected):
    """A device is enrolled once."""

    code = 962

    def __init__(self, device: PublicKey) -> None:
        super().__init__(
            f"device: {format_public_key(device)} is or was enrolled; enrol another key"
        )


class AttestationIsOver(BallotRejected):
    """What is attested holds for some time."""

    code = 963

    def __init__(self, *, until: int, time: int) -> None:
        super().__init__(
            f"until: {format_milliseconds(until)} has passed, "
            f"it is {format_milliseconds(time)}; give a later one"
        )


class MinutesAreSigned(BallotRejected):
    """Minutes are signed once."""

    code = 964

    def __init__(self, ballot: RecordId) -> None:
        super().__init__(f"ballot: the minutes of {format_record_id(ballot)} were signed before")
