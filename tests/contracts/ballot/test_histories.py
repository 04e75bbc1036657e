"""What people do, in whatever order, comes to the same count."""

import random
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.contracts.ballot.commands import Open, Vote
from tallystick.contracts.ballot.model import (
    Choice,
    Minutes,
    Result,
    RollEntry,
    minutes_id,
    roll_paths,
)
from tallystick.contracts.ballot.model import roll_of as roll_of_entries
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted
from tests.contracts.ballot.cases import (
    ADMIN,
    ANNA,
    BEGIN,
    BERT,
    CARA,
    LAWYER,
    SITTING,
    ballot_of,
    called,
    closed,
    delegation,
    do,
    found,
    on,
    revocation,
    sitting,
)
from tests.contracts.ballot.histories import MEMBERS, Step, steps

Said = tuple[int, tuple[Choice, ...]]
"""Who, and what."""


def counted(votes: Sequence[tuple[Record, int]], *, changeable: bool = False) -> tuple[Result, ...]:
    """Return what some votes come to; whatever is not allowed is refused."""
    trial, id = sitting(replace(SITTING, changeable=changeable))
    for command, signer in votes:
        trial.execute(command, signers=[signer])
    closed(trial, id)
    minutes = trial.read(Minutes, minutes_id(id))
    assert minutes is not None
    return minutes.results


_, ID = sitting()


@settings(max_examples=40, deadline=None)
@given(done=st.lists(steps(), max_size=12, unique_by=lambda step: step[1]), seed=st.integers())
def test_the_order_of_votes_is_irrelevant(done: list[Step], seed: int) -> None:
    """If each member votes once."""
    votes = [(ballot_of(ID, who, *chosen), who) for _, who, _, chosen in done]
    shuffled = random.Random(seed).sample(votes, len(votes))
    assert counted(votes) == counted(shuffled)


@settings(max_examples=40, deadline=None)
@given(parts=st.lists(st.integers(1, 12), min_size=1, max_size=8), option=st.integers(0, 2))
def test_splitting_a_weight_is_irrelevant(parts: list[int], option: int) -> None:
    """A line of the roll weighs what several lines of the same weight together weigh."""
    whole = [RollEntry(key(CARA), sum(parts), "B", for_others=False, available=True, excluded=())]
    split = [
        replace(whole[0], voter_class=f"B{number}", weight=part)
        for number, part in enumerate(parts)
    ]
    results = []
    for lines in (whole, split):
        terms = replace(SITTING, questions=SITTING.questions[:1])
        trial = found()
        id = called(trial, terms)
        do(trial, Open(id, roll_of_entries(lines, terms)), ADMIN)
        trial.move_to(BEGIN)
        for place, (line, path) in enumerate(zip(lines, roll_paths(lines), strict=True)):
            do(trial, Vote(id, line, place, path, (on(0, option, line.weight),)), CARA)
        closed(trial, id)
        minutes = trial.read(Minutes, minutes_id(id))
        assert minutes is not None
        results.append((minutes.results, minutes.weight))
    assert results[0] == results[1]


@settings(max_examples=25, deadline=None)
@given(own=st.integers(0, 2), other=st.integers(0, 2), first=st.booleans())
def test_a_delegate_who_votes_as_well_counts_twice_over(
    own: int, other: int, *, first: bool
) -> None:
    """Once with each weight, apart, in either order, as if both had voted themselves."""
    trial, id = sitting()
    do(trial, delegation(id, BERT, ANNA), BERT, ANNA)
    votes = [
        ballot_of(id, ANNA, on(0, own, 50)),
        ballot_of(id, BERT, on(0, other, 30), delegate=ANNA),
    ]
    for command in votes if first else reversed(votes):
        do(trial, command, ANNA)
    closed(trial, id)
    minutes = trial.read(Minutes, minutes_id(id))
    apart = [
        (ballot_of(ID, ANNA, on(0, own, 50)), ANNA),
        (ballot_of(ID, BERT, on(0, other, 30)), BERT),
    ]
    assert minutes is not None
    assert counted(apart) == minutes.results


@settings(max_examples=25, deadline=None)
@given(member=st.sampled_from(MEMBERS), option=st.integers(0, 2))
def test_a_revoked_delegation_is_as_if_it_had_never_been(member: int, option: int) -> None:
    """The delegate votes in vain, the voter as always."""
    trial, id = sitting()
    weight = ballot_of(id, member).entry.weight
    command = ballot_of(id, member, on(0, option, weight))
    do(trial, delegation(id, member), member, LAWYER)
    do(trial, revocation(id, member), member)
    in_vain = replace(command, delegate=key(LAWYER))
    assert accepted != trial.execute(in_vain, signers=[LAWYER])
    do(trial, command, member)
    closed(trial, id)
    minutes = trial.read(Minutes, minutes_id(id))
    assert minutes is not None
    assert counted([(replace(command, ballot=ID), member)]) == minutes.results


@settings(max_examples=40, deadline=None)
@given(done=st.lists(steps(), max_size=20))
def test_the_last_word_counts_where_it_may_be_changed(done: list[Step]) -> None:
    """As if each had only said, on each question, what he said last."""
    votes = [step for step in done if step[0] == "vote"]
    last: dict[int, dict[int, Choice]] = {}
    for _, who, _, chosen in votes:
        if _is_allowed(who, chosen):
            last.setdefault(who, {}).update({each.question: each for each in chosen})
    once = [
        (ballot_of(ID, who, *(said[number] for number in sorted(said))), who)
        for who, said in last.items()
    ]
    changing = [(ballot_of(ID, who, *chosen), who) for _, who, _, chosen in votes]
    assert counted(once, changeable=True) == counted(changing, changeable=True)


def _is_allowed(who: int, chosen: tuple[Choice, ...]) -> bool:
    """Tell whether a member may vote so."""
    trial, id = sitting()
    return trial.execute(ballot_of(id, who, *chosen), signers=[who]) == accepted
