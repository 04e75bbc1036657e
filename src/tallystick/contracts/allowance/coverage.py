"""Whether what a compliance account holds covers what its unit has emitted so far."""

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.context import Context
from tallystick.core.contract import Reader

from .errors import PeriodNotClosed, SaleBelowEmissions
from .holdings import amount_of
from .ids import account_id, obligation_id
from .model import Account, Obligation, Unit, UnitStatus, due
from .stock import Place, holding_at, spendable, terms_of
from .terms import Terms, begun_period, current_period


def obligation_of(reader: Reader | Context, unit: RecordId, period: int) -> Obligation:
    """Return what a unit owes for a period; nothing was counted yet if there is no record."""
    found = reader.read(Obligation, obligation_id(unit=unit, period=period))
    return Obligation(unit, period) if found is None else found


def unit_of(
    reader: Reader | Context, place: Place, owner: PublicKey
) -> tuple[RecordId, Unit] | None:
    """Return the admitted unit that an account serves, if it serves one."""
    id = account_id(programme=place.programme, zone=place.zone, key=owner)
    account = reader.read(Account, id)
    if account is None or account.unit is None:
        return None
    unit = reader.read(Unit, account.unit)
    if unit is None or unit.status is not UnitStatus.ADMITTED:
        return None
    return account.unit, unit


def check_closed(context: Context, place: Place, owner: PublicKey, *, field: str) -> None:
    """Refuse an account whose unit has a period past its deadline that is not closed."""
    served = unit_of(context, place, owner)
    if served is None:
        return
    id, unit = served
    terms = terms_of(context, place.programme)
    if unit.next_period < current_period(terms, time=context.time):
        raise PeriodNotClosed(field, id, unit.next_period)


def check_sale(context: Context, place: Place, owner: PublicKey, amount: int) -> None:
    """
    Refuse to let allowances go that the emissions measured so far take.

    For every open period that has begun, what is left of its vintage and earlier ones must cover
    the emissions up to it. Locked allowances are sold already and cover nothing.
    """
    served = unit_of(context, place, owner)
    if served is None:
        return
    id, unit = served
    terms = terms_of(context, place.programme)
    current = current_period(terms, time=context.time)
    left, needed, looked_at = 0, 0, 0
    for period in range(unit.next_period, begun_period(terms, time=context.time) + 1):
        left += sum(
            spendable(context, place._replace(period=each), owner, carried_to=current)
            for each in range(looked_at, period + 1)
        )
        looked_at = period + 1
        needed += uncovered(terms, obligation_of(context, id, period))
        if place.period <= period and left - amount < needed:
            raise SaleBelowEmissions(left - amount, needed, period)


def uncovered(terms: Terms, obligation: Obligation) -> int:
    """Return how many allowances the emissions of a period still take."""
    return max(0, due(obligation, terms) - obligation.surrendered)


def usable(reader: Reader | Context, unit: Unit, period: int, *, carried_to: int) -> dict[int, int]:
    """Return what a unit's account may use for a period, by vintage, oldest first."""
    found = {}
    for each in range(period + 1):
        place = Place(unit.programme, unit.zone, each)
        amount = spendable(reader, place, unit.account, carried_to=carried_to)
        if amount:
            found[each] = amount
    return found


def held_in_time(context: Context, unit: Unit, period: int) -> dict[int, int]:
    """
    Return what a unit's account held at a period's deadline, by vintage, oldest first.

    What has been banked since came in from elsewhere after it, and does not count.
    """
    found = {}
    for each in range(period + 1):
        place = Place(unit.programme, unit.zone, each)
        holding = holding_at(context, place, unit.account)
        if holding is not None and holding.carried_to == period:
            found[each] = amount_of(holding.blocks)
    return found
