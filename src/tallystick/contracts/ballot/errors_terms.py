"""Why a vote is not called or not open, or nobody known stands behind it; see `errors`."""

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
        super().__init__(
            f"ballot: there is no vote {format_record_id(ballot)} here; "
            "its id stands in the event ballot-called"
        )


class MinutesNotFound(BallotRejected):
    """A vote has minutes once it is closed."""

    code = 902

    def __init__(self, ballot: RecordId) -> None:
        super().__init__(
            f"ballot: the vote {format_record_id(ballot)} is not closed; "
            "it has minutes once ballot.close has counted it"
        )


class StatementNotFound(BallotRejected):
    """Who has not voted has said nothing."""

    code = 903

    def __init__(self, voter: PublicKey) -> None:
        super().__init__(
            f"voter: {format_public_key(voter)} has not voted under this voter_class; "
            "give the class of the line in the roll"
        )


class DelegationNotFound(BallotRejected):
    """Only who was given a delegation can use it, and only who gave one can revoke it."""

    code = 904

    def __init__(self, voter: PublicKey, *, field: str = "voter") -> None:
        super().__init__(
            f"{field}: {format_public_key(voter)} has delegated nothing in this vote; "
            "ballot.delegate does"
        )


class DeviceIsNotEnrolled(BallotRejected):
    """Votes are cast with devices that the body has enrolled."""

    code = 905

    def __init__(self, *, device: PublicKey, body: str, field: str = "device") -> None:
        super().__init__(
            f"{field}: {format_public_key(device)} is not enrolled for {body!r}; "
            "its administrator enrols it with ballot.enrol-device"
        )


class AttestationNotFound(BallotRejected):
    """Nobody has said how sure it is who holds this key."""

    code = 906

    def __init__(self, *, key: PublicKey, body: str) -> None:
        super().__init__(
            f"key: nothing is attested of {format_public_key(key)} for {body!r}; "
            "its administrator, or a registrar, does so with ballot.attest"
        )


class SignerIsNotAdministrator(BallotRejected):
    """A body's votes are called, opened and signed by its ballot administrator."""

    code = 910

    def __init__(self, body: str, *, field: str) -> None:
        super().__init__(
            f"{field}: no signer is ballot administrator of {body!r} at this time; one must sign"
        )


class SignerMayNotAttest(BallotRejected):
    """How sure a key is, is said by the body's ballot administrator or a registrar."""

    code = 911

    def __init__(self, body: str) -> None:
        super().__init__(
            f"body: no signer is registrar, or ballot administrator of {body!r}, at this time; "
            "one must sign"
        )


class DeviceIsRetired(BallotRejected):
    """A retired device casts no votes."""

    code = 912

    def __init__(self, device: PublicKey, *, field: str = "device") -> None:
        super().__init__(
            f"{field}: {format_public_key(device)} is retired, and stays so; use another"
        )


class DeviceHasNotSigned(BallotRejected):
    """What is cast with a device is signed by the key inside it."""

    code = 913

    def __init__(self, device: PublicKey, *, field: str = "device") -> None:
        super().__init__(
            f"{field}: {format_public_key(device)} has not signed; the key inside it must"
        )


class DeviceIsAnothers(BallotRejected):
    """A member's own device speaks for that member alone."""

    code = 914

    def __init__(self, device: PublicKey, *, field: str) -> None:
        super().__init__(
            f"{field}: {format_public_key(device)} is another member's; "
            "use one of the own, or one that stands at a place"
        )


class ProofIsMissing(BallotRejected):
    """Where identities are known on another ledger, a proof of it is brought along."""

    code = 915

    def __init__(self, ledger: LedgerId, *, field: str) -> None:
        super().__init__(
            f"{field}: there is none; identities are known on {format_ledger_id(ledger)}, "
            "bring a proof of this one from there"
        )


class ProofIsOfAnother(BallotRejected):
    """A proof is of the identity in whose name it is brought."""

    code = 916

    def __init__(self, *, expected: RecordId, found: RecordId, field: str) -> None:
        super().__init__(
            f"{field}: it is of {format_record_id(found)}, "
            f"bring one of {format_record_id(expected)}"
        )


class ProofIsStale(BallotRejected):
    """What another ledger said of an identity must be new enough."""

    code = 917

    def __init__(self, *, time: int, earliest: int, field: str) -> None:
        super().__init__(
            f"{field}: it is of {format_milliseconds(time)}, "
            f"bring one of {format_milliseconds(earliest)} or later"
        )


class IdentityIsUnknown(BallotRejected):
    """An identity that a roll names must be enrolled."""

    code = 918

    def __init__(self, identity: RecordId, *, field: str) -> None:
        super().__init__(
            f"{field}: identity {format_record_id(identity)} is not enrolled; "
            "a registrar enrols it with identity.enrol"
        )


