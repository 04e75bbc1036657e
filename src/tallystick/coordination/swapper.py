"""
Carry out swaps for one party, many at a time; see `swap.py` for how to begin one.

Every step begins with a look at both ledgers, so a swapper may be killed between any two, run twice
at once, or never come back: then a watchtower ends its swaps. What a node says is taken as a hint.
Before a lock is made in return, or a preimage shown, the other lock is proven by the keys that the
party pinned; and a preimage is held against the digest before it counts as public.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from msgspec import Struct

from tallystick.base.identifiers import Hash, LedgerId, RecordId, format_ledger_id
from tallystick.client.foreign import CannotCosign, foreign_proofs
from tallystick.client.ledger import Ledger
from tallystick.contracts.exchange.commands import Redeem, Refund
from tallystick.contracts.exchange.model import HashLock, HashLockState
from tallystick.contracts.exchange.views import HashLockView
from tallystick.core.errors import NonceUsedBefore, Refused
from tallystick.core.foreign import ForeignProof, HistoryForks, Trust, foreign_record
from tallystick.core.node import Answer
from tallystick.core.proof import ProofInvalid
from tallystick.core.receipt import Receipt

from .batches import hand_in
from .belief import Belief, NobodyTrusted
from .coordinator import PATIENCE_SECONDS, PAUSE_SECONDS, LedgerNotAtHand, StillOpen
from .diary import Book, Forgetful
from .entries import Entry, Leg, SwapBegun, SwapEnded, Terms
from .joint_change import Refusal
from .pausing import Pause
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

KERNEL: Final = "kernel"


class PreimageDiffers(ValueError):
    """The preimage is not the one of these terms."""


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


Due = list[tuple[Swap, SwapStep]]


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
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Continue what the book says was begun; `trusts` are the keys that the party pinned."""
        self.ended: dict[Hash, SwapEnd] = {}
        """What became of each swap that is over, by digest."""

        self._ledgers = ledgers
        self._belief = Belief(trusts)
        self._signer = signer
        self._book = book or Forgetful()
        self._assumptions = assumptions
        self._pause = pause
        self._open: dict[Hash, Swap] = {}
        with self._book.exclusive() as entries:
            self._learn(entries)

    @property
    def open(self) -> int:
        """Return how many swaps are not over."""
        return len(self._open)

    def lead(self, terms: Terms, preimage: bytes) -> Hash:
        """Take part as the leader; the preimage is kept in the book before anything is sent."""
        return self.begin_all([(terms, preimage)])[0]

    def follow(self, terms: Terms) -> Hash:
        """Take part as the follower. Raises `DeadlinesOutOfOrder`."""
        return self.begin_all([(terms, b"")])[0]

    def begin_all(self, swaps: Sequence[tuple[Terms, bytes]]) -> list[Hash]:
        """Take part in many swaps, as the leader of those whose preimage is given."""
        for terms, preimage in swaps:
            check_deadlines(terms, self._assumptions)
            for ledger in sorted({terms.lead.ledger, terms.follow.ledger} - self._ledgers.keys()):
                raise LedgerNotAtHand(f"ledger {format_ledger_id(ledger)} is needed for it")
            if preimage and sha256(preimage).digest() != terms.digest:
                raise PreimageDiffers("preimage: its SHA-256 is not the digest of the terms")
        with self._book.exclusive() as entries:
            self._learn(entries)
            fresh = [
                SwapBegun(terms, preimage)
                for terms, preimage in swaps
                if terms.digest not in self._open and terms.digest not in self.ended
            ]
            self._book.add(fresh)
            self._learn(fresh)
        return [terms.digest for terms, _ in swaps]

    def step(self) -> bool:
        """Look at the ledgers and do what can be done for every open swap; tell if there was."""
        with self._book.exclusive() as entries:
            self._learn(entries)
        due: Due = []
        for swap in self._open.values():
            if not swap.pause.is_over():
                continue
            seen = self._see(swap)
            due.append(
                (
                    swap,
                    next_swap_step(
                        swap.terms, seen, swap.role, self._assumptions, refused=swap.refused
                    ),
                )
            )
        over = self._end(due)
        return self._carry_out(self._proven(due)) or over

    def run(self, *, seconds_max: float = PATIENCE_SECONDS) -> dict[Hash, SwapEnd]:
        """Step until every swap is over; raises `StillOpen` if that takes too long."""
        give_up_at = time.monotonic() + seconds_max
        while self._open:
            if not self.step():
                if time.monotonic() > give_up_at:
                    raise StillOpen(f"{len(self._open)} swaps are open after {seconds_max} s")
                self._pause(PAUSE_SECONDS)
        return self.ended

    def _see(self, swap: Swap) -> SwapSeen:
        """Return what the ledgers say of a swap, and keep its preimage if it is public."""
        states = {}
        for side in Side:
            leg = leg_of(swap.terms, side)
            found = hash_lock(self._ledgers[leg.ledger], swap.ids[side])
            states[side] = _state(swap, leg, found)
        lead, follow = (self._ledgers[leg_of(swap.terms, side).ledger].now() for side in Side)
        return SwapSeen(states[Side.LEAD], states[Side.FOLLOW], lead, follow)

    def _proven(self, due: Due) -> Due:
        """Return the steps that need no proof, and those whose proof holds."""
        wanted: dict[LedgerId, list[RecordId]] = defaultdict(list)
        needs: list[tuple[Swap, SwapStep, Side | None]] = []
        for swap, step in due:
            side = _needs_proof(swap, step)
            needs.append((swap, step, side))
            if side is not None:
                wanted[leg_of(swap.terms, side).ledger].append(swap.ids[side])
        shown: dict[RecordId, ForeignProof] = {}
        for ledger, ids in wanted.items():
            anchors = self._belief.anchors(ledger)
            try:
                proofs = foreign_proofs(self._ledgers[ledger], ids, anchors=anchors)
            except CannotCosign:
                continue
            shown |= {proof.id: proof for proof in proofs}
        return [
            (swap, step)
            for swap, step, side in needs
            if side is None or self._stands(swap, side, shown.get(swap.ids[side]))
        ]

    def _stands(self, swap: Swap, side: Side, proof: ForeignProof | None) -> bool:
        """Tell whether the other's lock is proven to stand as it was agreed."""
        leg = leg_of(swap.terms, side)
        if proof is None:
            return False
        try:
            self._belief.check(leg.ledger, proof)
            found = foreign_record(proof, HashLock) if proof.id == swap.ids[side] else None
        except (ProofInvalid, HistoryForks, NobodyTrusted) as error:
            swap.refusal = Refusal(leg.ledger, "", 0, str(error))
            return False
        return found is not None and _is_agreed(swap.terms, leg, found) and _is_open(found)

    def _carry_out(self, due: Due) -> bool:
        """Hand in what steps take; tell if anything got on."""
        signed = [(swap, step, *self._signed(swap, step)) for swap, step in due if _acts(step)]
        answers = hand_in(self._ledgers, [(ledger, raw) for _, _, ledger, raw in signed])
        got_on = False
        for (swap, step, ledger, _), answer in zip(signed, answers, strict=True):
            got_on |= _take_in(swap, step, ledger, answer)
        return got_on

    def _signed(self, swap: Swap, step: SwapStep) -> tuple[LedgerId, bytes]:
        """Return where a step is done, and the transaction that does it."""
        if not isinstance(step, PutLock | Pay | GiveBack):
            raise TypeError(f"{type(step).__name__} takes no transaction")
        leg = leg_of(swap.terms, step.side)
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
        return leg.ledger, raw

    def _end(self, due: Due) -> bool:
        """Write which swaps are over."""
        over = [(swap, step) for swap, step in due if isinstance(step, SwapOver)]
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
            if isinstance(entry, SwapBegun) and entry.terms.digest not in self.ended:
                role = Role.LEADER if entry.preimage else Role.FOLLOWER
                ids = {side: lock_id(entry.terms, side) for side in Side}
                self._open[entry.terms.digest] = Swap(entry.terms, role, entry.preimage, ids)
            elif isinstance(entry, SwapEnded):
                swap = self._open.pop(entry.digest, None)
                refusal = swap.refusal if swap else None
                self.ended[entry.digest] = SwapEnd(SwapOutcome(entry.outcome), refusal)


