"""
The rules by which a contract takes hold of a benefit, lets go, and moves it.

An owner may hand a benefit to a contract directly, as every holding. A purchase needs no signature
of the owner, who agreed by offering: `buy` reserves the benefit for one change, and exchange alone,
under that change's id, may then take hold.
"""

from msgspec.structs import replace

from tallystick.base.identifiers import RecordId
from tallystick.core.context import Context
from tallystick.core.holding import Lock, Move, Release

from .checks import benefit_at, check_owned
from .errors import (
    BenefitIsOneThing,
    CallerIsNoContract,
    HoldMayNotLapse,
    HoldNotFound,
    OwnerHasNotSigned,
)
from .events import BenefitRefunded, Cause
from .model import Benefit, BenefitState, Deal, Hold
from .passing import book, count_reservation, end, give_up, hand_over, let_go, take_hold
from .standing import acts_for

HOLDING = "holding"
"""How the commands of every contract call what they hold, let go and move."""


def lock(context: Context, command: Lock) -> None:
    """Take hold of a benefit, as its owner signs or as `buy` has just reserved it."""
    # READ
    benefit = benefit_at(context, command.holding, field=HOLDING)
    agreed = _agreed(context, benefit, command)
    # CHECK
    if agreed is None and not acts_for(context, benefit.owner):
        raise OwnerHasNotSigned(benefit.owner, field=HOLDING)
    if not context.caller:
        raise CallerIsNoContract
    if agreed is None:
        check_owned(context, command.holding, benefit, field=HOLDING)
    if command.until:
        raise HoldMayNotLapse(command.until)
    if command.amount > 1:
        raise BenefitIsOneThing(command.amount)
    # WRITE
    if agreed is not None:
        context.write(command.holding, replace(benefit, hold=replace(agreed, held=True)))
    else:
        hold = Hold(context.caller, command.lock_id, held=True, before=benefit.state, deal=None)
        take_hold(context, command.holding, benefit, hold)


def release(context: Context, command: Release) -> None:
    """Let a benefit stand as it did before it was held; who gave it up lets others have it."""
    # READ
    benefit = benefit_at(context, command.holding, field=HOLDING)
    # CHECK
    hold = _hold_of(context, benefit, command)
    if command.amount > 1:
        raise BenefitIsOneThing(command.amount)
    # WRITE
    let_go(context, command.holding, benefit, hold)
    if hold.deal is not None and hold.deal.buyer is not None:
        give_up(context, command.holding, hold.deal.buyer)


def move(context: Context, command: Move) -> None:
    """
    Hand a held benefit to another owner, and book what is owed for it.

    Nothing is asked about the new owner now: what was decided takes effect, whoever left meanwhile.
    """
    # READ
    benefit = benefit_at(context, command.holding, field=HOLDING)
    # CHECK
    hold = _hold_of(context, benefit, command)
    if command.amount > 1:
        raise BenefitIsOneThing(command.amount)
    # WRITE
    if hold.deal is None:
        hand_over(
            context,
            command.holding,
            benefit,
            target=command.target,
            employer=None,
            cause=Cause.EXCHANGED,
        )
    elif hold.deal.buyer is None:
        _take_back(context, command.holding, benefit, hold.deal)
    else:
        count_reservation(context, hold.deal.buyer, by=-1)
        _sell(context, command.holding, benefit, hold.deal)


def _sell(context: Context, id: RecordId, benefit: Benefit, deal: Deal) -> None:
    """Hand a benefit to its buyer; the buyer's company owes the seller's."""
    hand_over(
        context,
        id,
        benefit,
        target=deal.taker,
        employer=deal.company,
        cause=Cause.BOUGHT,
        price=deal.price,
    )
    book(
        context,
        debtor=deal.company,
        creditor=benefit.employer or benefit.company,
        amount=deal.price,
    )


def _take_back(context: Context, id: RecordId, benefit: Benefit, deal: Deal) -> None:
    """End a refunded benefit; the company that left owes the one that paid its holder."""
    revoked = end(context, id, benefit, BenefitState.REFUNDED)
    book(context, debtor=benefit.company, creditor=deal.company, amount=deal.price)
    context.emit(BenefitRefunded(id, benefit.owner, deal.price, revoked))


def _agreed(context: Context, benefit: Benefit, command: Lock) -> Hold | None:
    """Return the hold that this ledger has just written for the caller, and that waits for it."""
    hold = benefit.hold
    if hold is None or hold.held:
        return None
    return hold if (hold.holder, hold.lock_id) == (context.caller, command.lock_id) else None


def _hold_of(context: Context, benefit: Benefit, command: Release | Move) -> Hold:
    """Return the hold under which the caller has a benefit."""
    hold = benefit.hold
    if hold is None or (hold.holder, hold.lock_id) != (context.caller, command.lock_id):
        raise HoldNotFound(context.caller, command.lock_id)
    return hold
