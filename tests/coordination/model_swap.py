"""
Swaps in all their courses: two hash-time locks, two clocks, and a secret that may be out any time.

The leader knows the secret. On ledger 0 she locks for the follower, on ledger 1 he locks for her;
whoever shows the secret on one ledger shows it to everybody. The clocks tick by milliseconds, each
by itself, and never part by more than the skew. Whoever minds his affairs gets a claim into a block
before his ledger's clock has ticked more often than the time to claim. That stands for all that
lies between: finality of both ledgers, carrying the secret over, and waiting for a block.
"""

from collections.abc import Iterator
from functools import cache, partial
from hashlib import sha256
from typing import Final, NamedTuple

from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, RecordId
from tallystick.contracts.asset.model import Balance
from tallystick.contracts.exchange.commands import LockHash, Redeem, Refund
from tallystick.contracts.exchange.model import (
    PREIMAGE_BYTES,
    HashLock,
    HashLockState,
)
from tallystick.core.context import derived_id
from tallystick.core.holding import holding_id
from tallystick.core.transaction import NONCE_BYTES
from tallystick.testing.explore import Law, Step
from tallystick.testing.keys import key
from tests.coordination.model_change import CLOCK, RELAY, put
from tests.coordination.model_founding import BEGIN, FUNDS, Rules, found, fund
from tests.coordination.model_ledger import Letter, TinyLedger

SIDES: Final = (3, 4)
NAMES: Final = ("leader", "follower")
FIRST_TICK: Final = BEGIN + 1_000
SECRET: Final = b"s" * PREIMAGE_BYTES

UNDUE: Final = -1
"""What stands for a claim that is not due: the lock isn't open, or the secret isn't out."""

World = tuple[tuple[int, ...], tuple[int, ...], bool, tuple[int, ...]]
"""For each ledger its snapshot, for each its clock, whether the secret is out, and how long ago."""


class Terms(NamedTuple):
    """What was agreed, and what is assumed; in ticks of a millisecond."""

    deadline_one: int
    """From when on the leader's lock on ledger 0 is given back to her."""

    deadline_two: int
    """From when on the follower's lock on ledger 1 is given back to him."""

    skew: int = 0
    """By how much the clocks of the ledgers differ at most."""

    claim: int = 1
    """How often a ledger's clock ticks at most until a claim on it stands."""

    mindful: frozenset[str] = frozenset(NAMES)
    """Who minds his affairs, or lets a watchtower do it; the others may do anything."""


