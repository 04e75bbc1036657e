"""The rules by which an operator opens a market and says who trades in it."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX, SECONDS_MAX
from tallystick.base.identifiers import RecordId
from tallystick.base.intervals import format_time
from tallystick.contracts.asset.model import AssetClass, unfit_as_money
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised
from tallystick.contracts.measurement.model import MeasurementParameters
from tallystick.core.context import Context
from tallystick.core.holding import can_own

from . import commands
from .errors_orders import MarketNotFound, RulesContradict, SignerIsNotOperator
from .events import MarketOpened, ParticipantAdmitted, ParticipantSuspended
from .meters import SETTLEMENT_SECONDS_MAX
from .model import (
    CHARGES_MAX,
    Basis,
    Charge,
    Counterparty,
    Market,
    MarketParameters,
    MarketRules,
    Participant,
    Subject,
    Trading,
    participant_id,
    price_of,
)

UNKNOWN: Final = Participant(admitted=False, suspended=False, due=0)
"""An account of which a market's operator has said nothing yet."""

Problem = tuple[bool, str, str]
"""Whether a rule does not fit the others, which, and what is wrong with it."""


def open_market(context: Context, command: commands.Open) -> None:
    """
    Open a market under rules that are stated once and never change.

    The ledger's levies of that moment are among them.
    """
    # READ
    levies = context.parameters(MarketParameters).levies
    rules = _with_levies(command.rules, levies)
    sectors = context.parameters(MeasurementParameters).sectors
    money = context.read(AssetClass, rules.money)
    # CHECK
    if not authorised(context, Role.MARKET_OPERATOR, command.name):
        raise SignerIsNotOperator(command.name, field="name")
    problem = _problem(rules, sectors, own=len(command.rules.charges))
    if problem is not None:
        field, reason = problem
        raise RulesContradict(f"rules.{field}", reason)
    if unfit := unfit_as_money(money):
        raise RulesContradict("rules.money", unfit)
    # COMPUTE
    id = context.derive_id()
    # WRITE
    context.create(id, Market(name=command.name, rules=rules, opened_at=context.time))
    context.emit(MarketOpened(market=id, name=command.name, rules=rules))


def admit(context: Context, command: commands.Admit) -> None:
    """Let an account trade in a market, or let it trade again."""
    # READ
    market = context.read(Market, command.market)
    id = participant_id(command.market, command.owner)
    participant = context.read(Participant, id) or UNKNOWN
    # CHECK
    _check_operator(context, command.market, market)
    # WRITE
    context.write(id, replace(participant, admitted=True, suspended=False))
    context.emit(ParticipantAdmitted(market=command.market, owner=command.owner))


def suspend(context: Context, command: commands.Suspend) -> None:
    """
    Let an account place no more orders.

    What it has traded is settled all the same. Its resting orders meet nobody in continuous
    trading; in a call auction they are as firm as what was traded.
    """
    # READ
    market = context.read(Market, command.market)
    id = participant_id(command.market, command.owner)
    participant = context.read(Participant, id) or UNKNOWN
    # CHECK
    _check_operator(context, command.market, market)
    # WRITE
    context.write(id, replace(participant, suspended=True))
    context.emit(ParticipantSuspended(market=command.market, owner=command.owner))


def _check_operator(context: Context, id: RecordId, market: Market | None) -> None:
    """Refuse anybody but a market's operator."""
    if market is None:
        raise MarketNotFound(id)
    if not authorised(context, Role.MARKET_OPERATOR, market.name):
        raise SignerIsNotOperator(market.name, field="market")


def _with_levies(rules: MarketRules, levies: tuple[Charge, ...]) -> MarketRules:
    """Return rules with the ledger's levies behind the market's own charges, as far as they fit."""
    energy = rules.subject is Subject.ENERGY
    fitting = tuple(each for each in levies if energy or each.basis is not Basis.ENERGY)
    return replace(rules, charges=(*rules.charges, *fitting))


