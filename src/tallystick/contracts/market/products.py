"""What a market's products are: how long, how aligned, and until when orders for them come in."""

from bisect import bisect_right

from tallystick.base.identifiers import RecordId

from .errors_orders import GateClosed, LengthNotAllowed, NotAligned, OutsidePeriods, UnitDiffers
from .model import MarketRules, Product, Subject

HOUR_SECONDS = 3_600


def gate_closes_at(rules: MarketRules, product: Product) -> int:
    """Return the moment from which no order comes in. [ms since the epoch, UTC]"""
    return (product.begin - rules.gate_closure) * 1000


def period_of(rules: MarketRules, product: Product) -> int | None:
    """Return in which of the market's billing periods a delivery begins, or nothing."""
    period = bisect_right(rules.periods, product.begin) - 1
    return period if 0 <= period < len(rules.periods) - 1 else None


def check_product(market: RecordId, rules: MarketRules, product: Product) -> None:
    """Refuse what the market does not trade."""
    length = product.end - product.begin
    if rules.subject is Subject.ENERGY and product.unit != market:
        raise UnitDiffers(product.unit)
    if length not in rules.lengths:
        raise LengthNotAllowed(length)
    if length <= HOUR_SECONDS and product.begin % length:
        raise NotAligned(product.begin, length)
    if period_of(rules, product) is None:
        raise OutsidePeriods(product.begin)


def check_gate(rules: MarketRules, product: Product, *, time: int) -> None:
    """Refuse what comes too late; a delivery in the past is one whose gate has closed."""
    closes_at = gate_closes_at(rules, product)
    if time >= closes_at:
        raise GateClosed(closes_at)
