"""Why a mandate, or an order under it, is rejected, and what views do not find: 590 to 599."""

from tallystick.base.amounts import Seconds
from tallystick.base.identifiers import PublicKey, RecordId, format_public_key, format_record_id
from tallystick.base.intervals import format_time

from .model import Mandate, Product
from .rejected import MarketRejected


class MandateNotFound(MarketRejected):
    """There must be a mandate with this id."""

    code = 590

    def __init__(self, mandate: RecordId) -> None:
        super().__init__(
            f"mandate: there is no mandate {format_record_id(mandate)}; "
            "its id stands in the event market-mandate-given"
        )


class MandateHasEnded(MarketRejected):
    """A mandate that its owner ended produces nothing and is not ended again."""

    code = 591

    def __init__(self, mandate: RecordId) -> None:
        super().__init__(
            f"mandate: {format_record_id(mandate)} has ended; its owner can give a new one"
        )


class SignerIsNotAgent(MarketRejected):
    """Orders are produced by the agent that the mandate names, not by the owner."""

    code = 592

    def __init__(self, mandate: Mandate) -> None:
        super().__init__(
            f"mandate: its agent {format_public_key(mandate.agent)} has not signed; "
            "sign with its key"
        )


class MandateDoesNotFit(MarketRejected):
    """A mandate bounds what its side has, within what its market trades, and nothing else."""

    code = 593

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")


class OutsideMandate(MarketRejected):
    """A delivery must lie within the time that the mandate covers."""

    code = 594

    def __init__(self, product: Product, *, begin: Seconds, end: Seconds) -> None:
        super().__init__(
            f"product: delivery {_span(product.begin, product.end)} lies outside "
            f"{_span(begin, end)}, which the mandate covers"
        )


class PeriodIsBehind(MarketRejected):
    """Budgets are spent from period to period; what an earlier one left is not taken up again."""

    code = 595

    def __init__(self, period: int, present: int) -> None:
        super().__init__(
            f"product: delivery is in period {period}, "
            f"the mandate's budget stands at period {present} already"
        )


class NothingToProduce(MarketRejected):
    """What is expected, less what is kept, and the money that is left must make at least a lot."""

    code = 596

    def __init__(self, *, expected_wh: int, room: int) -> None:
        super().__init__(
            f"expected_wh: {expected_wh} Wh, less what is kept, "
            f"and {room} minor units that are left to bind make no lot; wait for more"
        )


class NotCleared(MarketRejected):
    """A book has a match certificate once its clearing has begun; only the view says this."""

    code = 597

    def __init__(self, book: RecordId) -> None:
        super().__init__(
            f"book: nobody has cleared {format_record_id(book)} yet; "
            "market.clear does, once its gate has closed"
        )


class MandateIsNotTheirs(MarketRejected):
    """A mandate is ended by the account that gave it."""

    code = 598

    def __init__(self, owner: PublicKey) -> None:
        super().__init__(
            f"mandate: its owner {format_public_key(owner)} has not signed; sign with its key"
        )


def _span(begin: Seconds, end: Seconds) -> str:
    """Return an interval for people."""
    return f"{format_time(begin)} to {format_time(end)}"


REJECTIONS: tuple[type[MarketRejected], ...] = (
    MandateNotFound,
    MandateHasEnded,
    SignerIsNotAgent,
    MandateDoesNotFit,
    OutsideMandate,
    PeriodIsBehind,
    NothingToProduce,
    NotCleared,
    MandateIsNotTheirs,
)
"""Every reason above, in the order in which they stand."""
