"""What can be done in an emissions programme; `Lock`, `Release` and `Move` are declared in core."""

from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Amount
from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.core.holding import ContractName

from .formula import Facts
from .model import METERS_MAX, AccountKind
from .terms import Label, Period, Reason, Terms, Zone

MEASUREMENTS_MAX: Final = 256


class OpenProgramme(Record, tag="allowance.open-programme"):
    """Open a programme, as the Director of each of its zones."""

    terms: Terms
    """Its terms, which never change."""


class RegisterHolder(Record, tag="allowance.register-holder"):
    """Enter an account holder's name in the public list, as the zone's registry operator."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone."""

    name: Label
    """The holder's name."""


class OpenAccount(Record, tag="allowance.open-account"):
    """Open an account for a key, as the zone's registry operator; the key signs too."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone."""

    key: PublicKey
    """The key that will sign for it; a fresh one, because the account is known by it."""

    kind: AccountKind
    """What it is for."""

    commitment: Hash
    """`commitment(holder, key, salt)`; who knows the salt knows the holder."""

    payer: PublicKey | None = None
    """Whose money pays the account fee, signing too; nothing if there is no fee."""


class CloseAccount(Record, tag="allowance.close-account"):
    """Close an empty account that serves no unit, as the zone's registry operator."""

    account: RecordId
    """The account; see `account_id`."""


class Apply(Record, tag="allowance.apply"):
    """
    Apply with a generating unit, signed by its compliance account's key and by each meter's.

    The unit gets a derived id, which the event names.
    """

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone in which it stands."""

    account: PublicKey
    """The key of its compliance account, which serves no other unit."""

    facts: Facts
    """What its baseline follows from."""

    emission_keys: Annotated[tuple[PublicKey, ...], Meta(min_length=1, max_length=METERS_MAX)]
    """The owner keys of the measurements of its emissions."""

    production_keys: Annotated[tuple[PublicKey, ...], Meta(min_length=1, max_length=METERS_MAX)]
    """The owner keys of the measurements of its output."""

    payer: PublicKey | None = None
    """Whose money pays the application fee, signing too; nothing if there is no fee."""


class Decide(Record, tag="allowance.decide"):
    """Decide an application, as the zone's Director."""

    unit: RecordId
    """The unit that applied."""

    admitted: bool
    """Whether it may take part."""

    first_period: Period
    """The first period in which it takes part; 0 if it is refused."""

    reason: Reason
    """Why."""


class SetBaseline(Record, tag="allowance.set-baseline"):
    """Set a unit's baseline for a period, as the zone's Director, before it is allocated."""

    unit: RecordId
    """The unit."""

    period: Period
    """The period."""

    rate_g_per_mwh: Amount
    """What it may emit for each megawatt-hour: the formula's, or adjusted. [g/MWh]"""

    expected_mwh: Amount
    """The output that is expected of it. [MWh]"""

    reason: Reason
    """Why it departs from the formula; empty if it does not."""


class Allocate(Record, tag="allowance.allocate"):
    """
    Allocate a period's allowances to a unit, or true them up, as the zone's Director.

    Until the period's end: baseline × expected output, once. From the end to the deadline: baseline
    × measured output, as often as that changes.
    """

    unit: RecordId
    """The unit."""

    period: Period
    """The period."""


class Transfer(Record, tag="allowance.transfer"):
    """Hand allowances to another account, lowest numbers first, as their owner."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone."""

    period: Period
    """The vintage."""

    source: PublicKey
    """The account that gives, whose key signs."""

    target: PublicKey
    """The account that receives; a vault's contract moves there itself what was locked for it."""

    amount: Amount
    """How many. [allowances]"""

    payer: PublicKey | None = None
    """Whose money pays the transfer fee, signing too; nothing if there is no fee."""


class Reclaim(Record, tag="allowance.reclaim"):
    """Take back what is left in a lapsed lock, as its owner."""

    holding: RecordId
    """The holding that was locked, as `allowance.show-holding` says it."""

    holder: ContractName
    """The contract for which it was locked."""

    lock_id: LockId
    """The affair for which it was locked."""


class Report(Record, tag="allowance.report"):
    """
    Count published measurements towards a unit's emissions and output; anybody may.

    What was counted before is skipped, what was corrected since is counted as a difference.
    """

    unit: RecordId
    """The unit."""

    measurements: Annotated[tuple[RecordId, ...], Meta(min_length=1, max_length=MEASUREMENTS_MAX)]
    """Measurements of its meters."""


class Surrender(Record, tag="allowance.surrender"):
    """
    Surrender allowances for a unit's emissions, signed by its compliance account's key.

    Of the vintages up to the period, the oldest goes first, and of each the lowest numbers.
    """

    unit: RecordId
    """The unit."""

    period: Period
    """The period whose emissions they cover."""

    amount: Amount
    """How many. [allowances]"""


class ClosePeriod(Record, tag="allowance.close-period"):
    """
    Close a period for a unit, once its deadline has passed; anybody may.

    What is held is deducted as by `Surrender`, what is missing draws the penalty, the rest ends or
    is banked.
    """

    unit: RecordId
    """The unit."""

    period: Period
    """Its first period that is not closed."""


class CarryOver(Record, tag="allowance.carry-over"):
    """
    End what is left of a holding, or of a lock, after a deadline, but for what is banked.

    Anybody may. Compliance accounts have it done when their unit's period is closed.
    """

    holding: RecordId
    """The holding, as `allowance.show-holding` says it, or the id of a lock of it."""


class PayPenalty(Record, tag="allowance.pay-penalty"):
    """Pay all penalties of a unit; whoever pays signs."""

    unit: RecordId
    """The unit."""

    payer: PublicKey
    """Whose money pays."""


class WithdrawUnit(Record, tag="allowance.withdraw-unit"):
    """
    Let a unit leave: signed by its compliance account's key, and by the Director.

    The Director signs because only the administration can say that all emissions are counted.
    """

    unit: RecordId
    """The unit."""


class CertifyRecord(Record, tag="allowance.certify-record"):
    """Certify what stands under an id now: the Director asks and the registry operator signs."""

    programme: RecordId
    """The programme."""

    zone: Zone
    """The zone whose Director and registry operator both sign."""

    subject: RecordId
    """The record: one of this contract's, or a measurement."""

    reason: Reason
    """What it is evidence for."""
