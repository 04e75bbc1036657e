"""
What the fills of one command come to together.

A battery that sold to sixty homes is paid once, and an order that was filled by many pays once: so
a command that settles many fills makes few payments. Statements have a line for each fill all the
same. Nothing happens before `carry_out`.
"""

from dataclasses import dataclass, field

from msgspec.structs import replace

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.context import Context

from .claiming import release_meters
from .deals import Deal, order_of
from .model import MarketRules, Position
from .payments import even_out, pay_in, pay_out, unbind
from .statements import Line, settle_on_statement


@dataclass
class Share:
    """What fills take out of an order."""

    deal: Deal
    """One of the fills."""
    bound: int = 0
    """What the order binds no longer. [minor units of money]"""
    paid: int = 0
    """What is paid of that; the rest is free again. [minor units of money]"""


@dataclass
class Account:
    """What a statement takes, and how many fills it waited for."""

    lines: list[Line] = field(default_factory=list)
    """The lines, in order of the fills."""
    fills: int = 0
    """How many fills they are for."""


@dataclass
class Netting:
    """The sums of a command, by whom they concern."""

    orders: dict[RecordId, Share] = field(default_factory=dict)
    """By order."""
    balances: dict[RecordId, tuple[MarketRules, int]] = field(default_factory=dict)
    """What is left for a market's balancing account, by market. [minor units of money]"""
    credits: dict[tuple[RecordId, PublicKey], tuple[MarketRules, int]] = field(default_factory=dict)
    """What an account gets, by market and owner. [minor units of money]"""
    statements: dict[RecordId, Account] = field(default_factory=dict)
    """By statement."""
    positions: dict[RecordId, int] = field(default_factory=dict)
    """Fills that are settled, by position."""

    def charge(self, deal: Deal, order: RecordId | None, *, bound: int, paid: int) -> None:
        """Let an order bind so much less, of which so much is paid."""
        if order is None:
            raise AssertionError("a fill of energy names both orders")
        if bound:
            share = self.orders.setdefault(order, Share(deal))
            share.bound += bound
            share.paid += paid

    def credit(self, deal: Deal, owner: PublicKey, amount: int) -> None:
        """Let an account get so much more."""
        key = deal.market, owner
        self.credits[key] = deal.rules, self.credits.get(key, (deal.rules, 0))[1] + amount

    def balance(self, deal: Deal, amount: int) -> None:
        """Let so much more be left, or wanting if negative."""
        before = self.balances.get(deal.market, (deal.rules, 0))[1]
        self.balances[deal.market] = deal.rules, before + amount

    def post(self, statement: RecordId, lines: list[Line]) -> None:
        """Let a fill's lines be posted to a statement."""
        account = self.statements.setdefault(statement, Account())
        account.lines += lines
        account.fills += 1

    def count(self, position: RecordId) -> None:
        """Count a settled fill of a position."""
        self.positions[position] = self.positions.get(position, 0) + 1


def carry_out(context: Context, netting: Netting) -> None:
    """Pay in, even out, pay out; post; and hand back what positions no longer need."""
    for id, share in netting.orders.items():
        deal = share.deal
        _, order = order_of(context, id)
        pay_in(context, deal.market, deal.rules, order, amount=share.paid)
        unbind(
            context,
            deal.rules,
            id,
            order,
            product=deal.product,
            bound=share.bound,
            paid=share.paid,
        )
    for market, (rules, amount) in netting.balances.items():
        even_out(context, market, rules, amount=amount)
    for (market, owner), (rules, amount) in netting.credits.items():
        pay_out(context, market, rules, owner, amount=amount)
    for id, account in netting.statements.items():
        settle_on_statement(context, id, account.lines, settles=account.fills)
    for id, fills in netting.positions.items():
        _count_down(context, id, fills)


def _count_down(context: Context, id: RecordId, fills: int) -> None:
    """Count settled fills of a position; with the last, hand back what it no longer needs."""
    position = context.read(Position, id)
    if position is None:
        raise AssertionError(f"position {id.hex()} vanished")
    open_fills = position.open_fills - fills
    context.write(id, replace(position, open_fills=open_fills))
    if not open_fills and not position.open_orders:
        release_meters(context, position.book, position)
