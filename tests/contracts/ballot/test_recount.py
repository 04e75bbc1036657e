"""A stranger comes to what the minutes say, or says what is wrong."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import RecordId
from tallystick.contracts.ballot.commands import Close
from tallystick.contracts.ballot.events import BallotOpened, DelegationGiven, VoteCast
from tallystick.contracts.ballot.model import Minutes, Terms, minutes_id
from tallystick.contracts.ballot.recount import PROBLEMS_MAX, Timed, agrees, recount
from tallystick.testing.tables import Trial
from tests.contracts.ballot.cases import (
    ADMIN,
    ANNA,
    BEGIN,
    BERT,
    CARA,
    DAY,
    DORA,
    EMIL,
    END,
    ENTRIES,
    FOR,
    LAWYER,
    LINES,
    PER_ROLLAM,
    SITTING,
    STRANGER,
    UNKNOWN,
    ballot_of,
    delegation,
    delivery,
    do,
    found,
    on,
    opened,
    revocation,
)
from tests.contracts.ballot.histories import MEMBERS, Step, act, steps, terms_of


class Journal:
    """A ledger whose events are written down with their times."""

    def __init__(self, terms: Terms = SITTING) -> None:
        self.trial: Trial = found()
        self.events: list[Timed] = []
        self.id = opened(self.trial, terms)
        opened(self.trial)  # Another vote, whose events are in the same journal.
        self.events += [(self.trial.time, each) for each in self.trial.events]
        self.at(BEGIN)

    def at(self, time: int) -> None:
        """Let it be later."""
        self.trial.move_to(time)

    def do(self, command: Record, *signers: int) -> None:
        """Have a command accepted."""
        self.events += [(self.trial.time, each) for each in do(self.trial, command, *signers)]

    def attempt(self, command: Record, *signers: int) -> None:
        """Try a command, whatever becomes of it."""
        before = len(self.trial.events)
        self.trial.execute(command, signers=signers)
        self.events += [(self.trial.time, each) for each in self.trial.events[before:]]

    def close(self, time: int = END) -> Minutes:
        """Count it."""
        self.at(max(time, self.trial.time))
        self.do(Close(self.id), STRANGER)
        minutes = self.trial.read(Minutes, minutes_id(self.id))
        assert minutes is not None
        return minutes


def _sitting() -> tuple[Journal, Minutes]:
    """Return a sitting in which everybody does something."""
    journal = Journal()
    id = journal.id
    journal.do(delegation(id, BERT), BERT, LAWYER)
    journal.do(delegation(id, DORA, LAWYER, 0), DORA, LAWYER)
    journal.do(ballot_of(id, ANNA, on(0, FOR, 50), on(1, FOR, 50), on(2, 0, 50)), ANNA)
    journal.do(ballot_of(id, BERT, delegate=LAWYER), LAWYER)
    journal.do(ballot_of(id, DORA, delegate=LAWYER), LAWYER)
    journal.do(ballot_of(id, DORA, on(2, 1, 20)), DORA)
    journal.do(ballot_of(id, CARA, on(0, FOR, 40), on(0, 1, 60), on(1, FOR, 99)), CARA)
    journal.do(ballot_of(id, EMIL, on(1, 1, 40)), EMIL)
    return journal, journal.close()


def test_a_stranger_comes_to_the_same() -> None:
    """With the list of voters or without it."""
    journal, minutes = _sitting()
    for roll in (None, ENTRIES):
        counted = recount(journal.id, journal.events, roll)
        assert () == counted.problems
        assert minutes.results == counted.results
        assert agrees(counted, minutes)


def test_per_rollam_too() -> None:
    """Deliveries are part of the record."""
    journal = Journal(PER_ROLLAM)
    for who in MEMBERS:
        journal.do(delivery(journal.id, who), ADMIN)
        journal.do(ballot_of(journal.id, who), who)
    minutes = journal.close(BEGIN + 15 * DAY)
    assert FOR == minutes.results[0].chosen
    assert agrees(recount(journal.id, journal.events, ENTRIES), minutes)


@settings(max_examples=60, deadline=None)
@given(done=st.lists(steps(), max_size=25), changeable=st.booleans(), per_rollam=st.booleans())
def test_recount_is_what_the_contract_counts(
    done: list[Step], *, changeable: bool, per_rollam: bool
) -> None:
    """Whatever people try, in whatever order: accepted or not."""
    journal = Journal(terms_of(changeable=changeable, per_rollam=per_rollam))
    if per_rollam:
        for who in MEMBERS:
            journal.do(delivery(journal.id, who), ADMIN)
    for step in done:
        command, signers = act(journal.id, step)
        journal.attempt(command, *signers)
    minutes = journal.close(BEGIN + 20 * DAY)
    assert agrees(recount(journal.id, journal.events, ENTRIES), minutes)


Change = Callable[[list[Timed]], list[Timed]]


def _without(kind: type[Record]) -> Change:
    """Return what leaves the last event of a kind out."""

    def change(events: list[Timed]) -> list[Timed]:
        place = max(n for n, (_, event) in enumerate(events) if isinstance(event, kind))
        return events[:place] + events[place + 1 :]

    return change


def _cast(**changes: object) -> Change:
    """Return what forges Anna's statement."""

    def change(events: list[Timed]) -> list[Timed]:
        return [
            (time, replace(event, **changes))
            if isinstance(event, VoteCast) and event.entry == LINES[ANNA]
            else (time, event)
            for time, event in events
        ]

    return change


