"""A ledger with one record of every sort that could be damaged, and how it is damaged."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.market import CONTRACT
from tallystick.contracts.market.commands import Clear, EndMandate, Settle
from tallystick.contracts.market.model import (
    Fill,
    Statement,
    Trading,
    fill_id,
    statement_id,
)
from tallystick.core.invariant import Change, Changes, Leaf
from tallystick.testing.keys import key
from tests.contracts.market import house as houses
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    CARL,
    DORA,
    HOUR,
    QUARTER,
    STRANGER,
    House,
    do,
    energy_rules,
)


class Ground:
    """A ledger with one record of every sort that could be damaged, in a closed block."""

    def __init__(self) -> None:
        self.house = houses.open_house()
        house = self.house
        self.market = houses.open_market(house, energy_rules(house))
        self.auction = houses.open_market(
            house, energy_rules(house, trading=Trading.CALL), name="auction"
        )
        place, buy, sell = houses.place, houses.buy, houses.sell
        self.offer = place(house, sell(house, self.market, ANNA, lots=10, level=20))
        self.bid = place(house, buy(house, self.market, BEN, lots=4, level=30))
        place(house, sell(house, self.auction, CARL, lots=10, level=20))
        place(house, buy(house, self.auction, DORA, lots=4, level=30))
        self.book = houses.book_of(house, self.market)
        self.cleared = houses.book_of(house, self.auction)
        self.fill = fill_id(self.book, 0)
        self.mandate, self.ended = (
            houses.give_mandate(house, self.market, funds=300) for _ in range(2)
        )
        do(house, EndMandate(self.ended), BEN)
        houses.move_to(house, BEGIN - HOUR)
        do(house, Clear(self.auction, houses.product_of(house, self.auction), 256), STRANGER)
        houses.move_to(house, BEGIN + QUARTER)
        houses.produce(house, CARL, 400)
        houses.consume(house, DORA, 400)
        do(house, Settle((fill_id(self.cleared, 0),)), STRANGER)
        self.closed = statement_id(self.auction, key(CARL), 0)
        house.trial.plant(self.closed, replace(self.the(Statement, self.closed), closed_at=1))
        house.trial.close_block()

    def the(self, kind: Any, id: RecordId) -> Any:
        """Return a record that is there."""
        found = self.house.trial.read(kind, id)
        assert found is not None
        return found


Damage = Callable[[Ground], tuple[RecordId, Record]]


def changed(kind: Any, where: str, /, **changes: Any) -> Damage:
    """Return what changes fields of one of the ground's records."""

    def damage(ground: Ground) -> tuple[RecordId, Record]:
        id = getattr(ground, where)
        return id, replace(ground.the(kind, id), **changes)

    return damage


def settled(**changes: Any) -> Damage:
    """Return what changes how the auction's fill was settled."""

    def damage(ground: Ground) -> tuple[RecordId, Record]:
        id = fill_id(ground.cleared, 0)
        fill = ground.the(Fill, id)
        return id, replace(fill, settled=replace(fill.settled, **changes))

    return damage


def audit(house: House) -> list[str]:
    """Return what the market's invariants find wrong with the whole ledger."""
    trial = house.trial
    leaves: dict[RecordId, Leaf] = {
        id: trial.state.decode(data) for id, data in trial.state.store.items()
    }
    leaves |= {change.id: change.after for change in trial.candidate.overlay.changes()}
    whole = Changes([Change(id, {}, leaf) for id, leaf in leaves.items()], time=trial.time)
    return [each for law in CONTRACT.invariants for each in law.violations(whole)]
