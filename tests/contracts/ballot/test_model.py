"""Choices by question."""

from tallystick.contracts.ballot.model import of_question
from tests.contracts.ballot.cases import on


def test_choices_of_a_question() -> None:
    """In the order in which they stand, of that question alone."""
    choices = (on(0, 1, 5), on(1, 0, 6), on(1, 2, 7))
    assert choices[1:] == of_question(choices, 1)
    assert () == of_question(choices, 2)
