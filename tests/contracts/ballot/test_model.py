"""Choices by question."""

from tallystick.contracts.ballot.model import by_question
from tests.contracts.ballot.cases import on


def test_choices_by_question() -> None:
    """In the order in which they stand; questions that are not named are not there."""
    choices = (on(0, 1, 5), on(1, 0, 6), on(1, 2, 7))
    assert {0: choices[:1], 1: choices[1:]} == by_question(choices)
    assert {} == by_question(())
