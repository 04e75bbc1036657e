"""The rules of the lane's market, the plan of its week, and how well people guess."""

from dataclasses import dataclass
from typing import Final

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.market.model import (
    Basis,
    Charge,
    Counterparty,
    MarketRules,
    Product,
    Subject,
    Tie,
    Trading,
    book_id,
)

from .community_cast import SECTOR, Cast
from .village_data import INTERVAL_SECONDS

SCALE: Final = 6
"""Money is counted in millionths of a euro, so that 25 cents a kWh are 250 a Wh."""

PRICE_MIN: Final = 60
TICK: Final = 5
PRICE_MAX: Final = 360
SHORTFALL_PRICE: Final = 400
EXCESS_PRICE: Final = 40
GATE_SECONDS: Final = 24 * 3_600
DELAY_SECONDS: Final = 36 * 3_600
SHARING_DELAY_SECONDS: Final = 36 * 3_600
"""Every reading of a day is there the morning after, which is within it. [s]"""

PLATFORM_PPM: Final = 15_000
OPERATOR_PER_MWH: Final = 4_000_000
DSO_PER_MWH: Final = 32_000_000
LEVY_PER_MWH: Final = 20_500_000

RETAIL_PRICE: Final = 320
"""What a supplier elsewhere takes for a Wh, all charges included."""

FEED_IN_PRICE: Final = 80
"""What a grid operator pays for a Wh that nobody in the lane buys."""

SHARED_PRICE: Final = 150
"""What a flat pays for a Wh of the roof that it shares."""

DAY_AHEAD_ERROR: Final = 10
"""A forecast of the day before is wrong by up to so much. [%]"""

DAWN_ERROR: Final = 3
"""A forecast at dawn is wrong by up to so much. [%]"""

BOAST: Final = 140
"""What the boaster offers of the forecast. [%]"""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the week goes."""

    cast: Cast
    """Who plays."""
    days: int
    """How many days are played, at most the data's."""
    late_day: int
    """On which day a home's meter does not report."""
    outage_day: int
    """On which day a donor's line fails in the afternoon."""
    honest_days: frozenset[int]
    """On which days the boaster's controller says at dawn what there really will be."""


@dataclass(frozen=True, slots=True)
class Payees:
    """Who receives the charges, in the order of the rules."""

    platform: PublicKey
    operator: PublicKey
    dso: PublicKey
    treasury: PublicKey


def market_rules(money: RecordId, payees: Payees, *, begin: int, end: int) -> MarketRules:
    """Return what the market states: a daily auction of quarter hours for members only."""
    return MarketRules(
        subject=Subject.ENERGY,
        sector=SECTOR,
        goods="",
        money=money,
        trading=Trading.CALL,
        tie=Tie.PRO_RATA,
        counterparty=Counterparty.NAMED,
        quantum=1,
        price_min=PRICE_MIN,
        tick=TICK,
        levels=(PRICE_MAX - PRICE_MIN) // TICK + 1,
        feed_in_floor=FEED_IN_PRICE,
        lengths=(INTERVAL_SECONDS,),
        gate_closure=GATE_SECONDS,
        settlement_delay=DELAY_SECONDS,
        shortfall_price=SHORTFALL_PRICE,
        excess_price=EXCESS_PRICE,
        collateral=0,
        claims=True,
        members_only=True,
        charges=(
            Charge("platform", Basis.VALUE, PLATFORM_PPM, payees.platform),
            Charge("market operator", Basis.ENERGY, OPERATOR_PER_MWH, payees.operator),
            Charge("dso", Basis.ENERGY, DSO_PER_MWH, payees.dso),
            Charge("levy", Basis.ENERGY, LEVY_PER_MWH, payees.treasury),
        ),
        periods=(begin, end),
    )


def product_at(market: RecordId, begin: int) -> Product:
    """Return the delivery of a quarter hour."""
    return Product(market, begin, begin + INTERVAL_SECONDS)


def book_at(market: RecordId, begin: int) -> RecordId:
    """Return the book of a quarter hour."""
    return book_id(market, product_at(market, begin))


def level_of(price: int) -> int:
    """Return the level of a price."""
    return (price - PRICE_MIN) // TICK


def guess(amount_wh: int, meter: int, quarter: int, *, error: int) -> int:
    """
    Return what somebody expects who is wrong by up to `error` percent. [Wh]

    It is always the same for the same meter and quarter hour, so that the story is too.
    """
    off = (31 * meter + 17 * quarter + meter * quarter % 13) % (2 * error + 1) - error
    return amount_wh * (100 + off) // 100
