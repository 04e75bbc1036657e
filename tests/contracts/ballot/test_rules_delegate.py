"""Who may represent whom, how many, and until when that can be taken back."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.ballot.commands import Delegate
from tallystick.contracts.ballot.errors import (
    AssuranceTooLow,
    BallotIsClosed,
    BallotNotFound,
    DelegateIsVoter,
    DelegationIsRevoked,
    DelegationIsUsed,
    DelegationNotFound,
    DelegationStands,
    OutOfOrder,
    PersonHasNotSigned,
    TooManyProxies,
    UnknownQuestion,
)
from tallystick.contracts.ballot.model import (
    Assurance,
    Delegation,
    Evidence,
    Proxies,
    delegation_id,
    proxies_id,
)
from tallystick.core.errors import UnknownCommand
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.ballot.cases import (
    ADMIN,
    ANNA,
    BEGIN,
    BERT,
    CARA,
    DORA,
    EMIL,
    FIONA,
    HALL,
    LAWYER,
    SITTING,
    STRANGER,
    UNKNOWN,
    attestation,
    ballot_of,
    called,
    closed,
    delegation,
    device,
    do,
    found,
    opened,
    revocation,
    sitting,
)

Row = tuple[Record, list[int], Verdict]


def _given() -> tuple[Trial, RecordId]:
    """Return a vote in which Anna and Bert are represented, and Cara was."""
    trial = found()
    id = called(trial)
    do(trial, delegation(id, ANNA), ANNA, LAWYER)
    do(trial, delegation(id, BERT), BERT, LAWYER)
    do(trial, delegation(id, CARA, EMIL), CARA, EMIL)
    do(trial, revocation(id, CARA), CARA)
    return trial, id


_, ID = _given()

DELEGATE: list[Row] = [
    (delegation(ID, CARA, EMIL), [CARA, EMIL], accepted),
    (delegation(ID, CARA, DORA, 0, 2), [CARA, DORA], accepted),
    (delegation(ID, FIONA, EMIL), [FIONA, EMIL], accepted),
    (delegation(ID, STRANGER, EMIL), [STRANGER, EMIL], accepted),
    (delegation(UNKNOWN, CARA, EMIL), [CARA, EMIL], BallotNotFound),
    (delegation(ID, CARA, EMIL), [CARA], PersonHasNotSigned),
    (delegation(ID, CARA, EMIL), [EMIL], PersonHasNotSigned),
    (delegation(ID, CARA, EMIL), [ADMIN], PersonHasNotSigned),
    (delegation(ID, DORA, DORA), [DORA], DelegateIsVoter),
    (delegation(ID, ANNA, EMIL), [ANNA, EMIL], DelegationStands),
    (delegation(ID, ANNA), [ANNA, LAWYER], DelegationStands),
    (delegation(ID, DORA), [DORA, LAWYER], TooManyProxies),
    (delegation(ID, DORA, EMIL, 3), [DORA, EMIL], UnknownQuestion),
    (delegation(ID, DORA, EMIL, 16), [DORA, EMIL], UnknownCommand),
    (delegation(ID, DORA, EMIL, 2, 0), [DORA, EMIL], OutOfOrder),
    (delegation(ID, DORA, EMIL, 0, 0), [DORA, EMIL], OutOfOrder),
]

REVOKE: list[Row] = [
    (revocation(ID, ANNA), [ANNA], accepted),
    (revocation(UNKNOWN, ANNA), [ANNA], BallotNotFound),
    (revocation(ID, DORA), [DORA], DelegationNotFound),
    (revocation(ID, ANNA), [LAWYER], PersonHasNotSigned),
    (revocation(ID, ANNA), [ADMIN], PersonHasNotSigned),
    (revocation(ID, CARA), [CARA], DelegationIsRevoked),
]


@pytest.mark.parametrize(("command", "signers", "verdict"), DELEGATE + REVOKE)
def test_delegations(command: Record, signers: list[int], verdict: Verdict) -> None:
    """Each is accepted from whom it should be, and refused for its own reason."""
    trial, _ = _given()
    assert verdict == trial.execute(command, signers=signers)


def test_places_are_freed_by_revocation() -> None:
    """A delegate represents no more than the terms allow at any time, but others in turn."""
    trial, id = _given()
    assert Proxies(id, key(LAWYER), 2) == trial.read(Proxies, proxies_id(id, key(LAWYER)))
    do(trial, revocation(id, ANNA), ANNA)
    do(trial, delegation(id, DORA), DORA, LAWYER)
    assert TooManyProxies == trial.execute(delegation(id, ANNA), signers=[ANNA, LAWYER])
    given = trial.read(Delegation, delegation_id(id, key(ANNA)))
    assert given is not None
    assert trial.time == given.revoked_at


def test_nobody_is_represented_where_the_terms_allow_none() -> None:
    """Not even one."""
    trial = found()
    id = called(trial, replace(SITTING, proxies_max=0))
    assert TooManyProxies == trial.execute(delegation(id, ANNA), signers=[ANNA, LAWYER])


def test_what_was_used_stands() -> None:
    """Once the delegate has voted on anything by it."""
    trial, id = sitting()
    do(trial, delegation(id, BERT), BERT, LAWYER)
    do(trial, ballot_of(id, BERT, delegate=LAWYER), LAWYER)
    assert DelegationIsUsed == trial.execute(revocation(id, BERT), signers=[BERT])


def test_after_closing_nothing_is_delegated_or_revoked() -> None:
    """What is counted does not change any more."""
    trial, id = sitting()
    do(trial, delegation(id, BERT), BERT, LAWYER)
    closed(trial, id)
    assert BallotIsClosed == trial.execute(revocation(id, BERT), signers=[BERT])
    assert BallotIsClosed == trial.execute(delegation(id, ANNA), signers=[ANNA, LAWYER])


SURE: list[tuple[list[Record], Evidence, list[int], Verdict]] = [
    ([], Evidence(), [ANNA, LAWYER], AssuranceTooLow),
    ([attestation(LAWYER)], Evidence(), [ANNA, LAWYER], AssuranceTooLow),
    ([attestation(ANNA)], Evidence(), [ANNA, LAWYER], accepted),
    ([], Evidence(device=key(HALL)), [ANNA, HALL, LAWYER], accepted),
]


@pytest.mark.parametrize(("attested", "evidence", "signers", "verdict"), SURE)
def test_a_power_of_attorney_is_as_sure_as_a_vote(
    attested: list[Record], evidence: Evidence, signers: list[int], verdict: Verdict
) -> None:
    """Or a weak one would be a way around what a deed needs."""
    trial = found()
    id = opened(trial, replace(SITTING, assurance=Assurance.QUALIFIED))
    do(trial, device(assurance=Assurance.QUALIFIED), ADMIN, HALL)
    for each in attested:
        do(trial, each, ADMIN)
    trial.move_to(BEGIN)
    command = Delegate(id, key(ANNA), key(LAWYER), (), evidence)
    assert verdict == trial.execute(command, signers=signers)
