"""Why a market is not opened, and an order not placed, taken or cancelled: codes 501 to 526."""

from collections.abc import Sequence
from typing import Final

from tallystick.base.amounts import AMOUNT_MAX, Seconds
from tallystick.base.identifiers import (
    PublicKey,
    RecordId,
    format_public_key,
    format_record_id,
)
from tallystick.base.intervals import format_time
from tallystick.base.plain import format_milliseconds

from .model import MarketName, Phase, Status
from .rejected import MarketRejected, opening


class MarketNotFound(MarketRejected):
    """There must be a market with this id."""

    code = 501

    def __init__(self, market: RecordId) -> None:
        super().__init__(
            f"market: there is no market {format_record_id(market)}; "
            "its id stands in the event market-opened"
        )


class OrderNotFound(MarketRejected):
    """There must be an order with this id."""

    code = 502

    def __init__(self, order: RecordId) -> None:
        super().__init__(
            f"order: there is no order {format_record_id(order)}; "
            "its id stands in the event market-order-placed"
        )


class SignerIsNotOperator(MarketRejected):
    """Only a signer who is the market's operator at block time may do this."""

    code = 503

    def __init__(self, name: MarketName, *, field: str) -> None:
        super().__init__(f"{field}: no signer is market operator of {name!r}; sign as one")


class SignerIsNotOwner(MarketRejected):
    """Only the account that pays or is paid may do this."""

    code = 504

    def __init__(self, owner: PublicKey, *, field: str = "owner") -> None:
        super().__init__(
            f"{opening(field, 'owner')}{format_public_key(owner)} has not signed; sign with its key"
        )


class RulesContradict(MarketRejected):
    """The rules of a market must fit together."""

    code = 505

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")


class OrderNotOpen(MarketRejected):
    """What is filled, cancelled or found nobody cannot be taken or cancelled any more."""

    code = 506

    def __init__(self, order: RecordId, status: Status) -> None:
        super().__init__(
            f"order: {format_record_id(order)} is {status.value}; "
            "only an open one is taken or cancelled"
        )


class NotContinuous(MarketRejected):
    """Only in continuous trading can an order be taken."""

    code = 507

    def __init__(self, name: MarketName) -> None:
        super().__init__(
            f"order: it is in market {name!r}, which trades in call auctions; "
            "place one there that meets it"
        )


class NotAdmitted(MarketRejected):
    """A closed community's market is for those whom its operator has admitted."""

    code = 508

    def __init__(self, owner: PublicKey, *, field: str) -> None:
        super().__init__(
            f"{opening(field, 'owner')}{format_public_key(owner)} is not admitted to this market; "
            "its operator admits with market.admit"
        )


class AccountSuspended(MarketRejected):
    """Whom the operator has suspended trades no more."""

    code = 509

    def __init__(self, owner: PublicKey, *, field: str) -> None:
        super().__init__(
            f"{opening(field, 'owner')}{format_public_key(owner)} is suspended from this market; "
            "its operator ends that with market.admit"
        )


class PaymentDue(MarketRejected):
    """Who owes the market something after a correction pays that first."""

    code = 510

    def __init__(self, owner: PublicKey, due: int, *, field: str) -> None:
        super().__init__(
            f"{opening(field, 'owner')}{format_public_key(owner)} owes {due} after a correction; "
            "pay that first, with market.pay"
        )


class UnitDiffers(MarketRejected):
    """Energy is traded under the market's own id, and holdings under their unit's."""

    code = 511

    def __init__(self, unit: RecordId, problem: str) -> None:
        super().__init__(f"product.unit: {format_record_id(unit)} {problem}")


class LengthNotAllowed(MarketRejected):
    """A delivery has one of the lengths that the market states."""

    code = 512

    def __init__(self, length: int, lengths: Sequence[int]) -> None:
        known = ", ".join(str(each) for each in lengths)
        super().__init__(
            f"product.end: it is {length} s after begin, the market's deliveries last {known} s"
        )


