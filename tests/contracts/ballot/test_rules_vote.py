"""Who votes on what, with which weight, when; and what becomes of the totals."""

import pytest
from msgspec.structs import replace

from tallystick.base import merkle
from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import Hash, RecordId
from tallystick.contracts.ballot import rules_vote
from tallystick.contracts.ballot.commands import Open, RetireDevice, Vote
from tallystick.contracts.ballot.errors import (
    AssuranceTooLow,
    BallotIsClosed,
    BallotIsNotOpen,
    BallotNotFound,
    DelegationDoesNotCover,
    DelegationIsAnothers,
    DelegationIsRevoked,
    DelegationNotFound,
    DeliveredAlready,
    DeliveryIsForPerRollam,
    DeviceHasNotSigned,
    DeviceIsAnothers,
    DeviceIsNotEnrolled,
    DeviceIsRetired,
    MayNotSplit,
    NotDelivered,
    NotInRoll,
    OutOfOrder,
    PersonHasNotSigned,
    RollIsExhausted,
    StatementIsLate,
    UnknownOption,
    UnknownQuestion,
    VotedAlready,
    VoteIsDelegated,
    VoterIsExcluded,
    VoterIsNotOfClass,
    VotingHasNotBegun,
    VotingIsOver,
    WeightAboveEntry,
)
from tallystick.contracts.ballot.model import (
    Assurance,
    Delivery,
    Evidence,
    Progress,
    QuestionTotals,
    Statement,
    delivery_id,
    progress_id,
    roll_of,
    roll_paths,
    statement_id,
    totals_id,
)
from tallystick.core.errors import UnknownCommand
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.ballot.cases import (
    ABSTAIN,
    ADMIN,
    AGAINST,
    ANNA,
    BEGIN,
    BERT,
    BODY,
    CARA,
    DAY,
    DORA,
    EMIL,
    END,
    ENTRIES,
    FIONA,
    FOR,
    HALL,
    LAWYER,
    LINES,
    OTHER_ADMIN,
    PATHS,
    PER_ROLLAM,
    PHONE,
    SITTING,
    STRANGER,
    UNKNOWN,
    VOTERS,
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
    opened,
    revocation,
    sitting,
)

Row = tuple[Record, list[int], Verdict]
"""A command, the numbers of the keys that sign, and the verdict."""


def _sitting() -> tuple[Trial, RecordId]:
    """Return a sitting in which Bert, Dora and Fiona have delegated, and devices are enrolled."""
    trial = found()
    id = opened(trial)
    do(trial, delegation(id, BERT), BERT, LAWYER)
    do(trial, delegation(id, DORA, LAWYER, 0), DORA, LAWYER)
    do(trial, delegation(id, FIONA, ANNA), FIONA, ANNA)
    do(trial, revocation(id, FIONA), FIONA)
    do(trial, device(), ADMIN, HALL)
    do(trial, device(PHONE, ANNA), ADMIN, PHONE, ANNA)
    do(trial, device(STRANGER), ADMIN, STRANGER)
    do(trial, RetireDevice(BODY, key(STRANGER)), ADMIN)
    trial.move_to(BEGIN)
    return trial, id


_, ID = _sitting()


def voting(who: int, *choices: object, **others: object) -> Vote:
    """Return a vote in the sitting."""
    return ballot_of(ID, who, *choices, **others)  # type: ignore[arg-type]  # As they come.


def by(number: int) -> Evidence:
    """Return that a device was used."""
    return Evidence(device=key(number))


