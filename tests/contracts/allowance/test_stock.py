"""Where allowances are, below the rules."""

import pytest

from tallystick.contracts.allowance.model import Block, End, Retirement, retirement_id
from tallystick.contracts.allowance.stock import (
    Ending,
    Place,
    carry,
    is_vault,
    next_block,
    put,
    retire_held,
    spendable,
    terms_of,
)
from tallystick.testing.keys import key
from tests.contracts.allowance.cases import (
    NORTH,
    PLANT,
    TERMS,
    TRADER,
    UNKNOWN,
    VAULT,
    blocks,
    held,
    market,
    spans,
    terms,
    vintage,
)
from tests.contracts.allowance.test_debts import context


def test_terms_of_nothing() -> None:
    """A programme that something names is there, or there is a bug."""
    trial, programme, _ = market()
    assert TERMS == terms_of(trial, programme)
    with pytest.raises(AssertionError):
        terms_of(trial, UNKNOWN)


def test_vaults() -> None:
    """A vault is known by its first byte."""
    assert is_vault(VAULT)
    assert not is_vault(key(PLANT))


def test_next_block() -> None:
    """The next numbers follow the last one issued; for none there is no block."""
    trial, programme, _ = market()
    place = Place(programme, NORTH, 0)
    assert (Block(201, 205),) == next_block(context(trial), place, 5)
    assert () == next_block(context(trial), place, 0)
    assert (Block(1, 5),) == next_block(context(trial), place._replace(period=2), 5)


def test_retiring() -> None:
    """The lowest numbers end, each time under the next retirement's id."""
    trial, programme, unit = market()
    place, ending = Place(programme, NORTH, 0), Ending(End.CANCELLED, unit, 0)
    for amount in (3, 0, 4):
        retire_held(context(trial), place, key(PLANT), amount, ending)
    retire_held(context(trial), place, key(TRADER), 1, ending)
    assert (200, 0, 7, 0) == vintage(trial, programme)
    for n, span in enumerate(((1, 3), (4, 7))):
        found = trial.read(Retirement, retirement_id(vintage=place.id, n=n))
        assert found is not None
        assert [span] == spans(found.blocks)


@pytest.mark.parametrize(
    ("target", "kept"),
    [(0, [(1, 200)]), (1, [(101, 200)]), (2, [(151, 200)]), (3, [])],
)
def test_carry(target: int, kept: list[tuple[int, int]]) -> None:
    """At each deadline the share is kept, the lowest numbers expire, and at the last all do."""
    trial, programme, _ = market(terms(banking_ppm=500_000))
    place = Place(programme, NORTH, 0)
    left = carry(context(trial), place, key(PLANT), (Block(1, 200),), source=0, target=target)
    assert kept == spans(left)
    assert vintage(trial, programme) == (200, 0, 0, 200 - sum(b - a + 1 for a, b in kept))


def test_put_carries_what_lags_behind() -> None:
    """Two sides that are good for different periods are brought to the later one."""
    trial, programme, _ = market(terms(banking_ppm=500_000))
    place = Place(programme, NORTH, 0)
    retire_held(context(trial), place, key(PLANT), 10, Ending(End.CANCELLED, None, 0))
    put(context(trial), place, key(PLANT), (Block(1, 10),), carried_to=1)
    assert [(1, 10), (106, 200)] == blocks(trial, programme, PLANT)
    assert 105 == spendable(trial, place, key(PLANT), carried_to=1)
    assert 0 == spendable(trial, place, key(PLANT), carried_to=2)
    assert 105 == held(trial, programme, PLANT)