class NotAligned(MarketRejected):
    """A delivery of an hour or less begins at a multiple of its length."""

    code = 513

    def __init__(self, begin: Seconds, length: int) -> None:
        super().__init__(
            f"product.begin: {format_time(begin)} is no multiple of its {length} s; "
            f"{format_time(begin - begin % length)} is one"
        )


class OutsidePeriods(MarketRejected):
    """A delivery lies in one of the billing periods that the market states."""

    code = 514

    def __init__(self, begin: Seconds, periods: Sequence[Seconds]) -> None:
        super().__init__(
            f"product.begin: {format_time(begin)} is in none of the market's billing periods, "
            f"from {format_time(periods[0])} to {format_time(periods[-1])}"
        )


class BookNotOpen(MarketRejected):
    """While fills are written, and after that, nothing is placed or cancelled."""

    code = 515

    def __init__(self, book: RecordId, phase: Phase, *, field: str) -> None:
        super().__init__(
            f"{field}: its book {format_record_id(book)} is {phase.value}; "
            "orders come and go while it is open"
        )


class GateClosed(MarketRejected):
    """Orders come, and in call auctions go, only before the gate has closed."""

    code = 516

    def __init__(self, closed_at: int, *, field: str) -> None:
        closed = format_milliseconds(max(0, closed_at))
        super().__init__(f"{field}: its gate closed at {closed}; orders come and go before that")


class ValidityTooShort(MarketRejected):
    """An order is valid for some time, and in a call auction until the gate closes."""

    code = 517

    def __init__(self, valid_until: int, least: int) -> None:
        super().__init__(
            f"valid_until: {format_milliseconds(valid_until)} is before it can meet anybody; "
            f"give {format_milliseconds(least)} or later, or 0 for the gate's closure"
        )


class OrderLapsed(MarketRejected):
    """Nobody meets an order that has lapsed, whose owner is suspended, or whose device is out."""

    code = 518

    def __init__(self, order: RecordId) -> None:
        super().__init__(
            f"order: {format_record_id(order)} has lapsed, or its owner is suspended, "
            "or its device is out; take another"
        )


class LevelOutside(MarketRejected):
    """A limit price lies within the market's band."""

    code = 519

    def __init__(self, level: int, levels: int) -> None:
        super().__init__(f"level: {level} was given, the market has levels 0 to {levels - 1}")


class BelowFeedInFloor(MarketRejected):
    """Nobody sells below the feed-in floor."""

    code = 520

    def __init__(self, price: int, floor: int, *, field: str) -> None:
        super().__init__(
            f"{field}: its price {price} is below the feed-in floor {floor}; sell for more"
        )


class LeastExceedsLots(MarketRejected):
    """An order cannot ask for a larger minimum than it has lots."""

    code = 521

    def __init__(self, least: int, lots: int) -> None:
        super().__init__(f"least: at least {least} of {lots} lots was asked for; give no more")


class LotsNotAvailable(MarketRejected):
    """What is taken of an order must still be open."""

    code = 522

    def __init__(self, lots: int, left: int) -> None:
        super().__init__(f"lots: {lots} are taken, {left} are left; take no more")


class BelowLeast(MarketRejected):
    """An order whose minimum is not met yet is taken with at least that, or not at all."""

    code = 523

    def __init__(self, lots: int, least: int) -> None:
        super().__init__(f"lots: {lots} are taken, the order wants at least {least}; take as many")


class PartnerNotAllowed(MarketRejected):
    """Only in continuous trading can an order choose with whom it trades."""

    code = 524

    def __init__(self, partner: PublicKey) -> None:
        super().__init__(
            f"partner: {format_public_key(partner)} was given, an auction knows none; leave it out"
        )


class OrderIsForAnother(MarketRejected):
    """An order that names a partner is taken by that account only."""

    code = 525

    def __init__(self, order: RecordId) -> None:
        super().__init__(
            f"order: {format_record_id(order)} is for another account; take one for everybody"
        )


class ValueTooLarge(MarketRejected):
    """Values and volumes, with what book and the account's bills hold, stay within an amount."""

    code = 526

    def __init__(self, total: int, *, field: str) -> None:
        super().__init__(f"{field}: it comes to {total} in all, {AMOUNT_MAX} is the most")


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
