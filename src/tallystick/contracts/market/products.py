"""What a market's products are: how long, how aligned, and until when orders for them come in."""

from bisect import bisect_right

from tallystick.base.identifiers import RecordId, format_record_id
from tallystick.contracts.asset.model import CONTRACT_NAME as ASSET
from tallystick.contracts.asset.views import is_unit
from tallystick.core.context import Context

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


def check_product(context: Context, market: RecordId, rules: MarketRules, product: Product) -> None:
    """Refuse what the market does not trade."""
    length = product.end - product.begin
    if rules.subject is Subject.ENERGY:
        if product.unit != market:
            raise UnitDiffers(product.unit, f"is not energy here; give {format_record_id(market)}")
    else:
        _check_unit(context, rules, product.unit)
    if length not in rules.lengths:
        raise LengthNotAllowed(length, rules.lengths)
    if length <= HOUR_SECONDS and product.begin % length:
        raise NotAligned(product.begin, length)
    if period_of(rules, product) is None:
        raise OutsidePeriods(product.begin, rules.periods)


def _check_unit(context: Context, rules: MarketRules, unit: RecordId) -> None:
    """
    Refuse a unit that is the market's money, or nothing that `asset` keeps.

    Whoever keeps other holdings is asked by a seller's lock; who bids for them waits for one.
    """
    if unit == rules.money:
        raise UnitDiffers(unit, "is the money that is paid with; trade something else for it")
    if rules.goods == ASSET and not is_unit(context, unit):
        raise UnitDiffers(unit, "is no asset; give the id of a class, or of a reading's series")


def check_gate(rules: MarketRules, product: Product, *, time: int) -> None:
    """Refuse what comes too late; a delivery in the past is one whose gate has closed."""
    closes_at = gate_closes_at(rules, product)
    if time >= closes_at:
        raise GateClosed(closes_at, field="product.begin")