def _problem(rules: MarketRules, sectors: tuple[str, ...], *, own: int) -> tuple[str, str] | None:
    """
    Return which of a market's rules does not fit the others, and why, or nothing.

    Of its charges the first `own` are stated, the ledger's levies stand behind them.
    """
    problems = (*_of_prices(rules), *_of_charges(rules, own), *_of_subject(rules, sectors))
    return next(((field, problem) for wrong, field, problem in problems if wrong), None)


def _of_prices(rules: MarketRules) -> tuple[Problem, ...]:
    """Return what may be wrong with prices and periods."""
    price_max = price_of(rules, rules.levels - 1)
    least = f"the lowest price is {rules.price_min}; state no more"
    last = len(rules.periods) - 1
    ends = rules.periods[-1] + max(rules.lengths) + rules.settlement_delay + SETTLEMENT_SECONDS_MAX
    behind = _first(begin >= end for begin, end in pairwise(rules.periods))
    return (
        (
            price_max > AMOUNT_MAX,
            "levels",
            f"the highest price is {price_max}, {AMOUNT_MAX} is the most; state fewer levels",
        ),
        (
            rules.feed_in_floor > price_max,
            "feed_in_floor",
            f"the highest price is {price_max}; state no more",
        ),
        (rules.excess_price > rules.price_min, "excess_price", least),
        (
            behind is not None,
            f"periods[{0 if behind is None else behind + 1}]",
            "it is not after the one before it; let the times ascend",
        ),
        (
            ends > SECONDS_MAX,
            f"periods[{last}]",
            f"its last settlement would end after {format_time(SECONDS_MAX)}; end earlier",
        ),
    )


def _of_charges(rules: MarketRules, own: int) -> tuple[Problem, ...]:
    """Return what may be wrong with charges; a levy has no place in the command."""
    holdings = rules.subject is not Subject.ENERGY
    by_energy = _first(charge.basis is Basis.ENERGY for charge in rules.charges)
    keyless = _first(not can_own(charge.payee) for charge in rules.charges)
    stated = keyless is not None and keyless < own
    name = "" if keyless is None else rules.charges[keyless].name
    return (
        (
            len(rules.charges) > CHARGES_MAX,
            "charges",
            f"with the ledger's levies there are {len(rules.charges)}; {CHARGES_MAX} is the most",
        ),
        (
            holdings and by_energy is not None,
            f"charges[{by_energy}].basis",
            "only energy is charged by the watt-hour; charge holdings by their value",
        ),
        (
            keyless is not None,
            f"charges[{keyless}].payee" if stated else "charges",
            f"nobody could spend what {name!r} brings; name a key that signs, or a vault",
        ),
    )


def _of_subject(rules: MarketRules, sectors: tuple[str, ...]) -> tuple[Problem, ...]:
    """Return what may be wrong with fields that only energy has, or only holdings."""
    energy = rules.subject is Subject.ENERGY
    central = rules.counterparty is Counterparty.CENTRAL
    known = ", ".join(sectors)
    return (
        (
            energy and rules.sector not in sectors,
            "sector",
            f"nothing is measured in {rules.sector!r}; the ledger has {known}",
        ),
        (
            energy and rules.goods != "",
            "goods",
            "no contract keeps energy; leave it empty",
        ),
        (
            energy and rules.collateral > 0,
            "collateral",
            "who sells energy deposits what a shortfall costs; state 0",
        ),
        (energy and central, "counterparty", "energy is settled between two orders; state named"),
        (not energy and rules.sector != "", "sector", "holdings are in none; leave it empty"),
        (not energy and rules.goods == "", "goods", "name the contract that keeps the holdings"),
        (not energy and rules.claims, "claims", "only energy has certificates; state false"),
        (
            central and rules.trading is not Trading.CALL,
            "counterparty",
            "a central one needs call auctions; state named, or trading by call",
        ),
    )


def _first(wrong: Iterable[bool]) -> int | None:
    """Return the place of the first that is wrong, or nothing."""
    return next((place for place, each in enumerate(wrong) if each), None)
