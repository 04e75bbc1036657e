"""
What the contract keeps: programmes, holders, accounts, units, and what each unit owes.

Holders are known by name and accounts by key; what ties one to the other is a commitment, which
only those can open who were told its salt. Allowances themselves are in `holdings`, a programme's
terms in `terms`, ids in `ids`; all of them are offered here too.
"""

from enum import Enum
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import AMOUNT_MAX, Amount, Milliseconds, Seconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, PublicKey, RecordId
from tallystick.contracts.measurement.model import REVISION_MAX

from .formula import (
    ConditionFactor,
    Facts,
    Formula,
    PostcodeFactor,
    SizeFactor,
    TypeRate,
    baseline_formula,
)
from .holdings import Block, End, Holding, LockedBlocks, Retirement, Vintage, amount_of
from .ids import (
    account_id,
    baseline_id,
    commitment,
    counted_id,
    locked_id,
    meter_id,
    obligation_id,
    record_digest,
    retirement_id,
    vintage_id,
)
from .terms import (
    PERIODS_MAX,
    Fees,
    Label,
    Money,
    Penalty,
    Period,
    PeriodTimes,
    Reason,
    Terms,
    Zone,
    begun_period,
    current_period,
)

__all__ = [
    "METERS_MAX",
    "PERIODS_MAX",
    "SALT_BYTES",
    "Account",
    "AccountKind",
    "AllowanceParameters",
    "Baseline",
    "Block",
    "CertifiedRecord",
    "ConditionFactor",
    "Counted",
    "End",
    "Facts",
    "Fees",
    "Formula",
    "Holder",
    "Holding",
    "Label",
    "LockedBlocks",
    "MeterBinding",
    "Money",
    "Obligation",
    "Penalty",
    "Period",
    "PeriodTimes",
    "PostcodeFactor",
    "Programme",
    "Reason",
    "Retirement",
    "SizeFactor",
    "Terms",
    "TypeRate",
    "Unit",
    "UnitStatus",
    "Vintage",
    "Zone",
    "account_id",
    "amount_of",
    "baseline_formula",
    "baseline_id",
    "begun_period",
    "commitment",
    "counted_id",
    "current_period",
    "due",
    "locked_id",
    "meter_id",
    "obligation_id",
    "record_digest",
    "retirement_id",
    "vintage_id",
]

METERS_MAX: Final = 16
SALT_BYTES: Final = 32


class AccountKind(Enum):
    """What an account is for."""

    COMPLIANCE = "compliance"
    """Serves one unit: receives its allocation, and is what its emissions are deducted from."""

    TRADING = "trading"
    """Holds and trades; nothing ties it to a unit."""


class UnitStatus(Enum):
    """How far a unit's part in a programme has come."""

    APPLIED = "applied"
    """The Director has not decided yet."""

    ADMITTED = "admitted"
    """It gets allowances and answers for its emissions."""

    REFUSED = "refused"
    """The Director refused it; it may apply again as another unit."""

    WITHDRAWN = "withdrawn"
    """It left, with nothing outstanding."""


class Programme(Record, tag="programme"):
    """An emissions programme."""

    terms: Terms
    """Its terms, which never change."""

    opened_at: Milliseconds
    """When it was opened. [ms since the epoch, UTC]"""


class Holder(Record, tag="holder"):
    """Who takes part; public, and tied to no key."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone whose registry knows it."""

    name: Label
    """Its name."""

    registered_at: Milliseconds
    """When the registry operator entered it. [ms since the epoch, UTC]"""


class Account(Record, tag="account"):
    """A key that may hold allowances of a zone."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone."""

    key: PublicKey
    """The key that signs for it."""

    kind: AccountKind
    """What it is for."""

    commitment: Hash
    """Who stands behind it, for those who know the salt; see `commitment`."""

    opened_at: Milliseconds
    """When the registry operator opened it. [ms since the epoch, UTC]"""

    unit: RecordId | None = None
    """The unit that it serves, from its application until it is refused or withdrawn."""

    closed_at: Milliseconds = 0
    """When it was closed; 0 while it is open. [ms since the epoch, UTC]"""


