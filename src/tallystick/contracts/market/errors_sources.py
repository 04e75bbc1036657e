"""Why an order's device, its meters or its place in a queue are refused: codes 528 to 539."""

from typing import Final

from tallystick.base.identifiers import (
    PublicKey,
    RecordId,
    format_public_key,
    format_record_id,
)

from .rejected import MarketRejected


class DeviceNotExpected(MarketRejected):
    """Only who sells energy names a device."""

    code = 528

    def __init__(self) -> None:
        super().__init__("a device is named, and no energy is sold")


class DeviceNotNamed(MarketRejected):
    """Who sells energy names the device that it comes from."""

    code = 529

    def __init__(self) -> None:
        super().__init__("energy is sold, and no device is named that it comes from")


class DeviceNotFound(MarketRejected):
    """The device must be registered."""

    code = 530

    def __init__(self, device: RecordId) -> None:
        super().__init__(f"there is no device {format_record_id(device)}")


class DeviceOfAnother(MarketRejected):
    """The device must belong to the account that sells, and stand in the market's sector."""

    code = 531

    def __init__(self, device: RecordId, sector: str) -> None:
        super().__init__(f"{format_record_id(device)} is not the seller's in sector {sector!r}")


class DeviceRetired(MarketRejected):
    """A device that was retired sells nothing more."""

    code = 532

    def __init__(self, device: RecordId) -> None:
        super().__init__(f"{format_record_id(device)} is retired")


class DeviceInOutage(MarketRejected):
    """Nothing is sold from a device for a time in which an outage of it, or around it, is known."""

    code = 533

    def __init__(self, device: RecordId) -> None:
        super().__init__(f"an outage of {format_record_id(device)} falls into the delivery")


class BatteryNotReady(MarketRejected):
    """A battery has lately reported, under its controller's key, that it is on and connected."""

    code = 534

    def __init__(self, device: RecordId, problem: str) -> None:
        super().__init__(f"battery {format_record_id(device)} {problem}")


class BatteryTooEmpty(MarketRejected):
    """A battery sells in a book no more than it stores."""

    code = 535

    def __init__(self, stored_wh: int, offered_wh: int) -> None:
        super().__init__(f"{offered_wh} Wh are offered in all, the battery stores {stored_wh} Wh")


class MetersDoNotCover(MarketRejected):
    """An energy order names the measurements of its delivery without a gap, all of one length."""

    code = 536

    def __init__(self, problem: str) -> None:
        super().__init__(f"the meters do not cover the delivery: {problem}")


class MeterHasNotSigned(MarketRejected):
    """Each key whose measurement settles an order signs it."""

    code = 537

    def __init__(self, owner: PublicKey) -> None:
        super().__init__(f"the meter key {format_public_key(owner)} has not signed")


class MetersDiffer(MarketRejected):
    """All orders of one account on one side of a book are settled by the same meters and device."""

    code = 538

    def __init__(self) -> None:
        super().__init__("the account's earlier order in this book names other meters or devices")


class LevelFull(MarketRejected):
    """A price level's queue has a bounded number of pages."""

    code = 539

    def __init__(self, level: int, orders_max: int) -> None:
        super().__init__(f"level {level} holds {orders_max} orders already")


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
