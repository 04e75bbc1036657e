"""The terms of Oakfield's market, of its money and tokens, and of its ballots."""

from datetime import datetime

from tallystick.base.encoding import encode
from tallystick.base.identifiers import Hash, PublicKey, RecordId
from tallystick.contracts.asset.commands import Define
from tallystick.contracts.asset.model import Burners, Kind
from tallystick.contracts.ballot.model import (
    Assurance,
    Base,
    Fraction,
    Majority,
    Question,
    Terms,
)
from tallystick.contracts.ballot.model import Kind as BallotKind
from tallystick.contracts.governance.model import Change, Resolution, SetParameters
from tallystick.contracts.market.model import (
    Counterparty,
    MarketParameters,
    MarketRules,
    Subject,
    Tie,
    Trading,
)

from .communities_cast import OAKFIELD, levies_of
from .local_time import from_local

YEAR, MONTH, FIRST_DAY = 2016, 7, 4
HOUR_SECONDS = 3_600
DAY_SECONDS = 86_400
WEEK_MILLISECONDS = 7 * DAY_SECONDS * 1_000
SCALE = 6
"""Money is counted in millionths of a euro, so that 12 cents a kWh are 120 a Wh."""

PRICE_MIN, TICK, LEVELS = 50, 10, 30
ASK, BID = 110, 140
FOR, AGAINST = 0, 1


def second_of(day: int, hour: int = 0) -> int:
    """Return when a local hour of a day begins, counted from 0. [s since the epoch, UTC]"""
    return from_local(datetime(YEAR, MONTH, FIRST_DAY + day, hour))[0]  # noqa: DTZ001 - local.


def level_of(price: int) -> int:
    """Return the level of a price. [millionths of a euro per Wh]"""
    return (price - PRICE_MIN) // TICK


def price_of(level: int) -> int:
    """Return the price of a level. [millionths of a euro per Wh]"""
    return PRICE_MIN + level * TICK


def define(name: str, unit: str, *, scale: int, issuer: PublicKey) -> Define:
    """Return the definition of money, or of tokens of energy."""
    return Define(
        name=name,
        unit=unit,
        scale=scale,
        kind=Kind.FUNGIBLE,
        issuers=(issuer,),
        supply_cap=0,
        last_mint_at=0,
        transferable=True,
        burners=Burners.ISSUER,
    )


def market_rules(money: RecordId, day: int) -> MarketRules:
    """Return the rules of a day's market: tokens against money, with no charge of its own."""
    return MarketRules(
        subject=Subject.HOLDING,
        sector="",
        goods="asset",
        money=money,
        trading=Trading.CONTINUOUS,
        tie=Tie.TIME,
        counterparty=Counterparty.NAMED,
        quantum=1,
        price_min=PRICE_MIN,
        tick=TICK,
        levels=LEVELS,
        feed_in_floor=0,
        lengths=(DAY_SECONDS,),
        gate_closure=0,
        settlement_delay=0,
        shortfall_price=0,
        excess_price=0,
        collateral=0,
        claims=False,
        members_only=False,
        charges=(),
        periods=(second_of(day + 1), second_of(day + 2)),
    )


def resolution(title: str, changes: tuple[Change, ...], *, height: int, day: int) -> Resolution:
    """Return a resolution that lapses a week after a day."""
    expiry = second_of(day) * 1_000 + WEEK_MILLISECONDS
    return Resolution(title=title, height=height, expiry=expiry, changes=changes)


def fee_change(rate_ppm: int, treasury: PublicKey) -> SetParameters:
    """Return the change of what the community levies."""
    return SetParameters("market", encode(MarketParameters(levies_of(rate_ppm, treasury))))


def question(text: str, document: Hash) -> Question:
    """Return a question that more than half of all households must answer with yes."""
    majority = Majority(Base.ALL, Fraction(1, 2), more_than=True, voter_class="")
    return Question(text, document, ("for", "against"), motions=1, majority=majority)


def ballot_terms(
    questions: tuple[Question, ...], *, begin: int, end: int, body: str = OAKFIELD
) -> Terms:
    """Return the terms of an assembly. [ms since the epoch, UTC]"""
    return Terms(
        kind=BallotKind.SITTING,
        body=body,
        title="Assembly of the households",
        questions=questions,
        documents=(),
        record_date=begin,
        begin=begin,
        end=end,
        statement_milliseconds=0,
        quorum=Fraction(1, 2),
        turnout=Fraction(1, 2),
        voters_min=0,
        proxies_max=0,
        changeable=False,
        assurance=Assurance.SIMPLE,
        identity_ledger=None,
        identity_age_max=0,
    )
