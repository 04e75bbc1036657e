"""The terms of a programme: what is limited, where, when, and what it costs."""

from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import AMOUNT_MAX, Amount, Seconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId

from .formula import FACTOR_PPM_MAX, ONE_PPM, Formula

PERIODS_MAX: Final = 64
ZONES_MAX: Final = 64
REASON_CHARACTERS_MAX: Final = 256

Zone = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z")]
"""A geofence; the scope in which Director and registry operator hold their roles."""

Period = Annotated[int, Meta(ge=0, lt=PERIODS_MAX)]
"""A period as its place in the programme's list, from 0; its allowances are that vintage."""

Label = Annotated[str, Meta(min_length=1, max_length=64)]
"""A name for people."""

Reason = Annotated[str, Meta(max_length=REASON_CHARACTERS_MAX)]
"""Why, for people; may be empty."""

Money = Amount
"""Money in its minor unit, as the programme's money asset counts it."""


class PeriodTimes(Record):
    """One period of a programme."""

    begin: Seconds
    """Its first second. [s since the epoch, UTC]"""

    end: Seconds
    """The first second after it. [s since the epoch, UTC]"""

    deadline: Seconds
    """What is held until here is deducted; not before `end`. [s since the epoch, UTC]"""


class Fees(Record):
    """What the registry operator collects."""

    application: Money = 0
    """For each application of a unit. [minor units]"""

    account: Money = 0
    """For each account that is opened. [minor units]"""

    transfer: Money = 0
    """For each transfer. [minor units]"""


class Penalty(Record):
    """What a missing allowance costs."""

    amount: Money = 0
    """For each missing allowance. [minor units]"""

    deduction_ppm: Annotated[int, Meta(ge=0, le=FACTOR_PPM_MAX)] = ONE_PPM
    """How much of the next vintage each missing allowance costs, rounded up. [ppm of one]"""


class Terms(Record):
    """The terms of a programme, stated once."""

    name: Label
    """What people call it."""

    pollutant: Label
    """What is emitted, such as `NOx`."""

    unit_grams: Annotated[int, Meta(ge=1, le=AMOUNT_MAX)]
    """What one allowance allows. [g]"""

    zones: Annotated[tuple[Zone, ...], Meta(min_length=1, max_length=ZONES_MAX)]
    """The zones that it governs on this ledger, each once; no allowance passes between them."""

    periods: Annotated[tuple[PeriodTimes, ...], Meta(min_length=1, max_length=PERIODS_MAX)]
    """Its periods, one after the other; deadlines ascend too."""

    formula: Formula
    """The coefficients of the baselines."""

    adjustment_ppm: Annotated[int, Meta(ge=0, le=ONE_PPM)] = 0
    """How far the Director may depart from the formula, with a reason. [ppm of the formula]"""

    banking_ppm: Annotated[int, Meta(ge=0, le=ONE_PPM)] = 0
    """The share of each holding that outlives a deadline, rounded down; 0 for none. [ppm]"""

    penalty: Penalty = Penalty()
    """What a missing allowance costs."""

    fees: Fees = Fees()
    """What is charged; in money, as the penalty."""

    money: RecordId | None = None
    """The class of asset that fees and penalties are paid in; needed if there are any."""

    collector: PublicKey | None = None
    """Whose account fees and penalties are paid into; needed if there are any."""

    cosigned: bool = False
    """Whether the registry operator must sign each transfer beside the owner."""


def current_period(terms: Terms, *, time: int) -> int:
    """
    Return the first period whose deadline is still ahead; their number if none is.

    `time` is block time. [ms]
    """
    ahead = (n for n, each in enumerate(terms.periods) if time < each.deadline * 1000)
    return next(ahead, len(terms.periods))


def begun_period(terms: Terms, *, time: int) -> int:
    """Return the latest period that has begun; -1 if none has. `time` is block time. [ms]"""
    return sum(each.begin * 1000 <= time for each in terms.periods) - 1
