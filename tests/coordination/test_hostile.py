"""Whoever lies, replays an old checkpoint or shows a fork gets nothing, and is told why."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.client.foreign import anchors_of, foreign_proof, proofs_for
from tallystick.client.ledger import Ledger, TransactionRejected
from tallystick.compose import open_ledger
from tallystick.contracts.asset.commands import Transfer
from tallystick.contracts.exchange.commands import Abort, Commit, Finish, Prepare
from tallystick.contracts.exchange.errors import (
    ChangeIsDecided,
    ChangeIsNotDecided,
    PartIsNotPrepared,
    ProofIsMissing,
    ProofIsOfAnother,
    SignerIsNoParty,
)
from tallystick.contracts.exchange.model import (
    Change,
    change_id,
    decision_id,
    prepared_id,
)
from tallystick.contracts.identity.errors import ForeignProofIsInvalid
from tallystick.coordination.joint_change import plan
from tallystick.core.errors import Rejected
from tallystick.core.foreign import ForeignProof
from tallystick.testing.keys import key, secret
from tests.coordination.world import ANNA, BERT, CLARA, MINUTE, PLENTY, World, world


class Plot:
    """A change decided on the first ledger, of which Anna prepared the first part only."""

    def __init__(self, place: World) -> None:
        self.place = place
        self.home, self.away = place.list
        parts = [place.part(n, ANNA, BERT) for n in (0, 1)]
        deadline = place.clock() + MINUTE
        self.change: Change = plan(parts, deciding=self.home.id, deadline=deadline)
        self.id = change_id(self.change)
        self.home.send(Prepare(self.change, 0), [secret(ANNA)])

    def prepare(self) -> None:
        """Prepare the second part, too."""
        self.away.send(Prepare(self.change, 1), [secret(ANNA)])

    def proof(self, index: int = 1) -> ForeignProof:
        """Return what the other ledger says of a part."""
        (proof,) = proofs_for(self.home, self.away, [prepared_id(self.id, index)])
        return proof


def refused(ledger: Ledger, command: Record, reason: type[Rejected], who: int = CLARA) -> None:
    """Insist that a ledger refuses a command for a reason."""
    with pytest.raises(TransactionRejected) as caught:
        ledger.send(command, [secret(who)])
    assert (reason.contract, reason.code) == (caught.value.contract, caught.value.code)


def test_a_part_that_is_not_held_cannot_be_made_up(tmp_path: Path) -> None:
    """A proof of absence, of another part, or none at all: nothing is committed."""
    with world(tmp_path) as place:
        plot = Plot(place)
        for proofs, reason in (
            ((), ProofIsMissing),
            ((plot.proof(),), PartIsNotPrepared),
            ((plot.proof(0),), ProofIsOfAnother),
            ((plot.proof(), plot.proof()), ProofIsMissing),
        ):
            refused(plot.home, Commit(plot.change, proofs), reason)
        assert [(PLENTY - 10, 10), (PLENTY, 0)] == [place.balance(n, ANNA) for n in (0, 1)]


LIES: list[Callable[[ForeignProof], ForeignProof]] = [
    lambda proof: replace(proof, records=(proof.records or b"")[:-1] + b"\x01"),
    lambda proof: replace(proof, header=replace(proof.header, time=proof.header.time + 1)),
    lambda proof: replace(proof, header=replace(proof.header, state_root=bytes(32))),
    lambda proof: replace(proof, index=proof.index - 1),
    lambda proof: replace(proof, inclusion=()),
    lambda proof: replace(proof, checkpoint=proof.checkpoint[:-9] + b"AAAAAAAA\n"),
    lambda proof: replace(proof, checkpoint=b""),
    lambda proof: replace(proof, proof=replace(proof.proof, end=None)),
    lambda proof: replace(proof, anchor=proof.anchor + 1),
    lambda proof: replace(proof, consistency=()),
]


@pytest.mark.parametrize("lie", LIES)
def test_a_proof_that_was_changed_is_refused(
    tmp_path: Path, lie: Callable[[ForeignProof], ForeignProof]
) -> None:
    """Whatever of it is changed; and the honest one is still good afterwards."""
    with world(tmp_path) as place:
        place.anchor()
        plot = Plot(place)
        plot.prepare()
        proof = plot.proof()
        refused(plot.home, Commit(plot.change, (lie(proof),)), ForeignProofIsInvalid)
        assert plot.home.send(Commit(plot.change, (proof,)), [secret(CLARA)]).accepted


def test_an_old_checkpoint_proves_no_more_than_it_did(tmp_path: Path) -> None:
    """A decision that was not there yet is not shown by a replayed proof."""
    with world(tmp_path) as place:
        plot = Plot(place)
        plot.prepare()
        old = foreign_proof(plot.home, decision_id(plot.id))
        plot.home.send(Abort(plot.change), [secret(ANNA)])
        refused(plot.away, Finish(plot.id, 1, old), ChangeIsNotDecided)
        refused(plot.away, Finish(plot.id, 1, None), ProofIsMissing)
        # That the part was held is still true on an old checkpoint, and of no use any more.
        refused(plot.home, Commit(plot.change, (plot.proof(),)), ChangeIsDecided)
        fresh = foreign_proof(plot.home, decision_id(plot.id))
        assert plot.away.send(Finish(plot.id, 1, fresh), [secret(CLARA)]).accepted
        assert (PLENTY, 0) == place.balance(1, ANNA)


def test_a_decision_on_another_change_ends_nothing(tmp_path: Path) -> None:
    """Each part asks for the decision on its own change, under its own id."""
    with world(tmp_path) as place:
        plot = Plot(place)
        plot.prepare()
        other = plan(plot.change.parts, deciding=plot.home.id, deadline=plot.change.deadline)
        plot.home.send(Abort(other), [secret(ANNA)])
        proof = foreign_proof(plot.home, decision_id(change_id(other)))
        refused(plot.away, Finish(plot.id, 1, proof), ProofIsOfAnother)
        moved = replace(proof, id=decision_id(plot.id))
        refused(plot.away, Finish(plot.id, 1, moved), ForeignProofIsInvalid)


def test_a_stranger_aborts_nothing_before_the_deadline(tmp_path: Path) -> None:
    """From then on anybody may."""
    with world(tmp_path) as place:
        plot = Plot(place)
        refused(plot.home, Abort(plot.change), SignerIsNoParty)
        place.clock.move(MINUTE)
        assert plot.home.send(Abort(plot.change), [secret(CLARA)]).accepted


def forked(place: World, folder: Path) -> Ledger:
    """Return the second ledger as it could have been, under the same key: a second face."""
    original = place.list[1]
    source = next(
        path for path in folder.iterdir() if (path / "genesis").exists() and _is(path, original)
    )
    copy = folder / "fork"
    shutil.copytree(source, copy)
    return open_ledger(copy, clock=place.clock)


def _is(path: Path, ledger: Ledger) -> bool:
    """Tell whether a folder is a ledger's."""
    return ledger.status().name.encode() in (path / "genesis").read_bytes()


