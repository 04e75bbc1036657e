"""How old the word of another ledger may be, to the millisecond, and what is believed of it."""

import pytest
from msgspec.structs import replace

from tallystick.base.checkpoints import Checkpoint, sign_checkpoint
from tallystick.base.identifiers import format_ledger_id
from tallystick.base.notes import Signer
from tallystick.contracts.identity.commands import Recognise, ReportFork
from tallystick.contracts.identity.errors import ForeignProofIsInvalid, LedgerNotRecognised
from tallystick.contracts.title.commands import Confirm
from tallystick.contracts.title.errors import ProofIsAhead, ProofIsStale
from tallystick.contracts.title.model import Dependence, NamedState
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.title.cases import (
    AGE_MAX,
    ALICE,
    FIRST,
    POLICY,
    REGISTRAR,
    SECOND,
    SKEW_MAX,
    STRANGER,
    do,
    insured,
    title_of,
)

FORGER = Signer(name="forger", secret=bytes(31) + b"\x63")
CARS_AT = 20_000
"""When the cars' ledger speaks, after everything else. [ms after the cast's ledgers began]"""


@pytest.mark.parametrize(
    ("late", "verdict"),
    [
        (-SKEW_MAX - 1, ProofIsAhead),
        (-SKEW_MAX, accepted),
        (0, accepted),
        (AGE_MAX, accepted),
        (AGE_MAX + 1, ProofIsStale),
    ],
)
def test_how_old_a_proof_may_be(late: int, verdict: Verdict) -> None:
    """Both bounds belong to what is allowed. [ms after the other ledger's block]"""
    town = insured()
    town.cars.move_to(town.cars.time + CARS_AT)
    proof = town.cars.prove(FIRST)
    town.policies.move_to(proof.header.time + late)
    assert verdict == town.policies.execute(Confirm(POLICY, proof), signers=[STRANGER])


def test_what_was_proven_is_written() -> None:
    """How it stands there, whose it is, for whom it was asked, and as of when."""
    town = insured()
    proof = town.cars.prove(FIRST)
    do(town.policies, Confirm(POLICY, proof), STRANGER)
    ledger, time = town.cars.state.ledger, proof.header.time
    expected = Dependence(ledger, FIRST, NamedState.STANDS, key(ALICE), key(ALICE), time)
    assert expected == title_of(town.policies, POLICY).depends_on


def test_a_stranger_s_checkpoint_is_worth_nothing() -> None:
    """Nor is the ledger's own key alone, where two must have signed."""
    town = insured()
    proof, log = town.cars.prove(FIRST), town.cars.state.log
    checkpoint = Checkpoint(format_ledger_id(town.cars.state.ledger), log.size, log.root(log.size))
    for signer in (FORGER, town.cars.signer):
        lone = replace(proof, checkpoint=sign_checkpoint(checkpoint, signer))
        command = Confirm(POLICY, lone)
        assert ForeignProofIsInvalid == town.policies.execute(command, signers=[STRANGER])


def test_a_revoked_threshold_is_worth_nothing() -> None:
    """What sufficed before does not any more, once all three must sign and one does not."""
    town = insured()
    proof, log = town.cars.prove(FIRST), town.cars.state.log
    do(town.policies, Recognise(town.cars.trust(threshold=3)), REGISTRAR)
    do(town.policies, Confirm(POLICY, proof), STRANGER)
    checkpoint = Checkpoint(format_ledger_id(town.cars.state.ledger), log.size, log.root(log.size))
    lone = replace(proof, checkpoint=sign_checkpoint(checkpoint, town.cars.signer))
    command = Confirm(POLICY, lone)
    assert ForeignProofIsInvalid == town.policies.execute(command, signers=[STRANGER])


def test_a_ledger_that_forks_says_nothing_any_more() -> None:
    """Two faces of one size, each signed by all keys, and it is disowned."""
    town = insured()
    proof = town.cars.prove(FIRST)
    fork = town.cars.checkpoint(root=bytes(32))
    do(town.policies, ReportFork(town.cars.state.ledger, town.cars.checkpoint(), fork), STRANGER)
    command = Confirm(POLICY, proof)
    assert LedgerNotRecognised == town.policies.execute(command, signers=[STRANGER])


def test_an_inclusion_in_another_block_proves_nothing() -> None:
    """A later checkpoint with an earlier header is refused, and so is another record's path."""
    town = insured()
    before, other = town.cars.prove(FIRST), town.cars.prove(SECOND)
    for mixed in (
        replace(before, checkpoint=other.checkpoint),
        replace(other, id=FIRST),
        replace(before, proof=other.proof),
    ):
        command = Confirm(POLICY, mixed)
        assert ForeignProofIsInvalid == town.policies.execute(command, signers=[STRANGER])
