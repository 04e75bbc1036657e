"""Counting: order, splitting and replacing change nothing; every reason is exact."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tallystick.base.identifiers import Hash
from tallystick.contracts.ballot.model import (
    Check,
    Choice,
    Choices,
    Fraction,
    Progress,
    QuestionTotals,
    Terms,
    roll_of,
)
from tallystick.contracts.ballot.tally import (
    PUBLIC,
    after_vote,
    at_opening,
    findings_of,
    holds,
    part_of,
    result_of,
)
from tests.contracts.ballot.cases import (
    AGAINST,
    ANNA,
    EMIL,
    ENTRIES,
    FOR,
    HALF,
    LINES,
    PER_ROLLAM,
    QUESTIONS,
    SITTING,
    UNKNOWN,
    on,
    question,
)

choices = st.lists(
    st.builds(Choice, st.integers(0, 2), st.integers(0, 2), st.integers(1, 1_000)), max_size=6
).map(tuple)
statements = st.lists(choices, max_size=20)


@given(statements, st.integers(0, 1_000))
def test_the_order_of_votes_is_irrelevant(cast: list[Choices], seed: int) -> None:
    """Whoever comes first."""
    shuffled = random.Random(seed).sample(cast, len(cast))
    assert PUBLIC.count(QUESTIONS, cast) == PUBLIC.count(QUESTIONS, shuffled)


@given(statements, st.data())
def test_splitting_a_weight_is_irrelevant(cast: list[Choices], data: st.DataObject) -> None:
    """Two parts of one option weigh what they weigh together."""
    split = []
    for each in (choice for said in cast for choice in said):
        part = data.draw(st.integers(0, each.weight - 1))
        split.append(replace(each, weight=each.weight - part))
        if part:
            split.append(replace(each, weight=part))
    assert PUBLIC.count(QUESTIONS, cast) == PUBLIC.count(QUESTIONS, [tuple(split)])


@given(statements)
def test_replacing_one_by_one_is_counting_the_last(cast: list[Choices]) -> None:
    """Running totals of somebody who changes his mind end with what he said last."""
    for number, asked in enumerate(QUESTIONS):
        totals = PUBLIC.start(asked)
        old: Choices = ()
        for said in cast:
            new = tuple(each for each in said if each.question == number)
            totals, old = PUBLIC.replace(totals, old=old, new=new), new
        assert PUBLIC.count(QUESTIONS, [old])[number] == PUBLIC.reveal(totals)


def test_opening_starts_from_nothing() -> None:
    """With the base of each question: all, those who are there, one class."""
    started = at_opening(UNKNOWN, SITTING, roll_of(ENTRIES, SITTING))
    assert [(0, 250, 250), (1, 230, 190), (2, 110, 110)] == [
        (each.question, each.eligible, each.base) for each in started
    ]
    assert all(sum(each.totals) == each.voted == 0 for each in started)


@pytest.mark.parametrize(
    ("who", "number", "again", "expected"),
    [
        (ANNA, 0, False, (250, 50)),
        (ANNA, 1, False, (190, 50)),
        (EMIL, 0, False, (250, 40)),
        (EMIL, 1, False, (230, 40)),
        (EMIL, 1, True, (190, 0)),
    ],
)
def test_who_votes_is_present(
    who: int, number: int, *, again: bool, expected: tuple[int, int]
) -> None:
    """Once, whether he was there before or comes late."""
    totals = at_opening(UNKNOWN, SITTING, roll_of(ENTRIES, SITTING))[number]
    weight = LINES[who].weight
    old = (on(number, AGAINST, weight),) if again else ()
    totals = replace(totals, totals=PUBLIC.replace(totals.totals, old=(), new=old))
    new = (on(number, FOR, weight),)
    after = after_vote(totals, QUESTIONS[number], LINES[who], old=old, new=new)
    assert expected == (after.base, after.voted)
    assert (weight, 0, 0) == after.totals


def totals(*weights: int, base: int = 100, voted: int | None = None) -> QuestionTotals:
    """Return totals of the first question."""
    said = sum(weights) if voted is None else voted
    return QuestionTotals(UNKNOWN, 0, 100, base, said, weights)


def asking(motions: int, part: Fraction = HALF, *, more_than: bool = True) -> Terms:
    """Return terms with one question of three options."""
    asked = question(motions=motions, fraction=part, more_than=more_than)
    return replace(SITTING, questions=(asked,))


RESULTS: list[tuple[Terms, QuestionTotals, int | None, set[Check]]] = [
    (asking(1), totals(51, 49, 0), 0, set()),
    (asking(1), totals(50, 0, 0), None, {Check.MAJORITY}),
    (asking(1, more_than=False), totals(50, 50, 0), 0, set()),
    (asking(1), totals(0, 100, 0), None, {Check.MAJORITY, Check.LEAD}),
    (asking(2), totals(0, 100, 0), 1, set()),
    (asking(2), totals(0, 0, 100), None, {Check.MAJORITY, Check.LEAD}),
    (asking(3), totals(0, 0, 100), 2, set()),
    (asking(3, Fraction(1, 3)), totals(40, 40, 20), None, {Check.LEAD}),
    (asking(3, Fraction(1, 3)), totals(40, 41, 19), 1, set()),
    (asking(1), totals(0, 0, 0, base=0), None, {Check.MAJORITY, Check.LEAD}),
    (asking(1), totals(26, 0, 0, base=50), 0, set()),
    (replace(asking(1), turnout=HALF), totals(51, 0, 0, voted=49), None, {Check.TURNOUT}),
    (replace(asking(1), turnout=HALF), totals(51, 0, 0, voted=51), 0, set()),
]


@pytest.mark.parametrize(("terms", "counted", "chosen", "missing"), RESULTS)
def test_results(
    terms: Terms, counted: QuestionTotals, chosen: int | None, missing: set[Check]
) -> None:
    """A motion is chosen iff every reason speaks for it; a vote that is not valid chooses none."""
    result = result_of(terms, counted, valid=True)
    assert (chosen, counted.totals) == (result.chosen, result.totals)
    assert missing == {each.check for each in result.findings if not each.holds}
    assert result_of(terms, counted, valid=False).chosen is None
    assert all(each.holds == (each.found >= each.needed) for each in result.findings)


FORMAL: list[tuple[Terms, tuple[int, int], dict[Check, tuple[int, int]]]] = [
    (SITTING, (0, 0), {Check.QUORUM: (210, 125), Check.VOTERS: (0, 0)}),
    (replace(SITTING, voters_min=4), (0, 3), {Check.QUORUM: (210, 125), Check.VOTERS: (3, 4)}),
    (PER_ROLLAM, (5, 2), {Check.DELIVERY: (5, 6), Check.VOTERS: (2, 0)}),
    (PER_ROLLAM, (6, 2), {Check.DELIVERY: (6, 6), Check.VOTERS: (2, 0)}),
]


@pytest.mark.parametrize(("terms", "counts", "expected"), FORMAL)
def test_the_formal_check(
    terms: Terms, counts: tuple[int, int], expected: dict[Check, tuple[int, int]]
) -> None:
    """A sitting has a quorum, per rollam everybody was delivered to; found and needed are told."""
    delivered, voters = counts
    progress = Progress(Hash(bytes(32)), delivered, 0, voters, 0)
    findings = findings_of(terms, roll_of(ENTRIES, terms), progress)
    assert expected == {each.check: (each.found, each.needed) for each in findings}
    assert holds(findings) == all(found >= needed for found, needed in expected.values())


@given(
    whole=st.integers(0, 2**53 - 1),
    numerator=st.integers(0, 1_000),
    denominator=st.integers(1, 1_000),
)
def test_a_part_is_rounded_up(whole: int, numerator: int, denominator: int) -> None:
    """To the smallest weight that reaches it; no part needs nothing."""
    part = part_of(whole, Fraction(numerator, denominator))
    assert part * denominator >= whole * numerator > (part - 1) * denominator
