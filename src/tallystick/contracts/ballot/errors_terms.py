"""Why a vote is not called, or nobody known stands behind a statement; see `errors`."""

from tallystick.base.identifiers import (
    LedgerId,
    PublicKey,
    RecordId,
    format_ledger_id,
    format_public_key,
    format_record_id,
)
from tallystick.base.plain import format_milliseconds
from tallystick.core.errors import Rejected


class BallotRejected(Rejected):
    """Base of every reason of this contract."""

    contract = "ballot"


class BallotNotFound(BallotRejected):
    """There must be a vote with this id."""

    code = 901

    def __init__(self, ballot: RecordId) -> None:
        super().__init__(f"there is no vote {format_record_id(ballot)}")


class MinutesNotFound(BallotRejected):
    """A vote has minutes once it is closed."""

    code = 902

    def __init__(self, ballot: RecordId) -> None:
        super().__init__(f"the vote {format_record_id(ballot)} is not closed")


class StatementNotFound(BallotRejected):
    """Who has not voted has said nothing."""

    code = 903

    def __init__(self, voter: PublicKey) -> None:
        super().__init__(f"{format_public_key(voter)} has not voted")


class DelegationNotFound(BallotRejected):
    """Only who was given a delegation can use it, and only who gave one can revoke it."""

    code = 904

    def __init__(self, voter: PublicKey) -> None:
        super().__init__(f"{format_public_key(voter)} has delegated nothing in this vote")


class DeviceIsNotEnrolled(BallotRejected):
    """Votes are cast with devices that the body has enrolled."""

    code = 905

    def __init__(self, *, device: PublicKey, body: str) -> None:
        super().__init__(f"device {format_public_key(device)} is not enrolled for {body!r}")


class AttestationNotFound(BallotRejected):
    """Nobody has said how sure it is who holds this key."""

    code = 906

    def __init__(self, *, key: PublicKey, body: str) -> None:
        super().__init__(f"nothing is attested of {format_public_key(key)} for {body!r}")


class SignerIsNotAdministrator(BallotRejected):
    """A body's votes are called, opened and signed by its ballot administrator."""

    code = 910

    def __init__(self, body: str) -> None:
        super().__init__(f"no signer is ballot administrator of {body!r} at this time")


class SignerMayNotAttest(BallotRejected):
    """How sure a key is, is said by the body's ballot administrator or a registrar."""

    code = 911

    def __init__(self, body: str) -> None:
        super().__init__(
            f"no signer is registrar, or ballot administrator of {body!r}, at this time"
        )


class DeviceIsRetired(BallotRejected):
    """A retired device casts no votes."""

    code = 912

    def __init__(self, device: PublicKey) -> None:
        super().__init__(f"device {format_public_key(device)} is retired")


class DeviceHasNotSigned(BallotRejected):
    """What is cast with a device is signed by the key inside it."""

    code = 913

    def __init__(self, device: PublicKey) -> None:
        super().__init__(f"device {format_public_key(device)} has not signed")


class DeviceIsAnothers(BallotRejected):
    """A member's own device speaks for that member alone."""

    code = 914

    def __init__(self, device: PublicKey) -> None:
        super().__init__(f"device {format_public_key(device)} is another member's")


class ProofIsMissing(BallotRejected):
    """Where identities are known on another ledger, a proof of it is brought along."""

    code = 915

    def __init__(self, ledger: LedgerId) -> None:
        super().__init__(f"proof: a proof of {format_ledger_id(ledger)} is needed")


class ProofIsOfAnother(BallotRejected):
    """A proof is of the identity in whose name it is brought."""

    code = 916

    def __init__(self, *, expected: RecordId, found: RecordId) -> None:
        super().__init__(
            f"proof: it is of {format_record_id(found)}, not of {format_record_id(expected)}"
        )


class ProofIsStale(BallotRejected):
    """What another ledger said of an identity must be new enough."""

    code = 917

    def __init__(self, *, age: int, age_max: int) -> None:
        super().__init__(f"proof: it is {age} ms old, at most {age_max} ms are allowed")


class IdentityIsUnknown(BallotRejected):
    """An identity that a roll names must be enrolled."""

    code = 918

    def __init__(self, identity: RecordId) -> None:
        super().__init__(f"identity {format_record_id(identity)} is not enrolled")


class PersonHasNotSigned(BallotRejected):
    """A statement is signed by whoever makes it, or by a device of the own."""

    code = 919

    def __init__(self, person: PublicKey) -> None:
        super().__init__(f"{format_public_key(person)} has not signed, nor has a device of the own")


class FractionIsImpossible(BallotRejected):
    """A fraction is a part of the whole, and a majority is neither nothing nor more than all."""

    code = 920

    def __init__(self, *, numerator: int, denominator: int) -> None:
        super().__init__(f"{numerator}/{denominator} is no part that can be reached or missed")


class OptionNamedTwice(BallotRejected):
    """The options of a question differ."""

    code = 921

    def __init__(self, question: int) -> None:
        super().__init__(f"question {question} names an option twice")


class TooManyMotions(BallotRejected):
    """Motions are the first of the options."""

    code = 922

    def __init__(self, *, motions: int, options: int) -> None:
        super().__init__(f"{motions} motions among {options} options")


class ClassDoesNotFitBase(BallotRejected):
    """A class is named iff the majority is one of a class."""

    code = 923

    def __init__(self, question: int) -> None:
        super().__init__(f"question {question}: a class is named iff its base is a class")


class PresentIsForSittings(BallotRejected):
    """Per rollam nobody is present: all votes count."""

    code = 924

    def __init__(self, question: int) -> None:
        super().__init__(f"question {question}: per rollam the base is all votes")


class QuorumIsForSittings(BallotRejected):
    """Per rollam there is no quorum."""

    code = 925

    def __init__(self) -> None:
        super().__init__("per rollam there is no quorum")


class StatementPeriodIsForPerRollam(BallotRejected):
    """In a sitting nobody has a time of his own."""

    code = 926

    def __init__(self) -> None:
        super().__init__("a sitting has one period for all")


class PeriodIsEmpty(BallotRejected):
    """Votes are taken for some time."""

    code = 927

    def __init__(self, *, begin: int, end: int) -> None:
        super().__init__(
            f"end: {format_milliseconds(end)} is not after begin: {format_milliseconds(begin)}"
        )


class PeriodHasBegun(BallotRejected):
    """A vote is called before it begins."""

    code = 928

    def __init__(self, *, begin: int, time: int) -> None:
        super().__init__(
            f"begin: {format_milliseconds(begin)} has passed, it is {format_milliseconds(time)}"
        )


class RecordDateIsLater(BallotRejected):
    """A roll is made before votes are taken."""

    code = 929

    def __init__(self, *, record_date: int, begin: int) -> None:
        super().__init__(
            f"record date: {format_milliseconds(record_date)} is after "
            f"begin: {format_milliseconds(begin)}"
        )
