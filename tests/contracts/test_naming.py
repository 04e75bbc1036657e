"""What holds rejections against commands finds what is wrong with them."""

import pytest

from tallystick.contracts.ballot.commands import Call, Close, Vote
from tests.contracts.ballot.cases import ANNA, SITTING, UNKNOWN, ballot_of
from tests.contracts.naming import fault_of, has

PATHS = [
    (Close(UNKNOWN), "ballot", True),
    (Close(UNKNOWN), "vote", False),
    (Close(UNKNOWN), "ballot.id", False),
    (Call(SITTING), "terms.questions[2].majority.fraction", True),
    (Call(SITTING), "terms.questions[3].majority.fraction", False),
    (ballot_of(UNKNOWN, ANNA), "evidence.device", True),
]


@pytest.mark.parametrize(("command", "path", "expected"), PATHS)
def test_paths_lead_to_fields(command: Close | Call | Vote, path: str, *, expected: bool) -> None:
    """Through records and their lists, as far as those go."""
    assert expected == has(command, path)


MESSAGES = [
    ("ballot: there is none; call it first", ""),
    ("ballot.close: there is none", "names a field that"),
    ("there is no such ballot", "names no field"),
    ("ballot: it ended at 1700000000000", "times stand in ISO 8601"),
    ("ballot: it is 100 ms old", "times stand in ISO 8601"),
    ("ballot: it ended at 2023-11-14T22:13:20.000Z", ""),
]


@pytest.mark.parametrize(("message", "expected"), MESSAGES)
def test_faults_are_found(message: str, expected: str) -> None:
    """In what names nothing, or something else, and in bare milliseconds."""
    fault = fault_of(message, [Close(UNKNOWN)], "ballot")
    assert expected in fault
    assert bool(expected) == bool(fault)


def test_what_is_called_names_what_it_was_told() -> None:
    """Another contract knows the lock that it is asked for, and not who asked why."""
    assert not fault_of("amount: 5, at most 3 are there", [Close(UNKNOWN)], "asset")
    assert fault_of("amount: 5, at most 3 are there", [Close(UNKNOWN)], "ballot")
    assert fault_of("owner: it has not signed", [Close(UNKNOWN)], "asset")