class Unit(Record, tag="unit"):
    """A generating unit. It names its compliance account and nobody's name."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone in which it stands."""

    facts: Facts
    """What its baseline follows from."""

    account: PublicKey
    """Its compliance account."""

    emission_keys: Annotated[tuple[PublicKey, ...], Meta(min_length=1, max_length=METERS_MAX)]
    """The owner keys of the measurements of its emissions."""

    production_keys: Annotated[tuple[PublicKey, ...], Meta(min_length=1, max_length=METERS_MAX)]
    """The owner keys of the measurements of its output."""

    status: UnitStatus
    """How far it has come."""

    first_period: Period = 0
    """The first period that it takes part in."""

    next_period: Annotated[int, Meta(ge=0, le=PERIODS_MAX)] = 0
    """The first of its periods that is not closed yet."""

    debt: Money = 0
    """Penalties not paid yet. [minor units]"""


class MeterBinding(Record, tag="meter-binding"):
    """Which unit a meter's key counts for, so that none counts for two."""

    unit: RecordId
    """The unit."""


class Baseline(Record, tag="baseline"):
    """What a unit may emit for each megawatt-hour of a period; public."""

    unit: RecordId
    """The unit."""

    period: Period
    """The period."""

    rate_g_per_mwh: Amount
    """The rate. [g/MWh]"""

    formula_g_per_mwh: Amount
    """What the formula gives; the difference is the Director's adjustment. [g/MWh]"""

    expected_mwh: Amount
    """The output on which the allocation is based until it is measured. [MWh]"""

    reason: Reason
    """Why the rate departs from the formula; empty if it does not."""

    set_at: Milliseconds
    """When it was set. [ms since the epoch, UTC]"""


class Obligation(Record, tag="obligation"):
    """What a unit was granted, emitted and surrendered in a period."""

    unit: RecordId
    """The unit."""

    period: Period
    """The period."""

    emitted_g: Amount = 0
    """Emissions counted so far. [g]"""

    produced_wh: Amount = 0
    """Output counted so far. [Wh]"""

    carried_g: Annotated[int, Meta(ge=-AMOUNT_MAX, le=AMOUNT_MAX)] = 0
    """Emissions that corrections of closed periods added or took. [g]"""

    measured_until: Seconds = 0
    """Where the latest counted measurement of emissions ends. [s since the epoch, UTC]"""

    granted: Amount = 0
    """Allowances of this vintage issued to it, less those taken back. [allowances]"""

    entitled: Amount = 0
    """What the latest allocation came to, before the deduction. [allowances]"""

    deduction: Amount = 0
    """What earlier periods cost it of this vintage. [allowances]"""

    surrendered: Amount = 0
    """What was surrendered for this period. [allowances]"""

    missing: Amount = 0
    """What was missing at the close. [allowances]"""

    allocated: bool = False
    """Whether the yearly allocation took place."""

    closed_at: Milliseconds = 0
    """When the period was closed for this unit; 0 until then. [ms since the epoch, UTC]"""


class Counted(Record, tag="counted"):
    """That a measurement was counted, and how; each is, once."""

    unit: RecordId
    """The unit that it counts for."""

    amount: Amount
    """The figure that was counted. [g, or Wh]"""

    revision: Annotated[int, Meta(ge=0, le=REVISION_MAX)]
    """The revision of the measurement that had it."""


class CertifiedRecord(Record, tag="certified-record"):
    """
    What the registry operator certified at the administration's request.

    The digest says what the record was; that it stood on the ledger is proven by the block in which
    this was written, whose state root covers both.
    """

    programme: RecordId
    """The programme whose administration asked."""

    zone: Zone
    """The zone whose Director asked and whose operator signed."""

    subject: RecordId
    """The record."""

    digest: Hash
    """`record_digest` of all that stood under this id."""

    reason: Reason
    """What it is evidence for."""

    requested_by: RecordId
    """The Director's identity."""

    certified_by: RecordId
    """The registry operator's identity."""

    certified_at: Milliseconds
    """When. [ms since the epoch, UTC]"""


class AllowanceParameters(Record, tag="allowance-parameters"):
    """Nothing to set: each programme states its own terms."""


def due(obligation: Obligation, terms: Terms) -> int:
    """Return how many allowances the emissions of a period take, rounded up."""
    grams = max(0, obligation.emitted_g + obligation.carried_g)
    return -(-grams // terms.unit_grams)
