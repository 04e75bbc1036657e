"""A proof is found without an index, and is made only of what is there."""

from pathlib import Path

import pytest

from tallystick.base.identifiers import RecordId
from tallystick.base.notes import parse_verifier_key
from tallystick.client import proving
from tallystick.client.proof_file import parse_claim_file
from tallystick.client.proving import CannotProve, prove_claim
from tallystick.client.verify import verify_claim
from tallystick.compose import open_ledger
from tallystick.config import Configuration
from tallystick.contracts.certificate.commands import Claim, Correct, Issue, Withdraw
from tallystick.contracts.certificate.errors import CertificateNotFound
from tallystick.contracts.certificate.model import BREAK, CORRECT, child_id
from tallystick.contracts.measurement.model import Kind, Quality, measurement_id
from tallystick.core.receipt import Receipt
from tallystick.testing.keys import secret
from tests.client.verifiers import VALID, verdicts
from tests.client.village import (
    CONSUMER,
    ISSUER,
    NEIGHBOUR,
    NOON,
    PRODUCER,
    PUBLISHER,
    SOLAR,
    STRANGER,
    MemoryNode,
    Village,
    measured,
)


def births(file: bytes) -> list[tuple[str, int]]:
    """Return what made each certificate of a proof."""
    return [(part.born, part.ordinal) for part in parse_claim_file(file).certificates]


def test_the_chain_goes_back_to_the_issued_certificate() -> None:
    """Each certificate says how it came from the next."""
    village = Village()
    certificate, _ = village.claimed()
    assert [("TRANSFER", 0), ("SPLIT", 1), ("ISSUE", 0)] == births(
        village.ledger.prove(certificate)
    )


def test_the_transaction_is_found_among_many() -> None:
    """Neither neighbours nor a rejected twin in the same block stand in the way."""
    village = Village()
    consumption = village.publish(CONSUMER, Kind.CONSUMPTION, 900)
    certificate = village.transfer(village.issue(amount=600), PRODUCER, CONSUMER)
    claim = Claim(certificate, consumption, None)
    batch = [
        village.signed(measured(STRANGER, Kind.CONSUMPTION, 1), PUBLISHER),
        village.signed(claim, STRANGER),
        village.signed([measured(NEIGHBOUR, Kind.CONSUMPTION, 2), claim], PUBLISHER, CONSUMER),
        village.signed(claim, CONSUMER),
    ]
    answers = village.node.submit_all(batch).result()
    accepted = [answer.accepted for answer in answers if isinstance(answer, Receipt)]
    assert [True, False, True, False] == accepted
    file = village.ledger.prove(certificate)
    assert (VALID, True) == verdicts(file, village.id, village.keys)
    parts = parse_claim_file(file)
    assert (1, 2, 2) == (parts.claim.index, parts.claim.count, parts.receipt.index)


def test_what_was_reborn_can_be_claimed_and_proven() -> None:
    """A claim broken by a correction and made again has a longer chain."""
    village = Village()
    certificate, consumption = village.claimed()
    village.must(Correct(consumption, 100, Quality.MEASURED, ()), ISSUER)
    reborn = child_id(certificate, BREAK, 1)
    use = village.publish(PUBLISHER, Kind.CONSUMPTION, 700)
    village.must(Claim(reborn, use, None), CONSUMER, PUBLISHER)
    file = village.ledger.prove(reborn)
    assert [("BREAK", 1), ("TRANSFER", 0), ("SPLIT", 1), ("ISSUE", 0)] == births(file)
    assert (VALID, True) == verdicts(file, village.id, village.keys)


def test_what_a_correction_added_can_be_claimed_and_proven() -> None:
    """More production than was thought comes from the issued certificate, which is gone."""
    village = Village()
    certificate, _ = village.claimed()
    issued = verify_claim(village.ledger.prove(certificate), village.id, village.keys).production
    other = child_id(child_id(issued, "SPLIT", 0), "TRANSFER", 0)
    leaves = (certificate, other)
    village.must(Correct(issued, 1_050, Quality.MEASURED, leaves), ISSUER)
    added = child_id(issued, CORRECT, 1)
    use = village.publish(PUBLISHER, Kind.CONSUMPTION, 700)
    village.must(Claim(added, use, None), PRODUCER, PUBLISHER)
    file = village.ledger.prove(added)
    assert [("CORRECT", 1), ("ISSUE", 0)] == births(file)
    assert (VALID, True) == verdicts(file, village.id, village.keys)


