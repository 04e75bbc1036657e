"""
Why the allowance contract refuses to move, end or charge something: the later part of `errors`.

They stand apart only because of their number; `errors` offers them too, and says what they have in
common.
"""

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.core.errors import Rejected


class AllowanceRejected(Rejected):
    """Base of this contract's rejections."""

    contract = "allowance"


class PeriodNotBegun(AllowanceRejected):
    """Nothing is surrendered for a period to come."""

    code = 670

    def __init__(self, begin: int, time: int) -> None:
        super().__init__(f"the period begins at {begin} s, and it is {time} ms")


class DeadlineNotPassed(AllowanceRejected):
    """It is too early to close the period, or to end what is left of it."""

    code = 671

    def __init__(self, deadline: int, time: int) -> None:
        super().__init__(f"the deadline is at {deadline} s, and it is {time} ms")


class DeadlineHasPassed(AllowanceRejected):
    """It is too late: the period's deadline has passed."""

    code = 672

    def __init__(self, deadline: int, time: int) -> None:
        super().__init__(f"the deadline was at {deadline} s, and it is {time} ms")


class PeriodNotNext(AllowanceRejected):
    """A unit's periods are closed in their order, each once."""

    code = 673

    def __init__(self, period: int, next: int) -> None:
        super().__init__(f"period {next} is to be closed next, not {period}")


class PeriodNotClosed(AllowanceRejected):
    """A period whose deadline has passed is closed for the account's unit first."""

    code = 674

    def __init__(self, unit: bytes, period: int) -> None:
        super().__init__(f"period {period} has to be closed for unit {unit.hex()} first")


class VintageEnded(AllowanceRejected):
    """A deadline has passed over these allowances: what is banked is carried over first."""

    code = 675

    def __init__(self, holding: bytes, carried_to: int) -> None:
        super().__init__(f"holding {holding.hex()} was good until the deadline of {carried_to}")


class AmountIsZero(AllowanceRejected):
    """At least one allowance moves."""

    code = 680

    def __init__(self) -> None:
        super().__init__("amount: 0 allowances")


class TransferToItself(AllowanceRejected):
    """A transfer goes to another account."""

    code = 681

    def __init__(self, key: bytes) -> None:
        super().__init__(f"{key.hex()} is source and target")


class UntilHasPassed(AllowanceRejected):
    """A lock lasts into the future, and no shorter than the one that it adds to."""

    code = 682

    def __init__(self, until: int, least: int) -> None:
        super().__init__(f"until {until}: expected 0 or later than {least}")


class LockNotInForce(AllowanceRejected):
    """The lock has lapsed: its contract moves nothing any more."""

    code = 683

    def __init__(self, until: int) -> None:
        super().__init__(f"the lock lapsed at {until}")


class LockInForce(AllowanceRejected):
    """The lock has not lapsed: only its contract releases it."""

    code = 684

    def __init__(self, holder: str, until: int) -> None:
        super().__init__(f"locked for {holder!r} until {until or 'it is released'}")


class AmountTooLarge(AllowanceRejected):
    """A figure comes out beyond what a ledger counts to."""

    code = 685

    def __init__(self, amount: int) -> None:
        super().__init__(f"{amount} is more than {AMOUNT_MAX}")


class NothingToAllocate(AllowanceRejected):
    """The unit has what it is entitled to so far."""

    code = 686

    def __init__(self, granted: int) -> None:
        super().__init__(f"all of {granted} allowances were allocated before")


class ExceedsHolding(AllowanceRejected):
    """More would be moved or locked than the account may dispose of."""

    code = 687

    def __init__(self, amount: int, held: int) -> None:
        super().__init__(f"{amount} allowances of {held}")


class ExceedsLock(AllowanceRejected):
    """More would be moved or released than is locked."""

    code = 688

    def __init__(self, amount: int, locked: int) -> None:
        super().__init__(f"{amount} allowances of {locked} that are locked")


class VintageFromTheFuture(AllowanceRejected):
    """Allowances of later vintages do not cover an emission of this period."""

    code = 689

    def __init__(self, amount: int, held: int, later: int) -> None:
        super().__init__(f"{amount} allowances of {held}; {later} are of later vintages")


class SurrenderExceedsHolding(AllowanceRejected):
    """More would be surrendered than the account holds."""

    code = 690

    def __init__(self, amount: int, held: int) -> None:
        super().__init__(f"{amount} allowances of {held}")


class SaleBelowEmissions(AllowanceRejected):
    """What is left must cover the emissions measured so far."""

    code = 691

    def __init__(self, left: int, needed: int, period: int) -> None:
        super().__init__(
            f"{left} allowances would be left for the emissions up to period {period}, "
            f"which take {needed}"
        )


class TooManyBlocks(AllowanceRejected):
    """The account's numbers are too scattered to take more: unite them by a transfer first."""

    code = 692

    def __init__(self, count: int, most: int) -> None:
        super().__init__(f"{count} blocks, at most {most} are kept")


class UnitOwesAllowances(AllowanceRejected):
    """A unit that leaves has surrendered for its emissions, and returns what it did not earn."""

    code = 693

    def __init__(self, unit: bytes, amount: int) -> None:
        super().__init__(f"unit {unit.hex()} owes {amount} allowances")


class UnitOwesMoney(AllowanceRejected):
    """A unit that leaves has paid its penalties."""

    code = 694

    def __init__(self, unit: bytes, amount: int) -> None:
        super().__init__(f"unit {unit.hex()} owes {amount} minor units")


class NothingToPay(AllowanceRejected):
    """The unit owes no penalties."""

    code = 695

    def __init__(self, unit: bytes) -> None:
        super().__init__(f"unit {unit.hex()} owes no money")