def test_a_fork_that_no_witness_cosigns_is_not_believed(tmp_path: Path) -> None:
    """One key could show two faces; the witness has seen the other one."""
    with world(tmp_path) as place:
        plot = Plot(place)
        face = forked(place, tmp_path)
        try:
            # On the true ledger something else happens; the fork pretends that it is held.
            unit = place.units[plot.away.id]
            plot.away.send(Transfer(unit, key(ANNA), key(CLARA), PLENTY), [secret(ANNA)])
            foreign_proof(plot.away, prepared_id(plot.id, 1))
            face.send(Prepare(plot.change, 1), [secret(ANNA)])
            face.witnesses = tuple(place.witnesses)
            proof = foreign_proof(face, prepared_id(plot.id, 1))
            refused(plot.home, Commit(plot.change, (proof,)), ForeignProofIsInvalid)
        finally:
            face.close()
        assert (PLENTY - 10, 10) == place.balance(0, ANNA)


def test_a_fork_with_every_key_is_not_of_the_anchored_history(tmp_path: Path) -> None:
    """Even if the witness forgot: the ledger itself remembers what it was shown."""
    with world(tmp_path, witnesses=0) as place:
        plot = Plot(place)
        face = forked(place, tmp_path)
        try:
            unit = place.units[plot.away.id]
            plot.away.send(Transfer(unit, key(ANNA), key(CLARA), PLENTY), [secret(ANNA)])
            place.anchor()
            face.send(Prepare(plot.change, 1), [secret(ANNA)])
            for _ in range(3):
                face.send(Transfer(unit, key(BERT), key(CLARA), 1), [secret(BERT)])
            anchors = anchors_of(plot.home, plot.away.id)
            proof = foreign_proof(face, prepared_id(plot.id, 1), anchors=anchors)
            refused(plot.home, Commit(plot.change, (proof,)), ForeignProofIsInvalid)
        finally:
            face.close()