class Swap:
    """Two ledgers on which leader and follower swap all that they have."""

    def __init__(self, terms: Terms, *, rules: Rules | None = None) -> None:
        """Found the ledgers; with other `rules` contracts' own invariants are not insisted on."""
        self.terms = terms
        self.deadlines = (terms.deadline_one, terms.deadline_two)
        self._last_tick = max(self.deadlines) + 1
        self._sides = [found(name, rules or {}) for name in ("one", "two")]
        self.units = [fund(side, who) for side, who in zip(self._sides, SIDES, strict=True)]
        self.ledgers = [
            TinyLedger(side, watched=(), is_strict=rules is None) for side in self._sides
        ]
        self.ids = tuple(
            derived_id("exchange", (key(who),), nonce=bytes(NONCE_BYTES), ordinal=0, n=0)
            for who in SIDES
        )
        self._lock = cache(self._read_lock)
        self._broken = cache(self._broken_things)

    @property
    def start(self) -> World:
        """Return the world before anybody locked anything."""
        return (self.ledgers[0].start, self.ledgers[1].start), (0, 0), False, (UNDUE, UNDUE)

    @property
    def laws(self) -> list[Law[World]]:
        """Return what must hold in every state."""
        return [
            Law("nothing is made, lost or misdirected", self._wrong_things),
            *(
                Law(f"{NAMES[n]}, who minds, never pays without being paid", partial(self._lost, n))
                for n in range(len(SIDES))
                if NAMES[n] in self.terms.mindful
            ),
        ]

    def moves(self, world: World) -> Iterator[tuple[Step, World]]:
        """Yield what time, both parties and strangers can do."""
        snapshots, clocks, is_out, _ = world
        yield from self._ticks(world)
        for n, name in enumerate(NAMES):
            if self._may_lock(n, world):
                yield self._send(world, n, name, self._lock_hash(n), f"locks on ledger {n}")
            yield self._send(world, n, RELAY, Refund(self.ids[n]), f"refunds on ledger {n}")
            yield self._send(world, n, name, Refund(self.ids[n]), f"refunds on ledger {n}")
            if is_out:
                redeem = Redeem(self.ids[n], SECRET)
                yield self._send(world, n, RELAY, redeem, f"redeems on ledger {n}")
        if not is_out and self._may_reveal(world):
            step = Step(NAMES[0], "sends her claim, and so shows the secret")
            yield step, self._with_dues((snapshots, clocks, True, (UNDUE, UNDUE)))

    def state(self, world: World, n: int) -> HashLockState | None:
        """Return how far the lock on a ledger has come, nothing if there is none."""
        found = self._lock(n, world[0][n])
        return None if found is None else found.state

    def is_over(self, world: World) -> bool:
        """Tell whether nothing is held on either ledger."""
        return all(self.state(world, n) is not HashLockState.OPEN for n in range(len(SIDES)))

    def is_swapped(self, world: World) -> bool:
        """Tell whether both have been paid."""
        return all(self.state(world, n) is HashLockState.REDEEMED for n in range(len(SIDES)))

    def _ticks(self, world: World) -> Iterator[tuple[Step, World]]:
        """Yield each clock's tick, unless a mindful claimer comes first."""
        _, clocks, _, _ = world
        # Clocks that never differ tick together, all others one by one.
        for ticking in ((0,), (1,)) if self.terms.skew else ((0, 1),):
            after = tuple(clock + (n in ticking) for n, clock in enumerate(clocks))
            if abs(after[0] - after[1]) > self.terms.skew or max(after) > self._last_tick:
                continue
            if not any(self._claims_first(n, world) for n in ticking):
                said = [f"ledger {n} is {_instant(after[n] - self.deadlines[n])}" for n in ticking]
                yield Step(CLOCK, " and ".join(said)), self._ticked(world, ticking)

    def _claims_first(self, n: int, world: World) -> bool:
        """Tell whether somebody who minds is sure to have claimed before a ledger's clock ticks."""
        _, clocks, _, dues = world
        is_minded = NAMES[1 - n] in self.terms.mindful
        return is_minded and dues[n] == self.terms.claim and clocks[n] < self.deadlines[n]

    def _ticked(self, world: World, ticking: tuple[int, ...]) -> World:
        """Return the world after a tick of some clocks."""
        snapshots, clocks, is_out, dues = world
        for n in ticking:
            clocks = put(clocks, n, clocks[n] + 1)
            if dues[n] != UNDUE:
                dues = put(dues, n, min(dues[n] + 1, self.terms.claim))
        return snapshots, clocks, is_out, dues

    def _may_lock(self, n: int, world: World) -> bool:
        """Tell whether somebody locks: a mindful follower only against a lock that still binds."""
        if n == 0 or NAMES[1] not in self.terms.mindful:
            return True
        return self.state(world, 0) is HashLockState.OPEN and world[1][0] < self.deadlines[0]

    def _may_reveal(self, world: World) -> bool:
        """Tell whether the secret is shown: by a mindful leader only for a lock, and in time."""
        if NAMES[0] not in self.terms.mindful:
            return True
        in_time = world[1][1] + self.terms.claim < self.terms.deadline_two
        return in_time and self.state(world, 1) is HashLockState.OPEN

    def _lock_hash(self, n: int) -> LockHash:
        """Return the command by which somebody locks all that he has for the other."""
        holding = holding_id(self.units[n], key(SIDES[n]))
        digest, until = Hash(sha256(SECRET).digest()), FIRST_TICK + self.deadlines[n]
        return LockHash("asset", holding, FUNDS, digest, key(SIDES[1 - n]), until)

    def _send(
        self, world: World, n: int, actor: str, command: Record, name: str
    ) -> tuple[Step, World]:
        """Send a command to a ledger."""
        snapshots, clocks, is_out, dues = world
        signers = () if actor == RELAY else (key(SIDES[NAMES.index(actor)]),)
        write = partial(Letter, command, signers)
        time = FIRST_TICK + clocks[n]
        after, _ = self.ledgers[n].run(snapshots[n], (actor, name), time=time, write=write)
        return Step(actor, name), self._with_dues((put(snapshots, n, after), clocks, is_out, dues))

    def _with_dues(self, world: World) -> World:
        """Return a world in which a claim is due from when it can be made until it is made."""
        snapshots, clocks, is_out, dues = world
        dues = tuple(
            max(due, 0) if is_out and self.state(world, n) is HashLockState.OPEN else UNDUE
            for n, due in enumerate(dues)
        )
        return snapshots, clocks, is_out, dues

    def _lost(self, n: int, world: World) -> str:
        """Say that somebody paid, and that what he was to get for it went back."""
        paid, got = self.state(world, n), self.state(world, 1 - n)
        if paid is HashLockState.REDEEMED and got in {None, HashLockState.REFUNDED}:
            return f"{NAMES[n]} paid on ledger {n} and gets nothing on ledger {1 - n}"
        return ""

    def _wrong_things(self, world: World) -> str:
        """Say what is wrong with what everybody has."""
        return self._broken(0, world[0][0]) or self._broken(1, world[0][1])

    def _broken_things(self, n: int, snapshot: int) -> str:
        """Compare what everybody has on a ledger with how its lock stands."""
        found = self._lock(n, snapshot)
        state = None if found is None else found.state
        payer, payee = (
            self.ledgers[n].read(snapshot, Balance, holding_id(self.units[n], key(who)))
            or Balance(self.units[n], key(who), 0, 0)
            for who in (SIDES[n], SIDES[1 - n])
        )
        expected = {
            HashLockState.OPEN: (0, FUNDS, 0, 0),
            HashLockState.REDEEMED: (0, 0, FUNDS, 0),
        }.get(state, (FUNDS, 0, 0, 0))  # type: ignore[arg-type]
        actual = (payer.spendable, payer.locked, payee.spendable, payee.locked)
        return "" if expected == actual else f"ledger {n} has {actual}, not {expected}"

    def _read_lock(self, n: int, snapshot: int) -> HashLock | None:
        """Read the lock of a ledger."""
        return self.ledgers[n].read(snapshot, HashLock, RecordId(self.ids[n]))


def _instant(ticks: int) -> str:
    """Return a moment of a ledger's clock, counted from its deadline."""
    return f"at T{ticks:+}" if ticks else "at T"
