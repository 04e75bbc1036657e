"""Terms under which no vote can be held are refused, each for its own reason."""

from typing import Any

import pytest
from msgspec.structs import replace

from tallystick.contracts.ballot.commands import Call
from tallystick.contracts.ballot.errors import (
    ClassDoesNotFitBase,
    FractionIsImpossible,
    OptionNamedTwice,
    PeriodHasBegun,
    PeriodIsEmpty,
    PresentIsForSittings,
    QuorumIsForSittings,
    RecordDateIsLater,
    StatementPeriodIsForPerRollam,
    TooManyMotions,
)
from tallystick.contracts.ballot.model import Base, Fraction, Question, Terms
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.ballot.cases import (
    ADMIN,
    ALL,
    BEGIN,
    END,
    HALF,
    NONE,
    NOW,
    PER_ROLLAM,
    QUESTIONS,
    SITTING,
    found,
    question,
)


def asking(*questions: Question, terms: Terms = SITTING) -> Terms:
    """Return terms with other questions."""
    return replace(terms, questions=questions)


def with_terms(terms: Terms = SITTING, **changes: Any) -> Terms:
    """Return terms with other fields."""
    return replace(terms, **changes)


TERMS: list[tuple[Terms, Verdict]] = [
    (SITTING, accepted),
    (PER_ROLLAM, accepted),
    (with_terms(quorum=ALL, turnout=ALL), accepted),
    (with_terms(quorum=Fraction(3, 2)), FractionIsImpossible),
    (with_terms(turnout=Fraction(3, 2)), FractionIsImpossible),
    (asking(question(fraction=NONE)), accepted),
    (asking(question(fraction=ALL, more_than=False)), accepted),
    (asking(question(fraction=ALL)), FractionIsImpossible),
    (asking(question(fraction=NONE, more_than=False)), FractionIsImpossible),
    (asking(question(fraction=Fraction(5, 4), more_than=False)), FractionIsImpossible),
    (asking(question(options=("a", "b", "a"))), OptionNamedTwice),
    (asking(question(motions=3)), accepted),
    (asking(question(motions=4)), TooManyMotions),
    (asking(question(base=Base.CLASS)), ClassDoesNotFitBase),
    (asking(question(voter_class="A")), ClassDoesNotFitBase),
    (asking(question(base=Base.PRESENT, voter_class="A")), ClassDoesNotFitBase),
    (asking(question(base=Base.PRESENT), terms=PER_ROLLAM), PresentIsForSittings),
    (with_terms(PER_ROLLAM, quorum=HALF), QuorumIsForSittings),
    (with_terms(statement_milliseconds=1), StatementPeriodIsForPerRollam),
    (with_terms(PER_ROLLAM, statement_milliseconds=1), accepted),
    (with_terms(end=BEGIN), PeriodIsEmpty),
    (with_terms(end=BEGIN - 1), PeriodIsEmpty),
    (with_terms(begin=NOW), accepted),
    (with_terms(begin=NOW - 1, record_date=0), PeriodHasBegun),
    (with_terms(record_date=BEGIN), accepted),
    (with_terms(record_date=BEGIN + 1, end=END), RecordDateIsLater),
]


@pytest.mark.parametrize(("terms", "verdict"), TERMS)
def test_terms(terms: Terms, verdict: Verdict) -> None:
    """They are judged when the vote is called."""
    assert verdict == found().execute(Call(terms), signers=[ADMIN])


ONE, OTHER = QUESTIONS[0], QUESTIONS[1]
MESSAGES: list[tuple[Terms, str]] = [
    (
        with_terms(quorum=Fraction(3, 2)),
        "terms.quorum: 3/2 is no part that can be reached or missed; with this denominator the ",
    ),
    (with_terms(turnout=Fraction(3, 2)), "terms.turnout: 3/2 is no part"),
    (
        with_terms(questions=(ONE, question(fraction=ALL))),
        "terms.questions[1].majority.fraction: more than 1/1 is no part that can be reached or ",
    ),
    (
        with_terms(questions=(question(fraction=NONE, more_than=False), OTHER)),
        "terms.questions[0].majority.fraction: at least 0/1 is no part",
    ),
    (asking(question(fraction=ALL)), "; with this denominator the numerator is from 0 to 0"),
    (asking(question(options=("a", "b", "a"))), "].options: 'a' stands there twice"),
    (with_terms(questions=(ONE, question(motions=4))), "terms.questions[1].motions: 4 of 3"),
    (asking(question(base=Base.CLASS)), "voter_class: nothing is named, and the base is class"),
    (asking(question(voter_class="A")), "voter_class: 'A' is named, and the base is not class"),
]


@pytest.mark.parametrize(("terms", "expected"), MESSAGES)
def test_a_refusal_says_which_term_it_is_about(terms: Terms, expected: str) -> None:
    """Quorum, turnout, or which question's majority; and what would do."""
    trial = found()
    assert accepted != trial.execute(Call(terms), signers=[ADMIN])
    assert expected in trial.message