ANNAS = voting(ANNA)
VOTE: list[Row] = [
    (ANNAS, [ANNA], accepted),
    (ANNAS, [ANNA, STRANGER], accepted),
    (voting(ANNA, on(0, AGAINST, 50), on(1, FOR, 50), on(2, 1, 50)), [ANNA], accepted),
    (voting(EMIL, on(1, FOR, 40)), [EMIL], accepted),
    (voting(FIONA), [FIONA], accepted),
    (voting(CARA, on(0, FOR, 60), on(0, AGAINST, 30), on(0, ABSTAIN, 10)), [CARA], accepted),
    (voting(CARA, on(0, FOR, 1)), [CARA], accepted),
    (voting(ANNA, evidence=by(HALL)), [ANNA, HALL], accepted),
    (voting(ANNA, evidence=by(PHONE)), [PHONE], accepted),
    (voting(BERT, delegate=LAWYER), [LAWYER], accepted),
    (voting(BERT, on(1, FOR, 30), delegate=LAWYER), [LAWYER], accepted),
    (voting(DORA, delegate=LAWYER), [LAWYER], accepted),
    (voting(DORA, on(2, 0, 20)), [DORA], accepted),
    (replace(ANNAS, ballot=UNKNOWN), [ANNA], BallotNotFound),
    (voting(ANNA, delegate=LAWYER), [LAWYER], DelegationNotFound),
    (voting(ANNA, evidence=by(BERT)), [ANNA, BERT], DeviceIsNotEnrolled),
    (voting(ANNA, evidence=by(STRANGER)), [ANNA, STRANGER], DeviceIsRetired),
    (voting(ANNA, evidence=by(HALL)), [ANNA], DeviceHasNotSigned),
    (voting(FIONA, evidence=by(PHONE)), [PHONE, FIONA], DeviceIsAnothers),
    (ANNAS, [STRANGER], PersonHasNotSigned),
    (ANNAS, [ADMIN], PersonHasNotSigned),
    (voting(ANNA, evidence=by(HALL)), [HALL], PersonHasNotSigned),
    (voting(BERT, delegate=LAWYER), [BERT], PersonHasNotSigned),
    (voting(FIONA), [ANNA], PersonHasNotSigned),
    (replace(ANNAS, entry=replace(LINES[ANNA], weight=51)), [ANNA], NotInRoll),
    (replace(ANNAS, entry=replace(LINES[DORA], excluded=())), [DORA], NotInRoll),
    (replace(ANNAS, index=1), [ANNA], NotInRoll),
    (replace(ANNAS, index=99), [ANNA], NotInRoll),
    (replace(ANNAS, path=PATHS[1]), [ANNA], NotInRoll),
    (replace(ANNAS, path=()), [ANNA], NotInRoll),
    (voting(FIONA, delegate=ANNA), [ANNA], DelegationIsRevoked),
    (voting(BERT, delegate=ANNA), [ANNA], DelegationIsAnothers),
    (voting(DORA, on(2, 0, 20), delegate=LAWYER), [LAWYER], DelegationDoesNotCover),
    (voting(BERT), [BERT], VoteIsDelegated),
    (voting(DORA, on(0, FOR, 20), on(2, 0, 20)), [DORA], VoteIsDelegated),
    (voting(ANNA, on(3, FOR, 50)), [ANNA], UnknownQuestion),
    (replace(ANNAS, choices=()), [ANNA], UnknownCommand),
    (voting(ANNA, on(0, 3, 50)), [ANNA], UnknownOption),
    (voting(ANNA, on(1, FOR, 50), on(0, FOR, 50)), [ANNA], OutOfOrder),
    (voting(CARA, on(0, FOR, 1), on(0, FOR, 1)), [CARA], OutOfOrder),
    (voting(DORA, on(1, FOR, 20)), [DORA], VoterIsExcluded),
    (voting(EMIL, on(2, 0, 40)), [EMIL], VoterIsNotOfClass),
    (voting(ANNA, on(0, FOR, 49)), [ANNA], MayNotSplit),
    (voting(ANNA, on(0, FOR, 25), on(0, AGAINST, 25)), [ANNA], MayNotSplit),
    (voting(ANNA, on(0, FOR, 51)), [ANNA], WeightAboveEntry),
    (voting(CARA, on(0, FOR, 101)), [CARA], WeightAboveEntry),
    (voting(CARA, on(0, FOR, 60), on(0, AGAINST, 41)), [CARA], WeightAboveEntry),
    (voting(ANNA, on(0, FOR, 0)), [ANNA], UnknownCommand),
]


