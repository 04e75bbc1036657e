"""The whole way of one allowance can be told from the ledger's events."""

from tallystick.base.encoding import Record
from tallystick.contracts.allowance.model import vintage_id
from tallystick.contracts.allowance.views import Step, history_of
from tallystick.testing.factories import STRANGER
from tallystick.testing.keys import key
from tests.contracts.allowance import locker
from tests.contracts.allowance.cases import (
    BUYER,
    LOCK,
    NORTH,
    PLANT,
    TRADER,
    VAULT,
    allocate,
    close,
    do,
    market,
    place,
    surrender,
    transfer,
)


def test_history_of_one_allowance() -> None:
    """From allocation by sale, lock and clearing to surrender, each step is told in order."""
    trial, programme, unit = market()
    allocate(trial, unit, 1)
    transfer(trial, programme, PLANT, TRADER, 10)
    at = place(programme, TRADER)
    do(trial, locker.Keep(at, LOCK, 0, 5), TRADER)
    do(trial, locker.Free(at, LOCK, 1), STRANGER)
    do(trial, locker.Hand(at, LOCK, 4, VAULT), STRANGER)
    do(trial, locker.Hand(place(programme, VAULT), LOCK, 4, key(BUYER)), STRANGER)
    transfer(trial, programme, BUYER, PLANT, 4)
    surrender(trial, unit, 3)
    close(trial, unit)
    events: list[tuple[int, Record]] = [(n, event) for n, event in enumerate(trial.events)]
    vintage = vintage_id(programme=programme, zone=NORTH, period=0)
    plant, trader, buyer = key(PLANT), key(TRADER), key(BUYER)
    told = [(step.what, step.source, step.target) for step in history_of(vintage, 2, events)]
    assert [
        ("allocated", None, plant),
        ("transferred", plant, trader),
        ("locked", trader, trader),
        ("moved", trader, VAULT),
        ("moved", VAULT, buyer),
        ("transferred", buyer, plant),
        ("surrendered", plant, None),
    ] == told
    whole = [step.what for step in history_of(vintage, 1, events)]
    assert ["allocated", "transferred", "locked", "released"] == whole
    assert "expired" == history_of(vintage, 200, events)[-1].what


def test_no_history() -> None:
    """A number that was not issued has none."""
    trial, programme, _ = market()
    vintage = vintage_id(programme=programme, zone=NORTH, period=0)
    events: list[tuple[int, Record]] = [(trial.time, event) for event in trial.events]
    assert [] == history_of(vintage, 201, events)
    first = Step(trial.time, "allocated", None, key(PLANT))
    assert [first] == history_of(vintage, 200, events)
