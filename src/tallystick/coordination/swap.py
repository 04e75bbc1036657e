"""
What a party to a swap does next, given what the ledgers say.

Two things move in opposite directions, each on its own ledger, by hash-time locks. The leader draws
a preimage and locks first; the follower locks second; the leader shows the preimage to take what
the follower locked; whoever sees it there can pay the follower. Everything here is pure but the
drawing of the preimage, and `swapper.py` carries it out:

    terms, preimage = propose(lead, follow, now=…, lasting=…, assumptions=…)

    leader = Swapper(ledgers, trusts, Secrets([her_secret]), diary, assumptions=…)
    follower = Swapper(ledgers, trusts, Secrets([his_secret]), his_diary, assumptions=…)
    swap = leader.lead(terms, preimage)      # the digest, by which both know the swap
    follower.follow(terms)                   # raises `DeadlinesOutOfOrder` if they are
    leader.step(), follower.step(), …        # or run(), each in its own process
    leader.ended[swap].outcome is SwapOutcome.SWAPPED

The ids of both locks follow from the terms, so a lock that is sent twice is made once. What counts
is the block time of each ledger: a lock is paid before its `until` and given back from it on. So
the leader's own lock must outlast the follower's by the finality of both ledgers, the skew of their
clocks and the time to claim, or the follower could learn the preimage too late to use it.
"""

import secrets
from enum import Enum
from hashlib import sha256
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from tallystick.base.encoding import encode
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import Hash, RecordId
from tallystick.contracts.exchange.commands import LockHash
from tallystick.contracts.exchange.model import CONTRACT_NAME, PREIMAGE_BYTES, HashLockState
from tallystick.core.context import derived_id
from tallystick.core.transaction import NONCE_BYTES

from .entries import Leg, Terms

TAG_LOCK_NONCE: Final = b"tallystick/swap/lock-nonce/1"


class DeadlinesOutOfOrder(ValueError):
    """The leader's lock doesn't outlast the follower's by what was assumed."""

    def __init__(self, lead_until: int, follow_until: int, margin: int) -> None:
        """Say what is missing."""
        super().__init__(
            f"the leader's lock ends {lead_until - follow_until} ms after the follower's, "
            f"it must end {margin} ms after it"
        )
        self.margin = margin


class Assumptions(Struct, frozen=True, kw_only=True):
    """What is assumed of the ledgers and of oneself; a swap is safe as long as it holds."""

    finality_lead: int
    """How long until nothing can undo what the leader's ledger recorded. [ms]"""

    finality_follow: int
    """The same for the follower's ledger. [ms]"""

    clock_skew: int
    """By how much the times of the ledgers, and of the parties, differ at most. [ms]"""

    claim: int
    """How long it takes a party, or its watchtower, to notice and to claim. [ms]"""

    @property
    def margin(self) -> int:
        """Return by how much the leader's lock must outlast the follower's. [ms]"""
        return self.finality_lead + self.finality_follow + self.clock_skew + self.claim

    @property
    def reveal(self) -> int:
        """Return how long before the end of the follower's lock the preimage is last shown. [ms]"""
        return self.finality_follow + self.clock_skew + self.claim


class Side(Enum):
    """One of the two locks."""

    LEAD = "lead"
    """The leader's, made first."""

    FOLLOW = "follow"
    """The follower's."""


class Role(Enum):
    """One of the two parties."""

    LEADER = "leader"
    """Knows the preimage."""

    FOLLOWER = "follower"
    """Learns it."""


class SwapOutcome(Enum):
    """How a swap ended for a party."""

    SWAPPED = "swapped"
    """What was asked for has been paid."""

    REFUNDED = "refunded"
    """What was given is back."""

    NOTHING = "nothing"
    """Nothing was ever locked."""

    LOST = "lost"
    """What was given is gone and what was asked for is not there: an assumption did not hold."""


class SwapSeen(Struct, frozen=True):
    """What the ledgers say of a swap."""

    lead: HashLockState | None
    """The leader's lock; nothing while there is none with these terms."""

    follow: HashLockState | None
    """The follower's."""

    lead_time: int
    """The time of the leader's ledger, as is said and proven. [ms since the epoch, UTC]"""

    follow_time: int
    """The same for the follower's. [ms since the epoch, UTC]"""

    own_time: int | None = None
    """The party's own time, if it has a clock. [ms since the epoch, UTC]"""

    @property
    def latest_time(self) -> int:
        """
        Return the time by which there must be enough of it left. [ms since the epoch, UTC]

        A node may say of its ledger's time what helps the other party, so there must be enough by
        every clock.
        """
        return max(self.follow_time, self.own_time or 0)

    @property
    def earliest_time(self) -> int:
        """Return the time against which the leader's ledger is ahead. [ms since the epoch, UTC]"""
        return self.follow_time if self.own_time is None else min(self.follow_time, self.own_time)


class PutLock(Struct, frozen=True):
    """Make one's own lock; the follower's only once the leader's is proven final."""

    side: Side
    """Which."""


class Pay(Struct, frozen=True):
    """Show the preimage on a ledger; for the first time only if that lock is proven final."""

    side: Side
    """Which lock is paid."""


class GiveBack(Struct, frozen=True):
    """Refund a lock whose time has come."""

    side: Side
    """Which."""


class SwapWait(Struct, frozen=True):
    """Nothing can be done now."""

    until: int
    """When something will be at the latest. [ms since the epoch, UTC]"""


class SwapOver(Struct, frozen=True):
    """Nothing is left to do for this party."""

    outcome: SwapOutcome
    """How it ended."""