@pytest.mark.parametrize(("command", "signers", "verdict"), VOTE)
def test_vote(command: Record, signers: list[int], verdict: Verdict) -> None:
    """Each is accepted from whom it should be, and refused for its own reason."""
    trial, _ = _sitting()
    assert verdict == trial.execute(command, signers=signers)


WHEN: list[tuple[int, Verdict]] = [
    (BEGIN - 1, VotingHasNotBegun),
    (BEGIN, accepted),
    (END - 1, accepted),
    (END, VotingIsOver),
]


@pytest.mark.parametrize(("time", "verdict"), WHEN)
def test_votes_are_taken_in_their_time(time: int, verdict: Verdict) -> None:
    """From the begin on, and not at the end."""
    trial, id = sitting(time=time)
    assert verdict == trial.execute(ballot_of(id, ANNA), signers=[ANNA])


def test_votes_are_taken_while_it_is_open() -> None:
    """Not before, and not after it was counted."""
    trial = found()
    id = called(trial)
    assert BallotIsNotOpen == trial.execute(ballot_of(id, ANNA), signers=[ANNA])
    trial, id = sitting()
    closed(trial, id)
    assert BallotIsClosed == trial.execute(ballot_of(id, ANNA), signers=[ANNA])


def test_a_vote_is_cast_once() -> None:
    """Question by question, and by the delegate, too."""
    trial, id = _sitting()
    do(trial, ballot_of(id, ANNA), ANNA)
    do(trial, ballot_of(id, ANNA, on(1, FOR, 50)), ANNA)
    assert VotedAlready == trial.execute(ballot_of(id, ANNA), signers=[ANNA])
    both = ballot_of(id, ANNA, on(1, FOR, 50), on(2, 0, 50))
    assert VotedAlready == trial.execute(both, signers=[ANNA])
    do(trial, ballot_of(id, BERT, delegate=LAWYER), LAWYER)
    again = ballot_of(id, BERT, on(0, AGAINST, 30), delegate=LAWYER)
    assert VotedAlready == trial.execute(again, signers=[LAWYER])


def test_a_vote_may_be_changed_if_the_terms_say_so() -> None:
    """What was said before counts no more; other questions stay as they were."""
    trial, id = sitting(replace(SITTING, changeable=True))
    do(trial, ballot_of(id, CARA, on(0, FOR, 60), on(0, AGAINST, 40), on(1, FOR, 100)), CARA)
    do(trial, ballot_of(id, CARA, on(0, ABSTAIN, 70)), CARA)
    assert (0, 0, 70) == totals_of(trial, id, 0).totals
    assert (100, 0, 0) == totals_of(trial, id, 1).totals
    said = trial.read(Statement, statement_id(id, key(CARA), "B"))
    assert said is not None
    assert (on(0, ABSTAIN, 70), on(1, FOR, 100)) == said.choices
    progress = trial.read(Progress, progress_id(id))
    assert progress is not None
    assert (1, 100) == (progress.voters, progress.weight)


def totals_of(trial: Trial, id: RecordId, number: int) -> QuestionTotals:
    """Return a question's totals."""
    found = trial.read(QuestionTotals, totals_id(id, number))
    assert found is not None
    return found


def test_who_comes_late_is_present() -> None:
    """The weight joins the base of those who are there, once, and no other base."""
    trial, id = sitting(replace(SITTING, changeable=True))
    assert (250, 110) == (totals_of(trial, id, 0).base, totals_of(trial, id, 2).base)
    assert 190 == totals_of(trial, id, 1).base
    for option in (FOR, AGAINST):
        do(trial, ballot_of(id, EMIL, on(0, option, 40), on(1, option, 40)), EMIL)
    assert (250, 230) == (totals_of(trial, id, 0).base, totals_of(trial, id, 1).base)


