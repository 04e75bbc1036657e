"""What views answer; `views` offers all of it too."""

from msgspec import Struct

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.identifiers import Hash, RecordId

from .formula import Facts
from .holdings import Block
from .model import AccountKind, UnitStatus
from .terms import Terms


class ProgrammeView(Struct, frozen=True):
    """A programme."""

    programme: RecordId
    """Its id."""

    terms: Terms
    """Its terms."""

    opened_at: Milliseconds
    """When it was opened. [ms since the epoch, UTC]"""


class UnitView(Struct, frozen=True):
    """What is public of a unit: no account, no meter."""

    unit: RecordId
    """Its id."""

    programme: RecordId
    """The programme."""

    zone: str
    """The zone in which it stands."""

    facts: Facts
    """What its baseline follows from."""

    status: UnitStatus
    """How far it has come."""

    first_period: int
    """The first period that it takes part in."""


class BaselineView(Struct, frozen=True):
    """A unit's baseline for a period."""

    unit: RecordId
    """The unit."""

    period: int
    """The period."""

    rate_g_per_mwh: Amount
    """What it may emit for each megawatt-hour. [g/MWh]"""

    rate_kg_per_mwh: str
    """The same as the regulation writes it, exactly. [kg/MWh]"""

    formula_g_per_mwh: Amount
    """What the formula gives. [g/MWh]"""

    expected_mwh: Amount
    """The output that is expected. [MWh]"""

    reason: str
    """Why the two rates differ, if they do."""


class VintageView(Struct, frozen=True):
    """A vintage."""

    vintage: RecordId
    """Its id."""

    issued: Amount
    """How many were issued, which is the highest number. [allowances]"""

    held: Amount
    """How many are held or locked. [allowances]"""

    surrendered: Amount
    """How many cover emissions. [allowances]"""

    cancelled: Amount
    """How many were taken back. [allowances]"""

    expired: Amount
    """How many were left over. [allowances]"""


class AccountView(Struct, frozen=True):
    """An account."""

    account: RecordId
    """Its id."""

    kind: AccountKind
    """What it is for."""

    commitment: Hash
    """Who stands behind it, for those who know the salt."""

    unit: RecordId | None
    """The unit that it serves."""

    closed_at: Milliseconds
    """When it was closed; 0 while it is open. [ms since the epoch, UTC]"""


class HoldingView(Struct, frozen=True):
    """What an owner may dispose of, of a vintage."""

    holding: RecordId
    """Its id."""

    amount: Amount
    """How many. [allowances]"""

    blocks: tuple[Block, ...]
    """Which."""

    carried_to: int
    """The period until whose deadline they are good."""


class ObligationView(Struct, frozen=True):
    """What a unit owes for a period."""

    unit: RecordId
    """The unit."""

    period: int
    """The period."""

    emitted_g: Amount
    """Emissions counted so far. [g]"""

    carried_g: int
    """What corrections of closed periods added or took. [g]"""

    produced_wh: Amount
    """Output counted so far. [Wh]"""

    due: Amount
    """What the emissions take. [allowances]"""

    granted: Amount
    """What was issued to it, less what was taken back. [allowances]"""

    deduction: Amount
    """What earlier periods cost it. [allowances]"""

    surrendered: Amount
    """What was surrendered. [allowances]"""

    missing: Amount
    """What was missing at the close. [allowances]"""

    debt: Amount
    """Penalties of the unit not paid yet, of all periods. [minor units]"""

    closed_at: Milliseconds
    """When the period was closed; 0 until then. [ms since the epoch, UTC]"""


class ForecastView(Struct, frozen=True):
    """Whether a unit will fall short."""

    unit: RecordId
    """The unit."""

    period: int
    """The period."""

    emitted_g: Amount
    """Emissions so far, with what was carried from closed periods. [g]"""

    expected_g: Amount
    """Emissions at the period's end, if they go on as they were measured. [g]"""

    needed: Amount
    """What those take. [allowances]"""

    covered: Amount
    """What was surrendered, and what is held that can be. [allowances]"""

    shortfall: Amount
    """What will be missing. [allowances]"""
