"""
What a party believes of a ledger: what enough of its keys signed, and of one history.

A party pins each ledger's keys itself. From the first proof on it holds every other against what it
saw before, so that a ledger with all its keys can't show it two faces either.
"""

from collections.abc import Mapping
from functools import lru_cache

from tallystick.base.checkpoints import parse_checkpoint
from tallystick.base.identifiers import Hash, LedgerId, format_ledger_id
from tallystick.base.notes import parse_note
from tallystick.client.foreign import recognised_by, trust_of
from tallystick.client.ledger import Ledger
from tallystick.contracts.identity.errors import LedgerNotRecognised
from tallystick.core.foreign import (
    Anchor,
    ForeignProof,
    Trust,
    verify_foreign,
    verify_history,
)

from .setbacks import SETBACKS


class NobodyTrusted(LookupError):
    """No keys were pinned for a ledger."""


class Belief:
    """Keys by ledger, and what each log was when it was largest."""

    def __init__(self, trusts: Mapping[LedgerId, Trust]) -> None:
        """Believe what enough of these keys sign."""
        self._trusts = dict(trusts)
        self._seen: dict[LedgerId, Anchor] = {}

    def pin_missing(self, ledgers: Mapping[LedgerId, Ledger]) -> None:
        """
        Pin what is usual for ledgers of which no keys were given, once and for all.

        One that can't be asked now is left for another time.
        """
        for id in ledgers.keys() - self._trusts.keys():
            try:
                self._trusts[id] = usual_trust(ledgers, id)
            except SETBACKS:
                continue

    def trust(self, ledger: LedgerId) -> Trust:
        """Return by which keys a ledger is believed, or raise NobodyTrusted."""
        if (trust := self._trusts.get(ledger)) is None:
            raise NobodyTrusted(f"no keys are pinned for ledger {format_ledger_id(ledger)}")
        return trust

    def anchors(self, ledger: LedgerId) -> tuple[Anchor, ...]:
        """Return what a proof of a ledger must be linked to: the largest log that was seen."""
        seen = self._seen.get(ledger)
        return () if seen is None else (seen,)

    def check(self, ledger: LedgerId, proof: ForeignProof) -> int:
        """
        Insist on a proof and remember its checkpoint; return as of when it holds. [ms, UTC]

        Raises `ProofInvalid`, `HistoryForks` or `NobodyTrusted`.
        """
        time = verify_foreign(proof, self.trust(ledger))
        shown = _log_of(proof.checkpoint)
        seen = self._seen.get(ledger)
        if shown != seen:  # Many proofs may be as of one checkpoint.
            verify_history(proof, self.anchors(ledger))
            if seen is None or shown.size > seen.size:
                self._seen[ledger] = shown
        return time


def usual_trust(ledgers: Mapping[LedgerId, Ledger], id: LedgerId) -> Trust:
    """
    Return by which keys to believe a ledger if nobody said.

    As the first of the others recognises it: so its own node alone can't name keys of its own
    making. If none does, by its own and its witnesses' keys, all of them.
    """
    for other in sorted(ledgers.keys() - {id}):
        try:
            found = recognised_by(ledgers[other], id)
        except (LedgerNotRecognised, LookupError):  # It may have no contract that recognises.
            continue
        if not found.disowned_at:
            return found.trust
    return trust_of(ledgers[id])


@lru_cache(64)
def _log_of(note: bytes) -> Anchor:
    """Return what a checkpoint says of its log; it is remembered, as many proofs have one."""
    checkpoint = parse_checkpoint(parse_note(note).text)
    return Anchor(checkpoint.size, Hash(checkpoint.root))
