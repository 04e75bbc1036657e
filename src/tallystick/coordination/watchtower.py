"""
Ends for those who are away what they left open, on all ledgers that it watches.

It needs no trust and no secret: a lock pays only its beneficiary, or gives back to its owner; a
part ends only as its deciding ledger says. It shows a preimage elsewhere that became public, gives
back what nobody took in time, records after the deadline that a change is aborted, and finishes
the parts of what is decided. What it knows it reads from the ledgers, so it may be restarted at any
time, and there may be several.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, LockId, RecordId
from tallystick.client.foreign import CannotCosign, proofs_for
from tallystick.client.ledger import Ledger
from tallystick.contracts.exchange.commands import Abort, Finish, Redeem, Refund
from tallystick.contracts.exchange.model import Change, Outcome, decision_id, prepared_id
from tallystick.contracts.identity.errors import LedgerNotRecognised
from tallystick.core.errors import Unavailable
from tallystick.core.foreign import ForeignProof
from tallystick.core.receipt import Receipt

from .batches import hand_in
from .pausing import Pause
from .sight import decision
from .signing import Secrets, Signer
from .watching import OpenPart, Watch

INTERVAL_SECONDS: Final = 1.0

FAR: Final = 2**63


class Work(NamedTuple):
    """A piece of work."""

    ledger: LedgerId
    """Where it is done."""
    commands: Sequence[Record]
    """What does it."""
    name: bytes
    """What tells it from others."""
    until: int = 0
    """Before when it must be done; 0 if there is no hurry. [ms since the epoch, UTC]"""


class Watchtower:
    """Watches some ledgers."""

    def __init__(self, ledgers: Mapping[LedgerId, Ledger], signer: Signer | None = None) -> None:
        """Watch ledgers; what anybody may do needs a signature, so a key is made for it."""
        self._ledgers = ledgers
        self._signer = signer or Secrets()
        self._watches = {id: Watch(ledger) for id, ledger in ledgers.items()}
        self._pauses: dict[bytes, Pause] = {}

    def step(self) -> int:
        """Read what happened and end what can be ended; return how much was."""
        for watch in self._watches.values():
            watch.catch_up()
        found = [*self._locks(), *self._aborts(), *self._finishes()]
        found.sort(key=lambda work: work.until or FAR)  # What is urgent goes first.
        names = {work.name for work in found}
        self._pauses = {name: each for name, each in self._pauses.items() if name in names}
        now = {id: ledger.now() for id, ledger in self._ledgers.items()}
        due = [
            work
            for work in found
            if self._pauses.setdefault(work.name, Pause()).is_over(now[work.ledger])
        ]
        signed = [
            (work.ledger, self._signer.sign(self._ledgers[work.ledger], work.commands, []))
            for work in due
        ]
        ended = 0
        for work, answer in zip(due, hand_in(self._ledgers, signed), strict=True):
            if isinstance(answer, Receipt) and answer.accepted:
                ended += 1
            elif not isinstance(answer, Unavailable):
                self._pauses[work.name].lengthen(now=now[work.ledger], until=work.until)
        return ended

    def run(self, stopped: threading.Event, *, interval_seconds: float = INTERVAL_SECONDS) -> None:
        """Step from time to time until told to stop."""
        while not stopped.wait(interval_seconds):
            while self.step():
                continue

    def _locks(self) -> Iterator[Work]:
        """Yield what pays or gives back hash-time locks."""
        preimages = {
            digest: preimage
            for watch in self._watches.values()
            for digest, preimage in watch.preimages.items()
        }
        for id, watch in self._watches.items():
            now = watch.ledger.now()
            for lock, locked in watch.locks.items():
                preimage = preimages.get(locked.digest)
                if now >= locked.until:
                    yield Work(id, [Refund(lock)], lock)
                elif preimage is not None:
                    yield Work(id, [Redeem(lock, preimage)], lock, locked.until)

    def _aborts(self) -> Iterator[Work]:
        """Yield what gives up changes whose deadline has passed without a decision."""
        seen: set[LockId] = set()
        for (change_id, _), part in self._parts():
            deciding = part.prepared.deciding
            ledger = self._ledgers.get(deciding)
            if change_id in seen or ledger is None or ledger.now() < part.prepared.deadline:
                continue
            seen.add(change_id)
            change = self._change(change_id)
            if change is not None and decision(ledger, change_id) is None:
                yield Work(deciding, [Abort(change)], change_id)

    def _finishes(self) -> Iterator[Work]:
        """Yield what ends parts of changes that are decided."""
        due: dict[tuple[LedgerId, LedgerId], list[tuple[LockId, int]]] = defaultdict(list)
        outcomes: dict[LockId, Outcome | None] = {}
        for (change, index), part in self._parts():
            ledger = self._ledgers.get(part.prepared.deciding)
            if ledger is None:
                continue
            if change not in outcomes:
                outcomes[change] = decision(ledger, change)
            if outcomes[change] is not None:
                due[part.prepared.part.ledger, ledger.id].append((change, index))
        for (target, source), places in due.items():
            shown = self._shown(target, source, [decision_id(change) for change, _ in places])
            for change, index in places:
                proof = shown.get(decision_id(change))
                if proof is not None or target == source:
                    yield Work(target, [Finish(change, index, proof)], prepared_id(change, index))

    def _shown(
        self, target: LedgerId, source: LedgerId, ids: list[RecordId]
    ) -> dict[RecordId, ForeignProof]:
        """Return proofs by which one ledger believes another; none are needed for its own."""
        if target == source:
            return {}
        try:
            proofs = proofs_for(self._ledgers[target], self._ledgers[source], ids)
        except (CannotCosign, LedgerNotRecognised):
            return {}
        return {proof.id: proof for proof in proofs}

    def _parts(self) -> Iterator[tuple[tuple[LockId, int], OpenPart]]:
        """Yield the open parts of all ledgers."""
        for watch in self._watches.values():
            yield from watch.parts.items()

    def _change(self, id: LockId) -> Change | None:
        """Return a change of which some ledger has prepared a part."""
        found = (watch.changes.get(id) for watch in self._watches.values())
        return next((change for change in found if change is not None), None)
