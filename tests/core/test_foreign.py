"""What another ledger says is believed by enough of its keys, and by nothing else."""

from collections.abc import Callable
from functools import cache

import pytest
from msgspec.structs import replace

from tallystick.base.checkpoints import Checkpoint, cosign_checkpoint, sign_checkpoint
from tallystick.base.encoding import decode, encode
from tallystick.base.identifiers import Hash, LedgerId, RecordId
from tallystick.base.notes import (
    TYPE_COSIGNATURE,
    Signer,
    format_verifier_key,
    verifier_key,
)
from tallystick.contracts.certificate.model import Certificate, Settlement
from tallystick.contracts.identity.model import Identity
from tallystick.core.foreign import ForeignProof, Trust, foreign_record, verify_foreign
from tallystick.core.proof import ProofInvalid
from tests.client.village import Village

ABSENT = RecordId(b"\x42" * 32)
WITNESSES = tuple(
    Signer(name=f"witness-{n}", secret=bytes([n]) * 32, type=TYPE_COSIGNATURE) for n in (1, 2)
)
STRANGER = Signer(name="stranger", secret=bytes([9]) * 32)
Change = Callable[[ForeignProof], ForeignProof]


@cache
def shown() -> tuple[Village, ForeignProof, ForeignProof]:
    """Return a village, a proof of a claimed certificate and one of an absence."""
    village = Village()
    certificate, _ = village.claimed()
    state = village.node.prove((certificate, ABSENT), ()).state
    note = state.checkpoint
    for witness in WITNESSES:
        note = cosign_checkpoint(note, witness, time=1)
    present, absent = (
        ForeignProof(
            checkpoint=note,
            header=state.header,
            index=state.index,
            inclusion=tuple(map(Hash, state.inclusion)),
            id=leaf.id,
            records=leaf.records,
            proof=leaf.proof,
        )
        for leaf in state.leaves
    )
    return village, present, absent


def trusting(*signers: Signer, threshold: int, ledger: LedgerId | None = None) -> Trust:
    """Return trust in the village's own key and in these."""
    village, _, _ = shown()
    keys = (*village.keys, *map(verifier_key, signers))
    return Trust(ledger or village.id, tuple(map(format_verifier_key, keys)), threshold)


def test_a_record_is_shown_as_of_a_time() -> None:
    """The records come out as they went in, and the time is that of the latest block."""
    village, present, absent = shown()
    for proof in (present, absent):
        assert village.node.status().time == verify_foreign(proof, trusting(threshold=1))
    expected = village.node.state.read(Certificate, present.id)
    assert expected == foreign_record(present, Certificate)
    assert foreign_record(present, Settlement) is None
    assert foreign_record(absent, Certificate) is None
    assert present == decode(encode(present), ForeignProof)


@pytest.mark.parametrize(
    ("signers", "threshold", "problem"),
    [
        ((), 1, ""),
        (WITNESSES, 1, ""),
        (WITNESSES[:1], 2, ""),
        (WITNESSES, 3, ""),
        ((), 2, "1 of the recognised keys signed, 2 must"),
        ((WITNESSES[0], WITNESSES[0]), 3, "2 of the recognised keys signed, 3 must"),
        ((STRANGER,), 2, "1 of the recognised keys signed, 2 must"),
        ((*WITNESSES, STRANGER), 4, "3 of the recognised keys signed, 4 must"),
    ],
)
def test_enough_keys_must_have_signed(
    signers: tuple[Signer, ...], threshold: int, problem: str
) -> None:
    """Each key counts once, however often it is named, and only if it signed."""
    _, present, _ = shown()
    trust = trusting(*signers, threshold=threshold)
    if not problem:
        assert verify_foreign(present, trust) > 0
        return
    with pytest.raises(ProofInvalid, match=problem) as caught:
        verify_foreign(present, trust)
    assert "checkpoint" == caught.value.step


def resigned(proof: ForeignProof) -> ForeignProof:
    """Sign another root with a key that nobody recognises."""
    village, _, _ = shown()
    fork = Checkpoint(origin=f"{village.node.status().ledger.hex()}", size=3, root=bytes(32))
    return replace(proof, checkpoint=sign_checkpoint(fork, STRANGER))


TAMPERED: list[tuple[Change, str]] = [
    (resigned, "checkpoint"),
    (lambda proof: replace(proof, checkpoint=b""), "checkpoint"),
    (lambda proof: replace(proof, checkpoint=proof.checkpoint[:-9] + b"AAAAAAAA\n"), "checkpoint"),
    (lambda proof: replace(proof, header=replace(proof.header, time=5)), "state"),
    (lambda proof: replace(proof, index=0), "state"),
    (lambda proof: replace(proof, inclusion=()), "state"),
    (lambda proof: replace(proof, id=ABSENT), "leaf"),
    (lambda proof: replace(proof, records=None), "leaf"),
    (lambda proof: replace(proof, records=b"\x90"), "leaf"),
]


@pytest.mark.parametrize(("change", "step"), TAMPERED)
def test_each_step_is_insisted_on(change: Change, step: str) -> None:
    """What was changed on the way is refused, and the step is named."""
    _, present, _ = shown()
    with pytest.raises(ProofInvalid) as caught:
        verify_foreign(change(present), trusting(*WITNESSES, threshold=3))
    assert step == caught.value.step


def test_another_ledger_s_checkpoint_is_refused() -> None:
    """One key may sign for several ledgers."""
    _, present, _ = shown()
    with pytest.raises(ProofInvalid, match="another ledger"):
        verify_foreign(present, trusting(threshold=1, ledger=LedgerId(bytes(32))))


@pytest.mark.parametrize("records", [b"", b"\xc1", b"\x91\xc0", b"\x91\x91\xa8identity"])
def test_records_that_are_none_are_refused(records: bytes) -> None:
    """A ledger that is recognised may still run other rules."""
    _, present, _ = shown()
    with pytest.raises(ProofInvalid) as caught:
        foreign_record(replace(present, records=records), Identity)
    assert "records" == caught.value.step


@pytest.mark.parametrize(
    "hostile",
    [b"\x91" * 40_000, b"\x92\xa1x\xa1\xff", b"\x92\xa1\xff\xc0", b"\x92\xa1x" + b"\x91" * 30_000],
    ids=["nested", "no text", "no tag", "nested within"],
)
def test_records_made_to_hurt_are_refused_or_passed_over(hostile: bytes) -> None:
    """What another ledger keeps under tags of its own never stops a rule."""
    _, present, _ = shown()
    proof = replace(present, records=b"\x91" + hostile)
    try:
        assert foreign_record(proof, Identity) is None
    except ProofInvalid as invalid:
        assert "records" == invalid.step
