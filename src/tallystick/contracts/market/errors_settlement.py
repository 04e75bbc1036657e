"""Why a fill is not settled, a bill not closed and a debt not paid: codes 550 to 589."""

from typing import Final

from tallystick.base.identifiers import PublicKey, RecordId, format_public_key, format_record_id
from tallystick.base.plain import format_milliseconds

from .rejected import MarketRejected


class FillNotFound(MarketRejected):
    """There must be a fill with this id."""

    code = 550

    def __init__(self, fill: RecordId) -> None:
        super().__init__(f"there is no fill {format_record_id(fill)}")


class FillSettledAlready(MarketRejected):
    """A fill is settled once; what changes after that is settled anew."""

    code = 551

    def __init__(self, fill: RecordId) -> None:
        super().__init__(f"{format_record_id(fill)} is settled already, or named twice")


class FillNotSettled(MarketRejected):
    """Only what was settled can be settled anew, and once in a command."""

    code = 552

    def __init__(self, fill: RecordId) -> None:
        super().__init__(f"{format_record_id(fill)} was not settled before, or is named twice")


class FillIsNotOfEnergy(MarketRejected):
    """Only energy is measured, so only its fills can be settled anew."""

    code = 553

    def __init__(self, fill: RecordId) -> None:
        super().__init__(f"{format_record_id(fill)} was not settled by measurements")


class FillsOfSeveralAccounts(MarketRejected):
    """Where the clearing account is everybody's counterparty, accounts settle one at a time."""

    code = 554

    def __init__(self, accounts: int) -> None:
        super().__init__(
            f"the fills belong to {accounts} accounts, which must not be seen together"
        )


class BookNotCleared(MarketRejected):
    """Fills with the clearing account are settled when all fills of their book are written."""

    code = 555

    def __init__(self, book: RecordId) -> None:
        super().__init__(f"book {format_record_id(book)} is not cleared")


class DeliveryNotOver(MarketRejected):
    """Energy is settled when it has been delivered."""

    code = 556

    def __init__(self, fill: RecordId, ends_at: int) -> None:
        super().__init__(
            f"{format_record_id(fill)} is delivered until {format_milliseconds(ends_at)}"
        )


class ReadingMissing(MarketRejected):
    """A reading that is missing is waited for, until it counts as nothing."""

    code = 557

    def __init__(self, meter: RecordId, counted_at: int) -> None:
        super().__init__(
            f"measurement {format_record_id(meter)} is missing; "
            f"it counts as 0 from {format_milliseconds(counted_at)}"
        )


class DeliveryNotBegun(MarketRejected):
    """Goods of a future are delivered from the begin of its delivery on."""

    code = 558

    def __init__(self, fill: RecordId, begins_at: int) -> None:
        super().__init__(
            f"{format_record_id(fill)} is delivered from {format_milliseconds(begins_at)}"
        )


class SellerHasNotSigned(MarketRejected):
    """Goods of a future are delivered by their seller; only a default needs no signature."""

    code = 559

    def __init__(self, owner: PublicKey, defaults_at: int) -> None:
        super().__init__(
            f"the seller {format_public_key(owner)} has not signed; "
            f"it is in default from {format_milliseconds(defaults_at)}"
        )


class DeliveriesOutstanding(MarketRejected):
    """Buyers of a cleared future are served when each of its sellers has delivered or defaulted."""

    code = 560

    def __init__(self, lots: int, volume: int) -> None:
        super().__init__(f"{lots} of {volume} lots were delivered or defaulted on")


class NothingChanged(MarketRejected):
    """A fill is settled anew only if its readings have changed since."""

    code = 561

    def __init__(self, fill: RecordId) -> None:
        super().__init__(f"no reading of {format_record_id(fill)} has changed since it was settled")


class NoOpenPeriod(MarketRejected):
    """A correction is posted to the first statement that is not closed, so there must be one."""

    code = 562

    def __init__(self, owner: PublicKey) -> None:
        super().__init__(f"every later statement of {format_public_key(owner)} is closed")


class PeriodNotFound(MarketRejected):
    """The market must have stated the billing period."""

    code = 563

    def __init__(self, period: int, periods: int) -> None:
        super().__init__(f"period {period}, the market has periods 0 to {periods - 1}")


class PeriodNotOver(MarketRejected):
    """A period is closed when it has ended and its late readings have been waited for."""

    code = 564

    def __init__(self, period: int, closes_at: int) -> None:
        super().__init__(f"period {period} is closed from {format_milliseconds(closes_at)}")


class StatementNotFound(MarketRejected):
    """The account must have traded in the period."""

    code = 565

    def __init__(self, owner: PublicKey, period: int) -> None:
        super().__init__(f"{format_public_key(owner)} has no statement of period {period}")


class StatementClosedAlready(MarketRejected):
    """Each statement is closed once."""

    code = 566

    def __init__(self, statement: RecordId) -> None:
        super().__init__(f"statement {format_record_id(statement)} is closed")


class FillsStillOpen(MarketRejected):
    """A statement is closed when every fill of its period is settled, so that it is complete."""

    code = 567

    def __init__(self, statement: RecordId, fills: int) -> None:
        super().__init__(f"statement {format_record_id(statement)} waits for {fills} fills")


class NotDue(MarketRejected):
    """What is paid is at least one minor unit, and no more than is due."""

    code = 568

    def __init__(self, amount: int, due: int) -> None:
        super().__init__(f"{amount} is paid, {due} is due")


class BalancingAccountShort(MarketRejected):
    """The operator keeps enough in the balancing account to pay for what is left over."""

    code = 569

    def __init__(self, amount: int) -> None:
        super().__init__(f"the balancing account cannot pay {amount}")


class GoodsNotKept(MarketRejected):
    """No more goods are fetched than are kept for a fill or an order."""

    code = 570

    def __init__(self, parcel: RecordId, amount: int, kept: int) -> None:
        super().__init__(f"{amount} is asked for, {kept} is kept under {format_record_id(parcel)}")


REJECTIONS: Final[tuple[type[MarketRejected], ...]] = (
    FillNotFound,
    FillSettledAlready,
    FillNotSettled,
    FillIsNotOfEnergy,
    FillsOfSeveralAccounts,
    BookNotCleared,
    DeliveryNotOver,
    ReadingMissing,
    DeliveryNotBegun,
    SellerHasNotSigned,
    DeliveriesOutstanding,
    NothingChanged,
    NoOpenPeriod,
    PeriodNotFound,
    PeriodNotOver,
    StatementNotFound,
    StatementClosedAlready,
    FillsStillOpen,
    NotDue,
    BalancingAccountShort,
    GoodsNotKept,
)
"""Each of these reasons, lowest code first."""