def test_a_corrected_claim_is_proven_with_its_new_amounts() -> None:
    """What a correction left of a certificate before it was claimed is what was claimed."""
    village = Village()
    issued = village.issue()
    village.must(Correct(issued, 1_500, Quality.MEASURED, (issued,)), ISSUER)
    moved = village.transfer(issued, PRODUCER, CONSUMER)
    village.must(Correct(issued, 800, Quality.MEASURED, (moved,)), ISSUER)
    use = village.publish(CONSUMER, Kind.CONSUMPTION, 900)
    village.must(Claim(moved, use, None), CONSUMER)
    file = village.ledger.prove(moved)
    claim = verify_claim(file, village.id, village.keys)
    assert (800, 800, 800) == (claim.amount_wh, claim.produced_wh, claim.settled_wh)
    assert (VALID, True) == verdicts(file, village.id, village.keys)


def test_there_is_no_proof_without_a_claim() -> None:
    """What is held, moved on, withdrawn or broken is refused by what it is."""
    village = Village()
    certificate, consumption = village.claimed()
    held = village.issue(NEIGHBOUR)
    with pytest.raises(CannotProve, match="is active: only a claimed one"):
        village.ledger.prove(held)
    village.transfer(held, NEIGHBOUR, STRANGER)
    with pytest.raises(CannotProve, match="is transferred"):
        village.ledger.prove(held)
    with pytest.raises(CertificateNotFound):
        village.ledger.prove(consumption)
    village.must(Withdraw(certificate, "counted twice"), ISSUER)
    with pytest.raises(CannotProve, match="is withdrawn"):
        village.ledger.prove(certificate)


def test_a_claim_by_a_contract_has_no_claim_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no transaction of the block holds the claim, that is said."""
    village = Village()
    certificate, _ = village.claimed()
    empty = village.node.blocks[0]
    monkeypatch.setattr(MemoryNode, "block_at", lambda _node, _time: empty)
    with pytest.raises(CannotProve, match="claimed by another contract"):
        village.ledger.prove(certificate)


def test_a_chain_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file has a bound, and so has the number of hands."""
    village = Village()
    certificate, _ = village.claimed()
    monkeypatch.setattr(proving, "CERTIFICATES_MAX", 2)
    with pytest.raises(CannotProve, match="more than 2 hands"):
        village.ledger.prove(certificate)


def test_what_changed_while_proving_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim that is withdrawn between finding and proving it is not given away as valid."""
    village = Village()
    certificate, _ = village.claimed()
    prove = MemoryNode.prove

    def later(node: MemoryNode, ids: tuple[RecordId, ...], places: tuple[tuple[int, int], ...]):  # type: ignore[no-untyped-def]  # noqa: ANN202
        village.must(Withdraw(certificate, "counted twice"), ISSUER)
        return prove(node, ids, places)

    monkeypatch.setattr(MemoryNode, "prove", later)
    with pytest.raises(CannotProve, match="withdrawn after it had been claimed"):
        prove_claim(village.node, certificate)


def test_a_real_node_s_claim_is_proven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded runtime, its journal and its checkpoint key serve as the node in memory does."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TALLYSTICK_PASSPHRASE", raising=False)
    now = [NOON]
    genesis = Village(salt=b"\x03" * 32).node.genesis
    configuration = Configuration(state="memory", verifier_processes=0)
    with open_ledger(
        tmp_path / "ledger", genesis=genesis, clock=lambda: now[0], configuration=configuration
    ) as ledger:
        production = measured(PRODUCER, Kind.PRODUCTION, 600)
        consumption = measured(CONSUMER, Kind.CONSUMPTION, 900)
        made, used = (measurement_id(each.owner, each.begin) for each in (production, consumption))
        ledger.send([production, consumption], [secret(PUBLISHER)])
        ledger.send(Issue(made, *SOLAR), [secret(ISSUER)])
        ledger.send(Claim(made, used, None), [secret(PRODUCER), secret(CONSUMER)])
        file = ledger.prove(made)
        key = parse_verifier_key(ledger.status().checkpoint_key)
        assert (VALID, True) == verdicts(file, ledger.id, [key])
        assert 600 == verify_claim(file, ledger.id, [key]).amount_wh
