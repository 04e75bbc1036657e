"""From the steps of many changes to signed transactions, one batch for each ledger."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from msgspec import Struct

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, LockId, PublicKey, RecordId
from tallystick.client.foreign import CannotCosign, proofs_for
from tallystick.client.ledger import Ledger
from tallystick.contracts.exchange.commands import Abort, Commit, Finish, Prepare
from tallystick.contracts.exchange.errors import (
    ChangeIsDecided,
    DeadlineHasPassed,
    HoldingIsReserved,
    PreparedBefore,
)
from tallystick.contracts.exchange.model import (
    CONTRACT_NAME,
    Change,
    Outcome,
    change_id,
    decision_id,
    prepared_id,
)
from tallystick.contracts.identity.errors import LedgerNotRecognised
from tallystick.core.errors import Refused, Unavailable
from tallystick.core.foreign import ForeignProof
from tallystick.core.node import Answer
from tallystick.core.receipt import Receipt

from .batches import hand_in
from .entries import ChangeBegun, Intent
from .joint_change import Decide, FinishParts, PrepareParts, Refusal, Step
from .pausing import Pause
from .setbacks import SETBACKS, refusal_of
from .sight import holder_of
from .signing import Signer

OVERTAKEN = frozenset(each.code for each in (PreparedBefore, ChangeIsDecided, DeadlineHasPassed))
"""Reasons that say only that the ledger is further on than it was when it was read."""


class Ended(Struct, frozen=True):
    """How a joint change ended."""

    outcome: Outcome
    """Whether it took effect."""

    change: Change
    """The last attempt, as the ledgers know it."""

    attempts: int
    """How often it was tried."""

    refusal: Refusal | None
    """Why a ledger did not do its part when it was last asked, if one did not."""


@dataclass
class Attempt:
    """One attempt at a change, while it lasts."""

    intent: Intent
    """What is wanted."""
    number: int
    """Which attempt it is, from 1."""
    change: Change
    """The change as the ledgers know it."""
    id: LockId
    """Its id."""
    mine: frozenset[int]
    """The parts for which we can sign."""
    last: Refusal | None
    """Why the attempt before gave way, or a decision or an end was refused."""
    refusal: Refusal | None = None
    """Why a part was not prepared when it was tried last."""
    resting: bool = False
    """Whether it is aborted, and waits to be tried again."""
    proven: bool = False
    """Whether its end was proven to this process, and not only written in the book."""
    apart: bool = False
    """Whether the decision is tried without the parts that it ends."""
    pause: Pause = field(default_factory=Pause)
    """How long nothing is tried."""

    @classmethod
    def of(cls, begun: ChangeBegun, signer: Signer, *, last: Refusal | None) -> Self:
        """Return an attempt as a book has it."""
        change = begun.change
        mine = frozenset(n for n, part in enumerate(change.parts) if signer.holds(part.owner))
        return cls(begun.intent, begun.attempt, change, change_id(change), mine, last)

    @property
    def may_be_tried_again(self) -> bool:
        """Tell whether another attempt makes sense: somebody was first, and attempts are left."""
        held = self.refusal is None or self.refusal.held_by is not None
        return held and self.number < self.intent.attempts_max

    def set_back(self, error: Exception) -> None:
        """Keep why nothing can be done, and pause; who is only away has refused nothing."""
        self.last = refusal_of(self.change.deciding, error)
        if not isinstance(error, OSError | Unavailable):
            self.pause.lengthen()


@dataclass(frozen=True)
class Errand:
    """A signed transaction, and for whom it is."""

    ledger: LedgerId
    """Where it goes."""
    raw: bytes
    """The transaction."""
    attempt: Attempt
    """For which attempt."""
    step: Step
    """What it carries out."""


Steps = Sequence[tuple[Attempt, Step]]


def errands_for(ledgers: Mapping[LedgerId, Ledger], signer: Signer, steps: Steps) -> list[Errand]:
    """Return the transactions that steps take, with proofs made at one checkpoint per ledger."""
    return [
        *_prepares(ledgers, signer, steps),
        *_aborts(ledgers, signer, steps),
        *_commits(ledgers, signer, steps),
        *_finishes(ledgers, signer, steps),
    ]


def carry_out(ledgers: Mapping[LedgerId, Ledger], errands: Sequence[Errand]) -> bool:
    """Hand in every ledger's errands at once and take in the answers; tell if any got on."""
    answers = hand_in(ledgers, [(each.ledger, each.raw) for each in errands])
    got_on = False
    for errand, answer in zip(errands, answers, strict=True):
        try:
            got_on |= _take_in(ledgers[errand.ledger], errand, answer)
        except SETBACKS as error:
            errand.attempt.set_back(error)
    return got_on


def _prepares(ledgers: Mapping[LedgerId, Ledger], signer: Signer, steps: Steps) -> Iterator[Errand]:
    """Yield what prepares parts: those of one change on one ledger in one transaction."""
    for attempt, step in steps:
        if isinstance(step, PrepareParts):
            change = attempt.change
            commands = [Prepare(change, n) for n in step.parts]
            owners = sorted({change.parts[n].owner for n in step.parts})
            raw = signer.sign(ledgers[step.ledger], commands, owners)
            yield Errand(step.ledger, raw, attempt, step)


