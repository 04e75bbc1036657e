"""What views say about votes."""

import pytest

from tallystick.base.encoding import Record
from tallystick.contracts.ballot.errors import (
    AttestationNotFound,
    BallotNotFound,
    DelegationNotFound,
    DeviceIsNotEnrolled,
    MinutesNotFound,
    StatementNotFound,
)
from tallystick.contracts.ballot.model import (
    Assurance,
    Attestation,
    Minutes,
    Status,
    VotingDevice,
    minutes_id,
)
from tallystick.contracts.ballot.views import (
    BallotView,
    DelegationView,
    MinutesView,
    ShowAttestation,
    ShowBallot,
    ShowDelegation,
    ShowDevice,
    ShowMinutes,
    ShowVote,
    VoteView,
    minutes_of,
    result,
)
from tallystick.core.errors import Rejected
from tallystick.testing.keys import key
from tests.contracts.ballot.cases import (
    ADMIN,
    ANNA,
    BEGIN,
    BERT,
    BODY,
    CARA,
    END,
    FOR,
    HALL,
    LAWYER,
    NOW,
    PER_ROLLAM,
    SITTING,
    UNKNOWN,
    attestation,
    ballot_of,
    called,
    closed,
    delegation,
    delivery,
    device,
    do,
    found,
    on,
    revocation,
    sitting,
)

CALLED = called(found())

ABSENT: list[tuple[Record, type[Rejected]]] = [
    (ShowBallot(UNKNOWN), BallotNotFound),
    (ShowVote(UNKNOWN, key(ANNA), "A"), BallotNotFound),
    (ShowVote(CALLED, key(ANNA), "A"), StatementNotFound),
    (ShowMinutes(UNKNOWN), BallotNotFound),
    (ShowMinutes(CALLED), MinutesNotFound),
    (ShowDelegation(UNKNOWN, key(ANNA)), BallotNotFound),
    (ShowDelegation(CALLED, key(ANNA)), DelegationNotFound),
    (ShowDevice(BODY, key(HALL)), DeviceIsNotEnrolled),
    (ShowAttestation(BODY, key(ANNA)), AttestationNotFound),
]


@pytest.mark.parametrize(("asked", "expected"), ABSENT)
def test_what_is_not_there_is_rejected(asked: Record, expected: type[Rejected]) -> None:
    """Each question has its typed answer."""
    trial = found()
    assert CALLED == called(trial)
    with pytest.raises(expected):
        trial.ask(asked)


def test_a_vote_shows_its_running_totals() -> None:
    """None before it opens, then each statement at once."""
    trial = found()
    id = called(trial)
    before = trial.ask(ShowBallot(id))
    assert isinstance(before, BallotView)
    assert (Status.CALLED, None, (), NOW) == (
        before.status,
        before.roll,
        before.totals,
        before.called_at,
    )
    trial, id = sitting()
    do(trial, ballot_of(id, ANNA), ANNA)
    view = trial.ask(ShowBallot(id))
    assert isinstance(view, BallotView)
    assert (SITTING, Status.OPEN, 1, 50, END) == (
        view.terms,
        view.status,
        view.voters,
        view.weight,
        view.closes_at,
    )
    assert [(50, 0, 0), (0, 0, 0), (0, 0, 0)] == [each.totals for each in view.totals]


def test_per_rollam_it_shows_when_everybody_had_his_time() -> None:
    """As far as is known by deliveries."""
    trial, id = sitting(PER_ROLLAM)
    do(trial, delivery(id, ANNA), ADMIN)
    view = trial.ask(ShowBallot(id))
    assert isinstance(view, BallotView)
    assert (1, BEGIN + 15 * (END - BEGIN)) == (view.delivered, view.closes_at)


def test_a_statement_is_shown() -> None:
    """With its choices, and who cast it."""
    trial, id = sitting()
    do(trial, delegation(id, CARA), CARA, LAWYER)
    do(trial, ballot_of(id, CARA, on(0, FOR, 9), delegate=LAWYER), LAWYER)
    expected = VoteView(100, (on(0, FOR, 9),), key(LAWYER), Assurance.SIMPLE, BEGIN)
    assert expected == trial.ask(ShowVote(id, key(CARA), "B"))


def test_a_delegation_is_shown() -> None:
    """Whether it was used or revoked, and how many the delegate represents."""
    trial, id = sitting()
    do(trial, delegation(id, CARA, LAWYER, 0, 1), CARA, LAWYER)
    do(trial, delegation(id, BERT), BERT, LAWYER)
    do(trial, ballot_of(id, CARA, delegate=LAWYER), LAWYER)
    do(trial, revocation(id, BERT), BERT)
    used = DelegationView(key(LAWYER), (0, 1), used=True, revoked_at=0, represented=1)
    assert used == trial.ask(ShowDelegation(id, key(CARA)))
    revoked = DelegationView(key(LAWYER), (), used=False, revoked_at=BEGIN, represented=1)
    assert revoked == trial.ask(ShowDelegation(id, key(BERT)))


def test_devices_and_keys_are_shown() -> None:
    """As they stand."""
    trial = found()
    do(trial, device(), ADMIN, HALL)
    do(trial, attestation(ANNA), ADMIN)
    shown = trial.ask(ShowDevice(BODY, key(HALL)))
    said = trial.ask(ShowAttestation(BODY, key(ANNA)))
    assert isinstance(shown, VotingDevice)
    assert isinstance(said, Attestation)
    assert (None, Assurance.QUALIFIED) == (shown.member, said.assurance)


def test_minutes_and_results_are_shown() -> None:
    """To people, and to other contracts: nothing before closing, or of what was not asked."""
    trial, id = sitting()
    assert result(trial, id, 0) is None
    for member in (ANNA, CARA):
        do(trial, ballot_of(id, member), member)
    closed(trial, id)
    shown = trial.ask(ShowMinutes(id))
    assert isinstance(shown, MinutesView)
    minutes = minutes_of(shown)
    assert trial.read(Minutes, minutes_id(id)) == minutes
    outcome = result(trial, id, 0)
    assert outcome is not None
    assert (minutes.results[0], FOR) == (outcome, outcome.chosen)
    assert result(trial, id, 3) is None
