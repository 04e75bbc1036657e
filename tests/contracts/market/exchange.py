"""Trades of allowances, ready to be tried: Anna sells to Carl, a hundred at a hundred each."""

from collections.abc import Callable
from typing import Any, Final

from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.commands import Clear, Close, Fetch, Settle
from tallystick.contracts.market.model import (
    Counterparty,
    Parcel,
    Product,
    Trading,
    book_id,
    fill_id,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict
from tests.contracts.market import house as houses
from tests.contracts.market.house import (
    ANNA,
    CARL,
    DAY,
    MIDNIGHT,
    MONEY,
    MONTH_END,
    STRANGER,
    attempt,
    do,
    holding_rules,
    move_to,
    open_market,
    place,
)
from tests.contracts.market.registry import Registry
from tests.contracts.market.settling import money_of

FUTURE: Final[dict[str, Any]] = {"collateral": 500, "shortfall_price": 600}
CENTRAL: Final = Counterparty.CENTRAL
AUCTION: Final[dict[str, Any]] = {"trading": Trading.CALL, "counterparty": CENTRAL}
HALF: Final = 500_000
"""The share of a vintage that is banked, in millionths."""


class Exchange:
    """A market of allowances in which Anna sells to Carl, a hundred at a hundred each."""

    def __init__(
        self,
        *accounts: int,
        begin: int = MIDNIGHT + DAY,
        banking_ppm: int = 0,
        **changes: Any,
    ) -> None:
        self.registry = Registry(accounts, banking_ppm=banking_ppm)
        self.house = self.registry.house
        rules = holding_rules(self.house, goods="allowance", quantum=1, **changes)
        self.market = open_market(self.house, rules)
        self.product = Product(self.registry.vintage, begin, begin + DAY)
        self.book = book_id(self.market, self.product)

    def offer(self, owner: int, lots: int = 100, level: int = 100) -> RecordId:
        """Offer to sell."""
        return self._place(houses.sell, owner, lots, level)

    def bid(self, owner: int, lots: int = 100, level: int = 100) -> RecordId:
        """Offer to buy."""
        return self._place(houses.buy, owner, lots, level)

    def trade(self) -> RecordId:
        """Let Anna sell to Carl; return the fill."""
        self.offer(ANNA)
        self.bid(CARL)
        return self.fill(0)

    def fill(self, number: int) -> RecordId:
        """Return the id of a fill."""
        return fill_id(self.book, number)

    def settle(self, fill: RecordId, signer: int = STRANGER) -> Verdict:
        """Try to settle a fill."""
        return attempt(self.house, Settle((fill,)), signer)

    def clear(self, fills_max: int = 256) -> None:
        """Clear the book, in one command."""
        do(self.house, Clear(self.market, self.product, fills_max), STRANGER)

    def fetch(self, parcel: RecordId, amount: int = 0) -> Verdict:
        """Try to fetch what is kept."""
        return attempt(self.house, Fetch(parcel, amount), STRANGER)

    def kept(self, parcel: RecordId) -> Parcel | None:
        """Return what is kept."""
        return self.house.trial.read(Parcel, parcel)

    def close(self, *owners: int) -> Verdict:
        """Try to close statements when the period is over."""
        move_to(self.house, MONTH_END + 2 * DAY)
        command = Close(self.market, 0, tuple(key(owner) for owner in owners))
        return attempt(self.house, command, STRANGER)

    def _place(self, draft: Callable[..., Any], owner: int, lots: int, level: int) -> RecordId:
        return place(
            self.house,
            draft(self.house, self.market, owner, lots=lots, level=level, product=self.product),
        )


def money(at: Exchange, *owners: int) -> list[int]:
    """Return by how much people's money has grown, with what is locked."""
    return [money_of(at.house, owner) - MONEY for owner in owners]
