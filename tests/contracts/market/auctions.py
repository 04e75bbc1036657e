"""Call auctions on a ledger: their orders placed, their gate closed, and who clears them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.clearing import Clearing
from tallystick.contracts.market.commands import Clear
from tallystick.contracts.market.events import MarketFilled, OrderEnded
from tallystick.contracts.market.events_clearing import ClearingEnded, MarketCleared
from tallystick.contracts.market.model import Counterparty, MarketRules, Phase, Side, Trading
from tallystick.contracts.market.products import gate_closes_at
from tests.contracts.market.house import (
    STRANGER,
    House,
    book,
    book_of,
    buy,
    do,
    energy_rules,
    holding_rules,
    open_house,
    open_market,
    place,
    product_of,
    rules_of,
    sell,
)
from tests.contracts.market.offers import LEVELS, Offer


class Auction(NamedTuple):
    """A book of a call auction on a ledger, its gate closed."""

    house: House
    """The ledger."""

    market: RecordId
    """The market."""

    book: RecordId
    """The book."""

    orders: list[RecordId]
    """Its orders, in order of arrival."""

    def command(self, fills_max: int = 256) -> Clear:
        """Return the command that clears it."""
        return Clear(self.market, product_of(self.house, self.market), fills_max)

    @property
    def phase(self) -> Phase:
        """Return where the book stands."""
        return book(self.house, self.book).phase

    @property
    def clearing(self) -> Clearing:
        """Return the clearing, which has begun."""
        found = self.house.trial.read(Clearing, self.book)
        assert found is not None
        return found

    @property
    def events(self) -> list[Record]:
        """Return everything that has happened on the ledger."""
        return self.house.trial.events


def call_rules(house: House, **changes: Any) -> MarketRules:
    """Return the rules of a call auction of energy at six prices, with some changed."""
    usual = {"trading": Trading.CALL, "levels": LEVELS, "price_min": 10}
    return energy_rules(house, **{**usual, **changes})


def central_rules(house: House, **changes: Any) -> MarketRules:
    """Return the rules of a call auction of tokens with a central counterparty."""
    usual = {
        "trading": Trading.CALL,
        "counterparty": Counterparty.CENTRAL,
        "levels": LEVELS,
        "price_min": 10,
    }
    return holding_rules(house, **{**usual, **changes})


def auction(
    offers: Sequence[Offer],
    rules: MarketRules | None = None,
    *,
    house: House | None = None,
    late: int = 0,
) -> Auction:
    """Return an auction in which these orders came in before its gate closed, so many ms ago."""
    house = open_house() if house is None else house
    market = open_market(house, call_rules(house) if rules is None else rules)
    orders = []
    for each in offers:
        draft = buy if each.side is Side.BUY else sell
        command = draft(
            house, market, each.owner, lots=each.lots, level=each.level, least=each.least
        )
        orders.append(place(house, command))
    close_gate(house, market, late=late)
    return Auction(house, market, book_of(house, market), orders)


def close_gate(house: House, market: RecordId, *, late: int = 0) -> None:
    """Let the gate of the market's standard product have closed so many ms ago."""
    closes_at = gate_closes_at(rules_of(house, market), product_of(house, market))
    house.trial.move_to(closes_at + late)


def happened(auction: Auction) -> list[Record]:
    """Return what the market reports of a clearing."""
    kinds = (MarketCleared, MarketFilled, OrderEnded, ClearingEnded)
    return [each for each in auction.events if isinstance(each, kinds)]


def clear(auction: Auction, *, fills_max: int = 256, signer: int = STRANGER) -> int:
    """Clear an auction to its end; return how many commands it took."""
    commands = 0
    while auction.phase is not Phase.CLEARED:
        do(auction.house, auction.command(fills_max), signer)
        commands += 1
    return commands
