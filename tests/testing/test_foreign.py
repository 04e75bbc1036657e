"""What a neighbour shows is what a verifier of the kernel believes."""

import pytest

from tallystick.base.identifiers import RecordId
from tallystick.contracts.identity.model import Registrars, registrars_id
from tallystick.core.foreign import (
    Anchor,
    HistoryForks,
    foreign_record,
    trusted_checkpoint,
    verify_foreign,
    verify_growth,
    verify_history,
)
from tallystick.core.proof import ProofInvalid
from tests.contracts.exchange.sides import NOWHERE, Sides


@pytest.mark.parametrize("threshold", [1, 2, 3])
def test_presence_and_absence_are_proven(threshold: int) -> None:
    """As of the block that proving closes, by any number of its three keys."""
    side = Sides().one
    present = side.prove(registrars_id())
    assert side.time - 1 == verify_foreign(present, side.trust(threshold=threshold))
    assert foreign_record(present, Registrars) == side.read(Registrars, registrars_id())
    absent = side.prove(RecordId(NOWHERE))
    verify_foreign(absent, side.trust(threshold=threshold))
    assert foreign_record(absent, Registrars) is None


def test_a_proof_is_linked_to_an_anchor() -> None:
    """Before it or after it, and only if it was of the same history."""
    side = Sides().one
    side.close_block()
    anchor = side.anchor()
    later = side.prove(registrars_id(), since=anchor)
    verify_history(later, [anchor])
    verify_history(later, [])
    with pytest.raises(ProofInvalid, match="consistency"):
        verify_history(later, [Anchor(anchor.size, side.anchor().root)])
    unlinked = side.prove(registrars_id())
    with pytest.raises(ProofInvalid, match="anchor"):
        verify_history(unlinked, [anchor])


def test_growth_and_forks() -> None:
    """A log grows out of what it was; two roots of one size are a fork."""
    side = Sides().one
    side.close_block()
    old = side.anchor()
    side.close_block()
    new = side.anchor()
    path = side.growth(old.size)
    verify_growth(old, new, path)
    verify_growth(new, old, path)
    verify_growth(new, new, ())
    with pytest.raises(ProofInvalid):
        verify_growth(old, new, ())
    with pytest.raises(HistoryForks):
        verify_growth(new, Anchor(new.size, old.root), ())


def test_a_checkpoint_counts_by_its_signers() -> None:
    """Of another size or root too: a neighbour can be made to lie."""
    side = Sides().one
    side.close_block()
    assert side.anchor() == trusted_checkpoint(side.checkpoint(), side.trust())
    lie = side.checkpoint(root=b"\x07" * 32)
    assert side.anchor().root != trusted_checkpoint(lie, side.trust()).root
    assert trusted_checkpoint(side.checkpoint(size=1), side.trust()).size == 1
    side.witnesses = ()
    with pytest.raises(ProofInvalid, match="1 of the recognised keys"):
        trusted_checkpoint(side.checkpoint(), Sides().one.trust())
