"""A ledger shows another what stands on it, linked to what the other saw before."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tallystick.base.identifiers import Hash, LedgerId, RecordId
from tallystick.base.notes import TYPE_COSIGNATURE, Signer, parse_note
from tallystick.client.foreign import (
    CannotCosign,
    SizeDiffers,
    anchor_command,
    anchors_of,
    foreign_proof,
    foreign_proofs,
    proofs_for,
    recognised_by,
    trust_of,
)
from tallystick.client.ledger import Ledger
from tallystick.contracts.asset.commands import Transfer
from tallystick.contracts.asset.model import Balance
from tallystick.contracts.identity.errors import LedgerNotRecognised
from tallystick.coordination.witness import Witness
from tallystick.core.foreign import Anchor, foreign_record, verify_foreign, verify_history
from tallystick.core.holding import holding_id
from tallystick.core.proof import ProofInvalid
from tallystick.testing.keys import key, secret
from tests.coordination.world import ANNA, BERT, OPERATOR, PLENTY, World, world

ABSENT = RecordId(b"\x42" * 32)


def account(place: World, n: int, owner: int) -> RecordId:
    """Return somebody's account on the n-th ledger."""
    return holding_id(place.units[place.list[n].id], key(owner))


def grow(place: World, n: int) -> None:
    """Let something happen on the n-th ledger."""
    ledger = place.list[n]
    ledger.send(Transfer(place.units[ledger.id], key(ANNA), key(BERT), 1), [secret(ANNA)])


def test_many_ids_are_proven_as_of_one_checkpoint(tmp_path: Path) -> None:
    """Presence and absence, each in the order in which it was asked for."""
    with world(tmp_path, witnesses=2) as place:
        ledger = place.list[0]
        ids = [account(place, 0, ANNA), ABSENT, account(place, 0, BERT)]
        proofs = foreign_proofs(ledger, ids)
        assert ids == [proof.id for proof in proofs]
        assert 1 == len({proof.checkpoint for proof in proofs})
        assert 3 == len(parse_note(proofs[0].checkpoint).signatures)
        trust = trust_of(ledger)
        assert (3, 3) == (len(trust.keys), trust.threshold)
        assert {ledger.status().time} == {verify_foreign(proof, trust) for proof in proofs}
        found = [foreign_record(proof, Balance) for proof in proofs]
        assert [PLENTY, None, PLENTY] == [each and each.spendable for each in found]
        assert [] == foreign_proofs(ledger, [])


def test_a_checkpoint_is_cosigned_once(tmp_path: Path) -> None:
    """However many proofs there are between two blocks."""
    with world(tmp_path) as place:
        ledger, asked = place.list[0], []
        (witness,) = place.witnesses
        plain = witness.cosign

        def counting(note: bytes, *, since: int, consistency: tuple[bytes, ...]) -> bytes:
            asked.append(since)
            return plain(note, since=since, consistency=consistency)

        witness.cosign = counting  # type: ignore[method-assign,assignment]
        for _ in range(5):
            foreign_proof(ledger, ABSENT)
        assert 1 == len(asked)
        grow(place, 0)
        for _ in range(5):
            foreign_proof(ledger, ABSENT)
        assert 2 == len(asked)


def test_proofs_are_linked_to_the_newest_anchor_but_one(tmp_path: Path) -> None:
    """A ledger that anchored another believes only what grew out of an anchor that it keeps."""
    with world(tmp_path) as place:
        target, source = place.list
        assert () == anchors_of(target, source.id)
        for count in (1, 2, 3):
            grow(place, 1)
            target.send(anchor_command(target, source), [secret(OPERATOR)])
            grow(place, 1)
            (proof,) = proofs_for(target, source, [ABSENT])
            anchors = anchors_of(target, source.id)
            assert min(count, 2) == len(anchors)  # What follows at once takes the newest's place.
            assert anchors[0].size == proof.anchor  # The only one, or the newest but one.
            verify_history(proof, anchors)
            grow(place, 1)
            target.send(anchor_command(target, source), [secret(OPERATOR)])
            verify_history(proof, anchors_of(target, source.id))
        with pytest.raises(ProofInvalid, match="anchor"):
            verify_history(foreign_proof(source, ABSENT), anchors)