def test_a_delegate_keeps_the_own_weight_apart() -> None:
    """Bert represents Dora: each has a statement under the own line."""
    trial = found()
    id = opened(trial)
    do(trial, delegation(id, DORA, BERT), DORA, BERT)
    trial.move_to(BEGIN)
    do(trial, [ballot_of(id, BERT), ballot_of(id, DORA, delegate=BERT)], BERT)
    assert (50, 0, 0) == totals_of(trial, id, 0).totals
    for who, weight, delegate in ((BERT, 30, None), (DORA, 20, key(BERT))):
        said = trial.read(Statement, statement_id(id, VOTERS[who], "A"))
        assert said is not None
        assert (weight, delegate) == (said.weight, said.delegate)


def test_a_revoked_delegation_gives_the_vote_back() -> None:
    """To the voter, and takes it from the delegate."""
    trial = found()
    id = opened(trial)
    do(trial, delegation(id, BERT), BERT, LAWYER)
    do(trial, revocation(id, BERT), BERT)
    trial.move_to(BEGIN)
    refused = ballot_of(id, BERT, delegate=LAWYER)
    assert DelegationIsRevoked == trial.execute(refused, signers=[LAWYER])
    do(trial, ballot_of(id, BERT), BERT)


def test_a_roll_whose_sums_are_too_low_is_exhausted() -> None:
    """A vote never weighs more than what was announced."""
    trial = found()
    id = called(trial)
    roll = roll_of(ENTRIES, SITTING)
    low = replace(roll.electorates[0], eligible=120, available=120)
    do(trial, Open(id, replace(roll, electorates=(low, *roll.electorates[1:]))), ADMIN)
    trial.move_to(BEGIN)
    do(trial, ballot_of(id, CARA), CARA)
    assert RollIsExhausted == trial.execute(ballot_of(id, ANNA), signers=[ANNA])
    do(trial, ballot_of(id, DORA), DORA)


def test_a_vote_as_a_whole_passes_no_roll() -> None:
    """Though each question is for itself: lines may weigh more than the roll says."""
    trial = found()
    id = called(trial)
    roll = roll_of(ENTRIES, SITTING)
    low = tuple(replace(each, eligible=110, available=110) for each in roll.electorates)
    do(trial, Open(id, replace(roll, weight=110, available=110, electorates=low)), ADMIN)
    trial.move_to(BEGIN)
    do(trial, ballot_of(id, CARA), CARA)
    do(trial, ballot_of(id, CARA, on(1, FOR, 100)), CARA)
    refused = ballot_of(id, ANNA, on(2, 0, 50))
    assert RollIsExhausted == trial.execute(refused, signers=[ANNA])
    assert (
        "entry: the weight of all who vote would be more than the 110 of the roll" in trial.message
    )
    do(trial, ballot_of(id, FIONA, on(2, 0, 10)), FIONA)


def test_no_more_is_delivered_than_there_are_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """No path leads to a line too many; if one ever did, it would not be counted."""
    trial, id = _per_rollam()
    progress = trial.read(Progress, progress_id(id))
    assert progress is not None
    full = replace(progress, delivered=6)
    monkeypatch.setattr(rules_vote, "progress_of", lambda *_: full)
    assert RollIsExhausted == trial.execute(delivery(id, BERT), signers=[ADMIN])
    assert "entry: the number of deliveries would be more than the 6 of the roll" in trial.message


def test_a_roll_that_names_somebody_twice_lets_him_vote_once() -> None:
    """With the line that he used first."""
    trial = found()
    terms = replace(SITTING, changeable=True)
    twice = replace(LINES[ANNA], weight=7)
    id = called(trial, terms)
    lines = (*ENTRIES, twice)
    roll = roll_of(ENTRIES, terms)
    root = Hash(merkle.root([encode(each) for each in lines]))
    do(trial, Open(id, replace(roll, root=root, entries=7)), ADMIN)
    trial.move_to(BEGIN)
    paths = tuple(roll_paths(lines))
    do(trial, replace(ballot_of(id, ANNA), path=paths[0]), ANNA)
    second = Vote(id, twice, 6, paths[6], (on(1, FOR, 7),))
    assert NotInRoll == trial.execute(second, signers=[ANNA])


