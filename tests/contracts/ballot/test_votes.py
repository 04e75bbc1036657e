"""The records that every rule reads: a vote, its progress, its totals."""

import pytest

from tallystick.base.identifiers import Hash
from tallystick.contracts.ballot.errors import RollIsExhausted
from tallystick.contracts.ballot.ids import continued
from tallystick.contracts.ballot.model import Progress, QuestionTotals, progress_id, roll_of
from tallystick.contracts.ballot.votes import insist_within, progress_of, totals_of
from tests.contracts.ballot.cases import (
    ANNA,
    ENTRIES,
    LAWYER,
    SITTING,
    UNKNOWN,
    delegation,
    do,
    sitting,
)


def test_what_happens_makes_the_record_longer() -> None:
    """By the event that reports it, with the block's time."""
    trial, id = sitting()
    before = trial.read(Progress, progress_id(id))
    assert before is not None
    (event,) = do(trial, delegation(id, ANNA), ANNA, LAWYER)
    after = trial.read(Progress, progress_id(id))
    assert after is not None
    assert continued(before.record, trial.time, event) == after.record


WITHIN: list[tuple[dict[str, int], str]] = [
    ({"voters": 1, "weight": 1, "delivered": 1}, ""),
    ({"voters": 2}, "the number of voters would be more than the 6 of the roll"),
    ({"weight": 2}, "the weight of all who vote would be more than the 250 of the roll"),
    ({"delivered": 2}, "the number of deliveries would be more than the 6 of the roll"),
    (
        {"voters": 2, "weight": 2, "delivered": 2},
        "the number of voters would be more than the 6 of the roll",
    ),
]


@pytest.mark.parametrize(("more", "message"), WITHIN)
def test_no_more_take_part_than_the_roll_says(more: dict[str, int], message: str) -> None:
    """Voters and deliveries are lines of it, and no line adds to what it weighs."""
    roll = roll_of(ENTRIES, SITTING)
    progress = Progress(Hash(bytes(32)), delivered=5, deadline=0, voters=5, weight=249)
    found = ""
    try:
        insist_within(roll, progress, **more)
    except RollIsExhausted as exhausted:
        found = str(exhausted)
    assert message in found
    assert bool(message) == bool(found)


def test_a_vote_without_its_records_is_a_bug() -> None:
    """Not a rejection: nobody could mend it."""

    class Nothing:
        """A ledger without records."""

        def read(self, kind: type[object], id: bytes) -> None:
            """Find nothing."""

    with pytest.raises(AssertionError, match="without its progress"):
        progress_of(Nothing(), UNKNOWN)  # type: ignore[arg-type]  # Only reading matters.
    with pytest.raises(AssertionError, match="without totals of 1"):
        totals_of(Nothing(), UNKNOWN, 1)  # type: ignore[arg-type]  # As above.
    assert QuestionTotals.__struct_config__.tag == "ballot-totals"
