"""Why a fill is not settled, a bill not closed and a debt not paid: codes 550 to 589."""

from typing import Final

from tallystick.base.identifiers import PublicKey, RecordId, format_public_key, format_record_id
from tallystick.base.plain import format_milliseconds

from .rejected import MarketRejected


class FillNotFound(MarketRejected):
    """There must be a fill with this id."""

    code = 550

    def __init__(self, fill: RecordId, *, field: str) -> None:
        super().__init__(
            f"{field}: there is no fill {format_record_id(fill)}; "
            "its id stands in the event market-filled"
        )


class FillSettledAlready(MarketRejected):
    """A fill is settled once; what changes after that is settled anew."""

    code = 551

    def __init__(self, fill: RecordId, *, place: int) -> None:
        super().__init__(
            f"fills[{place}]: {format_record_id(fill)} is settled already, or named twice; "
            "leave it out"
        )


class FillNotSettled(MarketRejected):
    """Only what was settled can be settled anew, and once in a command."""

    code = 552

    def __init__(self, fill: RecordId, *, place: int) -> None:
        super().__init__(
            f"fills[{place}]: {format_record_id(fill)} was not settled before, or is named twice; "
            "market.settle comes first"
        )


class FillIsNotOfEnergy(MarketRejected):
    """Only energy is measured, so only its fills can be settled anew."""

    code = 553

    def __init__(self, fill: RecordId, *, place: int) -> None:
        super().__init__(
            f"fills[{place}]: {format_record_id(fill)} was not settled by measurements; "
            "leave it out"
        )


class FillsOfSeveralAccounts(MarketRejected):
    """Where the clearing account is everybody's counterparty, accounts settle one at a time."""

    code = 554

    def __init__(self, accounts: int) -> None:
        super().__init__(
            f"fills: they belong to {accounts} accounts, which must not be seen together; "
            "settle one account's at a time"
        )


class BookNotCleared(MarketRejected):
    """Fills with the clearing account are settled when all fills of their book are written."""

    code = 555

    def __init__(self, book: RecordId, *, place: int) -> None:
        super().__init__(
            f"fills[{place}]: its book {format_record_id(book)} is not cleared to the end; "
            "market.clear goes on"
        )


class DeliveryNotOver(MarketRejected):
    """Energy is settled when it has been delivered."""

    code = 556

    def __init__(self, fill: RecordId, ends_at: int, *, place: int) -> None:
        super().__init__(
            f"fills[{place}]: {format_record_id(fill)} is delivered until "
            f"{format_milliseconds(ends_at)}; wait until then"
        )


class ReadingMissing(MarketRejected):
    """A reading that is missing is waited for, until it counts as nothing."""

    code = 557

    def __init__(self, meter: RecordId, counted_at: int, *, place: int) -> None:
        super().__init__(
            f"fills[{place}]: measurement {format_record_id(meter)} is missing; publish it, "
            f"or wait until {format_milliseconds(counted_at)}, from when it counts as 0"
        )


class DeliveryNotBegun(MarketRejected):
    """Goods of a future are delivered from the begin of its delivery on."""

    code = 558

    def __init__(self, fill: RecordId, begins_at: int, *, place: int) -> None:
        super().__init__(
            f"fills[{place}]: {format_record_id(fill)} is delivered from "
            f"{format_milliseconds(begins_at)}; wait until then"
        )


class SellerHasNotSigned(MarketRejected):
    """Goods of a future are delivered by their seller; only a default needs no signature."""

    code = 559

    def __init__(self, owner: PublicKey, defaults_at: int, *, place: int) -> None:
        super().__init__(
            f"fills[{place}]: its seller {format_public_key(owner)} has not signed; sign with its "
            f"key, or wait until {format_milliseconds(defaults_at)}, from when it is in default"
        )


class DeliveriesOutstanding(MarketRejected):
    """Buyers of a cleared future are served when each of its sellers has delivered or defaulted."""

    code = 560

    def __init__(self, lots: int, volume: int, *, place: int) -> None:
        super().__init__(
            f"fills[{place}]: {lots} of its book's {volume} lots were delivered or defaulted on; "
            "settle the sellers' fills first"
        )


class NothingChanged(MarketRejected):
    """A fill is settled anew only if its readings have changed since."""

    code = 561

    def __init__(self, fill: RecordId, *, place: int) -> None:
        super().__init__(
            f"fills[{place}]: no reading of {format_record_id(fill)} has changed "
            "since it was settled; leave it out"
        )


class NoOpenPeriod(MarketRejected):
    """A correction is posted to the first statement that is not closed, so there must be one."""

    code = 562

    def __init__(self, owner: PublicKey, *, field: str) -> None:
        super().__init__(
            f"{field}: every statement of {format_public_key(owner)} from its period on is closed, "
            "so nothing can be posted any more"
        )


class PeriodNotFound(MarketRejected):
    """The market must have stated the billing period."""

    code = 563

    def __init__(self, period: int, periods: int) -> None:
        super().__init__(f"period: {period} was given, the market has periods 0 to {periods - 1}")


class PeriodNotOver(MarketRejected):
    """A period is closed when it has ended and its late readings have been waited for."""

    code = 564

    def __init__(self, period: int, closes_at: int) -> None:
        super().__init__(
            f"period: {period} can be closed from {format_milliseconds(closes_at)} on; "
            "wait until then"
        )


class StatementNotFound(MarketRejected):
    """The account must have traded in the period."""

    code = 565

    def __init__(self, owner: PublicKey, period: int, *, field: str) -> None:
        super().__init__(
            f"{field}: {format_public_key(owner)} has no statement of period {period}, "
            "because it has not traded in it"
        )


class StatementClosedAlready(MarketRejected):
    """Each statement is closed once."""

    code = 566

    def __init__(self, statement: RecordId, *, place: int) -> None:
        super().__init__(
            f"owners[{place}]: its statement {format_record_id(statement)} is closed already, "
            "or named twice; leave it out"
        )


class FillsStillOpen(MarketRejected):
    """A statement is closed when every fill of its period is settled, so that it is complete."""

    code = 567

    def __init__(self, statement: RecordId, fills: int, *, place: int) -> None:
        super().__init__(
            f"owners[{place}]: its statement {format_record_id(statement)} waits for "
            f"{fills} fill(s); settle them first"
        )


class NotDue(MarketRejected):
    """What is paid is at least one minor unit, and no more than is due."""

    code = 568

    def __init__(self, amount: int, due: int) -> None:
        mend = f"pay 1 to {due}" if due else "pay nothing"
        super().__init__(f"amount: {amount} is paid, {due} is due; {mend}")


class BalancingAccountShort(MarketRejected):
    """The operator keeps enough in the balancing account to pay for what is left over."""

    code = 569

    def __init__(self, amount: int, account: PublicKey, *, field: str) -> None:
        super().__init__(
            f"{field}: the balancing account cannot pay {amount} minor units; "
            f"transfer money to {format_public_key(account)} first"
        )


class GoodsNotKept(MarketRejected):
    """No more goods are fetched than are kept for a fill or an order."""

    code = 570

    def __init__(self, parcel: RecordId, amount: int, kept: int) -> None:
        id = format_record_id(parcel)
        super().__init__(
            f"amount: {amount} is asked for, {kept} is kept under {id}; fetch less, or 0 for all"
            if kept
            else f"parcel: nothing is kept under {id}, or it was fetched before"
        )


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
