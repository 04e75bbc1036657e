"""What can be asked about the money that an account binds in a book."""

from msgspec import Struct

from tallystick.base.amounts import Amount
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts.asset.model import LockedAmount, lock_record_id
from tallystick.core.contract import Reader
from tallystick.core.holding import holding_id

from .errors_orders import MarketNotFound
from .model import Market, Product, Side, book_id, position_id
from .payments import MARKET


class ShowBound(Record, tag="market.show-bound"):
    """Show the money that an account binds on one side of a book, in all its orders and fills."""

    market: RecordId
    """The market."""

    product: Product
    """The book's product."""

    side: Side
    """Which side."""

    owner: PublicKey
    """The account."""


class BoundView(Struct, frozen=True):
    """What an account binds on one side of a book; nothing if it has no order there."""

    book: RecordId
    """The book's id."""

    money: RecordId
    """The money."""

    lock_id: LockId
    """Under which id it is locked; what a mandate's orders bind is locked under the mandate's."""

    bound: Amount
    """How much. [minor units of money]"""


def show_bound(reader: Reader, question: ShowBound) -> BoundView:
    """Return what an account binds on one side of a book, or raise `MarketNotFound`."""
    market = reader.read(Market, question.market)
    if market is None:
        raise MarketNotFound(question.market)
    book, money = book_id(question.market, question.product), market.rules.money
    lock_id = LockId(position_id(book, question.side, question.owner))
    holding = holding_id(money, question.owner)
    lock = reader.read(LockedAmount, lock_record_id(holding, MARKET, lock_id))
    return BoundView(book, money, lock_id, 0 if lock is None else lock.amount)
