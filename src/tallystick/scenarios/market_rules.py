"""The rules of the town's market: continuous trading of hours, and the three commissions."""

from tallystick.base.identifiers import RecordId
from tallystick.contracts.asset.commands import Define, Mint
from tallystick.contracts.asset.model import Burners, Kind
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

from .market_cast import HOUR, MONEY, SECTOR, Cast, Key

SCALE = 6
"""Money is counted in millionths of a euro, so that 25 cents a kWh are 250 a Wh."""

PRICE_MIN = 50
TICK = 10
LEVELS = 36
SHORTFALL_PRICE = 420
EXCESS_PRICE = 40
DELAY_SECONDS = 2 * 86_400

PLATFORM_PPM = 12_345
OPERATOR_PER_MWH = 3_333_333
DSO_PER_MWH = 27_777_777
CHARGES = ("platform", "market operator", "dso")


def market_rules(money: RecordId, cast: Cast, *, begin: int, end: int) -> MarketRules:
    """
    Return the rules.

    The rates of the commissions are crooked on purpose: what is rounded at the month's close is
    then seen.
    """
    charges = (
        Charge(CHARGES[0], Basis.VALUE, PLATFORM_PPM, cast.office(CHARGES[0]).public),
        Charge(CHARGES[1], Basis.ENERGY, OPERATOR_PER_MWH, cast.office(CHARGES[1]).public),
        Charge(CHARGES[2], Basis.ENERGY, DSO_PER_MWH, cast.office(CHARGES[2]).public),
    )
    return MarketRules(
        subject=Subject.ENERGY,
        sector=SECTOR,
        goods="",
        money=money,
        trading=Trading.CONTINUOUS,
        tie=Tie.TIME,
        counterparty=Counterparty.NAMED,
        quantum=1,
        price_min=PRICE_MIN,
        tick=TICK,
        levels=LEVELS,
        feed_in_floor=PRICE_MIN,
        lengths=(HOUR,),
        gate_closure=HOUR,
        settlement_delay=DELAY_SECONDS,
        shortfall_price=SHORTFALL_PRICE,
        excess_price=EXCESS_PRICE,
        collateral=0,
        claims=True,
        members_only=False,
        charges=charges,
        periods=(begin, end),
    )


def level_of(price: int) -> int:
    """Return the level of a price. [millionths of a euro per Wh]"""
    return (price - PRICE_MIN) // TICK


def product_at(market: RecordId, begin: int) -> tuple[Product, RecordId]:
    """Return the product of the hour that begins then, with its book."""
    product = Product(market, begin, begin + HOUR)
    return product, book_id(market, product)


def define_money(mint: Key) -> Define:
    """Return the definition of money, in millionths of a euro."""
    return Define(
        name=MONEY,
        unit="EUR",
        scale=SCALE,
        kind=Kind.FUNGIBLE,
        issuers=(mint.public,),
        supply_cap=0,
        last_mint_at=0,
        transferable=True,
        burners=Burners.ISSUER,
    )


def grant(money: RecordId, owner: Key, amount: int) -> Mint:
    """Return a grant of money."""
    return Mint(money, owner.public, amount, "", "", 0, None)
