"""The report says how each sale ended, and what was proved."""

import pytest

from tallystick.scenarios.car_life import Life
from tallystick.scenarios.car_office import Verdict
from tallystick.scenarios.car_race import Round, Sequel
from tallystick.scenarios.car_report import (
    QUESTIONS,
    CarFacts,
    Outcome,
    car_report,
    outcome_of,
)
from tallystick.scenarios.report_data import Share, Table
from tallystick.testing.keys import key

DEALER, ANNA, BEN = key(1), key(2), key(3)
OUTCOMES = (
    Outcome((), "first", is_held=False),
    Outcome((Sequel.RETURNS,), "second", is_held=False),
    Outcome((Sequel.TWICE, Sequel.RETURNS), "first", is_held=False),
    Outcome((Sequel.RETURNS, Sequel.GONE), "nobody", is_held=False),
    Outcome((Sequel.GONE,), "mixed", is_held=True),
)


def facts() -> CarFacts:
    """Return what a story might come to."""
    life = Life((("Create car", "cars", "1 car"),), {})
    proved = dict.fromkeys(QUESTIONS, True) | {"zero_mixed": False}
    verdicts = (Verdict.SOLD, Verdict.HELD, Verdict.HELD)
    return CarFacts(life, OUTCOMES, verdicts, proved, 1.5, (11, 12))


def tables() -> dict[str, tuple[tuple[str | Share, ...], ...]]:
    """Return the rows of the report's tables by title."""
    blocks = [block for section in car_report(facts()).sections for block in section.blocks]
    return {each.title: each.rows for each in blocks if isinstance(each, Table)}


@pytest.mark.parametrize(
    ("owners", "expected"),
    [
        ((ANNA, ANNA), "first"),
        ((BEN, BEN), "second"),
        ((DEALER, DEALER), "nobody"),
        ((ANNA, DEALER), "mixed"),
        ((ANNA, BEN), "mixed"),
    ],
)
def test_who_has_the_car(owners: tuple[bytes, bytes], expected: str) -> None:
    """One of the buyers, nobody of them, or not one and the same."""
    told = Round("A", [Sequel.GONE], [])
    found = outcome_of(told, owners, buyers=(ANNA, BEN), is_held=False)  # type: ignore[arg-type]
    assert ((Sequel.GONE,), expected, False) == (found.killed, found.to, found.is_held)


def test_sales_are_counted_by_the_worst_that_befell_an_office() -> None:
    """Each once, and the last row adds them up."""
    assert (
        ("nobody was killed", "1", "1", "0", "0", "0", "0"),
        ("came back", "1", "0", "1", "0", "0", "0"),
        ("came back twice at once", "1", "1", "0", "0", "0", "0"),
        ("never came back", "2", "0", "0", "1", "1", "1"),
        ("all", "5", "2", "1", "1", "1", "1"),
    ) == tables()["How the sales ended"]


def test_what_offices_were_told_and_what_was_proved() -> None:
    """Every verdict has a row, and every question its answer."""
    told = {str(row[0]): row[1] for row in tables()["What offices that were not killed were told"]}
    assert {each.value for each in Verdict} == set(told)
    assert ("1", "2") == (told[Verdict.SOLD.value], told[Verdict.HELD.value])
    answers = {row[1] for row in tables()["Questions"]}
    assert {"yes", "NO"} == answers
    report = car_report(facts())
    assert Share(4, 5) == report.gauges[0].share
    assert "6 coordinators killed, 1 mixed" in report.headline
