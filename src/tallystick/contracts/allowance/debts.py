"""What a unit owes of vintages: taken at once if it is there, deducted later if it is not."""

from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import RecordId
from tallystick.core.context import Context

from .coverage import obligation_of
from .events import DeductionCarried
from .holdings import End
from .ids import obligation_id
from .model import Unit
from .stock import Ending, Place, retire_held, spendable, terms_of


def take_back(context: Context, id: RecordId, period: int, amount: int) -> int:
    """Cancel up to so many of a vintage in a unit's account; return how many there were."""
    unit = _unit(context, id)
    place = Place(unit.programme, unit.zone, period)
    taken = min(amount, spendable(context, place, unit.account, carried_to=period))
    retire_held(context, place, unit.account, taken, Ending(End.CANCELLED, id, period))
    return taken


def owe(context: Context, id: RecordId, period: int, amount: int) -> None:
    """
    Charge a unit with allowances of a vintage.

    What it was allocated of it goes at once, the rest is withheld from what it will be. After the
    last period there is no vintage to take them from: then they cost the penalty's price.
    """
    if not amount:
        return
    unit = _unit(context, id)
    terms = terms_of(context, unit.programme)
    if period == len(terms.periods):
        price = min(amount * terms.penalty.amount, AMOUNT_MAX)
        charge(context, id, price)
        context.emit(DeductionCarried(id, period - 1, amount, price))
        return
    obligation = obligation_of(context, id, period)
    taken = take_back(context, id, period, min(amount, obligation.granted))
    charged = replace(
        obligation,
        granted=obligation.granted - taken,
        deduction=min(obligation.deduction + amount, AMOUNT_MAX),
    )
    context.write(obligation_id(unit=id, period=period), charged)
    context.emit(DeductionCarried(id, period, amount, 0))


def charge(context: Context, id: RecordId, price: int) -> None:
    """Add a penalty to what a unit owes in money."""
    unit = _unit(context, id)
    context.write(id, replace(unit, debt=min(unit.debt + price, AMOUNT_MAX)))


def _unit(context: Context, id: RecordId) -> Unit:
    """Return a unit that is there."""
    unit = context.read(Unit, id)
    if unit is None:
        raise AssertionError(f"unit {id.hex()} owes and is not there")
    return unit
