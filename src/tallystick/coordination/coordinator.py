"""
Carry out joint changes, many at a time.

    ledgers = {cars.id: cars, insurances.id: insurances}
    parts = [Part(cars.id, "title", car, seller, WHOLE, buyer), …]

    # One change, from beginning to end:
    ended = change_together(ledgers, parts, deciding=cars.id, lasting=60_000, signer=Secrets([s]))
    ended.outcome is Outcome.COMMITTED, or ended.refusal says who holds what and until when

    # Many, with a diary that survives a crash:
    with Diary.open(path, passphrase) as diary:
        coordinator = Coordinator(ledgers, Secrets(all_secrets), diary)
        intent = coordinator.begin(parts, deciding=cars.id, lasting=60_000, attempts_max=3)
        coordinator.run()                       # or .step() by hand, from time to time
        coordinator.ended[intent]

`Secrets` takes the secrets of whoever runs it; a part of somebody else waits until that owner's own
coordinator, `Coordinator.join(change)`, prepares it.

A diary is written before anything is sent. An intent is tried again only once the ledger has proven
that the attempt before it is aborted, so it never takes effect twice; and of two coordinators that
use one diary at once, the first to write says what the next attempt is.

What a node answers is a hint. Nothing is reported as ended, and nothing tried again, before the
decision and the end of every part are proven by the keys that were pinned: `trusts`, or else those
by which the ledgers at hand recognise each other when the coordinator first asks them. So give
`trusts` if a ledger's node may lie together with another's, and begin anew after a ledger's keys
were rotated.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from tallystick.base.identifiers import LedgerId, format_ledger_id
from tallystick.client.ledger import Ledger
from tallystick.contracts.exchange.model import Change, Outcome, Part
from tallystick.core.foreign import Trust

from .belief import Belief
from .diary import Book, Forgetful
from .ends import End, proven_decisions, proven_ends
from .entries import INTENT_BYTES, ChangeBegun, ChangeEnded, Entry, Intent, IntentId
from .errands import Attempt, Ended, Errand, carry_out, errands_for
from .joint_change import Over, Seen, Step, Wait, check_parts, next_step, plan
from .setbacks import SETBACKS
from .sight import is_free, see_all
from .signing import Signer

PAUSE_SECONDS: Final = 0.02
PATIENCE_SECONDS: Final = 600.0


class LedgerNotAtHand(LookupError):
    """A change or swap takes a ledger that was not given."""


class SaltUsedBefore(ValueError):
    """Another change has this salt, and intents are told apart by it."""


class StillOpen(TimeoutError):
    """Some changes have not ended in the time given; run the coordinator again."""


class Coordinator:
    """Carries out joint changes for those for whom it can sign."""

    def __init__(
        self,
        ledgers: Mapping[LedgerId, Ledger],
        signer: Signer,
        book: Book | None = None,
        *,
        trusts: Mapping[LedgerId, Trust] | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """
        Continue what the book says was begun; without a book nothing is remembered.

        `trusts` are the keys that the party pinned; the others are as `usual_trust` says.
        """
        self.ended: dict[IntentId, Ended] = {}
        """What became of each intent that is over."""

        self._ledgers = ledgers
        self._belief = Belief(trusts or {})
        self._belief.pin_missing(ledgers)
        self._signer = signer
        self._book = book or Forgetful()
        self._pause = pause
        self._open: dict[IntentId, Attempt] = {}
        with self._book.exclusive() as entries:
            self._learn(entries)

    @property
    def open(self) -> int:
        """Return how many intents are not over."""
        return len(self._open)

    def begin(
        self,
        parts: Sequence[Part],
        *,
        deciding: LedgerId,
        lasting: int,
        attempts_max: int = 1,
    ) -> IntentId:
        """Want a change of these parts; each attempt may take `lasting`. [ms]"""
        return self.begin_all(
            [parts], deciding=deciding, lasting=lasting, attempts_max=attempts_max
        )[0]

    def begin_all(
        self,
        wanted: Iterable[Sequence[Part]],
        *,
        deciding: LedgerId,
        lasting: int,
        attempts_max: int = 1,
    ) -> list[IntentId]:
        """Want many changes; the book is synced once."""
        begun = []
        for parts in wanted:
            self._check_ledgers(deciding, parts)
            deadline = self._ledgers[deciding].now() + lasting
            change = plan(parts, deciding=deciding, deadline=deadline)
            id = secrets.token_bytes(INTENT_BYTES)
            intent = Intent(id, change.parts, deciding, lasting, attempts_max)
            begun.append(ChangeBegun(intent, 1, change))
        return self._write(begun)

    def join(self, change: Change) -> IntentId:
        """
        Take part in a change that somebody else planned, whose parts of ours we agree to.

        Raises `UnsoundParts`, `LedgerNotAtHand` or `SaltUsedBefore`, and then nothing is written.
        """
        self._check_ledgers(change.deciding, change.parts)
        check_parts(change)
        left = max(1, change.deadline - self._ledgers[change.deciding].now())
        intent = Intent(change.salt, change.parts, change.deciding, left, 1)
        (id,) = self._write([ChangeBegun(intent, 1, change)])
        known = self._open[id] if id in self._open else self.ended[id]
        if known.change != change:
            raise SaltUsedBefore(f"salt {id.hex()}: another change has it; ask for a fresh one")
        return id

    def step(self) -> bool:
        """
        Look at the ledgers and do what can be done for every open intent; tell if there was.

        An intent for which nothing can be done now, whatever the reason, leaves the others alone.
        """
        with self._book.exclusive() as entries:
            self._learn(entries)
        renewed = self._renew()
        active = [each for each in self._open.values() if not each.resting and each.pause.is_over()]
        steps: list[tuple[Attempt, Step]] = []
        for attempt, seen in self._look(active):
            steps.append((attempt, next_step(attempt.change, seen, attempt.mine, attempt.refusal)))
        over = [(attempt, step.outcome) for attempt, step in steps if isinstance(step, Over)]
        ended = self._end(over)
        for attempt, step in steps:
            if isinstance(step, Wait) and self._is_free(attempt):
                attempt.refusal = None  # The other has gone: ask again next time.
        got_on = carry_out(self._ledgers, self._errands(steps))
        return got_on or renewed or ended

    def run(self, *, seconds_max: float = PATIENCE_SECONDS) -> dict[IntentId, Ended]:
        """Step until every intent is over; raises `StillOpen` if that takes too long."""
        give_up_at = time.monotonic() + seconds_max
        while self._open:
            if not self.step():
                if time.monotonic() > give_up_at:
                    raise StillOpen(self._why_open(seconds_max))
                self._pause(PAUSE_SECONDS)
        return self.ended

    def _why_open(self, seconds: float) -> str:
        """Say how many are open, and what set the first of them back."""
        said = f"{len(self._open)} intents are open after {seconds} s"
        reasons = (each.last or each.refusal for each in self._open.values())
        reason = next((each for each in reasons if each is not None), None)
        return said if reason is None else f"{said}; of one: {reason.message}"

    def _look(self, attempts: Sequence[Attempt]) -> list[tuple[Attempt, Seen]]:
        """Return what the ledgers say, of all at once, or of each for which they say anything."""
        try:
            sights = see_all(self._ledgers, [each.change for each in attempts])
        except SETBACKS as error:
            if len(attempts) == 1:
                attempts[0].set_back(error)
                return []
            return [found for each in attempts for found in self._look([each])]
        return list(zip(attempts, sights, strict=True))

    def _errands(self, steps: Sequence[tuple[Attempt, Step]]) -> list[Errand]:
        """Return the transactions that steps take, of all at once, or of each that can be done."""
        try:
            return errands_for(self._ledgers, self._signer, steps)
        except SETBACKS as error:
            if len(steps) == 1:
                steps[0][0].set_back(error)
                return []
            return [errand for each in steps for errand in self._errands([each])]

    def _is_free(self, attempt: Attempt) -> bool:
        """Tell whether nothing is held any more by what refused an attempt."""
        try:
            return is_free(self._ledgers, attempt.change, attempt.refusal)
        except SETBACKS as error:
            attempt.set_back(error)
            return False

    def _check_ledgers(self, deciding: LedgerId, parts: Sequence[Part]) -> None:
        """Refuse what takes a ledger that is not at hand: it could never be ended."""
        for id in sorted({deciding, *(part.ledger for part in parts)} - self._ledgers.keys()):
            raise LedgerNotAtHand(f"ledger {format_ledger_id(id)} is needed for it")

    def _renew(self) -> bool:
        """Try again what gave way, once the other is gone."""
        resting = [each for each in self._open.values() if each.resting]
        renewed = [begun for each in resting if (begun := self._renewed(each)) is not None]
        if renewed:
            self._write(renewed)
        return bool(renewed)

    def _renewed(self, attempt: Attempt) -> ChangeBegun | None:
        """Return the attempt after one that was aborted, under a fresh salt, if it is due."""
        intent = attempt.intent
        try:
            if not self._is_due(attempt) or not self._is_aborted(attempt):
                return None
            deadline = self._ledgers[intent.deciding].now() + intent.lasting
            change = plan(intent.parts, deciding=intent.deciding, deadline=deadline)
        except SETBACKS as error:
            attempt.set_back(error)
            return None
        return ChangeBegun(intent, attempt.number + 1, change)

    def _is_due(self, attempt: Attempt) -> bool:
        """Tell whether what was held is free, or was held too long to wait for it any more."""
        refusal, intent = attempt.refusal, attempt.intent
        if is_free(self._ledgers, attempt.change, refusal) or refusal is None:
            return True
        return self._ledgers[refusal.ledger].now() >= refusal.until + intent.lasting

    def _is_aborted(self, attempt: Attempt) -> bool:
        """
        Tell whether an attempt is proven to be aborted, whoever wrote that it is.

        An older release wrote what a node said. If that is not proven, the attempt is taken up
        again: it may still come about.
        """
        if not attempt.proven:
            self._belief.pin_missing(self._ledgers)
            said = [(attempt, Outcome.ABORTED)]
            attempt.proven = bool(proven_decisions(self._ledgers, self._belief, said))
            attempt.resting = attempt.proven
        return attempt.proven

    def _write(self, begun: Sequence[ChangeBegun]) -> list[IntentId]:
        """Write attempts, unless another coordinator wrote the same ones first."""
        with self._book.exclusive() as entries:
            self._learn(entries)
            fresh = [each for each in begun if self._is_news(each)]
            self._book.add(fresh)
            self._learn(fresh)
        return [each.intent.id for each in begun]

    def _is_news(self, begun: ChangeBegun) -> bool:
        """Tell whether an attempt was not begun before."""
        id = begun.intent.id
        known = self._open.get(id)
        return id not in self.ended and (known is None or known.number < begun.attempt)

    def _end(self, said: Sequence[End]) -> bool:
        """Write what is proven to be over, for good or until it is tried again; tell if any is."""
        if said:
            self._belief.pin_missing(self._ledgers)
        over = proven_ends(self._ledgers, self._belief, said)
        if not over:
            return False
        with self._book.exclusive() as entries:
            self._learn(entries)
            ended = [
                ChangeEnded(
                    attempt.intent.id,
                    attempt.number,
                    outcome,
                    final=outcome is Outcome.COMMITTED or not attempt.may_be_tried_again,
                )
                for attempt, outcome in over
                if self._is_active(attempt)
            ]
            self._book.add(ended)
            self._learn(ended)
        for attempt, _ in over:
            attempt.proven = True
        return True

    def _is_active(self, attempt: Attempt) -> bool:
        """Tell whether nobody has ended an attempt yet."""
        return self._open.get(attempt.intent.id) is attempt and not attempt.resting

    def _learn(self, entries: Iterable[Entry]) -> None:
        """Take over what a book says, whoever wrote it."""
        for entry in entries:
            if isinstance(entry, ChangeBegun) and self._is_news(entry):
                before = self._open.get(entry.intent.id)
                refusal = before.refusal if before else None
                self._open[entry.intent.id] = Attempt.of(entry, self._signer, last=refusal)
            elif isinstance(entry, ChangeEnded):
                self._learn_end(entry)

    def _learn_end(self, entry: ChangeEnded) -> None:
        """Close an attempt: for good, or until it is tried again."""
        attempt = self._open.get(entry.intent)
        if attempt is None or attempt.number != entry.attempt:
            return
        if not entry.final:
            attempt.resting = True
            return
        del self._open[entry.intent]
        aborted = entry.outcome is Outcome.ABORTED
        refusal = (attempt.refusal or attempt.last) if aborted else None
        self.ended[entry.intent] = Ended(entry.outcome, attempt.change, attempt.number, refusal)


def change_together(
    ledgers: Mapping[LedgerId, Ledger],
    parts: Sequence[Part],
    *,
    deciding: LedgerId,
    lasting: int,
    signer: Signer,
    book: Book | None = None,
    attempts_max: int = 1,
    seconds_max: float = PATIENCE_SECONDS,
) -> Ended:
    """
    Change parts together, all or none, and return how it ended.

    Each attempt may take `lasting` ms by the deciding ledger's time. An outcome other than
    committed is no exception: `refusal` says why, and who holds what is wanted until when.
    """
    coordinator = Coordinator(ledgers, signer, book)
    intent = coordinator.begin(parts, deciding=deciding, lasting=lasting, attempts_max=attempts_max)
    return coordinator.run(seconds_max=seconds_max)[intent]
