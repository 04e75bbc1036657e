"""Evidence is believed only for what was trusted beforehand, and each step is named."""

from collections.abc import Callable
from functools import cache

import pytest
from msgspec.structs import replace

from tallystick.base import merkle, notes
from tallystick.base.checkpoints import Checkpoint
from tallystick.base.encoding import encode
from tallystick.base.identifiers import Hash, LedgerId, RecordId, Signature
from tallystick.base.notes import Signer
from tallystick.contracts.measurement.model import Kind
from tallystick.core import proof
from tallystick.core.check import parse
from tallystick.core.node import Evidence, StateEvidence, TransactionEvidence
from tallystick.core.proof import Inclusion, ProofInvalid
from tallystick.core.state_proof import StateProof
from tallystick.core.transaction import Header
from tests.client.village import LOG_NAME, PUBLISHER, Village

ABSENT = RecordId(b"\x42" * 32)


@cache
def shown() -> tuple[Village, Evidence]:
    """Return a village with evidence of a claim and of something that is absent."""
    village = Village()
    certificate, consumption = village.claimed()
    height = village.node.state.height
    evidence = village.node.prove((certificate, ABSENT, consumption), ((height, 0), (1, 0)))
    return village, evidence


def judged(evidence: Evidence) -> str:
    """Return the step at which evidence is refused, nothing if it isn't."""
    village, _ = shown()
    try:
        proof.verify_evidence(evidence, ledger=village.id, verifier_keys=village.keys)
    except ProofInvalid as invalid:
        assert str(invalid) == f"{invalid.step}: {invalid.problem}"
        return invalid.step
    return ""


def test_a_node_s_evidence_holds() -> None:
    """Presence, absence and transactions, all as of one checkpoint."""
    village, evidence = shown()
    checkpoint = proof.verify_evidence(evidence, ledger=village.id, verifier_keys=village.keys)
    assert village.node.state.log.size == checkpoint.size
    assert [True, False, True] == [leaf.records is not None for leaf in evidence.state.leaves]


def state(change: Callable[[StateEvidence], StateEvidence]) -> Callable[[Evidence], Evidence]:
    """Change the state's evidence."""
    return lambda evidence: replace(evidence, state=change(evidence.state))


def transaction(
    change: Callable[[TransactionEvidence], TransactionEvidence],
) -> Callable[[Evidence], Evidence]:
    """Change the first transaction's evidence."""

    def put(evidence: Evidence) -> Evidence:
        first, *rest = evidence.transactions
        return replace(evidence, transactions=(change(first), *rest))

    return put


def leaves_swapped(evidence: StateEvidence) -> StateEvidence:
    """Show the records of one id under another."""
    one, absent, two = evidence.leaves
    return replace(evidence, leaves=(replace(one, records=two.records), absent, two))


def present_as_absent(evidence: StateEvidence) -> StateEvidence:
    """Say that nothing stands where something does."""
    one, *rest = evidence.leaves
    return replace(evidence, leaves=(replace(one, records=None), *rest))


def absent_as_present(evidence: StateEvidence) -> StateEvidence:
    """Say that something stands where nothing does."""
    one, absent, two = evidence.leaves
    return replace(evidence, leaves=(one, replace(absent, records=one.records), two))


def without_path(evidence: StateEvidence) -> StateEvidence:
    """Leave out the way to the root."""
    one, *rest = evidence.leaves
    empty = StateProof(siblings=(), end=one.proof.end)
    return replace(evidence, leaves=(replace(one, proof=empty), *rest))


def stripped(evidence: TransactionEvidence) -> TransactionEvidence:
    """Take a signature away."""
    whole = parse(evidence.raw)
    return replace(evidence, raw=encode(replace(whole, signatures=whole.signatures[:-1])))


def swapped(evidence: TransactionEvidence) -> TransactionEvidence:
    """Put the signatures in another order."""
    whole = parse(evidence.raw)
    return replace(evidence, raw=encode(replace(whole, signatures=whole.signatures[::-1])))


def other_time(evidence: StateEvidence) -> StateEvidence:
    """Say that the latest block was made at another time."""
    return replace(evidence, header=replace(evidence.header, time=evidence.header.time + 1))


def other_root(evidence: StateEvidence) -> StateEvidence:
    """Say that the state was another."""
    return replace(evidence, header=replace(evidence.header, state_root=Hash(bytes(32))))


@pytest.mark.parametrize(
    ("change", "step"),
    [
        (state(lambda s: replace(s, checkpoint=s.checkpoint[:-2] + b"A\n")), "checkpoint"),
        (state(lambda s: replace(s, checkpoint=b"")), "checkpoint"),
        (state(lambda s: replace(s, index=s.index - 1)), "state"),
        (state(lambda s: replace(s, inclusion=s.inclusion[1:])), "state"),
        (state(lambda s: replace(s, inclusion=())), "state"),
        (state(other_time), "state"),
        (state(other_root), "state"),
        (state(lambda s: replace(s, header=replace(s.header, log_size=1))), "state"),
        (state(leaves_swapped), "leaf"),
        (state(present_as_absent), "leaf"),
        (state(absent_as_present), "leaf"),
        (state(without_path), "leaf"),
        (transaction(lambda t: replace(t, raw=b"")), "transaction"),
        (transaction(stripped), "transaction"),
        (transaction(swapped), "transaction"),
        (transaction(lambda t: replace(t, entry=t.entry - 1)), "transaction"),
        (transaction(lambda t: replace(t, inclusion=t.inclusion[1:])), "transaction"),
        (transaction(lambda t: replace(t, block_entry=t.block_entry + 1)), "block"),
        (transaction(lambda t: replace(t, block_inclusion=())), "block"),
        (transaction(lambda t: replace(t, index=1)), "receipt"),
        (transaction(lambda t: replace(t, index=-1)), "receipt"),
        (transaction(lambda t: replace(t, outcome=replace(t.outcome, code=1))), "receipt"),
        (transaction(lambda t: replace(t, receipt_inclusion=(bytes(32),))), "receipt"),
    ],
)
def test_each_step_is_insisted_on(change: Callable[[Evidence], Evidence], step: str) -> None:
    """Whatever is changed, the step that no longer holds is named."""
    _, evidence = shown()
    assert (step, "") == (judged(change(evidence)), judged(evidence))