def _late(events: list[Timed]) -> list[Timed]:
    """Return a record in which all was said at the end."""
    return [(END if isinstance(event, VoteCast) else time, event) for time, event in events]


def _twice(events: list[Timed]) -> list[Timed]:
    """Return a record in which every statement stands twice."""
    again = [each for each in events if isinstance(each[1], VoteCast)]
    return [*events, *again]


def _delegations_last(events: list[Timed]) -> list[Timed]:
    """Return a record in which everybody was represented only afterwards."""
    return sorted(events, key=lambda each: isinstance(each[1], DelegationGiven))


HEAVIER = replace(LINES[ANNA], weight=60)
FORGED: list[tuple[Change, str]] = [
    (_without(VoteCast), ""),
    (_delegations_last, "wrong hand"),
    (_late, "not in its time"),
    (_twice, "twice"),
    (_without(DelegationGiven), "wrong hand"),
    (_cast(choices=(on(0, 1, 50),)), ""),
    (_cast(choices=(on(0, 1, 51),)), "another weight"),
    (_cast(choices=(on(0, 0, 25), on(0, 1, 25))), "another weight"),
    (_cast(choices=(on(0, 3, 50),)), "not asked"),
    (_cast(choices=(on(3, 0, 50),)), "not asked"),
    (_cast(entry=HEAVIER, choices=(on(0, 0, 60),)), "not in the list"),
    (_cast(entry=replace(LINES[DORA], excluded=()), choices=(on(1, 0, 20),)), "not in the list"),
    (_cast(entry=LINES[DORA], choices=(on(1, 0, 20),)), "not asked"),
    (_cast(delegate=LINES[BERT].voter), "wrong hand"),
]


@pytest.mark.parametrize(("forge", "problem"), FORGED)
def test_a_forged_record_does_not_agree(forge: Change, problem: str) -> None:
    """Its chain is another, and what no rule would have let happen is said."""
    journal, minutes = _sitting()
    counted = recount(journal.id, forge(journal.events), ENTRIES)
    assert counted.record != minutes.record
    assert not agrees(counted, minutes)
    assert any(problem in each for each in counted.problems) == bool(problem)


def test_another_list_is_noticed() -> None:
    """Whoever hands out another roll than the one that was opened."""
    journal, minutes = _sitting()
    counted = recount(journal.id, journal.events, ENTRIES[:-1])
    assert ("the roll is not that of the list",) == counted.problems
    assert not agrees(counted, minutes)


def test_problems_are_bounded() -> None:
    """A record full of nonsense fills no memory."""
    journal, _ = _sitting()
    many = [each for each in journal.events if isinstance(each[1], VoteCast)] * 30
    assert PROBLEMS_MAX == len(recount(journal.id, [*journal.events, *many]).problems)


@pytest.mark.parametrize("kind", [BallotOpened, None])
def test_a_record_without_beginning_is_none(kind: type[Record] | None) -> None:
    """Nothing can be counted before the call and the opening."""
    journal, _ = _sitting()
    events = (
        journal.events
        if kind is None
        else [each for each in journal.events if not isinstance(each[1], kind)]
    )
    id = RecordId(UNKNOWN) if kind is None else journal.id
    with pytest.raises(ValueError, match="no beginning"):
        recount(id, events)


def test_a_revoked_delegation_is_read() -> None:
    """The voter votes again by the own hand."""
    journal = Journal()
    journal.do(delegation(journal.id, BERT), BERT, LAWYER)
    journal.do(revocation(journal.id, BERT), BERT)
    journal.do(ballot_of(journal.id, BERT), BERT)
    minutes = journal.close()
    assert agrees(recount(journal.id, journal.events), minutes)
