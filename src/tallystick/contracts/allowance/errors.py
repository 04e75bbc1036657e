"""
Why the allowance contract refuses, in order of precedence.

Rules check in ascending order of codes. Codes are part of consensus: append-only, never reused.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from tallystick.base.identifiers import (
    LockId,
    PublicKey,
    RecordId,
    format_lock_id,
    format_public_key,
    format_record_id,
)
from tallystick.base.intervals import format_time

from .errors_holdings import (
    AllowanceRejected,
    AmountIsZero,
    AmountTooLarge,
    DeadlineHasPassed,
    DeadlineNotPassed,
    ExceedsHolding,
    ExceedsLock,
    LockInForce,
    LockNotInForce,
    NothingToAllocate,
    NothingToPay,
    PeriodNotBegun,
    PeriodNotClosed,
    PeriodNotNext,
    SaleBelowEmissions,
    SurrenderExceedsHolding,
    TooManyBlocks,
    TransferToItself,
    UnitOwesAllowances,
    UnitOwesMoney,
    UntilHasPassed,
    VintageEnded,
    VintageFromTheFuture,
)
from .errors_units import (
    AccountExists,
    AccountIsClosed,
    AccountIsNotCompliance,
    AccountNotEmpty,
    AccountServesUnit,
    AlreadyDecided,
    BaselineFixed,
    BaselineNeedsReason,
    BaselineTooFarOff,
    ConditionUnknown,
    MeasurementIsMissing,
    MeasurementNotOfUnit,
    MeasurementOutsidePeriods,
    MeterTaken,
    NothingToCount,
    PeriodBeforeUnit,
    TargetIsVault,
    UnitNotAdmitted,
    UnitTypeUnknown,
)
from .terms import PeriodTimes

__all__ = [
    "REJECTIONS",
    "AccountExists",
    "AccountIsClosed",
    "AccountIsNotCompliance",
    "AccountNotEmpty",
    "AccountNotFound",
    "AccountServesUnit",
    "AllowanceRejected",
    "AlreadyDecided",
    "AmountIsZero",
    "AmountTooLarge",
    "BaselineFixed",
    "BaselineNeedsReason",
    "BaselineNotSet",
    "BaselineTooFarOff",
    "CallerIsNoContract",
    "CoefficientsNotInOrder",
    "CollectorIsNoOwner",
    "ConditionUnknown",
    "DeadlineHasPassed",
    "DeadlineNotPassed",
    "ExceedsHolding",
    "ExceedsLock",
    "HoldingNotFound",
    "LockInForce",
    "LockNotFound",
    "LockNotInForce",
    "MeasurementIsMissing",
    "MeasurementNotFound",
    "MeasurementNotOfUnit",
    "MeasurementOutsidePeriods",
    "MeterHasNotSigned",
    "MeterTaken",
    "MoneyNotNamed",
    "NothingToAllocate",
    "NothingToCount",
    "NothingToPay",
    "PayerHasNotSigned",
    "PeriodBeforeUnit",
    "PeriodNotBegun",
    "PeriodNotClosed",
    "PeriodNotNext",
    "PeriodUnknown",
    "PeriodsNotInOrder",
    "ProgrammeNotFound",
    "RecordNotFound",
    "SaleBelowEmissions",
    "SignerIsNotDirector",
    "SignerIsNotOperator",
    "SignerIsNotOwner",
    "SurrenderExceedsHolding",
    "TargetIsVault",
    "TooManyBlocks",
    "TransferToItself",
    "UnitNotAdmitted",
    "UnitNotFound",
    "UnitOwesAllowances",
    "UnitOwesMoney",
    "UnitTypeUnknown",
    "UntilHasPassed",
    "VintageEnded",
    "VintageFromTheFuture",
    "ZoneNamedTwice",
    "ZoneUnknown",
]

ZONES_SHOWN_MAX: Final = 8
"""How many of a programme's zones a message lists."""


class ProgrammeNotFound(AllowanceRejected):
    """No programme stands under this id."""

    code = 601

    def __init__(self, id: RecordId) -> None:
        super().__init__(
            f"programme: there is no programme {format_record_id(id)} here; "
            "its id stands in the event programme-opened"
        )


class ZoneUnknown(AllowanceRejected):
    """The programme does not govern this zone."""

    code = 602

    def __init__(self, zone: str, known: Sequence[str]) -> None:
        shown = ", ".join(known[:ZONES_SHOWN_MAX]) + ", …" * (len(known) > ZONES_SHOWN_MAX)
        super().__init__(f"zone: {zone!r} is none of the programme's, which are {shown}")


class AccountNotFound(AllowanceRejected):
    """No account stands under this id, or for this key in this zone."""

    code = 603

    def __init__(self, field: str, named: str) -> None:
        super().__init__(f"{field}: there is no account {named}; the registry operator opens one")


class UnitNotFound(AllowanceRejected):
    """No unit stands under this id."""

    code = 604

    def __init__(self, id: RecordId) -> None:
        super().__init__(
            f"unit: there is no unit {format_record_id(id)} here; "
            "its id stands in the event unit-applied"
        )


class PeriodUnknown(AllowanceRejected):
    """The programme has no such period, hence no such vintage."""

    code = 605

    def __init__(self, field: str, period: int, count: int) -> None:
        super().__init__(f"{field}: {period} was given, the programme has periods 0 to {count - 1}")


