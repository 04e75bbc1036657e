"""
What a stranger can infer: from what is public by the regulation, and from everything if it leaks.

Each answer is a count, made from the tables or events that the stranger has, against the truth that
only the registry knows.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.allowance.events import (
    AccountOpened,
    AllowancesMoved,
    AllowancesTransferred,
    UnitApplied,
)
from tallystick.contracts.allowance.model import SALT_BYTES, commitment
from tallystick.contracts.market.events import MarketFilled, OrderPlaced

from .allowances_desk import Desk
from .scenario import AllRows

PUBLIC_TABLES: Final = (
    "allowance_programmes",
    "allowance_holders",
    "allowance_units",
    "allowance_baselines",
    "allowance_vintages",
)
"""What the contract's own page calls public."""
BOTH_PARTIES: Final = "Which payments and deliveries of the markets name both parties?"


@dataclass(frozen=True, slots=True)
class Inference:
    """A question, and how far a stranger gets."""

    question: str
    """What somebody would like to know."""
    whole: int
    """How many answers there are."""
    public: int
    """How many follow from what is public."""
    leaked: int
    """How many follow from everything that was ever recorded."""
    public_max: int
    """How many may follow from what is public: all, where the regulation says so."""
    leaked_max: int
    """How many may follow from everything."""

    @property
    def is_within(self) -> bool:
        """Tell whether the stranger learns no more than is said beforehand."""
        return self.public <= self.public_max and self.leaked <= self.leaked_max


def infer(desk: Desk, rows: AllRows) -> tuple[Inference, ...]:
    """Return what a stranger finds out of one zone."""
    keys = {member.account.public for member in desk.cast.members}
    return (*_about_people(desk, rows, keys), *_about_trades(desk, keys))


def _about_people(desk: Desk, rows: AllRows, keys: set[PublicKey]) -> tuple[Inference, ...]:
    """Return what a stranger finds out of holders, units and accounts."""
    shown = set(_values(rows))
    units, holders, accounts = len(desk.units), len(desk.holders), len(keys)
    listed, described = (
        sum(1 for _ in rows(table)) for table in ("allowance_holders", "allowance_units")
    )
    seen, opened = sum(key in shown for key in keys), _opened(desk)
    serving = len({each.account for each in desk.seen.of(UnitApplied)} & keys)
    told = "Which units are there, and what may each emit?"
    return (
        Inference("Who takes part?", holders, listed, listed, holders, holders),
        Inference(told, units, described, described, units, units),
        Inference("Which holder runs which unit?", units, _tied(desk, rows), opened, 0, 0),
        Inference("Which account serves which unit?", units, min(seen, units), serving, 0, units),
        Inference("Which holder stands behind which account?", accounts, seen, opened, 0, 0),
        Inference("What does an account hold?", accounts, seen, accounts, 0, accounts),
    )


def _about_trades(desk: Desk, keys: set[PublicKey]) -> tuple[Inference, ...]:
    """Return what a stranger finds out of who traded with whom; no public table has a trade."""
    trades, fills, moves = (
        _trades(desk),
        desk.seen.of(MarketFilled),
        desk.seen.of(AllowancesMoved),
    )
    named = sum(fill.buy is not None and fill.sell is not None for fill in fills)
    named += sum(move.source in keys and move.target in keys for move in moves)
    alone = sum(len(buyers) == len(sellers) == 1 for buyers, sellers in trades.values())
    by_hand = len(desk.seen.of(AllowancesTransferred))
    return (
        Inference(BOTH_PARTIES, len(moves) + len(fills), 0, named, 0, 0),
        Inference(
            "In which auctions was there but one buyer and one seller, so that they know?",
            len(trades),
            0,
            alone,
            0,
            len(trades),
        ),
        Inference("Who gave to whom by hand?", by_hand, 0, by_hand, 0, by_hand),
    )


def _values(rows: AllRows) -> Iterator[object]:
    """Yield every value of every public table."""
    for table in PUBLIC_TABLES:
        for row in rows(table):
            yield from row.values()


def _tied(desk: Desk, rows: AllRows) -> int:
    """Return how many rows about a unit have a holder's name or id in them."""
    told = {*desk.holders, *desk.holders.values()}
    tables = ("allowance_units", "allowance_baselines")
    return sum(bool(told & set(row.values())) for table in tables for row in rows(table))


def _opened(desk: Desk) -> int:
    """Return how many accounts' commitments open for somebody who knows names but no salt."""
    guesses = [bytes(SALT_BYTES), *(id[:SALT_BYTES] for id in desk.holders.values())]
    return sum(
        any(
            commitment(holder=holder, key=event.key, salt=salt) == event.commitment
            for holder in desk.holders.values()
            for salt in guesses
        )
        for event in desk.seen.of(AccountOpened)
    )


def _trades(desk: Desk) -> dict[RecordId, tuple[set[PublicKey], set[PublicKey]]]:
    """Return who bought and who sold in each auction that traded."""
    owners = {each.order: each.owner for each in desk.seen.of(OrderPlaced)}
    found: dict[RecordId, tuple[set[PublicKey], set[PublicKey]]] = defaultdict(
        lambda: (set(), set())
    )
    for fill in desk.seen.of(MarketFilled):
        for side, order in enumerate((fill.buy, fill.sell)):
            if order is not None:
                found[fill.book][side].add(owners[order])
    return found
