"""
A ledger in memory shows another what stands on it, by a genuine proof.

    cars, insurances = Neighbour(genesis), Neighbour(other)
    insurances.execute(Recognise(cars.trust()), signers=[REGISTRAR])
    proof = cars.prove(title_id)
"""

from collections.abc import Sequence
from typing import Final

from tallystick.base.checkpoints import Checkpoint, cosign_checkpoint, sign_checkpoint
from tallystick.base.identifiers import Hash, RecordId, format_ledger_id
from tallystick.base.notes import (
    TYPE_COSIGNATURE,
    Signer,
    format_verifier_key,
    verifier_key,
)
from tallystick.core.foreign import Anchor, ForeignProof, Trust

from .tables import Trial

WITNESS_SECONDS: Final = 1
"""When witnesses say that they cosigned; no rule asks. [s since the epoch, UTC]"""


class Neighbour(Trial):
    """A ledger in memory that signs its log, with witnesses who cosign it."""

    signer = Signer(name="neighbour", secret=bytes(31) + b"\x07")
    """The ledger's own key."""

    witnesses: Sequence[Signer] = tuple(
        Signer(name=f"witness-{n}", secret=bytes(31) + bytes([n]), type=TYPE_COSIGNATURE)
        for n in (1, 2)
    )
    """Those who cosign what it shows."""

    def trust(self, *, threshold: int = 2) -> Trust:
        """Return how it is believed: by so many of its own key and its witnesses'."""
        keys = map(verifier_key, (self.signer, *self.witnesses))
        return Trust(self.state.ledger, tuple(map(format_verifier_key, keys)), threshold)

    def checkpoint(self, *, size: int = 0, root: bytes = b"") -> bytes:
        """
        Return the signed and cosigned note over its log.

        It is as it is now, or was at a size, or as a forger with all its keys would have it.
        """
        log = self.state.log
        size = size or log.size
        checkpoint = Checkpoint(format_ledger_id(self.state.ledger), size, root or log.root(size))
        note = sign_checkpoint(checkpoint, self.signer)
        for witness in self.witnesses:
            note = cosign_checkpoint(note, witness, time=WITNESS_SECONDS)
        return note

    def anchor(self) -> Anchor:
        """Return what its log is now."""
        return Anchor(self.state.log.size, Hash(self.state.log.root()))

    def growth(self, since: int) -> tuple[Hash, ...]:
        """Return the consistency path from an earlier size to now."""
        return tuple(map(Hash, self.state.log.consistency_proof(since)))

    def prove(self, id: RecordId, *, since: Anchor | None = None) -> ForeignProof:
        """
        Close the block in the making, and prove what stands under an id after it, or that nothing.

        With an anchor the proof shows that the log grew out of it.
        """
        self.close_block()
        state = self.state
        head = state.head
        if head is None:
            raise AssertionError("there is no block")
        index = head.log_size - 1
        return ForeignProof(
            checkpoint=self.checkpoint(),
            header=head,
            index=index,
            inclusion=tuple(map(Hash, state.log.inclusion_proof(index))),
            id=id,
            records=state.store.read(id),
            proof=state.tree.prove(id, state.store.read),
            anchor=0 if since is None else since.size,
            consistency=() if since is None else self.growth(since.size),
        )