def test_whom_nobody_recognises_nobody_asks(tmp_path: Path) -> None:
    """There is nothing to link a proof to."""
    with world(tmp_path, witnesses=0) as place:
        target, source = place.list
        assert trust_of(source) == recognised_by(target, source.id).trust
        with pytest.raises(LedgerNotRecognised):
            anchors_of(target, LedgerId(bytes(32)))


def test_a_witness_that_refuses_is_passed_over(tmp_path: Path) -> None:
    """How many are needed is for the verifier to say."""
    with world(tmp_path) as place:
        ledger = place.list[0]
        trust = trust_of(ledger)
        stranger = Witness(tmp_path / "s", Signer("stranger", bytes(32), TYPE_COSIGNATURE))
        ledger.witnesses = (stranger, *ledger.witnesses)
        grow(place, 0)
        proof = foreign_proof(ledger, ABSENT)
        assert 2 == len(parse_note(proof.checkpoint).signatures)
        assert verify_foreign(proof, trust) > 0
        with pytest.raises(ProofInvalid, match="2 of the recognised keys signed, 3 must"):
            verify_foreign(proof, trust_of(ledger))
        stranger.close()


def test_a_witness_that_was_away_is_asked_again(tmp_path: Path) -> None:
    """Though the ledger has made no block since."""
    with world(tmp_path) as place:
        ledger, (witness,) = place.list[0], place.witnesses
        cosign = witness.cosign

        def refuse(*_: object, **__: object) -> bytes:
            raise CannotCosign("it is away")

        witness.cosign = refuse  # type: ignore[method-assign]
        assert 1 == len(parse_note(foreign_proof(ledger, ABSENT).checkpoint).signatures)
        witness.cosign = cosign  # type: ignore[method-assign]
        assert 2 == len(parse_note(foreign_proof(ledger, ABSENT).checkpoint).signatures)


def test_a_witness_that_saw_more_than_there_is_is_passed_over(tmp_path: Path) -> None:
    """A ledger that lost blocks gets no cosignature for what is left."""
    with world(tmp_path) as place:
        ledger = place.list[0]

        class Ahead:
            """Says that it has seen a much larger log."""

            verifier_key = place.witnesses[0].verifier_key

            def size(self, _: LedgerId) -> int:
                """Return a size that the log never had."""
                return 10**6

            def cosign(self, note: bytes, **_: object) -> bytes:
                """Never be asked."""
                raise AssertionError(note)

        ledger.witnesses = (Ahead(),)
        grow(place, 0)
        proof = foreign_proof(ledger, ABSENT, anchors=[Anchor(10**6, Hash(bytes(32)))])
        assert 1 == len(parse_note(proof.checkpoint).signatures)
        assert 0 == proof.anchor


def test_many_prove_while_the_ledger_grows(tmp_path: Path) -> None:
    """Whoever comes second to the witness starts again from what it has seen meanwhile."""
    with world(tmp_path) as place:
        ledger = place.list[0]
        # Two programs at one node: they share no lock.
        twins = [Ledger(ledger.node, clock=place.clock) for _ in range(2)]
        for twin in twins:
            twin.witnesses = ledger.witnesses
        trust = trust_of(ledger)

        def prove(twin: Ledger) -> int:
            return sum(verify_foreign(foreign_proof(twin, ABSENT), trust) > 0 for _ in range(30))

        with ThreadPoolExecutor(3) as pool:
            found = [pool.submit(prove, twin) for twin in twins]
            for _ in range(30):
                grow(place, 0)
            assert [30, 30] == [each.result() for each in found]


def test_a_witness_that_is_always_ahead_is_given_up(tmp_path: Path) -> None:
    """It is tried a few times, and then somebody is told."""
    with world(tmp_path, witnesses=0) as place:
        ledger = place.list[0]

        class Busy:
            """Has always seen more than was asked about."""

            verifier_key = "busy"

            def size(self, _: LedgerId) -> int:
                """Return nothing seen."""
                return 0

            def cosign(self, note: bytes, *, since: int, consistency: object) -> bytes:
                """Refuse."""
                del note, consistency
                raise SizeDiffers(since + 1)

        ledger.witnesses = (Busy(),)
        with pytest.raises(CannotCosign, match="try again"):
            foreign_proof(ledger, ABSENT)
