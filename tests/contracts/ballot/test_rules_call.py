"""Who calls, opens, closes and signs a vote, when, and what comes of it."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, RecordId
from tallystick.contracts.ballot.commands import Call, Close, Open, SignMinutes
from tallystick.contracts.ballot.errors import (
    BallotIsClosed,
    BallotIsNotOpen,
    BallotIsOpenAlready,
    BallotNotFound,
    MinutesAreSigned,
    MinutesNotFound,
    NotEnoughAvailable,
    RecordDateIsAhead,
    RollIsInconsistent,
    SignerIsNotAdministrator,
    VotingGoesOn,
    VotingIsOver,
)
from tallystick.contracts.ballot.events import BallotClosed, BallotOpened, MinutesSigned
from tallystick.contracts.ballot.model import (
    Ballot,
    Check,
    Fraction,
    Minutes,
    QuestionTotals,
    Roll,
    Status,
    Terms,
    minutes_id,
    roll_of,
    totals_id,
)
from tallystick.core.errors import UnknownCommand
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.ballot.cases import (
    ADMIN,
    AGAINST,
    ANNA,
    BEGIN,
    BERT,
    CARA,
    DAY,
    DORA,
    EMIL,
    END,
    ENTRIES,
    FIONA,
    FOR,
    NOW,
    OTHER_ADMIN,
    PER_ROLLAM,
    QUESTIONS,
    REGISTRAR,
    SITTING,
    STRANGER,
    TWO_THIRDS,
    UNKNOWN,
    ballot_of,
    called,
    closed,
    delivery,
    do,
    found,
    on,
    opened,
    sitting,
)

Row = tuple[Record, list[int], Verdict]

CALL: list[Row] = [
    (Call(SITTING), [ADMIN], accepted),
    (Call(PER_ROLLAM), [ADMIN, STRANGER], accepted),
    (Call(SITTING), [STRANGER], SignerIsNotAdministrator),
    (Call(SITTING), [OTHER_ADMIN], SignerIsNotAdministrator),
    (Call(SITTING), [REGISTRAR], SignerIsNotAdministrator),
    (Call(replace(SITTING, questions=())), [ADMIN], UnknownCommand),
    (Call(replace(SITTING, questions=QUESTIONS[:1] * 17)), [ADMIN], UnknownCommand),
]


@pytest.mark.parametrize(("command", "signers", "verdict"), CALL)
def test_call(command: Record, signers: list[int], verdict: Verdict) -> None:
    """By the administrator of the body alone."""
    assert verdict == found().execute(command, signers=signers)


CALLED = called(found())
ROLL = roll_of(ENTRIES, SITTING)
FIRST, *REST = ROLL.electorates


def opening(**changes: object) -> Open:
    """Return an opening with another roll."""
    return Open(CALLED, replace(ROLL, **changes))


def electorate(eligible: int, available: int) -> Open:
    """Return an opening in which other weights may vote on the first question."""
    return opening(electorates=(replace(FIRST, eligible=eligible, available=available), *REST))


OPEN: list[Row] = [
    (opening(), [ADMIN], accepted),
    (electorate(0, 0), [ADMIN], accepted),
    (replace(opening(), ballot=UNKNOWN), [ADMIN], BallotNotFound),
    (opening(), [STRANGER], SignerIsNotAdministrator),
    (opening(), [OTHER_ADMIN], SignerIsNotAdministrator),
    (opening(electorates=(FIRST,)), [ADMIN], RollIsInconsistent),
    (opening(weight=5, available=5), [ADMIN], RollIsInconsistent),
    (opening(entries=251), [ADMIN], RollIsInconsistent),
    (opening(available=251), [ADMIN], RollIsInconsistent),
    (electorate(251, 210), [ADMIN], RollIsInconsistent),
    (electorate(250, 211), [ADMIN], RollIsInconsistent),
    (electorate(200, 201), [ADMIN], RollIsInconsistent),
]


@pytest.mark.parametrize(("command", "signers", "verdict"), OPEN)
def test_open(command: Record, signers: list[int], verdict: Verdict) -> None:
    """By the administrator, with a roll that can be one."""
    trial = found()
    assert CALLED == called(trial)
    assert verdict == trial.execute(command, signers=signers)


QUORUM: list[tuple[Terms, Verdict]] = [
    (replace(SITTING, quorum=Fraction(210, 250)), accepted),
    (replace(SITTING, quorum=Fraction(21, 25)), accepted),
    (replace(SITTING, quorum=Fraction(211, 250)), NotEnoughAvailable),
    (replace(SITTING, quorum=Fraction(6, 7)), NotEnoughAvailable),
    (replace(SITTING, quorum=Fraction(0, 1)), accepted),
    (PER_ROLLAM, accepted),
    (replace(SITTING, record_date=BEGIN), RecordDateIsAhead),
    (replace(SITTING, record_date=NOW + 1), RecordDateIsAhead),
]


@pytest.mark.parametrize(("terms", "verdict"), QUORUM)
def test_a_sitting_opens_with_its_quorum(terms: Terms, verdict: Verdict) -> None:
    """Exactly the part that the terms say, of all weight, as of the record date."""
    trial = found()
    id = called(trial, terms)
    assert verdict == trial.execute(Open(id, roll_of(ENTRIES, terms)), signers=[ADMIN])


def test_a_vote_is_opened_once_and_in_time() -> None:
    """Not twice, not at the end, not after it was counted."""
    trial, id = sitting()
    again = Open(id, ROLL)
    assert BallotIsOpenAlready == trial.execute(again, signers=[ADMIN])
    closed(trial, id)
    assert BallotIsClosed == trial.execute(again, signers=[ADMIN])
    trial = found()
    id = called(trial)
    trial.move_to(END)
    assert VotingIsOver == trial.execute(Open(id, ROLL), signers=[ADMIN])


def test_opening_writes_nothing_for_a_voter() -> None:
    """A vote, its progress, and the totals of each question; voters are told by an event."""
    trial = found()
    trial.close_block()
    id = called(trial)
    (event,) = do(trial, Open(id, ROLL), ADMIN)
    assert BallotOpened(id, ROLL) == event
    assert 2 + len(QUESTIONS) == len(trial.candidate.overlay.changes())
    ballot = trial.read(Ballot, id)
    assert ballot is not None
    assert (Status.OPEN, ROLL) == (ballot.status, ballot.roll)


CLOSE: list[tuple[int, list[int], Verdict]] = [
    (END - 1, [ADMIN], VotingGoesOn),
    (END, [ADMIN], accepted),
    (END, [STRANGER], accepted),
    (END + DAY, [STRANGER], accepted),
]


@pytest.mark.parametrize(("time", "signers", "verdict"), CLOSE)
def test_close(time: int, signers: list[int], verdict: Verdict) -> None:
    """By anybody, from the end on."""
    trial, id = sitting(time=time)
    assert verdict == trial.execute(Close(id), signers=signers)


UNOPENED: list[tuple[Record, Verdict]] = [
    (Close(UNKNOWN), BallotNotFound),
    (Close(CALLED), BallotIsNotOpen),
    (SignMinutes(UNKNOWN), BallotNotFound),
    (SignMinutes(CALLED), MinutesNotFound),
]


@pytest.mark.parametrize(("command", "verdict"), UNOPENED)
def test_what_is_not_open_cannot_be_closed(command: Record, verdict: Verdict) -> None:
    """Nor what is not there."""
    trial = found()
    assert CALLED == called(trial)
    trial.move_to(END)
    assert verdict == trial.execute(command, signers=[ADMIN])


def test_a_vote_is_closed_once() -> None:
    """What is counted does not change any more."""
    trial, id = sitting()
    closed(trial, id)
    assert BallotIsClosed == trial.execute(Close(id), signers=[ADMIN])


def test_per_rollam_it_closes_when_everybody_had_his_time() -> None:
    """The last delivery counts, even if the end of the vote is earlier."""
    trial, id = sitting(PER_ROLLAM)
    do(trial, delivery(id, ANNA), ADMIN)
    trial.move_to(BEGIN + 5)
    do(trial, delivery(id, BERT), ADMIN)
    until = BEGIN + 5 + 15 * DAY
    trial.move_to(until - 1)
    assert VotingGoesOn == trial.execute(Close(id), signers=[ADMIN])
    closed(trial, id, time=until)


def minutes_of(trial: Trial, id: RecordId) -> Minutes:
    """Return a vote's minutes."""
    minutes = trial.read(Minutes, minutes_id(id))
    assert minutes is not None
    return minutes


