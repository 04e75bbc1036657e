"""
Why a command on devices is rejected, in order of precedence.

When several reasons apply, the one with the lowest code is given. Codes are never reused; the gaps
leave room for reasons to come.
"""

from tallystick.base.identifiers import PublicKey, RecordId, format_public_key, format_record_id
from tallystick.base.intervals import format_time
from tallystick.base.plain import format_milliseconds
from tallystick.core.errors import Rejected


class DeviceRejected(Rejected):
    """Base of every reason of this contract."""

    contract = "device"


class DeviceNotFound(DeviceRejected):
    """There must be a device with this id."""

    code = 701

    def __init__(self, device: RecordId) -> None:
        super().__init__(
            f"device: there is no device {format_record_id(device)}; register it first"
        )


class OwnerHasNotSigned(DeviceRejected):
    """A device's owner signs for what binds it."""

    code = 710

    def __init__(self, owner: PublicKey, *, field: str) -> None:
        whose = "" if field == "owner" else "its owner "
        super().__init__(
            f"{field}: {whose}{format_public_key(owner)} has not signed; sign with its key"
        )


class ControllerHasNotSigned(DeviceRejected):
    """What a device has and will have is signed by the key inside it."""

    code = 711

    def __init__(self, controller: PublicKey, *, field: str) -> None:
        whose = "" if field == "controller" else "its controller "
        super().__init__(
            f"{field}: {whose}{format_public_key(controller)} has not signed; sign with its key"
        )


class SignerIsNotGridOperator(DeviceRejected):
    """The sector's grid operator declares outages; an owner only a device's maintenance."""

    code = 712

    def __init__(self, sector: str) -> None:
        super().__init__(
            f"sector: no signer is grid operator of {sector!r}; sign as one, "
            "or announce a device's maintenance as its owner"
        )


class DeviceIsRetired(DeviceRejected):
    """A retired device says and promises nothing."""

    code = 720

    def __init__(self, device: RecordId) -> None:
        super().__init__(f"device: {format_record_id(device)} is retired; name one in use")


class SectorsDiffer(DeviceRejected):
    """An outage of a device names the sector in which it is."""

    code = 721

    def __init__(self, sector: str, actual: str) -> None:
        super().__init__(f"sector: {sector!r} was given, the device is in {actual!r}")


class StoredAboveCapacity(DeviceRejected):
    """Nothing stores more than it can."""

    code = 730

    def __init__(self, stored_wh: int, capacity_wh: int) -> None:
        super().__init__(f"stored_wh: {stored_wh} Wh, the device can store {capacity_wh} Wh")


class IntervalIsEmpty(DeviceRejected):
    """An interval ends after it begins."""

    code = 731

    def __init__(self, begin: int, end: int) -> None:
        super().__init__(f"end: {format_time(end)} is not after begin, {format_time(begin)}")


class IntervalHasBegun(DeviceRejected):
    """A promise, and planned maintenance, come before what they are about."""

    code = 732

    def __init__(self, begin: int, time: int) -> None:
        super().__init__(
            f"begin: {format_time(begin)} has passed, it is {format_milliseconds(time)}; "
            "name a time to come"
        )


class OutageIsOver(DeviceRejected):
    """An outage is declared while it lasts, at the latest."""

    code = 733

    def __init__(self, end: int, time: int) -> None:
        super().__init__(
            f"end: {format_time(end)} has passed, it is {format_milliseconds(time)}; "
            "name a time to come"
        )


class TooManyOutages(DeviceRejected):
    """As many outages are remembered as a settlement may still ask for, and no more."""

    code = 734

    def __init__(self, outages_max: int, *, field: str) -> None:
        super().__init__(
            f"{field}: {outages_max} of its outages are remembered already; "
            "wait until one is long enough over"
        )


REJECTIONS: tuple[type[DeviceRejected], ...] = tuple(DeviceRejected.__subclasses__())
"""Every reason above, in the order in which they stand: none can be forgotten."""
