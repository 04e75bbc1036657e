"""
What one ledger shows to another: proofs of its records, and what makes them believed.

A proof is as of the ledger's present checkpoint, signed once a block however many proofs there are,
and cosigned by the ledger's witnesses. Whoever carries it needs no trust.

It is linked to the newest but one of the other ledger's anchors. The newest may be replaced by the
next, which anybody may bring; the one before it stands for `ANCHOR_STANDS_MILLISECONDS` at least,
and for so long a proof stays good, however often somebody anchors meanwhile. A proof that was made
before there was any anchor is good until there is one.
"""

from collections.abc import Sequence
from typing import Final, Protocol

from tallystick.base.identifiers import Hash, LedgerId, RecordId
from tallystick.contracts.identity.commands import AnchorLedger
from tallystick.contracts.identity.views import RecognisedView, ShowRecognised
from tallystick.core.foreign import Anchor, ForeignProof, Trust
from tallystick.core.node import StateEvidence

from .ledger import Ledger

COSIGNING_ATTEMPTS_MAX: Final = 5


class CannotCosign(Exception):
    """A witness doesn't vouch for a checkpoint; the message says why."""


class SizeDiffers(CannotCosign):
    """The witness has seen another size than the one that the path starts from."""

    def __init__(self, size: int) -> None:
        """Say which size it was."""
        super().__init__(f"the witness saw {size} entries last; show what grew from there")
        self.size = size


class Cosigner(Protocol):
    """A witness: it signs a ledger's checkpoints after checking that the log only grew."""

    verifier_key: str
    """The key under which it cosigns, as C2SP notes write it."""

    def size(self, ledger: LedgerId) -> int:
        """Return how large the ledger's log was when it was seen last, 0 for never. [entries]"""

    def cosign(self, note: bytes, *, since: int, consistency: Sequence[bytes]) -> bytes:
        """
        Return the note with the witness's cosignature.

        The path shows what grew out of the size that was seen last. Raises `CannotCosign`.
        """


def foreign_proof(ledger: Ledger, id: RecordId, *, anchors: Sequence[Anchor] = ()) -> ForeignProof:
    """Prove what stands under an id of a ledger, or that nothing does, to another ledger."""
    return foreign_proofs(ledger, (id,), anchors=anchors)[0]


def foreign_proofs(
    ledger: Ledger, ids: Sequence[RecordId], *, anchors: Sequence[Anchor] = ()
) -> list[ForeignProof]:
    """
    Prove many ids as of one checkpoint, which is signed and cosigned once.

    Of the anchors the newest is left out if there are others: it may be gone by the time the proof
    arrives.
    """
    if not ids:
        return []
    state, checkpoint, anchor, consistency = _evidence(ledger, tuple(ids), _standing(anchors))
    inclusion = tuple(map(Hash, state.inclusion))
    return [
        ForeignProof(
            checkpoint=checkpoint,
            header=state.header,
            index=state.index,
            inclusion=inclusion,
            id=leaf.id,
            records=leaf.records,
            proof=leaf.proof,
            anchor=anchor,
            consistency=consistency,
        )
        for leaf in state.leaves
    ]


def proofs_for(target: Ledger, source: Ledger, ids: Sequence[RecordId]) -> list[ForeignProof]:
    """Prove ids of one ledger so that another, which recognises it, believes them."""
    return foreign_proofs(source, ids, anchors=anchors_of(target, source.id))


def trust_of(ledger: Ledger, *, threshold: int = 0) -> Trust:
    """
    Return by which keys a ledger is to be believed: its own and its witnesses'.

    All of them must sign unless a threshold says how many are enough.
    """
    own = ledger.status().checkpoint_key
    keys = (own, *(witness.verifier_key for witness in ledger.witnesses))
    return Trust(ledger=ledger.id, keys=keys, threshold=threshold or len(keys))


def recognised_by(ledger: Ledger, other: LedgerId) -> RecognisedView:
    """Return how a ledger believes another, or raise `LedgerNotRecognised`."""
    found = ledger.ask(ShowRecognised(other))
    if not isinstance(found, RecognisedView):
        raise TypeError(f"ShowRecognised is answered with a {type(found).__name__}")
    return found


def anchors_of(ledger: Ledger, other: LedgerId) -> tuple[Anchor, ...]:
    """Return what a ledger knows of another's past."""
    return recognised_by(ledger, other).anchors


def anchor_command(target: Ledger, source: Ledger) -> AnchorLedger:
    """
    Return the command by which one ledger remembers what another's log is now.

    It shows what grew out of the newest anchor. If somebody else anchors first, it is refused, and
    nothing is lost by that.
    """
    _, checkpoint, _, consistency = _evidence(source, (), anchors_of(target, source.id))
    return AnchorLedger(ledger=source.id, checkpoint=checkpoint, consistency=consistency)


def _standing(anchors: Sequence[Anchor]) -> Sequence[Anchor]:
    """Return the anchors that the next one does not replace: all but the newest, or the only."""
    known = sorted(anchors, key=lambda each: each.size)
    return known[:-1] or known


def _evidence(
    ledger: Ledger, ids: tuple[RecordId, ...], anchors: Sequence[Anchor]
) -> tuple[StateEvidence, bytes, int, tuple[Hash, ...]]:
    """
    Return evidence, its checkpoint with cosignatures, an anchor's size, and the path between them.

    It is linked to the newest of these anchors.

    What a verifier or a witness saw of a larger log than there is can't be linked: a ledger that
    lost blocks, or shows another past, is left to them.
    """
    with ledger.cosigning:
        for _ in range(COSIGNING_ATTEMPTS_MAX):
            sizes = [witness.size(ledger.id) for witness in ledger.witnesses]
            log_size = ledger.status().log_size
            anchor = max((each.size for each in anchors if each.size <= log_size), default=0)
            seen = [
                (witness, size)
                for witness, size in zip(ledger.witnesses, sizes, strict=True)
                if size <= log_size
            ]
            state = ledger.node.prove(ids, (), (anchor, *(size for _, size in seen))).state
            witnesses = [
                (witness, size, path)
                for (witness, size), path in zip(seen, state.consistency[1:], strict=True)
            ]
            if (checkpoint := _cosigned(ledger, state.checkpoint, witnesses)) is not None:
                return state, checkpoint, anchor, tuple(map(Hash, state.consistency[0]))
    raise CannotCosign("others keep showing this ledger to its witnesses; try again")


def _cosigned(
    ledger: Ledger, note: bytes, witnesses: Sequence[tuple[Cosigner, int, Sequence[bytes]]]
) -> bytes | None:
    """
    Return a note with the cosignatures of all witnesses that give one, made once for each note.

    Nothing is returned if a witness has seen more meanwhile. One that refuses is passed over, and
    asked again for the next proof: how many are needed is for the verifier to say.
    """
    before, cosigned = ledger.cosigned
    if before == note:
        return cosigned
    cosigned, complete = note, True
    for witness, since, path in witnesses:
        try:
            cosigned = witness.cosign(cosigned, since=since, consistency=path)
        except SizeDiffers:
            return None
        except CannotCosign:
            complete = False
    if complete:
        ledger.cosigned = note, cosigned
    return cosigned