def test_parts_of_two_transactions_do_not_fit_together() -> None:
    """Neither block nor outcome of another transaction is taken."""
    _, evidence = shown()
    one, two = evidence.transactions
    mixed = replace(
        one, header=two.header, block_entry=two.block_entry, block_inclusion=two.block_inclusion
    )
    assert "receipt" == judged(replace(evidence, transactions=(mixed,)))
    outcome = replace(one, outcome=two.outcome)
    assert "receipt" == judged(replace(evidence, transactions=(outcome,)))


def test_an_older_state_is_not_the_state_as_of_the_checkpoint() -> None:
    """Its block is in the log as well, but it is not the last entry."""
    village = Village()
    old = village.node.prove((ABSENT,), ())
    village.publish(PUBLISHER, Kind.CONSUMPTION, 1)
    new = village.node.prove((ABSENT,), ())
    path = tuple(village.node.state.log.inclusion_proof(old.state.index))
    stale = replace(old.state, checkpoint=new.state.checkpoint, inclusion=path)
    with pytest.raises(ProofInvalid, match="not the one as of the checkpoint") as caught:
        proof.verify_evidence(
            replace(old, state=stale), ledger=village.id, verifier_keys=village.keys
        )
    assert "state" == caught.value.step
    proof.verify_evidence(new, ledger=village.id, verifier_keys=village.keys)


def test_whom_to_trust_is_told() -> None:
    """Another ledger's id or another key refuses the very same evidence."""
    village, evidence = shown()
    attacker = notes.verifier_key(Signer(LOG_NAME, bytes(32)))
    for ledger, keys in ((LedgerId(bytes(32)), village.keys), (village.id, [attacker])):
        with pytest.raises(ProofInvalid) as caught:
            proof.verify_evidence(evidence, ledger=ledger, verifier_keys=keys)
        assert "checkpoint" == caught.value.step


def signed() -> tuple[Village, Checkpoint, TransactionEvidence]:
    """Return the claim's transaction with the checkpoint that it is under."""
    village, evidence = shown()
    checkpoint = proof.open_checkpoint(
        evidence.state.checkpoint, ledger=village.id, verifier_keys=village.keys
    )
    return village, checkpoint, evidence.transactions[0]


def test_one_command_is_disclosed_without_its_neighbours() -> None:
    """Header, signatures and a path are enough to show a transaction and one command of it."""
    village, checkpoint, evidence = signed()
    whole = parse(evidence.raw)
    place = Inclusion(evidence.entry, evidence.inclusion)
    proof.verify_transaction(checkpoint, whole.header, whole.signatures, place, ledger=village.id)
    path = (merkle.leaf_hash(whole.commands[1]),)
    proof.verify_command(whole.header, whole.commands[0], Inclusion(0, path), count=2)
    for command, index, count in (
        (b"x", 0, 2),
        (whole.commands[0], 1, 2),
        (whole.commands[0], 0, 3),
    ):
        with pytest.raises(ProofInvalid, match=r"^command: it does not lead"):
            proof.verify_command(whole.header, command, Inclusion(index, path), count=count)
    for count in (0, 1_025):
        with pytest.raises(ProofInvalid, match=r"^command: .* a transaction has"):
            proof.verify_command(whole.header, whole.commands[0], Inclusion(0, path), count=count)


def test_signatures_are_of_the_signers_and_in_their_order() -> None:
    """Strictly ascending signers, one signature each, all of them valid, for this ledger."""
    village, _, evidence = signed()
    whole = parse(evidence.raw)
    header, proofs = whole.header, whole.signatures
    proof.verify_signatures(header, proofs, ledger=village.id)
    bad: list[tuple[Header, tuple[Signature, ...], LedgerId, str]] = [
        (header, proofs, LedgerId(bytes(32)), "another ledger"),
        (replace(header, signers=header.signers[::-1]), proofs, village.id, "ascending"),
        (replace(header, signers=header.signers[:1] * 2), proofs, village.id, "ascending"),
        (header, proofs[:1], village.id, "1 signatures for 2 signers"),
        (header, proofs[::-1], village.id, "does not verify"),
        (replace(header, expiry=header.expiry + 1), proofs, village.id, "does not verify"),
    ]
    for forged, given, ledger, problem in bad:
        with pytest.raises(ProofInvalid, match=problem):
            proof.verify_signatures(forged, given, ledger=ledger)


def test_a_transaction_is_in_its_block_while_it_has_not_expired() -> None:
    """Neither an expired transaction nor one after its block's entry has an outcome there."""
    _, _, evidence = signed()
    header = parse(evidence.raw).header
    place = Inclusion(evidence.index, evidence.receipt_inclusion)
    late = replace(evidence.header, time=header.expiry)
    with pytest.raises(ProofInvalid, match="had expired"):
        proof.verify_outcome(late, header, evidence.outcome, place, entries_to_block=1)
    for distance in (0, -1, 2**20):
        with pytest.raises(ProofInvalid, match="does not stand before its block"):
            proof.verify_outcome(
                evidence.header, header, evidence.outcome, place, entries_to_block=distance
            )
    proof.verify_outcome(evidence.header, header, evidence.outcome, place, entries_to_block=1)
