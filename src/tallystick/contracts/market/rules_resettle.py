"""
The rule that settles anew what was settled on readings that have changed since.

The old lines stay where they are. What changed is posted as signed differences, for the touched
fills only, to the statement of their period, or to the next one that is still open. Certificates
do not move: correcting the measurement has seen to them.
"""

from typing import NamedTuple

from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import PublicKey
from tallystick.core.context import Context

from .commands import Resettle
from .deals import settled_deals
from .deliveries import Delivery, measured_again, outcome_of, settled_of
from .errors_orders import ValueTooLarge
from .errors_settlement import FillIsNotOfEnergy, NothingChanged
from .events_settlement import LineKind, MarketCorrected
from .model import MarketRules, Participant, Settled, Statement, Subject, participant_id
from .payments import even_out, pay_out
from .statements import Line, ensured, open_for, post


class Difference(NamedTuple):
    """What a correction means to one side of a fill."""

    owner: PublicKey
    """The account."""

    lines: list[Line]
    """The differences of the lines that the fill has on that side."""

    gain: int
    """What the account gets back; what it owes if negative. [minor units of money]"""


class Correction(NamedTuple):
    """A fill that is settled anew."""

    delivery: Delivery
    """The fill with the readings of today."""

    before: Settled
    """What it had come to."""

    after: Settled
    """What it comes to now."""

    differences: tuple[Difference, Difference]
    """What that means to the buyer, and to the seller."""


def resettle(context: Context, command: Resettle) -> None:
    """
    Post the differences that changed readings make.

    What was cut stays cut: availabilities and outages count as they stood at the settlement. Who
    gains is paid at once from the balancing account; who loses owes it, because its money is no
    longer locked. Anybody may settle anew.
    """
    # READ
    deals = settled_deals(context, command.fills)
    # CHECK
    for deal in deals:
        if deal.rules.subject is not Subject.ENERGY:
            raise FillIsNotOfEnergy(deal.id, place=deal.place)
    corrections = []
    for deal in deals:
        settled = deal.fill.settled
        if settled is not None:
            delivery = measured_again(context, deal, settled)
            corrections.append(_correction(context, delivery, settled))
    # WRITE
    for correction in corrections:
        _post(context, correction)


def owe(context: Context, statement: Statement, *, amount: int, field: str) -> None:
    """Let a statement's account owe so much more to its market; refuse what is no amount."""
    id = participant_id(statement.market, statement.owner)
    known = context.read(Participant, id) or Participant(admitted=False, suspended=False, due=0)
    total = max(known.due, statement.owed) + amount
    if total > AMOUNT_MAX:
        raise ValueTooLarge(total, field=field)
    context.write(id, replace(known, due=known.due + amount))


def _correction(context: Context, delivery: Delivery, before: Settled) -> Correction:
    """Return what has changed; refuse if nothing has, or if no statement can take it."""
    deal = delivery.deal
    after = settled_of(delivery, outcome_of(delivery), claimed_wh=before.claimed_wh)
    if after == before:
        raise NothingChanged(deal.id, place=deal.place)
    paid = after.buyer_pays - before.buyer_pays
    consumed_wh = after.consumed_wh - before.consumed_wh
    got = after.seller_gets - before.seller_gets
    delivered_wh = after.delivered_wh - before.delivered_wh
    short = after.seller_pays - before.seller_pays
    bought = [Line(LineKind.PURCHASE, paid, consumed_wh)] if paid or consumed_wh else []
    sold = [Line(LineKind.SALE, got, delivered_wh)] if got or delivered_wh else []
    if short:
        sold.append(Line(LineKind.SHORTFALL, short))
    return Correction(
        delivery,
        before,
        after,
        (
            _difference(context, delivery, delivery.buyer.position.owner, bought, gain=-paid),
            _difference(context, delivery, delivery.seller.position.owner, sold, gain=got - short),
        ),
    )


def _difference(
    context: Context, delivery: Delivery, owner: PublicKey, lines: list[Line], *, gain: int
) -> Difference:
    """Return what one side's statement takes; refuse if there is something and none is open."""
    deal = delivery.deal
    if lines:
        field = f"fills[{deal.place}]"
        open_for(context, deal.market, deal.rules, owner, product=deal.product, field=field)
    if gain > 0:
        lines = [*lines, Line(LineKind.RETURNED, gain)]
    elif gain < 0:
        lines = [*lines, Line(LineKind.OWED, -gain)]
    return Difference(owner, lines, gain)


def _post(context: Context, correction: Correction) -> None:
    """Pay and post what a correction means to both sides."""
    deal = correction.delivery.deal
    market, rules = deal.market, deal.rules
    context.write(deal.id, replace(deal.fill, settled=correction.after))
    context.emit(MarketCorrected(deal.id, correction.before, correction.after))
    gains = sum(max(0, each.gain) for each in correction.differences)
    even_out(context, market, rules, amount=-gains)
    for each in correction.differences:
        if each.lines:
            found = open_for(context, market, rules, each.owner, product=deal.product)
            statement = ensured(context, market, each.owner, found)
            _pay(context, rules, each, statement=statement, field=f"fills[{deal.place}]")
            lines = [line._replace(fill=deal.id) for line in each.lines]
            post(context, found.id, statement, lines)


def _pay(
    context: Context,
    rules: MarketRules,
    difference: Difference,
    *,
    statement: Statement,
    field: str,
) -> None:
    """
    Pay an account what it gains, or let it owe what it loses.

    Corrections of corrections add up without end, so what they come to is held against an amount.
    """
    gain = difference.gain
    if gain < 0:
        owe(context, statement, amount=-gain, field=field)
    elif statement.returned + gain > AMOUNT_MAX:
        raise ValueTooLarge(statement.returned + gain, field=field)
    else:
        pay_out(context, statement.market, rules, difference.owner, amount=gain)
