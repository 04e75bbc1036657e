"""Bills are computed a second time, and any other figure is noticed."""

from collections.abc import Mapping
from typing import Any

import pytest

from tallystick.scenarios.community_bills import (
    FIGURES,
    Bill,
    Came,
    bills,
    statements_agree,
    trades,
    trades_agree,
)
from tallystick.scenarios.community_cast import Member
from tests.scenarios.lane import SMALL, played

MEMBERS = (*SMALL.cast.donors, *SMALL.cast.receivers)


def trade(**changes: int) -> Came:
    """Return a trade of a kWh at 20 ct of which 900 Wh were delivered, with some changed."""
    usual = {
        "quarter": 0,
        "price": 200,
        "lots": 1_000,
        "cut_lots": 0,
        "delivered_wh": 900,
        "consumed_wh": 1_000,
        "claimed_wh": 900,
        "buyer_pays": 200_000,
        "seller_gets": 180_000,
        "seller_pays": 20_000,
    }
    return Came(seller="Eva", buyer="Greta", **{**usual, **changes})


def test_a_bill() -> None:
    """Charges come from the totals of the period, each rounded down once."""
    found = bills((Member("Eva", 0, 1), Member("Greta", 1, 1)), [trade(), trade()])
    assert Bill("Eva", 0, 1_800, 0, 360_000, 40_000, (0, 0, 0, 0)) == found["Eva"]
    assert Bill("Greta", 2_000, 0, 400_000, 0, 0, (6_000, 8_000, 64_000, 41_000)) == found["Greta"]
    assert (320_000, -519_000) == (found["Eva"].total, found["Greta"].total)


def test_trades_are_settled_as_computed() -> None:
    """The ledger's figures are those that follow from meters, promises and trades."""
    came = trades(played().week.lane, played().week.seen)
    rows = played().rows["market_fills"]
    assert trades_agree(rows, came)
    assert len(rows) == len(came)


@pytest.mark.parametrize("name", FIGURES)
def test_another_figure_is_noticed(name: str) -> None:
    """One watt-hour or one millionth more is too much."""
    came = trades(played().week.lane, played().week.seen)
    first, *others = played().rows["market_fills"]
    assert not trades_agree([{**first, name: first[name] + 1}, *others], came)


def owed() -> Mapping[Any, Bill]:
    """Return everybody's bill by their account."""
    company = played().week.company
    by_name = {bill.name: bill for bill in played().found.bills}
    return {company.account(each.meter).public: by_name[each.name] for each in MEMBERS}


def test_statements_are_sums() -> None:
    """Each statement is the sum of its lines, and the bill that it should be."""
    rows = played().rows
    assert statements_agree(rows["market_statements"], rows["market_entries"], owed())


@pytest.mark.parametrize("name", ["paid", "received", "bought_wh", "charged"])
def test_another_sum_is_noticed(name: str) -> None:
    """A statement that is off by one is none."""
    rows = played().rows
    first, *others = rows["market_statements"]
    changed = [{**first, name: first[name] + 1}, *others]
    assert not statements_agree(changed, rows["market_entries"], owed())


def test_an_open_or_missing_statement_is_noticed() -> None:
    """Who has traded has a statement, and it is closed."""
    rows = played().rows
    first, *others = rows["market_statements"]
    entries = rows["market_entries"]
    assert not statements_agree(others, entries, owed())
    assert not statements_agree([{**first, "closed_at": 0}, *others], entries, owed())