def _aborts(ledgers: Mapping[LedgerId, Ledger], signer: Signer, steps: Steps) -> Iterator[Errand]:
    """Yield what gives changes up, signed by a party if we are one."""
    for attempt, step in steps:
        if isinstance(step, Decide) and step.outcome is Outcome.ABORTED:
            change = attempt.change
            keys = [part.owner for part in change.parts if signer.holds(part.owner)]
            keys += [part.target for part in change.parts if signer.holds(part.target)]
            raw = signer.sign(ledgers[change.deciding], [Abort(change)], keys[:1])
            yield Errand(change.deciding, raw, attempt, step)


def _commits(ledgers: Mapping[LedgerId, Ledger], signer: Signer, steps: Steps) -> Iterator[Errand]:
    """Yield what commits changes, and finishes the deciding ledger's own parts along with it."""
    due = [
        (attempt, step)
        for attempt, step in steps
        if isinstance(step, Decide) and step.outcome is Outcome.COMMITTED
    ]
    wanted: dict[tuple[LedgerId, LedgerId], list[RecordId]] = defaultdict(list)
    for attempt, _ in due:
        change = attempt.change
        for n, part in enumerate(change.parts):
            if part.ledger != change.deciding:
                wanted[change.deciding, part.ledger].append(prepared_id(attempt.id, n))
    shown = _proofs(ledgers, wanted)
    for attempt, step in due:
        change = attempt.change
        ids = [(n, prepared_id(attempt.id, n), part) for n, part in enumerate(change.parts)]
        away = [id for _, id, part in ids if part.ledger != change.deciding]
        if not all(id in shown for id in away):
            continue  # Its ledger could not show it now.
        commands: list[Record] = [Commit(change, tuple(shown[id] for id in away))]
        if not attempt.apart:
            home = [n for n, _, part in ids if part.ledger == change.deciding]
            commands += [Finish(attempt.id, n, None) for n in home]
        raw = signer.sign(ledgers[change.deciding], commands, _nobody())
        yield Errand(change.deciding, raw, attempt, step)


def _finishes(ledgers: Mapping[LedgerId, Ledger], signer: Signer, steps: Steps) -> Iterator[Errand]:
    """Yield what ends parts: on the deciding ledger as it knows, elsewhere with its decision."""
    due = [(attempt, step) for attempt, step in steps if isinstance(step, FinishParts)]
    wanted: dict[tuple[LedgerId, LedgerId], list[RecordId]] = defaultdict(list)
    for attempt, step in due:
        change = attempt.change
        for ledger in {change.parts[n].ledger for n in step.parts} - {change.deciding}:
            wanted[ledger, change.deciding].append(decision_id(attempt.id))
    shown = {key: _proofs(ledgers, {key: ids}) for key, ids in wanted.items()}
    for attempt, step in due:
        change = attempt.change
        for ledger in sorted({change.parts[n].ledger for n in step.parts}):
            proof = shown.get((ledger, change.deciding), {}).get(decision_id(attempt.id))
            if ledger != change.deciding and proof is None:
                continue  # The deciding ledger could not show it now.
            here = [n for n in step.parts if change.parts[n].ledger == ledger]
            commands = [Finish(attempt.id, n, proof) for n in here]
            yield Errand(ledger, signer.sign(ledgers[ledger], commands, _nobody()), attempt, step)


def _proofs(
    ledgers: Mapping[LedgerId, Ledger],
    wanted: Mapping[tuple[LedgerId, LedgerId], Sequence[RecordId]],
) -> dict[RecordId, ForeignProof]:
    """Return proofs by id; each pair is who must believe it, and whose it is."""
    shown: dict[RecordId, ForeignProof] = {}
    for (target, source), ids in wanted.items():
        try:
            proofs = proofs_for(ledgers[target], ledgers[source], ids)
        except (CannotCosign, LedgerNotRecognised):
            continue
        shown |= {proof.id: proof for proof in proofs}
    return shown


def _take_in(ledger: Ledger, errand: Errand, answer: Answer) -> bool:
    """Keep why an errand was refused; tell whether the ledger is further on now."""
    attempt = errand.attempt
    if isinstance(answer, Receipt) and answer.accepted:
        attempt.apart = False
        attempt.pause.end()
        return True
    if isinstance(answer, Unavailable):
        return False  # Who is too busy has refused nothing.
    refusal = _refusal(ledger, errand, answer)
    if isinstance(errand.step, PrepareParts):
        attempt.refusal = refusal
        return refusal is not None
    if isinstance(errand.step, Decide) and not attempt.apart:
        attempt.apart = True  # Perhaps it is a part that can't be finished, not the decision.
        return True
    attempt.last = refusal or attempt.last
    attempt.pause.lengthen()
    return False


def _refusal(ledger: Ledger, errand: Errand, answer: Receipt | Refused) -> Refusal | None:
    """Return why something was refused, nothing if the ledger only knew more than we did."""
    if not isinstance(answer, Receipt):
        return Refusal(ledger.id, "", 0, str(answer))
    outcome = answer.outcome
    if outcome.contract == CONTRACT_NAME and outcome.code in OVERTAKEN:
        return None
    held_by, until = None, 0
    if isinstance(errand.step, PrepareParts):
        for n in errand.step.parts:
            holder = holder_of(ledger, errand.attempt.change.parts[n])
            if holder.lock_id is not None and holder.lock_id != errand.attempt.id:
                held_by, until = holder.lock_id, holder.until
        if held_by is None and outcome.code == HoldingIsReserved.code:
            return None  # It was held a moment ago, and is free now.
    return Refusal(ledger.id, outcome.contract, outcome.code, answer.message, held_by, until)


def _nobody() -> list[PublicKey]:
    """Return whose signature it takes to carry a proof."""
    return []
