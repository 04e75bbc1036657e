"""What is stated beforehand: the programme's terms, and the rules of the two markets of a zone."""

from datetime import date
from typing import Final

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.allowance.model import (
    ConditionFactor,
    Fees,
    Formula,
    Penalty,
    PeriodTimes,
    PostcodeFactor,
    SizeFactor,
    Terms,
    TypeRate,
)
from tallystick.contracts.market.model import (
    Basis,
    Charge,
    Counterparty,
    MarketRules,
    Subject,
    Tie,
    Trading,
)

from .allowances_cast import YEARS
from .allowances_model import ONE_PPM, second_of

CENTS: Final = 100
DAY_SECONDS: Final = 86_400
ALLOWANCE_GRAMS: Final = 100_000
"""What one allowance allows: 100 kg of NOx."""

FORMULA: Final = Formula(
    types=(
        TypeRate("coal", 800),
        TypeRate("gas-combined", 230),
        TypeRate("gas-turbine", 440),
        TypeRate("biomass", 400),
        TypeRate("waste", 500),
        TypeRate("oil", 960),
    ),
    sizes=(SizeFactor(100, 1_020_000), SizeFactor(250, 1_000_000)),
    postcodes=(PostcodeFactor("N1", 950_000), PostcodeFactor("S4", 980_000)),
    conditions=(ConditionFactor("catalyst", 900_000), ConditionFactor("peaking", 1_200_000)),
)
ADJUSTMENT_PPM: Final = 100_000
FEES: Final = Fees(application=1_000 * CENTS, account=100 * CENTS, transfer=5 * CENTS)
PENALTY: Final = Penalty(amount=500 * CENTS, deduction_ppm=ONE_PPM)

PRICE_MIN: Final = 50
"""The lowest price of both markets, and the first level. [EUR]"""
LEVELS: Final = 500
"""So many prices there are, a euro apart."""
EXCHANGE_PPM: Final = 2_000
"""What the exchange takes of the value of what is bought. [ppm]"""
SPOT_GATE_SECONDS: Final = DAY_SECONDS // 2
FUTURE_GATE_SECONDS: Final = 230 * DAY_SECONDS
FUTURE_DAYS: Final = 30
FUTURE_DEPOSIT: Final = 100 * CENTS
FUTURE_SHORTFALL: Final = 330 * CENTS
"""What a lot costs elsewhere that the seller of a future has not delivered."""


def deadline_of(period: int) -> date:
    """Return the day at whose beginning a period's account is drawn up."""
    return date(YEARS[period] + 1, 4, 1)


def terms(
    zone: str, *, money: RecordId, collector: PublicKey, unit_grams: int = ALLOWANCE_GRAMS
) -> Terms:
    """Return the terms of a zone's programme."""
    return Terms(
        name=f"NOx {zone}",
        pollutant="NOx",
        unit_grams=unit_grams,
        zones=(zone,),
        periods=tuple(
            PeriodTimes(
                second_of(date(year, 1, 1)),
                second_of(date(year + 1, 1, 1)),
                second_of(deadline_of(period)),
            )
            for period, year in enumerate(YEARS)
        ),
        formula=FORMULA,
        adjustment_ppm=ADJUSTMENT_PPM,
        penalty=PENALTY,
        fees=FEES,
        money=money,
        collector=collector,
    )


def spot_rules(money: RecordId, exchange: PublicKey) -> MarketRules:
    """Return the rules of the market for delivery on the next day: goods are locked with offers."""
    return _rules(
        money, exchange, length=DAY_SECONDS, gate=SPOT_GATE_SECONDS, shortfall=0, collateral=0
    )


def future_rules(money: RecordId, exchange: PublicKey) -> MarketRules:
    """Return the rules of the market for delivery next spring: sellers deposit money."""
    return _rules(
        money,
        exchange,
        length=FUTURE_DAYS * DAY_SECONDS,
        gate=FUTURE_GATE_SECONDS,
        shortfall=FUTURE_SHORTFALL,
        collateral=FUTURE_DEPOSIT,
    )


def _rules(
    money: RecordId, exchange: PublicKey, *, length: int, gate: int, shortfall: int, collateral: int
) -> MarketRules:
    """Return what both markets have in common."""
    years = (*YEARS, YEARS[-1] + 1)
    return MarketRules(
        subject=Subject.HOLDING,
        sector="",
        goods="allowance",
        money=money,
        trading=Trading.CALL,
        tie=Tie.PRO_RATA,
        counterparty=Counterparty.CENTRAL,
        quantum=1,
        price_min=PRICE_MIN * CENTS,
        tick=CENTS,
        levels=LEVELS,
        feed_in_floor=0,
        lengths=(length,),
        gate_closure=gate,
        settlement_delay=0,
        shortfall_price=shortfall,
        excess_price=0,
        collateral=collateral,
        claims=False,
        members_only=True,
        charges=(Charge("exchange", Basis.VALUE, EXCHANGE_PPM, exchange),),
        periods=(*(second_of(date(year, 1, 1)) for year in years), second_of(deadline_of(1))),
    )
