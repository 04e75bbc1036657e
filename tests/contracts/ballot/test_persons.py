"""Who stands behind a statement: a key, its successor, or an identity here or elsewhere."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.ballot.commands import Open, Vote
from tallystick.contracts.ballot.errors import (
    IdentityIsUnknown,
    PersonHasNotSigned,
    ProofIsMissing,
    ProofIsOfAnother,
    ProofIsStale,
)
from tallystick.contracts.ballot.model import (
    Assurance,
    Evidence,
    RollEntry,
    roll_of,
    roll_paths,
    voter_of,
)
from tallystick.contracts.ballot.persons import strongest
from tallystick.contracts.identity.commands import Recognise, RotateKey
from tallystick.contracts.identity.errors import ForeignProofIsInvalid, LedgerNotRecognised
from tallystick.contracts.identity.model import EVERYWHERE, Founder, IdentityParameters, Role
from tallystick.contracts.identity.views import FindIdentity, IdentityView
from tallystick.core.foreign import ForeignProof
from tallystick.testing.foreign import Neighbour
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted, genesis_of
from tests.contracts.ballot.cases import (
    ADMIN,
    ANNA,
    BEGIN,
    CONTRACTS,
    FIONA,
    FIONA_ID,
    FOR,
    FRESH,
    LAWYER,
    NOW,
    REGISTRAR,
    SITTING,
    STRANGER,
    ballot_of,
    called,
    delegation,
    device,
    do,
    found,
    on,
    opened,
    sitting,
)


def test_a_new_key_takes_the_place_of_an_old_one() -> None:
    """The roll names an identity; whichever key is its own acts for it."""
    trial, id = sitting()
    do(trial, RotateKey(FIONA_ID, key(FRESH)), FIONA, FRESH)
    assert PersonHasNotSigned == trial.execute(ballot_of(id, FIONA), signers=[FIONA])
    do(trial, ballot_of(id, FIONA), FRESH)


def test_a_key_in_the_roll_has_a_successor_too() -> None:
    """A delegate that was named by a key that was replaced acts by the new one."""
    trial = found()
    id = opened(trial)
    do(trial, delegation(id, ANNA, FIONA), ANNA, FIONA)
    do(trial, RotateKey(FIONA_ID, key(FRESH)), FIONA, FRESH)
    trial.move_to(BEGIN)
    cast = ballot_of(id, ANNA, delegate=FIONA)
    assert PersonHasNotSigned == trial.execute(cast, signers=[FIONA])
    do(trial, cast, FRESH)


def test_the_strongest_counts() -> None:
    """In the order in which they are declared."""
    simple, advanced, qualified = Assurance
    assert qualified == strongest([simple, qualified, advanced])
    assert simple == strongest([simple])


class Elsewhere:
    """A vote whose roll names an identity that another ledger keeps."""

    def __init__(self) -> None:
        parameters = IdentityParameters(
            (
                Founder(key(REGISTRAR), Role.REGISTRAR, EVERYWHERE),
                Founder(key(FIONA), Role.ISSUING_BODY, "anything"),
            )
        )
        genesis = genesis_of(CONTRACTS[:1], (parameters,), time=NOW - 2_000, name="people")
        self.there = Neighbour(CONTRACTS[:1], genesis)
        self.there.move_to(NOW)
        known = self.there.ask(FindIdentity(key(FIONA)))
        assert isinstance(known, IdentityView)
        self.identity = known.identity
        self.terms = replace(
            SITTING, begin=NOW + 1, identity_ledger=self.there.state.ledger, identity_age_max=100
        )
        self.line = RollEntry(
            voter_of(self.identity), 10, "A", for_others=False, available=True, excluded=()
        )
        self.here: Trial = found()
        self.id = called(self.here, self.terms)
        do(self.here, Open(self.id, roll_of([self.line], self.terms)), ADMIN)

    def recognised(self) -> "Elsewhere":
        """Let the ledger believe the other one."""
        do(self.here, Recognise(self.there.trust()), REGISTRAR)
        return self

    def vote(self, proof: ForeignProof | None) -> Vote:
        """Return a vote that brings a proof."""
        (path,) = roll_paths([self.line])
        evidence = Evidence(proof=proof)
        return Vote(self.id, self.line, 0, path, (on(0, FOR, 10),), None, evidence)


def _proven(identity: bytes | None = None) -> tuple[Elsewhere, ForeignProof]:
    """Return the vote, and a proof of an identity, Fiona's unless another is named."""
    play = Elsewhere().recognised()
    return play, play.there.prove(RecordId(identity or play.identity))


def _absent() -> tuple[Elsewhere, Vote]:
    """Return a vote in whose roll stands an identity that nobody enrolled."""
    play = Elsewhere().recognised()
    nobody = RecordId(b"\x77" * 32)
    play.line = replace(play.line, voter=voter_of(nobody))
    play.id = called(play.here, play.terms)
    do(play.here, Open(play.id, roll_of([play.line], play.terms)), ADMIN)
    return play, play.vote(play.there.prove(nobody))


OTHER_ID = b"\x66" * 32
Foreign = tuple[str, int, int, Verdict]
"""What is brought, when after the proof, by whom, and the verdict. [ms]"""

FOREIGN: list[Foreign] = [
    ("proof", 1, FIONA, accepted),
    ("proof", 100, FIONA, accepted),
    ("proof", 101, FIONA, ProofIsStale),
    ("proof", 1, STRANGER, PersonHasNotSigned),
    ("nothing", 1, FIONA, ProofIsMissing),
    ("another", 1, FIONA, ProofIsOfAnother),
    ("absent", 1, FIONA, IdentityIsUnknown),
    ("forged", 1, FIONA, ForeignProofIsInvalid),
    ("unrecognised", 1, FIONA, LedgerNotRecognised),
]


@pytest.mark.parametrize(("brought", "later", "signer", "verdict"), FOREIGN)
def test_an_identity_of_another_ledger(
    brought: str, later: int, signer: int, verdict: Verdict
) -> None:
    """It votes by its present key there, by a proof that is genuine, its own, and new enough."""
    command: Record
    play, proof = _proven()
    if brought == "unrecognised":
        play = Elsewhere()
        proof = play.there.prove(play.identity)
    command = play.vote(proof)
    if brought == "nothing":
        command = play.vote(None)
    elif brought == "another":
        command = play.vote(play.there.prove(RecordId(OTHER_ID)))
    elif brought == "forged":
        command = play.vote(replace(proof, header=replace(proof.header, time=NOW + 50)))
    elif brought == "absent":
        play, command = _absent()
    play.here.move_to(NOW + later)
    assert verdict == play.here.execute(command, signers=[signer]), play.here.message


def test_a_key_votes_without_a_proof_even_then() -> None:
    """The ledger of identities is asked only about identities."""
    trial = found()
    id = opened(trial, replace(SITTING, identity_ledger=trial.state.ledger))
    do(trial, device(LAWYER), ADMIN, LAWYER)
    trial.move_to(BEGIN)
    do(trial, ballot_of(id, ANNA), ANNA)
    do(trial, ballot_of(id, FIONA), FIONA)
