"""What always holds about markets is checked: damage of every sort is reported."""

from typing import Any

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.market.book import Book, Totals
from tallystick.contracts.market.clearing import Clearing, Stage
from tallystick.contracts.market.ids import totals_id
from tallystick.contracts.market.model import (
    Fill,
    Market,
    Order,
    Phase,
    Position,
    Side,
    Statement,
    Status,
    fill_id,
    position_id,
)
from tallystick.contracts.market.model import Mandate as Given
from tallystick.testing.keys import key
from tests.contracts.market.ground import Damage, Ground, audit, changed, settled
from tests.contracts.market.house import (
    ANNA,
)


def position(**changes: Any) -> Damage:
    """Return what changes the seller's position."""

    def damage(ground: Ground) -> tuple[RecordId, Record]:
        id = position_id(ground.book, Side.SELL, key(ANNA))
        return id, replace(ground.the(Position, id), **changes)

    return damage


def page(ground: Ground) -> tuple[RecordId, Record]:
    """Give a level lots that nobody offers, without telling the book."""
    book = ground.the(Book, ground.book)
    pages = (6 + 1).to_bytes(8, "big") + book.sell_pages[8:]
    return ground.book, replace(book, sell_pages=pages, sell_lots=7)


def unsettled(ground: Ground) -> tuple[RecordId, Record]:
    """Forget how a fill was settled."""
    id = fill_id(ground.cleared, 0)
    return id, replace(ground.the(Fill, id), settled=None)


def extra_fill(ground: Ground) -> tuple[RecordId, Record]:
    """Write a fill that no order knows of."""
    fill = ground.the(Fill, ground.fill)
    return fill_id(ground.book, 1), replace(fill, number=1)


DAMAGES: list[tuple[Damage, str]] = [
    (changed(Market, "market", name="other"), "changed in what never changes"),
    (changed(Order, "offer", lots=11), "changed in what never changes"),
    (changed(Order, "offer", owner=key(1)), "changed in what never changes"),
    (changed(Order, "offer", level=21), "changed in what never changes"),
    (changed(Fill, "fill", lots=5), "changed in what never changes"),
    (changed(Fill, "fill", level=21), "changed in what never changes"),
    (changed(Given, "mandate", budget=9_999), "changed in what never changes"),
    (changed(Statement, "closed", owner=key(1)), "changed in what never changes"),
    (position(device=None), "changed in what never changes"),
    (changed(Order, "offer", filled=11), "is filled with 11 of 10 lots"),
    (changed(Order, "offer", filled=10), "is open, with 10 of 10 lots"),
    (changed(Order, "offer", status=Status.FILLED), "is filled, with 4 of 10 lots"),
    (changed(Order, "bid", status=Status.OPEN), "is open, with 4 of 4 lots"),
    (changed(Order, "offer", filled=3), "lost what it had traded"),
    (changed(Order, "offer", value=79), "lost what it had traded"),
    (changed(Order, "bid", status=Status.CANCELLED), "was filled and is cancelled"),
    (changed(Order, "offer", filled=5), "are -1 lots off what it was filled with"),
    (extra_fill, "are 4 lots off what it was filled with"),
    (extra_fill, "statements wait for"),
    (position(lots=5), "do not follow each other from 4 to 5"),
    (position(offered=7), "offers something else than its orders"),
    (position(open_orders=2), "counts its open orders wrongly"),
    (changed(Book, "book", sell_lots=7), "do not sum to its open lots"),
    (page, "is not its levels' sum"),
    (page, "is not the sum of its queued orders"),
    (changed(Clearing, "cleared", volume=3), "changed its price"),
    (changed(Clearing, "cleared", volume=11), "trades more than is offered"),
    (unsettled, "is not settled any more"),
    (settled(cut_lots=5), "was cut by more than it was"),
    (changed(Statement, "closed", paid=1), "changed after it was closed"),
    (changed(Statement, "closed", entries=0), "lost lines"),
    (changed(Statement, "closed", open_fills=1), "was closed before all of it was settled"),
    (changed(Statement, "closed", closed_at=0, charges=(1,)), "was charged before it was closed"),
    (changed(Given, "mandate", spent=2_001), "has bound 2001 of 2000"),
    (changed(Given, "ended", funded=1), "has ended and still holds 1"),
    (changed(Given, "ended", ended=False), "had ended"),
]


@pytest.mark.parametrize(("damage", "violation"), DAMAGES)
def test_damage_in_a_block_is_seen(damage: Damage, violation: str) -> None:
    """What no rule would write is reported from the block's changes alone."""
    ground = Ground()
    assert [] == list(ground.house.trial.violations())
    ground.house.trial.plant(*damage(ground))
    found = list(ground.house.trial.violations())
    assert any(violation in each for each in found), found


WHOLE: list[tuple[Damage, str]] = [
    (changed(Clearing, "cleared", stage=Stage.FILLING), "its clearing filling"),
    (changed(Book, "cleared", phase=Phase.FILLING), "its clearing ended"),
]


@pytest.mark.parametrize(("damage", "violation"), WHOLE)
def test_an_audit_sees_what_a_market_s_rules_forbid(damage: Damage, violation: str) -> None:
    """Where the rules are among the changes, so in an audit, amounts are held against them."""
    ground = Ground()
    ground.house.trial.plant(*damage(ground))
    assert any(violation in each for each in audit(ground.house)), audit(ground.house)


def test_the_whole_ledger_is_sound_but_for_what_was_planted() -> None:
    """Nothing is reported about what rules have written."""
    assert [] == audit(Ground().house)


def test_totals_that_vanish_are_seen() -> None:
    """A page of totals is compared with its book whenever the book's sum of it changes."""
    ground = Ground()
    id = totals_id(ground.book, Side.SELL, 0)
    book = ground.the(Book, ground.book)
    pages = (7).to_bytes(8, "big") + book.sell_pages[8:]
    ground.house.trial.plant(ground.book, replace(book, sell_pages=pages, sell_lots=7))
    ground.house.trial.plant(id, Totals(bytes(2_048)))
    assert any("is not its levels' sum" in each for each in ground.house.trial.violations())
