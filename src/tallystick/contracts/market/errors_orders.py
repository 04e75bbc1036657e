"""Why a market is not opened, and an order not placed, taken or cancelled: codes 501 to 526."""

from typing import Final

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import (
    PublicKey,
    RecordId,
    format_public_key,
    format_record_id,
)
from tallystick.base.plain import format_milliseconds

from .model import MarketName, Phase, Status
from .rejected import MarketRejected


class MarketNotFound(MarketRejected):
    """There must be a market with this id."""

    code = 501

    def __init__(self, market: RecordId) -> None:
        super().__init__(f"there is no market {format_record_id(market)}")


class OrderNotFound(MarketRejected):
    """There must be an order with this id."""

    code = 502

    def __init__(self, order: RecordId) -> None:
        super().__init__(f"there is no order {format_record_id(order)}")


class SignerIsNotOperator(MarketRejected):
    """Only a signer who is the market's operator at block time may do this."""

    code = 503

    def __init__(self, name: MarketName) -> None:
        super().__init__(f"no signer is the operator of market {name!r}")


class SignerIsNotOwner(MarketRejected):
    """Only the account that pays or is paid may do this."""

    code = 504

    def __init__(self, owner: PublicKey) -> None:
        super().__init__(f"the account's owner {format_public_key(owner)} has not signed")


class RulesContradict(MarketRejected):
    """The rules of a market must fit together."""

    code = 505

    def __init__(self, problem: str) -> None:
        super().__init__(f"the rules contradict each other: {problem}")


class OrderNotOpen(MarketRejected):
    """What is filled, cancelled or found nobody cannot be taken or cancelled any more."""

    code = 506

    def __init__(self, order: RecordId, status: Status) -> None:
        super().__init__(f"{format_record_id(order)} is {status.value}")


class NotContinuous(MarketRejected):
    """Only in continuous trading can an order be taken."""

    code = 507

    def __init__(self, name: MarketName) -> None:
        super().__init__(f"market {name!r} trades in call auctions, where nobody takes an order")


class NotAdmitted(MarketRejected):
    """A closed community's market is for those whom its operator has admitted."""

    code = 508

    def __init__(self, owner: PublicKey) -> None:
        super().__init__(f"{format_public_key(owner)} is not admitted to this market")


class AccountSuspended(MarketRejected):
    """Whom the operator has suspended trades no more."""

    code = 509

    def __init__(self, owner: PublicKey) -> None:
        super().__init__(f"{format_public_key(owner)} is suspended from this market")


class PaymentDue(MarketRejected):
    """Who owes the market something after a correction pays that first."""

    code = 510

    def __init__(self, owner: PublicKey, due: int) -> None:
        super().__init__(f"{format_public_key(owner)} owes {due}, which is to be paid first")


class UnitDiffers(MarketRejected):
    """Energy is traded under the market's own id, and holdings under their unit's."""

    code = 511

    def __init__(self, unit: RecordId) -> None:
        super().__init__(f"{format_record_id(unit)} is no unit that this market trades")


class LengthNotAllowed(MarketRejected):
    """A delivery has one of the lengths that the market states."""

    code = 512

    def __init__(self, length: int) -> None:
        super().__init__(f"a delivery of {length} s is none of the market's products")


class NotAligned(MarketRejected):
    """A delivery of an hour or less begins at a multiple of its length."""

    code = 513

    def __init__(self, begin: int, length: int) -> None:
        super().__init__(f"delivery begins at {begin}, which is no multiple of its {length} s")


class OutsidePeriods(MarketRejected):
    """A delivery lies in one of the billing periods that the market states."""

    code = 514

    def __init__(self, begin: int) -> None:
        super().__init__(f"delivery begins at {begin}, outside of every billing period")


class BookNotOpen(MarketRejected):
    """While fills are written, and after that, nothing is placed or cancelled."""

    code = 515

    def __init__(self, book: RecordId, phase: Phase) -> None:
        super().__init__(f"book {format_record_id(book)} is {phase.value}")


class GateClosed(MarketRejected):
    """Orders come, and in call auctions go, only before the gate has closed."""

    code = 516

    def __init__(self, closed_at: int) -> None:
        super().__init__(f"the gate closed at {format_milliseconds(closed_at)}")


class ValidityTooShort(MarketRejected):
    """An order is valid for some time, and in a call auction until the gate closes."""

    code = 517

    def __init__(self, valid_until: int, least: int) -> None:
        super().__init__(
            f"valid until {format_milliseconds(valid_until)}, "
            f"at least until {format_milliseconds(least)} is needed to meet anybody"
        )


class OrderLapsed(MarketRejected):
    """Nobody meets an order that has lapsed, whose owner is suspended, or whose device is out."""

    code = 518

    def __init__(self, order: RecordId) -> None:
        super().__init__(
            f"{format_record_id(order)} has lapsed, or its owner is suspended, or its device is out"
        )


class LevelOutside(MarketRejected):
    """A limit price lies within the market's band."""

    code = 519

    def __init__(self, level: int, levels: int) -> None:
        super().__init__(f"level {level}, the market has levels 0 to {levels - 1}")


class BelowFeedInFloor(MarketRejected):
    """Nobody sells below the feed-in floor."""

    code = 520

    def __init__(self, price: int, floor: int) -> None:
        super().__init__(f"price {price} is below the feed-in floor {floor}")


class LeastExceedsLots(MarketRejected):
    """An order cannot ask for a larger minimum than it has lots."""

    code = 521

    def __init__(self, least: int, lots: int) -> None:
        super().__init__(f"at least {least} of {lots} lots")


class LotsNotAvailable(MarketRejected):
    """What is taken of an order must still be open."""

    code = 522

    def __init__(self, lots: int, left: int) -> None:
        super().__init__(f"{lots} lots are taken, {left} are left")


class BelowLeast(MarketRejected):
    """An order whose minimum is not met yet is taken with at least that, or not at all."""

    code = 523

    def __init__(self, lots: int, least: int) -> None:
        super().__init__(f"{lots} lots are taken, the order wants at least {least}")


class PartnerNotAllowed(MarketRejected):
    """Only in continuous trading can an order choose with whom it trades."""

    code = 524

    def __init__(self, partner: PublicKey) -> None:
        super().__init__(f"an auction knows no partner, so not {format_public_key(partner)} either")


class OrderIsForAnother(MarketRejected):
    """An order that names a partner is taken by that account only."""

    code = 525

    def __init__(self, order: RecordId) -> None:
        super().__init__(f"{format_record_id(order)} is for another account")


class ValueTooLarge(MarketRejected):
    """Values and volumes, with what book and the account's bills hold, stay within an amount."""

    code = 526

    def __init__(self, total: int) -> None:
        super().__init__(f"{total} is more than {AMOUNT_MAX}")


REJECTIONS: Final[tuple[type[MarketRejected], ...]] = (
    MarketNotFound,
    OrderNotFound,
    SignerIsNotOperator,
    SignerIsNotOwner,
    RulesContradict,
    OrderNotOpen,
    NotContinuous,
    NotAdmitted,
    AccountSuspended,
    PaymentDue,
    UnitDiffers,
    LengthNotAllowed,
    NotAligned,
    OutsidePeriods,
    BookNotOpen,
    GateClosed,
    ValidityTooShort,
    OrderLapsed,
    LevelOutside,
    BelowFeedInFloor,
    LeastExceedsLots,
    LotsNotAvailable,
    BelowLeast,
    PartnerNotAllowed,
    OrderIsForAnother,
    ValueTooLarge,
)
"""Each of these reasons, lowest code first."""