LEVELS: list[tuple[Assurance, list[Record], Evidence, list[int], Verdict]] = [
    (Assurance.SIMPLE, [], Evidence(), [ANNA], accepted),
    (Assurance.ADVANCED, [], Evidence(), [ANNA], AssuranceTooLow),
    (Assurance.ADVANCED, [], by(HALL), [ANNA, HALL], accepted),
    (Assurance.ADVANCED, [], by(PHONE), [PHONE], accepted),
    (Assurance.QUALIFIED, [], by(HALL), [ANNA, HALL], AssuranceTooLow),
    (Assurance.QUALIFIED, [], by(PHONE), [PHONE], AssuranceTooLow),
    (Assurance.QUALIFIED, [attestation(ANNA)], Evidence(), [ANNA], accepted),
    (Assurance.QUALIFIED, [attestation(ANNA)], by(HALL), [ANNA, HALL], accepted),
    (Assurance.ADVANCED, [attestation(ANNA, until=BEGIN + 1)], Evidence(), [ANNA], accepted),
    (Assurance.ADVANCED, [attestation(ANNA, until=BEGIN)], Evidence(), [ANNA], AssuranceTooLow),
    (Assurance.ADVANCED, [attestation(BERT)], Evidence(), [ANNA], AssuranceTooLow),
    (
        Assurance.ADVANCED,
        [attestation(ANNA), attestation(ANNA, Assurance.SIMPLE)],
        Evidence(),
        [ANNA],
        AssuranceTooLow,
    ),
]


@pytest.mark.parametrize(("needed", "attested", "evidence", "signers", "verdict"), LEVELS)
def test_a_statement_is_as_sure_as_it_must_be(
    needed: Assurance,
    attested: list[Record],
    evidence: Evidence,
    signers: list[int],
    verdict: Verdict,
) -> None:
    """By a device, or by what is attested of the key; the stronger counts."""
    trial = found()
    id = opened(trial, replace(SITTING, assurance=needed))
    do(trial, device(), ADMIN, HALL)
    do(trial, device(PHONE, ANNA), ADMIN, PHONE, ANNA)
    for each in attested:
        do(trial, each, ADMIN)
    trial.move_to(BEGIN)
    assert verdict == trial.execute(ballot_of(id, ANNA, evidence=evidence), signers=signers)


def _per_rollam() -> tuple[Trial, RecordId]:
    """Return a vote per rollam that was delivered to Anna."""
    trial, id = sitting(PER_ROLLAM)
    do(trial, delivery(id, ANNA), ADMIN)
    return trial, id


_, ROLLAM = _per_rollam()
SITTING_ID = ID

DELIVER: list[Row] = [
    (delivery(ROLLAM, BERT), [ADMIN], accepted),
    (delivery(ROLLAM, BERT), [BERT], accepted),
    (delivery(ROLLAM, FIONA), [FIONA], accepted),
    (delivery(UNKNOWN, BERT), [ADMIN], BallotNotFound),
    (delivery(ROLLAM, BERT), [STRANGER], PersonHasNotSigned),
    (delivery(ROLLAM, BERT), [OTHER_ADMIN], PersonHasNotSigned),
    (replace(delivery(ROLLAM, BERT), index=0), [ADMIN], NotInRoll),
    (replace(delivery(ROLLAM, BERT), entry=replace(LINES[BERT], weight=31)), [ADMIN], NotInRoll),
    (delivery(ROLLAM, ANNA), [ADMIN], DeliveredAlready),
    (ballot_of(ROLLAM, ANNA), [ANNA], accepted),
    (ballot_of(ROLLAM, BERT), [BERT], NotDelivered),
]


