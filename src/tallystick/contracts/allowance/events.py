"""
What has happened in emissions programmes.

Whatever moves allowances names the blocks that moved, so that the history of one of them is the
sequence of the events whose blocks contain its number.
"""

from typing import Annotated

from msgspec import Meta

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.core.event import Event
from tallystick.core.holding import ContractName

from .formula import Facts
from .holdings import Blocks, End
from .model import AccountKind
from .terms import PERIODS_MAX, Label, Money, Period, Reason, Terms, Zone


class ProgrammeOpened(Event, tag="programme-opened"):
    """A programme began."""

    programme: RecordId
    """Its id."""

    terms: Terms
    """Its terms."""


class HolderRegistered(Event, tag="holder-registered"):
    """A holder entered the public list."""

    holder: RecordId
    """Its id."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone."""

    name: Label
    """Its name."""


class AccountOpened(Event, tag="account-opened"):
    """A key may hold allowances."""

    account: RecordId
    """The account's id."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone."""

    key: PublicKey
    """The key."""

    kind: AccountKind
    """What it is for."""

    commitment: Hash
    """Who stands behind it, for those who know the salt."""


class AccountClosed(Event, tag="account-closed"):
    """An account was closed for good."""

    account: RecordId
    """The account's id."""


class UnitApplied(Event, tag="unit-applied"):
    """A unit applied."""

    unit: RecordId
    """Its id."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone in which it stands."""

    account: PublicKey
    """Its compliance account."""

    facts: Facts
    """What is known of it."""


class ApplicationDecided(Event, tag="application-decided"):
    """The Director admitted or refused a unit."""

    unit: RecordId
    """The unit."""

    admitted: bool
    """Whether it takes part."""

    first_period: Period
    """From which period on."""

    reason: Reason
    """Why."""


class BaselineSet(Event, tag="baseline-set"):
    """A unit's baseline for a period was published."""

    unit: RecordId
    """The unit."""

    period: Period
    """The period."""

    rate_g_per_mwh: Amount
    """The rate. [g/MWh]"""

    formula_g_per_mwh: Amount
    """What the formula gives. [g/MWh]"""

    expected_mwh: Amount
    """The output that is expected. [MWh]"""

    reason: Reason
    """Why the two rates differ, if they do."""


class AllowancesAllocated(Event, tag="allowances-allocated"):
    """A unit's account received new allowances of a period, yearly or by a true-up."""

    unit: RecordId
    """The unit."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone."""

    period: Period
    """The period, which is their vintage."""

    owner: PublicKey
    """The account that received them."""

    blocks: Blocks
    """Which."""


class AllowancesTransferred(Event, tag="allowances-transferred"):
    """An owner handed allowances to another account."""

    vintage: RecordId
    """Their vintage; see `vintage_id`."""

    source: PublicKey
    """Who had them."""

    target: PublicKey
    """Who has them."""

    blocks: Blocks
    """Which."""


class AllowancesLocked(Event, tag="allowances-locked"):
    """An owner handed allowances to a contract's affair."""

    vintage: RecordId
    """Their vintage; see `vintage_id`."""

    owner: PublicKey
    """Whose they are."""

    holder: ContractName
    """The contract."""

    lock_id: LockId
    """The affair."""

    until: Milliseconds
    """When the lock lapses; 0 if never. [ms since the epoch, UTC]"""

    blocks: Blocks
    """Which."""


class AllowancesReleased(Event, tag="allowances-released"):
    """A lock ended, or a part of it, and its owner disposes of the allowances again."""

    vintage: RecordId
    """Their vintage; see `vintage_id`."""

    owner: PublicKey
    """Whose they are."""

    holder: ContractName
    """The contract that had held them."""

    lock_id: LockId
    """The affair."""

    blocks: Blocks
    """Which."""


class AllowancesMoved(Event, tag="allowances-moved"):
    """A contract handed locked allowances, or those of its vault, to another owner."""

    vintage: RecordId
    """Their vintage; see `vintage_id`."""

    source: PublicKey
    """Whose they were."""

    target: PublicKey
    """Whose they are."""

    amount: Amount
    """How many. [allowances]"""

    holder: ContractName
    """The contract that moved them."""

    lock_id: LockId
    """The lock, or the vault, from which they came."""

    locked: bool
    """Whether they came from a lock; else from a vault."""

    blocks: Blocks
    """Which."""


class AllowancesRetired(Event, tag="allowances-retired"):
    """Allowances of one owner and vintage came to their end, as `retirement_id(vintage, n)`."""

    vintage: RecordId
    """Their vintage; see `vintage_id`."""

    n: Amount
    """Which retirement of the vintage this is, from 0."""

    owner: PublicKey
    """Whose they were."""

    end: End
    """How they ended."""

    unit: RecordId | None
    """For which unit, if for one."""

    covers: Period
    """The period whose emissions they cover, or in whose course they ended."""

    holder: ContractName | None
    """The contract that held them, if they were locked."""

    lock_id: LockId | None
    """Its affair."""

    blocks: Blocks
    """Which."""


class HoldingCarriedOver(Event, tag="holding-carried-over"):
    """A deadline passed, and what was left of a holding or lock is banked, if anything is."""

    holding: RecordId
    """The holding, or the lock."""

    carried_to: Annotated[int, Meta(ge=0, le=PERIODS_MAX)]
    """The period until whose deadline what is left is good; their number if all are over."""

    amount: Amount
    """How many are left. [allowances]"""


class MeasurementsCounted(Event, tag="measurements-counted"):
    """Measurements were counted towards a unit's period."""

    unit: RecordId
    """The unit."""

    period: Period
    """The period to which they count: their own, or the first open one if that is closed."""

    emitted_g: Amount
    """Its emissions so far, as counted in time. [g]"""

    carried_g: int
    """What corrections of closed periods added or took. [g]"""

    produced_wh: Amount
    """Its output so far. [Wh]"""

    due: Amount
    """The allowances that its emissions take. [allowances]"""


class PeriodClosed(Event, tag="period-closed"):
    """A unit's account of a period was drawn up."""

    unit: RecordId
    """The unit."""

    period: Period
    """The period."""

    due: Amount
    """What its emissions take. [allowances]"""

    surrendered: Amount
    """What covers them. [allowances]"""

    missing: Amount
    """What does not. [allowances]"""

    penalty: Money
    """What that costs. [minor units]"""

    deduction: Amount
    """What it costs of the next vintage. [allowances]"""


class DeductionCarried(Event, tag="deduction-carried"):
    """A unit owes allowances of a vintage to come, or, in the last period, their price."""

    unit: RecordId
    """The unit."""

    period: Period
    """The period whose allowances are short by this much."""

    amount: Amount
    """How many. [allowances]"""

    penalty: Money
    """Their price, where no vintage is to come. [minor units]"""


class PenaltyPaid(Event, tag="penalty-paid"):
    """A unit's penalties were paid."""

    unit: RecordId
    """The unit."""

    amount: Money
    """How much. [minor units]"""


class UnitWithdrawn(Event, tag="unit-withdrawn"):
    """A unit left; its undistributed vintages are cancelled."""

    unit: RecordId
    """The unit."""

    period: Period
    """The latest period that it took part in."""


class RecordCertified(Event, tag="record-certified"):
    """The registry operator certified a record."""

    certificate: RecordId
    """The id of the certified record's certificate."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone."""

    subject: RecordId
    """The record."""

    digest: Hash
    """What it was."""
