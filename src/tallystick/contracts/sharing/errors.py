"""
Why a command on shared productions is rejected, in order of precedence.

When several apply, the one with the lowest code is given. Codes are never reused: 770 and 774 were
about consumptions that whoever asked for a division had to name.
"""

from tallystick.base.identifiers import PublicKey, RecordId, format_public_key, format_record_id
from tallystick.base.intervals import format_time
from tallystick.base.plain import format_milliseconds
from tallystick.core.errors import Rejected


class SharingRejected(Rejected):
    """Base of every reason of this contract."""

    contract = "sharing"


class KeyNotFound(SharingRejected):
    """There must be a key with this id."""

    code = 751

    def __init__(self, key: RecordId) -> None:
        super().__init__(
            f"key: there is no sharing key {format_record_id(key)}; "
            "its id stands in the event sharing-key-agreed"
        )


class NotShared(SharingRejected):
    """A view of what was shared is about a production that was."""

    code = 752

    def __init__(self, production: RecordId) -> None:
        super().__init__(
            f"production: {format_record_id(production)} was not shared; sharing.share does so"
        )


class SignerIsNotOperator(SharingRejected):
    """A key is agreed by the market operator in the scope of its name."""

    code = 760

    def __init__(self, name: str) -> None:
        super().__init__(f"name: no signer is market operator of {name!r}; sign as one")


class PartyHasNotSigned(SharingRejected):
    """Whoever pays, or is paid, agrees to it."""

    code = 761

    def __init__(self, account: PublicKey, *, field: str) -> None:
        super().__init__(f"{field}: {format_public_key(account)} has not signed; sign with its key")


class NotAMember(SharingRejected):
    """Only members of a key deposit under it."""

    code = 762

    def __init__(self, account: PublicKey) -> None:
        super().__init__(
            f"member: {format_public_key(account)} is no member of this key; "
            "sharing.show lists them"
        )


class NamedTwice(SharingRejected):
    """Members are different accounts, and so are the owners of the plant."""

    code = 763

    def __init__(self, account: PublicKey, *, field: str) -> None:
        super().__init__(f"{field}: {format_public_key(account)} stands there twice; name it once")


class SharesExceedWhole(SharingRejected):
    """Fixed shares make at most a whole."""

    code = 764

    def __init__(self, total_ppm: int) -> None:
        super().__init__(f"members: their shares make {total_ppm} millionths, at most 1000000")


class IncomesAreNoWhole(SharingRejected):
    """The parts of what members pay make exactly a whole."""

    code = 765

    def __init__(self, total_ppm: int) -> None:
        super().__init__(f"incomes: their shares make {total_ppm} millionths, not 1000000")


class AmountIsZero(SharingRejected):
    """Nothing is not deposited."""

    code = 766

    def __init__(self) -> None:
        super().__init__("amount: 0, at least 1 is needed")


class NothingDeposited(SharingRejected):
    """Only what is there can be taken back."""

    code = 767

    def __init__(self) -> None:
        super().__init__("member: nothing is left of its deposit under this key")


class SharedBefore(SharingRejected):
    """A production is shared once."""

    code = 771

    def __init__(self, production: RecordId) -> None:
        super().__init__(
            f"begin: the production of this interval, {format_record_id(production)}, "
            "was shared before"
        )


class ReadingNotFound(SharingRejected):
    """There must be a measurement with this id."""

    code = 772

    def __init__(self, measurement: RecordId) -> None:
        super().__init__(
            f"begin: measurement {format_record_id(measurement)}, enrolled for it, is missing; "
            "publish it first"
        )


class WrongReading(SharingRejected):
    """What is enrolled as production is production, in the key's sector."""

    code = 773

    def __init__(self, measurement: RecordId, what: str) -> None:
        super().__init__(f"begin: {format_record_id(measurement)} is enrolled for it, but {what}")


class TooEarly(SharingRejected):
    """Readings may be corrected for a while before they are shared."""

    code = 775

    def __init__(self, time: int) -> None:
        super().__init__(
            f"begin: this interval is shared from {format_milliseconds(time)} on; wait until then"
        )


class NotPledged(SharingRejected):
    """The production's certificate is whole, and locked for this contract under the key."""

    code = 776

    def __init__(self, measurement: RecordId, *, issued: bool = True) -> None:
        lacks = "is not pledged to this key" if issued else "has no certificate yet; issue it first"
        super().__init__(f"begin: {format_record_id(measurement)}, enrolled for it, {lacks}")


class TooManyMembers(SharingRejected):
    """When a key is agreed, one cut makes a part for each member and a rest."""

    code = 777

    def __init__(self, members: int, members_max: int) -> None:
        super().__init__(f"members: {members} were given, at most {members_max} on this ledger")


class NotAnOwner(SharingRejected):
    """Production is enrolled by somebody whom the key pays for it."""

    code = 778

    def __init__(self, account: PublicKey) -> None:
        super().__init__(
            f"owner: {format_public_key(account)} is no owner of this key's plant; "
            "sharing.show lists them"
        )


class EnrolledBefore(SharingRejected):
    """In each interval a member has one meter, and so has the plant, and neither is exchanged."""

    code = 779

    def __init__(self, begin: int, *, place: int) -> None:
        super().__init__(
            f"meters[{place}].begin: {format_time(begin)} is enrolled already; leave it out"
        )


class MeasuredBefore(SharingRejected):
    """What is enrolled is still to be measured, so that nobody chooses by what was."""

    code = 780

    def __init__(self, measurement: RecordId, *, place: int) -> None:
        super().__init__(
            f"meters[{place}]: {format_record_id(measurement)} was published already; "
            "enrol what is still to be measured"
        )


class TooFarAhead(SharingRejected):
    """Intervals are enrolled for some time ahead, not for all times."""

    code = 781

    def __init__(self, begin: int, latest: int, *, place: int) -> None:
        super().__init__(
            f"meters[{place}].begin: {format_time(begin)} is too far ahead, "
            f"it may be {format_time(latest)} at the latest"
        )


class NotEnrolled(SharingRejected):
    """An interval is shared for which the plant's production was enrolled."""

    code = 782

    def __init__(self, begin: int) -> None:
        super().__init__(
            f"begin: no production is enrolled for {format_time(begin)}; "
            "sharing.enrol-production does so beforehand"
        )


class MoneyIsUnfit(SharingRejected):
    """What members pay with is an asset that is fungible and transferable."""

    code = 783

    def __init__(self, problem: str) -> None:
        super().__init__(f"money: {problem}")


REJECTIONS: tuple[type[SharingRejected], ...] = tuple(SharingRejected.__subclasses__())
"""Every reason above, in the order in which they stand: none can be forgotten."""
