"""
What a party believes of a ledger: what enough of its keys signed, and of one history.

A party pins each ledger's keys itself. From the first proof on it holds every other against what it
saw before, so that a ledger with all its keys can't show it two faces either.
"""

from collections.abc import Mapping
from typing import Final

from tallystick.base.checkpoints import parse_checkpoint
from tallystick.base.identifiers import Hash, LedgerId
from tallystick.base.notes import parse_note
from tallystick.core.foreign import (
    Anchor,
    ForeignProof,
    Trust,
    verify_foreign,
    verify_history,
)

ANCHORS_MAX: Final = 8


class NobodyTrusted(LookupError):
    """No keys were pinned for a ledger."""


class Belief:
    """Keys by ledger, and what each log was when it was seen lately."""

    def __init__(self, trusts: Mapping[LedgerId, Trust]) -> None:
        """Believe what enough of these keys sign."""
        self._trusts = dict(trusts)
        self._seen: dict[LedgerId, tuple[Anchor, ...]] = {}

    def anchors(self, ledger: LedgerId) -> tuple[Anchor, ...]:
        """Return what a proof of a ledger must be linked to."""
        return self._seen.get(ledger, ())

    def check(self, ledger: LedgerId, proof: ForeignProof) -> int:
        """
        Insist on a proof and remember its checkpoint; return as of when it holds. [ms, UTC]

        Raises `ProofInvalid`, `HistoryForks` or `NobodyTrusted`.
        """
        if (trust := self._trusts.get(ledger)) is None:
            raise NobodyTrusted(f"no keys are pinned for ledger {ledger.hex()}")
        time = verify_foreign(proof, trust)
        checkpoint = parse_checkpoint(parse_note(proof.checkpoint).text)
        shown = Anchor(checkpoint.size, Hash(checkpoint.root))
        seen = self.anchors(ledger)
        if shown not in seen:  # Many proofs may be as of one checkpoint.
            verify_history(proof, seen)
            self._seen[ledger] = (*seen, shown)[-ANCHORS_MAX:]
        return time
