"""A party believes the keys that it pinned, and one history of each ledger."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from tallystick.base.identifiers import RecordId
from tallystick.client.foreign import foreign_proof, foreign_proofs, trust_of
from tallystick.contracts.asset.commands import Transfer
from tallystick.contracts.identity.commands import Disown, Recognise
from tallystick.coordination.belief import Belief, NobodyTrusted, usual_trust
from tallystick.core.proof import ProofInvalid
from tallystick.testing.keys import key, secret
from tests.coordination.world import ANNA, BERT, OPERATOR, World, world

ID = RecordId(b"\x01" * 32)


def grow(place: World) -> None:
    """Let something happen on the first ledger."""
    ledger = place.list[0]
    ledger.send(Transfer(place.units[ledger.id], key(ANNA), key(BERT), 1), [secret(ANNA)])


def test_proofs_of_one_history_are_believed(tmp_path: Path) -> None:
    """Many as of one checkpoint, and those of every later one."""
    with world(tmp_path) as place:
        ledger = place.list[0]
        belief = Belief({ledger.id: trust_of(ledger)})
        for _ in range(4):
            for proof in foreign_proofs(ledger, [ID] * 3, anchors=belief.anchors(ledger.id)):
                assert ledger.status().time == belief.check(ledger.id, proof)
            assert [ledger.status().log_size] == [each.size for each in belief.anchors(ledger.id)]
            grow(place)


def test_a_proof_that_is_linked_to_nothing_known_is_not(tmp_path: Path) -> None:
    """Whoever shows a checkpoint must show that it grew out of one that was seen."""
    with world(tmp_path) as place:
        ledger = place.list[0]
        belief = Belief({ledger.id: trust_of(ledger)})
        belief.check(ledger.id, foreign_proof(ledger, ID))
        grow(place)
        anchors = belief.anchors(ledger.id)
        proof = foreign_proof(ledger, ID, anchors=anchors)
        for lie in (
            replace(proof, anchor=0),
            replace(proof, consistency=()),
            replace(proof, consistency=proof.consistency[::-1] or (ID,)),
        ):
            with pytest.raises(ProofInvalid):
                belief.check(ledger.id, lie)
        assert anchors == belief.anchors(ledger.id)
        assert belief.check(ledger.id, proof) > 0


def test_nobody_is_believed_whose_keys_were_not_pinned(tmp_path: Path) -> None:
    """What a ledger says of its own keys is not asked."""
    with world(tmp_path, witnesses=0) as place:
        one, other = place.list
        belief = Belief({one.id: trust_of(one)})
        with pytest.raises(NobodyTrusted):
            belief.check(other.id, foreign_proof(other, ID))
        with pytest.raises(ProofInvalid):
            belief.check(one.id, foreign_proof(other, ID))


def test_two_faces_are_told_apart_by_the_largest_log_that_was_seen(tmp_path: Path) -> None:
    """A proof that is linked to less than that is not believed, or a fork in between would be."""
    with world(tmp_path) as place:
        ledger = place.list[0]
        belief = Belief({ledger.id: trust_of(ledger)})
        belief.check(ledger.id, foreign_proof(ledger, ID))
        before = belief.anchors(ledger.id)
        grow(place)
        belief.check(ledger.id, foreign_proof(ledger, ID, anchors=before))
        grow(place)
        with pytest.raises(ProofInvalid, match="anchor"):
            belief.check(ledger.id, foreign_proof(ledger, ID, anchors=before))


def test_usual_keys_are_those_that_the_others_recognise(tmp_path: Path) -> None:
    """Only where nobody does, or no more, a ledger's own word counts; and what is pinned stays."""
    with world(tmp_path) as place:
        one, other = place.list
        fewer = trust_of(one, threshold=1)
        other.send(Recognise(fewer), [secret(OPERATOR)])
        assert fewer == usual_trust(place.ledgers, one.id)
        assert trust_of(one) == usual_trust({one.id: one}, one.id)
        belief = Belief({other.id: trust_of(other, threshold=1)})
        belief.pin_missing(place.ledgers)
        assert {one.id: fewer, other.id: trust_of(other, threshold=1)} == belief._trusts
        other.send(Disown(one.id), [secret(OPERATOR)])
        assert trust_of(one) == usual_trust(place.ledgers, one.id)
        belief.pin_missing(place.ledgers)
        assert fewer == belief._trusts[one.id]
