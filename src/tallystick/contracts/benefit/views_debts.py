"""What can be asked about what companies owe each other."""

from msgspec import Struct

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.core.contract import Reader

from .model import CompanyName, Marketplace, Month, NetPosition, Total, marketplace_id
from .model_debts import Debt, Netting, Position, debt_id, netting_id, position_id


class ShowDebts(Record, tag="benefit.debts"):
    """Show what companies owe each other for a month, in all and net."""

    month: Month
    """The month. [months since January 1970]"""


class ShowDebt(Record, tag="benefit.debt"):
    """Show what one company owes another for a month, before netting."""

    month: Month
    """The month. [months since January 1970]"""

    debtor: CompanyName
    """Who owes."""

    creditor: CompanyName
    """Whom."""


class PositionView(Struct, frozen=True):
    """A company's month."""

    company: CompanyName
    """Which."""

    claims: Total
    """What others owe it. [common units]"""

    debts: Total
    """What it owes others. [common units]"""

    net: int
    """What it receives; negative if it pays. [common units]"""


class DebtsView(Struct, frozen=True):
    """What companies owe each other for a month."""

    positions: tuple[PositionView, ...]
    """Of each company that owes or is owed, in the order of admission."""

    netted_at: Milliseconds
    """When it was netted; 0 while it is not. [ms since the epoch, UTC]"""

    netted: tuple[NetPosition, ...]
    """What was netted."""


class DebtView(Struct, frozen=True):
    """What one company owes another."""

    total: Total
    """How much. [common units]"""


def debts(reader: Reader, question: ShowDebts) -> DebtsView:
    """Show a month; one in which nobody owed anything is empty."""
    place = reader.read(Marketplace, marketplace_id())
    names = () if place is None else place.companies
    found = (reader.read(Position, position_id(question.month, name)) for name in names)
    positions = tuple(
        PositionView(each.company, each.claims, each.debts, each.claims - each.debts)
        for each in found
        if each is not None
    )
    netting = reader.read(Netting, netting_id(question.month))
    if netting is None:
        return DebtsView(positions, netted_at=0, netted=())
    return DebtsView(positions, netting.netted_at, netting.positions)


def debt(reader: Reader, question: ShowDebt) -> DebtView:
    """Show what one company owes another; nothing if there was no purchase."""
    id = debt_id(question.month, debtor=question.debtor, creditor=question.creditor)
    found = reader.read(Debt, id)
    return DebtView(0 if found is None else found.total)
