"""Statements: sums of lines, the charges on them, and the period that takes a correction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.commands import Clear
from tallystick.contracts.market.events_settlement import LineKind
from tallystick.contracts.market.model import (
    Basis,
    Charge,
    Counterparty,
    MarketRules,
    Product,
    Subject,
    Tie,
    Trading,
)
from tallystick.contracts.market.statements import (
    Line,
    blank,
    charges_on,
    period_within,
    with_lines,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted
from tests.contracts.market.house import (
    ANNA,
    BEN,
    STRANGER,
    book_of,
    buy,
    do,
    move_to,
    place,
    product_of,
    sell,
)
from tests.contracts.market.settling import (
    close,
    close_at,
    fill_ids,
    settle,
    statement,
    trading_house,
)

MARKET = RecordId(bytes(32))
OWNER = key(1)

SUMS = {
    LineKind.PURCHASE: ("paid", "bought_wh"),
    LineKind.SALE: ("received", "sold_wh"),
    LineKind.SHORTFALL: ("imbalance", None),
    LineKind.RESERVE: ("reserved", None),
    LineKind.COMPENSATION: ("compensation", None),
    LineKind.RETURNED: ("returned", None),
    LineKind.OWED: ("owed", None),
    LineKind.CHARGE: (None, None),
    LineKind.REST: (None, None),
}
"""To which sums of a statement each kind of line is added: money and energy."""

lines_of = st.builds(
    Line, st.sampled_from(LineKind), st.integers(-10_000, 10_000), st.integers(-10_000, 10_000)
)


def rules_with(*charges: Charge) -> MarketRules:
    """Return the rules of a market of energy with charges and three periods."""
    return MarketRules(
        subject=Subject.ENERGY,
        sector="village",
        goods="",
        money=RecordId(bytes(32)),
        trading=Trading.CALL,
        tie=Tie.TIME,
        counterparty=Counterparty.NAMED,
        quantum=100,
        price_min=0,
        tick=1,
        levels=100,
        feed_in_floor=0,
        lengths=(900,),
        gate_closure=0,
        settlement_delay=0,
        shortfall_price=50,
        excess_price=0,
        collateral=0,
        claims=True,
        members_only=False,
        charges=charges,
        periods=(1_000, 2_000, 3_000, 4_000),
    )


@given(st.lists(lines_of, max_size=30))
def test_a_statement_is_the_sum_of_its_lines(lines: list[Line]) -> None:
    """Every sum is that of the lines of its kinds, and there are as many entries as lines."""
    statement = with_lines(blank(MARKET, OWNER, 0), lines)
    expected = dict.fromkeys(
        (
            "paid",
            "bought_wh",
            "received",
            "sold_wh",
            "imbalance",
            "reserved",
            "compensation",
            "returned",
            "owed",
        ),
        0,
    )
    for line in lines:
        money, energy = SUMS[line.kind]
        if money is not None:
            expected[money] += line.amount
        if energy is not None:
            expected[energy] += line.energy_wh
    assert expected == {name: getattr(statement, name) for name in expected}
    assert len(lines) == statement.entries


@pytest.mark.parametrize(
    ("basis", "rate", "paid", "bought_wh", "charge"),
    [
        (Basis.VALUE, 30_000, 1_000, 0, 30),
        (Basis.VALUE, 30_000, 1_033, 0, 30),
        (Basis.VALUE, 30_000, 1_034, 0, 31),
        (Basis.VALUE, 999_999, 1, 0, 0),
        (Basis.VALUE, 30_000, -1_000, 0, 0),
        (Basis.VALUE, 0, 1_000, 0, 0),
        (Basis.ENERGY, 12_000, 0, 1_000_000, 12_000),
        (Basis.ENERGY, 12_000, 0, 83, 0),
        (Basis.ENERGY, 12_000, 0, 84, 1),
        (Basis.ENERGY, 12_000, 0, -84, 0),
    ],
)
def test_charges(basis: Basis, rate: int, paid: int, bought_wh: int, charge: int) -> None:
    """A charge is computed from the period's total and rounded down once; it is never negative."""
    lines = [Line(LineKind.PURCHASE, paid, bought_wh)]
    statement = with_lines(blank(MARKET, OWNER, 0), lines)
    rules = rules_with(Charge("levy", basis, rate, key(2)))
    assert (charge,) == charges_on(rules, statement)


@pytest.mark.parametrize(("begin", "period"), [(1_000, 0), (1_999, 0), (2_000, 1), (3_999, 2)])
def test_period_within(begin: int, period: int) -> None:
    """A product belongs to the period in which its delivery begins."""
    product = Product(MARKET, begin, begin + 900)
    assert period == period_within(rules_with(), product)


@pytest.mark.parametrize("begin", [999, 4_000])
def test_no_period(begin: int) -> None:
    """That an order was placed outside all periods is a bug."""
    with pytest.raises(AssertionError, match="lies in no period"):
        period_within(rules_with(), Product(MARKET, begin, begin + 900))


def test_a_closed_statement_takes_no_fill() -> None:
    """An auction that is cleared late counts its fills on the next statement that is open."""
    house, market = trading_house(trading=Trading.CALL)
    product = product_of(house, market)
    other = Product(market, product.begin + 900, product.end + 900)
    for each in (product, other):
        place(house, sell(house, market, ANNA, lots=5, level=20, product=each))
        place(house, buy(house, market, BEN, lots=5, level=20, product=each))
    move_to(house, other.end)
    do(house, Clear(market, product, 256), STRANGER)
    (first,) = fill_ids(house, book_of(house, market, product))
    close_at(house, market)
    assert accepted == settle(house, first)
    assert accepted == close(house, market, ANNA, BEN)
    closed = statement(house, market, BEN)
    do(house, Clear(market, other, 256), STRANGER)
    (second,) = fill_ids(house, book_of(house, market, other))
    assert closed == statement(house, market, BEN)
    assert 1 == statement(house, market, BEN, period=1).open_fills
    assert accepted == settle(house, second)
    assert closed == statement(house, market, BEN)
    assert 100 == statement(house, market, BEN, period=1).paid
