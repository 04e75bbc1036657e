"""Why a clearing is rejected, in order of precedence; `errors` joins them with the others."""

from tallystick.base.identifiers import RecordId, format_record_id
from tallystick.base.plain import format_milliseconds

from .rejected import MarketRejected, opening


class TradingIsContinuous(MarketRejected):
    """Only call auctions are cleared; in continuous trading orders meet on arrival."""

    code = 540

    def __init__(self, market: RecordId) -> None:
        super().__init__(
            f"market: {format_record_id(market)} trades continuously, so nothing is to be cleared"
        )


class BookNotFound(MarketRejected):
    """Somebody must have offered to buy or sell the product."""

    code = 541

    def __init__(self, book: RecordId, *, field: str) -> None:
        super().__init__(
            f"{opening(field, 'book')}{format_record_id(book)} has never had an order; "
            "the first that is placed opens it"
        )


class AlreadyCleared(MarketRejected):
    """A book is cleared once, to its end."""

    code = 542

    def __init__(self, book: RecordId) -> None:
        super().__init__(
            f"product: its book {format_record_id(book)} is cleared; "
            "market.show-clearing tells the outcome"
        )


class GateNotClosed(MarketRejected):
    """A book is cleared when nobody can change it any more."""

    code = 543

    def __init__(self, closes_at: int, time: int) -> None:
        super().__init__(
            f"product.begin: its gate closes at {format_milliseconds(closes_at)}, "
            f"it is {format_milliseconds(time)}; clear it then"
        )


REJECTIONS: tuple[type[MarketRejected], ...] = (
    TradingIsContinuous,
    BookNotFound,
    AlreadyCleared,
    GateNotClosed,
)
"""Every reason above, in the order in which they stand."""
