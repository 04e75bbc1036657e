"""Why an order's device, its meters or its place in a queue are refused: codes 528 to 539."""

from typing import Final

from tallystick.base.identifiers import (
    PublicKey,
    RecordId,
    format_public_key,
    format_record_id,
)

from .rejected import MarketRejected, opening


class DeviceNotExpected(MarketRejected):
    """Only who sells energy names a device."""

    code = 528

    def __init__(self) -> None:
        super().__init__("device: only who sells energy names one; leave it out")


class DeviceNotNamed(MarketRejected):
    """Who sells energy names the device that it comes from."""

    code = 529

    def __init__(self) -> None:
        super().__init__("device: who sells energy names what it comes from; give its id")


class DeviceNotFound(MarketRejected):
    """The device must be registered."""

    code = 530

    def __init__(self, device: RecordId, *, field: str) -> None:
        super().__init__(
            f"{opening(field, 'device')}{format_record_id(device)} is not registered; "
            "device.register does so"
        )


class DeviceOfAnother(MarketRejected):
    """The device must belong to the account that sells, and stand in the market's sector."""

    code = 531

    def __init__(self, device: RecordId, sector: str, *, field: str) -> None:
        super().__init__(
            f"{opening(field, 'device')}{format_record_id(device)} is not the seller's "
            f"in sector {sector!r}; name one that is"
        )


class DeviceRetired(MarketRejected):
    """A device that was retired sells nothing more."""

    code = 532

    def __init__(self, device: RecordId, *, field: str) -> None:
        super().__init__(
            f"{opening(field, 'device')}{format_record_id(device)} is retired; name another"
        )


class DeviceInOutage(MarketRejected):
    """Nothing is sold from a device for a time in which an outage of it, or around it, is known."""

    code = 533

    def __init__(self, device: RecordId, *, field: str) -> None:
        super().__init__(
            f"{opening(field, 'device')}{format_record_id(device)} has an outage then; "
            "sell for other times"
        )


class BatteryNotReady(MarketRejected):
    """A battery has lately reported, under its controller's key, that it is on and connected."""

    code = 534

    def __init__(self, device: RecordId, problem: str, *, field: str) -> None:
        super().__init__(
            f"{opening(field, 'device')}{format_record_id(device)} {problem}; "
            "its controller says with device.report that it is ready"
        )


class BatteryTooEmpty(MarketRejected):
    """A battery sells in a book no more than it stores."""

    code = 535

    def __init__(self, stored_wh: int, offered_wh: int, *, field: str) -> None:
        super().__init__(
            f"{field}: {offered_wh} Wh are offered in all, the battery stores {stored_wh} Wh; "
            "offer less"
        )


class MetersDoNotCover(MarketRejected):
    """An energy order names the measurements of its delivery without a gap, all of one length."""

    code = 536

    def __init__(self, problem: str, *, field: str = "meters") -> None:
        super().__init__(f"{field}: {problem}")


class MeterHasNotSigned(MarketRejected):
    """Each key whose measurement settles an order signs it."""

    code = 537

    def __init__(self, owner: PublicKey, *, place: int) -> None:
        super().__init__(
            f"meters[{place}].owner: {format_public_key(owner)} has not signed; sign with its key"
        )


class MetersDiffer(MarketRejected):
    """All orders of one account on one side of a book are settled by the same meters and device."""

    code = 538

    def __init__(self, *, field: str) -> None:
        what = "they differ from those" if field == "meters" else "the device differs from that"
        super().__init__(
            f"{field}: {what} of the account's earlier order in this book; name the same"
        )


class LevelFull(MarketRejected):
    """A price level's queue has a bounded number of pages."""

    code = 539

    def __init__(self, level: int, orders_max: int, *, field: str) -> None:
        super().__init__(
            f"{opening(field, 'level')}{level} holds {orders_max} orders already; take another"
        )


REJECTIONS: Final[tuple[type[MarketRejected], ...]] = (
    DeviceNotExpected,
    DeviceNotNamed,
    DeviceNotFound,
    DeviceOfAnother,
    DeviceRetired,
    DeviceInOutage,
    BatteryNotReady,
    BatteryTooEmpty,
    MetersDoNotCover,
    MeterHasNotSigned,
    MetersDiffer,
    LevelFull,
)
"""Each of these reasons, lowest code first."""
