"""
Carry proofs between ledgers, so that joint changes end whoever goes away.

Each ledger has an adapter, which sees only its own ledger and the transport. It needs no trust: it
signs with a key that owns nothing, and every ledger checks each proof itself. Messages may be lost,
doubled and reordered, because whoever waits asks again, and nothing is done twice that is done.

A part's adapter asks the deciding ledger's for the decision; that one asks the adapters of all
parts for proofs, commits with them, and shows the decision to whoever asked.

Anybody may write a message, so none is remembered for what it says: a change is carried only once
a part of it stands on the adapter's own ledger, or is proven to stand on another.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, Final, Union

from msgspec import Meta

from tallystick.base.encoding import Decoder, Malformed, Record, encode
from tallystick.base.identifiers import LedgerId, LockId, RecordId
from tallystick.client.foreign import CannotCosign, anchors_of, foreign_proofs, recognised_by
from tallystick.client.ledger import Ledger
from tallystick.contracts.exchange.commands import Commit, Finish
from tallystick.contracts.exchange.model import (
    PARTS_MAX,
    Change,
    Decision,
    ExchangeParameters,
    PartIndex,
    PartState,
    Prepared,
    change_id,
    decision_id,
    prepared_id,
)
from tallystick.contracts.identity.errors import LedgerNotRecognised
from tallystick.contracts.identity.model import ANCHORS_MAX
from tallystick.core.foreign import (
    Anchor,
    AnyRecord,
    ForeignProof,
    HistoryForks,
    foreign_record,
    verify_foreign,
    verify_history,
)
from tallystick.core.proof import ProofInvalid

from .batches import hand_in
from .sight import decision, part_state
from .signing import Secrets, Signer
from .transport import MESSAGE_BYTES_MAX, Transport
from .watching import Watch

AGAIN_SECONDS: Final = 1.0
CHANGES_MAX: Final = 100_000
CHANGES_OF_SENDER_MAX: Final = 10_000
"""How many changes are carried only because one other ledger showed a part of them."""
HORIZON: Final = ExchangeParameters().horizon_max
"""How far ahead the deadline of a change that others show may lie. [ms]"""

Anchors = Annotated[tuple[Anchor, ...], Meta(max_length=ANCHORS_MAX)]
"""What the asking ledger knows of the one that is asked, so that it can link its proofs."""


class AskDecision(Record, tag="relay.ask-decision"):
    """A part of this change is held here: what is decided?"""

    sender: LedgerId
    """Who asks."""

    change: Change
    """The change."""

    anchors: Anchors
    """What is known of the deciding ledger."""


class AskParts(Record, tag="relay.ask-parts"):
    """Show the parts of this change that are held with you."""

    sender: LedgerId
    """Who asks: the deciding ledger."""

    change: Change
    """The change."""

    anchors: Anchors
    """What is known of the part's ledger."""


class ShowParts(Record, tag="relay.show-parts"):
    """The parts are held."""

    change: Change
    """The change."""

    proofs: Annotated[tuple[ForeignProof, ...], Meta(max_length=PARTS_MAX)]
    """One for each of the ledger's parts."""


class ShowDecision(Record, tag="relay.show-decision"):
    """The decision stands."""

    change: LockId
    """The change."""

    proof: ForeignProof
    """That it is."""


Message = AskDecision | AskParts | ShowParts | ShowDecision
_messages: Decoder[Any] = Decoder(Union[Message.__args__], bytes_max=MESSAGE_BYTES_MAX)  # noqa: UP007


