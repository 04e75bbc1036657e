"""
Oakfield sells its surplus to Millbrook: tokens on one ledger against money on the other.

Neither ledger knows the other's money or tokens. Each community locks what it gives under one hash;
who shows the preimage to be paid lets the other be paid, too.
"""

from dataclasses import dataclass
from typing import Final

from tallystick.base.identifiers import LedgerId
from tallystick.client.foreign import recognised_by, trust_of
from tallystick.client.ledger import Ledger
from tallystick.coordination.entries import Leg
from tallystick.coordination.signing import Secrets
from tallystick.coordination.swap import Assumptions, SwapOutcome, propose
from tallystick.coordination.swapper import Swapper
from tallystick.core.foreign import Trust
from tallystick.core.holding import holding_id

from .communities_cast import Key
from .communities_days import Days
from .communities_desk import Desk

PRICE: Final = 90
"""What Millbrook pays. [millionths of a euro per Wh]"""
STEPS_MAX: Final = 50
LASTING_MILLISECONDS: Final = 3_600_000
ASSUMED: Final = Assumptions(
    finality_lead=1_000, finality_follow=1_000, clock_skew=2_000, claim=600_000
)


@dataclass(frozen=True, slots=True)
class Sale:
    """What changed hands."""

    sold_wh: int
    """What Oakfield gave. [Wh]"""
    price: int
    """What Millbrook gave. [millionths of a euro]"""
    outcomes: tuple[SwapOutcome, SwapOutcome]
    """How it ended for Oakfield, and for Millbrook."""
    blocks: tuple[int, int]
    """How many blocks it took on Oakfield's ledger, and on Millbrook's."""


def sell(days: Days, millbrook: Desk) -> Sale:
    """Sell all that lies in Oakfield's treasury."""
    oakfield = days.desk
    seller, buyer = oakfield.office("treasury"), millbrook.office("treasury")
    sold_wh = oakfield.spendable(days.energy, seller)
    price = sold_wh * PRICE
    lead = Leg(
        ledger=oakfield.ledger.id,
        contract="asset",
        holding=holding_id(days.energy, seller.public),
        amount=sold_wh,
        owner=seller.public,
        beneficiary=buyer.public,
        until=0,
    )
    follow = Leg(
        ledger=millbrook.ledger.id,
        contract="asset",
        holding=holding_id(millbrook.money, buyer.public),
        amount=price,
        owner=buyer.public,
        beneficiary=seller.public,
        until=0,
    )
    terms, preimage = propose(
        lead,
        follow,
        now=oakfield.ledger.now(),
        lasting=LASTING_MILLISECONDS,
        assumptions=ASSUMED,
    )
    before = oakfield.height, millbrook.height
    ledgers = {each.ledger.id: each.ledger for each in (oakfield, millbrook)}
    voted = voted_trust(oakfield.ledger, millbrook.ledger.id)
    leader = _party(ledgers, (trust_of(oakfield.ledger), voted), seller)
    follower = _party(ledgers, (trust_of(oakfield.ledger), trust_of(millbrook.ledger)), buyer)
    swap = leader.lead(terms, preimage)
    follower.follow(terms)
    for _ in range(STEPS_MAX):
        if not (leader.open or follower.open):
            break
        if not (leader.step() | follower.step()):
            days.clock.milliseconds = terms.lead.until  # Nobody goes on: what is locked comes back.
    return Sale(
        sold_wh=sold_wh,
        price=price,
        outcomes=(leader.ended[swap].outcome, follower.ended[swap].outcome),
        blocks=(oakfield.height - before[0], millbrook.height - before[1]),
    )


def voted_trust(ledger: Ledger, other: LedgerId) -> Trust:
    """Return by which keys a community has decided to believe another's ledger."""
    return recognised_by(ledger, other).trust


def _party(ledgers: dict[LedgerId, Ledger], trusts: tuple[Trust, Trust], owner: Key) -> Swapper:
    """Return who swaps for a treasury, and believes both ledgers by these keys."""
    pinned = {trust.ledger: trust for trust in trusts}
    return Swapper(ledgers, pinned, Secrets([owner.secret]), assumptions=ASSUMED)
