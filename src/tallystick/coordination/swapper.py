"""
Carry out swaps for one party, many at a time; see `swap.py` for how to begin one.

Every step begins with a look at both ledgers, so a swapper may be killed between any two, run twice
at once, or never come back: then a watchtower ends its swaps. What a node says is taken as a hint.
Before a lock is made in return, or a preimage shown, the other lock is proven by the keys that the
party pinned; before a swap is over, what it ended with is. A preimage is held against the digest
before it counts as public. Nodes may lie about the time, or take their time: so the party's own
clock is asked last of all, when everything is signed, and what has become too late by then is not
sent.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from msgspec import structs

from tallystick.base.identifiers import Hash, LedgerId, RecordId, format_ledger_id
from tallystick.client.foreign import foreign_proofs
from tallystick.client.ledger import Ledger
from tallystick.contracts.exchange.commands import Redeem, Refund
from tallystick.contracts.exchange.model import HashLock
from tallystick.core.foreign import ForeignProof, HistoryForks, Trust, foreign_record
from tallystick.core.proof import ProofInvalid

from .batches import hand_in
from .belief import Belief, NobodyTrusted
from .clocks import Clock, clock_of
from .coordinator import PATIENCE_SECONDS, PAUSE_SECONDS, LedgerNotAtHand, StillOpen
from .diary import Book, Forgetful
from .entries import Entry, SwapBegun, SwapEnded, Terms
from .facts import Facts, NotProven
from .joint_change import Refusal
from .setbacks import SETBACKS
from .sight import hash_lock
from .signing import Signer
from .swap import (
    Assumptions,
    GiveBack,
    Pay,
    PutLock,
    Role,
    Side,
    SwapOutcome,
    SwapOver,
    SwapSeen,
    SwapStep,
    check_deadlines,
    leg_of,
    lock_command,
    lock_id,
    lock_nonce,
    next_swap_step,
)
from .swap_work import (
    Due,
    Swap,
    SwapEnd,
    is_agreed,
    is_open,
    proven_sight,
    sides_to_prove,
    state_of,
    take_in,
)


class PreimageDiffers(ValueError):
    """The preimage is not the one of these terms."""


class OwnerIsAnother(ValueError):
    """What this party would give is not its own: nobody here can sign for it."""


class DigestUsedBefore(ValueError):
    """Other terms were agreed to under this digest: its preimage may be known."""


Begun = Sequence[tuple[Terms, bytes]]


class Swapper:
    """Carries out swaps for one party, whatever its role in each of them."""

    def __init__(
        self,
        ledgers: Mapping[LedgerId, Ledger],
        trusts: Mapping[LedgerId, Trust],
        signer: Signer,
        book: Book | None = None,
        *,
        assumptions: Assumptions,
        clock: Clock | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """
        Continue what the book says was begun.

        `trusts` are the keys that the party pinned, of both ledgers of every swap. The party's
        clock is this machine's, unless another is given. [ms since the epoch, UTC]
        """
        self.ended: dict[Hash, SwapEnd] = {}
        """What became of each swap that is over, by digest."""

        self._ledgers = ledgers
        self._belief = Belief(trusts)
        self._signer = signer
        self._book = book or Forgetful()
        self._assumptions = assumptions
        self._clock = clock or clock_of(ledgers)
        self._pause = pause
        self._open: dict[Hash, Swap] = {}
        self._agreed: dict[Hash, Terms] = {}
        with self._book.exclusive() as entries:
            self._learn(entries)

    @property
    def open(self) -> int:
        """Return how many swaps are not over."""
        return len(self._open)

    def lead(self, terms: Terms, preimage: bytes) -> Hash:
        """Take part as the leader; the preimage is kept in the book before anything is sent."""
        if not preimage:
            raise PreimageDiffers("preimage: whoever leads has one")
        return self.begin_all([(terms, preimage)])[0]

    def follow(self, terms: Terms) -> Hash:
        """
        Take part as the follower; terms that could not be carried out are refused.

        Raises `DeadlinesOutOfOrder`, `LedgerNotAtHand`, `NobodyTrusted`, `OwnerIsAnother` or
        `DigestUsedBefore`.
        """
        return self.begin_all([(terms, b"")])[0]

    def begin_all(self, swaps: Begun) -> list[Hash]:
        """Take part in many swaps, as the leader of those whose preimage is given."""
        for terms, preimage in swaps:
            self._check(terms, preimage)
        with self._book.exclusive() as entries:
            self._learn(entries)
            fresh: dict[Hash, SwapBegun] = {}
            for terms, preimage in swaps:
                begun = fresh.get(terms.digest)
                agreed = begun.terms if begun else self._agreed.get(terms.digest)
                if agreed is None:
                    fresh[terms.digest] = SwapBegun(terms, preimage)
                elif agreed != terms:
                    raise DigestUsedBefore(
                        f"digest {terms.digest.hex()}: other terms were agreed to under it; "
                        "ask for terms with a fresh one"
                    )
            self._book.add(list(fresh.values()))
            self._learn(fresh.values())
        return [terms.digest for terms, _ in swaps]

    def step(self) -> bool:
        """
        Look at the ledgers and do what can be done for every open swap; tell if there was.

        A swap for which nothing can be done now, whatever the reason, leaves the others alone.
        """
        with self._book.exclusive() as entries:
            self._learn(entries)
        now = self._clock()
        active = [swap for swap in self._open.values() if swap.pause.is_over(now)]
        due = [found for swap in active if (found := self._look(swap, now)) is not None]
        over = self._end(self._proven_ends(due, now))
        return self._carry_out(self._signed(self._proven(due)), now) or over

    def run(self, *, seconds_max: float = PATIENCE_SECONDS) -> dict[Hash, SwapEnd]:
        """Step until every swap is over; raises `StillOpen` if that takes too long."""
        give_up_at = time.monotonic() + seconds_max
        while self._open:
            if not self.step():
                if time.monotonic() > give_up_at:
                    raise StillOpen(f"{len(self._open)} swaps are open after {seconds_max} s")
                self._pause(PAUSE_SECONDS)
        return self.ended

    def _check(self, terms: Terms, preimage: bytes) -> None:
        """Refuse terms that could not be carried out, before they are written."""
        check_deadlines(terms, self._assumptions)
        for ledger in sorted({terms.lead.ledger, terms.follow.ledger} - self._ledgers.keys()):
            raise LedgerNotAtHand(f"ledger {format_ledger_id(ledger)} is needed for it")
        for ledger in (terms.lead.ledger, terms.follow.ledger):
            self._belief.trust(ledger)  # Its word is needed: to go on, or to know that it is over.
        if preimage and sha256(preimage).digest() != terms.digest:
            raise PreimageDiffers("preimage: its SHA-256 is not the digest of the terms")
        owner = (terms.lead if preimage else terms.follow).owner
        if not self._signer.holds(owner):
            raise OwnerIsAnother(f"owner {owner.hex()}: nobody here can sign for it")

    def _look(self, swap: Swap, now: int) -> Due | None:
        """Return what is to be done for a swap, nothing if that can't be told now."""
        try:
            seen = self._see(swap, now)
        except SETBACKS as error:
            swap.set_back(error, now)
            return None
        return Due(swap, self._next_step(swap, seen), seen)

    def _see(self, swap: Swap, now: int) -> SwapSeen:
        """Return what the ledgers say of a swap, and keep its preimage if it is public."""
        states = {}
        for side in Side:
            leg = leg_of(swap.terms, side)
            found = hash_lock(self._ledgers[leg.ledger], swap.ids[side])
            states[side] = state_of(swap, leg, found)
        lead, follow = (self._ledgers[leg_of(swap.terms, side).ledger].now() for side in Side)
        return SwapSeen(states[Side.LEAD], states[Side.FOLLOW], lead, follow, now)

    def _next_step(self, swap: Swap, seen: SwapSeen) -> SwapStep:
        """Return what comes next as far as is seen."""
        return next_swap_step(swap.terms, seen, swap.role, self._assumptions, refused=swap.refused)

    def _proven(self, due: Sequence[Due]) -> list[Due]:
        """Return what needs no proof, and what is proven, with the time as of which it is."""
        wanted: dict[LedgerId, list[RecordId]] = defaultdict(list)
        for each in due:
            if each.guard is not None:
                leg = leg_of(each.swap.terms, each.guard)
                wanted[leg.ledger].append(each.swap.ids[each.guard])
        shown: dict[RecordId, ForeignProof] = {}
        for ledger, ids in wanted.items():
            anchors = self._belief.anchors(ledger)
            try:
                proofs = foreign_proofs(self._ledgers[ledger], ids, anchors=anchors)
            except SETBACKS:
                continue
            shown |= {proof.id: proof for proof in proofs}
        return [found for each in due if (found := self._shown(each, shown)) is not None]

    def _shown(self, due: Due, shown: Mapping[RecordId, ForeignProof]) -> Due | None:
        """Return what is to be done if the lock that it relies on is proven, else nothing."""
        side = due.guard
        if side is None:
            return due
        time = self._stands(due.swap, side, shown.get(due.swap.ids[side]))
        if time is None:
            return None
        if side is Side.LEAD:
            return replace(
                due, seen=structs.replace(due.seen, lead_time=max(time, due.seen.lead_time))
            )
        return replace(
            due, seen=structs.replace(due.seen, follow_time=max(time, due.seen.follow_time))
        )

    def _stands(self, swap: Swap, side: Side, proof: ForeignProof | None) -> int | None:
        """Return as of when the other's lock is proven to stand as agreed. [ms, UTC]"""
        leg = leg_of(swap.terms, side)
        if proof is None:
            return None
        try:
            time = self._belief.check(leg.ledger, proof)
            found = foreign_record(proof, HashLock) if proof.id == swap.ids[side] else None
        except (ProofInvalid, HistoryForks, NobodyTrusted) as error:
            swap.refusal = Refusal(leg.ledger, "", 0, str(error))
            return None
        stands = found is not None and is_agreed(swap.terms, leg, found) and is_open(found)
        return time if stands else None

    def _signed(self, due: Iterable[Due]) -> list[Due]:
        """Return what takes a transaction, signed."""
        signed = []
        for each in due:
            if isinstance(each.step, PutLock | Pay | GiveBack):
                try:
                    signed.append(self._sign(each, each.step))
                except SETBACKS as error:
                    each.swap.set_back(error, self._clock())
        return signed

    def _sign(self, due: Due, step: PutLock | Pay | GiveBack) -> Due:
        """Return a step with the transaction that does it."""
        swap, leg = due.swap, leg_of(due.swap.terms, step.side)
        ledger, id = self._ledgers[leg.ledger], swap.ids[step.side]
        match step:
            case PutLock(side):
                nonce = lock_nonce(swap.terms, side)
                command = lock_command(swap.terms, side)
                raw = self._signer.sign(ledger, [command], [leg.owner], nonce=nonce)
            case Pay():
                raw = self._signer.sign(ledger, [Redeem(id, swap.preimage)], [])
            case GiveBack():
                raw = self._signer.sign(ledger, [Refund(id)], [])
        return replace(due, raw=raw)

    def _carry_out(self, due: Sequence[Due], now: int) -> bool:
        """
        Hand in what steps take; tell if anything got on.

        What relies on a proof comes last, ledger by ledger, so that nothing can take time between
        a look at the party's own clock and the moment in which a preimage is out.
        """
        got_on = self._hand_in([each for each in due if each.guard is None], now)
        for ledger in sorted({each.ledger for each in due if each.guard is not None}):
            risky = [each for each in due if each.guard is not None and each.ledger == ledger]
            now = self._clock()
            got_on |= self._hand_in([each for each in risky if self._is_in_time(each, now)], now)
        return got_on

    def _is_in_time(self, due: Due, now: int) -> bool:
        """Tell whether a step is still the next one by the party's own clock."""
        seen = structs.replace(due.seen, own_time=now)
        return self._next_step(due.swap, seen) == due.step

    def _hand_in(self, due: Sequence[Due], now: int) -> bool:
        """Hand in what is signed; tell if anything got on."""
        answers = hand_in(self._ledgers, [(each.ledger, each.raw) for each in due])
        got_on = False
        for each, answer in zip(due, answers, strict=True):
            got_on |= take_in(each, answer, now)
        return got_on

    def _proven_ends(self, due: Iterable[Due], now: int) -> list[Due]:
        """Return the swaps that are said to be over, and are by what is proven."""
        said = [(each, each.step.outcome) for each in due if isinstance(each.step, SwapOver)]
        places = [
            (leg_of(each.swap.terms, side).ledger, each.swap.ids[side])
            for each, outcome in said
            for side in sides_to_prove(each.swap, outcome)
        ]
        facts = Facts(self._ledgers, self._belief, places)
        return [each for each, outcome in said if self._is_over(each, outcome, facts, now)]

    def _is_over(self, due: Due, outcome: SwapOutcome, facts: Facts, now: int) -> bool:
        """Tell whether a swap ends by what is proven as it does by what was said."""
        swap = due.swap
        try:
            seen = proven_sight(swap, due.seen, facts, sides_to_prove(swap, outcome))
            step = self._next_step(swap, seen)
            if step != due.step:
                raise NotProven(f"it is said to have ended {outcome.value}, and that is not proven")
        except SETBACKS as error:
            swap.stay(error, now)
            return False
        return True

    def _end(self, due: Iterable[Due]) -> bool:
        """Write which swaps are over."""
        over = [(each.swap, each.step) for each in due if isinstance(each.step, SwapOver)]
        if not over:
            return False
        with self._book.exclusive() as entries:
            self._learn(entries)
            ended = [
                SwapEnded(swap.terms.digest, step.outcome.value)
                for swap, step in over
                if swap.terms.digest in self._open and isinstance(step, SwapOver)
            ]
            self._book.add(ended)
            self._learn(ended)
        return True

    def _learn(self, entries: Iterable[Entry]) -> None:
        """Take over what a book says, whoever wrote it."""
        for entry in entries:
            if isinstance(entry, SwapBegun) and entry.terms.digest not in self._agreed:
                self._agreed[entry.terms.digest] = entry.terms
                role = Role.LEADER if entry.preimage else Role.FOLLOWER
                ids = {side: lock_id(entry.terms, side) for side in Side}
                self._open[entry.terms.digest] = Swap(entry.terms, role, entry.preimage, ids)
            elif isinstance(entry, SwapEnded):
                swap = self._open.pop(entry.digest, None)
                refusal = swap.refusal if swap else None
                self.ended[entry.digest] = SwapEnd(SwapOutcome(entry.outcome), refusal)
