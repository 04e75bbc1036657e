"""What a unit owes of vintages."""

import pytest

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.contracts import allowance
from tallystick.contracts.allowance.debts import charge, owe, take_back
from tallystick.core.context import Context
from tallystick.testing.tables import Trial
from tests.contracts.allowance.cases import (
    PLANT,
    UNKNOWN,
    allocate,
    held,
    market,
    obligation,
    unit_of,
    vintage,
)


def context(trial: Trial) -> Context:
    """Return what a rule of the contract would see."""
    return Context(trial.candidate, allowance.CONTRACT, signers=(), nonce=bytes(16), ordinal=0)


@pytest.mark.parametrize(("amount", "taken"), [(0, 0), (1, 1), (200, 200), (201, 200)])
def test_take_back(amount: int, taken: int) -> None:
    """What is there is cancelled, and how much that was is returned."""
    trial, programme, unit = market()
    assert taken == take_back(context(trial), unit, 0, amount)
    assert 200 - taken == held(trial, programme, PLANT)
    assert (200, 0, taken, 0) == vintage(trial, programme)


@pytest.mark.parametrize(("amount", "left"), [(0, 200), (50, 150), (250, 0)])
def test_owe(amount: int, left: int) -> None:
    """What the vintage holds goes at once, all of it is remembered as a deduction."""
    trial, programme, unit = market()
    allocate(trial, unit, 1)
    owe(context(trial), unit, 1, amount)
    assert left == held(trial, programme, PLANT, period=1)
    found = obligation(trial, unit, 1)
    assert (left, amount) == (found.granted, found.deduction)


def test_owe_nothing_to_come() -> None:
    """After the last period it costs money, at the penalty's price."""
    trial, _, unit = market()
    owe(context(trial), unit, 3, 7)
    assert 350 == unit_of(trial, unit).debt


def test_debts_have_a_ceiling() -> None:
    """A debt never grows beyond what a ledger counts to."""
    trial, _, unit = market()
    for _ in range(2):
        charge(context(trial), unit, AMOUNT_MAX)
    assert AMOUNT_MAX == unit_of(trial, unit).debt


def test_unknown_units_owe_nothing() -> None:
    """That a unit which is not there should owe is a bug."""
    trial, _, _ = market()
    with pytest.raises(AssertionError):
        charge(context(trial), UNKNOWN, 1)
