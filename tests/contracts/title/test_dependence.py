"""How old the word of another ledger may be, to the millisecond, and what is believed of it."""

import pytest
from msgspec.structs import replace

from tallystick.base.checkpoints import Checkpoint, sign_checkpoint
from tallystick.base.identifiers import format_ledger_id
from tallystick.base.notes import Signer
from tallystick.contracts.identity.commands import Recognise, ReportFork
from tallystick.contracts.identity.errors import ForeignProofIsInvalid, LedgerNotRecognised
from tallystick.contracts.title.commands import Confirm, Retire, Transfer
from tallystick.contracts.title.errors import ProofIsAhead, ProofIsStale
from tallystick.contracts.title.model import Dependence, NamedState, Standing, standing
from tallystick.core.holding import Lock
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.title.cases import (
    AGE_MAX,
    ALICE,
    BOB,
    CAROL,
    FIRST,
    LOCK,
    NOW,
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
    """How it stands there, whose it is, as of when, for whom since when, and not away."""
    town = insured()
    proof = town.cars.prove(FIRST)
    do(town.policies, Confirm(POLICY, proof), STRANGER)
    ledger, time = town.cars.state.ledger, proof.header.time
    expected = Dependence(ledger, FIRST, NamedState.STANDS, key(ALICE), time, NOW, 0)
    assert expected == title_of(town.policies, POLICY).depends_on


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        (0, Standing.UNPROVEN),
        (SKEW_MAX, Standing.UNPROVEN),
        (SKEW_MAX + 1, Standing.LAPSED),
    ],
)
def test_from_when_on_news_speak_against_an_owner(late: int, expected: Standing) -> None:
    """After the title came to him, however the clocks differ. [ms after it did]"""
    town = insured()
    town.wait(CARS_AT)
    do(town.policies, Transfer(POLICY, key(BOB)), ALICE)
    since = town.policies.time
    town.cars.move_to(since + late)
    proof = town.cars.prove(FIRST)
    assert since + late == proof.header.time
    town.policies.move_to(since + late + 1)
    do(town.policies, Confirm(POLICY, proof), STRANGER)
    policy = title_of(town.policies, POLICY)
    assert expected == standing(policy)
    assert policy.depends_on is not None
    told = town.policies.time if expected is Standing.LAPSED else 0
    assert told == policy.depends_on.lapsed_since


@pytest.mark.parametrize(
    ("holder", "expected"), [("exchange", Standing.UNPROVEN), ("market", Standing.LAPSED)]
)
def test_what_exchange_holds_may_be_on_its_way(holder: str, expected: Standing) -> None:
    """A car that another contract holds is as much away as any."""
    town = insured()
    do(town.policies, Transfer(POLICY, key(BOB)), ALICE)
    town.wait()
    lock = Lock("title", FIRST, LOCK, 0)
    assert accepted == town.cars.execute(lock, signers=[ALICE], caller=holder)
    do(town.policies, Confirm(POLICY, town.cars.prove(FIRST)), STRANGER)
    assert expected == standing(title_of(town.policies, POLICY))


def test_what_has_lapsed_stays_so_while_the_car_is_held() -> None:
    """Otherwise a buyer could keep an insurer from ending it by holding the car for ever."""
    town = insured()
    town.wait()
    do(town.cars, Transfer(FIRST, key(BOB)), ALICE)
    do(town.policies, Confirm(POLICY, town.cars.prove(FIRST)), STRANGER)
    lapsed_at = town.policies.time
    town.wait()
    town.held(town.holding(owner=BOB), BOB)
    do(town.policies, Confirm(POLICY, town.cars.prove(FIRST)), STRANGER)
    policy = title_of(town.policies, POLICY)
    assert policy.depends_on is not None
    assert (Standing.LAPSED, lapsed_at) == (standing(policy), policy.depends_on.lapsed_since)


def test_a_car_that_is_gone_is_gone_for_everybody() -> None:
    """Whoever has the insurance, and since when."""
    town = insured()
    do(town.policies, Transfer(POLICY, key(BOB)), ALICE)
    do(town.cars, Retire(FIRST), ALICE)
    do(town.policies, Confirm(POLICY, town.cars.prove(FIRST)), STRANGER)
    assert Standing.LAPSED == standing(title_of(town.policies, POLICY))
    do(town.policies, Transfer(POLICY, key(CAROL)), BOB)
    assert Standing.LAPSED == standing(title_of(town.policies, POLICY))


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
