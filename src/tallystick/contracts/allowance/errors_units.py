"""
Why the allowance contract refuses an account, a unit, a baseline or a measurement.

They stand apart only because of their number; `errors` offers them too, and says what they have in
common.
"""

from collections.abc import Sequence

from tallystick.base.identifiers import PublicKey, format_public_key

from .errors_holdings import AllowanceRejected


class AccountExists(AllowanceRejected):
    """The key has, or had, an account in the zone."""

    code = 640

    def __init__(self, id: bytes) -> None:
        super().__init__(f"account {id.hex()} was opened before")


class AccountIsClosed(AllowanceRejected):
    """The account was closed."""

    code = 641

    def __init__(self, id: bytes) -> None:
        super().__init__(f"account {id.hex()} is closed")


class AccountIsNotCompliance(AllowanceRejected):
    """Only a compliance account serves a unit."""

    code = 642

    def __init__(self, id: bytes) -> None:
        super().__init__(f"account {id.hex()} is for trading")


class AccountServesUnit(AllowanceRejected):
    """The account serves a unit: no other can have it, and it cannot be closed."""

    code = 643

    def __init__(self, id: bytes, unit: bytes) -> None:
        super().__init__(f"account {id.hex()} serves unit {unit.hex()}")


class AccountNotEmpty(AllowanceRejected):
    """An account that holds or has locked something is not closed."""

    code = 644

    def __init__(self, id: bytes, period: int) -> None:
        super().__init__(f"account {id.hex()} is not empty of vintage {period}")


class TargetIsVault(AllowanceRejected):
    """Only a contract puts allowances into a vault: what others leave there would be in its way."""

    code = 645

    def __init__(self, target: PublicKey) -> None:
        super().__init__(f"{format_public_key(target)} is a contract's vault")


class UnitTypeUnknown(AllowanceRejected):
    """The programme's formula does not know this type of unit."""

    code = 650

    def __init__(self, name: str) -> None:
        super().__init__(f"the formula knows no type {name!r}")


class ConditionUnknown(AllowanceRejected):
    """An operating condition is not in the programme's formula, or is named twice."""

    code = 651

    def __init__(self, conditions: Sequence[str]) -> None:
        super().__init__(f"the formula does not know each of {', '.join(conditions)} once")


class MeterTaken(AllowanceRejected):
    """A meter's key counts for another unit, or is named twice."""

    code = 652

    def __init__(self, key: bytes) -> None:
        super().__init__(f"the meter's key {key.hex()} counts already")


class AlreadyDecided(AllowanceRejected):
    """An application is decided once."""

    code = 653

    def __init__(self, unit: bytes, status: str) -> None:
        super().__init__(f"unit {unit.hex()} is {status}")


class UnitNotAdmitted(AllowanceRejected):
    """The unit does not take part: it is not decided upon, refused, or has left."""

    code = 654

    def __init__(self, unit: bytes, status: str) -> None:
        super().__init__(f"unit {unit.hex()} is {status}")


class PeriodBeforeUnit(AllowanceRejected):
    """The unit did not take part yet."""

    code = 655

    def __init__(self, period: int, first: int) -> None:
        super().__init__(f"the unit takes part from period {first} on, not in {period}")


class BaselineFixed(AllowanceRejected):
    """A baseline is not changed once allowances were allocated by it."""

    code = 656

    def __init__(self, unit: bytes, period: int) -> None:
        super().__init__(f"unit {unit.hex()} has its allocation for period {period}")


class BaselineNeedsReason(AllowanceRejected):
    """A rate that departs from the formula carries a reason."""

    code = 657

    def __init__(self, rate_g_per_mwh: int, formula_g_per_mwh: int) -> None:
        super().__init__(
            f"{rate_g_per_mwh} g/MWh is not the formula's {formula_g_per_mwh}, and there is "
            "no reason"
        )


class BaselineTooFarOff(AllowanceRejected):
    """A rate departs from the formula by no more than the programme allows."""

    code = 658

    def __init__(self, rate_g_per_mwh: int, formula_g_per_mwh: int, limit_g_per_mwh: int) -> None:
        super().__init__(
            f"{rate_g_per_mwh} g/MWh is further than {limit_g_per_mwh} from the formula's "
            f"{formula_g_per_mwh}"
        )


class MeasurementNotOfUnit(AllowanceRejected):
    """A measurement is by none of the unit's meters, or not of the kind that the meter is for."""

    code = 660

    def __init__(self, id: bytes) -> None:
        super().__init__(f"measurement {id.hex()} is none of the unit's emissions or output")


class MeasurementIsMissing(AllowanceRejected):
    """A figure that nobody knows counts for nothing: a substitute has to be published first."""

    code = 661

    def __init__(self, id: bytes) -> None:
        super().__init__(f"measurement {id.hex()} is missing")


class MeasurementOutsidePeriods(AllowanceRejected):
    """A measurement begins in a period that the unit takes part in, and some period is open."""

    code = 662

    def __init__(self, begin: int) -> None:
        super().__init__(f"a measurement beginning at {begin} counts to no period of the unit")


class NothingToCount(AllowanceRejected):
    """All of these measurements were counted before, as they are."""

    code = 663

    def __init__(self, count: int) -> None:
        super().__init__(f"all of {count} measurements were counted before")
