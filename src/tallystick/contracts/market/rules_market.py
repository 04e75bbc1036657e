"""The rules by which an operator opens a market and says who trades in it."""

from itertools import pairwise
from typing import Final

from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX, SECONDS_MAX
from tallystick.base.identifiers import RecordId
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


def open_market(context: Context, command: commands.Open) -> None:
    """
    Open a market under rules that are stated once and never change.

    The ledger's levies of that moment are among them.
    """
    # READ
    levies = context.parameters(MarketParameters).levies
    rules = _with_levies(command.rules, levies)
    sectors = context.parameters(MeasurementParameters).sectors
    # CHECK
    if not authorised(context, Role.MARKET_OPERATOR, command.name):
        raise SignerIsNotOperator(command.name)
    problem = _problem(rules, sectors)
    if problem is not None:
        raise RulesContradict(problem)
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
        raise SignerIsNotOperator(market.name)


def _with_levies(rules: MarketRules, levies: tuple[Charge, ...]) -> MarketRules:
    """Return rules with the ledger's levies behind the market's own charges, as far as they fit."""
    energy = rules.subject is Subject.ENERGY
    fitting = tuple(each for each in levies if energy or each.basis is not Basis.ENERGY)
    return replace(rules, charges=(*rules.charges, *fitting))


def _problem(rules: MarketRules, sectors: tuple[str, ...]) -> str | None:
    """Say what does not fit together in a market's rules, or nothing."""
    price_max = price_of(rules, rules.levels - 1)
    last = rules.periods[-1] + max(rules.lengths) + rules.settlement_delay
    energy = rules.subject is Subject.ENERGY
    by_energy = any(charge.basis is Basis.ENERGY for charge in rules.charges)
    keyless = next((each.name for each in rules.charges if not can_own(each.payee)), None)
    central = rules.counterparty is Counterparty.CENTRAL
    problems = (
        (len(rules.charges) > CHARGES_MAX, "with levies there are too many charges"),
        (price_max > AMOUNT_MAX, f"the highest price is {price_max}"),
        (rules.feed_in_floor > price_max, "the feed-in floor is above the highest price"),
        (rules.excess_price > rules.price_min, "excess is worth more than the lowest price"),
        (any(a >= b for a, b in pairwise(rules.periods)), "periods do not ascend"),
        (last + SETTLEMENT_SECONDS_MAX > SECONDS_MAX, "the last period ends too late"),
        (energy and rules.sector not in sectors, f"nothing is measured in {rules.sector!r}"),
        (energy and rules.goods != "", "energy is kept by no contract"),
        (energy and rules.collateral > 0, "sellers of energy deposit what a shortfall costs"),
        (energy and central, "energy is settled between named orders"),
        (not energy and rules.sector != "", "holdings are in no sector"),
        (not energy and rules.goods == "", "no contract keeps the holdings"),
        (not energy and rules.claims, "certificates are claimed for energy only"),
        (not energy and by_energy, "only energy is charged by the watt-hour"),
        (keyless is not None, f"nobody could ever spend what {keyless!r} brings its payee"),
        (central and rules.trading is not Trading.CALL, "a central counterparty needs an auction"),
    )
    return next((sentence for wrong, sentence in problems if wrong), None)