SwapStep = PutLock | Pay | GiveBack | SwapWait | SwapOver


def propose(
    lead: Leg, follow: Leg, *, now: int, lasting: int, assumptions: Assumptions
) -> tuple[Terms, bytes]:
    """
    Draw a preimage and return terms with their deadlines, and the preimage, which is secret.

    The follower's lock lasts so long from now [ms], the leader's by the margin longer.
    """
    preimage = secrets.token_bytes(PREIMAGE_BYTES)
    until = now + lasting
    terms = Terms(
        digest=Hash(sha256(preimage).digest()),
        lead=replace(lead, until=until + assumptions.margin),
        follow=replace(follow, until=until),
    )
    return terms, preimage


def check_deadlines(terms: Terms, assumptions: Assumptions) -> None:
    """Refuse terms whose deadlines leave too little between them: `DeadlinesOutOfOrder`."""
    lead, follow = terms.lead.until, terms.follow.until
    if lead < follow + assumptions.margin:
        raise DeadlinesOutOfOrder(lead, follow, assumptions.margin)


def leg_of(terms: Terms, side: Side) -> Leg:
    """Return what is given on one side."""
    return terms.lead if side is Side.LEAD else terms.follow


def lock_nonce(terms: Terms, side: Side) -> bytes:
    """
    Return the nonce of the transaction that makes a lock.

    It follows from the terms, so that making a lock twice makes one lock. The digest in them is
    random, so no other swap has the same.
    """
    name = str(side.value).encode()
    return tagged_hash(TAG_LOCK_NONCE, encode(terms), name)[:NONCE_BYTES]


def lock_id(terms: Terms, side: Side) -> RecordId:
    """Return under which id a lock stands once it is made."""
    owner = leg_of(terms, side).owner
    nonce = lock_nonce(terms, side)
    return derived_id(CONTRACT_NAME, (owner,), nonce=nonce, ordinal=0, n=0)


def lock_command(terms: Terms, side: Side) -> LockHash:
    """Return the command that makes a lock."""
    leg = leg_of(terms, side)
    return LockHash(
        contract=leg.contract,
        holding=leg.holding,
        amount=leg.amount,
        digest=terms.digest,
        beneficiary=leg.beneficiary,
        until=leg.until,
    )


def next_swap_step(
    terms: Terms, seen: SwapSeen, role: Role, assumptions: Assumptions, *, refused: bool = False
) -> SwapStep:
    """Return what a party does next; `refused` tells whether its own lock could not be made."""
    if role is Role.LEADER:
        return _leader(terms, seen, assumptions, refused=refused)
    return _follower(terms, seen, assumptions, refused=refused)


def _leader(terms: Terms, seen: SwapSeen, assumptions: Assumptions, *, refused: bool) -> SwapStep:
    """Return what whoever knows the preimage does next."""
    match seen.lead:
        case None:
            late = seen.latest_time + assumptions.margin > terms.follow.until
            return SwapOver(SwapOutcome.NOTHING) if late or refused else PutLock(Side.LEAD)
        case HashLockState.OPEN if seen.follow is HashLockState.REDEEMED:
            # The preimage is public: pay the follower too, as long as that is possible.
            in_time = seen.lead_time < terms.lead.until
            return Pay(Side.LEAD) if in_time else GiveBack(Side.LEAD)
        case HashLockState.OPEN:
            in_time = seen.latest_time + assumptions.reveal <= terms.follow.until
            if seen.follow is HashLockState.OPEN and in_time:
                return Pay(Side.FOLLOW)
            back = seen.lead_time >= terms.lead.until
            return GiveBack(Side.LEAD) if back else SwapWait(terms.lead.until)
        case HashLockState.REDEEMED:
            return _take_what_is_owed(terms, seen)
    swapped = seen.follow is HashLockState.REDEEMED
    return SwapOver(SwapOutcome.SWAPPED if swapped else SwapOutcome.REFUNDED)


def _take_what_is_owed(terms: Terms, seen: SwapSeen) -> SwapStep:
    """Return what the leader does once the follower is paid."""
    if seen.follow is HashLockState.REDEEMED:
        return SwapOver(SwapOutcome.SWAPPED)
    if seen.follow is HashLockState.OPEN and seen.follow_time < terms.follow.until:
        return Pay(Side.FOLLOW)
    return SwapOver(SwapOutcome.LOST)


def _follower(terms: Terms, seen: SwapSeen, assumptions: Assumptions, *, refused: bool) -> SwapStep:
    """Return what whoever learns the preimage does next."""
    match seen.follow:
        case None:
            late = seen.latest_time + assumptions.reveal > terms.follow.until
            over = seen.lead not in {None, HashLockState.OPEN}
            if late or over or refused:
                return SwapOver(SwapOutcome.NOTHING)
            ahead = seen.lead_time > seen.earliest_time + assumptions.clock_skew
            wait = seen.lead is None or ahead
            return SwapWait(terms.follow.until) if wait else PutLock(Side.FOLLOW)
        case HashLockState.OPEN:
            back = seen.follow_time >= terms.follow.until
            return GiveBack(Side.FOLLOW) if back else SwapWait(terms.follow.until)
        case HashLockState.REFUNDED:
            return SwapOver(SwapOutcome.REFUNDED)
    if seen.lead is HashLockState.REDEEMED:
        return SwapOver(SwapOutcome.SWAPPED)
    if seen.lead is HashLockState.OPEN and seen.lead_time < terms.lead.until:
        return Pay(Side.LEAD)
    return SwapOver(SwapOutcome.LOST)
