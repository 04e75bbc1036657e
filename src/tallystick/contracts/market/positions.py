"""
Positions: what an account bought, or sold, of energy in one book, and what it still offers there.

A command that fills many orders meets the same accounts again and again. It looks each position up
once and writes it once.
"""

from msgspec.structs import replace

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.context import Context

from .model import Order, Position, Side, position_id


class _Growing:
    """A position, and what the fills of a command add to it."""

    __slots__ = ("fills", "lots", "orders_filled", "position")

    def __init__(self, position: Position) -> None:
        self.position = position
        self.lots = self.fills = self.orders_filled = 0

    def grown(self) -> Position:
        """Return the position with what was added."""
        position = self.position
        return replace(
            position,
            lots=position.lots + self.lots,
            offered=position.offered - self.lots,
            open_fills=position.open_fills + self.fills,
            open_orders=position.open_orders - self.orders_filled,
        )


class Positions:
    """The positions of one book that a command changes, until it writes them."""

    __slots__ = ("_book", "_bought", "_context", "_sold")

    def __init__(self, context: Context, book: RecordId) -> None:
        self._context = context
        self._book = book
        self._bought: dict[PublicKey, _Growing] = {}
        self._sold: dict[PublicKey, _Growing] = {}

    def fill(self, order: Order, lots: int, *, filled: bool) -> int:
        """
        Add a fill of an order; return where the position stood. [lots]

        `filled` tells whether nothing of the order is left to trade.
        """
        places = self._bought if order.side is Side.BUY else self._sold
        found = places.get(order.owner)
        if found is None:
            found = places[order.owner] = _Growing(position_of(self._context, order))
        offset = found.position.lots + found.lots
        found.lots += lots
        found.fills += 1
        found.orders_filled += filled
        return offset

    def write_that_of(self, order: Order) -> None:
        """Write an order's own position if it has changed: somebody is to read it."""
        places = self._bought if order.side is Side.BUY else self._sold
        found = places.pop(order.owner, None)
        if found is not None:
            self._write(order.side, order.owner, found)

    def write(self) -> None:
        """Write what has changed, and begin anew."""
        for side, places in ((Side.BUY, self._bought), (Side.SELL, self._sold)):
            for owner, found in places.items():
                self._write(side, owner, found)
            places.clear()

    def _write(self, side: Side, owner: PublicKey, found: _Growing) -> None:
        """Write a position with what was added to it."""
        self._context.write(position_id(self._book, side, owner), found.grown())


def leave(context: Context, order: Order) -> Position:
    """Take an order's open lots out of its position, and return the position as it was written."""
    found = position_of(context, order)
    left = replace(
        found,
        offered=found.offered - (order.lots - order.filled),
        open_orders=found.open_orders - 1,
    )
    context.write(position_id(order.book, order.side, order.owner), left)
    return left


def position_of(context: Context, order: Order) -> Position:
    """Return the position that every order of energy has."""
    id = position_id(order.book, order.side, order.owner)
    found = context.read(Position, id)
    if found is None:
        raise AssertionError(f"an order of energy misses its position {id.hex()}")
    return found