class Relay:
    """The adapter of one ledger."""

    def __init__(
        self,
        ledger: Ledger,
        transport: Transport,
        signer: Signer | None = None,
        *,
        again_seconds: float = AGAIN_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        horizon: int = HORIZON,
    ) -> None:
        """
        Carry for a ledger; what is waited for is asked for again after a while.

        A change of which nothing stands here is carried once its deadline is near enough. [ms]
        """
        self._ledger = ledger
        self._transport = transport
        self._signer = signer or Secrets()
        self._again_seconds = again_seconds
        self._clock = clock
        self._horizon = horizon
        self._watch = Watch(ledger)
        self._done_at: dict[tuple[LockId, int], float] = {}
        self._to_decide: dict[LockId, Change] = {}
        self._shown_by: defaultdict[LedgerId, set[LockId]] = defaultdict(set)
        self._proofs: dict[RecordId, ForeignProof] = {}
        self._shown: dict[LockId, ForeignProof] = {}

    def step(self) -> bool:
        """Look at the ledger, take in messages, do what they allow, and ask; tell if it got on."""
        self._watch.catch_up()
        for raw in self._transport.receive(self._ledger.id):
            self._take_in(raw)
        self._find_what_to_decide()
        got_on = self._commit() | self._finish()
        self._ask()
        return got_on

    def _take_in(self, raw: bytes) -> None:
        """Take in one message; whatever isn't one is passed over."""
        try:
            message = _messages.decode(raw)
        except Malformed:
            return
        match message:
            case AskDecision(_, change) if change.deciding == self._ledger.id:
                self._answer_decision(message)
            case AskParts():
                self._answer_parts(message)
            case ShowParts(change, proofs) if change.deciding == self._ledger.id:
                self._take_parts(change, proofs)
            case ShowDecision(id, proof) if id not in self._shown and proof.id == decision_id(id):
                waiting = (self._watch.parts.get((id, n)) for n in range(PARTS_MAX))
                part = next((each for each in waiting if each is not None), None)
                if part and self._believes(part.prepared.deciding, proof, Decision):
                    self._shown[id] = proof

    def _take_parts(self, change: Change, proofs: Sequence[ForeignProof]) -> None:
        """Keep proofs that hold; by the first of them a change becomes one to be carried."""
        id = change_id(change)
        if id not in self._to_decide and not self._is_news(change, id):
            return
        for n, proof in _shown(change, proofs):
            source = change.parts[n].ledger
            if proof.id in self._proofs or not self._believes(source, proof, Prepared):
                continue
            if id not in self._to_decide:
                if len(self._shown_by[source]) >= CHANGES_OF_SENDER_MAX:
                    return
                self._to_decide[id] = change
                self._shown_by[source].add(id)
            self._proofs[proof.id] = proof

    def _is_news(self, change: Change, id: LockId) -> bool:
        """Tell whether a change of which nothing stands here may still be decided here."""
        now = self._ledger.now()
        due = now < change.deadline <= now + self._horizon
        return due and len(self._to_decide) < CHANGES_MAX and decision(self._ledger, id) is None

    def _answer_decision(self, message: AskDecision) -> None:
        """
        Show a decision, or see to it that there will be one.

        Whoever asks about a change that isn't carried here yet is asked to prove a part of it, and
        nothing is remembered until then.
        """
        id, sender = change_id(message.change), message.sender
        if decision(self._ledger, id) is not None:
            for proof in self._prove([decision_id(id)], message.anchors):
                self._send(sender, ShowDecision(id, proof))
        elif id not in self._to_decide and self._is_news(message.change, id):
            anchors = self._anchors(sender) if _places(message.change, sender) else None
            if anchors is not None:
                self._send(sender, AskParts(self._ledger.id, message.change, anchors))

    def _answer_parts(self, message: AskParts) -> None:
        """Show the parts that are held here."""
        id = change_id(message.change)
        here = _places(message.change, self._ledger.id)
        held = [n for n in here if part_state(self._ledger, id, n) is PartState.PREPARED]
        if held and held == here:
            proofs = self._prove([prepared_id(id, n) for n in here], message.anchors)
            if proofs:
                self._send(message.sender, ShowParts(message.change, tuple(proofs)))

    def _find_what_to_decide(self) -> None:
        """Note the changes of which a part is held here, and which are to be decided here."""
        for id, _ in self._watch.parts:
            change = self._watch.changes.get(id)
            if change and change.deciding == self._ledger.id:
                self._to_decide[id] = change

    def _commit(self) -> bool:
        """Commit every change whose parts are all shown, and forget what is decided or too late."""
        now, raws = self._ledger.now(), []
        for id, change in list(self._to_decide.items()):
            if now >= change.deadline or decision(self._ledger, id) is not None:
                self._forget(id)
                continue
            away = [n for n, part in enumerate(change.parts) if part.ledger != self._ledger.id]
            ids = [prepared_id(id, n) for n in away]
            here = _places(change, self._ledger.id)
            held = all(part_state(self._ledger, id, n) is PartState.PREPARED for n in here)
            if held and all(each in self._proofs for each in ids):
                proofs = tuple(self._proofs.pop(each) for each in ids)
                raws.append(self._signer.sign(self._ledger, [Commit(change, proofs)], []))
        return self._submit(raws)

    def _finish(self) -> bool:
        """Finish every part of which the decision is known."""
        raws = []
        for (id, index), part in list(self._watch.parts.items()):
            at_home = part.prepared.deciding == self._ledger.id
            proof = None if at_home else self._shown.get(id)
            known = decision(self._ledger, id) is not None if at_home else proof is not None
            held = known and part_state(self._ledger, id, index) is PartState.PREPARED
            if held and self._is_due((id, index)):
                raws.append(self._signer.sign(self._ledger, [Finish(id, index, proof)], []))
        self._shown.clear()
        return self._submit(raws)

    def _ask(self) -> None:
        """Ask for what is waited for, unless that was done a moment ago."""
        for id, change in self._wanted():
            if not self._is_due((id, -1)):
                continue
            if change.deciding != self._ledger.id:
                if (anchors := self._anchors(change.deciding)) is not None:
                    self._send(change.deciding, AskDecision(self._ledger.id, change, anchors))
                continue
            for other in sorted({part.ledger for part in change.parts} - {self._ledger.id}):
                if (anchors := self._anchors(other)) is not None:
                    self._send(other, AskParts(self._ledger.id, change, anchors))

    def _is_due(self, place: tuple[LockId, int]) -> bool:
        """Tell whether something was not done a moment ago, and note that it is done now."""
        now = self._clock()
        if now < self._done_at.get(place, -self._again_seconds) + self._again_seconds:
            return False
        self._done_at[place] = now
        return True

    def _wanted(self) -> Iterator[tuple[LockId, Change]]:
        """Yield the changes about which another ledger must say something."""
        waiting = {id for id, _ in self._watch.parts}
        for place in [each for each in self._done_at if each[0] not in waiting]:
            if place[0] not in self._to_decide:
                del self._done_at[place]
        for id in waiting:
            change = self._watch.changes.get(id)
            if change and change.deciding != self._ledger.id:
                yield id, change
        yield from self._to_decide.items()

    def _anchors(self, other: LedgerId) -> tuple[Anchor, ...] | None:
        """Return what is known of another ledger's past, nothing if it is not recognised."""
        try:
            return anchors_of(self._ledger, other)
        except LedgerNotRecognised:
            return None

    def _believes(self, source: LedgerId, proof: ForeignProof, kind: type[AnyRecord]) -> bool:
        """Tell whether the ledger would believe a proof, and that it shows such a record."""
        try:
            found = recognised_by(self._ledger, source)
            verify_foreign(proof, found.trust)
            verify_history(proof, found.anchors)
            return foreign_record(proof, kind) is not None
        except (LedgerNotRecognised, ProofInvalid, HistoryForks):
            return False

    def _prove(self, ids: Sequence[RecordId], anchors: Anchors) -> list[ForeignProof]:
        """Prove ids of the ledger, if its witnesses are there."""
        try:
            return foreign_proofs(self._ledger, ids, anchors=anchors)
        except (CannotCosign, ValueError):
            return []

    def _forget(self, id: LockId) -> None:
        """Forget a change that needs nothing more from here."""
        change = self._to_decide.pop(id)
        for shown in self._shown_by.values():
            shown.discard(id)
        for n in range(len(change.parts)):
            self._proofs.pop(prepared_id(id, n), None)

    def _send(self, target: LedgerId, message: Message) -> None:
        """Send a message."""
        self._transport.send(target, encode(message))

    def _submit(self, raws: Sequence[bytes]) -> bool:
        """Hand in transactions; others may have been faster, so what is refused is passed over."""
        if not raws:
            return False
        hand_in({self._ledger.id: self._ledger}, [(self._ledger.id, raw) for raw in raws])
        return True


def _places(change: Change, ledger: LedgerId) -> list[int]:
    """Return the indices of a ledger's parts."""
    return [n for n, part in enumerate(change.parts) if part.ledger == ledger]


def _shown(change: Change, proofs: Sequence[ForeignProof]) -> Iterator[tuple[int, ForeignProof]]:
    """Yield proofs with the index of the part that each is about."""
    id = change_id(change)
    indices: dict[RecordId, PartIndex] = {prepared_id(id, n): n for n in range(len(change.parts))}
    for proof in proofs:
        if (index := indices.get(proof.id)) is not None:
            yield index, proof
