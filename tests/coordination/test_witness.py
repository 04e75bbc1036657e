"""A witness vouches for a log that only grew, and remembers it when it is restarted."""

from pathlib import Path

import pytest

from tallystick.base.checkpoints import Checkpoint, cosigned_at, sign_checkpoint
from tallystick.base.identifiers import LedgerId, format_ledger_id
from tallystick.base.notes import (
    TYPE_COSIGNATURE,
    Signer,
    format_verifier_key,
    parse_verifier_key,
    verifier_key,
)
from tallystick.client.foreign import CannotCosign, SizeDiffers
from tallystick.coordination.witness import (
    ForkSeen,
    LedgerUnknown,
    NoGrowth,
    Witness,
    WitnessUnusable,
)
from tallystick.core.log import Log

LEDGER = LedgerId(b"\x07" * 32)
OWN = Signer("ledger", bytes(31) + b"\x01")
SIGNER = Signer("witness", bytes(31) + b"\x02", TYPE_COSIGNATURE)
TIME = 1_467_374_400


def grown(count: int, *, other: bool = False) -> Log:
    """Return a log of some entries; another one differs in its last."""
    log = Log()
    for n in range(count):
        log.append(f"entry {n}{' forged' if other and n == count - 1 else ''}".encode())
    return log


def note(log: Log, signer: Signer = OWN, ledger: LedgerId = LEDGER) -> bytes:
    """Return a log's signed checkpoint."""
    return sign_checkpoint(Checkpoint(format_ledger_id(ledger), log.size, log.root()), signer)


def witness(folder: Path) -> Witness:
    """Return a witness of the ledger."""
    made = Witness(folder, SIGNER, clock=lambda: TIME)
    return made.watch(LEDGER, format_verifier_key(verifier_key(OWN)))


def vouched(seen: Witness, shown: bytes) -> bool:
    """Tell whether a note carries the witness's cosignature."""
    return cosigned_at(shown, parse_verifier_key(seen.verifier_key)) == TIME


def test_it_cosigns_what_only_grew(tmp_path: Path) -> None:
    """The first checkpoint is taken as it is, every other must continue the one before."""
    seen = witness(tmp_path)
    size = 0
    for count in (1, 2, 5, 5, 8, 13, 100):
        log = grown(count)
        path = log.consistency_proof(size)
        assert vouched(seen, seen.cosign(note(log), since=size, consistency=path))
        size = count
        assert size == seen.size(LEDGER)


def test_it_remembers_when_restarted(tmp_path: Path) -> None:
    """A fork is refused by a witness that was stopped in between."""
    first = witness(tmp_path)
    first.cosign(note(grown(5)), since=0, consistency=())
    first.close()
    second = witness(tmp_path)
    assert 5 == second.size(LEDGER)
    with pytest.raises(ForkSeen) as caught:
        second.cosign(note(grown(5, other=True)), since=5, consistency=())
    assert (5, grown(5).root()) == (caught.value.seen.size, caught.value.seen.root)
    assert note(grown(5, other=True)) == caught.value.note


def test_it_refuses_a_fork_that_grew_on(tmp_path: Path) -> None:
    """No path leads from what was seen to another past."""
    seen = witness(tmp_path)
    seen.cosign(note(grown(5)), since=0, consistency=())
    forged = grown(5, other=True)
    for n in range(5, 8):
        forged.append(f"entry {n}".encode())
    for path in (forged.consistency_proof(5), grown(8).consistency_proof(5), []):
        with pytest.raises(NoGrowth):
            seen.cosign(note(forged), since=5, consistency=path)
    assert 5 == seen.size(LEDGER)


def test_an_old_checkpoint_is_not_vouched_for(tmp_path: Path) -> None:
    """What is replayed is refused: the witness says what it saw last."""
    seen = witness(tmp_path)
    seen.cosign(note(grown(9)), since=0, consistency=())
    with pytest.raises(SizeDiffers) as caught:
        seen.cosign(note(grown(5)), since=0, consistency=())
    assert 9 == caught.value.size
    with pytest.raises(CannotCosign):
        seen.cosign(note(grown(5)), since=9, consistency=())


@pytest.mark.parametrize(
    "shown",
    [
        note(grown(3), Signer("ledger", bytes(31) + b"\x09")),
        note(grown(3), ledger=LedgerId(b"\x08" * 32)),
        sign_checkpoint(Checkpoint("a log", 3, grown(3).root()), OWN),
        note(grown(3))[:-9] + b"AAAAAAAA\n",
        b"",
        b"\xff",
    ],
)
def test_it_cosigns_only_for_ledgers_that_it_watches(tmp_path: Path, shown: bytes) -> None:
    """A stranger's note, another ledger's, a torn one: none is vouched for."""
    seen = witness(tmp_path)
    with pytest.raises(LedgerUnknown):
        seen.cosign(shown, since=0, consistency=())
    assert 0 == seen.size(LEDGER)


def test_two_witnesses_do_not_share_a_memory(tmp_path: Path) -> None:
    """One of them could vouch for what the other has refused."""
    first = witness(tmp_path)
    with pytest.raises(WitnessUnusable, match="another witness"):
        witness(tmp_path)
    first.close()
    witness(tmp_path).close()


def test_a_damaged_memory_is_not_forgotten(tmp_path: Path) -> None:
    """A witness that forgot could be shown a fork, so it refuses to start."""
    first = witness(tmp_path)
    first.cosign(note(grown(5)), since=0, consistency=())
    first.close()
    (tmp_path / format_ledger_id(LEDGER)).write_bytes(b"\x93")
    with pytest.raises(WitnessUnusable, match="restore it"):
        witness(tmp_path)


def test_a_key_for_notes_makes_no_witness(tmp_path: Path) -> None:
    """Its cosignatures would not cover the time."""
    with pytest.raises(ValueError, match="no key for cosignatures"):
        Witness(tmp_path, OWN)
