"""
What ledgers prove, as against what their nodes say.

Whoever gives something up because of an answer, because it is decided, or done, or too late, asks
for the proof of it first: without one it stays, and asks again.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, RecordId
from tallystick.client.foreign import foreign_proofs
from tallystick.client.ledger import Ledger
from tallystick.core.foreign import ForeignProof, foreign_record

from .belief import Belief, NobodyTrusted
from .setbacks import SETBACKS

AnyRecord = TypeVar("AnyRecord", bound=Record)

Place = tuple[LedgerId, RecordId]
"""A ledger, and an id on it."""


class NotProven(LookupError):
    """A proof of something was asked for, and there is none, or it shows something else."""


class Fact(NamedTuple):
    """What a ledger proves to stand under an id."""

    proof: ForeignProof
    """The proof, which holds."""
    time: int
    """As of when. [ms since the epoch, UTC]"""


class Facts:
    """What ledgers prove, by place; or why they don't."""

    def __init__(
        self,
        ledgers: Mapping[LedgerId, Ledger],
        belief: Belief,
        places: Iterable[Place],
    ) -> None:
        """Ask each ledger at once for all that it is to prove, and check every proof."""
        self._found: dict[Place, Fact | Exception] = {}
        wanted: dict[LedgerId, dict[RecordId, None]] = {}
        for ledger, id in places:
            wanted.setdefault(ledger, {})[id] = None
        for ledger, ids in wanted.items():
            try:
                proofs = foreign_proofs(ledgers[ledger], list(ids), anchors=belief.anchors(ledger))
            except SETBACKS as error:
                self._found |= {(ledger, id): error for id in ids}
                continue
            for proof in proofs:
                self._found[ledger, proof.id] = _checked(belief, ledger, proof)

    def record(self, place: Place, kind: type[AnyRecord]) -> tuple[AnyRecord | None, int]:
        """
        Return the record of a kind that stands somewhere, if one does, and as of when. [ms, UTC]

        Raises why that is not proven: one of `SETBACKS`.
        """
        found = self._found.get(place, NotProven(f"nothing was shown of {place[1].hex()}"))
        if isinstance(found, Exception):
            raise found
        return foreign_record(found.proof, kind), found.time


def _checked(belief: Belief, ledger: LedgerId, proof: ForeignProof) -> Fact | Exception:
    """Return what a proof shows, or why it doesn't hold."""
    try:
        return Fact(proof, belief.check(ledger, proof))
    except (ValueError, NobodyTrusted) as error:
        return error
