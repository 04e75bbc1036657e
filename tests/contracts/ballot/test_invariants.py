"""Each of the contract's invariants sees the damage that it is there for."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.ballot.commands import RetireDevice
from tallystick.contracts.ballot.model import (
    Assurance,
    Ballot,
    Delegation,
    Minutes,
    Progress,
    Proxies,
    QuestionTotals,
    Statement,
    Status,
    VotingDevice,
    delegation_id,
    minutes_id,
    progress_id,
    proxies_id,
    statement_id,
    totals_id,
    voting_device_id,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.ballot.cases import (
    ADMIN,
    ANNA,
    BERT,
    BODY,
    DAY,
    DORA,
    HALL,
    LAWYER,
    PHONE,
    SITTING,
    ballot_of,
    closed,
    delegation,
    device,
    do,
    on,
    opened,
    sitting,
)


def _held() -> tuple[Trial, RecordId, RecordId]:
    """Return a ledger with a vote that is open and one that is closed."""
    trial, done = sitting()
    do(trial, ballot_of(done, ANNA), ANNA)
    id = _another(trial)
    do(trial, device(), ADMIN, HALL)
    do(trial, device(PHONE), ADMIN, PHONE)
    do(trial, RetireDevice(BODY, key(PHONE)), ADMIN)
    closed(trial, done)
    return trial, id, done


def _another(trial: Trial) -> RecordId:
    """Return a vote of the day after, in which Bert is represented and Anna has voted."""
    terms = replace(SITTING, begin=trial.time, end=trial.time + 5 * DAY)
    id = opened(trial, terms)
    do(trial, delegation(id, BERT), BERT, LAWYER)
    do(trial, ballot_of(id, ANNA), ANNA)
    return id


_, ID, DONE = _held()


def damaged(kind: type[Record], id: RecordId, **fields: object) -> tuple[RecordId, Record]:
    """Return damage to some fields of a record."""
    trial, *_ = _held()
    found = trial.read(kind, id)
    assert found is not None
    return id, replace(found, **fields)


TOTALS, STATEMENT = totals_id(ID, 0), statement_id(ID, key(ANNA), "A")
HALL_DEVICE = voting_device_id(BODY, key(HALL))
DAMAGES: list[tuple[Callable[[], tuple[RecordId, Record]], str]] = [
    (lambda: damaged(QuestionTotals, TOTALS, totals=(51, 0, 0), voted=51), "is off"),
    (lambda: damaged(QuestionTotals, TOTALS, totals=(0, 50, 0)), "is off"),
    (lambda: damaged(Statement, STATEMENT, choices=()), "is off"),
    (lambda: damaged(Statement, STATEMENT, choices=(on(0, 0, 51),)), "more than its voter"),
    (lambda: damaged(QuestionTotals, TOTALS, voted=251), "pass the roll"),
    (lambda: damaged(QuestionTotals, TOTALS, voted=49), "pass the roll"),
    (lambda: damaged(QuestionTotals, TOTALS, base=251), "pass the roll"),
    (lambda: damaged(Ballot, ID, status=Status.CALLED), "went back"),
    (lambda: damaged(Ballot, DONE, status=Status.OPEN), "went back"),
    (lambda: damaged(Ballot, ID, roll=None), "was rewritten"),
    (lambda: (ID, replace(_read(Ballot, ID), terms=replace(_terms(), title="x"))), "was rewritten"),
    (lambda: damaged(Minutes, minutes_id(DONE), voters=7), "were rewritten"),
    (lambda: damaged(Delegation, delegation_id(ID, key(BERT)), revoked_at=5), "are off"),
    (lambda: damaged(Delegation, delegation_id(ID, key(BERT)), counted_as=key(DORA)), "are off"),
    (lambda: damaged(Delegation, delegation_id(ID, key(BERT)), delegate=key(DORA)), "to another"),
    (lambda: damaged(Progress, progress_id(ID), voters=2), "voters is off"),
    (lambda: damaged(Progress, progress_id(ID), weight=51), "weight is off"),
    (lambda: damaged(Progress, progress_id(ID), delivered=1), "delivered is off"),
    (lambda: damaged(Statement, STATEMENT, weight=51), "weight is off"),
    (lambda: damaged(Proxies, proxies_id(ID, key(LAWYER)), count=0), "are off"),
    (lambda: damaged(VotingDevice, HALL_DEVICE, member=key(ANNA)), "was rewritten"),
    (lambda: damaged(VotingDevice, HALL_DEVICE, assurance=Assurance.QUALIFIED), "was rewritten"),
    (
        lambda: damaged(VotingDevice, voting_device_id(BODY, key(PHONE)), retired_at=0),
        "was rewritten",
    ),
]


def _read(kind: type[Ballot], id: RecordId) -> Ballot:
    """Return a vote."""
    found = _held()[0].read(kind, id)
    assert found is not None
    return found


def _terms() -> Record:
    """Return the open vote's terms."""
    return _read(Ballot, ID).terms


@pytest.mark.parametrize(("damage", "message"), DAMAGES)
def test_damage_is_seen(damage: Callable[[], tuple[RecordId, Record]], message: str) -> None:
    """In the block that does it."""
    trial, *_ = _held()
    trial.close_block()
    assert [] == list(trial.violations())
    trial.plant(*damage())
    assert any(message in each for each in trial.violations())


@pytest.mark.parametrize(
    "fields", [{"voters": 7}, {"weight": 251}, {"delivered": 7}], ids=lambda each: next(iter(each))
)
def test_who_looks_at_everything_sees_more_than_the_roll(fields: dict[str, int]) -> None:
    """As an audit does: there a vote and its progress are seen together."""
    trial, *_ = _held()
    ballot = _read(Ballot, ID)
    trial.plant(ID, replace(ballot, called_at=ballot.called_at + 1))
    trial.plant(*damaged(Progress, progress_id(ID), **fields))
    assert any("passes its roll" in each for each in trial.violations())


def test_minutes_pass_no_roll() -> None:
    """In the block that closes a vote."""
    trial, *_ = _held()
    ballot = _read(Ballot, DONE)
    trial.plant(DONE, replace(ballot, called_at=ballot.called_at + 1))
    trial.plant(*damaged(Minutes, minutes_id(DONE), weight=251))
    assert any("passes its roll" in each for each in trial.violations())
