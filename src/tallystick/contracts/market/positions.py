"""
Positions: what an account bought, or sold, of energy in one book, and what it still offers there.

A command that fills many orders meets the same accounts again and again. It looks each position up
once and writes it once.
"""

from msgspec.structs import replace

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.context import Context

from .model import Order, Position, Side, Status, position_id


class Positions:
    """The positions of one book that a command changes, until it writes them."""

    __slots__ = ("_book", "_context", "_found")

    def __init__(self, context: Context, book: RecordId) -> None:
        self._context = context
        self._book = book
        self._found: dict[tuple[PublicKey, Side], Position] = {}

    def fill(self, order: Order, lots: int) -> int:
        """Add a fill of an order, as it stands after it; return where the position stood. [lots]"""
        place = (order.owner, order.side)
        found = self._found.get(place)
        if found is None:
            found = position_of(self._context, order)
        self._found[place] = Position(
            found.book,
            found.side,
            found.owner,
            found.meters,
            found.device,
            found.lots + lots,
            found.offered - lots,
            found.open_fills + 1,
            found.open_orders - (order.status is Status.FILLED),
        )
        return found.lots

    def write_that_of(self, order: Order) -> None:
        """Write an order's own position if it has changed: somebody is to read it."""
        found = self._found.pop((order.owner, order.side), None)
        if found is not None:
            self._context.write(position_id(self._book, order.side, order.owner), found)

    def write(self) -> None:
        """Write what has changed, and begin anew."""
        for (owner, side), found in self._found.items():
            self._context.write(position_id(self._book, side, owner), found)
        self._found.clear()


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
