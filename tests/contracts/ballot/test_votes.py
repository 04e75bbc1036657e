"""The records that every rule reads: a vote, its progress, its totals."""

import pytest

from tallystick.contracts.ballot.ids import continued
from tallystick.contracts.ballot.model import Progress, QuestionTotals, progress_id
from tallystick.contracts.ballot.votes import progress_of, totals_of
from tests.contracts.ballot.cases import ANNA, LAWYER, UNKNOWN, delegation, do, sitting


def test_what_happens_makes_the_record_longer() -> None:
    """By the event that reports it, with the block's time."""
    trial, id = sitting()
    before = trial.read(Progress, progress_id(id))
    assert before is not None
    (event,) = do(trial, delegation(id, ANNA), ANNA, LAWYER)
    after = trial.read(Progress, progress_id(id))
    assert after is not None
    assert continued(before.record, trial.time, event) == after.record


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
