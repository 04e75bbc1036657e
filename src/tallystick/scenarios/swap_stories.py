"""
What becomes of a swap, whoever stays, goes away, or comes back.

Each is played step by step. A party that goes away forgets everything but its diary; whoever is
left, and the watchtower, end the swap while time passes.
"""

import random
from dataclasses import dataclass
from typing import Final

from tallystick.contracts.exchange.model import HashLockState
from tallystick.coordination.diary import Diary
from tallystick.coordination.entries import Terms
from tallystick.coordination.sight import hash_lock
from tallystick.coordination.swap import (
    Role,
    Side,
    SwapOutcome,
    lock_id,
    propose,
)
from tallystick.coordination.swapper import Swapper
from tallystick.coordination.watchtower import Watchtower

from .allowances_cast import Key
from .swap_parties import ASSUMED, Place

LASTING: Final = 3_600_000
STEPS_MAX: Final = 6
PASSING: Final = 300_000
ALWAYS: Final = 99
"""Steps after which a party would go away, were there as many."""


@dataclass(frozen=True, slots=True)
class Deal:
    """What is swapped, and who stays for how long."""

    title: str
    """What happens, in a few words."""
    allowances: int
    """What the seller gives."""
    cents: int
    """What the buyer gives."""
    seller_steps: int = ALWAYS
    """After how many steps the seller goes away."""
    buyer_steps: int = ALWAYS
    """After how many steps the buyer goes away."""
    seller_returns: bool = False
    """Whether the seller comes back, with nothing but the diary."""
    is_watched: bool = True
    """Whether a watchtower is there."""


@dataclass(frozen=True, slots=True)
class Told:
    """How a deal ended."""

    deal: Deal
    """What it was."""
    allowances: int
    """By how much the buyer's allowances grew."""
    cents: int
    """By how much the seller's money grew."""
    locks_open: int
    """Locks that nobody has ended."""
    by_tower: int
    """What the watchtower did."""
    minutes: int
    """How long it took. [min]"""
    preimage: bytes
    """The seller's secret; it is public if anything was paid."""

    @property
    def outcome(self) -> SwapOutcome | None:
        """Return how it ended for both; nothing if it ended by halves."""
        moved = (self.allowances, self.cents)
        if moved == (self.deal.allowances, self.deal.cents):
            return SwapOutcome.SWAPPED
        return SwapOutcome.REFUNDED if moved == (0, 0) else None

    def __repr__(self) -> str:
        return f"Told({self.deal.title!r}, {self.outcome})"


STORIES: Final = (
    Deal("both stay", 40, 800_000, is_watched=False),
    Deal("the buyer never comes", 40, 800_000, buyer_steps=0, is_watched=False),
    Deal("the seller locks and goes away", 40, 800_000, seller_steps=1),
    Deal("the buyer locks and goes away, then the seller", 40, 800_000, 2, 1),
    Deal(
        "the seller's machine dies and is started again",
        40,
        800_000,
        seller_steps=1,
        seller_returns=True,
        is_watched=False,
    ),
)


def chance(number: int, *, seed: int) -> list[Deal]:
    """Return deals in which each party goes away after a random number of steps."""
    drawn = random.Random(seed)  # noqa: S311 - which party goes away is no secret.
    return [
        Deal(
            "by chance",
            drawn.randint(1, 20),
            drawn.randint(1, 400_000),
            seller_steps=drawn.choice((0, 1, 2, 3, ALWAYS)),
            buyer_steps=drawn.choice((0, 1, 2, 3, ALWAYS)),
        )
        for _ in range(number)
    ]


def play_deal(place: Place, tower: Watchtower, deal: Deal) -> Told:
    """Play one swap until both locks have ended, and return what came of it."""
    began, before = place.clock.milliseconds, _owned(place)
    lead, follow = place.legs(deal.allowances, deal.cents)
    terms, preimage = propose(lead, follow, now=began, lasting=LASTING, assumptions=ASSUMED)
    name = terms.digest.hex()[:16]
    with place.diary(place.seller, name) as seller, place.diary(place.buyer, name) as buyer:
        parties = _Parties(place, deal, seller, buyer)
        parties.agree(terms, preimage)
        for _ in range(STEPS_MAX):
            parties.step()
        by_tower = _until_over(place, tower, terms, parties)
    after = _owned(place)
    return Told(
        deal=deal,
        allowances=after[0] - before[0],
        cents=after[1] - before[1],
        locks_open=_open_locks(place, terms),
        by_tower=by_tower,
        minutes=(place.clock.milliseconds - began) // 60_000,
        preimage=preimage,
    )


class _Parties:
    """Both parties, as long as they are there."""

    def __init__(self, place: Place, deal: Deal, seller: Diary, buyer: Diary) -> None:
        self._place, self._deal = place, deal
        self._diaries = {Role.LEADER: seller, Role.FOLLOWER: buyer}
        self._swappers = {role: self._made(role) for role in Role}
        self._left = {Role.LEADER: deal.seller_steps, Role.FOLLOWER: deal.buyer_steps}

    @property
    def is_watched(self) -> bool:
        """Tell whether a watchtower is there."""
        return self._deal.is_watched

    def agree(self, terms: Terms, preimage: bytes) -> None:
        """Let each party note what was agreed."""
        self._swappers[Role.LEADER].lead(terms, preimage)
        self._swappers[Role.FOLLOWER].follow(terms)

    def step(self) -> None:
        """Let whoever is there act once."""
        for role, swapper in self._swappers.items():
            if self._left[role]:
                self._left[role] -= 1
                swapper.step()
            elif role is Role.LEADER and self._deal.seller_returns:
                path = self._diaries[role].path
                with self._place.diary(self._place.seller, path.suffix[1:]) as diary:
                    self._place.swapper(self._place.seller, diary).step()

    def _made(self, role: Role) -> Swapper:
        """Return what swaps for a party."""
        key: Key = self._place.seller if role is Role.LEADER else self._place.buyer
        return self._place.swapper(key, self._diaries[role])


def _until_over(place: Place, tower: Watchtower, terms: Terms, parties: _Parties) -> int:
    """Let time pass until both locks have ended; return what the watchtower did."""
    done = 0
    while True:
        if parties.is_watched:
            while steps := tower.step():
                done += steps
        if not _open_locks(place, terms) or place.clock.milliseconds > terms.lead.until + LASTING:
            return done
        place.clock.milliseconds += PASSING
        parties.step()


def _open_locks(place: Place, terms: Terms) -> int:
    """Return how many locks of a swap wait."""
    ledgers = {Side.LEAD: place.registry, Side.FOLLOW: place.bank}
    found = (hash_lock(ledger, lock_id(terms, side)) for side, ledger in ledgers.items())
    return sum(lock is not None and lock.state is HashLockState.OPEN for lock in found)


def _owned(place: Place) -> tuple[int, int]:
    """Return the buyer's allowances and the seller's money, as far as they may dispose of them."""
    return place.allowances(place.buyer), place.cents(place.seller)