class PersonHasNotSigned(BallotRejected):
    """A statement is signed by whoever makes it, or by a device of the own."""

    code = 919

    def __init__(self, person: PublicKey, *, field: str) -> None:
        super().__init__(
            f"{field}: {format_public_key(person)} has not signed, nor has a device of the own; "
            "one of them must"
        )


class FractionIsImpossible(BallotRejected):
    """A fraction is a part of the whole, and a majority is neither nothing nor more than all."""

    code = 920

    def __init__(self, field: str, *, part: str, lowest: int, highest: int) -> None:
        super().__init__(
            f"{field}: {part} is no part that can be reached or missed; "
            f"with this denominator the numerator is from {lowest} to {highest}"
        )


class OptionNamedTwice(BallotRejected):
    """The options of a question differ."""

    code = 921

    def __init__(self, question: int, option: str) -> None:
        super().__init__(
            f"terms.questions[{question}].options: {option!r} stands there twice; "
            "give each a name of its own"
        )


class TooManyMotions(BallotRejected):
    """Motions are the first of the options."""

    code = 922

    def __init__(self, question: int, *, motions: int, options: int) -> None:
        super().__init__(
            f"terms.questions[{question}].motions: {motions} of {options} options; "
            f"at most {options} can be chosen"
        )


class ClassDoesNotFitBase(BallotRejected):
    """A class is named iff the majority is one of a class."""

    code = 923

    def __init__(self, question: int, *, voter_class: str) -> None:
        said = "nothing is named, and the base is class; name the class that votes"
        if voter_class:
            said = f"{voter_class!r} is named, and the base is not class; leave it empty"
        super().__init__(f"terms.questions[{question}].majority.voter_class: {said}")


class PresentIsForSittings(BallotRejected):
    """Per rollam nobody is present: all votes count."""

    code = 924

    def __init__(self, question: int) -> None:
        super().__init__(
            f"terms.questions[{question}].majority.base: present, but per rollam nobody is; "
            "take all, or class"
        )


class QuorumIsForSittings(BallotRejected):
    """Per rollam there is no quorum."""

    code = 925

    def __init__(self) -> None:
        super().__init__("terms.quorum: per rollam there is none; let its numerator be 0")


class StatementPeriodIsForPerRollam(BallotRejected):
    """In a sitting nobody has a time of his own."""

    code = 926

    def __init__(self) -> None:
        super().__init__(
            "terms.statement_milliseconds: a sitting has one period for all; let it be 0"
        )


class PeriodIsEmpty(BallotRejected):
    """Votes are taken for some time."""

    code = 927

    def __init__(self, *, begin: int, end: int) -> None:
        super().__init__(
            f"terms.end: {format_milliseconds(end)} was given, "
            f"it must be after terms.begin, {format_milliseconds(begin)}"
        )


class PeriodHasBegun(BallotRejected):
    """A vote is called before it begins."""

    code = 928

    def __init__(self, *, begin: int, time: int) -> None:
        super().__init__(
            f"terms.begin: {format_milliseconds(begin)} has passed, "
            f"it is {format_milliseconds(time)}; give a later one"
        )


class RecordDateIsLater(BallotRejected):
    """A roll is made before votes are taken."""

    code = 929

    def __init__(self, *, record_date: int, begin: int) -> None:
        super().__init__(
            f"terms.record_date: {format_milliseconds(record_date)} was given, it may be "
            f"{format_milliseconds(begin)}, which is terms.begin, at the latest"
        )


class BallotIsNotOpen(BallotRejected):
    """Before a vote is open there is no roll."""

    code = 930

    def __init__(self, ballot: RecordId) -> None:
        super().__init__(
            f"ballot: the vote {format_record_id(ballot)} is not open yet; "
            "its administrator opens it with ballot.open"
        )


class BallotIsOpenAlready(BallotRejected):
    """A vote is opened once."""

    code = 931

    def __init__(self, ballot: RecordId) -> None:
        super().__init__(f"ballot: the vote {format_record_id(ballot)} was opened before")


class BallotIsClosed(BallotRejected):
    """What is counted does not change any more."""

    code = 932

    def __init__(self, ballot: RecordId) -> None:
        super().__init__(
            f"ballot: the vote {format_record_id(ballot)} is closed; "
            "ballot.show-minutes says what it came to"
        )


class RecordDateIsAhead(BallotRejected):
    """Nobody knows a roll before the date as of which it is."""

    code = 933

    def __init__(self, *, record_date: int, time: int) -> None:
        super().__init__(
            f"ballot: its record date is {format_milliseconds(record_date)}, "
            f"it is {format_milliseconds(time)}; open it from then on"
        )
