"""
How much an account may trade in a market in all, so that no bill outgrows what is an amount.

A fill is settled, and a correction posted, whatever the statement says by then. So the limit is
where somebody can still be told: an order that would lift what its owner's orders can come to
beyond an amount is refused, and nobody else's ever is. Lots that found nobody are taken off again.
What was traded is not, not even when its period is closed: fills of closed periods count to later
ones, and so do corrections.
"""

from msgspec.structs import replace

from tallystick.base.identifiers import RecordId
from tallystick.core.context import Context

from .funding import charges_of
from .model import MarketRules, Order, Side, Turnover, participant_id, price_of


def size_of(rules: MarketRules, side: Side, level: int) -> int:
    """
    Return the most that one lot of an order can bring to any sum of a statement.

    The sums are in minor units of money and in Wh: it is the largest of price, charges included,
    shortfall price, deposit and energy.
    """
    others = max(rules.quantum, rules.shortfall_price, rules.collateral)
    if side is Side.SELL:
        return max(others, price_of(rules, rules.levels - 1))
    price = price_of(rules, level)
    return max(others, price + charges_of(rules, value=price, lots=1))


def committed_to(context: Context, id: RecordId) -> int:
    """Return what the orders of a participant can come to so far."""
    found = context.read(Turnover, id)
    return 0 if found is None else found.committed


def take_off(context: Context, rules: MarketRules, order: Order) -> None:
    """Take the lots of an order that found nobody off its owner's turnover."""
    id = participant_id(order.market, order.owner)
    found = context.read(Turnover, id)
    if found is None:
        raise AssertionError(f"participant {id.hex()} has an order and no turnover")
    lots = order.lots - order.filled
    size = lots * size_of(rules, order.side, order.level)
    context.write(id, replace(found, committed=found.committed - size))