class HoldingNotFound(AllowanceRejected):
    """Nothing is, or was, held under this id."""

    code = 606

    def __init__(self, field: str, named: str) -> None:
        super().__init__(f"{field}: no allowances are held {named}")


class LockNotFound(AllowanceRejected):
    """Nothing of this holding is locked for this affair of this contract."""

    code = 607

    def __init__(self, holding: RecordId, lock_id: LockId, holder: str) -> None:
        whom = repr(holder) if holder else "a person; only contracts hold locks"
        super().__init__(
            f"lock_id: nothing of holding {format_record_id(holding)} is locked "
            f"under {format_lock_id(lock_id)} for {whom}"
        )


class MeasurementNotFound(AllowanceRejected):
    """No measurement stands under this id."""

    code = 608

    def __init__(self, field: str, id: RecordId) -> None:
        super().__init__(
            f"{field}: there is no measurement {format_record_id(id)} here; publish it first"
        )


class RecordNotFound(AllowanceRejected):
    """Nothing that could be certified, or shown, stands under this id."""

    code = 609

    def __init__(self, field: str, missing: str) -> None:
        super().__init__(f"{field}: there is no {missing}")


class BaselineNotSet(AllowanceRejected):
    """The unit has no baseline for the period."""

    code = 610

    def __init__(self, period: int) -> None:
        super().__init__(
            f"period: the unit has no baseline for {period}; "
            "its director sets one with allowance.set-baseline"
        )


class SignerIsNotDirector(AllowanceRejected):
    """No signer is Director of the zone at this time."""

    code = 620

    def __init__(self, field: str, zone: str) -> None:
        super().__init__(f"{field}: no signer is director of zone {zone!r}; sign as its director")


class SignerIsNotOperator(AllowanceRejected):
    """No signer is registry operator of the zone at this time."""

    code = 621

    def __init__(self, field: str, zone: str) -> None:
        super().__init__(
            f"{field}: no signer is registry operator of zone {zone!r}; sign as its operator"
        )


class SignerIsNotOwner(AllowanceRejected):
    """The account's key has not signed."""

    code = 622

    def __init__(self, field: str, key: PublicKey) -> None:
        super().__init__(f"{field}: {format_public_key(key)} has not signed; sign with its key")


class MeterHasNotSigned(AllowanceRejected):
    """A meter's key must agree to count for a unit."""

    code = 623

    def __init__(self, field: str, key: PublicKey) -> None:
        super().__init__(
            f"{field}: {format_public_key(key)} has not signed; sign with the meter's key"
        )


class PayerHasNotSigned(AllowanceRejected):
    """Who pays a fee or penalty must be named, and sign."""

    code = 624

    def __init__(self, payer: PublicKey | None, amount: int) -> None:
        fault = "nobody is named" if payer is None else f"{format_public_key(payer)} has not signed"
        super().__init__(
            f"payer: {fault} to pay {amount} minor units; name who does, and sign with its key"
        )


class CallerIsNoContract(AllowanceRejected):
    """Only a contract locks, releases and moves; a person calls that contract."""

    code = 625

    def __init__(self) -> None:
        super().__init__(
            "holding: only a contract locks allowances; allowance.transfer gives them to somebody"
        )


class ZoneNamedTwice(AllowanceRejected):
    """A programme names each of its zones once."""

    code = 630

    def __init__(self, zones: Sequence[str]) -> None:
        twice = next(zone for n, zone in enumerate(zones) if zone in zones[:n])
        super().__init__(f"terms.zones: {twice!r} stands there twice; name each zone once")


class PeriodsNotInOrder(AllowanceRejected):
    """Periods follow one another, each with a deadline not before its end, and deadlines ascend."""

    code = 631

    def __init__(self, place: int, period: PeriodTimes, before: PeriodTimes | None) -> None:
        times = [format_time(each) for each in (period.begin, period.end, period.deadline)]
        fault = f"begin {times[0]}, end {times[1]} and deadline {times[2]} do not ascend"
        if before is not None:
            fault = (
                f"begin {times[0]} or deadline {times[2]} is too early after the one before; "
                f"begin from {format_time(before.end)} on, "
                f"with the deadline after {format_time(before.deadline)}"
            )
        super().__init__(f"terms.periods[{place}]: {fault}")


class CoefficientsNotInOrder(AllowanceRejected):
    """The formula names each type, place and condition once, and sizes in ascending order."""

    code = 632

    def __init__(self, field: str, entry: str | int) -> None:
        super().__init__(
            f"terms.formula.{field}: {entry!r} stands there twice, or out of order; "
            "name each once, and sizes in ascending order"
        )


class MoneyNotNamed(AllowanceRejected):
    """A programme with fees or penalties says in which money, and who collects it."""

    code = 633

    def __init__(self, field: str) -> None:
        super().__init__(
            f"{field}: there are fees or penalties; name the money, and who collects it"
        )


class CollectorIsNoOwner(AllowanceRejected):
    """Whoever collects fees and penalties can own money, or nobody could ever pay them."""

    code = 634

    def __init__(self, collector: PublicKey) -> None:
        super().__init__(
            f"terms.collector: {format_public_key(collector)} is no key that could sign; "
            "name another"
        )


REJECTIONS: tuple[type[AllowanceRejected], ...] = tuple(
    sorted(AllowanceRejected.__subclasses__(), key=attrgetter("code"))
)
"""Every reason of the three modules, in the order of their codes: none can be forgotten."""
