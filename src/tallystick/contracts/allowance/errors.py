"""
Why the allowance contract refuses, in order of precedence.

Rules check in ascending order of codes. Codes are part of consensus: append-only, never reused.
"""

from collections.abc import Sequence
from operator import attrgetter

from tallystick.base.identifiers import PublicKey, format_public_key

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


class ProgrammeNotFound(AllowanceRejected):
    """No programme stands under this id."""

    code = 601

    def __init__(self, id: bytes) -> None:
        super().__init__(f"no programme {id.hex()}")


class ZoneUnknown(AllowanceRejected):
    """The programme does not govern this zone."""

    code = 602

    def __init__(self, zone: str, known: Sequence[str]) -> None:
        super().__init__(f"zone {zone!r} is none of {', '.join(known)}")


class AccountNotFound(AllowanceRejected):
    """No account stands under this id, or for this key in this zone."""

    code = 603

    def __init__(self, id: bytes) -> None:
        super().__init__(f"no account {id.hex()}")


class UnitNotFound(AllowanceRejected):
    """No unit stands under this id."""

    code = 604

    def __init__(self, id: bytes) -> None:
        super().__init__(f"no unit {id.hex()}")


class PeriodUnknown(AllowanceRejected):
    """The programme has no such period, hence no such vintage."""

    code = 605

    def __init__(self, period: int, count: int) -> None:
        super().__init__(f"period {period}: the programme has periods 0 to {count - 1}")


class HoldingNotFound(AllowanceRejected):
    """Nothing is, or was, held under this id."""

    code = 606

    def __init__(self, id: bytes) -> None:
        super().__init__(f"no holding {id.hex()}")


class LockNotFound(AllowanceRejected):
    """Nothing of this holding is locked for this affair of this contract."""

    code = 607

    def __init__(self, holding: bytes, holder: str) -> None:
        super().__init__(f"nothing of holding {holding.hex()} is locked so for {holder!r}")


class MeasurementNotFound(AllowanceRejected):
    """No measurement stands under this id."""

    code = 608

    def __init__(self, id: bytes) -> None:
        super().__init__(f"no measurement {id.hex()}")


class RecordNotFound(AllowanceRejected):
    """Nothing that could be certified, or shown, stands under this id."""

    code = 609

    def __init__(self, id: bytes) -> None:
        super().__init__(f"no record {id.hex()}")


class BaselineNotSet(AllowanceRejected):
    """The unit has no baseline for the period."""

    code = 610

    def __init__(self, unit: bytes, period: int) -> None:
        super().__init__(f"unit {unit.hex()} has no baseline for period {period}")


class SignerIsNotDirector(AllowanceRejected):
    """No signer is Director of the zone at this time."""

    code = 620

    def __init__(self, zone: str) -> None:
        super().__init__(f"no signer is director of zone {zone!r}")


class SignerIsNotOperator(AllowanceRejected):
    """No signer is registry operator of the zone at this time."""

    code = 621

    def __init__(self, zone: str) -> None:
        super().__init__(f"no signer is registry operator of zone {zone!r}")


class SignerIsNotOwner(AllowanceRejected):
    """The account's key has not signed."""

    code = 622

    def __init__(self, key: bytes) -> None:
        super().__init__(f"key {key.hex()} has not signed")


class MeterHasNotSigned(AllowanceRejected):
    """A meter's key must agree to count for a unit."""

    code = 623

    def __init__(self, key: bytes) -> None:
        super().__init__(f"the meter's key {key.hex()} has not signed")


class PayerHasNotSigned(AllowanceRejected):
    """Who pays a fee or penalty must be named, and sign."""

    code = 624

    def __init__(self, payer: bytes | None, amount: int) -> None:
        named = "names nobody" if payer is None else f"names {payer.hex()}, who has not signed"
        super().__init__(f"{amount} minor units are to be paid, and the command {named}")


class CallerIsNoContract(AllowanceRejected):
    """Only a contract locks, releases and moves; a person calls that contract."""

    code = 625

    def __init__(self) -> None:
        super().__init__("only contracts lock, release and move")


class ZoneNamedTwice(AllowanceRejected):
    """A programme names each of its zones once."""

    code = 630

    def __init__(self, zones: Sequence[str]) -> None:
        super().__init__(f"a zone stands twice in {', '.join(zones)}")


class PeriodsNotInOrder(AllowanceRejected):
    """Periods follow one another, each with a deadline not before its end, and deadlines ascend."""

    code = 631

    def __init__(self, period: int) -> None:
        super().__init__(f"period {period} is empty, overlaps, or has its deadline too early")


class CoefficientsNotInOrder(AllowanceRejected):
    """The formula names each type, place and condition once, and sizes in ascending order."""

    code = 632

    def __init__(self, what: str) -> None:
        super().__init__(f"formula: {what} are not distinct and in order")


class MoneyNotNamed(AllowanceRejected):
    """A programme with fees or penalties says in which money, and who collects it."""

    code = 633

    def __init__(self) -> None:
        super().__init__("there are fees or penalties, but no money or no collector")


class CollectorIsNoOwner(AllowanceRejected):
    """Whoever collects fees and penalties can own money, or nobody could ever pay them."""

    code = 634

    def __init__(self, collector: PublicKey) -> None:
        super().__init__(f"collector: {format_public_key(collector)} is no key that could sign")


REJECTIONS: tuple[type[AllowanceRejected], ...] = tuple(
    sorted(AllowanceRejected.__subclasses__(), key=attrgetter("code"))
)
"""Every reason of the three modules, in the order of their codes: none can be forgotten."""
