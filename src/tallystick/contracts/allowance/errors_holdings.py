"""
Why the allowance contract refuses to move, end or charge something: the later part of `errors`.

They stand apart only because of their number; `errors` offers them too, and says what they have in
common.
"""

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import (
    PublicKey,
    RecordId,
    format_public_key,
    format_record_id,
)
from tallystick.base.intervals import format_time
from tallystick.base.plain import format_milliseconds
from tallystick.core.errors import Rejected


class AllowanceRejected(Rejected):
    """Base of this contract's rejections."""

    contract = "allowance"


class PeriodNotBegun(AllowanceRejected):
    """Nothing is surrendered for a period to come."""

    code = 670

    def __init__(self, begin: int, time: int) -> None:
        super().__init__(
            f"period: it begins {format_time(begin)}, it is {format_milliseconds(time)}; "
            "wait until then"
        )


class DeadlineNotPassed(AllowanceRejected):
    """It is too early to close the period, or to end what is left of it."""

    code = 671

    def __init__(self, field: str, deadline: int, time: int) -> None:
        super().__init__(
            f"{field}: the deadline is {format_time(deadline)}, it is {format_milliseconds(time)}; "
            "wait until then"
        )


class DeadlineHasPassed(AllowanceRejected):
    """It is too late: the period's deadline has passed."""

    code = 672

    def __init__(self, field: str, deadline: int, time: int) -> None:
        super().__init__(
            f"{field}: its deadline was {format_time(deadline)}, it is {format_milliseconds(time)}"
        )


class PeriodNotNext(AllowanceRejected):
    """A unit's periods are closed in their order, each once."""

    code = 673

    def __init__(self, period: int, next: int) -> None:
        fault = "is closed already" if period < next else f"was given; close {next} first"
        super().__init__(f"period: {period} {fault}")


class PeriodNotClosed(AllowanceRejected):
    """A period whose deadline has passed is closed for the account's unit first."""

    code = 674

    def __init__(self, field: str, unit: RecordId, period: int) -> None:
        super().__init__(
            f"{field}: period {period} is not closed for unit {format_record_id(unit)}; "
            "close it with allowance.close-period first"
        )


class VintageEnded(AllowanceRejected):
    """A deadline has passed over these allowances: what is banked is carried over first."""

    code = 675

    def __init__(self, field: str, id: RecordId, carried_to: int) -> None:
        super().__init__(
            f"{field}: {format_record_id(id)} was good until the deadline of period {carried_to}; "
            "have it carried over with allowance.carry-over first"
        )


class AmountIsZero(AllowanceRejected):
    """At least one allowance moves."""

    code = 680

    def __init__(self) -> None:
        super().__init__("amount: 0 was given, 1 is the least")


class TransferToItself(AllowanceRejected):
    """A transfer goes to another account."""

    code = 681

    def __init__(self, key: PublicKey) -> None:
        super().__init__(
            f"target: {format_public_key(key)} is the source, too; name another account"
        )


class UntilHasPassed(AllowanceRejected):
    """A lock lasts into the future, and no shorter than the one that it adds to."""

    code = 682

    def __init__(self, until: int, least: int) -> None:
        allowed = "the lock that it adds to never lapses, so give 0"
        if least:
            allowed = f"give 0, or later than {format_milliseconds(least)}"
        super().__init__(f"until: {format_milliseconds(until)} was given; {allowed}")


class LockNotInForce(AllowanceRejected):
    """The lock has lapsed: its contract moves nothing any more."""

    code = 683

    def __init__(self, until: int) -> None:
        super().__init__(
            f"lock_id: the lock lapsed {format_milliseconds(until)}; it can only be released"
        )


class LockInForce(AllowanceRejected):
    """The lock has not lapsed: only its contract releases it."""

    code = 684

    def __init__(self, holder: str, until: int) -> None:
        end = f"{format_milliseconds(until)}; wait until then" if until else "it is released"
        super().__init__(f"lock_id: it is locked for {holder!r} until {end}")


class AmountTooLarge(AllowanceRejected):
    """A figure comes out beyond what a ledger counts to."""

    code = 685

    def __init__(self, field: str, amount: int) -> None:
        super().__init__(f"{field}: this would come to {amount}, {AMOUNT_MAX} is the most")


class NothingToAllocate(AllowanceRejected):
    """The unit has what it is entitled to so far."""

    code = 686

    def __init__(self, granted: int) -> None:
        super().__init__(
            f"period: the unit has all {granted} allowances that it is entitled to so far"
        )


class ExceedsHolding(AllowanceRejected):
    """More would be moved or locked than the account may dispose of."""

    code = 687

    def __init__(self, amount: int, held: int) -> None:
        super().__init__(f"amount: {amount} was given, {held} are held; give no more")


class ExceedsLock(AllowanceRejected):
    """More would be moved or released than is locked."""

    code = 688

    def __init__(self, amount: int, locked: int) -> None:
        super().__init__(f"amount: {amount} was given, {locked} are locked; give no more")


class VintageFromTheFuture(AllowanceRejected):
    """Allowances of later vintages do not cover an emission of this period."""

    code = 689

    def __init__(self, amount: int, held: int, later: int) -> None:
        super().__init__(
            f"amount: {amount} was given, {held} are held of vintages up to the period; "
            f"{later} of later ones do not cover it"
        )


class SurrenderExceedsHolding(AllowanceRejected):
    """More would be surrendered than the account holds."""

    code = 690

    def __init__(self, amount: int, held: int) -> None:
        super().__init__(
            f"amount: {amount} was given, {held} are held; buy more, or surrender fewer"
        )


class SaleBelowEmissions(AllowanceRejected):
    """What is left must cover the emissions measured so far."""

    code = 691

    def __init__(self, left: int, needed: int, period: int) -> None:
        super().__init__(
            f"amount: {left} would be left for the emissions up to period {period}, which take "
            f"{needed}; keep as many"
        )


class TooManyBlocks(AllowanceRejected):
    """The account's numbers are too scattered to take more: unite them by a transfer first."""

    code = 692

    def __init__(self, field: str, count: int, most: int) -> None:
        super().__init__(
            f"{field}: it would have {count} blocks of numbers, {most} are the most; "
            "unite them by a transfer first"
        )


class UnitOwesAllowances(AllowanceRejected):
    """A unit that leaves has surrendered for its emissions, and returns what it did not earn."""

    code = 693

    def __init__(self, amount: int) -> None:
        super().__init__(
            f"unit: it owes {amount} allowances; it needs to hold and surrender them first"
        )


class UnitOwesMoney(AllowanceRejected):
    """A unit that leaves has paid its penalties."""

    code = 694

    def __init__(self, amount: int) -> None:
        super().__init__(
            f"unit: it owes {amount} minor units; pay them with allowance.pay-penalty first"
        )


class NothingToPay(AllowanceRejected):
    """The unit owes no penalties."""

    code = 695

    def __init__(self) -> None:
        super().__init__("unit: it owes no money, so there is nothing to pay")
