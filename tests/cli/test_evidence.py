"""Evidence of any records and transactions is checked by `tally verify`, as a claim's proof is."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec import msgpack
from msgspec.structs import replace

from tallystick.base.identifiers import LedgerId, format_ledger_id, format_record_id
from tallystick.base.notes import VerifierKey, parse_verifier_key
from tallystick.cli.evidence import check_evidence
from tallystick.core.node import Evidence
from tallystick.core.proof import ProofInvalid
from tallystick.scenarios.allowances_certified import Certified, certify, forged
from tallystick.scenarios.allowances_trace import Trace
from tests.cli.shell import Shell
from tests.scenarios.test_allowances_years import played


@dataclass
class Given:
    """A certified record, and what somebody trusts who is given the file."""

    certified: Certified
    """The file, and what it is about."""
    ledger: LedgerId
    """The ledger that is trusted."""
    keys: list[VerifierKey]
    """Its checkpoint key."""

    @property
    def evidence(self) -> Evidence:
        """What the file holds."""
        return msgpack.decode(self.certified.path.read_bytes(), type=Evidence)

    def check(self, evidence: Evidence) -> object:
        """Check changed evidence."""
        return check_evidence(msgpack.encode(evidence), self.ledger, self.keys)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    """Play a zone of the story of the allowances, and certify one."""
    folder = tmp_path_factory.mktemp("south")
    with played(folder) as years:
        desk, trace = years.desks[0], Trace()
        trace.follow(event for _, event in desk.seen.events)
        certified = certify(desk, trace, folder / "certified.proof", period=0)
        status = desk.ledger.status()
        yield Given(certified, status.ledger, [parse_verifier_key(status.checkpoint_key)])


def test_the_command_of_the_demo_verifies(given: Given, shell: Shell) -> None:
    """It shows the certificate, what it certifies, and the transaction with its signers."""
    program, *arguments = shlex.split(given.certified.check_command)
    said = shell.tally(*arguments, "--json")
    assert ("tally", 0, "", True) == (program, said.code, said.err, said.json["verified"])
    certificate, subject = said.json["records"]
    assert format_record_id(given.certified.certificate) == certificate["id"]
    assert format_record_id(given.certified.subject) == subject["id"]
    (record,) = certificate["stands_there"]
    assert ("certified-record", subject["id"]) == (record["record"], record["subject"])
    (retirement,) = subject["stands_there"]
    assert ("retirement", "surrendered") == (retirement["record"], retirement["end"])
    (transaction,) = said.json["transactions"]
    assert ("accepted", 2) == (transaction["outcome"], len(transaction["signers"]))
    assert "allowance.certify-record" == transaction["commands"][0]["command"]
    people = shell.tally(*arguments)
    assert (0, "") == (people.code, people.err)
    assert "surrendered" in people.out


def test_what_was_changed_is_not_verified(given: Given, shell: Shell, tmp_path: Path) -> None:
    """One allowance more, another record, another ledger, half a file."""
    evidence = given.evidence
    leaves = evidence.state.leaves
    swapped = (replace(leaves[0], records=leaves[1].records), leaves[1])
    for changed in (
        forged(evidence),
        replace(evidence, state=replace(evidence.state, leaves=swapped)),
    ):
        with pytest.raises(ProofInvalid):
            given.check(changed)
    with pytest.raises(ProofInvalid):
        check_evidence(given.certified.path.read_bytes(), LedgerId(bytes(32)), given.keys)
    program, verb, _, *trust = shlex.split(given.certified.check_command)
    half = tmp_path / "half.proof"
    half.write_bytes(given.certified.path.read_bytes()[:-5])
    said = shell.tally(verb, str(half), *trust)
    expected = "not verified: file: neither the proof of a claim nor evidence of a node"
    assert ("tally", 1, f"tally: {expected}\n") == (program, said.code, said.err)


def test_the_ledgers_id_is_shown(given: Given) -> None:
    """As it was given."""
    found = check_evidence(given.certified.path.read_bytes(), given.ledger, given.keys)
    assert format_ledger_id(given.ledger) == found["ledger"]