SIGNS: list[tuple[int, Verdict]] = [
    (ADMIN, accepted),
    (STRANGER, SignerIsNotAdministrator),
    (OTHER_ADMIN, SignerIsNotAdministrator),
]


@pytest.mark.parametrize(("signer", "verdict"), SIGNS)
def test_minutes_are_signed_afterwards(signer: int, verdict: Verdict) -> None:
    """Where a stranger has closed the vote."""
    trial, id = sitting()
    (event,) = closed(trial, id, STRANGER)
    assert isinstance(event, BallotClosed)
    assert verdict == trial.execute(SignMinutes(id), signers=[signer])
    if verdict == accepted:
        assert MinutesAreSigned == trial.execute(SignMinutes(id), signers=[ADMIN])


def test_minutes_are_signed_by_closing() -> None:
    """If the administrator does it."""
    trial, id = sitting()
    happened = closed(trial, id)
    assert [BallotClosed, MinutesSigned] == [type(each) for each in happened]
    minutes = minutes_of(trial, id)
    assert (END, END) == (minutes.closed_at, minutes.signed_at)
    assert MinutesAreSigned == trial.execute(SignMinutes(id), signers=[ADMIN])


def test_a_sitting_is_counted() -> None:
    """Each question by its own base: all, those who were there, one class."""
    trial, id = sitting()
    do(trial, ballot_of(id, ANNA, on(0, FOR, 50), on(1, FOR, 50), on(2, 0, 50)), ANNA)
    do(trial, ballot_of(id, BERT, on(0, FOR, 30), on(1, FOR, 30), on(2, 1, 30)), BERT)
    split = (on(0, FOR, 45), on(0, AGAINST, 55), on(1, FOR, 80), on(1, AGAINST, 20))
    do(trial, ballot_of(id, CARA, *split), CARA)
    do(trial, ballot_of(id, DORA, on(2, 0, 20)), DORA)
    do(trial, ballot_of(id, EMIL, on(1, AGAINST, 40)), EMIL)
    closed(trial, id)
    minutes = minutes_of(trial, id)
    assert (5, 240) == (minutes.voters, minutes.weight)
    assert [(250, 180, 125, None), (230, 220, 160, 0), (110, 100, 70, 0)] == [
        (each.base, each.voted, max(each.totals), each.chosen) for each in minutes.results
    ]
    reasons = {
        (result.question, each.check, each.holds): (each.found, each.needed)
        for result in minutes.results
        for each in result.findings
    }
    assert (125, 126) == reasons[0, Check.MAJORITY, False]
    assert (160, 154) == reasons[1, Check.MAJORITY, True]
    assert (70, 56) == reasons[2, Check.MAJORITY, True]
    assert (70, 31) == reasons[2, Check.LEAD, True]