@pytest.mark.parametrize(("command", "signers", "verdict"), DELIVER)
def test_deliver(command: Record, signers: list[int], verdict: Verdict) -> None:
    """Each is accepted from whom it should be, and refused for its own reason."""
    trial, _ = _per_rollam()
    assert verdict == trial.execute(command, signers=signers)


def test_nothing_is_delivered_out_of_place() -> None:
    """To a sitting, before opening, at the end, after closing."""
    trial, id = sitting()
    assert DeliveryIsForPerRollam == trial.execute(delivery(id, BERT), signers=[ADMIN])
    trial = found()
    id = called(trial, PER_ROLLAM)
    assert BallotIsNotOpen == trial.execute(delivery(id, BERT), signers=[ADMIN])
    trial, id = sitting(PER_ROLLAM, time=END)
    assert VotingIsOver == trial.execute(delivery(id, BERT), signers=[ADMIN])
    closed(trial, id)
    assert BallotIsClosed == trial.execute(delivery(id, BERT), signers=[ADMIN])


PERIODS: list[tuple[int, int, int]] = [
    (0, BEGIN, BEGIN + 15 * DAY),
    (DAY, BEGIN, BEGIN + DAY),
    (DAY, BEGIN + 5, BEGIN + 5 + DAY),
]


@pytest.mark.parametrize(("articles", "delivered_at", "until"), PERIODS)
def test_each_member_has_the_own_time(articles: int, delivered_at: int, until: int) -> None:
    """What the articles say from delivery on, or fifteen days; the last moment counts."""
    terms = replace(PER_ROLLAM, statement_milliseconds=articles)
    for time, verdict in ((until - 1, accepted), (until, StatementIsLate)):
        trial, id = sitting(terms, time=delivered_at)
        do(trial, delivery(id, ANNA), ADMIN)
        found_record = trial.read(Delivery, delivery_id(id, key(ANNA), "A"))
        assert Delivery(id, delivered_at, until) == found_record
        trial.move_to(time)
        assert verdict == trial.execute(ballot_of(id, ANNA), signers=[ANNA])


def test_time_runs_from_the_begin_at_the_earliest() -> None:
    """Delivered before votes are taken, a member loses nothing."""
    trial = found()
    id = opened(trial, replace(PER_ROLLAM, statement_milliseconds=DAY))
    do(trial, delivery(id, ANNA), ADMIN)
    assert VotingHasNotBegun == trial.execute(ballot_of(id, ANNA), signers=[ANNA])
    trial.move_to(BEGIN + DAY - 1)
    do(trial, ballot_of(id, ANNA), ANNA)


MESSAGES: list[tuple[Vote, str]] = [
    (
        voting(ANNA, on(0, FOR, 50), on(2, 3, 50)),
        "choices[1].option: question 2 has no option 3, it has 0 for 'x', 1 for 'y', 2 for 'none'",
    ),
    (voting(ANNA, on(0, FOR, 50), on(3, 0, 50)), "choices[1].question: there is no question 3, "),
    (voting(ANNA, on(1, FOR, 50), on(0, FOR, 50)), "choices: put questions"),
    (voting(DORA, on(0, FOR, 20), on(1, FOR, 20)), "choices[1].question: this line of the roll"),
    (voting(CARA, on(2, 0, 100)), "choices[0].question: question 2 is for the class 'A'"),
]


@pytest.mark.parametrize(("command", "expected"), MESSAGES)
def test_a_refusal_says_which_choice_it_is_about(command: Vote, expected: str) -> None:
    """By its place in the command, and with what would do."""
    trial, _ = sitting()
    signer = next(n for n in (ANNA, CARA, DORA) if key(n) == command.entry.voter)
    assert accepted != trial.execute(command, signers=[signer])
    assert expected in trial.message
