"""
Why the allowance contract refuses an account, a unit, a baseline or a measurement.

They stand apart only because of their number; `errors` offers them too, and says what they have in
common.
"""

from tallystick.base.identifiers import (
    PublicKey,
    RecordId,
    format_public_key,
    format_record_id,
)
from tallystick.base.intervals import format_time
from tallystick.base.plain import format_milliseconds

from .errors_holdings import AllowanceRejected


class AccountExists(AllowanceRejected):
    """The key has, or had, an account in the zone."""

    code = 640

    def __init__(self, id: RecordId) -> None:
        super().__init__(
            f"key: account {format_record_id(id)} was opened for it before; give a fresh key"
        )


class AccountIsClosed(AllowanceRejected):
    """The account was closed."""

    code = 641

    def __init__(self, field: str, closed_at: int) -> None:
        super().__init__(
            f"{field}: the account was closed {format_milliseconds(closed_at)}; name another"
        )


class AccountIsNotCompliance(AllowanceRejected):
    """Only a compliance account serves a unit."""

    code = 642

    def __init__(self) -> None:
        super().__init__("account: it is for trading; name a compliance account")


class AccountServesUnit(AllowanceRejected):
    """The account serves a unit: no other can have it, and it cannot be closed."""

    code = 643

    def __init__(self, unit: RecordId) -> None:
        super().__init__(
            f"account: it serves unit {format_record_id(unit)}, which would have to leave first"
        )


class AccountNotEmpty(AllowanceRejected):
    """An account that holds something is not closed."""

    code = 644

    def __init__(self, period: int) -> None:
        super().__init__(f"account: it holds allowances of vintage {period}; hand them on first")


class TargetIsVault(AllowanceRejected):
    """Only a contract puts allowances into a vault: what others leave there would be in its way."""

    code = 645

    def __init__(self, target: PublicKey) -> None:
        super().__init__(
            f"target: {format_public_key(target)} is a contract's vault; name an account's key"
        )


class UnitTypeUnknown(AllowanceRejected):
    """The programme's formula does not know this type of unit."""

    code = 650

    def __init__(self, name: str) -> None:
        super().__init__(
            f"facts.type: the formula has no type {name!r}; allowance.show-programme lists them"
        )


class ConditionUnknown(AllowanceRejected):
    """An operating condition is not in the programme's formula, or is named twice."""

    code = 651

    def __init__(self, place: int, name: str) -> None:
        super().__init__(
            f"facts.conditions[{place}]: {name!r} stands there twice, or is not in the formula; "
            "name each once, as allowance.show-programme lists them"
        )


class MeterTaken(AllowanceRejected):
    """A meter's key counts for another unit, or is named twice."""

    code = 652

    def __init__(self, field: str, key: PublicKey) -> None:
        super().__init__(
            f"{field}: {format_public_key(key)} counts for a unit already; name each meter once"
        )


class AlreadyDecided(AllowanceRejected):
    """An application is decided once."""

    code = 653

    def __init__(self, status: str) -> None:
        super().__init__(f"unit: it is decided upon, and {status}")


class UnitNotAdmitted(AllowanceRejected):
    """The unit does not take part: it is not decided upon, refused, or has left."""

    code = 654

    def __init__(self, status: str) -> None:
        super().__init__(f"unit: it is {status!r}; only an admitted one takes part")


class PeriodBeforeUnit(AllowanceRejected):
    """The unit did not take part yet."""

    code = 655

    def __init__(self, period: int, first: int) -> None:
        super().__init__(f"period: {period} was given, the unit takes part from {first} on")


class BaselineFixed(AllowanceRejected):
    """A baseline is not changed once allowances were allocated by it."""

    code = 656

    def __init__(self, period: int) -> None:
        super().__init__(f"period: the unit has its allocation for {period}, so its baseline stays")


class BaselineNeedsReason(AllowanceRejected):
    """A rate that departs from the formula carries a reason."""

    code = 657

    def __init__(self, rate_g_per_mwh: int, formula_g_per_mwh: int) -> None:
        super().__init__(
            f"reason: {rate_g_per_mwh} g/MWh is not the formula's {formula_g_per_mwh}; say why"
        )


class BaselineTooFarOff(AllowanceRejected):
    """A rate departs from the formula by no more than the programme allows."""

    code = 658

    def __init__(self, rate_g_per_mwh: int, formula_g_per_mwh: int, limit_g_per_mwh: int) -> None:
        super().__init__(
            f"rate_g_per_mwh: {rate_g_per_mwh} was given, the formula's is {formula_g_per_mwh}; "
            f"depart from it by {limit_g_per_mwh} at most"
        )


class MeasurementNotOfUnit(AllowanceRejected):
    """A measurement is by none of the unit's meters, or not of the kind that the meter is for."""

    code = 660

    def __init__(self, field: str, id: RecordId) -> None:
        super().__init__(
            f"{field}: {format_record_id(id)} is none of the unit's emissions or output"
        )


class MeasurementIsMissing(AllowanceRejected):
    """A figure that nobody knows counts for nothing: a substitute has to be published first."""

    code = 661

    def __init__(self, field: str, id: RecordId) -> None:
        super().__init__(
            f"{field}: {format_record_id(id)} has no figure; a substitute has to be published first"
        )


class MeasurementOutsidePeriods(AllowanceRejected):
    """A measurement begins in a period that the unit takes part in, and some period is open."""

    code = 662

    def __init__(self, field: str, begin: int) -> None:
        super().__init__(
            f"{field}: it begins {format_time(begin)}, and counts to no period of the unit"
        )


class NothingToCount(AllowanceRejected):
    """All of these measurements were counted before, as they are."""

    code = 663

    def __init__(self, count: int) -> None:
        super().__init__(f"measurements: all {count} were counted before, as they are")