def _all_for(terms: Terms, *members: int) -> Minutes:
    """Return the minutes of a vote in which these members are for the first question."""
    trial, id = sitting(terms)
    for member in members:
        if terms.quorum.numerator == 0:
            do(trial, delivery(id, member), ADMIN)
        do(trial, ballot_of(id, member), member)
    closed(trial, id, time=END + 20 * DAY)
    return minutes_of(trial, id)


CONDITIONS: list[tuple[Terms, tuple[int, ...], dict[Check, bool], bool]] = [
    (SITTING, (ANNA, CARA), {Check.QUORUM: True, Check.VOTERS: True}, True),
    (replace(SITTING, voters_min=2), (ANNA, CARA), {Check.VOTERS: True}, True),
    (replace(SITTING, voters_min=3), (ANNA, CARA), {Check.VOTERS: False}, False),
    (replace(SITTING, turnout=Fraction(150, 250)), (ANNA, CARA), {}, True),
    (replace(SITTING, turnout=Fraction(151, 250)), (ANNA, CARA), {}, False),
    (replace(SITTING, turnout=TWO_THIRDS), (ANNA, CARA, BERT), {}, True),
    (PER_ROLLAM, (ANNA, CARA, BERT), {Check.DELIVERY: False}, False),
    (PER_ROLLAM, (ANNA, CARA, BERT, DORA, EMIL, FIONA), {Check.DELIVERY: True}, True),
]


@pytest.mark.parametrize(("terms", "members", "formal", "carried"), CONDITIONS)
def test_a_vote_is_valid_under_its_conditions(
    terms: Terms, members: tuple[int, ...], formal: dict[Check, bool], *, carried: bool
) -> None:
    """Quorum, delivery to everybody, enough voters, enough turnout: each is a reason."""
    minutes = _all_for(terms, *members)
    assert formal.items() <= {each.check: each.holds for each in minutes.findings}.items()
    assert carried == (minutes.results[0].chosen == FOR)


def test_per_rollam_silence_refuses() -> None:
    """Half of all votes is not more than half, however few were cast against."""
    trial, id = sitting(PER_ROLLAM)
    members = (ANNA, BERT, CARA, DORA, EMIL, FIONA)
    do(trial, [delivery(id, each) for each in members], ADMIN)
    do(trial, ballot_of(id, CARA), CARA)
    do(trial, ballot_of(id, DORA), DORA)
    closed(trial, id, time=BEGIN + 15 * DAY)
    result = minutes_of(trial, id).results[0]
    assert (250, (120, 0, 0), None) == (result.base, result.totals, result.chosen)


def test_an_empty_vote_decides_nothing() -> None:
    """Nobody has come; nothing is carried, and every reason is given."""
    trial, id = sitting()
    closed(trial, id)
    minutes = minutes_of(trial, id)
    assert [None] * 3 == [each.chosen for each in minutes.results]
    assert 0 == minutes.voters
    totals = trial.read(QuestionTotals, totals_id(id, 0))
    assert totals is not None
    assert (0, 0, 0) == totals.totals


def test_the_record_is_a_chain() -> None:
    """Every statement makes it another, and the minutes hold the last."""
    trial, id = sitting()
    seen: set[Hash] = set()
    for member in (ANNA, BERT):
        do(trial, ballot_of(id, member), member)
        other, again = sitting()
        do(other, ballot_of(again, member), member)
        closed(other, again)
        seen.add(minutes_of(other, again).record)
    closed(trial, id)
    seen.add(minutes_of(trial, id).record)
    assert 3 == len(seen)


def test_a_vote_can_be_called_twice() -> None:
    """Each has an id of its own."""
    trial = found()
    assert opened(trial) != opened(trial)
    assert isinstance(roll_of(ENTRIES, SITTING), Roll)
