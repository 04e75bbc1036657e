"""
One swap while it lasts: what a party knows of it, what is due, and what an answer means.

What a node says counts as far as it fits the terms: a lock that was not made as agreed is none, and
a preimage is held against the digest before it counts as public.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from msgspec import Struct, structs

from tallystick.base.identifiers import LedgerId, RecordId
from tallystick.contracts.exchange.model import HashLock, HashLockState
from tallystick.contracts.exchange.views import HashLockView
from tallystick.core.errors import NonceUsedBefore, Unavailable
from tallystick.core.node import Answer
from tallystick.core.receipt import Receipt

from .entries import Leg, Terms
from .facts import Facts
from .joint_change import Refusal
from .pausing import Pause
from .setbacks import refusal_of
from .swap import GiveBack, Pay, PutLock, Role, Side, SwapOutcome, SwapSeen, SwapStep, leg_of

KERNEL: Final = "kernel"


class SwapEnd(Struct, frozen=True):
    """How a swap ended for a party."""

    outcome: SwapOutcome
    """What came of it."""

    refusal: Refusal | None
    """Why its own lock could not be made, or the other's was not believed."""


@dataclass
class Swap:
    """One swap, while it lasts; the representation leaves the preimage out."""

    terms: Terms
    """What was agreed."""
    role: Role
    """Which party this is."""
    preimage: bytes
    """The secret; empty until it is known."""
    ids: dict[Side, RecordId]
    """Under which ids the locks stand."""
    refusal: Refusal | None = None
    """Why something was refused, or not believed, when it was tried last."""
    refused: bool = False
    """Whether one's own lock can't be made."""
    pause: Pause = field(default_factory=Pause)
    """How long nothing is tried."""

    def __repr__(self) -> str:
        return f"Swap({self.role.value}, {self.terms.digest.hex()})"

    def rest(self, now: int) -> None:
        """Leave it alone for longer than before, but not until its next deadline. [ms, UTC]"""
        deadlines = (self.terms.follow.until, self.terms.lead.until)
        until = min((each for each in deadlines if each > now), default=0)
        self.pause.lengthen(now=now, until=until)

    def stay(self, error: Exception, now: int) -> None:
        """Rest because its end is not proven, and keep why unless there was a reason before."""
        self.refusal = self.refusal or refusal_of(self.terms.lead.ledger, error)
        if not isinstance(error, OSError | Unavailable):
            self.rest(now)

    def set_back(self, error: Exception, now: int) -> None:
        """Keep why nothing can be done, and rest; who is only away has refused nothing."""
        self.refusal = refusal_of(self.terms.lead.ledger, error)
        if not isinstance(error, OSError | Unavailable):
            self.rest(now)


@dataclass(frozen=True)
class Due:
    """What is to be done for a swap, and why."""

    swap: Swap
    """Which."""
    step: SwapStep
    """What."""
    seen: SwapSeen
    """What the ledgers said."""
    raw: bytes = field(default=b"", repr=False)
    """The transaction that does it, once it is signed; it may hold the preimage."""

    @property
    def guard(self) -> Side | None:
        """Return which lock must be proven before it, if one must."""
        return needs_proof(self.swap, self.step)

    @property
    def ledger(self) -> LedgerId:
        """Return where it is done."""
        if not isinstance(self.step, PutLock | Pay | GiveBack):
            raise TypeError(f"{type(self.step).__name__} is done nowhere")
        return leg_of(self.swap.terms, self.step.side).ledger


def needs_proof(swap: Swap, step: SwapStep) -> Side | None:
    """Return which lock must be proven before a step, if one must."""
    if isinstance(step, PutLock) and step.side is Side.FOLLOW:
        return Side.LEAD
    if isinstance(step, Pay) and step.side is Side.FOLLOW and swap.role is Role.LEADER:
        return Side.FOLLOW
    return None


def sides_to_prove(swap: Swap, outcome: SwapOutcome) -> tuple[Side, ...]:
    """
    Return whose locks must be proven before a swap ends so.

    Whoever has nothing at stake any more proves that; who was paid, that; who lost, both.
    """
    own, other = (Side.LEAD, Side.FOLLOW)
    if swap.role is Role.FOLLOWER:
        own, other = other, own
    match outcome:
        case SwapOutcome.NOTHING | SwapOutcome.REFUNDED:
            return (own,)
        case SwapOutcome.SWAPPED:
            return (other,)
        case SwapOutcome.LOST:
            return (own, other)


def proven_sight(swap: Swap, seen: SwapSeen, facts: Facts, sides: Sequence[Side]) -> SwapSeen:
    """
    Return what is seen of a swap, with what ledgers prove of some sides in place of what was said.

    A ledger's proven time is that of its latest block, which stands still while nothing happens:
    then the party's own counts. Raises why something is not proven.
    """
    for side in sides:
        leg = leg_of(swap.terms, side)
        found, time = facts.record((leg.ledger, swap.ids[side]), HashLock)
        state = state_of(swap, leg, found)
        time = max(time, seen.own_time or 0)
        if side is Side.LEAD:
            seen = structs.replace(seen, lead=state, lead_time=time)
        else:
            seen = structs.replace(seen, follow=state, follow_time=time)
    return seen


def state_of(swap: Swap, leg: Leg, found: HashLock | HashLockView | None) -> HashLockState | None:
    """Return the state of a lock that was made as agreed, keeping its preimage if it is shown."""
    if found is None or not is_agreed(swap.terms, leg, found):
        return None
    if found.state is HashLockState.REDEEMED:
        if sha256(found.preimage).digest() != swap.terms.digest:
            return None
        swap.preimage = found.preimage
    return found.state


def is_agreed(terms: Terms, leg: Leg, found: HashLock | HashLockView) -> bool:
    """Tell whether a lock is the one that the terms say."""
    made = (found.contract, found.holding, found.amount, found.beneficiary, found.until)
    agreed = (leg.contract, leg.holding, leg.amount, leg.beneficiary, leg.until)
    return found.digest == terms.digest and made == agreed


def is_open(found: HashLock) -> bool:
    """Tell whether a lock waits."""
    return found.state is HashLockState.OPEN


def take_in(due: Due, answer: Answer, now: int) -> bool:
    """Keep why one's own lock could not be made; tell whether the ledger is further on."""
    swap = due.swap
    if isinstance(answer, Receipt) and answer.accepted:
        swap.pause.end()
        return True
    if isinstance(answer, Unavailable):
        return False
    if not isinstance(answer, Receipt):
        swap.refusal = Refusal(due.ledger, "", 0, str(answer))
        swap.rest(now)
        return False
    outcome = answer.outcome
    if outcome.contract == KERNEL and outcome.code == NonceUsedBefore.code:
        swap.pause.end()
        return True  # It was made before, by a twin or before a crash.
    if isinstance(due.step, PutLock):
        swap.refusal = Refusal(due.ledger, outcome.contract, outcome.code, answer.message)
        swap.refused = True
        swap.pause.end()
        return True
    swap.rest(now)
    return False
