"""
The rules that end a billing period: close levies its charges, pay clears what is owed.

A period is billed when it is over, its late readings have been waited for, and every fill of the
account is settled. Each charge is computed once, from the whole period, and rounded down: what is
rounded away stays with the consumer, once a period and not once a trade.
"""

from collections import Counter
from typing import NamedTuple

from msgspec.structs import replace

from tallystick.base.identifiers import Hash, LockId, PublicKey, RecordId
from tallystick.core.context import Context

from .commands import Close, Pay
from .errors_orders import MarketNotFound, SignerIsNotOwner
from .errors_settlement import (
    FillsStillOpen,
    NotDue,
    PeriodNotFound,
    PeriodNotOver,
    StatementClosedAlready,
    StatementNotFound,
)
from .events_settlement import DuePaid, LineKind, StatementClosed
from .model import Market, MarketRules, Participant, Statement, participant_id, statement_id
from .payments import even_out, pay_due, pay_out
from .rules_resettle import owe
from .statements import Line, charges_on, post


class Closing(NamedTuple):
    """A statement that is closed, and what its charges come to."""

    id: RecordId
    """The statement's id."""

    statement: Statement
    """The statement."""

    charges: tuple[int, ...]
    """What each charge comes to. [minor units of money]"""

    lacking: int
    """What the charges come to beyond the reserve. [minor units of money]"""

    rest: int
    """What they leave of the reserve. [minor units of money]"""


def close(context: Context, command: Close) -> None:
    """
    Close statements of a period: levy its charges, rounded once, and pay out what is left.

    The reserve covers the charges, unless a correction of an earlier period has raised them: then
    the balancing account pays the payees, and the account owes it. Anybody may close.
    """
    # READ
    market = context.read(Market, command.market)
    # CHECK
    if market is None:
        raise MarketNotFound(command.market)
    rules, period = market.rules, command.period
    if period >= len(rules.periods) - 1:
        raise PeriodNotFound(period, len(rules.periods) - 1)
    closes_at = (rules.periods[period + 1] + rules.settlement_delay) * 1_000
    if context.time < closes_at:
        raise PeriodNotOver(period, closes_at)
    closings = _closings(context, command, rules)
    # COMPUTE
    payees: Counter[PublicKey] = Counter()
    for closing in closings:
        for charge, amount in zip(rules.charges, closing.charges, strict=True):
            payees[charge.payee] += amount
    lacking = sum(closing.lacking for closing in closings)
    # WRITE
    even_out(context, command.market, rules, amount=-lacking, field="market")
    for payee, amount in payees.items():
        pay_out(context, command.market, rules, payee, amount=amount)
    for closing in closings:
        _close(context, command.market, rules, closing)


def pay(context: Context, command: Pay) -> None:
    """
    Pay what corrections left an account owing.

    Those who gained by them have been paid from the balancing account, so that is where it goes.
    """
    # READ
    market = context.read(Market, command.market)
    id = participant_id(command.market, command.owner)
    participant = context.read(Participant, id)
    # CHECK
    if market is None:
        raise MarketNotFound(command.market)
    if command.owner not in context.signers:
        raise SignerIsNotOwner(command.owner)
    if participant is None or not 1 <= command.amount <= participant.due:
        raise NotDue(command.amount, 0 if participant is None else participant.due)
    # COMPUTE
    due = participant.due - command.amount
    # WRITE
    pay_due(
        context,
        command.market,
        market.rules,
        command.owner,
        lock_id=LockId(Hash(id)),
        amount=command.amount,
    )
    context.write(id, replace(participant, due=due))
    context.emit(DuePaid(command.market, command.owner, command.amount, due))


def _closings(context: Context, command: Close, rules: MarketRules) -> list[Closing]:
    """Return the statements to be closed, or refuse them."""
    found = []
    for place, owner in enumerate(command.owners):
        id = statement_id(command.market, owner, command.period)
        statement = context.read(Statement, id)
        if statement is None:
            raise StatementNotFound(owner, command.period, field=f"owners[{place}]")
        found.append((id, statement))
    seen = set()
    for place, (id, statement) in enumerate(found):
        if statement.closed_at or id in seen:
            raise StatementClosedAlready(id, place=place)
        seen.add(id)
    for place, (id, statement) in enumerate(found):
        if statement.open_fills:
            raise FillsStillOpen(id, statement.open_fills, place=place)
    return [_closing(id, statement, rules) for id, statement in found]


def _closing(id: RecordId, statement: Statement, rules: MarketRules) -> Closing:
    """Return what a statement's charges come to."""
    charges = charges_on(rules, statement)
    excess = sum(charges) - statement.reserved
    return Closing(id, statement, charges, max(0, excess), max(0, -excess))


def _close(context: Context, market: RecordId, rules: MarketRules, closing: Closing) -> None:
    """Post a statement's last lines, and pay back what is left of its reserve."""
    owner = closing.statement.owner
    lines = [
        Line(LineKind.CHARGE, amount, name=charge.name)
        for charge, amount in zip(rules.charges, closing.charges, strict=True)
    ]
    if closing.lacking:
        lines.append(Line(LineKind.OWED, closing.lacking))
        owe(context, closing.statement, amount=closing.lacking, field="owners")
    if closing.rest:
        lines.append(Line(LineKind.REST, closing.rest))
        pay_out(context, market, rules, owner, amount=closing.rest)
    final = replace(closing.statement, charges=closing.charges, closed_at=context.time)
    post(context, closing.id, final, lines)
    context.emit(StatementClosed(closing.id, closing.charges, closing.rest))
