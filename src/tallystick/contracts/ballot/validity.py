"""Whether the terms of a vote make sense."""

from .errors import (
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
from .model import Base, Fraction, Kind, Question, Terms


def insist_possible(terms: Terms, *, time: int) -> None:
    """Reject terms under which no vote can be held. [ms since the epoch, UTC]"""
    _insist_on_fractions(terms)
    for number, question in enumerate(terms.questions):
        for place, option in enumerate(question.options):
            if option in question.options[:place]:
                raise OptionNamedTwice(number, option)
    for number, question in enumerate(terms.questions):
        if question.motions > len(question.options):
            raise TooManyMotions(number, motions=question.motions, options=len(question.options))
    for number, question in enumerate(terms.questions):
        if not _class_fits(question):
            raise ClassDoesNotFitBase(number, voter_class=question.majority.voter_class)
    _insist_on_kind(terms)
    if terms.end <= terms.begin:
        raise PeriodIsEmpty(begin=terms.begin, end=terms.end)
    if terms.begin < time:
        raise PeriodHasBegun(begin=terms.begin, time=time)
    if terms.record_date > terms.begin:
        raise RecordDateIsLater(record_date=terms.record_date, begin=terms.begin)


def _insist_on_fractions(terms: Terms) -> None:
    """Reject parts above the whole, and majorities that nothing or nobody could reach."""
    for field, fraction in (("terms.quorum", terms.quorum), ("terms.turnout", terms.turnout)):
        _insist_between(field, fraction, lowest=0, highest=fraction.denominator)
    for number, question in enumerate(terms.questions):
        fraction, more_than = question.majority.fraction, question.majority.more_than
        _insist_between(
            f"terms.questions[{number}].majority.fraction",
            fraction,
            lowest=0 if more_than else 1,
            highest=fraction.denominator - (1 if more_than else 0),
            what="more than " if more_than else "at least ",
        )


def _insist_on_kind(terms: Terms) -> None:
    """Reject what a sitting has and a vote per rollam has not, or the other way round."""
    is_per_rollam = terms.kind is Kind.PER_ROLLAM
    for number, question in enumerate(terms.questions):
        if is_per_rollam and question.majority.base is Base.PRESENT:
            raise PresentIsForSittings(number)
    if is_per_rollam and terms.quorum.numerator:
        raise QuorumIsForSittings
    if not is_per_rollam and terms.statement_milliseconds:
        raise StatementPeriodIsForPerRollam


def _class_fits(question: Question) -> bool:
    """Tell whether a question names a class iff a class decides."""
    return (question.majority.base is Base.CLASS) == bool(question.majority.voter_class)


def _insist_between(
    field: str, fraction: Fraction, *, lowest: int, highest: int, what: str = ""
) -> None:
    """Reject a fraction unless its numerator lies between the two."""
    if not lowest <= fraction.numerator <= highest:
        part = f"{what}{fraction.numerator}/{fraction.denominator}"
        raise FractionIsImpossible(field, part=part, lowest=lowest, highest=highest)