def _acts(step: SwapStep) -> bool:
    """Tell whether a step takes a transaction."""
    return isinstance(step, PutLock | Pay | GiveBack)


def _needs_proof(swap: Swap, step: SwapStep) -> Side | None:
    """Return which lock must be proven before a step, if one must."""
    if isinstance(step, PutLock) and step.side is Side.FOLLOW:
        return Side.LEAD
    if isinstance(step, Pay) and step.side is Side.FOLLOW and swap.role is Role.LEADER:
        return Side.FOLLOW
    return None


def _state(swap: Swap, leg: Leg, found: HashLockView | None) -> HashLockState | None:
    """Return the state of a lock that was made as agreed, keeping its preimage if it is shown."""
    if found is None or not _is_agreed(swap.terms, leg, found):
        return None
    if found.state is HashLockState.REDEEMED:
        if sha256(found.preimage).digest() != swap.terms.digest:
            return None
        swap.preimage = found.preimage
    return found.state


def _is_agreed(terms: Terms, leg: Leg, found: HashLock | HashLockView) -> bool:
    """Tell whether a lock is the one that the terms say."""
    made = (found.contract, found.holding, found.amount, found.beneficiary, found.until)
    agreed = (leg.contract, leg.holding, leg.amount, leg.beneficiary, leg.until)
    return found.digest == terms.digest and made == agreed


def _is_open(found: HashLock) -> bool:
    """Tell whether a lock waits."""
    return found.state is HashLockState.OPEN


def _take_in(swap: Swap, step: SwapStep, ledger: LedgerId, answer: Answer) -> bool:
    """Keep why one's own lock could not be made; tell whether the ledger is further on."""
    if isinstance(answer, Receipt) and answer.accepted:
        swap.pause.end()
        return True
    swap.pause.lengthen()
    if not isinstance(answer, Receipt):
        if isinstance(answer, Refused):
            swap.refusal = Refusal(ledger, "", 0, str(answer))
        return False
    outcome = answer.outcome
    if outcome.contract == KERNEL and outcome.code == NonceUsedBefore.code:
        swap.pause.end()
        return True  # It was made before, by a twin or before a crash.
    if isinstance(step, PutLock):
        swap.refusal = Refusal(ledger, outcome.contract, outcome.code, answer.message)
        swap.refused = True
        swap.pause.end()
        return True
    return False
