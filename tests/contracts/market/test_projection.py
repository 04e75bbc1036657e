"""Markets' read model: folding events gives what the records say, whatever happened."""

from typing import Any

import pytest

from tallystick.contracts.market.book import Book
from tallystick.contracts.market.clearing import Clearing
from tallystick.contracts.market.model import (
    Fill,
    Mandate,
    Order,
    Participant,
    Statement,
    Status,
)
from tallystick.contracts.market.projection import (
    BOOKS,
    ENTRIES,
    FILLS,
    MANDATES,
    MARKETS,
    NO_LEVEL,
    NOBODY,
    ORDERS,
    PARTICIPANTS,
    PROJECTION,
    STATEMENTS,
)
from tallystick.core.projection import Table
from tests.contracts.certificate.test_projection import Rows, apply, names
from tests.contracts.market.histories import Play

STEPS = 260
SUMS = ("bought_wh", "sold_wh", "paid", "received", "imbalance", "compensation", "returned", "owed")
SETTLED = ("cut_lots", "missing", "delivered_wh", "consumed_wh", "claimed_wh")
PAID = ("buyer_pays", "seller_gets", "seller_pays")


class Model:
    """A read model in dictionaries that follows a history."""

    def __init__(self) -> None:
        self.rows: Rows = {table: {} for table in PROJECTION.tables}

    def fold(self, play: Play) -> None:
        """Fold the events of the block in the making."""
        for event in play.trial.events:
            apply(self.rows, PROJECTION.fold(event, play.trial.time))

    def columns(self, table: Table, *chosen: str) -> dict[Any, Any]:
        """Return chosen columns of each row, by the first column of its key."""
        rows = self.rows[table].items()
        return {key[0]: tuple(row[name] for name in chosen) for key, row in rows}


def played(seed: int) -> tuple[Play, Model]:
    """Return a history with its read model; each step is a block, as time is the block's."""
    play, model = Play(seed), Model()
    model.fold(play)
    play.seal()
    for _ in range(STEPS):
        play.step()
        model.fold(play)
        play.seal()
    return play, model


@pytest.mark.parametrize("seed", range(6))
def test_rows_agree_with_the_records_after_any_history(seed: int) -> None:
    """Every order, fill, bill and mandate has its row, and the sums are what they count."""
    play, model = played(seed)
    orders = {
        id: (each.filled, "open" if each.status is Status.FILLED else each.status.value)
        for id, each in play.all(Order)
    }
    assert orders == model.columns(ORDERS, "filled", "status")
    fills = {
        id: (each.buy or NOBODY, each.sell or NOBODY, each.lots, each.level, each.filled_at)
        for id, each in play.all(Fill)
    }
    assert fills == model.columns(FILLS, "buy", "sell", "lots", "level", "filled_at")
    settled = {
        id: tuple(int(getattr(each.settled, name, 0)) for name in (*SETTLED, *PAID))
        for id, each in play.all(Fill)
    }
    assert settled == model.columns(FILLS, *SETTLED, *PAID)
    mandates = {id: (each.owner, int(each.ended)) for id, each in play.all(Mandate)}
    ended = model.columns(MANDATES, "owner", "ended_at")
    assert mandates == {id: (owner, int(at > 0)) for id, (owner, at) in ended.items()}


@pytest.mark.parametrize("seed", range(6))
def test_bills_agree_with_the_records_after_any_history(seed: int) -> None:
    """A statement's row has its sums, and its entries are numbered without gap."""
    play, model = played(seed)
    bills = {
        id: (each.owner, each.period, each.entries, each.reserved, each.closed_at)
        for id, each in play.all(Statement)
    }
    chosen = ("owner", "period", "entries", "reserved", "closed_at")
    assert bills == model.columns(STATEMENTS, *chosen)
    sums = {id: tuple(getattr(each, n) for n in SUMS) for id, each in play.all(Statement)}
    assert sums == model.columns(STATEMENTS, *SUMS)
    charged = {id: (sum(each.charges),) for id, each in play.all(Statement)}
    assert charged == model.columns(STATEMENTS, "charged")
    numbers = sorted(model.rows[ENTRIES])
    entries = [(id, n) for id, each in play.all(Statement) for n in range(each.entries)]
    assert sorted(entries) == numbers


@pytest.mark.parametrize("seed", range(6))
def test_books_agree_with_the_records_after_any_history(seed: int) -> None:
    """A book's row has its phase, its fills, and the price of its auction or its latest trade."""
    play, model = played(seed)
    books = {id: (each.phase.value, each.fills) for id, each in play.all(Book)}
    assert books == model.columns(BOOKS, "phase", "fills")
    prices = {
        id: (NO_LEVEL if each.level is None else each.level, each.demand, each.supply)
        for id, each in play.all(Clearing)
        if each.priced_at
    }
    found = model.columns(BOOKS, "level", "demand", "supply")
    assert prices == {id: found[id] for id in prices}
    assert set(play.markets) == {key[0] for key in model.rows[MARKETS]}
    rows = [(r["admitted"], r["suspended"]) for r in model.rows[PARTICIPANTS].values()]
    told = [each for _, each in play.all(Participant) if each.admitted or each.suspended]
    assert sorted((int(each.admitted), int(each.suspended)) for each in told) == sorted(rows)


def test_key_columns_come_first() -> None:
    """Every key and every index names columns of its table."""
    for table in PROJECTION.tables:
        columns = names(table)
        assert list(table.key) == columns[: len(table.key)]
        assert {name for index in table.indexes for name in index} <= set(columns)
